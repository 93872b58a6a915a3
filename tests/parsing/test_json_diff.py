"""The difference of two JSON values, as RFC 6902 operations."""

import copy
from typing import Any

import jsonpatch
from hypothesis import given
from hypothesis import strategies as st

from structgen.parsing.json_diff import diff

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2) | st.text("a/~", max_size=2),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("a/~", max_size=2), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(VALUES, VALUES)
def test_the_difference_leads_from_one_value_to_the_other(old: Any, new: Any) -> None:
    """The operations, applied in order, turn the old value into the new one."""
    operations = [change.to_json() for change in diff(old, new, reason="test", risk="model")]
    result = jsonpatch.apply_patch(copy.deepcopy(old), operations)
    assert (result, type(result)) == (new, type(new))


def test_equal_values_have_no_difference() -> None:
    """Equal values give no operation, whatever the order of their keys."""
    assert diff({"a": 1, "b": [2]}, {"b": [2], "a": 1}, reason="test", risk="model") == []
