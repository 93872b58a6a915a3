"""Styles of text that came out of PDF files: no tabs, no bars, no wide gaps, and often no page breaks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import long_lists_pdf_layouts as layouts
from long_lists_draft import Draft, Rows, total_text
from long_lists_records import KINDS, MATERIALS, ORDERS, PRICES, TRANSACTIONS, WAYBILL, Field, Kind, firm
from long_lists_styles import TITLES, Style, split
from long_lists_tables import Table
from long_lists_writing import Writer

STYLES: dict[str, Style] = {}


def style(maker: Style) -> Style:
    STYLES[maker.__name__] = maker
    return maker


def letterhead(draft: Draft, title: str) -> None:
    """Write what stands above the table: an address, a few labels with values, line by line."""
    writer, rng = draft.writer, draft.rng
    facts = [firm(rng), f"P.O. Box {rng.randint(10, 999)}", f"Phone 020 {rng.randint(1000, 9999)}",
             "Customer no.", f"{rng.randint(10_000, 99_999)}", "Date", writer.notation.day("2025-02-03"),
             "Reference", f"R-{rng.randint(100, 999)}"]  # fmt: skip
    first = rng.randint(0, 3)
    writer.line(*facts[first : first + rng.randint(2, 6)], title)


def with_pages(draft: Draft, lines: int, *, marked: bool) -> None:
    """Give pages a footer and a header; without marks, nothing but these shows where a page ends."""
    writer = draft.writer
    writer.page_lines, writer.page_mark = lines, "\f" if marked else ""
    owner = firm(draft.rng)
    writer.footer = lambda w: (f"{owner} · Registered in England 0123456", f"Page {w.page} of {w.pages}")
    writer.header = lambda w: (owner,)


def ending(draft: Draft, kind: Kind, rows: Rows) -> None:
    """Write the sum of a table right below it, and a few lines of text."""
    writer = draft.writer
    if kind.summed and rows and draft.rng.random() < 0.7:
        label = draft.rng.choice([draft.label("total"), f"{draft.label('total')}:"])
        writer.line(f"{label} {total_text(kind, rows, writer.notation)}")
    draft.prose(draft.rng.choice([0, 1, 2]))


def table_style(layout: type[Table], kinds: Sequence[Kind] = KINDS, paged: bool | None = None) -> Style:
    """Return a style with one table; `paged` says whether its pages are marked, if it has any."""

    def write(draft: Draft, count: int) -> None:
        kind = draft.kind(*kinds)
        rows = kind.rows(draft.rng, draft.language, count)
        if paged is not None:
            with_pages(draft, draft.rng.randint(20, 45), marked=paged)
        letterhead(draft, TITLES[kind.list_name])
        pointer = draft.add_list(described(draft, kind), rows)
        draft.table(pointer, kind, rows, layout, repeat=draft.rng.random() < 0.7)
        ending(draft, kind, rows)

    return write


STYLES["blank_columns"] = table_style(layouts.BlankColumns)
STYLES["blank_columns_two_line_head"] = table_style(layouts.TwoLineHead)
STYLES["blank_columns_paged"] = table_style(layouts.BlankColumns, paged=True)
STYLES["cell_by_cell"] = table_style(layouts.CellLines, (TRANSACTIONS, PRICES, WAYBILL, ORDERS))
STYLES["cell_by_cell_paged"] = table_style(layouts.CellLines, (TRANSACTIONS, WAYBILL, ORDERS), paged=True)


@dataclass(frozen=True)
class Described(Field):
    """A field whose description quotes the titles that the document prints."""

    plain: Field | None = None
    """The field without the description."""

    @property
    def schema(self) -> dict[str, Any]:
        titles = dict.fromkeys(title for each in self.titles.values() for title in each.split("/"))
        quoted = ", ".join(f"'{title}'" for title in titles)
        return {**(self.plain or super()).schema, "description": f"The {self.name}, printed as {quoted}"}


def described(draft: Draft, kind: Kind) -> Kind:
    """Return a kind whose fields are described, in most documents."""
    if draft.rng.random() < 0.3:
        return kind
    return replace(kind, fields=tuple(Described(f.name, f.form, f.draw, f.titles, f) for f in kind.fields))


class Optional(Field):
    """A field that some rows leave empty."""

    @property
    def schema(self) -> dict[str, Any]:
        return {**super().schema, "type": [super().schema["type"], "null"]}


def thinned(draft: Draft, kind: Kind, field: str, rows: Rows, share: float) -> tuple[Kind, Rows]:
    """Return a kind whose field is optional, and rows without a value of it here and there."""
    fields = tuple(Optional(f.name, f.form, f.draw, f.titles) if f.name == field else f for f in kind.fields)
    return replace(kind, fields=fields), [
        {**row, field: None} if draft.rng.random() < share else row for row in rows
    ]


@style
def cell_by_cell_gaps(draft: Draft, count: int) -> None:
    """One cell a line, where some rows lack a cell and long cells are wrapped."""
    kind, field = draft.rng.choice([(WAYBILL, "town"), (ORDERS, "quantity"), (PRICES, "product")])
    kind, rows = thinned(draft, kind, field, kind.rows(draft.rng, draft.language, count), 0.15)
    letterhead(draft, TITLES[kind.list_name])
    layout = draft.rng.choice([layouts.CellLines, layouts.WrappedCellLines])
    draft.table(draft.add_list(described(draft, kind), rows), kind, rows, layout)
    ending(draft, kind, rows)


@style
def blank_columns_subtotals(draft: Draft, count: int) -> None:
    """Groups with a heading and a subtotal each, and the total of all."""
    kind = draft.kind(TRANSACTIONS, MATERIALS)
    rows = kind.rows(draft.rng, draft.language, count)
    draft.opening(TITLES[kind.list_name])
    pointer = draft.add_list(described(draft, kind), rows)
    writer = draft.writer
    word = draft.rng.choice(["Subtotal", "Sub-total", "Sum"])
    parts = split(draft.rng, rows, 8)
    for i, part in enumerate(parts):
        writer.line(f"Group {firm(draft.rng)}")
        table = layouts.BlankColumns([f.title(draft.rng, draft.language) for f in kind.fields], [], [])
        writer.line(*(table.head() if i == 0 else []))
        for row in part:
            writer.rows(pointer, table.row([f.shown(row[f.name], writer.notation) for f in kind.fields]))
        if part:
            writer.line(f"{word} {total_text(kind, part, writer.notation)}")
    writer.line(f"{draft.label('total')} {total_text(kind, rows, writer.notation)}")
    draft.prose(draft.rng.choice([0, 1]))


@style
def blank_columns_numbered(draft: Draft, count: int) -> None:
    """Rows that begin with their number, without a point after it."""
    kind = draft.kind(ORDERS, PRICES, WAYBILL, MATERIALS)
    rows = kind.rows(draft.rng, draft.language, count)
    letterhead(draft, TITLES[kind.list_name])
    pointer, writer = draft.add_list(described(draft, kind), rows), draft.writer
    titles = [field.title(draft.rng, draft.language) for field in kind.fields]
    writer.line(" ".join([draft.rng.choice(["No.", "Pos.", "#"]), *titles]))
    for i, row in enumerate(rows):
        cells = [field.shown(row[field.name], writer.notation) for field in kind.fields]
        writer.rows(pointer, [" ".join([str(i + 1), *cells])])
    ending(draft, kind, rows)


def carried(draft: Draft, pointer: str, balances: Sequence[float]) -> None:
    """Let pages end and begin with the balance carried forward."""

    def lines(w: Writer) -> tuple[str, str]:
        amount = w.notation.amount(balances[len(w.spans[pointer])])
        return f"Balance carried forward {amount}", f"Balance brought forward {amount}"

    draft.writer.carried = lines


@style
def blank_statement(draft: Draft, count: int) -> None:
    """A statement: date, text, amount, one blank apart, over pages that nothing marks."""
    writer, notation = draft.writer, draft.writer.notation
    rows = TRANSACTIONS.rows(draft.rng, draft.language, count)
    with_pages(draft, draft.rng.randint(20, 50), marked=draft.rng.random() < 0.5)
    letterhead(draft, "STATEMENT OF ACCOUNT")
    balances = [round(draft.rng.uniform(100, 20_000), 2)]
    for row in rows:
        balances.append(round(balances[-1] + row["amount"], 2))
    writer.line(f"Opening balance {notation.amount(balances[0])}")
    pointer = draft.add_list(described(draft, TRANSACTIONS), rows)
    carried(draft, pointer, balances)
    draft.table(pointer, TRANSACTIONS, rows, layouts.BlankColumns)
    writer.carried = None
    writer.line(f"Closing balance {notation.amount(balances[-1])}")
    draft.prose(draft.rng.choice([0, 1]))
