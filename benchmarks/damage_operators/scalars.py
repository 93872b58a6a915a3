"""Write literals and numbers as other languages and people do."""

from __future__ import annotations

from random import Random
from typing import Any

from damage_operators.base import (
    Damage,
    Edit,
    Path,
    Sample,
    Token,
    chosen,
    inserted,
    operator,
    replaced,
)

_PYTHON = {"true": "True", "false": "False", "null": "None"}


@operator()
def python_literal(sample: Sample, random: Random) -> Damage | None:
    token = chosen(random, sample.of("literal"))
    return replaced(token, _PYTHON[sample.raw(token)]) if token else None


@operator()
def python_literals_everywhere(sample: Sample, random: Random) -> Damage | None:
    edits = tuple(Edit(t.start, t.end, _PYTHON[sample.raw(t)]) for t in sample.of("literal"))
    return Damage(edits) if edits else None


@operator()
def literal_in_capitals(sample: Sample, random: Random) -> Damage | None:
    token = chosen(random, sample.of("literal"))
    if token is None:
        return None
    return replaced(token, random.choice([sample.raw(token).upper(), sample.raw(token).title()]))


def _for_null(sample: Sample, random: Random, word: str, *, also_text: bool) -> Damage | None:
    token = chosen(random, [t for t in sample.of("literal") if sample.raw(t) == "null"])
    if token is None:
        return None
    return Damage((Edit(token.start, token.end, word),), plain=({token.path: word},) if also_text else ())


@operator()
def undefined_for_null(sample: Sample, random: Random) -> Damage | None:
    return _for_null(sample, random, "undefined", also_text=False)


@operator()
def nil_for_null(sample: Sample, random: Random) -> Damage | None:
    return _for_null(sample, random, random.choice(["nil", "NULL", "NIL", "None"]), also_text=False)


@operator()
def not_a_number_for_null(sample: Sample, random: Random) -> Damage | None:
    return _for_null(sample, random, random.choice(["NaN", "nan"]), also_text=True)


def _with_number(
    sample: Sample, random: Random, number: Any, written: str, *, as_text: bool = False
) -> Damage | None:
    """Give some number another value, written in some way; without a schema the text may stay a text."""
    tokens = sample.of("number")
    random.shuffle(tokens)
    for token in tokens[:4]:
        if sample.accepts({token.path: number}):
            plain = ({token.path: written},) if as_text else ()
            return Damage((Edit(token.start, token.end, written),), ({token.path: number},), plain)
    return None


def _own_number(sample: Sample, random: Random, accepted: Any) -> tuple[Token, Any] | None:
    tokens = [t for t in sample.of("number") if accepted(sample.at(t.path))]
    token: Token | None = chosen(random, tokens)
    return (token, sample.at(token.path)) if token else None


@operator()
def thousands_by_comma(sample: Sample, random: Random) -> Damage | None:
    number = random.choice([1234, 12500, 1234567, 2000, -45000, 1234.5, -2000.25])
    token = _with_number(sample, random, number, f"{number:,}")
    return token if token and _in_object(sample, token.edits[0]) else None


def _in_object(sample: Sample, edit: Edit) -> bool:
    path: Path = next(token.path for token in sample.tokens if token.start == edit.start)
    return bool(path) and isinstance(path[-1], str)


@operator()
def thousands_by_other_marks(sample: Sample, random: Random) -> Damage | None:
    number, mark = random.choice([1234, 12500, 1234567, 45000]), random.choice("_' \u00a0\u202f’")
    return _with_number(sample, random, number, f"{number:,}".replace(",", mark), as_text=True)


@operator()
def european_number(sample: Sample, random: Random) -> Damage | None:
    number = random.choice([1234.56, 12500.75, 1234567.5, 3.75, 0.25])
    written = f"{number:,}".translate(str.maketrans(",.", ".,"))
    damage = _with_number(sample, random, number, written, as_text=True)
    return damage if damage and _in_object(sample, damage.edits[0]) else None


@operator()
def plus_sign(sample: Sample, random: Random) -> Damage | None:
    own = _own_number(sample, random, lambda number: number >= 0)
    return replaced(own[0], f"+{sample.raw(own[0])}") if own else None


@operator()
def leading_point(sample: Sample, random: Random) -> Damage | None:
    number = random.choice([0.5, 0.25, 0.75, -0.5, 0.05])
    return _with_number(sample, random, number, str(number).replace("0.", ".", 1))


@operator()
def trailing_point(sample: Sample, random: Random) -> Damage | None:
    own = _own_number(sample, random, lambda number: isinstance(number, int) and abs(number) < 10**15)
    return replaced(own[0], f"{own[1]}.") if own else None


@operator()
def leading_zeros(sample: Sample, random: Random) -> Damage | None:
    """Fill a whole number with zeros; without a schema it may be an identifier, which is a text."""
    own = _own_number(sample, random, lambda number: isinstance(number, int) and 0 <= number < 10**9)
    if own is None:
        return None
    written = "0" * random.randint(1, 2) + str(own[1])
    return Damage((Edit(own[0].start, own[0].end, written),), plain=({own[0].path: written},))


@operator()
def hexadecimal_number(sample: Sample, random: Random) -> Damage | None:
    own = _own_number(sample, random, lambda number: isinstance(number, int) and 0 <= number < 2**53)
    return replaced(own[0], random.choice([hex(own[1]), f"0X{own[1]:X}", f"0x{own[1]:02X}"])) if own else None


@operator(is_rare=True)
def octal_or_binary_number(sample: Sample, random: Random) -> Damage | None:
    own = _own_number(sample, random, lambda number: isinstance(number, int) and 0 <= number < 2**20)
    if own is None:
        return None
    written = random.choice([oct, bin])(own[1])
    return Damage((Edit(own[0].start, own[0].end, written),), plain=({own[0].path: written},))


@operator(is_rare=True)
def number_suffix(sample: Sample, random: Random) -> Damage | None:
    """Write the suffix of a number type: `10n`, `5L`, `1.5f`."""
    own = _own_number(sample, random, lambda number: "e" not in str(number))
    if own is None:
        return None
    written = sample.raw(own[0]) + random.choice("nLl" if isinstance(own[1], int) else "fFdm")
    return Damage((Edit(own[0].start, own[0].end, written),), plain=({own[0].path: written},))


@operator()
def unit_after_number(sample: Sample, random: Random) -> Damage | None:
    own = _own_number(sample, random, lambda number: True)
    if own is None:
        return None
    unit = random.choice([" cm", "kg", " km/h", " years", " USD", "ms", " m²", " GB", " °C", " items"])
    written = sample.raw(own[0]) + unit
    return Damage((Edit(own[0].start, own[0].end, written),), plain=({own[0].path: written},))


@operator()
def currency_at_number(sample: Sample, random: Random) -> Damage | None:
    own = _own_number(sample, random, lambda number: number >= 0)
    if own is None:
        return None
    written = random.choice(["${}", "€{}", "£{}", "{} €", "{}€", "USD {}", "{} EUR", "$ {}"]).format(
        sample.raw(own[0])
    )
    return Damage((Edit(own[0].start, own[0].end, written),), plain=({own[0].path: written},))


@operator()
def percent_sign(sample: Sample, random: Random) -> Damage | None:
    """Write a per cent sign after a number; it may mean a hundredth, so the schema's range decides."""
    own = _own_number(sample, random, lambda number: 1 < number <= 100)
    if own is None:
        return None
    written = sample.raw(own[0]) + random.choice(["%", " %"])
    return Damage((Edit(own[0].start, own[0].end, written),), plain=({own[0].path: written},))


@operator()
def unicode_minus(sample: Sample, random: Random) -> Damage | None:
    number = random.choice([-1, -12, -3.5, -400])
    return _with_number(sample, random, number, random.choice("−–") + str(-number))


@operator(is_rare=True)
def digits_full_width(sample: Sample, random: Random) -> Damage | None:
    own = _own_number(sample, random, lambda number: isinstance(number, int) and number >= 0)
    if own is None:
        return None
    written = str(own[1]).translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
    return Damage((Edit(own[0].start, own[0].end, written),), plain=({own[0].path: written},))


@operator(is_rare=True)
def text_after_a_number(sample: Sample, random: Random) -> Damage | None:
    """Explain a number in parentheses behind it."""
    own = _own_number(sample, random, lambda number: True)
    if own is None:
        return None
    written = sample.raw(own[0]) + random.choice([" (approx.)", " (estimated)", " (see note)", " (total)"])
    return Damage((Edit(own[0].start, own[0].end, written),), plain=({own[0].path: written},))


@operator(is_rare=True)
def quote_after_a_number(sample: Sample, random: Random) -> Damage | None:
    """Close a number with a quote that was never opened."""
    own = _own_number(sample, random, lambda number: True)
    if own is None:
        return None
    as_text = {own[0].path: sample.raw(own[0])}
    damage = inserted(own[0].end, '"')
    return Damage(damage.edits, plain=(as_text,))


@operator(is_rare=True)
def quote_before_a_literal(sample: Sample, random: Random) -> Damage | None:
    """Open a quote before a number or literal and never close it."""
    token = chosen(random, sample.of("number", "literal"))
    if token is None:
        return None
    return Damage(inserted(token.start, '"').edits, plain=({token.path: sample.raw(token)},))


@operator(is_rare=True)
def approximate_number(sample: Sample, random: Random) -> Damage | None:
    own = _own_number(sample, random, lambda number: number >= 0)
    if own is None:
        return None
    written = random.choice(["~{}", "≈{}", "ca. {}", "about {}"]).format(sample.raw(own[0]))
    return Damage((Edit(own[0].start, own[0].end, written),), plain=({own[0].path: written},))


@operator()
def two_points_in_a_text(sample: Sample, random: Random) -> Damage | None:
    """Leave the quotes of a version, date or time out."""
    content = random.choice(
        ["0.0.1", "2024-03-01", "12:30", "10.0.0.1", "3-4", "1/2", "14:05:59", "2024/03/01"]
    )
    for token in random.sample(sample.strings, min(4, len(sample.strings))):
        if sample.accepts({token.path: content}):
            return Damage((Edit(token.start, token.end, content),), ({token.path: content},))
    return None
