"""Rows that are no table: numbered, dated and bulleted entries, blocks of labels, rows over two lines."""

from collections.abc import Callable
from typing import Any

from long_lists_draft import Draft, Rows
from long_lists_records import Kind

Shown = list[tuple[str, str]]
"""Titles and texts of a row."""
Entry = Callable[[int, Shown], list[str]]
"""Lines of a row, from its index from 0."""


def shown(draft: Draft, kind: Kind, titles: dict[str, str], row: dict[str, Any]) -> Shown:
    return [(titles[f.name], f.shown(row[f.name], draft.writer.notation)) for f in kind.fields]


def entries(draft: Draft, pointer: str, kind: Kind, rows: Rows, entry: Entry, blank: bool = False) -> None:
    """Write each row as an entry, with `blank` an empty line after each; say so where there is none."""
    if not rows:
        draft.nothing(kind)
    titles = {field.name: field.title(draft.rng, draft.language) for field in kind.fields}
    for i, row in enumerate(rows):
        draft.writer.rows(pointer, entry(i, shown(draft, kind, titles, row)))
        if blank:
            draft.writer.line()


def block(_: int, row: Shown) -> list[str]:
    return [f"{title}: {text}" for title, text in row]


def numbered(i: int, row: Shown) -> list[str]:
    (_, first), *others = row
    return [f"{i + 1}. {first}" + "".join(f", {title} {text}" for title, text in others)]


def dated(_: int, row: Shown) -> list[str]:
    return [" ".join(text for _, text in row)]


def bulleted(_: int, row: Shown) -> list[str]:
    (_, first), *others = row
    return [f"- {first}: " + "; ".join(text for _, text in others)]


def starred(_: int, row: Shown) -> list[str]:
    return ["* " + " / ".join(text for _, text in row)]


def two_lines(_: int, row: Shown) -> list[str]:
    half = (len(row) + 1) // 2
    first, second = row[:half], row[half:]
    return ["  ".join(text for _, text in first), "    " + "  ".join(text for _, text in second)]


def log(_: int, row: Shown) -> list[str]:
    time, level, component, message = (text for _, text in row)
    return [f"{time} {level:5} {component}: {message}"]


def bracketed_log(_: int, row: Shown) -> list[str]:
    time, level, component, message = (text for _, text in row)
    return [f"[{time}] [{level}] {component} - {message}"]
