"""Till receipts as a scanner reads them: who issued it stands on top without a label, labels and values on lines of
their own, tax tables and thanks around the total.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from structgen.embedded import words
from structgen.embedded.values import Source

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
_KINDS = """SDN BHD|SDN. BHD.|ENTERPRISE|TRADING|MART|RESTAURANT|HARDWARE|INC|LTD|(M) SDN BHD|STATIONERY|CAFE|& CO|BAKERY
|PHARMACY|SUPPLIES""".replace("\n", "").split("|")
_TOTALS = """TOTAL|TOTAL|TOTAL AMT|GRAND TOTAL|TOTAL (INCL GST)|AMOUNT DUE|TOTAL SALES (INCLUSIVE OF GST)|NET TOTAL
|TOTAL ROUNDED""".replace("\n", "")


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
    till, rng = _Till(source), source.rng
    lines = [
        *till.head(),
        *till.meta(),
        *till.goods(),
        *till.sums(),
        *rng.sample(_NOTICES, rng.randint(1, 4)),
    ]
    if rng.random() < 0.3:
        lines.insert(0, rng.choice([source.person().upper(), source.digits(4), "RECEIPT", "TAX INVOICE"]))
    if rng.random() < 0.25:
        lines += [rng.choice(["(RM)", "FAX : " + source.phone(), source.digits(6), "RM"])] * rng.randint(1, 2)
    return Receipt("\n".join(lines), till.found)


class _Till:
    """Prints the parts of one receipt, from its top to its end, and keeps what they say."""

    def __init__(self, source: Source) -> None:
        self.source, self.rng = source, source.rng
        self.found: dict[str, Any] = {}
        self.net = 0
        """Sum of the goods so far, in cents."""

    def head(self) -> list[str]:
        """Company, its number, its address in up to four lines, telephone, tax number."""
        source, rng = self.source, self.rng
        parts = [
            [source.pseudo_word(), source.last(), rng.choice(words.COMPANY)] for _ in range(rng.randint(1, 3))
        ]
        case = rng.choice([str.upper, str.upper, str.upper, str.title])
        company = case(f"{' '.join(map(rng.choice, parts))} {rng.choice(_KINDS)}")
        address = [case(line) for line in self._folded(self._address())]
        address[-1] += self._one("||.|,")
        self.found |= {"company": company, "address": " ".join(address).rstrip(","), "phone": None}
        registered = f"({source.digits(rng.randint(5, 9))}-{rng.choice('AKMVX')})"
        lines = rng.choice(
            [[company], [company, registered], [company, registered], [f"{company} {registered}"]]
        )
        lines += address
        if rng.random() < 0.7:
            self.found["phone"] = source.phone()
            lines.append(self._one("TEL : |TEL: |TEL |PHONE: |TEL NO. ") + self.found["phone"])
        if rng.random() < 0.5:
            label = self._one("GST ID|GST NO.|GST REG|TAX ID|VAT NO")
            lines.append(label + self._one(": | : | ") + source.digits(12))
        return lines

    def _address(self) -> list[str]:
        source, rng = self.source, self.rng
        number = f"{self._one('NO.|NO. |NO |LOT |')}{rng.randint(1, 200)}"
        street = rng.choice(
            [
                f"{number}, JALAN {source.pseudo_word()} {rng.randint(1, 30)}",
                f"{rng.randint(1, 200)}-{rng.randint(1, 9)}, {source.street()}",
                source.street(),
                f"{source.street()}, UNIT {rng.randint(1, 40)}",
            ]
        )
        quarter = f"TAMAN {source.pseudo_word()} {source.pseudo_word()}"
        area = rng.choice([quarter, source.word(), f"LEVEL {rng.randint(1, 9)}"])
        state = rng.choice([source.word(), f"{source.pseudo_word()} {source.pseudo_word()}", "", ""])
        pieces = [street, area if rng.random() < 0.6 else "", f"{source.digits(5)} {source.city()}", state]
        return [piece for piece in pieces if piece]

    def _folded(self, pieces: list[str]) -> list[str]:
        """Pieces of an address on one to all lines."""
        lines, comma = [pieces[0]], self._one(",|,|")
        for piece in pieces[1:]:
            if self.rng.random() < 0.6:
                lines[-1] += comma
                lines.append(piece)
            else:
                lines[-1] += f", {piece}"
        return lines

    def meta(self) -> list[str]:
        """A title, then day and hour, numbers, cashier, in any order."""
        source, rng = self.source, self.rng
        blocks = [self._when()]
        self.found["number"] = rng.choice([source.code(), source.code(), None])
        if self.found["number"]:
            label = self._one("RECEIPT NO|DOC NO|INV NO.|BILL #|INVOICE NO")
            blocks.append(self._stated(label, self.found["number"]))
        for label in ("CASHIER", "USER", "COUNTER", "TABLE", "ORD #"):
            if rng.random() < 0.3:
                named = label in ("CASHIER", "USER")
                blocks.append(self._stated(label, source.first().upper() if named else source.digits(2)))
        rng.shuffle(blocks)
        if rng.random() < 0.7:
            blocks.insert(0, [self._one("TAX INVOICE|SIMPLIFIED TAX INVOICE|RECEIPT|CASH|INVOICE")])
        return [line for block in blocks for line in block]

    def _when(self) -> list[str]:
        source, rng = self.source, self.rng
        day = date(rng.randint(2005, 2029), rng.randint(1, 12), rng.randint(1, 28))
        printed = day.strftime(
            self._one("%d/%m/%Y|%d/%m/%Y|%d-%m-%Y|%Y-%m-%d|%d %b %Y|%d/%m/%y|%d.%m.%Y")
        ).upper()
        clock = source.clock() + rng.choice(["", f":{rng.randint(0, 59):02d}"])
        self.found |= {"iso": day.isoformat(), "date": printed, "time": clock if rng.random() < 0.6 else None}
        stamp = [printed]
        if self.found["time"]:
            stamp = rng.choice([[f"{printed} {clock}"], [printed, clock]])
        if rng.random() < 0.25:
            return [" ".join(stamp)]
        return [*self._stated(self._one("DATE|DATE|INVOICE DATE|Date"), stamp[0]), *stamp[1:]]

    def goods(self) -> list[str]:
        """Heads of columns, and what was bought."""
        rng = self.rng
        lines = self._one("DESC/QTY/PRICE/AMOUNT|ITEM QTY PRICE AMT|QTY ITEM TOTAL|").split("/")
        style, rows = rng.choice(["line", "stack", "under", "code"]), []
        for _ in range(rng.choice([1, 1, 2, 3, 4, 6])):
            what, quantity, cents = (
                self.source.product().upper(),
                rng.choice([1, 1, 1, 2, 3, 12]),
                rng.randint(50, 9999),
            )
            each, amount = _sum(cents), _sum(cents * quantity)
            self.net += cents * quantity
            rows.append((what, str(quantity), amount))
            lines += {
                "line": [f"{quantity} {what} {amount}"],
                "stack": [what, str(quantity), each, amount],
                "under": [what, f"{quantity} X {each} {amount}"],
                "code": [self.source.digits(8), what, str(quantity), each, f"{amount} SR"],
            }[style]
        self.found["items"] = rows
        return [line for line in lines if line]

    def sums(self) -> list[str]:
        """Tax, total, what was paid, and a table of taxes, whose numbers are none that anybody asks for."""
        rng, net = self.rng, _sum(self.net)
        tax = round(self.net * 0.06) if rng.random() < 0.6 else None
        due, sign, lines = self.net + (tax or 0), self._one("||RM |RM|$|$ "), []
        self.found |= {"tax": None if tax is None else _sum(tax), "total": _sum(due)}
        if tax is not None:
            lines += self._stated(self._one("SUB-TOTAL|SUBTOTAL|TOTAL (EXCLUDING GST)"), net)
            lines += self._stated(self._one("GST 6%|TAX|TOTAL GST|TOTAL TAX|SALES TAX"), _sum(tax))
        if rng.random() < 0.4:
            lines += self._stated("ROUNDING", "0.00")
        lines += self._stated(self._one(_TOTALS), sign + _sum(due))
        if rng.random() < 0.7:
            change = rng.choice([0, rng.randint(1, 2000)])
            self.found |= {"cash": _sum(due + change), "change": _sum(change)}
            lines += self._stated(self._one("CASH|CASH TENDERED|PAID"), sign + _sum(due + change))
            lines += self._stated("CHANGE", sign + _sum(change))
        if tax is not None and rng.random() < 0.4:
            table = self._one("SR 6%|TAX CODE/%/AMOUNT/TAX/SR/6.00").split("/")
            lines += ["GST SUMMARY", *table, net, _sum(tax)]
        return lines

    def _stated(self, label: str, value: str) -> list[str]:
        """On a line, or on two."""
        line = label + self._one(": | : | |:| :") + value
        return self.rng.choice([[line], [line], [label, value], [f"{label} :", value]])

    def _one(self, choices: str) -> str:
        return self.rng.choice(choices.split("|"))


def _sum(cents: int) -> str:
    return f"{cents / 100:.2f}"
