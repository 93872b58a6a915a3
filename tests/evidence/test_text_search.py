"""Strings are found at their places, whatever spelling the source has."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from structgen.evidence.grounding.leaves import Leaf
from structgen.evidence.grounding.text_finder import TextFinder
from structgen.evidence.grounding.text_forms import forms
from structgen.evidence.grounding.text_index import TextIndex

LIMIT = 50


def said(value: str, text: str) -> list[tuple[str, str]]:
    """Return the kind and the text of each place that says the value."""
    places = TextFinder(TextIndex(text)).said(value, LIMIT)
    return [(place.kind, text[place.start : place.end]) for place in places]


def nearly(value: str, text: str) -> list[str]:
    """Return the texts of the places of a search, which must be fuzzy ones."""
    places = TextFinder(TextIndex(text)).places(Leaf((), value), LIMIT)
    assert all(place.kind == "fuzzy" and 0 < place.distance < 1 for place in places)
    return [text[place.start : place.end] for place in places]


@pytest.mark.parametrize(
    ("value", "text", "place"),
    [
        ("Masonry Veneer", "Construction:\r\nMASONRY  veneer.", "MASONRY  veneer"),
        ("generalize", "not to gen-\neralize too quickly", "gen-\neralize"),
        ("generalize", "not to gen\u00ad\neralize too quickly", "gen\u00ad\neralize"),
        ("well-known", "a well-\nknown case", "well-\nknown"),
        ("INVOICE", "I N V O I C E  4711", "I N V O I C E"),
        ("Jose", "San José", "José"),
        ("Jose", "San Jose\u0301", "Jose\u0301"),
        ("Müller & Söhne", "MULLER & SOHNE", "MULLER & SOHNE"),
        ("Strasse 5", "Straße 5", "Straße 5"),
        ("efficient", "an e\ufb03cient way", "e\ufb03cient"),
        ("横浜営業1課", "部署　横浜営業１課　旅費", "横浜営業１課"),
        ("ガス", "ｶﾞｽ料金", "ｶﾞｽ"),
        ("don't", "we don’t know", "don’t"),
        ("O'Brien", "Con O’Brien, MP", "O’Brien"),
        ("12 kg", "weighs 12kg net", "12kg"),
        ("12kg", "weighs 12\u00a0kg net", "12\u00a0kg"),
        ("zero width", "zero\u200b width", "zero\u200b width"),
        ("שלום", "אמר שָׁלוֹם לכולם", "שָׁלוֹם"),
        ("נכסים", "סך ðכסים", "ðכסים"),
        ("٣٤", "رقم 34 هنا", "34"),
        ("1427 Sample Drive, Washington, DC 40000", "at\n1427 Sample Drive\nWashington, DC 40000\n", None),
        ("(202) 111-2222", "Tel 202-111-2222", "202-111-2222"),
        ("2021112222", "Tel (202) 111-2222 or", "202) 111-2222"),
        ("m2", "12 m² net", "m²"),
    ],
)
def test_another_spelling_is_normalised(value: str, text: str, place: str | None) -> None:
    """Case, space, width, accents, quotes and hyphens at a line's end do not matter."""
    assert said(value, text) == [("normalised", text.strip("at\n") if place is None else place)]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("$1,234.00", "Total: $1,234.00 due"),
        ("A+", "grade A+ in A- and A"),
        ("C#", "C, C++ and C# code"),
        ("-", "a\t-\tb"),
        ("สวัสดี", "เขาพูดว่าสวัสดีครับ"),
        ("नमस्ते", "कहा नमस्ते दुनिया"),
        ("😀 ok", "👍 😀 ok 👍"),
        ("[x]", "[ ] no [x] yes"),
        ("5", "5kg"),
        ("5", "for $5."),
        ("3", "1, 2, 3, 4"),
        ("12", "12/50"),
    ],
)
def test_the_same_characters_are_exact(value: str, text: str) -> None:
    """The place has the signs around the value too, and only that place counts."""
    assert said(value, text) == [("exact", value)]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("12", "12.50"),
        ("12", "3,120 and 1,012"),
        ("12", "1.12"),
        ("3.2", "section 3.2.1"),
        ("25", "254H089SJ425"),
        ("1.5 mg", "1-5 mg"),
        ("1428", "1/4-28 UNF"),
        ("14", "1 4"),
        ("A+", "grade A- or A"),
        ("paid", "unpaid, prepaid"),
        ("A", "A1 and B2"),
        ("", "anything"),
        (" ", "any thing"),
        ("x", ""),
    ],
)
def test_a_part_of_a_number_or_word_says_nothing(value: str, text: str) -> None:
    """A value is not found inside of a longer number, code or word."""
    assert said(value, text) == []


@pytest.mark.parametrize(
    ("value", "text", "place"),
    [
        ("Doe, John", "by Mr. John Doe today", "John Doe"),
        ("John Doe", "signed: DOE, John A.", "DOE, John"),
        ("J. Robert Oppenheimer", "Robert Oppenheimer", "Robert Oppenheimer"),
        ("Acme Inc.", "sold by Acme, Berlin", "Acme"),
        ("Frank Stallings", "Agent: Frnak Stallings", "Frnak Stallings"),
        ("Modern Smith", "the Modem Srnith file", "Modem Srnith"),
        ("B0I234", "Ref. BO1234 ok", "BO1234"),
        ("The order of steps is consequential since routines are combined", None, None),
        ("מקורים שאינם", "ובין םניאש םירוקמ כאן", "םניאש םירוקמ"),
    ],
)
def test_what_is_said_nearly_is_fuzzy(value: str, text: str | None, place: str | None) -> None:
    """Word order, initials, forms of companies, confused characters and paraphrases."""
    if text is None:
        text = "x. The order of all steps is consequential. Routines are often combined with others.\nNo."
        place = "The order of all steps is consequential. Routines are often combined"
    assert nearly(value, text) == [place]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("not present", "it is present"),
        ("20 min", "20 times"),
        ("John Doe", "John Smith and Jane Doe"),
        ("May 22, 1914", "May 23, 1914"),
        ("insulin", "insulted"),
        ("typical", "atypical"),
        ("the first 1000 square meters", "the first 200 square meters"),
        ("Figure 6", "see Figure 2.6"),
        ("[(None, 8, 4096)]", "none of 8 and 4096"),
        ("Fe (total)", "the total"),
        ("Suction system", "a system. Suction is"),
        ("254H089SJ425", "254H089SJ426"),
        ("never paid any rent on time", "paid any rent on time"),
        ("a wholly different sentence about birds", "the order of steps is consequential here"),
    ],
)
def test_a_place_that_says_something_else_is_no_place(value: str, text: str) -> None:
    """A missing negation, number or word of a short value is another value."""
    assert nearly(value, text) == []


def test_a_value_from_several_places_is_found_at_its_largest_part() -> None:
    """The distance tells the share of the words that do not stand there."""
    text = "Harkness Hall\n" + "filler words " * 30 + "\nsecond floor of the barrister building"
    value = "Second floor of the Barrister Building; Harkness Hall"
    (place,) = TextFinder(TextIndex(text)).places(Leaf((), value), LIMIT)
    assert text[place.start : place.end] == "second floor of the barrister building"
    assert place.kind == "fuzzy"
    assert 0.1 < place.distance < 0.5


WORDS = st.text(st.characters(categories=["Ll"], max_codepoint=0x24F), min_size=4, max_size=9)
TEXTS = st.text(st.sampled_from("abAB12 .,-\n\t\r()é\u0301\u00ad\u200bß漢字กำ한שלα💥"), max_size=40)


@given(TEXTS, TEXTS)
def test_every_place_says_the_value(value: str, text: str) -> None:
    """Places lie in the source; exact ones are equal, normalised ones have equal normal forms."""
    for place in TextFinder(TextIndex(text)).places(Leaf((), value), LIMIT):
        assert 0 <= place.start < place.end <= len(text)
        found = text[place.start : place.end]
        if place.kind == "exact":
            assert found == value
        elif place.kind == "normalised":
            assert "".join(forms(found)) == "".join(forms(value))
        else:
            assert 0 < place.distance < 1


@given(TEXTS)
def test_a_text_says_itself(text: str) -> None:
    """What has any character but space is found in itself."""
    assume(forms(text))
    assert TextFinder(TextIndex(text)).said(text, 1)


@given(
    st.lists(WORDS, max_size=8),
    st.lists(WORDS, min_size=1, max_size=5),
    st.lists(WORDS, max_size=8),
    st.data(),
)
def test_a_planted_value_is_found_at_its_place(
    before: list[str], value: list[str], after: list[str], data: st.DataObject
) -> None:
    """Case, decomposed accents, space and hyphens at a line's end hide no value."""
    pieces = []
    for word in value:
        cut = data.draw(st.integers(2, len(word) - 2))
        changed = data.draw(
            st.sampled_from([word, word.upper(), word.title(), unicodedata.normalize("NFD", word)])
        )
        if changed == word and data.draw(st.booleans()):
            changed = f"{word[:cut]}-\n{word[cut:]}"
        pieces.append(changed)
    planted = data.draw(st.sampled_from([" ", "\n", "  ", "\u00a0", ", ", "\r\n"])).join(pieces)
    start = len(" ".join([*before, ""]))
    text = " ".join([*before, planted, *after])
    places = TextFinder(TextIndex(text)).said(" ".join(value), LIMIT)
    assert (start, start + len(planted)) in [(place.start, place.end) for place in places]
