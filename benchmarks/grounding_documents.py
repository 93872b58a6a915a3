"""Documents of many styles with exact places: what each leaf's value says, and where."""

import random
from collections.abc import Callable, Sequence
from typing import Any

from grounding_rendering import LAYOUTS, NOTATIONS, Cell, Document, Writer, table

GOODS = (
    "Paper A4,Toner,Steel bolt M8,Ergonomic chair,USB cable,Desk lamp,Safety gloves,Coffee beans 1 kg,"
    "Filter 5,Pump type 3,Consulting,Travel expenses,Schraubenzieher,Bürostuhl,Câble réseau,Ampoule LED,"
    "Lámpara,紙,プリンター,打印机,صندوق,מחברת,Kabel 2 m,Adapter 10,Battery pack 4,Monitor 27,Wall mount,"
    "Tea ☕,Sticker set 🎉"
).split(",")
PEOPLE = (
    "Ana Pérez,Jörg Müller,Wei Chen,Fatima Al-Sayed,Tom O'Neil,Marie Dubois,佐藤花子,Ola Nordmann,Ivy Day"
).split(",")
FIRMS = (
    "Acme GmbH,Northwind Ltd,Contoso SA,株式会社山田,Blue River Inc.,Fabrikam AG,Lumière SARL,Öz Tekstil"
).split(",")
TOWNS = "Berlin,Lyon,Sevilla,Leeds,Zürich,東京,Kraków,Porto".split(",")
STREETS = "Hauptstr. 5,12 Rue Neuve,Calle Mayor 8,4 High Street,Ringweg 21".split(",")
PROSE = (
    "Please quote {n} in all letters about this matter.",
    "As agreed on the phone with {p}, the usual terms of {m} days apply.",
    "We thank you for your order and remain at your service.",
    "Our office is closed on {m} days of the year.",
    "{p} will call you about {g} soon.",
)
Maker = Callable[[Writer, random.Random], Any]
STYLES: dict[str, Maker] = {}
HELD_OUT: dict[str, Maker] = {}
"""Styles that placement was not made with."""


def style(maker: Maker) -> Maker:
    STYLES[maker.__name__] = maker
    return maker


def generate(count: int, seed: int, styles: dict[str, Maker]) -> list[Document]:
    """Return documents of the styles by turns, always the same ones for a seed."""
    names = sorted(styles)
    return [document(names[i % len(names)], seed * 1_000_003 + i, styles) for i in range(count)]


def document(name: str, seed: int, styles: dict[str, Maker]) -> Document:
    rng = random.Random(seed)
    writer = Writer(rng.choice(NOTATIONS), rng.choice(["\n", "\n", "\n", "\r\n"]))
    value = styles[name](writer, rng)
    if rng.random() < 0.3:
        value = _shuffled(value, rng)
    return Document(name, writer.text, value, None, writer.truths, {}, writer.rows)


def _shuffled(value: Any, rng: random.Random) -> Any:
    """Return the object with its members in another order, the same one for all items of a list."""
    if isinstance(value, list):
        if value and all(isinstance(item, dict) for item in value):
            order = list(value[0])
            rng.shuffle(order)
            value = [{name: item[name] for name in order if name in item} for item in value]
        return value
    if isinstance(value, dict):
        names = list(value)
        rng.shuffle(names)
        return {name: _shuffled(value[name], rng) for name in names}
    return value


def words(rng: random.Random, *choices: str) -> str:
    return rng.choice(choices)


def day(rng: random.Random) -> str:
    return f"{rng.randint(2019, 2026)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"


def money(rng: random.Random) -> float:
    return rng.choice(
        [5.0, 10.0, 20.0, 100.0, round(rng.uniform(1, 90), 2), round(rng.uniform(100, 9000), 2)]
    )


def prose(writer: Writer, rng: random.Random, value: Any, count: int) -> None:
    """Write sentences that name values of the object without being their place."""
    scalars = [str(one) for one in value.values() if isinstance(one, str) and not one[:4].isdigit()]
    for sentence in rng.sample(PROSE, count):
        number = rng.choice(scalars or ["ZZ-1"])
        writer.line(
            sentence.format(n=number, p=rng.choice(PEOPLE), m=rng.randint(1, 30), g=rng.choice(GOODS))
        )


def goods(rng: random.Random, count: int) -> list[dict[str, Any]]:
    """Return lines of an order with few quantities and prices, some lines twice."""
    lines: list[dict[str, Any]] = []
    for number in range(1, count + 1):
        if lines and rng.random() < 0.15:
            lines.append({**rng.choice(lines), "line": number})
            continue
        quantity, price = rng.randint(1, 4), money(rng)
        amount = round(quantity * price, 2)
        name = rng.choice(GOODS)
        lines.append(
            {"line": number, "description": name, "quantity": quantity, "unit_price": price, "amount": amount}
        )
    return lines


TITLES = {
    "line": ("No", "Pos", "#", "Line"),
    "description": ("Description", "Item", "Bezeichnung", "Article", "品名"),
    "quantity": ("Qty", "Quantity", "Menge", "Units"),
    "unit_price": ("Unit price", "Price", "Einzelpreis", "Rate"),
    "amount": ("Amount", "Total", "Betrag", "Line total"),
}


def cells(writer: Writer, base: str, item: dict[str, Any], columns: Sequence[str]) -> list[Cell]:
    notation = writer.notation
    row = []
    for name in columns:
        value = item[name]
        if isinstance(value, bool):
            text = notation.truth[0 if value else 1]
        elif isinstance(value, float):
            text = notation.amount(value)
        elif isinstance(value, int):
            text = str(value)
        elif len(value) == 10 and value[4] == "-":
            text = notation.day(value)
        else:
            text = value
        row.append(Cell(text, f"{base}/{name}"))
    return row


def goods_columns(rng: random.Random) -> dict[str, str]:
    """Return the names of an order's columns with their titles."""
    columns = ["line", "description", "quantity", "unit_price", "amount"]
    if rng.random() < 0.3:
        columns = ["description", "line", "unit_price", "quantity", "amount"]
    if rng.random() < 0.3:
        columns.remove("line")
    return {name: rng.choice(TITLES[name]) for name in columns}


def goods_table(
    writer: Writer,
    rng: random.Random,
    items: list[dict[str, Any]],
    base: str,
    layout: str,
    columns: dict[str, str],
) -> None:
    for item in items:
        if "line" not in columns:
            del item["line"]
    header = list(columns.values())
    rows = [cells(writer, f"{base}/{i}", item, list(columns)) for i, item in enumerate(items)]
    table(writer, rng, header, rows, layout)


def labelled(
    writer: Writer, rng: random.Random, pairs: Sequence[tuple[str, Cell]], way: str = "", gap: str = ": "
) -> None:
    """Write values with their labels: left of them, above them, or in a row over a row of values."""
    way = way or rng.choice(["left", "left", "above", "row", "left-wide"])
    if way == "row":
        for start in range(0, len(pairs), 4):
            part = pairs[start : start + 4]
            wide = [max(len(label), len(cell.full)) + 3 for label, cell in part]
            writer.line(*(label.ljust(w) for (label, _), w in zip(part, wide, strict=True)))
            for (_, cell), w in zip(part, wide, strict=True):
                writer.write(cell, " " * (w - len(cell.full)))
            writer.blank()
        return
    for label, cell in pairs:
        if way == "above":
            writer.line(label)
            writer.line(cell)
        elif way == "left-wide":
            writer.line(label.ljust(28), cell)
        else:
            writer.line(label + gap, cell)


def party(rng: random.Random) -> dict[str, Any]:
    return {"name": rng.choice(FIRMS), "street": rng.choice(STREETS), "city": rng.choice(TOWNS)}


def party_block(writer: Writer, rng: random.Random, value: dict[str, Any], base: str, title: str) -> None:
    writer.line(title)
    for name in ("name", "street", "city"):
        writer.line(Cell(value[name], f"{base}/{name}"))


def head(writer: Writer, value: dict[str, Any], labels: dict[str, str]) -> list[tuple[str, Cell]]:
    return [(label, cells(writer, "", value, [name])[0]) for name, label in labels.items()]


def invoice(writer: Writer, rng: random.Random, layout: str) -> dict[str, Any]:
    seller, buyer = party(rng), party(rng)
    if rng.random() < 0.3:
        buyer = {**buyer, "city": seller["city"]}
    value: dict[str, Any] = {
        "invoice_number": f"INV-{rng.randint(1, 99)}" if rng.random() < 0.7 else str(rng.randint(1, 40)),
        "invoice_date": day(rng),
        "due_date": day(rng),
        "seller": seller,
        "buyer": buyer,
        "items": goods(rng, rng.randint(1, 14)),
    }
    if rng.random() < 0.15:
        value["due_date"] = value["invoice_date"]
    net = round(sum(item["amount"] for item in value["items"]), 2)
    tax = rng.choice([0.0, round(net * 0.19, 2)])
    value.update(subtotal=net, tax=tax, total=round(net + tax, 2), paid=rng.random() < 0.5)
    if rng.random() < 0.4:
        prose(writer, rng, value, 1)
    party_block(writer, rng, seller, "/seller", words(rng, "Seller:", "From", "Verkäufer", "Supplier"))
    writer.blank()
    party_block(writer, rng, buyer, "/buyer", words(rng, "Buyer:", "Bill to", "Kunde", "Buyer"))
    writer.blank()
    labels = {
        "invoice_number": words(rng, "Invoice no.", "Invoice number", "Rechnungsnummer", "Nr."),
        "invoice_date": words(rng, "Invoice date", "Date", "Datum", "Issued"),
        "due_date": words(rng, "Due date", "Payable by", "Fällig", "Due"),
    }
    labelled(writer, rng, head(writer, value, labels))
    writer.blank()
    goods_table(writer, rng, value["items"], "/items", layout, goods_columns(rng))
    if rng.random() < 0.5:
        writer.blank()
    totals = {
        "subtotal": words(rng, "Subtotal", "Net", "Zwischensumme"),
        "tax": words(rng, "Tax", "VAT 19%", "MwSt."),
        "total": words(rng, "Total", "Amount due", "Gesamtbetrag", "TOTAL"),
    }
    pairs = [(label, Cell(c.text, c.pointer, *_money(writer))) for label, c in head(writer, value, totals)]
    labelled(writer, rng, pairs, "left", rng.choice([": ", " ", "    "]))
    labelled(writer, rng, head(writer, value, {"paid": words(rng, "Paid", "Bezahlt", "Paid?")}), "left")
    if rng.random() < 0.6:
        prose(writer, rng, value, rng.randint(1, 3))
    return value


def _money(writer: Writer) -> tuple[str, str]:
    before, after = writer.notation.money.split("{}")
    return before, after


def _invoices(layout: str) -> Maker:
    return lambda writer, rng: invoice(writer, rng, layout)


STYLES.update({f"invoice_{layout}": _invoices(layout) for layout in (*LAYOUTS, "columns")})
