"""Tokens are split by the kinds of their characters as they would be by the properties themselves."""

from __future__ import annotations

import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st

from structgen.evidence.grounding.text_forms import tokens

_SPACELESS = (
    r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}\u30fc\uff70"
)
_INVISIBLE = r"\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_LETTER = rf"[\p{{L}}--[{_SPACELESS}]]"
_WORD = rf"{_LETTER}[\p{{L}}\p{{M}}--[{_SPACELESS}]]*"
_MARKS = rf"[\p{{M}}\uff9e\uff9f]*(?:[{_INVISIBLE}]+\p{{M}}+)*"
_BY_PROPERTIES = regex.compile(
    rf"{_WORD}(?:[{_INVISIBLE}]+{_WORD})*|[\p{{Nd}}\p{{No}}]+|[{_SPACELESS}]{_MARKS}|\p{{Nl}}+",
    regex.VERSION1,
)
_TELLING = "aé\u0301\u0903ก\u0e31\u0e52日〇\u3099Ⅳ½9٣ｱ\uff9e\uff9fー\u034f\u200d\u00ad -.\u0f71\u1b44"
_texts = st.text(st.sampled_from(_TELLING) | st.characters(exclude_categories=["Cs"]), max_size=24)


@settings(deadline=None)
@given(_texts)
@example("〇Ⅳ〇")
@example("a\u034f\u0301b\u00adc")
@example("ก\u0e31\u200d\u0301\u0e52")
def test_tokens_are_those_of_the_properties(text: str) -> None:
    """Letters, marks, digits, numerals and spaceless scripts make the same tokens both ways."""
    found = _BY_PROPERTIES.finditer(text)
    expected = [(match.start(), match[0]) for match in found]
    starts, words = tokens(text)
    assert list(zip(starts, words, strict=True)) == expected
