"""Styles of text from PDF files that counting was not made with."""

import long_lists_pdf_layouts as layouts
from long_lists_draft import Draft, Rows, total_text
from long_lists_pdf_text import Optional, carried, described, letterhead, table_style, thinned, with_pages
from long_lists_records import (
    AMOUNT,
    DATE,
    KINDS,
    ORDERS,
    PRICES,
    TEXT,
    TRANSACTIONS,
    WAYBILL,
    Field,
    Kind,
    firm,
    town,
)
from long_lists_styles import TITLES, Style, split
from long_lists_tables import wrap

STYLES: dict[str, Style] = {}


def style(maker: Style) -> Style:
    STYLES[maker.__name__] = maker
    return maker


STYLES["pdf_wrapped_rows"] = table_style(layouts.WrappedColumns, (TRANSACTIONS, ORDERS, WAYBILL))
STYLES["pdf_unmarked_pages"] = table_style(layouts.TwoLineHead, KINDS, paged=False)
STYLES["pdf_wrapped_cells"] = table_style(layouts.WrappedCellLines, (TRANSACTIONS, ORDERS, WAYBILL))
STYLES["pdf_cells_unmarked_pages"] = table_style(
    layouts.CellLines, (ORDERS, WAYBILL, TRANSACTIONS), paged=False
)


@style
def pdf_invoice(draft: Draft, count: int) -> None:
    """An invoice: quantity, text, price and amount with currencies, then net, tax and what is due."""
    writer, rng = draft.writer, draft.rng
    fields = tuple(f for f in ORDERS.fields if f.name not in ("customer", "order"))
    kind = Kind("lines", "lines", fields)
    rows = [{f.name: row[f.name] for f in fields} for row in ORDERS.rows(rng, "en", count)]
    with_pages(draft, rng.randint(25, 50), marked=rng.random() < 0.5)
    letterhead(draft, "INVOICE")
    pointer = draft.add_list(described(draft, kind), rows)
    writer.line(
        *rng.choice([["Qty Description Unit Line", "price total"], ["Quantity Product Price Amount"]])
    )
    money = rng.choice(["{} EUR", "${}", "EUR {}", "{}"]).format
    for row in rows:
        price, amount = (
            money(writer.notation.amount(v)) for v in (row["price"], row["quantity"] * row["price"])
        )
        writer.rows(pointer, [f"{row['quantity']} {row['product']} {price} {amount}"])
    net = sum(row["quantity"] * row["price"] for row in rows)
    for label, share in (("Net amount", 1.0), ("VAT 19%", 0.19), ("Amount due", 1.19)):
        writer.line(f"{label} {money(writer.notation.amount(round(net * share, 2)))}")
    writer.line("Payable within 14 days.", f"Bank: {firm(rng)} IBAN DE02 1203 0000 0000 2020 51")


@style
def pdf_account(draft: Draft, count: int) -> None:
    """A statement with a running balance, whose texts go on in the next line, over pages."""
    writer, rng, notation = draft.writer, draft.rng, draft.writer.notation
    balance = Field("balance", "money", AMOUNT.draw, {"en": "Balance", "de": "Saldo", "fr": "Solde"})
    kind = Kind("bookings", "bookings", (DATE, TEXT, AMOUNT, balance))
    rows: Rows = TRANSACTIONS.rows(rng, draft.language, count)
    balances = [round(rng.uniform(100, 20_000), 2)]
    for row in rows:
        balances.append(round(balances[-1] + row["amount"], 2))
        row["balance"] = balances[-1]
    with_pages(draft, rng.randint(25, 50), marked=rng.random() < 0.5)
    letterhead(draft, "ACCOUNT")
    pointer = draft.add_list(described(draft, kind), rows)
    carried(draft, pointer, balances)
    writer.line(" ".join(field.title(rng, draft.language) for field in kind.fields))
    for row in rows:
        first, *rest = wrap(row["description"], 18)
        cells = [
            notation.day(row["date"]),
            first,
            notation.amount(row["amount"]),
            notation.amount(row["balance"]),
        ]
        writer.rows(pointer, [" ".join(cells), *rest])
    writer.carried = None
    writer.line(f"New balance {notation.amount(balances[-1])}")


@style
def pdf_cells_with_gaps(draft: Draft, count: int) -> None:
    """One cell a line with cells left out, between lines of another kind."""
    kind, field = draft.rng.choice([(ORDERS, "customer"), (WAYBILL, "name"), (TRANSACTIONS, "description")])
    kind, rows = thinned(draft, kind, field, kind.rows(draft.rng, draft.language, count), 0.2)
    letterhead(draft, TITLES[kind.list_name])
    draft.table(draft.add_list(described(draft, kind), rows), kind, rows, layouts.CellLines)
    draft.writer.line("Prepared by", firm(draft.rng), "Signature", draft.writer.notation.day("2025-01-31"))


@style
def pdf_ragged_rows(draft: Draft, count: int) -> None:
    """Columns one blank apart, where some rows lack the last number."""
    kind, rows = thinned(draft, ORDERS, "price", ORDERS.rows(draft.rng, draft.language, count), 0.2)
    letterhead(draft, "ORDERS")
    draft.table(draft.add_list(described(draft, kind), rows), kind, rows, layouts.BlankColumns)
    draft.prose(1)


@style
def pdf_laboratory(draft: Draft, count: int) -> None:
    """A laboratory's report: a test, its value, a unit and a range in words."""
    rng, writer = draft.rng, draft.writer
    tests = "HAEMOGLOBIN,WHITE CELLS,PLATELET COUNT,MEAN CELL VOLUME (MCV),SODIUM,URIC ACID,IRON".split(",")
    units = ("g/dl", "%", "fL", "mmol/l", "10^3/uL")
    kind = Kind("results", "results", (
        Field("test", "text", lambda r, *_: r.choice(tests), {"en": "TEST"}),
        Field("value", "number", lambda r, *_: round(r.uniform(1, 180), 1), {"en": "VALUE"}),
        Optional("unit", "text", lambda r, *_: r.choice(units), {"en": "UNIT"}),
        Optional("reference_range", "text", lambda r, *_: f"{r.randint(1, 40)} - {r.randint(41, 99)}",
                 {"en": "REFERENCE"}),
    ))  # fmt: skip
    rows = kind.rows(rng, "en", count)
    letterhead(draft, "LABORATORY REPORT")
    pointer = draft.add_list(described(draft, kind), rows)
    writer.line("TEST VALUE UNIT REFERENCE")
    for row in rows:
        if rng.random() < 0.1:
            writer.line(rng.choice(["DIFFERENTIAL COUNT", "Serum", "Chemistry"]))
        flag = rng.choice(["", "", "H ", "L "])
        writer.rows(pointer, [f"{row['test']} {flag}{writer.notation.number(row['value'])} {row['unit']} "
                              f"{row['reference_range']}"])  # fmt: skip
    writer.line("Collected on 2025-02-03", "Reported on 2025-02-04", "Notes:")
    draft.prose(2)


@style
def pdf_schedule(draft: Draft, count: int) -> None:
    """A contract's text with numbered clauses, and a schedule of names and amounts that are added up."""
    rng, writer = draft.rng, draft.writer
    kind = Kind("lenders", "lenders", (
        Field("lender", "text", firm, {"en": "Lender"}),
        Field("commitment", "money", PRICES.fields[2].draw, {"en": "Commitment"}),
    ), "commitment")  # fmt: skip
    rows = kind.rows(rng, "en", count)
    writer.line(
        "CREDIT AGREEMENT", f"dated as of {writer.notation.day('2024-03-22')}", "among", firm(rng), "and"
    )
    for number in range(1, rng.randint(2, 5)):
        limit = writer.notation.amount(1000.0 * number)
        writer.line(
            f"{number}. The Borrower may borrow up to {limit} in total",
            f"from the Lenders in {town(rng, 'en')}.",
        )
    writer.line("SCHEDULE 2.01", "Lender Commitment")
    pointer = draft.add_list(described(draft, kind), rows)
    money = rng.choice(["{}", "${}", "EUR {}"]).format
    for row in rows:
        writer.rows(pointer, [f"{row['lender']} {money(writer.notation.amount(row['commitment']))}"])
    if rows:
        writer.line(f"Total: {money(total_text(kind, rows, writer.notation))}")
    draft.prose(1)


@style
def pdf_group_sums(draft: Draft, count: int) -> None:
    """Groups under headings, each with its sum alone on a line, and a total of all."""
    writer = draft.writer
    kind = Kind("costs", "costs", (PRICES.fields[1], PRICES.fields[2]), "price")
    rows = kind.rows(draft.rng, draft.language, count)
    letterhead(draft, "COSTS")
    pointer = draft.add_list(described(draft, kind), rows)
    writer.line(" ".join(field.title(draft.rng, draft.language) for field in kind.fields))
    for part in split(draft.rng, rows, 6):
        writer.line(firm(draft.rng))
        for row in part:
            writer.rows(pointer, [f"{row['product']} {writer.notation.amount(row['price'])}"])
        if part:
            writer.line(total_text(kind, part, writer.notation))
    writer.line(f"{draft.label('total')} {total_text(kind, rows, writer.notation)}")
