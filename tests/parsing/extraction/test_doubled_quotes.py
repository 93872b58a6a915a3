"""Doubled quotes of CSV and SQL are single ones: around all strings, or as quotations within them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structgen import json_text, repair

WORDS = st.text(st.characters(whitelist_categories=["L"], max_codepoint=0x24F), min_size=1, max_size=8)
SCALARS = WORDS | st.integers(-99, 99) | st.booleans() | st.none()
OBJECTS = st.dictionaries(
    WORDS, st.recursive(SCALARS, lambda v: st.lists(v, max_size=3), max_leaves=4), min_size=1
)


@given(OBJECTS, st.booleans())
def test_a_field_with_all_quotes_doubled_is_its_object(value: Any, is_field: bool) -> None:
    """JSON as the field of a CSV file, with the field's own quotes or without, comes back."""
    doubled = json_text.dumps(value).replace('"', '""')
    assert repair(f'"{doubled}"' if is_field else doubled).value == value


@given(WORDS, WORDS, WORDS)
def test_quotations_within_a_string_stay_in_it(before: str, quoted: str, after: str) -> None:
    """A quotation with doubled quotes is part of its string, at its end too, and is never lossless."""
    for inner in (f'{before} ""{quoted}"" {after}', f'{before} ""{quoted}""', f'""{quoted}"" {after}'):
        result = repair(f'{{"a": "{inner}", "b": ""}}')
        assert result.value == {"a": inner.replace('""', '"'), "b": ""}
        assert [fix.risk for fix in result.fixes] == ["inferred"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param('{"a": "he said ""hi"" to me"}', {"a": 'he said "hi" to me'}, id="within"),
        pytest.param(
            '{"a": "say ""hi, you"", then go",}', {"a": 'say "hi, you", then go'}, id="within, and a comma"
        ),
        pytest.param('{"a": "he said ""hi"" to', {"a": 'he said "hi" to'}, id="within, and cut"),
        pytest.param('{""a"": [1, ""x""], ""b"": """"}', {"a": [1, "x"], "b": ""}, id="all, one empty"),
        pytest.param(r'"{""a"": ""he said \""hi\"" ""}"', {"a": 'he said "hi" '}, id="all, with escapes"),
        pytest.param('[""a"", ""b"", 3,]', ["a", "b", 3], id="all, and a comma"),
        pytest.param('["a""b""c"]', ["a", "b", "c"], id="lost commas"),
        pytest.param('{"a":"x""b":"y"}', {"a": "x", "b": "y"}, id="lost comma between members"),
        pytest.param('{"a": "", "b": "x",}', {"a": "", "b": "x"}, id="empty strings"),
    ],
)
def test_doubled_quotes_are_told_from_empty_strings_and_lost_commas(text: str, value: Any) -> None:
    """Quotes are doubled only where every string stands between marks of JSON and they enclose words."""
    assert repair(text).value == value
