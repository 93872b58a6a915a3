"""The fixes of calls do not overlap, and the text with all fixes applied is the reading."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from structgen import json_text, repair

ARGUMENTS = st.sampled_from(
    ["1", "2024, 1, 2", "'a'", "'a', 'b'", "[1], [2]", "{'k': 1}", "[1, 2]", "x=1", "x=1, y='b'"]
)
NAMES = st.sampled_from(
    ["datetime", "datetime.date", "Point", "Decimal", "range", "set", "np.array", "a.b.C"]
)
CALLS = st.recursive(
    st.builds("{}({})".format, NAMES, ARGUMENTS),
    lambda inner: (
        st.builds("{}({})".format, NAMES, inner) | st.builds("{}({}, {})".format, NAMES, inner, inner)
    ),
    max_leaves=4,
)


def applied(text: str, fixes: Any) -> str:
    """The text with each fix applied; fixes that overlap fail."""
    ordered = sorted(fixes, key=lambda fix: (fix.start, fix.end))
    for one, other in itertools.pairwise(ordered):
        assert one.end <= other.start, (one, other)
    for fix in reversed(ordered):
        text = text[: fix.start] + fix.text + text[fix.end :]
    return text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{'d': datetime(2024, 1, 2)}", {"d": "datetime(2024, 1, 2)"}),
        ("{'d': datetime.date(2024, 1, 2), 'e': 3}", {"d": "datetime.date(2024, 1, 2)", "e": 3}),
        ("{'p': Point(1, 2), 'r': range(1, 3)}", {"p": "Point(1, 2)", "r": "range(1, 3)"}),
        ("{'d': [datetime.date(2024, 1, 2), Decimal('1.50')]}", {"d": ["datetime.date(2024, 1, 2)", "1.50"]}),
        ("{'d': datetime(2024, 1", {"d": "datetime(2024, 1"}),
        ("{'d': [Point('a'", {"d": ["a"]}),
        ("{'s': pair([1], [2])}", {"s": [[1], [2]]}),
        (
            "{'p': Person(name='Rob', born=date(1990, 1, 2))}",
            {"p": {"name": "Rob", "born": "date(1990, 1, 2)"}},
        ),
    ],
)
def test_applied_fixes_are_the_reading(text: str, value: Any) -> None:
    """Each call becomes what the value says, by fixes that stand apart."""
    result = repair(text)
    assert result.value == value
    assert json_text.loads(applied(text, result.fixes)) == value


@given(CALLS, st.sampled_from(["{{'a': {}, 'b': 1}}", "[{}, 2]"]))
def test_fixes_of_nested_calls_stand_apart(call: str, form: str) -> None:
    """Calls in calls, with any arguments, are fixed without overlap."""
    text = form.format(call)
    result = repair(text)
    assume(result.status == "repaired" and not result.dropped and not result.changes)
    assert json_text.loads(applied(text, result.fixes)) == result.value
