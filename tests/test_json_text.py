"""Strict JSON: what `json` lets pass in silence is a fault."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structgen import json_text

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inside: st.lists(inside) | st.dictionaries(st.text(), inside),
    max_leaves=10,
)


@given(VALUES)
def test_what_is_written_is_read(value: Any) -> None:
    """The same value, in compact text."""
    assert json_text.loads(json_text.dumps(value)) == value


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
    """Each is a `JsonError`, none a crash."""
    with pytest.raises(json_text.JsonError):
        json_text.loads(text)


@pytest.mark.parametrize("text", ['\ufeff{"a":1}', b'\xef\xbb\xbf{"a":1}'], ids=["text", "bytes"])
def test_a_byte_order_mark_is_skipped(text: str | bytes) -> None:
    """One, before the value."""
    assert json_text.loads(text) == {"a": 1}
    with pytest.raises(json_text.JsonError):
        json_text.loads(text[:1] + text if isinstance(text, str) else text[:3] + text)


def test_delete_is_written_as_an_escape() -> None:
    """Every other character beyond ASCII controls stands for itself."""
    assert json_text.dumps({"\x7f": "\x7f\x80"}) == '{"\\u007f":"\\u007f\x80"}'


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1e-06, "0.000001"),
        (-1.5e-07, "-0.00000015"),
        (1e16, "10000000000000000.0"),
        (1.25e17, "125000000000000000.0"),
        (1e-300, "1e-300"),
        (["1e-06", 2e-05], '["1e-06",0.00002]'),
        ({'"1e-07': 0.5}, '{"\\"1e-07":0.5}'),
    ],
    ids=str,
)
def test_numbers_are_written_without_an_exponent_where_that_is_short(value: Any, text: str) -> None:
    """The same number is read again; strings stay as they are."""
    assert json_text.dumps(value) == text
    assert json_text.loads(text) == value


def test_what_is_no_number_is_not_written() -> None:
    """Rather an error than a NaN on the wire."""
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_text.dumps([float("nan")])


MEMBERS = st.lists(
    st.tuples(
        st.sampled_from(['"a"', '"\\u0061"', '":"', '"\\u003a"', '"b" ', '"\\":"']),
        st.sampled_from(["1", '"::"', '"\\u003A"', "{}", '{"a":1}', '{"a" : 1, "a":2}']),
    ),
    max_size=5,
)


@given(MEMBERS)
def test_a_key_that_stands_twice_is_found(members: list[tuple[str, str]]) -> None:
    """However it is written, and whatever colons the strings hold; nothing else is taken for one."""
    text = "{" + ",".join(f"{key}:{value}" for key, value in members) + "}"
    twice = len({json.loads(key) for key, _ in members}) < len(members)
    twice = twice or any(value.count('"a"') > 1 for _, value in members)
    for given_as in (text, text.encode()):
        if twice:
            with pytest.raises(json_text.JsonError, match="duplicate key"):
                json_text.loads(given_as)
        else:
            assert json_text.loads(given_as) == json.loads(text)


@pytest.mark.parametrize(
    "text", ["", "{", '{"a', '{"a":', '{"a":tr', "[1.", "[-", "[1e", '["é', '"\\u00', '["é", 1.']
)
def test_a_cut_is_told_from_other_faults(text: str) -> None:
    """JSON that is sound as far as it goes."""
    with pytest.raises(json_text.TruncatedJson):
        json_text.loads_fast(text)


@pytest.mark.parametrize("text", ["[1,]", "{'a': 1", "[1.]", "[-]", '"\x01', "[tru]", "[01", '{"a" 1'])
def test_another_fault_is_no_cut(text: str) -> None:
    """Though the text may have been cut as well."""
    with pytest.raises(ValueError, match="malformed") as found:
        json_text.loads_fast(text)
    assert not isinstance(found.value, json_text.TruncatedJson)
