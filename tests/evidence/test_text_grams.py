"""Searches for characters find all of their places, whichever index they go through."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from structgen.evidence.grounding.text_grams import Grams

_text = st.text("ab", min_size=1, max_size=12).flatmap(
    lambda part: st.integers(1, 200).map(lambda times: part * times)
)


@settings(deadline=None)
@given(_text, st.lists(st.text("ab", min_size=2, max_size=24), max_size=30))
def test_each_search_finds_what_a_plain_search_finds(text: str, searches: list[str]) -> None:
    """Frequent keys are tried one by one first and looked up by longer keys later, with the same result."""
    grams = Grams(text, range(len(text)))
    for sought in searches:
        expected = [at for at in range(len(text)) if text.startswith(sought, at)]
        assert list(grams.find(sought)) == expected
