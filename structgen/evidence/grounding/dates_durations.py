"""Durations: `1 hour 30 minutes`, `90 min`, `two weeks`, by the value of `PT1H30M`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from structgen.evidence.grounding.numbers_words import spelled_number

_SECONDS = {
    "s": 1, "sec secs second seconds sekunde sekunden seconde secondes segundo segundos secondo secondi": 1,
    "min mins minute minutes minuten minuto minutos minuti minuut": 60,
    "h hr hrs hour hours stunde stunden std heure heures hora horas ora ore uur uren": 3600,
    "d day days tag tage tagen jour jours día días giorno giorni dag dagen dia dias": 86400,
    "week weeks wk wks woche wochen semaine semaines semana semanas settimana settimane weken": 604800,
}  # fmt: skip
_MONTHS = {
    "month months mo mos monat monate monaten mois mes meses mese mesi maand maanden mês": 1,
    "year years yr yrs jahr jahre jahren an ans année années año años anno anni jaar ano anos": 12,
}
_UNITS = {word: (0, factor) for words, factor in _SECONDS.items() for word in words.split()} | {
    word: (factor, 0) for words, factor in _MONTHS.items() for word in words.split()
}
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_PART = re.compile(
    rf"(?<![\w.,])(?P<number>\d{{1,6}}(?:[.,]\d{{1,2}})?|[^\W\d_]{{2,10}})(?:[ \u00a0-]|(?<=\d))"
    rf"(?P<unit>{_UNIT})(?![^\W\d_])",
    re.IGNORECASE,
)
_JOINT = re.compile(r",?\s?(?:and|und|et|y|e|en)?\s?", re.IGNORECASE)
_ISO = re.compile(
    r"P(?=.)(?:(?P<years>\d+(?:\.\d+)?)Y)?(?:(?P<months>\d+(?:\.\d+)?)M)?(?:(?P<weeks>\d+(?:\.\d+)?)W)?"
    r"(?:(?P<days>\d+(?:\.\d+)?)D)?(?:T(?=.)(?:(?P<hours>\d+(?:\.\d+)?)H)?(?:(?P<minutes>\d+(?:\.\d+)?)M)?"
    r"(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)


class Span(NamedTuple):
    """A duration: months and seconds, which no calendar converts into each other."""

    months: Fraction
    seconds: Fraction


def iso_duration(text: str) -> Span | None:
    """Return the duration of an ISO 8601 text such as `PT1H30M`; None for any other text."""
    match = _ISO.fullmatch(text) if text.startswith("P") and len(text) <= 60 else None
    if match is None:
        return None
    months = seconds = Fraction(0)
    for unit, number in match.groupdict().items():
        per_month, per_second = _UNITS[unit]
        months += Fraction(number or 0) * per_month
        seconds += Fraction(number or 0) * per_second
    return Span(months, seconds)


def durations(folded: str) -> Iterator[tuple[int, int, Span]]:
    """Yield the durations of a folded text: each part, and the parts that follow each other as a whole."""
    start, end, span, last = 0, -1, Span(Fraction(0), Fraction(0)), 0
    for match in _PART.finditer(folded):
        part = _part(match)
        if part is None:
            continue
        factor = sum(_UNITS[match["unit"].lower()])
        yield match.start(), match.end(), part
        joins = end >= 0 and match.start() - end <= 6 and _JOINT.fullmatch(folded[end : match.start()])
        if joins and factor < last:
            span = Span(span.months + part.months, span.seconds + part.seconds)
            yield start, match.end(), span
        else:
            start, span = match.start(), part
        end, last = match.end(), factor


def _part(match: re.Match[str]) -> Span | None:
    text = match["number"]
    number = Fraction(text.replace(",", ".")) if text[0].isdigit() else spelled_number(text)
    if number is None:
        return None
    months, seconds = _UNITS[match["unit"].lower()]
    return Span(Fraction(number * months), Fraction(number * seconds))
