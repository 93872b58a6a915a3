"""Texts for the rows of a segment: as the document has them, or cell by cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from structgen.longdoc.row_text import RowTexts
from structgen.longdoc.segments import Segment

RowForm = Literal["document", "bare", "table", "labels"]
"""`bare`: without the headings above. `table`: Markdown, whose columns a small model tells apart best.
`labels`: each cell after its title."""
Cells = Sequence[str]


def row_forms(texts: RowTexts, segment: Segment) -> list[RowForm]:
    """Return the forms that a segment's rows can be written in, the best for a small model first."""
    if _table(texts, segment) is not None:
        return ["table", "document", "labels"]
    return ["document", "bare"] if any(span != segment.header for span in segment.context) else ["document"]


def row_text(texts: RowTexts, segment: Segment, form: RowForm) -> str:
    """Return the text of a segment in a form; that of the document where it has no other.

    Columns of known fields have the names of these: a small model may not know another word for them. The
    headings above go along where the columns do not give all fields of the items.
    """
    if form == "bare":
        header = () if segment.header is None else (segment.header,)
        return replace(segment, context=header).text(texts.document)
    table = None if form == "document" else _table(texts, segment)
    if table is None:
        return segment.text(texts.document)
    titles, rows = list(table[0]), table[1]
    named = texts.fields(table[0])
    for name, column in named.items():
        titles[column] = name.replace("_", " ").capitalize()
    if form == "labels":
        text = "\n\n".join(_labelled(titles, row) for row in rows)
    else:
        text = "\n".join(f"| {' | '.join(line)} |" for line in [titles, ["---"] * len(titles), *rows])
    headings = [texts.document[span.start : span.end] for span in segment.context if span != segment.header]
    if not headings or len(named) == len(texts.names):
        return text
    return "\n".join([*headings, "", text])


def _labelled(titles: Cells, row: Cells) -> str:
    return "\n".join(f"{title}: {cell}" for title, cell in zip(titles, row, strict=True) if cell)


def _table(texts: RowTexts, segment: Segment) -> tuple[tuple[str, ...], list[Cells]] | None:
    """Return the titles and cells of the rows; None where they are not sure, or have bars themselves."""
    found = [texts.cells(row, segment.header) for row in segment.rows]
    tables = [each for each in found if each is not None and any(each[1])]
    if len(tables) < len(found) or len({titles for titles, _ in tables}) != 1:
        return None
    rows: list[Cells] = [cells for _, cells in tables]
    if any("|" in cell for row in [tables[0][0], *rows] for cell in row):
        return None
    return tables[0][0], rows
