"""Lists whose rows nothing counts: exchanged and repeated items, and lists without any item."""

from __future__ import annotations

import json
from typing import Any

import pytest

from structgen.engines.fake import FakeEngine
from structgen.generator import Generator
from structgen.strategies.result import Result
from structgen.strategies.segmented.list_joining import with_rows_of
from structgen.types import Coverage, Span

FIELDS = {"product": {"type": "string"}, "quantity": {"type": "integer"}}
ITEM = {"type": "object", "properties": FIELDS, "required": list(FIELDS)}
SCHEMA = {"type": "object", "properties": {"goods": {"type": "array", "items": ITEM}}, "required": ["goods"]}
SENTENCES = {
    "steel ladder": "We need {} of the steel ladder, as agreed.",
    "blue soap": "The blue soap is wanted: {} pieces, please.",
    "small lamp": "Please add small lamp, {} in number.",
    "dry bread": "As for dry bread, take {} of it.",
    "warm gloves": "With {} of the warm gloves we are done.",
}
GOODS = [{"product": name, "quantity": 11 + 12 * at} for at, name in enumerate(SENTENCES)]
LETTER = "Dear Ms. Doe,\n\n" + "\n\n".join(SENTENCES[one["product"]].format(one["quantity"]) for one in GOODS)
LINES = (
    "Delivery\n\n"
    + "".join(f"- {one['product']}: {one['quantity']} boxes\n" for one in GOODS)
    + "... and 3 more\n"
)


def read(document: str, *answers: list[dict[str, Any]]) -> tuple[Result, int]:
    """Return the result of an engine with prepared lists, and how often it was asked."""
    engine = FakeEngine([json.dumps({"goods": answer}) for answer in answers])
    with Generator(engine) as generator:
        result = generator.result(SCHEMA, document, on_shortfall="report")
    return result, len(engine.requests)


def exchanged() -> list[dict[str, Any]]:
    one, two, *others = GOODS
    return [{**one, "quantity": two["quantity"]}, {**two, "quantity": one["quantity"]}, *others]


def test_items_with_each_others_values_are_asked_for_again() -> None:
    result, askings = read(LETTER, exchanged(), GOODS[:1], GOODS[1:2])
    assert askings == 3
    assert result.data == {"goods": GOODS}
    assert result.coverage["/goods"].unsupported == ()


def test_items_that_stay_exchanged_are_told_and_lack_no_row() -> None:
    wrong = exchanged()
    result, _ = read(LETTER, wrong, *[wrong[:1], wrong[1:2]] * 2)
    coverage = result.coverage["/goods"]
    assert coverage.unsupported == ("/goods/0/quantity", "/goods/1/quantity")
    assert (coverage.unclaimed, coverage.complete) == ((), None)


def test_right_items_are_not_asked_for_again() -> None:
    result, askings = read(LETTER, GOODS)
    assert askings == 1
    coverage = result.coverage["/goods"]
    assert (coverage.certain, coverage.unclaimed, coverage.unsupported) == (False, (), ())


def test_a_repeated_item_is_left_out_with_a_warning() -> None:
    result, _ = read(LETTER, [*GOODS, GOODS[1]])
    assert result.data == {"goods": GOODS}
    assert [warning.code for warning in result.warnings if warning.code == "surplus-item"]


def test_an_item_that_the_text_says_twice_stays() -> None:
    twice = f"{LETTER}\n\n{SENTENCES['blue soap'].format(23)}"
    result, _ = read(twice, [*GOODS, GOODS[1]])
    assert result.data == {"goods": [*GOODS, GOODS[1]]}


def test_an_item_that_the_text_says_in_two_ways_stays() -> None:
    twice = LETTER.replace("\n\nThe blue", "\n\n23 of blue soap.\n\nThe blue")
    result, _ = read(twice, [GOODS[0], GOODS[1], *GOODS[1:]])
    assert result.data == {"goods": [GOODS[0], GOODS[1], *GOODS[1:]]}


def test_an_empty_list_is_asked_for_again_where_rows_look_like_it() -> None:
    result, askings = read(LINES, [], GOODS)
    assert askings == 2
    assert result.data == {"goods": GOODS}


def test_an_empty_list_that_stays_empty_is_told() -> None:
    result, askings = read(LINES, [], [])
    assert askings == 2
    assert result.data == {"goods": []}
    [warning] = [each for each in result.warnings if each.code == "unread-rows"]
    assert warning.pointer == "/goods"
    assert "steel ladder" in warning.message


@pytest.mark.parametrize("text", ["No goods.", "Dear Ms. Doe,\n\nour office has moved to 12 Main Street.\n"])
def test_an_honest_empty_list_is_quiet(text: str) -> None:
    result, askings = read(text, [])
    assert askings == 1
    assert [each.code for each in result.warnings if each.code != "demo-model"] == []


def test_a_list_of_two_rows_tells_the_doubts_about_both() -> None:
    one = Coverage(3, 2, (Span(5, 9),), "table", True, ("/orders/0/lines/1",))
    other = Coverage(2, 2, (), "table", True, ("/orders/0/lines/0/price",))
    both = with_rows_of(one, other, "/orders/0/lines")
    assert both.unsupported == ("/orders/0/lines/1", "/orders/0/lines/2/price")
