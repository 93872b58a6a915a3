"""Items stand apart from each other in a text: exchanged and repeated ones are seen by that alone."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structgen.evidence.grounding.ground import ground
from structgen.evidence.source import Source
from structgen.longdoc.induction.home_rows import on_whole_lines, rows_around
from structgen.longdoc.induction.homes import Homes, homes
from structgen.longdoc.induction.item_places import item_places
from structgen.types import Span

GOODS = [
    {"product": "steel ladder", "quantity": 34, "town": "Lisbon"},
    {"product": "blue soap", "quantity": 12, "town": "Oslo"},
    {"product": "small lamp", "quantity": 87, "town": "Kyoto"},
    {"product": "dry bread", "quantity": 51, "town": "Ghent"},
    {"product": "warm gloves", "quantity": 29, "town": "Miami"},
]
SENTENCES = (
    "For {town} we need {quantity} of the {product}.",
    "The {product} is wanted in {town}: {quantity} pieces.",
    "Please add {product}, {quantity} in number, to be sent to {town}.",
)
SEPARATORS = {"paragraphs": "\n\n", "lines": "\n", "one paragraph": " "}


def written(items: list[dict[str, Any]], separator: str) -> str:
    return separator.join(SENTENCES[at % 3].format(**item) for at, item in enumerate(items))


def found(text: str, items: list[Any]) -> Homes:
    evidence = ground({"goods": items}, None, Source(text))
    return homes(item_places("/goods", items, evidence), text)


def exchanged(name: str, one: int, other: int) -> list[dict[str, Any]]:
    items = [dict(item) for item in GOODS]
    items[one][name], items[other][name] = items[other][name], items[one][name]
    return items


@pytest.mark.parametrize("separator", SEPARATORS.values(), ids=SEPARATORS)
@pytest.mark.parametrize("name", ["product", "quantity", "town"])
@pytest.mark.parametrize("other", [2, 3])
def test_items_with_exchanged_values_are_mixed(separator: str, name: str, other: int) -> None:
    text = written(GOODS, separator)
    assert found(text, exchanged(name, 1, other)).mixed == {1, other}


@pytest.mark.parametrize("separator", SEPARATORS.values(), ids=SEPARATORS)
def test_right_items_have_a_home_each_and_nothing_is_doubted(separator: str) -> None:
    right = found(written(GOODS, separator), GOODS)
    assert right.of.keys() == {0, 1, 2, 3, 4}
    assert not right.mixed
    assert not right.repeated


@pytest.mark.parametrize("separator", SEPARATORS.values(), ids=SEPARATORS)
def test_an_item_is_repeated_where_the_text_says_it_once(separator: str) -> None:
    once = found(written(GOODS, separator), [*GOODS[:2], GOODS[1], *GOODS[2:]])
    assert once.repeated == {2}
    twice = [*GOODS[:2], GOODS[1], *GOODS[2:]]
    assert not found(written(twice, separator), twice).repeated


def test_values_that_are_spelled_alike_may_change_places() -> None:
    items = [{**item, "quantity": 40} for item in GOODS]
    text = "40 of steel ladder (Lisbon); of blue soap we take 40 (Oslo); small lamp 40 (Kyoto)"
    assert not found(text, items[:3]).mixed


def test_items_by_columns_show_nothing() -> None:
    columns = ("\n".join(str(item[name]) for item in GOODS) for name in ("product", "quantity", "town"))
    right = found("\n\n".join(columns), GOODS)
    assert not right.of
    assert not right.mixed


@given(st.lists(st.tuples(st.integers(1, 30), st.text("ab \n", max_size=8)), min_size=1, max_size=8))
def test_rows_around_homes_hold_them_and_do_not_lie_over_each_other(parts: list[tuple[int, str]]) -> None:
    text, spans = "", []
    for length, between in parts:
        spans.append(Span(len(text), len(text) + length))
        text += "x" * length + between
    for rows in (rows_around(spans, text), on_whole_lines(spans, text)):
        assert all(
            row.start <= home.start and home.end <= row.end for row, home in zip(rows, spans, strict=True)
        )
        assert all(row.end <= after.start for row, after in pairwise(rows))
