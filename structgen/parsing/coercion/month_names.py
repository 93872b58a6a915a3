"""Month names of seven languages, independent of the locale."""

from __future__ import annotations

from structgen.parsing.coercion.word_text import normalise

NAMES = {
    "en": (
        "january jan; february feb; march mar; april apr; may; june jun; july jul; august aug; "
        "september sep sept; october oct; november nov; december dec"
    ),
    "de": (
        "januar jan; februar feb; märz mär maerz mrz; april apr; mai; juni jun; juli jul; august aug; "
        "september sep sept; oktober okt; november nov; dezember dez"
    ),
    "fr": (
        "janvier janv; février févr; mars; avril avr; mai; juin; juillet juil; août; "
        "septembre sept; octobre oct; novembre nov; décembre déc"
    ),
    "es": (
        "enero ene; febrero feb; marzo mar; abril abr; mayo may; junio jun; julio jul; agosto ago; "
        "septiembre setiembre sep sept; octubre oct; noviembre nov; diciembre dic"
    ),
    "it": (
        "gennaio gen; febbraio feb; marzo mar; aprile apr; maggio mag; giugno giu; luglio lug; agosto ago; "
        "settembre set sett; ottobre ott; novembre nov; dicembre dic"
    ),
    "nl": (
        "januari jan; februari feb; maart mrt; april apr; mei; juni jun; juli jul; augustus aug; "
        "september sep sept; oktober okt; november nov; december dec"
    ),
    "pt": (
        "janeiro jan; fevereiro fev; março mar; abril abr; maio mai; junho jun; julho jul; agosto ago; "
        "setembro set; outubro out; novembro nov; dezembro dez"
    ),
}
"""The names and abbreviations of the twelve months, in their order, by language."""


_NUMBERS = {
    normalise(word): number
    for months in NAMES.values()
    for number, words in enumerate(months.split(";"), 1)
    for word in words.split()
}


def month_number(word: str) -> int | None:
    """Return the month, 1 to 12, that a name or abbreviation without its dot stands for."""
    return _NUMBERS.get(normalise(word))
