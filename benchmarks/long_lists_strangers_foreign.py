"""Strangers' documents in French, Spanish, Japanese and Russian."""

# ruff: noqa: E501 - lines of documents stand on one line

import random

from long_lists_strangers_paper import Paper, Stranger, amount, day, days, iso, money, twins

FULL_WIDTH = str.maketrans("0123456789,", "０１２３４５６７８９，")


def releve_french(rows: int, rng: random.Random) -> Stranger:
    """A French bank statement: dd/mm, narrow spaces in numbers, labels over two lines, totals."""
    paper = Paper(
        36,
        lambda page: (
            "CRÉDIT DU MIDI — Relevé de compte",
            f"page {page}",
            "",
            "Date  Valeur  Libellé                              Débit        Crédit",
        ),
        lambda page: ("Sous réserve d’erreurs ou d’omissions",),
    )
    paper.add("Solde précédent                                               4 210,55")
    out = paid = 0.0
    places = (
        "CARREFOUR LYON",
        "EDF CLIENTS",
        "SNCF INTERNET",
        "LOYER MARS",
        "SALAIRE ACME",
        "PHARMACIE DU PONT",
    )
    items = [
        {
            "date": date,
            "label": f"{rng.choice(('PRLV SEPA', 'CB', 'VIR'))} {rng.choice(places)}",
            "sum": amount(rng, 3, 2500),
        }
        for date in days(rng, rows)
    ]
    for item in twins(rng, items, "sum"):
        _, month, date = item["date"]
        credit = "SALAIRE" in item["label"]
        out, paid = (out, paid + item["sum"]) if credit else (out + item["sum"], paid)
        shown = money(item["sum"], "fr").replace("\u00a0", rng.choice(("\u00a0", "\u202f")))
        text = f"{date:02}/{month:02} {date:02}/{month:02}   {item['label']:<33}" + (
            f"{'':>12}{shown:>13}" if credit else f"{shown:>12}"
        )
        if rng.random() < 0.25:
            text += f"\n{'':<14}REF {rng.randint(10**5, 10**6)}"
        data = {"date": f"{date:02}/{month:02}", "label": item["label"]}
        paper.row(
            text,
            {**data, "debit": None if credit else item["sum"], "credit": item["sum"] if credit else None},
            "operations",
        )
    paper.add(
        f"{'Total des opérations':<47}{money(out, 'fr'):>12}{money(paid, 'fr'):>13}",
        "Nouveau solde au 31/12/2026",
    )
    return paper.done({"operations": "date:text label:text debit:number? credit:number?"})


def factura_spanish(rows: int, rng: random.Random) -> Stranger:
    """A Spanish invoice whose lines are sentences: '12 uds. de … a 3,40 €/ud.: 40,80 €'."""
    paper = Paper()
    number = f"F-{rng.randint(1000, 9999)}"
    paper.add(
        f"Factura n.º {number}",
        "Fecha: 4 de mayo de 2026",
        "Cliente: Talleres Prieto, S.L.",
        "",
        "Conceptos:",
        "",
    )
    base = 0.0
    for _ in range(rows):
        thing = rng.choice(
            ("tornillo M8", "tubo de cobre", "lámpara LED", "manguera", "filtro de aire", "bisagra")
        )
        count, price = rng.randint(1, 80), amount(rng, 0.1, 60)
        line = round(count * price, 2)
        base += line
        text = f"– {count} uds. de {thing} a {money(price, 'de')} €/ud.: {money(line, 'de')} €"
        item = {"description": thing, "quantity": count, "unit_price": price, "amount": line}
        paper.row(text, item, "lines")
    tax = round(base * 0.21, 2)
    paper.add(
        "",
        f"Base imponible: {money(base, 'de')} €",
        f"IVA 21 %: {money(tax, 'de')} €",
        f"Total factura: {money(base + tax, 'de')} €",
    )
    return paper.done(
        {"lines": "description:text quantity:integer unit_price:number amount:number"},
        {"invoice_number": number},
    )


def invoice_japanese(rows: int, rng: random.Random) -> Stranger:
    """A Japanese invoice with ideographic spaces and full-width digits."""
    paper = Paper()
    paper.add("請　求　書", "株式会社田中商店　御中", "", "品名　　数量　　単価　　金額")
    total = 0
    for _ in range(rows):
        goods = rng.choice(("六角ボルト", "延長コード", "事務椅子", "照明器具", "木工用接着剤")) + rng.choice(
            "ＡＢＣ"
        )
        count, price = rng.randint(1, 50), rng.randint(2, 300) * 10
        total += count * price
        cells = (
            goods,
            str(count).translate(FULL_WIDTH),
            f"{price:,}".translate(FULL_WIDTH),
            f"{count * price:,}".translate(FULL_WIDTH),
        )
        item = {"name": goods, "quantity": count, "unit_price": price, "amount": count * price}
        paper.row("　　".join(cells), item)
    paper.add(
        "",
        f"小計　　{f'{total:,}'.translate(FULL_WIDTH)}円",
        f"合計　　{f'{int(total * 1.1):,}'.translate(FULL_WIDTH)}円（税込）",
    )
    return paper.done({"items": "name:text quantity:integer unit_price:integer amount:integer"})


def waybill_russian(rows: int, rng: random.Random) -> Stranger:
    """A Russian waybill with a numbered table, units, and a stated number of names at the end."""
    paper = Paper(
        40,
        lambda page: (
            f"Товарная накладная № 418 · лист {page}",
            f"{'№':<5}{'Наименование':<30}{'Ед.':<6}{'Кол-во':>8}{'Цена':>12}{'Сумма':>14}",
        ),
    )
    total = 0.0
    for number in range(1, rows + 1):
        goods = f"{rng.choice(('Болт', 'Труба', 'Лампа', 'Кабель', 'Краска'))} {rng.choice(('стальной', 'медный', 'белый', 'чёрный'))} {rng.randint(2, 90)} мм"
        count, price, unit = rng.randint(1, 90), amount(rng, 2, 3000), rng.choice(("шт", "м", "кг"))
        line = round(count * price, 2)
        total += line
        text = f"{number:<5}{goods:<30}{unit:<6}{count:>8}{money(price, 'fr'):>12}{money(line, 'fr'):>14}"
        item = {"number": number, "name": goods, "unit": unit, "quantity": count, "price": price, "sum": line}
        paper.row(text, item, "goods")
    paper.add(
        f"{'Итого':<61}{money(total, 'fr'):>14}",
        f"Всего наименований {rows}, на сумму {money(total, 'fr')} руб.",
        "Отпустил ________  Получил ________",
    )
    return paper.done(
        {"goods": "number:integer name:text unit:text quantity:integer price:number sum:number"}
    )


def agenda_german(rows: int, rng: random.Random) -> Stranger:
    """Appointments as free lines: 'Di, 03.03.2026, 14:30 Uhr – Zahnarzt, Raum 4', notes between."""
    paper = Paper()
    paper.add("Terminplan Frau Vogt", "")
    for date in days(rng, rows):
        name = rng.choice(("Zahnarzt", "Abnahme Dach", "Elternabend", "Jour fixe", "TÜV", "Notar"))
        clock, room = (
            f"{rng.randint(7, 18):02}:{rng.choice(('00', '15', '30'))}",
            rng.choice((None, "Raum 4", "Rathaus")),
        )
        shown = "{2:02}.{1:02}.{0}".format(*date)
        weekday = rng.choice(("Mo", "Di", "Mi", "Do", "Fr"))
        text = f"{weekday}, {shown}, {clock} Uhr – {name}" + (f", {room}" if room else "")
        paper.row(text, {"date": iso(date), "time": clock, "title": name, "place": room}, "appointments")
        if rng.random() < 0.15:
            paper.add("   (bitte Unterlagen mitbringen)")
        if rng.random() < 0.1:
            paper.add("")
    return paper.done({"appointments": "date:date time:text title:text place:text?"})


def expenses_english(rows: int, rng: random.Random) -> Stranger:
    """Expenses as 'label: value' lines of one kind, curly quotes, amounts in several currencies."""
    paper = Paper()
    paper.add("Expense claim – conference trip", "")
    for _ in range(rows):
        year, month, date = day(rng)
        what = rng.choice(("Taxi to “Grand Hotel”", "Breakfast", "Train ticket", "Visitor’s pass", "Parking"))
        sign, sum_ = rng.choice("€£$"), amount(rng, 2, 300)
        item = {"date": iso((year, month, date)), "description": what, "currency": sign, "amount": sum_}
        paper.row(f"{year}-{month:02}-{date:02}: {what}: {sign}{money(sum_)}", item, "expenses")
    paper.add("", "Receipts are attached.")
    return paper.done({"expenses": "date:date description:text currency:text amount:number"})
