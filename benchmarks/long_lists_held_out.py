"""Styles that counting was not made with: other rules, headers, numbering, layouts and page marks."""

from dataclasses import replace
from datetime import date

import long_lists_held_out_layouts as layouts
from long_lists_draft import Draft, Rows, total_text
from long_lists_entries import Shown, entries
from long_lists_held_out_uncertain import UNCERTAIN
from long_lists_records import (
    AMOUNT,
    DATE,
    KINDS,
    LOG,
    MATERIALS,
    ORDERS,
    PRICES,
    ROSTER,
    TEXT,
    TRANSACTIONS,
    Field,
    Kind,
    closed,
    firm,
    goods,
    town,
)
from long_lists_styles import TITLES, Style, split
from long_lists_tables import Table, pad, width
from long_lists_writing import Writer

STYLES: dict[str, Style] = dict(UNCERTAIN)


def style(maker: Style) -> Style:
    STYLES[maker.__name__] = maker
    return maker


def table_style(layout: type[Table]) -> Style:
    def write(draft: Draft, count: int) -> None:
        kind = draft.kind(*KINDS)
        rows = kind.rows(draft.rng, draft.language, count)
        draft.opening(TITLES[kind.list_name].upper())
        draft.table(draft.add_list(kind, rows), kind, rows, layout)
        draft.closing(kind, rows)

    return write


STYLES["box"] = table_style(layouts.Box)
STYLES["grid"] = table_style(layouts.Grid)
STYLES["ruled_right"] = table_style(layouts.RuledRight)
STYLES["simple_table"] = table_style(layouts.SimpleTable)
STYLES["open_pipes"] = table_style(layouts.OpenPipes)


def letters(i: int) -> str:
    """Return `a` to `z`, then `aa`, `ab` and so on."""
    return ("" if i < 26 else letters(i // 26 - 1)) + chr(97 + i % 26)


def parenthesis(i: int, row: Shown) -> list[str]:
    return [f"{i + 1}) " + " - ".join(text for _, text in row)]


def lettered(i: int, row: Shown) -> list[str]:
    return [f"{letters(i)}. " + ", ".join(text for _, text in row)]


def key_values(_: int, row: Shown) -> list[str]:
    return [" ".join(f"{title.replace(' ', '_')}={text!r}" for title, text in row)]


def card(i: int, row: Shown) -> list[str]:
    size = max(width(title) for title, _ in row) + 4
    return [f"{title} {'.' * (size - width(title))} {text}" for title, text in row]


def item_heading(i: int, row: Shown) -> list[str]:
    return [f"Item no. {i + 1}", *(f"  {title} = {text}" for title, text in row)]


def leaders(_: int, row: Shown) -> list[str]:
    *texts, last = [text for _, text in row]
    return [" ".join(texts) + " " + "." * max(3, 60 - sum(map(width, texts))) + " " + last]


def access_log(_: int, row: Shown) -> list[str]:
    time, level, component, message = (text for _, text in row)
    return [f'10.0.{len(message)}.7 - {component} [{time} +0000] "{message}" {level} {len(component) * 37}']


def entry_style(shape, kinds: tuple[Kind, ...]) -> Style:
    def write(draft: Draft, count: int) -> None:
        kind = draft.kind(*kinds)
        rows = kind.rows(draft.rng, draft.language, count)
        draft.opening(TITLES[kind.list_name].upper())
        entries(draft, draft.add_list(kind, rows), kind, rows, shape)
        draft.closing(kind, rows)

    return write


STYLES["parenthesis"] = entry_style(parenthesis, KINDS)
STYLES["lettered"] = entry_style(lettered, KINDS)
STYLES["key_values"] = entry_style(key_values, (*KINDS, LOG))
STYLES["item_heading"] = entry_style(item_heading, KINDS)
STYLES["leaders"] = entry_style(leaders, (PRICES, MATERIALS))
STYLES["access_log"] = entry_style(access_log, (LOG,))


@style
def cards(draft: Draft, count: int) -> None:
    """Key-value cards with a rule after each."""
    kind = draft.kind(*KINDS)
    rows = kind.rows(draft.rng, draft.language, count)
    rule = draft.rng.choice(["-" * 40, "=" * 30, "* * *", "_" * 24])
    titles = {field.name: field.title(draft.rng, draft.language) for field in kind.fields}
    draft.opening(TITLES[kind.list_name].upper())
    pointer = draft.add_list(kind, rows)
    if not rows:
        draft.nothing(kind)
    draft.writer.line(rule)
    for i, row in enumerate(rows):
        shown = [(titles[f.name], f.shown(row[f.name], draft.writer.notation)) for f in kind.fields]
        draft.writer.rows(pointer, card(i, shown))
        draft.writer.line(rule)
    draft.closing(kind, rows)


NULLABLE = {"type": ["number", "null"]}


class Side(Field):
    """An amount that is given on one side of a ledger alone."""

    @property
    def schema(self) -> dict[str, object]:
        return NULLABLE


DEBIT = Side("debit", "money", AMOUNT.draw, {"en": "Debit/Paid out", "de": "Soll", "fr": "Débit"})
CREDIT = Side("credit", "money", AMOUNT.draw, {"en": "Credit/Paid in", "de": "Haben", "fr": "Crédit"})
BALANCE = Field("balance", "money", AMOUNT.draw, {"en": "Balance", "de": "Saldo", "fr": "Solde"})
LEDGER = Kind("bookings", "bookings", (DATE, TEXT, DEBIT, CREDIT, BALANCE))


def bookings(draft: Draft, count: int) -> Rows:
    balance, rows = 1000.0, []
    for row in TRANSACTIONS.rows(draft.rng, draft.language, count):
        balance = round(balance + row["amount"], 2)
        sides = {"debit": None, "credit": row["amount"]}
        if row["amount"] < 0:
            sides = {"debit": -row["amount"], "credit": None}
        rows.append({"date": row["date"], "description": row["description"], **sides, "balance": balance})
    return rows


@style
def ledger(draft: Draft, count: int) -> None:
    """A ledger with a column for each side, over pages that are marked `- 3 -`, with sums carried over."""
    writer, rows = draft.writer, bookings(draft, count)
    writer.page_lines = draft.rng.randint(30, 70)
    writer.header = lambda w: ("Ledger", "=" * 60)
    mark = draft.rng.choice(["- {} -", "{}/{}", "Seite {} von {}"])
    writer.footer = lambda w: ("", " " * 28 + mark.format(w.page, w.pages))
    draft.opening("LEDGER")
    pointer = draft.add_list(LEDGER, rows)

    def carried(w: Writer) -> tuple[str, str]:
        amount = w.notation.amount(rows[len(w.spans[pointer]) - 1]["balance"] if w.spans[pointer] else 1000.0)
        return f"{'To carry over':>40} {amount:>14}", f"{'Carried over':>40} {amount:>14}"

    writer.carried = carried
    draft.table(pointer, LEDGER, rows, layouts.Ledger, repeat=draft.rng.random() < 0.5)
    writer.carried = None
    draft.closing(LEDGER, rows)


@style
def invoice(draft: Draft, count: int) -> None:
    """An invoice whose lines have descriptions over several lines, with sums at the end."""
    writer, rng = draft.writer, draft.rng
    rows = ORDERS.rows(rng, "en", count)
    kind = Kind("lines", "lines", tuple(f for f in ORDERS.fields if f.name not in ("customer", "order")))
    rows = [{f.name: row[f.name] for f in kind.fields} for row in rows]
    draft.opening("TAX INVOICE")
    pointer = draft.add_list(kind, rows)
    writer.line(f"{'Description':42}{'Qty':>6}{'Price':>16}{'Line total':>18}", "=" * 82)
    for row in rows:
        price, amount = (writer.notation.amount(v) for v in (row["price"], row["quantity"] * row["price"]))
        more = [f"    {line}" for line in rng.sample(
            [f"for {firm(rng)}", f"colour: {goods(rng, 'en').split()[0]}", "delivery within 14 days",
             f"warranty {rng.randint(1, 5)} years, {town(rng, 'en')}"], rng.randint(0, 3))]  # fmt: skip
        writer.rows(pointer, [f"{pad(row['product'], 42)}{row['quantity']:>6}{price:>16}{amount:>18}", *more])
    amounts = [row["quantity"] * row["price"] for row in rows]
    for label, share in (("Net", 1.0), ("VAT 19%", 0.19), ("Amount due", 1.19)):
        writer.line(f"{label:>64}{writer.notation.amount(round(sum(amounts) * share, 2)):>18}")


@style
def days(draft: Draft, count: int) -> None:
    """A roster whose rows stand under their day, which each row does not repeat."""
    writer, rng = draft.writer, draft.rng
    rows = ROSTER.rows(rng, draft.language, count)
    rows.sort(key=lambda row: row["date"])
    draft.opening("WEEKLY PLAN")
    pointer = draft.add_list(ROSTER, rows)
    before = ""
    if not rows:
        draft.nothing(ROSTER)
    for row in rows:
        if row["date"] != before:
            before = row["date"]
            writer.line("", date.fromisoformat(before).strftime("%A, %d %B %Y"))
        writer.rows(pointer, [f"   {row['start']}-{row['end']}  {pad(row['name'], 26)}{row['role']}"])
    draft.closing(ROSTER, rows)


@style
def two_sides(draft: Draft, count: int) -> None:
    """Two tables of the same columns for two lists, told apart by their headings."""
    draft.opening("MONTHLY STATEMENT")
    for name, size in (("deposits", count // 2), ("withdrawals", count - count // 2)):
        rows = [{**row, "amount": abs(row["amount"])} for row in TRANSACTIONS.rows(draft.rng, "en", size)]
        kind = replace(TRANSACTIONS, list_name=name, what=name)
        pointer = draft.add_list(kind, rows)
        draft.writer.line(name.upper())
        if rows:
            draft.table(pointer, kind, rows, layouts.RuledRight)
            draft.writer.line(f"Total {name}: {total_text(kind, rows, draft.writer.notation)}", "")
        else:
            draft.nothing(kind)


@style
def sections_of_cards(draft: Draft, count: int) -> None:
    """Sections with underlined headings and entries, asked for as a list of sections."""
    writer, kind = draft.writer, MATERIALS
    parts = split(draft.rng, kind.rows(draft.rng, draft.language, count), 20)
    draft.opening("BILL OF MATERIALS")
    item = closed({"title": {"type": "string"}, "parts": {"type": "array", "items": kind.schema}})
    gold: Rows = []
    outer = draft.add("sections", {"type": "array", "items": item}, gold)
    writer.list_at(outer)
    for i, part in enumerate(parts):
        title = f"Assembly {draft.rng.choice('ABCDEFGH')}{i + 1}"
        gold.append({"title": title, "parts": part})
        inner = f"{outer}/{i}/parts"
        writer.list_at(inner)
        with writer.row(outer):
            writer.line(title, "~" * len(title))
            entries(draft, inner, kind, part, parenthesis)
        writer.line()
