"""Dates and their months in words are read alike in every locale."""

from __future__ import annotations

import locale

import pytest

from structgen.parsing.coercion.date_text import parse_date
from structgen.parsing.coercion.month_names import NAMES, month_number
from structgen.parsing.pipeline import repair_by_rules
from structgen.schema import Schema

_DATE = Schema.parse({"type": "string", "format": "date"})


@pytest.mark.parametrize(
    "text",
    [
        "3 March 2026", "3 Mar 2026", "3. March 2026", "March 3, 2026", "Mar 3, 2026", "March 3 2026",
        "3rd March 2026", "03-Mar-2026", "3-march-2026", "Tuesday, March 3, 2026", "Tuesday, 3 March 2026",
        "Tue, 03 Mar 2026", "3. März 2026", "3. Mär. 2026", "3. Ma\u0308rz 2026", "3 mars 2026",
        "3 de marzo de 2026", "3 de marzo del 2026", "3 marzo 2026", "3 maart 2026", "3 mrt. 2026",
        "3 de março de 2026", "3 DE MARÇO DE 2026",
    ],
)  # fmt: skip
def test_a_date_with_the_name_of_its_month_is_read(text: str) -> None:
    """English, German, French, Spanish, Italian, Dutch and Portuguese names stand for the same month."""
    assert parse_date(text) == "2026-03-03"


@pytest.mark.parametrize(
    ("text", "expected"), [("1er août 2026", "2026-08-01"), ("1º de maio de 2026", "2026-05-01")]
)
def test_the_first_of_a_month_may_be_an_ordinal(text: str, expected: str) -> None:
    """French and Portuguese write the first day of a month as an ordinal."""
    assert parse_date(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "3 marec 2026",
        "3. Brumaire 2026",
        "31 February 2026",
        "0 March 2026",
        "3 March 26",
        "3-March 2026",
        "March 2026",
    ],
)
def test_an_unknown_month_or_day_stays_unread(text: str) -> None:
    """A word that names no month in these languages, or a day that the month lacks, is not guessed."""
    assert parse_date(text) is None


def test_a_word_names_one_month_in_all_languages() -> None:
    """Each language has twelve months, and no word of one stands for another month in a second one."""
    for months in NAMES.values():
        assert months.count(";") == 11
        for number, words in enumerate(months.split(";"), 1):
            assert {month_number(word) for word in words.split()} == {number}


def test_the_locale_of_the_process_does_not_matter() -> None:
    """English dates are read in a process with German names of months."""
    earlier = locale.setlocale(locale.LC_TIME)
    try:
        for name in ("de_DE.UTF-8", "fr_FR.UTF-8", "C.UTF-8"):
            try:
                locale.setlocale(locale.LC_TIME, name)
            except locale.Error:
                continue
            assert parse_date("Tuesday, March 3, 2026") == parse_date("3. März 2026") == "2026-03-03"
    finally:
        locale.setlocale(locale.LC_TIME, earlier)


@pytest.mark.parametrize("text", ["3. März 2026", "3 mars 2026", "March 3, 2026"])
def test_the_change_to_an_iso_date_has_the_risk_coerced(text: str) -> None:
    """A month in words is a notation of the date, as any other."""
    result = repair_by_rules(f'"{text}"', _DATE)
    assert result.value == "2026-03-03"
    assert [change.risk for change in result.changes] == ["coerced"]
