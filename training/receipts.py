"""Till receipts as a scanner reads them.

The issuer stands on top without a label, labels and values may be on separate lines, and tax tables and thanks
surround the total.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from training import words
from training.values import Source

# Names by what they ask for, with a description or none.
_NAMES_BY_ROLE = {
    "company": "company merchant store store_name merchant_name vendor seller issuer shop_name",
    "address": "address store_address merchant_address location company_address",
    "date": "date receipt_date purchase_date transaction_date issued_on",
    "total": "total total_amount amount grand_total amount_paid",
    "number": "receipt_number receipt_no invoice_number document_number bill_no",
    "phone": "phone tel telephone store_phone",
    "tax": "tax tax_amount gst vat",
    "cash": "cash cash_received tendered",
    "change": "change change_given",
    "time": "time purchase_time",
    "items": "items line_items lines products articles",
}
_DESCRIPTIONS = {
    "company": "Company that issued the receipt|Name of the store|Who issued it",
    "address": "Company address|Address of the store|Where the store is",
    "date": "Receipt date|Date of the purchase",
    "total": "Total amount|Amount to pay, tax included|The total",
    "number": "Number of the receipt",
    "phone": "Telephone of the store",
}
_NOTICES = """THANK YOU|PLEASE COME AGAIN|GOODS SOLD ARE NOT REFUNDABLE|*** THANK YOU ***|HAVE A NICE DAY|E. & O. E.
|NO EXCHANGE WITHOUT RECEIPT|SERVED BY|CUSTOMER COPY|PRICES INCLUDE TAX|SEE YOU SOON|KEEP THIS RECEIPT|FOR FEEDBACK
|WE ARE OPEN DAILY|GOODS SOLD ARE NOT RETURNABLE|SHOP ONLINE|WELCOME|THANK YOU! PLEASE COME AGAIN!|NO CASH REFUND
|EXCHANGE WITHIN 7 DAYS WITH THIS SLIP|THIS IS A COMPUTER GENERATED RECEIPT, NO SIGNATURE NEEDED|OPEN 24 HOURS|RE-PRINT
|JOIN OUR MEMBERS' CLUB AND COLLECT POINTS|WIFI PASSWORD: GUEST|TELL US HOW WE DID AND WIN|FOLLOW US ON FACEBOOK|DUPLICATE
|ANY GOODS RETURNED MUST BE IN ORIGINAL PACKING|CALL OUR HOTLINE FOR HELP|YOU SAVED TODAY|Thank you for shopping with us
|DINE IN|TAKE AWAY|EAT IN|CASH SALES COUNTER|MEMBER POINTS 0|TERIMA KASIH|SILA DATANG LAGI|ITEMS MARKED * ARE TAXED
|RECEIVED IN GOOD ORDER AND CONDITION|VISA CARD ENDING|APPROVED|SIGNATURE NOT REQUIRED|Merci de votre visite|Vielen Dank
|Vielen Dank für Ihren Einkauf|Gracias por su compra|Grazie e arrivederci|Es bediente Sie|À bientôt""".replace(
    "\n", ""
).split("|")
_KINDS = """SDN BHD|SDN. BHD.|ENTERPRISE|TRADING|MART|RESTAURANT|HARDWARE|INC|LTD|(M) SDN BHD|STATIONERY|CAFE|& CO|BAKERY
|PHARMACY|SUPPLIES|HARDWARE & ELECTRICAL|MINI MARKET|SUPERMARKET|GIFT & DECO|SEAFOOD RESTAURANT|BOOKS|CO. (M) BHD|PLT
|AUTO PARTS|GRILL & BAR|KOPITIAM|DEPARTMENT STORE|GmbH|LLC|SARL|S.L.|B.V.|S.p.A.|AND SONS|PETROL STATION|ELECTRONICS
|BOUTIQUE|CLINIC|SALON|FURNITURE|TYRE SERVICE|(MALAYSIA) SDN BHD|INTERNATIONAL SDN BHD|HOLDINGS SDN BHD""".replace(
    "\n", ""
).split("|")
_LEADING = "RESTORAN |KEDAI |SYARIKAT |THE |CAFE |RESTAURANT |PERNIAGAAN |PASARAYA |KLINIK |HOTEL |||||||||||||||||".split(
    "|"
)
_TOTALS = """TOTAL|TOTAL|TOTAL AMT|GRAND TOTAL|TOTAL (INCL GST)|AMOUNT DUE|TOTAL SALES (INCLUSIVE OF GST)|NET TOTAL|TOTAL AMOUNT
|NETT TOTAL|TOTAL PAYABLE|FINAL TOTAL|TOTAL INCLUSIVE GST|NET AMT|TOTAL DUE|BALANCE DUE|TO PAY|TOTAL SALES INCL TAX""".replace(
    "\n", ""
)
_ROUNDED = "ROUNDED TOTAL|TOTAL ROUNDED|TOTAL AMT ROUNDED|TOTAL AFTER ADJ|NET TOTAL ROUNDED|TOTAL PAYABLE|FINAL TOTAL|TOTAL|AMOUNT DUE"
_FOREIGN = {
    "de_DE": "SUMME|MwSt 19%|Zwischensumme|BAR|Rückgeld|Datum|Uhrzeit|Bon-Nr.|Kasse|Beleg",
    "fr_FR": "TOTAL TTC|TVA 20%|SOUS-TOTAL|ESPECES|RENDU|Date|Heure|TICKET N°|CAISSE|FACTURE",
    "es_ES": "TOTAL|IVA 21%|SUBTOTAL|EFECTIVO|CAMBIO|FECHA|HORA|TICKET|CAJA|FACTURA SIMPLIFICADA",
    "it_IT": "TOTALE EURO|IVA 22%|SUBTOTALE|CONTANTI|RESTO|DATA|ORA|DOC. N.|CASSA|SCONTRINO",
    "nl_NL": "TOTAAL|BTW 21%|Subtotaal|CONTANT|Wisselgeld|Datum|Tijd|Bonnr.|Kassa|BON",
    "id_ID": "TOTAL|PPN 11%|SUB TOTAL|TUNAI|KEMBALI|TANGGAL|JAM|NO. STRUK|KASIR|STRUK",
}


@dataclass(frozen=True, slots=True)
class Receipt:
    """The scanned text and its values by role (`None`: not stated)."""

    text: str
    role_values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ReceiptSchema:
    """A schema of a receipt: names by role; `typed` for JSON numbers and ISO dates, else strings as printed."""

    names: dict[str, str]
    typed: bool
    schema: dict[str, Any]

    def answer(self, role_values: dict[str, Any]) -> str:
        """Return the answer as compact JSON in declared order."""
        members = (
            f"{json.dumps(name)}:{self._literal(role, role_values)}" for role, name in self.names.items()
        )
        return "{" + ",".join(members) + "}"

    def _literal(self, role: str, role_values: dict[str, Any]) -> str:
        value = role_values.get(role)
        if role == "items":
            rows = (self._row(row, role_values["comma"]) for row in value or ())
            return "[" + ",".join(rows) + "]"
        if role == "date" and self.typed:
            value = role_values["iso"]
        if role == "total" and not self.typed:
            value = role_values["shown"]
        if value is None or (self.typed and role in ("total", "tax", "cash", "change")):
            return "null" if value is None else str(value)
        if role_values["comma"] and role in ("tax", "cash", "change"):
            value = value.replace(".", ",")
        return json.dumps(value, ensure_ascii=False)

    def _row(self, row: tuple[str, str, str], comma: bool) -> str:
        what, quantity, amount = row
        price = amount if self.typed else json.dumps(amount.replace(".", ",") if comma else amount)
        return (
            f'{{"description":{json.dumps(what, ensure_ascii=False)},"quantity":{quantity},"amount":{price}}}'
        )


def draw_schema(rng: Random) -> ReceiptSchema:
    """Draw the schema: the usual four fields, or others."""
    roles = ["company", "date", "address", "total"]
    if rng.random() < 0.5:
        roles = rng.sample([a for a in _NAMES_BY_ROLE if a != "items"], rng.randint(2, 7))
        roles += ["items"] * (rng.random() < 0.4)
    names = {a: rng.choice(_NAMES_BY_ROLE[a].split()) for a in roles}
    typed, described, strict = rng.random() < 0.5, rng.random() < 0.6, rng.random() < 0.6
    properties = {name: _property(rng, a, typed, described) for a, name in names.items()}
    schema = {"type": "object", "properties": properties, "required": list(properties)}
    return ReceiptSchema(names, typed, {**schema, **({"additionalProperties": False} if strict else {})})


def _property(rng: Random, role: str, typed: bool, described: bool) -> dict[str, Any]:
    if role == "items":
        price = {"type": "number"} if typed else {"type": "string"}
        parts = {"description": {"type": "string"}, "quantity": {"type": "integer"}, "amount": price}
        return {"type": "array", "items": {"type": "object", "properties": parts, "required": list(parts)}}
    kind = "number" if typed and role in ("total", "tax", "cash", "change") else "string"
    always = role in ("company", "date", "address", "total")
    schema: dict[str, Any] = {"type": kind if always else [kind, "null"]}
    if role == "date" and typed:
        schema["format"] = "date"
    if described and role in _DESCRIPTIONS:
        printed = "" if typed or role not in ("date", "total") else " as printed"
        schema["description"] = rng.choice(_DESCRIPTIONS[role].split("|")) + printed
    return schema


def receipt(source: Source) -> Receipt:
    """Write one receipt; a value that is stated twice has one form."""
    writer, rng = _ReceiptWriter(source), source.rng
    head, meta, goods, sums = writer.head(), writer.meta(), writer.goods(), writer.sums()
    if rng.random() < 0.12:
        goods, meta = [*goods, *meta], []
    tail = rng.sample(_NOTICES, rng.randint(1, 6))
    if rng.random() < 0.1:
        tail += [source.phrase().upper() for _ in range(rng.randint(1, 5))]
    if rng.random() < 0.1:
        when = writer.when
        sums, meta = [*sums, *when], [line for line in meta if line not in when]
    elif rng.random() < 0.08 and meta:  # the date is printed between the name and the address
        head = [*head[: writer.issuer_lines], *writer.when, *head[writer.issuer_lines :]]
        meta = [line for line in meta if line not in writer.when]
    lines = [*head, *meta, *goods, *sums, *tail]
    if rng.random() < 0.3:
        lines.insert(
            0,
            rng.choice(
                [source.person().upper(), source.digits(4), "RECEIPT", "TAX INVOICE", "***", "CASH BILL"]
            ),
        )
    if rng.random() < 0.25:
        lines += [rng.choice(["(RM)", "FAX : " + source.phone(), source.digits(6), "RM"])] * rng.randint(1, 2)
    return Receipt("\n".join(lines), writer.role_values)


class _ReceiptWriter:
    """Writer of the sections of one receipt, which records the stated values by role."""

    def __init__(self, source: Source) -> None:
        self.source, self.rng = source, source.rng
        self.role_values: dict[str, Any] = {}
        self.net = 0
        """Sum of the items so far, in cents."""
        self.when: list[str] = []
        self.issuer_lines = 1
        """Lines of the head that name the issuer."""
        labels = _FOREIGN.get(getattr(source, "locale", ""))
        self.labels = labels.split("|") if labels and self.rng.random() < 0.7 else None
        self.comma = self.labels is not None and self.rng.random() < 0.6
        self.role_values["comma"] = self.comma

    def head(self) -> list[str]:
        """Write company, registration number, address on up to four lines, telephone and tax number."""
        source, rng = self.source, self.rng
        case = rng.choice([str.upper, str.upper, str.upper, str.upper, str.title])
        named = [case(line) for line in self._name()]
        company = " ".join(named)
        address = [case(line) for line in self._folded(self._address())]
        address[-1] += self._one("||.|.|,")
        self.role_values |= {"company": company, "address": " ".join(address).rstrip(","), "phone": None}
        registered = self._one(
            "({}-{})|({}-{})|({}{})|{}-{}|CO. REG. NO: {}-{}|COMPANY NO : {}-{}|REG NO: {}{}"
        ).format(source.digits(rng.randint(5, 9)), rng.choice("AKMVXWDHPTU"))
        lines = list(named)
        roll = rng.random()
        if roll < 0.45:
            lines.append(registered)
        elif roll < 0.6:
            lines[-1] += f" {registered}"
        if rng.random() < 0.12:  # a brand above the issuer
            lines.insert(
                0,
                case(
                    rng.choice(
                        [
                            source.pseudo_word(),
                            f"{source.pseudo_word()} {source.last()}",
                            rng.choice(words.COMPANY),
                        ]
                    )
                ),
            )
        self.issuer_lines = len(lines)
        between: list[str] = []
        after: list[str] = []
        phone = self._phone()
        (after if rng.random() < 0.85 else between).extend(phone)
        if rng.random() < 0.55:
            label = self._one(
                "GST ID|GST NO.|GST REG|TAX ID|VAT NO|GST REG. NO|GST ID NO|GST NO|USt-IdNr.|TIN|SST ID"
            )
            (after if rng.random() < 0.85 else between).append(
                label + self._one(": | : | |:") + source.digits(12)
            )
        if rng.random() < 0.1:
            between.append(
                self._one("WWW.{}.COM|SITE: {}|OUTLET: {}|BRANCH {}").format(source.pseudo_word().upper())
            )
        if rng.random() < 0.1:
            after.append(self._one("FAX : {}|FAX: {}|FAX:{}").format(source.phone()))
        if rng.random() < 0.08:
            after.append(f"E-MAIL: {source.email().upper()}")
        return [*lines, *between, *address, *after]

    def _name(self) -> list[str]:
        """Write a company's name on one or two lines."""
        source, rng = self.source, self.rng
        if rng.random() < 0.3:
            name = source.company()
        else:
            parts = [
                [source.pseudo_word(), source.last(), rng.choice(words.COMPANY), source.last(), source.word()]
                for _ in range(rng.randint(1, 3))
            ]
            name = " ".join(map(rng.choice, parts)) + " " + rng.choice(_KINDS)
            name = rng.choice(_LEADING) + name
        if rng.random() < 0.06:
            name += rng.choice([f" @ {source.city()}", f" {source.city()}", f" ({source.city()})"])
        pieces = name.split(" ")
        if len(pieces) > 2 and rng.random() < 0.12:
            cut = rng.randint(2, len(pieces) - 1)
            return [" ".join(pieces[:cut]), " ".join(pieces[cut:])]
        return [name]

    def _phone(self) -> list[str]:
        source, rng = self.source, self.rng
        if rng.random() < 0.25:
            return []
        phone = rng.choice(
            [
                source.phone(),
                f"0{rng.randint(1, 9)}-{source.digits(rng.choice([7, 8]))}",
                f"0{rng.randint(1, 9)}-{source.digits(4)} {source.digits(4)}",
            ]
        )
        self.role_values["phone"] = phone
        return [
            self._one("TEL : |TEL: |TEL |PHONE: |TEL NO. |TEL:|TEL. NO. : |TELEPHONE: |H/P : |HOTLINE: ")
            + phone
        ]

    def _address(self) -> list[str]:
        source, rng = self.source, self.rng
        if rng.random() < 0.3:
            town = rng.choice(
                [
                    f"{source.postal()} {source.city()}",
                    f"{source.city()} {source.postal()}",
                    f"{source.city()}, {source.word()} {source.postal()}",
                ]
            )
            return [
                source.street(),
                *([source.word()] if rng.random() < 0.2 else []),
                town,
                *([source.country()] if rng.random() < 0.15 else []),
            ]
        number = f"{self._one('NO.|NO. |NO |LOT |NO.|NO |LOT |UNIT ')}{self._one('{}|{}|{}|{}A|{}G|{}-{}|{}, {}|{} & {}|{}-G|G-{}|{}.{}').format(rng.randint(1, 200), rng.randint(1, 300))}"
        road_type = self._one("JALAN|JALAN|JLN|LORONG|LEBUH|PERSIARAN|JALAN")
        street = rng.choice(
            [
                f"{number}, {road_type} {source.pseudo_word()} {rng.randint(1, 30)}",
                f"{number}, {road_type} {source.pseudo_word()} {source.pseudo_word()}",
                f"{number} {road_type} {source.pseudo_word()} {rng.randint(1, 30)}/{rng.randint(1, 30)}{self._one('|A|B|')}",
                f"{rng.randint(1, 200)}, {road_type} {source.last()} {rng.randint(1, 9)}/{rng.randint(1, 30)}",
                f"{rng.randint(1, 200)}-{rng.randint(1, 9)}, {source.street()}",
                source.street(),
                f"{source.street()}, UNIT {rng.randint(1, 40)}",
            ]
        )
        quarter = f"{self._one('TAMAN|TAMAN|BANDAR|TMN|KAMPUNG|MEDAN|SEKSYEN|KAWASAN')} {source.pseudo_word()} {self._one('{}|{} JAYA|{} INDAH|{} BARU').format(source.pseudo_word())}"
        building = f"{self._one('LEVEL|GROUND FLOOR,|FIRST FLOOR,|LOT G{},|3RD FLR,').format(rng.randint(1, 99))} {self._one('{} MALL|{} PLAZA|WISMA {}|{} CITY|{} SHOPPING CENTRE|MENARA {}').format(source.pseudo_word())}"
        area = rng.choice([quarter, quarter, source.word(), f"LEVEL {rng.randint(1, 9)}", building])
        if rng.random() < 0.1:
            area, street = street, building
        state = rng.choice(
            [
                source.word(),
                f"{source.pseudo_word()} {source.pseudo_word()}",
                f"{source.pseudo_word()} DARUL {source.pseudo_word()}",
                "",
                "",
            ]
        )
        joint = self._one(" | | |, ")
        pieces = [
            street,
            area if rng.random() < 0.6 else "",
            f"{source.digits(5)}{joint}{source.city()}",
            state,
        ]
        return [piece for piece in pieces if piece]

    def _folded(self, pieces: list[str]) -> list[str]:
        """Join the pieces of an address into lines."""
        lines, comma = [pieces[0]], self._one(",|,|,||.| ,")
        joint = self._one(", |, |,| ")
        apart = self.rng.choice([0.45, 0.6, 1.0])
        for piece in pieces[1:]:
            if self.rng.random() < apart:
                lines[-1] += comma
                lines.append(piece)
            else:
                lines[-1] += f"{joint}{piece}"
        return lines

    def meta(self) -> list[str]:
        """Write a title, then date and time, numbers and cashier in random order."""
        source, rng = self.source, self.rng
        blocks = [self._when()]
        self.when = blocks[0]
        self.role_values["number"] = rng.choice(
            [
                source.code(),
                f"CS{source.digits(8)}",
                f"{source.digits(4)}-{source.digits(4)}",
                source.digits(rng.randint(4, 12)),
                None,
            ]
        )
        if self.role_values["number"]:
            label = (
                self.labels[7]
                if self.labels
                else self._one(
                    "RECEIPT NO|DOC NO|INV NO.|BILL #|INVOICE NO|DOC NO.|RECEIPT #|INVOICE #|BILL NO.|CHECK|TAX INV NO|RCPT"
                )
            )
            blocks.append(self._stated(label, self.role_values["number"]))
        for label in (
            "CASHIER",
            "USER",
            "COUNTER",
            "TABLE",
            "ORD #",
            "SALESPERSON",
            "POS NO",
            "REF.",
            "PAX",
            "TERMINAL",
            "SERVER",
        ):
            if rng.random() < 0.22:
                named = label in ("CASHIER", "USER", "SALESPERSON", "SERVER")
                value = (
                    rng.choice([source.first().upper(), source.first().upper(), "ADMIN", source.digits(3)])
                    if named
                    else source.digits(2)
                )
                empty = label in ("REF.", "SALESPERSON") and rng.random() < 0.5
                blocks.append([label + self._one(" :|:")] if empty else self._stated(label, value))
        rng.shuffle(blocks)
        if rng.random() < 0.7:
            title = (
                self.labels[9]
                if self.labels
                else self._one(
                    "TAX INVOICE|SIMPLIFIED TAX INVOICE|RECEIPT|CASH|INVOICE|* TAX INVOICE *|OFFICIAL RECEIPT|CASH BILL|TAX INVOICE / ADJUSTMENT NOTE|CASH SALES"
                )
            )
            blocks.insert(0, [title])
            if rng.random() < 0.15:
                blocks.insert(1, ["CASH"])
        if len(blocks) > 2 and rng.random() < 0.06:  # read column by column: labels, then values
            pairs = [block for block in blocks if len(block) == 2 and block is not self.when]
            if len(pairs) > 1:
                rest = [block for block in blocks if block not in pairs]
                return (
                    [line for block in rest for line in block] + [a for a, _ in pairs] + [b for _, b in pairs]
                )
        return [line for block in blocks for line in block]

    def _when(self) -> list[str]:
        source, rng = self.source, self.rng
        day = date(rng.randint(2005, 2029), rng.randint(1, 12), rng.randint(1, 28))
        form = self._one(
            "%d/%m/%Y|%d/%m/%Y|%d/%m/%Y|%d/%m/%Y|%d-%m-%Y|%d-%m-%y|%d-%m-%y|%Y-%m-%d|%d %b %Y|%d/%m/%y|%d.%m.%Y|%d %b %y|%d-%b-%Y|%d/%b/%Y|%Y/%m/%d|%b %d, %Y|%d.%m.%y|%d %B %Y|%d%m%Y|%d%m%y"
        )
        if rng.random() < 0.06:
            form = form.replace("%d/%m", f"{day.day}/{day.month}")
        printed = day.strftime(form).upper()
        clock = source.clock() + rng.choice(
            [
                "",
                f":{rng.randint(0, 59):02d}",
                f":{rng.randint(0, 59):02d}",
                " PM",
                f":{rng.randint(0, 59):02d} AM",
            ]
        )
        self.role_values |= {
            "iso": day.isoformat(),
            "date": printed,
            "time": clock if rng.random() < 0.7 else None,
        }
        stamp = [printed]
        if self.role_values["time"]:
            stamp = rng.choice(
                [
                    [f"{printed} {clock}"],
                    [f"{printed} {clock}"],
                    [printed, clock],
                    [f"{printed}  {clock}"],
                    [f"{printed} - {clock}"],
                    [f"{printed} ({day.strftime('%a').upper()}) {clock}"],
                ]
            )
        if rng.random() < 0.3:
            return [" ".join(stamp) + self._one("||| #01| 01 0012")]
        label = (
            self.labels[5]
            if self.labels
            else self._one("DATE|DATE|INVOICE DATE|Date|DATE|BILL DATE|TRANS DATE|DATE/TIME")
        )
        rest = stamp[1:]
        if rest and rng.random() < 0.5:
            rest = self._stated(
                self.labels[6] if self.labels else self._one("TIME|TIME|Time|PRINT TIME"), rest[0]
            )
        return [*self._stated(label, stamp[0]), *rest]

    def goods(self) -> list[str]:
        """Write the column heads and the items."""
        rng = self.rng
        lines = self._one(
            "DESC/QTY/PRICE/AMOUNT|ITEM QTY PRICE AMT|QTY ITEM TOTAL||DESC/ITEM/QTY/PRICE/AMT(RM)|ITEM/QTY/U.PRICE/AMOUNT/TAX|ITEM QTY U/P(RM) AMT(RM)|DESCRIPTION/U.P/DISC/AMT(RM)|RM|CODE/QTY/U.P/AMOUNT"
        ).split("/")
        style, rows = (
            rng.choice(["line", "line", "stack", "under", "code", "till", "front", "columns", "times"]),
            [],
        )
        names, numbers = [], []
        for _ in range(rng.choice([1, 1, 2, 2, 3, 4, 6, 9])):
            what, quantity, cents = (
                self.source.product().upper() if rng.random() < 0.85 else self.source.product(),
                rng.choice([1, 1, 1, 1, 2, 3, 12, rng.randint(1, 30)]),
                rng.randint(50, rng.choice([999, 4999, 19999])),
            )
            each, amount = self._sum(cents), self._sum(cents * quantity)
            self.net += cents * quantity
            rows.append((what, str(quantity), _sum(cents * quantity)))
            names.append(what)
            numbers += [str(quantity), each, amount]
            lines += {
                "line": [f"{quantity} {what} {amount}"],
                "stack": [what, str(quantity), each, amount],
                "under": [what, f"{quantity} X {each} {amount}"],
                "code": [
                    self.source.digits(rng.choice([4, 8, 13])),
                    what,
                    str(quantity),
                    each,
                    f"{amount} SR",
                ],
                "till": [f"{quantity}X {self.source.digits(12)}", f"{amount}SR", what],
                "front": [str(quantity), what, amount + self._one("| S| SR| T")],
                "columns": [],
                "times": [f"{what}", f"{quantity} @ {each}", amount],
            }[style]
            if rng.random() < 0.04 and style not in ("columns",):
                lines += [self._one("@DISC|DISC|MEMBER PRICE|PROMO"), "0.00"]
        if style == "columns":
            lines += [*names, *numbers]
        self.role_values["items"] = rows
        if rng.random() < 0.35:
            count = str(sum(int(row[1]) for row in rows))
            lines += self._stated(
                self._one("TOTAL QTY|TOTAL ITEM|ITEM COUNT|#TOTAL QTY|TOTAL ITEMS|NO. OF ITEMS"), count
            )
        return [line for line in lines if line]

    def _sum(self, cents: int) -> str:
        text = _sum(cents)
        return text.replace(".", ",") if self.comma else text

    def sums(self) -> list[str]:
        """Write tax, total, payment and a tax table, whose numbers belong to no role."""
        rng, net = self.rng, self._sum(self.net)
        tax = round(self.net * 0.06) if rng.random() < 0.6 else None
        exact, sign, lines = self.net + (tax or 0), self._one("||||RM |RM |RM|$|$ |€ |MYR "), []
        included = tax is not None and rng.random() < 0.35
        if included:
            exact = self.net
        names = self.labels
        rounding = rng.choice([0, 0, 0, (5 - exact % 5) % 5 if exact % 5 > 2 else -(exact % 5)])
        due = exact + rounding
        self.role_values |= {"tax": None if tax is None else _sum(tax), "total": _sum(due)}
        stated: list[tuple[str, str]] = []
        if tax is not None and not included:
            stated.append(
                (
                    names[2]
                    if names
                    else self._one(
                        "SUB-TOTAL|SUBTOTAL|TOTAL (EXCLUDING GST)|SUB TOTAL|TOTAL SALES (EXCLUDING GST)|TOTAL EXCL. OF GST"
                    ),
                    net,
                )
            )
        if rng.random() < 0.25:
            stated.append((self._one("DISCOUNT|DISC|LESS DISCOUNT|SERVICE CHARGE|10% SRV CHG"), self._sum(0)))
        if tax is not None:
            stated.append(
                (
                    names[1]
                    if names
                    else self._one(
                        "GST 6%|TAX|TOTAL GST|TOTAL TAX|SALES TAX|GST @6%|GST AMOUNT|TOTAL TAX (6%)|VAT"
                    ),
                    self._sum(tax),
                )
            )
        main = names[0] if names else self._one(_TOTALS)
        total, shown = self._sum(due), sign + self._sum(due)
        if rounding:
            label = self._one(_TOTALS) if names is None else names[0]
            if rng.random() < 0.75:
                stated.append((label, sign + self._sum(exact)))
            stated.append(
                (
                    self._one("ROUNDING|ROUNDING ADJ|ROUNDING ADJUSTMENT|ROUND ADJ|ROUND AMT"),
                    f"{rounding / 100:.2f}".replace(".", "," if self.comma else "."),
                )
            )
            main = self._one(_ROUNDED)
        elif rng.random() < 0.35:
            stated.append((self._one("ROUNDING|ROUNDING ADJ|ROUNDING ADJUSTMENT"), self._sum(0)))
        if rng.random() < 0.25 and not rounding:
            stated.append((self._one("TOTAL SALES|TOTAL|TOTAL INCL. OF GST"), shown))
        stated.append((main, shown))
        change = rng.choice([0, rng.randint(1, 2000), (-due) % 1000, (-due) % 5000])
        if rng.random() < 0.75:
            self.role_values |= {"cash": _sum(due + change), "change": _sum(change)}
            paid = (
                names[3]
                if names
                else self._one("CASH|CASH TENDERED|PAID|CASH RECEIVED|PAYMENT|TENDER|PAID AMOUNT|VISA")
            )
            stated.append((paid, sign + self._sum(due + change)))
            stated.append(
                (
                    names[4] if names else self._one("CHANGE|CHANGE DUE|CASH CHANGE|CHANGE AMT"),
                    sign + self._sum(change),
                )
            )
        attached = bool(sign) and not sign.endswith(" ")
        self.role_values["shown"] = (sign if attached else "") + total
        if rng.random() < 0.13:  # read column by column
            lines += [label + self._one("| :|:") for label, _ in stated]
            lines += [value for _, value in stated]
        else:
            dots = self._one("|||||................|....")
            for label, value in stated:
                if sign.endswith(" ") and rng.random() < 0.15:
                    lines += [
                        f"{label}{dots} {sign.strip()}" if rng.random() < 0.5 else label,
                        value.removeprefix(sign),
                    ]
                else:
                    lines += self._stated(label + dots, value)
        if tax is not None and rng.random() < 0.55:
            base = self._sum(exact - tax)
            table = self._one(
                "SR 6%|TAX CODE/%/AMOUNT/TAX/SR/6.00|AMOUNT(RM)/TAX(RM)/SR = 6%|TAX CODE/%/AMT (RM)/TAX (RM)/SR/6|SR @ 6%"
            ).split("/")
            lines += [
                self._one("GST SUMMARY|TAX SUMMARY|GST SUMMARY AMOUNT TAX|GST ANALYSIS"),
                *table,
                base,
                self._sum(tax),
            ]
            if rng.random() < 0.5:
                lines += [self._one("TOTAL :|TOTAL|TOTAL:"), base, self._sum(tax)]
        return lines

    def _stated(self, label: str, value: str) -> list[str]:
        """Write label and value on one line or on two."""
        line = label + self._one(": | : | |:| :|  ") + value
        return self.rng.choice([[line], [line], [label, value], [f"{label} :", value], [label, f": {value}"]])

    def _one(self, choices: str) -> str:
        return self.rng.choice(choices.split("|"))


def _sum(cents: int) -> str:
    return f"{cents / 100:.2f}"
