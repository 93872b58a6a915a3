"""Nearly alike words: what counts as one, and what is another word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from structgen.evidence.grounding.near_words import NEAR, NearWords, close, inflected, misspelt, skeleton
from structgen.evidence.grounding.text_index import TextIndex

WORDS = st.text("abcmnlrtio", min_size=5, max_size=12)


@pytest.mark.parametrize(
    ("word", "form"),
    [
        ("capabilities", "capability"),
        ("generalize", "generalizing"),
        ("receive", "recieve"),
        ("modern", "modem"),
        ("invoice", "lnvoice"),
        ("government", "goverment"),
    ],
)
def test_forms_errors_and_confused_characters_are_near(word: str, form: str) -> None:
    """A text with one of them says the other nearly."""
    assert NearWords(TextIndex(f"a {form} b")).of(word) == {form: NEAR}


@pytest.mark.parametrize(
    ("word", "form"),
    [
        ("typical", "atypical"),
        ("insulin", "insulted"),
        ("cat", "cut"),
        ("plane", "plant"),
        ("1234567", "1234568"),
    ],
)
def test_other_words_are_not_close(word: str, form: str) -> None:
    """A negating prefix, another short word and another number are no spellings of a word."""
    assert not close(word, form) or form not in NearWords(TextIndex(form)).of(word)


@given(WORDS, WORDS)
def test_the_edit_distance_is_bounded(word: str, form: str) -> None:
    """Two words that are near share a beginning, differ by few edits, or are read alike."""
    assert misspelt(word, form) == misspelt(form, word)
    if misspelt(word, form):
        few = OSA.distance(word, form) <= max(1, max(len(word), len(form)) // 6)
        assert few or skeleton(word) == skeleton(form)
    if inflected(word, form):
        assert word[:4] == form[:4]


@given(WORDS, st.integers(0, 11), st.sampled_from("xyz"))
def test_one_error_in_a_long_word_is_found(word: str, at: int, letter: str) -> None:
    """A replaced letter of a word of six letters or more hides it from no search."""
    word = f"{word}q"
    at = min(at, len(word) - 1)
    changed = word[:at] + letter + word[at + 1 :]
    if misspelt(word, changed):
        assert changed in NearWords(TextIndex(f"some {changed} here")).of(word)
