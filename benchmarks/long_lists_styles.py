"""Styles of long documents that counting may be made with."""

import random
from collections.abc import Callable

import long_lists_entries as entry
from long_lists_draft import Draft, Rows, summary_cells, total_text
from long_lists_entries import entries
from long_lists_records import KINDS, LOG, MATERIALS, ORDERS, ROSTER, TRANSACTIONS, Kind, closed, town
from long_lists_tables import LAYOUTS, Table
from long_lists_writing import Writer

Style = Callable[[Draft, int], None]
"""Writes a document with so many rows."""
STYLES: dict[str, Style] = {}
TITLES = {
    "transactions": "STATEMENT OF ACCOUNT",
    "prices": "Price list",
    "parcels": "WAYBILL",
    "orders": "Order book",
    "shifts": "Duty roster",
    "materials": "List of materials",
    "entries": "Log",
}


def style(maker: Style) -> Style:
    STYLES[maker.__name__] = maker
    return maker


def plain_table(layout: str, bare: float = 0.0) -> Style:
    """Return a style with one table; with the chance `bare` the document is nothing else."""

    def write(draft: Draft, count: int) -> None:
        kind = draft.kind(*KINDS, *([LOG] if draft.language == "en" else []))
        rows = kind.rows(draft.rng, draft.language, count)
        alone = draft.rng.random() < bare
        if not alone:
            draft.opening(TITLES[kind.list_name])
        pointer = draft.add_list(kind, rows)
        draft.table(pointer, kind, rows, layout)
        if not alone:
            draft.closing(kind, rows)

    return write


for _name in LAYOUTS:
    STYLES[_name] = plain_table(_name, bare=0.6 if "csv" in _name or _name in ("tsv", "semicolon") else 0.1)


def plain_entries(shape: entry.Entry, kinds: tuple[Kind, ...], blank: bool | None = None) -> Style:
    def write(draft: Draft, count: int) -> None:
        kind = draft.kind(*kinds)
        rows = kind.rows(draft.rng, draft.language, count)
        draft.opening(TITLES[kind.list_name])
        pointer = draft.add_list(kind, rows)
        entries(draft, pointer, kind, rows, shape, draft.rng.random() < 0.3 if blank is None else blank)
        draft.closing(kind, rows)

    return write


STYLES["blocks"] = plain_entries(entry.block, KINDS, blank=True)
STYLES["numbered"] = plain_entries(entry.numbered, KINDS)
STYLES["dated"] = plain_entries(entry.dated, (TRANSACTIONS, ROSTER), blank=False)
STYLES["bulleted"] = plain_entries(entry.bulleted, KINDS)
STYLES["starred"] = plain_entries(entry.starred, KINDS, blank=False)
STYLES["two_lines"] = plain_entries(entry.two_lines, KINDS)
STYLES["log"] = plain_entries(entry.log, (LOG,), blank=False)
STYLES["log_bracketed"] = plain_entries(entry.bracketed_log, (LOG,), blank=False)


def paged(draft: Draft, title: str, lines: int) -> None:
    """Give the pages of a document headers and footers."""
    writer = draft.writer
    writer.page_lines = lines
    writer.header = lambda w: (f"{title}, continued", "")
    writer.footer = lambda w: ("", f"Page {w.page} of {w.pages}")


@style
def pages(draft: Draft, count: int) -> None:
    """A table over pages with headers and footers, with or without the table's header on each."""
    kind = draft.kind(*KINDS)
    rows = kind.rows(draft.rng, draft.language, count)
    paged(draft, TITLES[kind.list_name], draft.rng.randint(18, 60))
    draft.opening(TITLES[kind.list_name])
    pointer = draft.add_list(kind, rows)
    layout = draft.rng.choice(["fixed", "fixed_ruled", "fixed_wrapped", "markdown"])
    draft.table(pointer, kind, rows, layout, repeat=draft.rng.random() < 0.7)
    draft.closing(kind, rows)
    draft.writer.line("", f"Page {draft.writer.page} of {draft.writer.pages}")


@style
def statement(draft: Draft, count: int) -> None:
    """A bank statement: opening and closing balance, balances carried forward at the page's end."""
    writer, notation = draft.writer, draft.writer.notation
    rows = TRANSACTIONS.rows(draft.rng, draft.language, count)
    paged(draft, "STATEMENT OF ACCOUNT", draft.rng.randint(25, 60))
    draft.opening("STATEMENT OF ACCOUNT")
    balance = round(draft.rng.uniform(100, 20_000), 2)
    writer.scalar(
        draft.add("opening_balance", {"type": "number"}, balance),
        f"Opening balance: {notation.amount(balance)}",
    )
    writer.line()
    pointer = draft.add_list(TRANSACTIONS, rows)
    balances = [balance]
    for row in rows:
        balances.append(round(balances[-1] + row["amount"], 2))

    def carried(w: Writer) -> tuple[str, str]:
        amount = notation.amount(balances[len(w.spans[pointer])])
        return f"Balance carried forward   {amount}", f"Balance brought forward   {amount}"

    writer.carried = carried
    draft.table(pointer, TRANSACTIONS, rows, draft.rng.choice(["fixed", "fixed_ruled", "tsv"]))
    writer.carried = None
    writer.scalar(
        draft.add("closing_balance", {"type": "number"}, balances[-1]),
        f"Closing balance: {notation.amount(balances[-1])}",
    )
    draft.closing(TRANSACTIONS, rows)


@style
def subtotals(draft: Draft, count: int) -> None:
    """A table with a subtotal after some rows."""
    kind = draft.kind(TRANSACTIONS, MATERIALS)
    rows = kind.rows(draft.rng, draft.language, count)
    step, last = draft.rng.randint(4, 12), [0]
    draft.opening(TITLES[kind.list_name])

    def between(i: int, table: Table) -> list[str]:
        if i == last[0] or (i % step and i < len(rows)):
            return []
        total = total_text(kind, rows[last[0] : i], draft.writer.notation)
        last[0] = i
        return table.row(summary_cells(table, kind, draft.rng.choice(["Subtotal", "Sub-total"]), total))

    pointer = draft.add_list(kind, rows)
    draft.table(pointer, kind, rows, draft.rng.choice(["fixed", "markdown", "csv", "html_text"]), between)
    draft.closing(kind, rows)


@style
def notes(draft: Draft, count: int) -> None:
    """A table some of whose rows are notes."""
    kind = draft.kind(*KINDS)
    rows = kind.rows(draft.rng, draft.language, count)
    places = set(draft.rng.sample(range(1, max(2, count)), min(max(0, count - 1), 1 + count // 15)))
    draft.opening(TITLES[kind.list_name])

    def between(i: int, table: Table) -> list[str]:
        if i not in places:
            return []
        note = draft.rng.choice(["Note: delivered late", "Note: see the annex", "NB: price under review"])
        cells = [""] * len(table.titles)
        cells[table.numeric.index(False) if False in table.numeric else 0] = note
        return table.row(cells)

    pointer = draft.add_list(kind, rows)
    draft.table(pointer, kind, rows, draft.rng.choice(["markdown", "fixed", "csv", "tsv"]), between)
    draft.closing(kind, rows)


@style
def twins(draft: Draft, count: int) -> None:
    """A table with identical rows and rows that differ in one value."""
    kind = draft.kind(*KINDS)
    few = kind.rows(draft.rng, draft.language, max(1, count // 8))
    rows: Rows = []
    for i in range(count):
        row = dict(draft.rng.choice(few))
        if draft.rng.random() < 0.4:
            field = draft.rng.choice(kind.fields)
            row[field.name] = field.draw(draft.rng, draft.language, i)
        rows.append(row)
    draft.opening(TITLES[kind.list_name])
    draft.table(draft.add_list(kind, rows), kind, rows, draft.rng.choice(sorted(LAYOUTS)))
    draft.closing(kind, rows)


def split(rng: random.Random, rows: Rows, at_most: int) -> list[Rows]:
    """Split rows into parts of one row or more."""
    parts = min(at_most, max(1, len(rows) // 6))
    cuts = sorted(rng.sample(range(1, len(rows)), parts - 1)) if len(rows) > 1 else []
    return [rows[a:b] for a, b in zip([0, *cuts], [*cuts, len(rows)], strict=True)]


@style
def sections(draft: Draft, count: int) -> None:
    """Many sections with a heading and a table each, asked for as a list of sections."""
    kind = draft.kind(*KINDS)
    parts = split(draft.rng, kind.rows(draft.rng, draft.language, count), 30)
    draft.opening(TITLES[kind.list_name])
    layout = draft.rng.choice(["markdown", "fixed", "tsv", "csv"])
    item = closed({"title": {"type": "string"}, kind.list_name: {"type": "array", "items": kind.schema}})
    gold: Rows = []
    outer = draft.add("sections", {"type": "array", "items": item}, gold)
    draft.writer.list_at(outer)
    for i, (title, part) in enumerate(zip(section_titles(draft, len(parts)), parts, strict=True)):
        gold.append({"title": title, kind.list_name: part})
        inner = f"{outer}/{i}/{kind.list_name}"
        with draft.writer.row(outer):
            draft.writer.line(f"## {title}", "")
            draft.writer.list_at(inner)
            draft.table(inner, kind, part, layout)
        draft.writer.line()


@style
def sections_flat(draft: Draft, count: int) -> None:
    """Sections with a heading and a table each, all rows asked for as one list."""
    kind = draft.kind(*KINDS)
    rows = kind.rows(draft.rng, draft.language, count)
    draft.opening(TITLES[kind.list_name])
    pointer = draft.add_list(kind, rows)
    layout = draft.rng.choice(["markdown", "fixed", "html_text", "fixed_ruled"])
    parts = split(draft.rng, rows, 30)
    for title, part in zip(section_titles(draft, len(parts)), parts, strict=True):
        draft.writer.line(title, "")
        draft.table(pointer, kind, part, layout)
        draft.writer.line()
    draft.closing(kind, rows)


def section_titles(draft: Draft, count: int) -> list[str]:
    return [f"{town(draft.rng, draft.language)} {i + 1}" for i in range(count)]


@style
def two_tables(draft: Draft, count: int) -> None:
    """Two different tables for two lists of the schema."""
    kinds = draft.rng.sample([TRANSACTIONS, ORDERS, ROSTER], 2)
    layout = draft.rng.choice(["markdown", "fixed", "csv", "html_text"])
    draft.opening("Report")
    sizes = (count - count // 3, count // 3)
    for kind, size in zip(kinds, sizes, strict=True):
        rows = kind.rows(draft.rng, draft.language, size)
        pointer = draft.add_list(kind, rows)
        draft.writer.line(kind.list_name.capitalize(), "")
        if size:
            draft.table(pointer, kind, rows, layout)
        else:
            draft.nothing(kind)
        draft.writer.line()


@style
def few(draft: Draft, _: int) -> None:
    """A list of no, one or two rows."""
    kind = draft.kind(*KINDS)
    rows = kind.rows(draft.rng, draft.language, draft.rng.randint(0, 2))
    draft.opening(TITLES[kind.list_name])
    pointer = draft.add_list(kind, rows)
    if not rows and draft.rng.random() < 0.6:
        draft.nothing(kind)
    elif draft.rng.random() < 0.3 and rows:
        entries(draft, pointer, kind, rows, entry.block, blank=True)
    else:
        draft.table(pointer, kind, rows, draft.rng.choice(sorted(LAYOUTS)))
    draft.closing(kind, rows)
