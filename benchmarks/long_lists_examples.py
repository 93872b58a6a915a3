"""Write the long documents of `examples/`: a bank statement of 12 pages and an invoice of 3.

`python benchmarks/long_lists_examples.py [FOLDER]` writes text, schema and object of each, always the same.
"""

import argparse
import json
import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from grounding_rendering import NOTATIONS
from long_lists_records import closed, firm, goods
from long_lists_writing import Writer

PLAIN = NOTATIONS[1]
PAGE = 50
"""Transactions of a page of the statement."""
TEXT, DAY, NUMBER = {"type": "string"}, {"type": "string", "format": "date"}, {"type": "number"}
Example = tuple[str, dict[str, Any], dict[str, Any]]
"""Text, schema and object."""


def writer(rng: random.Random, lines: int, pages: int) -> Writer:
    return Writer(rng, PLAIN, "\n", lines, pages)


def transactions(rng: random.Random, count: int, balance: float) -> list[dict[str, Any]]:
    """Return bookings of one half-year with the balance after each."""
    day, rows = date(2026, 1, 2), []
    for i in range(count):
        day += timedelta(days=i % 10 // 9 + rng.choice([0, 0, 0, 1]) * (i % 3 == 0))
        company = firm(rng)
        kind = rng.choice(["Card payment", "Card payment", "Direct debit", "Transfer", "Standing order"])
        text, amount = f"{kind} {company}", -round(rng.uniform(2, 180), 2)
        if i % 25 == 20:
            text, amount = "Salary Northwind Office Supplies", 3_120.5
        elif rng.random() < 0.08:
            text, amount = f"Refund {company}", round(rng.uniform(5, 90), 2)
        elif i % 40 == 11:
            text, amount = "ATM withdrawal", -50.0
        balance = round(balance + amount, 2)
        rows.append({"date": day.isoformat(), "description": text, "amount": amount, "balance": balance})
        if i % 100 == 57:  # the same booking twice, as it happens
            rows[-1] = {**rows[-2], "balance": round(rows[-2]["balance"] + rows[-2]["amount"], 2)}
            balance = rows[-1]["balance"]
    return rows


def bank_statement() -> Example:
    rng = random.Random("bank statement 2026")
    rows = transactions(rng, 12 * PAGE, 2_418.07)
    gold = {
        "account_number": "4401-778213",
        "holder": "Maria Keller",
        "opening_balance": 2_418.07,
        "closing_balance": rows[-1]["balance"],
        "transactions": rows,
    }
    item = closed({"date": DAY, "description": TEXT, "amount": NUMBER, "balance": NUMBER})
    schema = closed(
        {
            "account_number": TEXT,
            "holder": TEXT,
            "opening_balance": NUMBER,
            "closing_balance": NUMBER,
            "transactions": {"type": "array", "items": item, "description": "All bookings of the statement"},
        }
    )
    return statement_text(rng, gold), schema, gold


def statement_text(rng: random.Random, gold: dict[str, Any]) -> str:
    rows, paper = gold["transactions"], writer(rng, 10_000, 12)
    paper.header = lambda w: ("HARBOR BANK", f"Account number: {gold['account_number']}", "")
    paper.footer = lambda w: ("", f"Page {w.page} of {w.pages}")
    head = f"{'Date':12}{'Description':52}{'Amount':>12}{'Balance':>14}"
    paper.repeated = (head, "-" * len(head))
    paper.line("HARBOR BANK", "STATEMENT OF ACCOUNT", "", f"Account number: {gold['account_number']}")
    paper.line(f"Account holder: {gold['holder']}", f"Period: {rows[0]['date']} to {rows[-1]['date']}")
    paper.line(f"Opening balance: {PLAIN.amount(gold['opening_balance'])}", "", *paper.repeated)
    for i, row in enumerate(rows):
        if i and i % PAGE == 0:
            forward = f"{'':12}{{:52}}{'':12}{PLAIN.amount(rows[i - 1]['balance']):>14}"
            paper.carried = lambda w, forward=forward: (
                forward.format("Balance carried forward"),
                forward.format("Balance brought forward"),
            )
            paper.turn_page()
        amounts = f"{PLAIN.amount(row['amount']):>12}{PLAIN.amount(row['balance']):>14}"
        with paper.row("/transactions"):
            paper.line(f"{row['date']:12}{row['description']:52}{amounts}")
    paper.line("", f"Closing balance: {PLAIN.amount(gold['closing_balance'])}")
    paper.line(f"Number of transactions: {len(rows)}", "", f"Page {paper.page} of {paper.pages}")
    return paper.text


def invoice() -> Example:
    rng = random.Random("invoice 2026")
    rows: list[dict[str, Any]] = []
    for _ in range(84):
        quantity, price = rng.randint(1, 9), round(rng.uniform(2, 95), 2)
        amount = round(quantity * price, 2)
        rows.append(
            {"description": goods(rng, "en"), "quantity": quantity, "unit_price": price, "amount": amount}
        )
    subtotal = round(sum(row["amount"] for row in rows), 2)
    tax = round(0.19 * subtotal, 2)
    gold = {
        "invoice_number": "INV-2026-0371",
        "issue_date": "2026-05-18",
        "vendor_name": "Northwind Office Supplies Ltd",
        "customer_name": "Harbor Logistics GmbH",
        "line_items": rows,
        "subtotal": subtotal,
        "tax": tax,
        "total": round(subtotal + tax, 2),
    }
    item = closed(
        {"description": TEXT, "quantity": {"type": "integer"}, "unit_price": NUMBER, "amount": NUMBER}
    )
    schema = closed(
        {
            "invoice_number": TEXT,
            "issue_date": DAY,
            "vendor_name": TEXT,
            "customer_name": TEXT,
            "line_items": {"type": "array", "items": item},
            "subtotal": NUMBER,
            "tax": NUMBER,
            "total": NUMBER,
        }
    )
    return invoice_text(rng, gold), schema, gold


def invoice_text(rng: random.Random, gold: dict[str, Any]) -> str:
    paper = writer(rng, 44, 3)
    paper.header = lambda w: (f"Invoice {gold['invoice_number']}, continued", "")
    paper.footer = lambda w: ("", f"Page {w.page} of {w.pages}")
    paper.line(
        "INVOICE", "", f"Invoice number: {gold['invoice_number']}", f"Issue date: {gold['issue_date']}"
    )
    paper.line(f"Vendor name: {gold['vendor_name']}", f"Customer name: {gold['customer_name']}", "")
    paper.repeated = ("Description | Quantity | Unit price | Amount",)
    paper.line(*paper.repeated)
    for row in gold["line_items"]:
        price, amount = PLAIN.amount(row["unit_price"]), PLAIN.amount(row["amount"])
        paper.rows("/line_items", [f"{row['description']} | {row['quantity']} | {price} | {amount}"])
    paper.line("")
    for name in ("subtotal", "tax", "total"):
        paper.line(f"{name.capitalize()}: {PLAIN.amount(gold[name])}")
    paper.line("", "Thank you for your business.", f"Page {paper.page} of {paper.pages}")
    return paper.text


EXAMPLES = {"bank_statement": bank_statement, "long_invoice": invoice}


def files() -> dict[str, str]:
    """Return the contents of all files by their names."""
    contents = {}
    for name, make in EXAMPLES.items():
        text, schema, gold = make()
        contents[f"{name}.txt"] = text
        contents[f"{name}.schema.json"] = json.dumps(schema, indent=2) + "\n"
        contents[f"{name}.json"] = json.dumps(gold, indent=2) + "\n"
    return contents


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=Path(__file__).parents[1] / "examples")
    folder = parser.parse_args().folder
    for name, content in files().items():
        (folder / name).write_text(content, encoding="utf-8", newline="")
        print(f"wrote {folder / name}")


if __name__ == "__main__":
    main()
