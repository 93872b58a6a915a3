"""Strict JSON: what `json` lets pass in silence is a fault."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structgen import jsontext

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inside: st.lists(inside) | st.dictionaries(st.text(), inside),
    max_leaves=10,
)


@given(VALUES)
def test_what_is_written_is_read(value: Any) -> None:
    """The same value, in compact text."""
    assert jsontext.loads(jsontext.dumps(value)) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[1,]",
        "NaN",
        "[Infinity]",
        "-Infinity",
        "1e999",
        '{"a":1,"a":1}',
        "9" * 5000,
        "[" * 100_000,
        "'a'",
        '"\\ud800"',
    ],
    ids=lambda text: text[:12] or "empty",
)
def test_faults(text: str) -> None:
    """Each is a `JsonFault`, none a crash."""
    with pytest.raises(jsontext.JsonFault):
        jsontext.loads(text)


def test_what_is_no_number_is_not_written() -> None:
    """Rather an error than a NaN on the wire."""
    with pytest.raises(ValueError, match="not JSON compliant"):
        jsontext.dumps([float("nan")])
