"""Dates, times and durations are found by their value, in the notations that documents use."""

from __future__ import annotations

import pytest

from structgen.evidence.grounding.dates import DateFinder
from structgen.evidence.grounding.leaves import Leaf

SURE = 0.3


def sayings(text: str, value: str) -> list[str]:
    """Return the texts that surely say a value."""
    places = DateFinder(text).places(Leaf((), value), 50)
    return [text[place.start : place.end] for place in places if place.distance < SURE]


@pytest.mark.parametrize(
    ("text", "value", "saying"),
    [
        ("on 2024-03-05.", "2024-03-05", "2024-03-05"),
        ("on 2024/03/05.", "2024-03-05", "2024/03/05"),
        ("on 25/03/2024.", "2024-03-25", "25/03/2024"),
        ("on 03/25/2024.", "2024-03-25", "03/25/2024"),
        ("on 3.4.24 at", "2024-04-03", "3.4.24"),
        ("on 05. 03. 2024 at", "2024-03-05", "05. 03. 2024"),
        ("on 20240305 at", "2024-03-05", "20240305"),
        ("Expiration: March 30. 2021 Policy", "2021-03-30", "March 30. 2021"),
        ("the 30th of March 2021, a", "2021-03-30", "30th of March 2021"),
        ("am 3. März 2021 in", "2021-03-03", "3. März 2021"),
        ("le 1er février 2021 à", "2021-02-01", "1er février 2021"),
        ("el 5 de marzo de 2021 en", "2021-03-05", "5 de marzo de 2021"),
        ("dated 27-NOV-18 (CREATED)", "2018-11-27", "27-NOV-18"),
        ("Mar-21", "2021-03", "Mar-21"),
        ("in March 2021 we", "2021-03", "March 2021"),
        ("in March 2021 we", "2021-03-01", "March 2021"),
        ("in 03/2021 we", "2021-03", "03/2021"),
        ("March 3-5, 2024", "2024-03-03", "March 3-5, 2024"),
        ("March 3-5, 2024", "2024-03-05", "March 3-5, 2024"),
        ("from 3 to 5 March 2024", "2024-03-03", "3 to 5 March 2024"),
        ("from 3 to 5 March 2024", "2024-03-05", "5 March 2024"),
        ("28 February – 3 March 2024", "2024-02-28", "28 February – 3 March 2024"),
        ("28 February – 3 March 2024", "2024-03-03", "3 March 2024"),
        ("Monday, March 4, 2024", "2024-03-04", "March 4, 2024"),
        ("2024年3月5日に", "2024-03-05", "2024年3月5日"),
        ("令和6年3月5日に", "2024-03-05", "令和6年3月5日"),
        ("２０２４年３月５日", "2024-03-05", "２０２４年３月５日"),
        ("Jan - Mar 2024", "2024-01", "Jan - Mar 2024"),
        ("31 בדצמבר, 2023", "2023-12-31", "31 בדצמבר, 2023"),
        ("от 5 марта 2024 г.", "2024-03-05", "5 марта 2024"),
        ("5 września 2024", "2024-09-05", "5 września 2024"),
        ("at 3pm", "15:00", "3pm"),
        ("at 15:00.", "15:00:00", "15:00"),
        ("Begins: 12:01 a.m. Standard", "00:01:00", "12:01 a.m."),
        ("um 15.30 Uhr", "15:30", "15.30 Uhr"),
        ("on 5 March 2024 at 3:15 pm we", "2024-03-05T15:15:00", "5 March 2024 at 3:15 pm"),
        ("on 2024-03-05T15:15:00Z we", "2024-03-05T15:15:00Z", "2024-03-05T15:15:00Z"),
        ("left 06/22 13:30 for", "06/22 13:30", "06/22 13:30"),
        ("born 5 March 1970", "March 5, 1970", "5 March 1970"),
        ("it took 1 hour 30 minutes.", "PT1H30M", "1 hour 30 minutes"),
        ("it took 90 minutes.", "PT1H30M", "90 minutes"),
        ("for two weeks", "P2W", "two weeks"),
    ],
)
def test_a_notation_says_its_value(text: str, value: str, saying: str) -> None:
    """The shortest range that says the whole value is found."""
    assert sayings(text, value) == [saying]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on 5 March 2024", "2024-03-06"),
        ("on 5 March 2024", "2023-03-05"),
        ("on 5 March", "2024-03-05"),
        ("version 1.2.3.4", "2003-02-01"),
        ("on 13/25/2024", "2024-01-13"),
        ("at 15:00", "15:30"),
        ("March 30", "March"),
        ("on 31 February 2024", "2024-02-31"),
    ],
)
def test_another_value_is_not_surely_said(text: str, value: str) -> None:
    """Another date, and one whose year the text does not say, are not surely said."""
    assert not sayings(text, value)


def test_the_document_tells_the_order_of_day_and_month() -> None:
    """An unambiguous date decides how the ambiguous ones are read."""
    assert sayings("03/04/2024 and 25/12/2024", "2024-04-03") == ["03/04/2024"]
    assert sayings("03/04/2024 and 25/12/2024", "2024-03-04") == []
    assert sayings("03/04/2024 and 12/25/2024", "2024-03-04") == ["03/04/2024"]
    assert sayings("03/04/2024: $5", "2024-03-04") == ["03/04/2024"]
    assert sayings("03/04/2024: 5 €", "2024-04-03") == ["03/04/2024"]


def test_a_year_of_the_document_completes_a_date() -> None:
    """A date without its year is likelier where the document names the year elsewhere."""
    assert sayings("Report 2024. On 5 March we", "2024-03-05") == ["5 March"]


def test_the_same_characters_are_exact() -> None:
    """A date as the value writes it is exact, any other notation is a value."""
    places = DateFinder("2024-03-05, 5 March 2024").places(Leaf((), "2024-03-05"), 9)
    assert [(place.kind, place.distance) for place in places] == [("exact", 0.0), ("value", 0.0)]
