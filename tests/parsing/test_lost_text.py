"""Texts that a reading lost: their violations, and whether a corrected value takes them up."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structgen import json_text
from structgen.parsing.lost_text import loss_violation, lost_texts, missing_text, takes_up
from structgen.parsing.pipeline import ModelRequest, repair_by_model
from structgen.parsing.result import RepairResult
from structgen.parsing.tolerant.parse_result import Dropped
from structgen.schema import Schema
from structgen.types import Usage

ROWS = Schema.parse(
    {
        "type": "object",
        "properties": {
            "rows": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"sku": {"type": "string"}, "price": {"type": "number"}},
                    "required": ["sku", "price"],
                    "additionalProperties": False,
                },
            },
        },
        "required": ["rows"],
    }
)
FIRST = {"rows": [{"sku": "A-1", "price": 5}]}
LOST = Dropped(30, 58, '{"SKU": "B-2", "price": "2,000.00"}', "/rows/0/price", is_loss=True)
STRAY = Dropped(3, 7, "oops", "/rows")


def failed(*dropped: Dropped) -> RepairResult:
    violations = tuple(loss_violation(text) for text in dropped if text.is_loss)
    return RepairResult(FIRST, "failed", violations=violations, parsed=FIRST, dropped=dropped)


def both(sku: str, price: float) -> dict[str, Any]:
    return {"rows": [*FIRST["rows"], {"sku": sku, "price": price}]}


@pytest.mark.parametrize(
    ("value", "taken"),
    [
        (both("B-2", 2000), True),
        (both("b-2", 2000.0), True),
        (FIRST, False),
        (both("B-2", 3), False),
        (both("B", 2000), False),
        ({"rows": [{"sku": "B-2", "price": 2000}]}, True),
    ],
    ids=["all of it", "another case", "nothing", "another number", "half a word", "in place of another row"],
)
def test_a_value_takes_up_a_text_with_all_its_words_and_numbers(value: Any, taken: bool) -> None:
    """Keys may be written in another way, numbers without their separators."""
    assert takes_up(value, LOST, FIRST) is taken


@pytest.mark.parametrize("key", ["SKU", '"stock unit"', "'stock-unit'", "stock_unit"])
def test_the_words_of_keys_do_not_count(key: str) -> None:
    """The schema may spell them in another way."""
    text = LOST._replace(text=f'{{{key}: "B-2", "list price" : 2000}}')
    assert takes_up(both("B-2", 2000), text, FIRST)


def test_words_that_were_there_before_do_not_count() -> None:
    """A row that is equal to another one must be there twice."""
    text = Dropped(9, 40, '{"sku": "A-1", "price": 5}', "/rows", is_loss=True)
    assert not takes_up(FIRST, text, FIRST)
    assert takes_up(both("A-1", 5), text, FIRST)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text("ab1é .-", max_size=6),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", min_size=1), inner),
        max_leaves=8,
    )
)
def test_a_list_takes_up_the_text_of_every_value_that_joins_it(value: Any) -> None:
    """Whatever the value, its own JSON text is taken up where the value is added."""
    text = Dropped(0, 1, json_text.dumps(value), "", is_loss=True)
    assert takes_up([1, value], text, [1])


@pytest.mark.parametrize(
    ("place", "container"),
    [
        ("", ""),
        ("/rows", "/rows"),
        ("/rows/0", "/rows/0"),
        ("/rows/0/sku", "/rows/0"),
        ("/rows/7/sku", "/rows"),
        ("/rows/x", "/rows"),
        ("/lines/0", ""),
    ],
)
def test_a_model_may_change_the_container_around_a_lost_text(place: str, container: str) -> None:
    """A scalar has no room for another value; a place that coercion moved opens the object around it."""
    violation = missing_text(LOST._replace(pointer=place), FIRST)
    assert violation.pointer == container
    assert LOST.text in violation.message


def test_an_accepted_loss_is_not_asked_for_again() -> None:
    """Without the violation of a loss there is nothing to take up."""
    assert lost_texts(failed(LOST, STRAY)) == (LOST,)
    assert lost_texts(failed(LOST, STRAY)._replace(violations=())) == ()


def test_a_loss_names_text_and_place_in_short() -> None:
    """The message quotes the start of a long text, and tells no caller of options that it does not have."""
    violation = loss_violation(LOST._replace(text="x" * 500))
    assert (violation.pointer, violation.keyword) == ("/rows/0/price", "dropped")
    assert "at position 30" in violation.message
    assert len(violation.message) < 200
    assert "on_loss" not in violation.message


def answers(result: RepairResult, *replies: Any) -> tuple[RepairResult, list[ModelRequest]]:
    """Return the result of a repair by a model with these replies, and the requests to it."""
    steps, requests = repair_by_model(result, ROWS, len(replies)), []
    try:
        requests.append(next(steps))
        for reply in replies:
            requests.append(steps.send((json_text.dumps(reply), Usage(1, 1))))
    except StopIteration as end:
        return end.value, requests
    raise AssertionError("more requests than attempts")


def test_a_model_takes_up_what_the_rules_lost() -> None:
    """It is shown the whole text; the account keeps what the first reading dropped."""
    result, (request,) = answers(failed(LOST, STRAY), both("B-2", 2000))
    assert (result.status, result.value) == ("model_repaired", both("B-2", 2000))
    assert [LOST.text in violation.message for violation in request.violations] == [True]
    assert request.grammar is not None
    assert result.dropped == (LOST, STRAY)
    assert result.violations == ()
    assert [change.path for change in result.changes] == ["/rows"]


def test_a_model_that_leaves_the_text_out_too_does_not_hide_the_loss() -> None:
    """Every request asks for the text; at the end the rules' failure stands."""
    result, requests = answers(failed(LOST), FIRST, both("C-3", 9))
    assert (result.status, result.value) == ("failed", FIRST)
    assert [violation.keyword for violation in result.violations] == ["dropped"]
    assert [[v.keyword for v in request.violations] for request in requests] == [["dropped"]] * 2
    assert result.usage.prompt_tokens == 2


def test_a_text_that_is_too_long_to_show_is_not_sent_to_a_model() -> None:
    """A model that sees a part of the text would lose the rest."""
    long = LOST._replace(text=f'{{"sku": "{"x" * 5_000}"}}')
    result, requests = answers(failed(long), both("x", 1))
    assert (result.status, requests) == ("failed", [])
