"""Documents whose rows cannot be counted with certainty: prose, cells without rows, other tables."""

from typing import Any

from long_lists_draft import Draft, Rows
from long_lists_records import MATERIALS, PRICES, ROSTER, TRANSACTIONS, WAYBILL, Kind
from long_lists_styles import Style
from long_lists_writing import Writer

UNCERTAIN: dict[str, Style] = {}


def uncertain(maker: Style) -> Style:
    def write(draft: Draft, count: int) -> None:
        draft.writer.countable = False
        maker(draft, count)

    UNCERTAIN[maker.__name__] = write
    return write


def inline(writer: Writer, pointer: str, texts: list[str], joints: tuple[str, str]) -> None:
    """Write rows within sentences, about 80 characters a line."""
    column = 0
    for i, text in enumerate(texts):
        with writer.row(pointer):
            writer.write(text)
        column += len(text)
        joint = "." if i == len(texts) - 1 else joints[1] if i == len(texts) - 2 else joints[0]
        if column > 80:
            joint, column = joint.rstrip() + writer.newline, 0
        writer.write(joint)
    writer.line()


@uncertain
def letter(draft: Draft, count: int) -> None:
    """A letter that names goods and quantities in a sentence."""
    rows = MATERIALS.rows(draft.rng, "en", count)
    draft.opening("Dear Ms. Doe,")
    pointer = draft.add_list(MATERIALS, rows)
    if rows:
        draft.writer.write("as we said on the phone, please send us ")
        inline(draft.writer, pointer, [f"{r['quantity']} of {r['product']}" for r in rows], (", ", " and "))
    draft.prose(2)


@uncertain
def report(draft: Draft, count: int) -> None:
    """A report in sentences, one row in each, and sentences of other things between."""
    rows = ROSTER.rows(draft.rng, "en", count)
    draft.opening("Report on the shifts")
    pointer = draft.add_list(ROSTER, rows)
    for row in rows:
        day = draft.writer.notation.day(row["date"])
        with draft.writer.row(pointer):
            draft.writer.write(
                f"On {day}, {row['name']} was on duty as {row['role']} from {row['start']} to {row['end']}."
            )
        draft.writer.write(draft.rng.choice([" ", " ", draft.writer.newline, " Nothing else happened. "]))
    draft.writer.line()
    draft.prose(1)


@uncertain
def no_list(draft: Draft, _: int) -> None:
    """A letter without any row of the list that is asked for."""
    draft.opening("To whom it may concern")
    draft.add_list(PRICES, [])
    draft.prose(4)


@uncertain
def cell_lines(draft: Draft, count: int) -> None:
    """A table of a reader that gave every cell a line of its own."""
    rows = WAYBILL.rows(draft.rng, draft.language, count)
    draft.opening("WAYBILL")
    pointer = draft.add_list(WAYBILL, rows)
    draft.writer.line(*(field.title(draft.rng, draft.language) for field in WAYBILL.fields))
    for row in rows:
        lines = [field.shown(row[field.name], draft.writer.notation) for field in WAYBILL.fields]
        draft.writer.rows(pointer, lines)
    draft.closing(WAYBILL, rows)


@uncertain
def comparison(draft: Draft, count: int) -> None:
    """Two tables of the same columns, of which one is asked for."""
    rows, others = (TRANSACTIONS.rows(draft.rng, "en", n) for n in (count, draft.rng.randint(2, 12)))
    kind = Kind("current_transactions", "transactions of the current period", TRANSACTIONS.fields, "amount")
    draft.opening("Comparison of periods")
    pointer = draft.add_list(kind, rows)
    draft.writer.line("Current period", "")
    draft.table(pointer, kind, rows, "fixed")
    draft.writer.line("", "Previous period, for comparison", "")
    draft.table("/others", kind, others, "fixed")
    del draft.writer.spans["/others"]


@uncertain
def two_columns(draft: Draft, count: int) -> None:
    """Rows side by side, two on a line."""
    rows: Rows = PRICES.rows(draft.rng, "en", count)
    draft.opening("Prices")
    pointer = draft.add_list(PRICES, rows)
    texts = [_price(row, draft) for row in rows]
    for i in range(0, len(texts), 2):
        for j, text in enumerate(texts[i : i + 2]):
            with draft.writer.row(pointer):
                draft.writer.write(text)
            if j == 0:
                draft.writer.write(" " * max(4, 50 - len(text)))
        draft.writer.line()


def _price(row: dict[str, Any], draft: Draft) -> str:
    return f"{row['sku']} {row['product']} {draft.writer.notation.amount(row['price'])}"
