"""More styles of documents: statements, receipts, letters, forms, sections, records, inline lists."""

import random
from typing import Any

from grounding_documents import (
    FIRMS,
    GOODS,
    PEOPLE,
    STREETS,
    TOWNS,
    cells,
    day,
    goods,
    goods_columns,
    goods_table,
    head,
    labelled,
    money,
    prose,
    style,
    words,
)
from grounding_rendering import LAYOUTS, Cell, Writer, table


@style
def statement(writer: Writer, rng: random.Random) -> Any:
    opening = balance = money(rng)
    rows: list[dict[str, Any]] = []
    when = day(rng)
    for _ in range(rng.randint(3, 40)):
        if rng.random() < 0.5:
            when = max(when, day(rng))
        change = rng.choice([10.0, -10.0, -5.0, 25.0, -money(rng), money(rng)])
        balance = round(balance + change, 2)
        text = rng.choice(["Card payment", "Salary", "Transfer", "Fee", *FIRMS])
        rows.append({"date": when, "text": text, "change": change, "balance": balance})
    value = {
        "account_holder": rng.choice(PEOPLE),
        "account_number": str(rng.randint(10**7, 10**8)),
        "opening_balance": opening,
        "transactions": rows,
        "closing_balance": balance,
    }
    names = {"account_holder": "Account holder", "account_number": words(rng, "Account no.", "Konto")}
    labelled(writer, rng, head(writer, value, names))
    names = {"opening_balance": words(rng, "Opening balance", "Balance brought forward", "Anfangssaldo")}
    labelled(writer, rng, head(writer, value, names), "left")
    body = [cells(writer, f"/transactions/{i}", row, list(row)) for i, row in enumerate(rows)]
    table(writer, rng, ["Date", "Text", "Amount", "Balance"], body, rng.choice(LAYOUTS))
    names = {"closing_balance": words(rng, "Closing balance", "New balance", "Endsaldo")}
    labelled(writer, rng, head(writer, value, names), "left")
    return value


@style
def receipt(writer: Writer, rng: random.Random) -> Any:
    items = []
    for _ in range(rng.randint(1, 9)):
        items.append({"name": rng.choice(GOODS), "price": rng.choice([1.5, 2.0, 5.0, money(rng)])})
    total = round(sum(item["price"] for item in items), 2)
    value = {"store": rng.choice(FIRMS), "date": day(rng), "items": items, "total": total, "cash": total}
    if rng.random() < 0.6:
        value["cash"] = 500.0
    writer.line(Cell(value["store"], "/store"))
    writer.line(rng.choice(STREETS), " ", rng.choice(TOWNS))
    writer.line(words(rng, "Date ", ""), *cells(writer, "", value, ["date"]), "  14:02")
    for i, item in enumerate(items):
        start = len(writer.text)
        name, price = cells(writer, f"/items/{i}", item, ["name", "price"])
        writer.line(name, " " * max(1, 26 - len(name.text)), price)
        writer.rows[f"/items/{i}"] = (start, len(writer.text))
    labels = {"total": words(rng, "TOTAL", "Summe", "To pay"), "cash": words(rng, "Cash", "Bar", "CASH")}
    labelled(writer, rng, head(writer, value, labels), "left-wide")
    writer.line("Thank you! ", value["store"])
    return value


@style
def letter(writer: Writer, rng: random.Random) -> Any:
    sender, recipient = rng.sample(PEOPLE, 2)
    value = {
        "sender": sender,
        "recipient": recipient,
        "sent": day(rng),
        "reference": f"R{rng.randint(100, 999)}",
        "meeting_date": day(rng),
        "participants": rng.sample(PEOPLE, 3),
        "budget": money(rng),
        "room": rng.randint(1, 12),
    }
    way = "left"
    names = {
        "sender": "From",
        "recipient": "To",
        "sent": "Date",
        "reference": words(rng, "Ref", "Reference", "Our sign"),
    }
    labelled(writer, rng, head(writer, value, names), way)
    writer.blank()
    writer.line("Dear colleague,")
    if rng.random() < 0.5:
        prose(writer, rng, {"reference": value["reference"]}, 2)
    one = {name: cells(writer, "", value, [name])[0] for name in ("meeting_date", "budget", "room")}
    writer.line("the meeting takes place on ", one["meeting_date"], " in room ", one["room"], ".")
    writer.write("Participants: ")
    for i, person in enumerate(value["participants"]):
        writer.write(", " if i else "", Cell(person, f"/participants/{i}"))
    writer.line(".")
    writer.line("We have a budget of ", one["budget"], " for it.")
    writer.line("Regards")
    writer.line(value["sender"])
    return value


@style
def form(writer: Writer, rng: random.Random) -> Any:
    def person() -> dict[str, Any]:
        return {
            "full_name": rng.choice(PEOPLE),
            "date_of_birth": day(rng),
            "city": rng.choice(TOWNS),
            "smoker": rng.random() < 0.5,
            "children": rng.randint(0, 4),
        }

    value: dict[str, Any] = {
        "applicant": person(),
        "spouse": person(),
        "policy": {"years": rng.randint(1, 30)},
    }
    value["policy"].update(start=day(rng), sum=money(rng), rider=rng.random() < 0.5)
    titles = {"applicant": words(rng, "Applicant", "1. Applicant"), "spouse": "Spouse", "policy": "Policy"}
    way = rng.choice(["left", "above", "left-wide", "row"])
    for part, title in titles.items():
        writer.line(words(rng, title, title.upper(), f"## {title}"))
        labels = {name: name.replace("_", " ").capitalize() for name in value[part]}
        pairs = [(label, cells(writer, f"/{part}", value[part], [name])[0]) for name, label in labels.items()]
        labelled(writer, rng, pairs, way)
        writer.blank()
    return value


@style
def records(writer: Writer, rng: random.Random) -> Any:
    people = []
    for i in range(rng.randint(2, 12)):
        people.append(
            {
                "id": i + 1,
                "name": rng.choice(PEOPLE),
                "age": rng.randint(20, 24),
                "active": rng.random() < 0.5,
            }
        )
        people[-1].update(joined=rng.choice([day(rng), "2024-01-01"]), score=rng.randint(1, 5))
    way = rng.choice(["left", "above", "left-wide"])
    for i, one in enumerate(people):
        start = len(writer.text)
        labels = [words(rng, name.capitalize(), name) for name in one]
        labelled(
            writer, rng, list(zip(labels, cells(writer, f"/people/{i}", one, list(one)), strict=True)), way
        )
        writer.rows[f"/people/{i}"] = (start, len(writer.text))
        if rng.random() < 0.8:
            writer.blank()
    return {"people": people}


@style
def sections(writer: Writer, rng: random.Random) -> Any:
    parts = []
    layout = rng.choice(["fixed", "spaces", "tabs", "markdown", "csv", "broken", "cells"])
    columns = goods_columns(rng)
    for number in range(rng.randint(2, 5)):
        items = goods(rng, rng.randint(1, 6))
        total = round(sum(item["amount"] for item in items), 2)
        parts.append({"name": f"{rng.choice(TOWNS)}", "items": items, "section_total": total})
        writer.line(
            words(rng, "Section", "Branch"),
            f" {number + 1}: ",
            Cell(parts[-1]["name"], f"/sections/{number}/name"),
        )
        goods_table(writer, rng, items, f"/sections/{number}/items", layout, columns)
        labelled(
            writer,
            rng,
            [
                (
                    words(rng, "Section total", "Sum"),
                    cells(writer, f"/sections/{number}", parts[-1], ["section_total"])[0],
                )
            ],
            "left",
        )
        writer.blank()
    value = {"sections": parts, "grand_total": round(sum(part["section_total"] for part in parts), 2)}
    labelled(writer, rng, head(writer, value, {"grand_total": "Grand total"}), "left")
    return value


@style
def several_tables(writer: Writer, rng: random.Random) -> Any:
    layout = rng.choice(LAYOUTS)
    names = rng.sample(GOODS, 6)
    stock = [{"product": name, "count": rng.randint(1, 9)} for name in names]
    orders = [
        {"product": rng.choice(names), "count": rng.randint(1, 9), "customer": rng.choice(FIRMS)}
        for _ in range(8)
    ]
    value = {"warehouse": rng.choice(TOWNS), "stock": stock, "orders": orders}
    writer.line("Warehouse: ", Cell(value["warehouse"], "/warehouse"))
    tables = [("stock", "Stock", stock), ("orders", "Orders", orders)]
    if rng.random() < 0.5:
        tables.reverse()
    for key, title, rows in tables:
        writer.line(title)
        body = [cells(writer, f"/{key}/{i}", row, list(row)) for i, row in enumerate(rows)]
        table(writer, rng, [name.capitalize() for name in rows[0]], body, layout)
        writer.blank()
    return value


@style
def inline(writer: Writer, rng: random.Random) -> Any:
    tags = rng.sample(GOODS, 4)
    people = [{"name": rng.choice(PEOPLE), "age": rng.randint(20, 24)} for _ in range(rng.randint(2, 6))]
    value = {"team": people, "tools": tags, "sizes": [rng.randint(1, 5) for _ in range(4)]}
    writer.write("The team has ")
    for i, one in enumerate(people):
        name, age = cells(writer, f"/team/{i}", one, ["name", "age"])
        writer.write(", " if i else "", name, " (", age, ")")
    writer.line(".")
    writer.line("Tools:")
    for i, tag in enumerate(tags):
        writer.line("- ", Cell(tag, f"/tools/{i}"))
    writer.write("Sizes: ")
    for i, size in enumerate(value["sizes"]):
        writer.write(" / " if i else "", Cell(str(size), f"/sizes/{i}"))
    writer.blank()
    return value


@style
def identical(writer: Writer, rng: random.Random) -> Any:
    row = {"code": "A1", "pieces": 1, "weight": 2.5}
    rows = [dict(row) if rng.random() < 0.8 else {**row, "pieces": 2} for _ in range(rng.randint(3, 30))]
    body = [cells(writer, f"/parcels/{i}", one, list(one)) for i, one in enumerate(rows)]
    writer.line("Parcels of type A1, 1 piece each unless stated")
    table(writer, rng, ["Code", "Pieces", "Weight"], body, rng.choice([*LAYOUTS, "columns"]))
    return {"parcels": rows}
