"""The policies that docs/repair.md states, one by one."""

from typing import Any

import pytest

import structgen

ANY: Any = None


def member(definition: Any, *, required: bool = True) -> dict[str, Any]:
    """Return the schema of an object with a member `a`."""
    return {"type": "object", "properties": {"a": definition}, "required": ["a"] if required else []}


STRING = member({"type": "string"})


@pytest.mark.parametrize(
    ("text", "schema", "value"),
    [
        pytest.param('{"a": 1, "b"', ANY, {"a": 1}, id="a member that was cut before its value"),
        pytest.param('{"a": }', ANY, {"a": None}, id="a missing value"),
        pytest.param('{"a": }', member({"type": ["string", "null"]}), {"a": None}, id="a missing nullable value"),
        pytest.param('{"a": null}', member({"type": "string"}, required=False), {}, id="an optional null"),
        pytest.param('{"a": 1, "a": 2}', ANY, {"a": 2}, id="a repeated key"),
        pytest.param('{"a": true oops}', ANY, {"a": True}, id="a stray word"),
        pytest.param('{"a": 1, // b\n"c": 2 /* d */}', ANY, {"a": 1, "c": 2}, id="comments"),
        pytest.param('{"a": #ff0000, "b": 1}', ANY, {"a": "#ff0000", "b": 1}, id="a colour"),
        pytest.param('{"a": [#news, #sport]}', ANY, {"a": ["#news", "#sport"]}, id="tags"),
        pytest.param(r'{"a": "\frac{1}{2} \times",}', ANY, {"a": r"\frac{1}{2} \times"}, id="formulas"),
        pytest.param(r'{"a": "..\src\new",}', ANY, {"a": r"..\src\new"}, id="paths"),
        pytest.param('{"a": (1, 2)}', ANY, {"a": [1, 2]}, id="a tuple"),
        pytest.param("sorry", {"type": "string"}, "sorry", id="text for a string"),
        pytest.param('hm, 5 {"x": 1} </think> {"a": 1}', ANY, {"a": 1}, id="thoughts"),
    ],
)  # fmt: skip
def test_what_a_repair_does(text: str, schema: Any, value: Any) -> None:
    """The value is the one that the page promises."""
    result = structgen.repair(text, schema)
    assert (result.status, result.value) == ("repaired", value)


@pytest.mark.parametrize(
    ("text", "schema"),
    [
        pytest.param('{"b": 1,}', STRING, id="a missing member"),
        pytest.param('{"a": 1.0}', member({"enum": ["10", "20"]}), id="a number that is no choice"),
        pytest.param('{"a": "open or paid"}', member({"enum": ["open", "paid"]}), id="two choices"),
        pytest.param('{"a": "03/04/2026"}', member({"type": "string", "format": "date"}), id="an ambiguous date"),
        pytest.param("sorry", STRING, id="text without JSON"),
        pytest.param("sorry", None, id="text without JSON and schema"),
    ],
)  # fmt: skip
def test_what_a_repair_refuses(text: str, schema: Any) -> None:
    """Nothing is invented: the violations say why."""
    result = structgen.repair(text, schema)
    assert result.status == "failed"
    assert result.violations


def test_a_repeated_key_keeps_the_earlier_value_in_the_account() -> None:
    """The change says which value was replaced."""
    (change,) = structgen.repair('{"a": "first", "a": "last"}').changes
    assert (change.path, change.risk) == ("/a", "inferred")
    assert '"first"' in change.reason


def test_a_number_that_can_be_read_in_two_ways_is_a_guess() -> None:
    """The comma may be a decimal point."""
    assert "inferred" in {fix.risk for fix in structgen.repair('{"a": 1,234}').fixes}


def test_a_number_that_no_implementation_represents_stays_a_text() -> None:
    """It never becomes an infinity, or null."""
    assert structgen.repair('{"a": 1e999,}').value == {"a": "1e999"}
