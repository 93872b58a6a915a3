"""Sentence templates of letters and e-mails by language and key, and the labels of forms."""

from __future__ import annotations

# Sentence templates by key.
SENTENCES: dict[str, dict[str, str]] = {
    "en": {
        "amount": "The total comes to {amount}.|We have charged {amount} to your account.|Please transfer {amount}.|You still owe us {amount}.|I paid {amount} up front, from my own pocket.|That makes {amount} altogether.|The invoice over {amount} is attached.|We refund the {amount} you paid.|It cost us {amount} in the end.|Our offer stands at {amount}.|The deposit of {amount} has arrived.|An amount of {amount} remains open.|They want {amount} for it lol",
        "deadline": "Please pay by {deadline}.|We need your answer before {deadline}.|The deadline is {deadline}.|Everything must be in by {deadline}.|The offer is valid until {deadline}.|Kindly reply no later than {deadline}.|It has to be done by {deadline}.",
        "order": "It is about order {order}.|Your order number is {order}.|We refer to your order {order}.|Reference: {order}.|Please quote {order} in your reply.|The ticket is {order}.|This concerns {order}.|I looked up {order} for you.",
        "product": "You ordered {count} {product}.|We are sending {count} {product}.|There are {count} {product} in the parcel.|We would like to have {count} {product}.|Unfortunately only {count} {product} arrived.|Could you get me {count} {product}?|{count} {product} were damaged.|I need {count} {product} for the event.|The delivery holds {count} {product}.",
        "delay": "Delivery will be {delay} weeks late.|It is delayed by {delay} weeks.|Expect it about {delay} weeks later than planned.|We are {delay} weeks behind.|You will have to wait another {delay} weeks.",
        "meeting": "Let's meet on {weekday} at {clock}.|The call is moved to {weekday}, {clock}.|See you {weekday} at {clock}.|Can we do {weekday}, {clock}?|The appointment is on {weekday} at {clock}.|How about {weekday} at {clock}?|The session starts {weekday}, {clock} sharp.",
        "place": "We meet at {place}.|The venue is {place}.|It takes place in {place}.|Come to {place}.|The new office is in {place}.|I booked {place} for it.",
        "phone": "You can call me at {phone}.|My number is {phone}.|Ring me on {phone} if in doubt.|Call {phone} with questions.|Reach us under {phone}.",
        "email": "Write to {email}.|Please send it to {email}.|My other address is {email}.|Copies go to {email}.|Contact: {email}.",
        "day": "We received your letter of {day}.|Thank you for your message of {day}.|The parcel left our house on {day}.|As agreed on {day}, here is the rest.|On {day} we spoke on the phone.|The work was done on {day}.|Delivery is planned for {day}.",
        "third": "{third} wants to join as well.|{third} will take care of it.|Please copy {third}.|{third} has the final numbers.|I talked to {third} about it.|{third} is on vacation.",
        "broken": "By the way, the {thing} is broken again.|The {thing} does not work.|Could somebody fix the {thing}?|The {thing} stopped working this morning.|Also, the {thing} needs repair.",
    },
    "de": {
        "amount": "Der Betrag von {amount} ist noch offen.|Bitte überweisen Sie {amount}.|Die Rechnung beläuft sich auf {amount}.|Den bereits gezahlten Betrag von {amount} erstatten wir.|Insgesamt kostet das {amount}.|Wir haben {amount} erhalten.|Das macht zusammen {amount}.",
        "deadline": "Bitte zahlen Sie bis zum {deadline}.|Die Frist endet am {deadline}.|Wir bitten um Antwort bis {deadline}.|Das Angebot gilt bis zum {deadline}.",
        "order": "Es geht um die Bestellung {order}.|Ihre Auftragsnummer lautet {order}.|Unser Zeichen: {order}.|Bitte geben Sie {order} an.|Betrifft: {order}.",
        "product": "Sie haben {count} {product} bestellt.|Wir liefern Ihnen {count} {product}.|Leider fehlen {count} {product}.|Wir benötigen {count} {product}.|Die Sendung enthält {count} {product}.",
        "delay": "Die Lieferung verzögert sich um voraussichtlich {delay} Wochen.|Leider dauert es {delay} Wochen länger.|Wir sind {delay} Wochen im Verzug.",
        "meeting": "Wir treffen uns am {weekday} um {clock} Uhr.|Passt Ihnen {weekday}, {clock} Uhr?|Der Termin ist am {weekday} um {clock}.",
        "place": "Das Treffen findet in {place} statt.|Wir sehen uns in {place}.|Der Ort ist {place}.",
        "phone": "Sie erreichen mich unter {phone}.|Meine Nummer ist {phone}.|Rufen Sie {phone} an.",
        "email": "Schreiben Sie an {email}.|E-Mail: {email}.|Bitte senden Sie es an {email}.",
        "day": "vielen Dank für Ihr Schreiben vom {day}.|Am {day} haben wir telefoniert.|Ihre Nachricht vom {day} haben wir erhalten.|Die Ware ging am {day} hinaus.",
        "third": "{third} kommt auch dazu.|Bitte setzen Sie {third} in Kopie.|{third} kümmert sich darum.",
        "broken": "Außerdem ist {thing} wieder kaputt.|{thing} funktioniert nicht.",
    },
    "fr": {
        "amount": "Le montant de {amount} reste dû.|Merci de virer {amount}.|La facture s'élève à {amount}.|Nous vous remboursons {amount}.|Cela fait {amount} au total.",
        "deadline": "Merci de payer avant le {deadline}.|La date limite est le {deadline}.|Nous attendons votre réponse avant le {deadline}.",
        "order": "Il s'agit de la commande {order}.|Votre numéro de commande est {order}.|Notre référence : {order}.",
        "product": "Vous avez commandé {count} {product}.|Nous vous envoyons {count} {product}.|Il manque {count} {product}.|Nous souhaitons recevoir {count} {product}.",
        "delay": "La livraison aura {delay} semaines de retard.|Il faudra attendre {delay} semaines de plus.",
        "meeting": "Rendez-vous {weekday} à {clock}.|La réunion est fixée à {weekday}, {clock}.|On se voit {weekday} à {clock} ?",
        "place": "La rencontre aura lieu à {place}.|Nous serons à {place}.",
        "phone": "Vous pouvez m'appeler au {phone}.|Mon numéro : {phone}.",
        "email": "Écrivez à {email}.|Merci de l'envoyer à {email}.",
        "day": "nous avons bien reçu votre courrier du {day}.|Le colis est parti le {day}.|Suite à notre appel du {day}, voici le reste.",
        "third": "{third} participera aussi.|Merci de mettre {third} en copie.",
        "broken": "De plus, {thing} est en panne.|{thing} ne marche plus.",
    },
    "es": {
        "amount": "El importe de {amount} sigue pendiente.|Le rogamos que transfiera {amount}.|La factura asciende a {amount}.|Le devolvemos {amount}.|En total son {amount}.",
        "deadline": "Le pedimos que pague antes del {deadline}.|El plazo termina el {deadline}.|La oferta vale hasta el {deadline}.",
        "order": "Se trata del pedido {order}.|Su número de pedido es {order}.|Referencia: {order}.",
        "product": "Usted pidió {count} {product}.|Le enviamos {count} {product}.|Faltan {count} {product}.|Necesitamos {count} {product}.",
        "delay": "La entrega se retrasa {delay} semanas.|Habrá que esperar {delay} semanas más.",
        "meeting": "Nos vemos el {weekday} a las {clock}.|La reunión es el {weekday}, {clock}.",
        "place": "El encuentro será en {place}.|Estaremos en {place}.",
        "phone": "Puede llamarme al {phone}.|Mi número es {phone}.",
        "email": "Escriba a {email}.|Envíelo a {email}, por favor.",
        "day": "gracias por su carta del {day}.|El paquete salió el {day}.|El {day} hablamos por teléfono.",
        "third": "{third} también viene.|{third} se encarga de eso.",
        "broken": "Además, {thing} está averiado.|{thing} no funciona.",
    },
    "it": {
        "amount": "L'importo di {amount} è ancora da saldare.|La fattura ammonta a {amount}.|Vi rimborsiamo {amount}.",
        "deadline": "Si prega di pagare entro il {deadline}.|Il termine è il {deadline}.",
        "order": "Si tratta dell'ordine {order}.|Riferimento: {order}.",
        "product": "Avete ordinato {count} {product}.|Vi spediamo {count} {product}.|Mancano {count} {product}.",
        "delay": "La consegna è in ritardo di {delay} settimane.",
        "meeting": "Ci vediamo {weekday} alle {clock}.|La riunione è {weekday}, ore {clock}.",
        "place": "L'incontro si tiene a {place}.|Saremo a {place}.",
        "phone": "Può chiamarmi al {phone}.", "email": "Scriva a {email}.",
        "day": "grazie per la Sua lettera del {day}.|Il pacco è partito il {day}.",
        "third": "Verrà anche {third}.", "broken": "Inoltre {thing} non funziona.",
    },
    "nl": {
        "amount": "Het bedrag van {amount} staat nog open.|De factuur bedraagt {amount}.|Wij betalen {amount} terug.",
        "deadline": "Gelieve te betalen vóór {deadline}.|De termijn loopt tot {deadline}.",
        "order": "Het gaat om bestelling {order}.|Uw ordernummer is {order}.",
        "product": "U heeft {count} {product} besteld.|Wij sturen u {count} {product}.|Er ontbreken {count} {product}.",
        "delay": "De levering is {delay} weken vertraagd.",
        "meeting": "We zien elkaar op {weekday} om {clock}.|De afspraak is {weekday} om {clock}.",
        "place": "De bijeenkomst is in {place}.", "phone": "U kunt mij bellen op {phone}.", "email": "Schrijf naar {email}.",
        "day": "dank voor uw brief van {day}.|Het pakket is op {day} vertrokken.",
        "third": "{third} komt ook.", "broken": "Verder is {thing} kapot.",
    },
    "pt": {
        "amount": "O valor de {amount} está em aberto.|A fatura totaliza {amount}.|Devolvemos {amount}.",
        "deadline": "Pague até {deadline}, por favor.|O prazo termina em {deadline}.",
        "order": "Trata-se da encomenda {order}.|O número do pedido é {order}.",
        "product": "O senhor encomendou {count} {product}.|Enviamos {count} {product}.|Faltam {count} {product}.",
        "delay": "A entrega atrasa {delay} semanas.",
        "meeting": "Encontramo-nos na {weekday} às {clock}.|A reunião é {weekday}, {clock}.",
        "place": "O encontro será em {place}.", "phone": "Pode ligar para {phone}.", "email": "Escreva para {email}.",
        "day": "obrigado pela sua carta de {day}.|O pacote saiu em {day}.",
        "third": "{third} também vem.", "broken": "Além disso, {thing} avariou.",
    },
    "pl": {
        "amount": "Kwota {amount} jest nadal do zapłaty.|Faktura opiewa na {amount}.|Zwracamy {amount}.",
        "deadline": "Prosimy o zapłatę do {deadline}.|Termin upływa {deadline}.",
        "order": "Chodzi o zamówienie {order}.|Numer zamówienia: {order}.",
        "product": "Zamówili Państwo {count} {product}.|Wysyłamy {count} {product}.|Brakuje {count} {product}.",
        "delay": "Dostawa opóźni się o {delay} tygodnie.",
        "meeting": "Spotykamy się w {weekday} o {clock}.|Termin: {weekday}, {clock}.",
        "place": "Spotkanie odbędzie się: {place}.", "phone": "Proszę dzwonić: {phone}.", "email": "Proszę pisać na {email}.",
        "day": "dziękujemy za list z dnia {day}.|Paczka wyszła {day}.",
        "third": "Dołączy też {third}.", "broken": "Poza tym {thing} nie działa.",
    },
    "ru": {
        "amount": "Сумма {amount} ещё не оплачена.|Счёт составляет {amount}.|Мы вернём вам {amount}.|Просим перевести {amount}.",
        "deadline": "Просим оплатить до {deadline}.|Срок истекает {deadline}.",
        "order": "Речь идёт о заказе {order}.|Номер заказа: {order}.|Наша ссылка: {order}.",
        "product": "Вы заказали: {product}, {count} шт.|Отправляем вам {product} — {count} шт.|Не хватает: {product}, {count} шт.",
        "delay": "Доставка задержится на {delay} недели.|Придётся ждать ещё {delay} недели.",
        "meeting": "Встречаемся: {weekday}, {clock}.|Звонок перенесён: {weekday}, {clock}.",
        "place": "Встреча пройдёт: {place}.|Место: {place}.", "phone": "Мой телефон: {phone}.|Звоните: {phone}.",
        "email": "Пишите на {email}.|Почта: {email}.",
        "day": "спасибо за ваше письмо от {day}.|Посылка отправлена {day}.",
        "third": "{third} тоже придёт.|Этим занимается {third}.", "broken": "Кроме того, не работает {thing}.",
    },
    "zh": {
        "amount": "总金额为{amount}。|请汇款{amount}。|尚有{amount}未付。|我们将退还{amount}。",
        "deadline": "请在{deadline}之前付款。|截止日期是{deadline}。",
        "order": "关于订单{order}。|您的订单号是{order}。", "product": "您订购了{product}共{count}件。|我们寄出{product}{count}件。",
        "delay": "交货将延迟{delay}周。|还需等待{delay}周。", "meeting": "会议时间为{weekday}{clock}。|我们{weekday}{clock}见。",
        "place": "地点在{place}。|会议在{place}举行。", "phone": "我的电话是{phone}。|请致电{phone}。",
        "email": "请发邮件至{email}。|邮箱：{email}。", "day": "感谢您{day}的来信。|包裹已于{day}发出。",
        "third": "{third}也会参加。|由{third}负责。", "broken": "另外，{thing}坏了。",
    },
    "ja": {
        "amount": "合計金額は{amount}です。|{amount}をお振込みください。|{amount}が未払いです。|{amount}を返金いたします。",
        "deadline": "{deadline}までにお支払いください。|締め切りは{deadline}です。",
        "order": "ご注文番号は{order}です。|件名：注文{order}。", "product": "{product}を{count}個ご注文いただきました。|{product}を{count}個お送りします。",
        "delay": "納品が{delay}週間遅れます。|あと{delay}週間お待ちください。", "meeting": "会議は{weekday}の{clock}からです。|{weekday}{clock}にお会いしましょう。",
        "place": "場所は{place}です。|会場は{place}になります。", "phone": "電話番号は{phone}です。|{phone}までご連絡ください。",
        "email": "{email}までお送りください。|メール：{email}。", "day": "{day}のお手紙ありがとうございます。|荷物は{day}に発送しました。",
        "third": "{third}さんも参加します。|担当は{third}です。", "broken": "なお、{thing}が故障しています。",
    },
    "ko": {
        "amount": "총 금액은 {amount}입니다.|{amount}을 송금해 주십시오.", "deadline": "{deadline}까지 지불해 주십시오.|마감일은 {deadline}입니다.",
        "order": "주문 번호는 {order}입니다.", "product": "{product} {count}개를 주문하셨습니다.|{product} {count}개를 보내드립니다.",
        "delay": "배송이 {delay}주 지연됩니다.", "meeting": "회의는 {weekday} {clock}입니다.", "place": "장소는 {place}입니다.",
        "phone": "전화번호는 {phone}입니다.", "email": "{email}로 보내 주세요.", "day": "{day} 편지 감사합니다.",
        "third": "{third} 님도 참석합니다.", "broken": "그리고 {thing}이 고장났습니다.",
    },
}  # fmt: skip

GREETINGS = {
    "en": "Dear {last},|Hi {first},|Hello {first},|Hey {first}|Dear {first} {last},|Good morning {first},|{first},|Dear Ms. {last},|Dear Mr. {last},|Hi all,",
    "de": "Sehr geehrte Frau {last},|Sehr geehrter Herr {last},|Hallo {first},|Liebe {first},|Guten Tag {first} {last},|Moin {first},",
    "fr": "Madame {last},|Monsieur {last},|Bonjour {first},|Chère {first},|Cher {first},|Madame, Monsieur,",
    "es": "Estimada Sra. {last}:|Estimado Sr. {last}:|Hola {first},|Querida {first}:|Buenos días, {first}:",
    "it": "Gentile Sig. {last},|Gentile Sig.ra {last},|Ciao {first},|Buongiorno {first},", "nl": "Beste {first},|Geachte heer {last},|Geachte mevrouw {last},|Hoi {first},",
    "pt": "Prezado Sr. {last},|Cara {first},|Olá {first},|Bom dia, {first},", "pl": "Szanowna Pani {last},|Szanowny Panie {last},|Cześć {first},|Dzień dobry {first},",
    "ru": "Уважаемый {first} {last}!|Здравствуйте, {first}!|Привет, {first}!|Добрый день, {first}!", "zh": "尊敬的{last}先生：|{last}女士，您好！|{last}{first}，你好：|您好！",
    "ja": "{last}様|{last}さん、|お世話になっております。{last}様|拝啓 {last}様", "ko": "{last}{first} 님께,|안녕하세요 {last} 님,",
}  # fmt: skip
CLOSINGS = {
    "en": "Best regards|Kind regards,|Cheers|Thanks!|Yours sincerely|Best,|Many thanks|Talk soon,|All the best", "de": "Mit freundlichen Grüßen|Viele Grüße|Beste Grüße|Liebe Grüße|MfG",
    "fr": "Cordialement,|Bien à vous,|Meilleures salutations|Veuillez agréer nos salutations distinguées,|À bientôt,", "es": "Atentamente,|Un saludo,|Saludos cordiales|Un abrazo,",
    "it": "Cordiali saluti|Distinti saluti|A presto,", "nl": "Met vriendelijke groet,|Groetjes,|Hartelijke groet", "pt": "Atenciosamente,|Cumprimentos,|Abraço,",
    "pl": "Z poważaniem|Pozdrawiam|Z wyrazami szacunku", "ru": "С уважением,|С наилучшими пожеланиями|Пока,", "zh": "此致敬礼|祝好|谢谢", "ja": "敬具|よろしくお願いいたします。|以上", "ko": "감사합니다.|드림",
}  # fmt: skip
HEADS = {
    "en": "From|To|Date|Subject", "de": "Von|An|Datum|Betreff", "fr": "De|À|Date|Objet", "es": "De|Para|Fecha|Asunto", "it": "Da|A|Data|Oggetto", "nl": "Van|Aan|Datum|Onderwerp",
    "pt": "De|Para|Data|Assunto", "pl": "Od|Do|Data|Temat", "ru": "От|Кому|Дата|Тема", "zh": "发件人|收件人|日期|主题", "ja": "差出人|宛先|日付|件名", "ko": "보낸 사람|받는 사람|날짜|제목",
}  # fmt: skip
NUMBERS = {
    "en": "one two three four five six seven eight nine ten eleven twelve", "de": "ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf", "fr": "un deux trois quatre cinq six sept huit neuf dix onze douze",
    "es": "un dos tres cuatro cinco seis siete ocho nueve diez once doce", "it": "un due tre quattro cinque sei sette otto nove dieci undici dodici", "nl": "een twee drie vier vijf zes zeven acht negen tien elf twaalf",
    "pt": "um dois três quatro cinco seis sete oito nove dez onze doze",
}  # fmt: skip
CLOCKS = {
    "half past nine": "9:30", "half past seven": "7:30", "quarter past three": "3:15", "quarter to five": "4:45", "noon": "12:00", "ten sharp": "10:00", "six thirty": "6:30", "a quarter to eight": "7:45",
}  # fmt: skip

# Labels of forms: key, then languages in this order.
LANGUAGES = "en de fr es it nl pt pl ru zh ja ko".split()
_LABELS = """
invoice_number;Invoice number;Rechnungsnummer;Numéro de facture;Número de factura;Numero fattura;Factuurnummer;Número da fatura;Numer faktury;Номер счёта;发票号码;請求書番号;송장 번호
order_number;Order number;Bestellnummer;Numéro de commande;Número de pedido;Numero ordine;Ordernummer;Número do pedido;Numer zamówienia;Номер заказа;订单号;注文番号;주문 번호
customer_number;Customer number;Kundennummer;Numéro client;Número de cliente;Codice cliente;Klantnummer;Número de cliente;Numer klienta;Номер клиента;客户编号;顧客番号;고객 번호
date;Date;Datum;Date;Fecha;Data;Datum;Data;Data;Дата;日期;日付;날짜
due_date;Due date;Fällig am;Date d'échéance;Fecha de vencimiento;Scadenza;Vervaldatum;Vencimento;Termin płatności;Срок оплаты;到期日;支払期限;만기일
delivery_date;Delivery date;Lieferdatum;Date de livraison;Fecha de entrega;Data di consegna;Leverdatum;Data de entrega;Data dostawy;Дата доставки;交货日期;納期;배송일
birth_date;Date of birth;Geburtsdatum;Date de naissance;Fecha de nacimiento;Data di nascita;Geboortedatum;Data de nascimento;Data urodzenia;Дата рождения;出生日期;生年月日;생년월일
name;Name;Name;Nom;Nombre;Nome;Naam;Nome;Imię i nazwisko;Имя;姓名;氏名;이름
first_name;First name;Vorname;Prénom;Nombre de pila;Nome;Voornaam;Primeiro nome;Imię;Имя;名;名;이름
last_name;Last name;Nachname;Nom de famille;Apellidos;Cognome;Achternaam;Sobrenome;Nazwisko;Фамилия;姓;姓;성
customer;Customer;Kunde;Client;Cliente;Cliente;Klant;Cliente;Klient;Клиент;客户;お客様;고객
company;Company;Firma;Société;Empresa;Azienda;Bedrijf;Empresa;Firma;Компания;公司;会社名;회사
sender;Sender;Absender;Expéditeur;Remitente;Mittente;Afzender;Remetente;Nadawca;Отправитель;寄件人;差出人;보낸 사람
recipient;Recipient;Empfänger;Destinataire;Destinatario;Destinatario;Ontvanger;Destinatário;Odbiorca;Получатель;收件人;受取人;받는 사람
supplier;Supplier;Lieferant;Fournisseur;Proveedor;Fornitore;Leverancier;Fornecedor;Dostawca;Поставщик;供应商;仕入先;공급업체
contact;Contact;Ansprechpartner;Interlocuteur;Persona de contacto;Referente;Contactpersoon;Contato;Osoba kontaktowa;Контактное лицо;联系人;担当者;담당자
address;Address;Adresse;Adresse;Dirección;Indirizzo;Adres;Endereço;Adres;Адрес;地址;住所;주소
street;Street;Straße;Rue;Calle;Via;Straat;Rua;Ulica;Улица;街道;番地;도로명
city;City;Stadt;Ville;Ciudad;Città;Plaats;Cidade;Miasto;Город;城市;市区町村;도시
postal_code;Postal code;PLZ;Code postal;Código postal;CAP;Postcode;Código postal;Kod pocztowy;Индекс;邮编;郵便番号;우편번호
country;Country;Land;Pays;País;Paese;Land;País;Kraj;Страна;国家;国;국가
phone;Phone;Telefon;Téléphone;Teléfono;Telefono;Telefoon;Telefone;Telefon;Телефон;电话;電話番号;전화
email;E-mail;E-Mail;Courriel;Correo electrónico;Posta elettronica;E-mailadres;E-mail;E-mail;Эл. почта;电子邮件;メール;이메일
total;Total;Gesamtbetrag;Total TTC;Total;Totale;Totaal;Total;Razem;Итого;总计;合計;합계
amount;Amount;Betrag;Montant;Importe;Importo;Bedrag;Valor;Kwota;Сумма;金额;金額;금액
price;Price;Preis;Prix;Precio;Prezzo;Prijs;Preço;Cena;Цена;价格;価格;가격
tax;VAT;MwSt.;TVA;IVA;IVA;BTW;IVA;VAT;НДС;税额;消費税;부가세
quantity;Quantity;Menge;Quantité;Cantidad;Quantità;Aantal;Quantidade;Ilość;Количество;数量;数量;수량
product;Product;Artikel;Produit;Producto;Prodotto;Artikel;Produto;Produkt;Товар;产品;商品;제품
description;Description;Beschreibung;Description;Descripción;Descrizione;Omschrijving;Descrição;Opis;Описание;说明;説明;설명
weight;Weight;Gewicht;Poids;Peso;Peso;Gewicht;Peso;Waga;Вес;重量;重量;무게
job_title;Job title;Beruf;Profession;Profesión;Professione;Beroep;Profissão;Zawód;Должность;职位;職業;직업
department;Department;Abteilung;Service;Departamento;Reparto;Afdeling;Departamento;Dział;Отдел;部门;部署;부서
subject;Subject;Betreff;Objet;Asunto;Oggetto;Onderwerp;Assunto;Temat;Тема;主题;件名;제목
comment;Comment;Bemerkung;Remarque;Comentario;Nota;Opmerking;Observação;Uwagi;Комментарий;备注;備考;비고
room;Room;Raum;Salle;Sala;Sala;Kamer;Sala;Sala;Кабинет;房间;部屋;방
nationality;Nationality;Staatsangehörigkeit;Nationalité;Nacionalidad;Cittadinanza;Nationaliteit;Nacionalidade;Obywatelstwo;Гражданство;国籍;国籍;국적
account;Account no.;Kontonummer;Numéro de compte;Número de cuenta;Numero di conto;Rekeningnummer;Número da conta;Numer konta;Номер счета;账号;口座番号;계좌 번호
start_date;Start;Beginn;Début;Inicio;Inizio;Begin;Início;Początek;Начало;开始;開始日;시작일
end_date;End;Ende;Fin;Fin;Fine;Einde;Fim;Koniec;Окончание;结束;終了日;종료일
time;Time;Uhrzeit;Heure;Hora;Ora;Tijd;Hora;Godzina;Время;时间;時間;시간
paid;Paid;Bezahlt;Payé;Pagado;Pagato;Betaald;Pago;Zapłacono;Оплачено;已付;支払済;결제됨
"""
LABELS = {
    row.split(";")[0]: dict(zip(LANGUAGES, row.split(";")[1:], strict=True))
    for row in _LABELS.strip().split("\n")
}
"""Labels by field and language."""
KINDS = {
    "invoice_number": "code", "order_number": "code", "customer_number": "code", "account": "code", "room": "code",
    "date": "date", "due_date": "date", "delivery_date": "date", "birth_date": "date", "start_date": "date",
    "end_date": "date", "name": "person", "customer": "person", "sender": "person", "recipient": "person",
    "contact": "person", "first_name": "first", "last_name": "last", "company": "company", "supplier": "company",
    "address": "address", "street": "street", "city": "city", "postal_code": "postal", "country": "country",
    "phone": "phone", "email": "email", "total": "money", "amount": "money", "price": "money", "tax": "money",
    "quantity": "integer", "product": "product", "description": "product", "weight": "number", "job_title": "job",
    "department": "word", "subject": "topic", "comment": "phrase", "nationality": "nationality", "time": "clock",
    "paid": "boolean",
}  # fmt: skip
STATEMENTS = {
    "en": "The {label} is {value}.|{label}: {value}.|{value} is the {label}.|As {label} we have {value}.", "de": "{label}: {value}.|Als {label} ist {value} vermerkt.|{label} ist {value}.|Unter {label} steht {value}.",
    "fr": "{label} : {value}.|Pour {label}, on note {value}.|{label} est {value}.", "es": "{label}: {value}.|Como {label} consta {value}.|{label} es {value}.", "it": "{label}: {value}.|Alla voce {label} risulta {value}.",
    "nl": "{label}: {value}.|Bij {label} staat {value}.", "pt": "{label}: {value}.|Como {label} consta {value}.", "pl": "{label}: {value}.|W polu {label} wpisano {value}.", "ru": "{label}: {value}.|{label} — {value}.|В графе «{label}» указано {value}.",
    "zh": "{label}：{value}。|{label}为{value}。|{label}是{value}。", "ja": "{label}：{value}。|{label}は{value}です。", "ko": "{label}: {value}.|{label}은(는) {value}입니다.",
}  # fmt: skip
TRUTH = {
    "en": "yes no", "de": "ja nein", "fr": "oui non", "es": "sí no", "it": "sì no", "nl": "ja nee", "pt": "sim não", "pl": "tak nie", "ru": "да нет", "zh": "是 否", "ja": "はい いいえ", "ko": "예 아니요",
}  # fmt: skip
