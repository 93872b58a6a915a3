"""Till receipts as a scanner reads them: who issued it stands on top without a label, labels and values on lines of
their own, tax tables and thanks around the total."""

from __future__ import annotations

import json
from dataclasses import dataclass
from random import Random
from typing import Any

from structgen.embedded import words
from structgen.embedded.values import MONTHS, Source

# Names by what they ask for, with a description or none.
_ASKED = {
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
_TOLD = {
    "company": "Company that issued the receipt|Name of the store|Who issued it",
    "address": "Company address|Address of the store|Where the store is",
    "date": "Receipt date|Date of the purchase",
    "total": "Total amount|Amount to pay, tax included|The total",
    "number": "Number of the receipt",
    "phone": "Telephone of the store",
}
_NOTICES = """THANK YOU|PLEASE COME AGAIN|GOODS SOLD ARE NOT REFUNDABLE|*** THANK YOU ***|HAVE A NICE DAY|E. & O. E.
|NO EXCHANGE WITHOUT RECEIPT|SERVED BY|CUSTOMER COPY|PRICES INCLUDE TAX|SEE YOU SOON|KEEP THIS RECEIPT|FOR FEEDBACK
|WE ARE OPEN DAILY|GOODS SOLD ARE NOT RETURNABLE|SHOP ONLINE|WELCOME""".replace("\n", "").split("|")
_KINDS = "SDN BHD|SDN. BHD.|ENTERPRISE|TRADING|MART|RESTAURANT|HARDWARE|INC|LTD|(M) SDN BHD|STATIONERY|CAFE|& CO|BAKERY|PHARMACY|SUPPLIES".split(
    "|"
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """Lines as scanned, and what they say by what may be asked for (`None`: nothing)."""

    text: str
    found: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for, by name; whether numbers are numbers and days ISO, or all as printed."""

    names: dict[str, str]
    typed: bool
    schema: dict[str, Any]

    def answer(self, found: dict[str, Any]) -> str:
        """Compact JSON in declared order."""
        members = (f"{json.dumps(name)}:{self._literal(asked, found)}" for asked, name in self.names.items())
        return "{" + ",".join(members) + "}"

    def _literal(self, asked: str, found: dict[str, Any]) -> str:
        value = found.get(asked)
        if asked == "items":
            rows = (self._row(row) for row in value or ())
            return "[" + ",".join(rows) + "]"
        if asked == "date" and self.typed:
            value = found["iso"]
        if value is None or (self.typed and asked in ("total", "tax", "cash", "change")):
            return "null" if value is None else str(value)
        return json.dumps(value, ensure_ascii=False)

    def _row(self, row: tuple[str, str, str]) -> str:
        what, quantity, amount = row
        price = amount if self.typed else json.dumps(amount)
        return f'{{"description":{json.dumps(what)},"quantity":{quantity},"amount":{price}}}'


def question(rng: Random) -> Question:
    """The usual four, or others."""
    asked = ["company", "date", "address", "total"]
    if rng.random() < 0.5:
        asked = rng.sample([a for a in _ASKED if a != "items"], rng.randint(2, 7))
        asked += ["items"] * (rng.random() < 0.4)
    names = {a: rng.choice(_ASKED[a].split()) for a in asked}
    typed, told, strict = rng.random() < 0.5, rng.random() < 0.6, rng.random() < 0.6
    properties = {name: _property(rng, a, typed, told) for a, name in names.items()}
    schema = {"type": "object", "properties": properties, "required": list(properties)}
    return Question(names, typed, {**schema, **({"additionalProperties": False} if strict else {})})


def _property(rng: Random, asked: str, typed: bool, told: bool) -> dict[str, Any]:
    if asked == "items":
        price = {"type": "number"} if typed else {"type": "string"}
        parts = {"description": {"type": "string"}, "quantity": {"type": "integer"}, "amount": price}
        return {"type": "array", "items": {"type": "object", "properties": parts, "required": list(parts)}}
    kind = "number" if typed and asked in ("total", "tax", "cash", "change") else "string"
    always = asked in ("company", "date", "address", "total")
    made: dict[str, Any] = {"type": kind if always else [kind, "null"]}
    if asked == "date" and typed:
        made["format"] = "date"
    if told and asked in _TOLD:
        printed = "" if typed or asked not in ("date", "total") else " as printed"
        made["description"] = rng.choice(_TOLD[asked].split("|")) + printed
    return made


def receipt(source: Source) -> Receipt:
    """One receipt; every value that it states once is stated in one form."""
    rng, found = source.rng, dict[str, Any]()
    head = _head(source, found)
    parts = [*_meta(source, found), *_goods(source, found)]
    lines = [*head, *parts, *rng.sample(_NOTICES, rng.randint(1, 4))]
    if rng.random() < 0.3:
        lines.insert(0, rng.choice([source.person().upper(), source.digits(4), "RECEIPT", "TAX INVOICE"]))
    if rng.random() < 0.25:
        lines += [rng.choice(["(RM)", "FAX : " + source.phone(), source.digits(6), "RM"])] * rng.randint(1, 2)
    return Receipt("\n".join(lines), found)


def _head(source: Source, found: dict[str, Any]) -> list[str]:
    """Company, its number, its address in up to four lines, telephone, tax number."""
    rng = source.rng
    stem = " ".join(
        rng.choice([source.pseudo_word(), source.last(), rng.choice(words.COMPANY)])
        for _ in range(rng.randint(1, 3))
    )
    case = rng.choice([str.upper, str.upper, str.upper, str.title])
    company = case(f"{stem} {rng.choice(_KINDS)}")
    street = rng.choice([
        f"{rng.choice(['NO.', 'NO. ', 'NO ', 'LOT ', ''])}{rng.randint(1, 200)}, JALAN {source.pseudo_word()} {rng.randint(1, 30)}",
        f"{rng.randint(1, 200)}-{rng.randint(1, 9)}, {source.street()}",
        source.street(),
        f"{source.street()}, UNIT {rng.randint(1, 40)}",
    ])  # fmt: skip
    area = rng.choice(
        [f"TAMAN {source.pseudo_word()} {source.pseudo_word()}", source.word(), f"LEVEL {rng.randint(1, 9)}"]
    )
    town = f"{source.digits(5)} {source.city()}"
    state = rng.choice([source.word(), source.pseudo_word() + " " + source.pseudo_word(), "", ""])
    pieces = [street, *([area] if rng.random() < 0.6 else []), town, *([state] if state else [])]
    lines = [case(line) for line in _folded(rng, pieces)]
    lines[-1] += rng.choice(["", "", ".", ","])
    found["company"], found["address"] = company, " ".join(lines).rstrip(",")
    phone = source.phone()
    found["phone"] = phone if rng.random() < 0.7 else None
    registered = [f"({source.digits(rng.randint(5, 9))}-{rng.choice('AKMVX')})"] if rng.random() < 0.6 else []
    if registered and rng.random() < 0.25:
        head = [f"{company} {registered[0]}", *lines]
    else:
        head = [company, *registered, *lines]
    if found["phone"]:
        head.append(rng.choice(["TEL : ", "TEL: ", "TEL ", "PHONE: ", "TEL NO. "]) + phone)
    if rng.random() < 0.5:
        head.append(
            f"{rng.choice(['GST ID', 'GST NO.', 'GST REG', 'TAX ID', 'VAT NO'])}{rng.choice([': ', ' : ', ' '])}{source.digits(12)}"
        )
    return head


def _folded(rng: Random, pieces: list[str]) -> list[str]:
    """Pieces of an address on one to all lines."""
    lines, line = [], pieces[0]
    comma = rng.choice([",", ",", ""])
    for piece in pieces[1:]:
        if rng.random() < 0.6:
            lines.append(line + comma)
            line = piece
        else:
            line += f", {piece}"
    return [*lines, line]


def _stated(rng: Random, label: str, value: str) -> list[str]:
    """On a line, or on two."""
    joint = rng.choice([": ", " : ", " ", ":", " :"])
    return rng.choice(
        [[f"{label}{joint}{value}"], [f"{label}{joint}{value}"], [label, value], [f"{label} :", value]]
    )


def _meta(source: Source, found: dict[str, Any]) -> list[str]:
    """Day and hour, numbers, cashier, in any order."""
    rng = source.rng
    year, month, day = rng.randint(2005, 2029), rng.randint(1, 12), rng.randint(1, 28)
    found["iso"] = f"{year}-{month:02d}-{day:02d}"
    found["date"] = rng.choice([
        f"{day:02d}/{month:02d}/{year}", f"{day:02d}/{month:02d}/{year}", f"{day:02d}-{month:02d}-{year}", f"{year}-{month:02d}-{day:02d}",
        f"{day:02d} {MONTHS[month - 1][:3].upper()} {year}", f"{day:02d}/{month:02d}/{year % 100:02d}", f"{day:02d}.{month:02d}.{year}",
    ])  # fmt: skip
    clock = rng.choice([f"{source.clock()}", f"{source.clock()}:{source.digits(1)}5"])
    found["time"] = clock if rng.random() < 0.6 else None
    found["number"] = rng.choice([source.code(), source.code(), None])
    stamp = [found["date"]]
    if found["time"]:
        stamp = rng.choice([[f"{found['date']} {clock}"], [found["date"], clock]])
    when = (
        [*_stated(rng, rng.choice(["DATE", "DATE", "INVOICE DATE", "Date"]), stamp[0]), *stamp[1:]]
        if rng.random() < 0.75
        else [" ".join(stamp)]
    )
    blocks = [when]
    if found["number"]:
        blocks.append(
            _stated(
                rng, rng.choice(["RECEIPT NO", "DOC NO", "INV NO.", "BILL #", "INVOICE NO"]), found["number"]
            )
        )
    for label, make in (
        ("CASHIER", source.first),
        ("COUNTER", lambda: source.digits(2)),
        ("USER", source.first),
        ("TABLE", lambda: source.digits(2)),
        ("ORD #", lambda: source.digits(2)),
    ):
        if rng.random() < 0.3:
            blocks.append(_stated(rng, label, make().upper()))
    rng.shuffle(blocks)
    title = (
        [rng.choice(["TAX INVOICE", "SIMPLIFIED TAX INVOICE", "RECEIPT", "CASH", "INVOICE"])]
        if rng.random() < 0.7
        else []
    )
    return [*title, *(line for block in blocks for line in block)]


def _goods(source: Source, found: dict[str, Any]) -> list[str]:
    """Heads of columns, the goods, sums, and what was paid."""
    rng = source.rng
    rows, lines = (
        [],
        rng.choice([["DESC", "QTY", "PRICE", "AMOUNT"], ["ITEM QTY PRICE AMT"], ["QTY ITEM TOTAL"], []]),
    )
    rounded, style = 0, rng.choice(["line", "stack", "under", "code"])
    for _ in range(rng.choice([1, 1, 2, 3, 4, 6])):
        what, quantity, cents = (
            source.product().upper(),
            rng.choice([1, 1, 1, 2, 3, 12]),
            rng.randint(50, 9999),
        )
        each, amount = _sum(cents), _sum(cents * quantity)
        rounded += cents * quantity
        rows.append((what, str(quantity), amount))
        lines += {
            "line": [f"{quantity} {what} {amount}"],
            "stack": [what, str(quantity), each, amount],
            "under": [what, f"{quantity} X {each} {amount}"],
            "code": [source.digits(8), what, f"{quantity}", f"{each}", f"{amount} SR"],
        }[style]
    found["items"] = rows
    tax = round(rounded * 0.06) if rng.random() < 0.6 else None
    found["tax"] = None if tax is None else _sum(tax)
    due = rounded + (tax or 0)
    found["total"] = _sum(due)
    sign = rng.choice(["", "", "RM ", "RM", "$", "$ "])
    blocks = []
    if tax is not None:
        blocks.append(
            _stated(rng, rng.choice(["SUB-TOTAL", "SUBTOTAL", "TOTAL (EXCLUDING GST)"]), _sum(rounded))
        )
        blocks.append(
            _stated(rng, rng.choice(["GST 6%", "TAX", "TOTAL GST", "TOTAL TAX", "SALES TAX"]), _sum(tax))
        )
    if rng.random() < 0.4:
        blocks.append(_stated(rng, "ROUNDING", "0.00"))
    label = rng.choice(
        [
            "TOTAL",
            "TOTAL",
            "TOTAL AMT",
            "GRAND TOTAL",
            "TOTAL (INCL GST)",
            "AMOUNT DUE",
            "TOTAL SALES (INCLUSIVE OF GST)",
            "NET TOTAL",
            "TOTAL ROUNDED",
        ]
    )
    blocks.append(_stated(rng, label, f"{sign}{_sum(due)}"))
    lines += [line for block in blocks for line in block]
    if rng.random() < 0.7:
        paid = due + rng.choice([0, rng.randint(1, 2000)])
        found["cash"], found["change"] = _sum(paid), _sum(paid - due)
        lines += [
            *_stated(rng, rng.choice(["CASH", "CASH TENDERED", "PAID"]), f"{sign}{_sum(paid)}"),
            *_stated(rng, "CHANGE", f"{sign}{_sum(paid - due)}"),
        ]
    if tax is not None and rng.random() < 0.4:
        lines += [
            "GST SUMMARY",
            *rng.choice(
                [
                    ["SR 6%", _sum(rounded), _sum(tax)],
                    ["TAX CODE", "%", "AMOUNT", "TAX", "SR", "6.00", _sum(rounded), _sum(tax)],
                ]
            ),
        ]
    return lines


def _sum(cents: int) -> str:
    return f"{cents / 100:.2f}"
