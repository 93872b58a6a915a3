"""Any date in any notation is found at its range, and no other date is."""

from __future__ import annotations

from datetime import date, datetime, time

from hypothesis import assume, given
from hypothesis import strategies as st

from structgen.evidence.grounding.dates import DateFinder
from structgen.evidence.grounding.leaves import Leaf
from structgen.evidence.grounding.places import Place
from structgen.parsing.coercion.month_names import NAMES

SURE = 0.3
WORDS = st.sampled_from(
    ["", "policy begins", "gültig ab", "から", "issued\r\n", "(paid)", "🙂", "Rev. B,", "no. 12 of"]
)
MONTHS = {language: [words.split()[0] for words in names.split(";")] for language, names in NAMES.items()}


def ordinal(day: int) -> str:
    suffix = "th" if 10 <= day % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{suffix}"


@st.composite
def dates_in_notation(draw: st.DrawFn) -> tuple[date, str]:
    """Draw a date and an unambiguous notation of it."""
    day = draw(st.dates(date(1950, 1, 1), date(2039, 12, 31)))
    language = draw(st.sampled_from(sorted(MONTHS)))
    name = MONTHS[language][day.month - 1]
    english = MONTHS["en"][day.month - 1].capitalize()
    forms = [
        day.isoformat(),
        f"{day.year}/{day.month:02}/{day.day:02}",
        f"{day.day:02}.{day.month:02}.{day.year}",
        f"{day.day}. {day.month}. {day.year}",
        f"{day.day} {name} {day.year}",
        f"{day.day}. {name.capitalize()} {day.year}",
        f"{day.day} de {name} de {day.year}",
        f"{english} {day.day}, {day.year}",
        f"{english} {day.day}. {day.year}",
        f"{ordinal(day.day)} of {english} {day.year}",
        f"{english} {ordinal(day.day)}, {day.year}",
        f"{day.day:02}-{english[:3].upper()}-{day.year}",
        f"{day.year} {english} {day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}년 {day.month}월 {day.day}일",
    ]
    if day.day > 12:
        forms += [
            f"{day.day}/{day.month}/{day.year}",
            f"{day.month:02}/{day.day:02}/{day.year}",
            f"{day.month}-{day.day}-{day.year}",
        ]
    return day, draw(st.sampled_from(forms))


def sure(text: str, value: str) -> list[Place]:
    return [place for place in DateFinder(text).places(Leaf((), value), 9) if place.distance < SURE]


@given(WORDS, dates_in_notation(), WORDS)
def test_a_date_in_any_notation_is_found_at_its_range(
    before: str, dated: tuple[date, str], after: str
) -> None:
    """The range holds day, month and year, and nothing else."""
    day, notation = dated
    text = f"{before} {notation} {after}"
    [place] = sure(text, day.isoformat())
    assert text[place.start : place.end] == notation
    assert place.kind == ("exact" if notation == day.isoformat() else "value")


@given(dates_in_notation(), st.dates(date(1950, 1, 1), date(2039, 12, 31)))
def test_another_date_is_not_surely_said(dated: tuple[date, str], other: date) -> None:
    """Neither another day, nor the same day of another year."""
    day, notation = dated
    assume(other != day)
    assert not sure(f"x {notation} y", other.isoformat())
    if (day.month, day.day) != (2, 29):
        assert not sure(f"x {notation} y", day.replace(year=day.year + 1).isoformat())


@given(st.times(), dates_in_notation(), st.sampled_from([" ", ", ", " at "]))
def test_a_date_with_its_time_is_one_place(clock: time, dated: tuple[date, str], joint: str) -> None:
    """Date and time on one line say a date-time together."""
    day, notation = dated
    clock = clock.replace(second=0, microsecond=0)
    half = f"{clock.hour % 12 or 12}:{clock.minute:02} {'pm' if clock.hour >= 12 else 'a.m.'}"
    for spelling in (f"{clock:%H:%M}", half):
        text = f"on {notation}{joint}{spelling} we"
        places = sure(text, datetime.combine(day, clock).isoformat())
        assert f"{notation}{joint}{spelling}" in [text[place.start : place.end] for place in places]


@given(
    st.text(st.sampled_from("0123456789./:-, TZaApPmM年月日'MarchMai\nof令和元٣５"), max_size=60),
    st.sampled_from(["2021-03-05", "2021-03", "15:00", "2021-03-05T15:00:00Z", "PT1H", "5 March", "03/04"]),
)
def test_places_lie_within_any_text(text: str, value: str) -> None:
    """Places of any text are non-empty ranges in document order, and at most as many as asked for."""
    places = DateFinder(text).places(Leaf((), value), 5)
    assert len(places) <= 5
    assert places == sorted(places, key=lambda place: place.start)
    for place in places:
        assert 0 <= place.start < place.end <= len(text)
        assert 0 <= place.distance < 1
        assert not text[place.start].isspace()
        assert not text[place.end - 1].isspace()
