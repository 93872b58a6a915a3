"""Texts without the shape of lists cost time that grows with their length and their items, not with both."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from structgen.evidence.source import Source
from structgen.longdoc.counting import count_rows
from structgen.longdoc.induction.induced_rows import Induction
from structgen.longdoc.rows import ListRows
from structgen.schema import Schema

ITEM = {"type": "object", "properties": {"name": {"type": "string"}, "amount": {"type": "number"}}}
SCHEMA = Schema.parse({"type": "object", "properties": {"rows": {"type": "array", "items": ITEM}}})
Text = Callable[[int], str]
MOST = 12.0
"""How much more four times the text, or four times text and items, may cost: 4 by the length, 16 by both."""


def repeated(unit: str) -> Text:
    return lambda size: (unit * (size // len(unit) + 1))[:size]


TEXTS: dict[str, Text] = {
    "letter": repeated("a"), "digits": repeated("1234567890"), "bars": repeated("|"), "tabs": lambda size: "x" + "\t" * size + "y",
    "line ends": lambda size: "x" + "\n" * size + "y", "bullets on a line": repeated("- "), "bullets": repeated("- \n"),
    "one row": lambda size: "Name;Amount\n" + repeated("bolt;1.20\n")(size), "dates": repeated("2026-01-02 "),
    "dates on lines": repeated("2026-01-02\n"), "pages": repeated("a\f"), "empty pages": lambda size: "x" + "\f" * size + "y",
    "nested bullets": repeated("".join(f"{'  ' * depth}- item {depth}\n" for depth in range(20))),
    "one line": repeated("bolt 1.20 EUR, "), "labels on a line": repeated("Name: bolt Amount: 1.20 "),
    "labels": repeated("Name: bolt\nAmount: 1.20\n\n"), "stated counts": repeated("40 items "), "headings": repeated("# A\n"),
    "rule": lambda size: "|" + "---|" * (size // 4) + "\n|" + "a|" * (size // 8),
}  # fmt: skip


def seconds(work: Callable[[], object]) -> float:
    """Return the least processor time of two runs."""
    times = []
    for _ in range(2):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return max(min(times), 0.02)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_rows_are_counted_in_time_by_the_length(text: Text) -> None:
    short, long = Source(text(15_000)), Source(text(60_000))
    assert seconds(lambda: count_rows(long, SCHEMA)) < MOST * seconds(lambda: count_rows(short, SCHEMA))


def induced(text: str, items: list[dict[str, Any]]) -> object:
    """Look for the rows of items that the text says somewhere."""
    counted = ListRows("/rows")
    return Induction({"rows": items}, SCHEMA, Source(text)).rows(counted, items, None)


def equal_items(text: str, number: int) -> list[dict[str, Any]]:
    return [{"name": text.strip()[:2], "amount": 1.2}] * number


def items_of_the_text(text: str, number: int) -> list[dict[str, Any]]:
    return [{"name": text[100 + 7 * n : 107 + 7 * n], "amount": n} for n in range(number)]


@pytest.mark.slow
@pytest.mark.parametrize("items", [equal_items, items_of_the_text])
@pytest.mark.parametrize("name", ["bars", "bullets on a line", "one line", "labels on a line", "one row"])
def test_rows_are_induced_in_time_by_the_length(
    name: str, items: Callable[[str, int], list[dict[str, Any]]]
) -> None:
    short, long = TEXTS[name](4_000), TEXTS[name](16_000)
    few = seconds(lambda: induced(short, items(short, 150)))
    assert seconds(lambda: induced(long, items(long, 600))) < MOST * few
