"""A repair makes no 0, infinity or long integer of a number that no double holds: it stays text, or fails."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structgen import json_text, repair
from structgen.schema import Schema

SMALL = ["1e-400", "-2.5E-0999", "0." + "0" * 400 + "1", "0." + "0" * 250 + "1e-99"]
LARGE = ["1e400", "-1e+999"]


def schema_of(name: str) -> Schema:
    return Schema.parse({"type": "object", "properties": {"x": {"type": name}}, "required": ["x"]})


@pytest.mark.parametrize("literal", SMALL + LARGE)
@pytest.mark.parametrize("form", ["{{x: {},}}", '{{"x": {}', '{{"x": {},}}'])
def test_without_a_schema_it_is_kept_as_text_and_never_lossless(form: str, literal: str) -> None:
    """The digits stay, as a string, and the fix that made them one is not lossless."""
    result = repair(form.format(literal))
    assert result.value == {"x": literal}
    assert "lossless" not in [fix.risk for fix in result.fixes if literal in fix.text]
    assert any(literal in fix.text for fix in result.fixes)


@pytest.mark.parametrize("literal", SMALL + LARGE)
@pytest.mark.parametrize("name", ["number", "integer"])
@pytest.mark.parametrize("form", ['{{"x": "{}"}}', '{{"x": "${}",}}'])
def test_for_a_number_it_is_a_violation(form: str, name: str, literal: str) -> None:
    """A literal and a text of it fail alike, for a number and for an integer."""
    result = repair(form.format(literal), schema_of(name))
    assert result.status == "failed"
    assert [violation.pointer for violation in result.violations] == ["/x"]


@pytest.mark.parametrize(
    ("literal", "value"), [("0e-400", 0), ("0.000", 0), ("4.9e-324", 5e-324), ("1e-300", 1e-300), ("1.5e308", 1.5e308)]
)  # fmt: skip
def test_what_a_double_holds_is_read(literal: str, value: float) -> None:
    """Zeros of any spelling and the least and largest doubles are numbers."""
    assert json_text.loads(f'{{"x":{literal}}}') == {"x": value}
    assert repair(f'{{"x": "{literal}"}}', schema_of("number")).value["x"] == pytest.approx(value)


@pytest.mark.parametrize("literal", SMALL)
def test_valid_json_has_the_nearest_double(literal: str) -> None:
    """As every reader of JSON does; a valid text is never changed."""
    result = repair(f'{{"x": {literal}}}')
    assert (result.value, result.status) == ({"x": 0.0}, "unchanged")


@pytest.mark.parametrize("literal", LARGE)
@pytest.mark.parametrize("encode", [str, str.encode])
def test_strict_json_refuses_it(encode: Any, literal: str) -> None:
    """Strict parsing of text and of bytes names the number."""
    with pytest.raises(json_text.JsonError) as error:
        json_text.loads(encode(f'{{"a":[1.5,{literal}]}}'))
    assert error.value.keyword == "number"


@given(st.floats(allow_nan=False, allow_infinity=False), st.booleans())
def test_every_double_comes_back(number: float, as_bytes: bool) -> None:
    """No number that `dumps` writes is refused, in a text of any kind."""
    text = json_text.dumps({"e-999": "0" * 300, "x": number})
    assert json_text.loads(text.encode() if as_bytes else text)["x"] == number
