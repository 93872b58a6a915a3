"""End a text before its end; a reader keeps every complete member."""

from __future__ import annotations

from random import Random

from damage_operators.base import Damage, Edit, Sample, Token, chosen, operator
from structgen.parsing.incremental.partial_json import parse_partial


def _cut(sample: Sample, at: int | None, suffix: str = "") -> Damage | None:
    """Return the damage of a cut; None where nothing complete stands before it."""
    if not at or parse_partial(sample.text[:at]).value in (None, {}, []):
        return None
    return Damage((Edit(at, len(sample.text), suffix),), cut=at)


def _within(random: Random, token: Token | None) -> int | None:
    if token is None or token.end - token.start < 3:
        return None
    return random.randrange(token.start + 1, token.end - 1)


@operator()
def cut_in_a_string(sample: Sample, random: Random) -> Damage | None:
    return _cut(sample, _within(random, chosen(random, sample.strings)))


@operator()
def cut_in_a_key(sample: Sample, random: Random) -> Damage | None:
    return _cut(sample, _within(random, chosen(random, sample.keys[1:])))


@operator()
def cut_in_a_number(sample: Sample, random: Random) -> Damage | None:
    return _cut(sample, _within(random, chosen(random, sample.of("number"))))


@operator()
def cut_in_a_literal(sample: Sample, random: Random) -> Damage | None:
    return _cut(sample, _within(random, chosen(random, sample.of("literal"))))


@operator()
def cut_in_an_escape(sample: Sample, random: Random) -> Damage | None:
    token = chosen(random, [t for t in sample.strings if "\\" in sample.raw(t)])
    if token is None:
        return None
    at = sample.raw(token).index("\\") + token.start + 1
    is_unicode = sample.text[at] == "u"
    return _cut(sample, at + (random.randint(0, 4) if is_unicode else 0))


def _after(sample: Sample, random: Random, *kinds: str) -> Damage | None:
    token = chosen(random, [t for t in sample.tokens[:-1] if t.kind in kinds and not t.is_key])
    return _cut(sample, token.end if token else None)


@operator()
def cut_after_a_value(sample: Sample, random: Random) -> Damage | None:
    return _after(sample, random, "string", "number", "literal")


@operator()
def cut_after_a_bracket(sample: Sample, random: Random) -> Damage | None:
    return _after(sample, random, "}", "]")


@operator()
def cut_after_an_opening_bracket(sample: Sample, random: Random) -> Damage | None:
    return _after(sample, random, "{", "[")


@operator()
def cut_after_a_comma(sample: Sample, random: Random) -> Damage | None:
    return _after(sample, random, ",")


@operator()
def cut_after_a_colon(sample: Sample, random: Random) -> Damage | None:
    return _after(sample, random, ":")


@operator()
def cut_after_a_key(sample: Sample, random: Random) -> Damage | None:
    token = chosen(random, sample.keys[1:])
    return _cut(sample, token.end if token else None)


@operator()
def cut_with_a_mark(sample: Sample, random: Random) -> Damage | None:
    """Cut after a value or comma and say so."""
    token = chosen(random, [t for t in sample.tokens[:-1] if t.is_value or t.kind == ","])
    mark = random.choice(["...", "…", " ...", "\n...", "… [truncated]", "\n\n[output truncated]"])
    return _cut(sample, token.end if token else None, mark)


@operator()
def cut_within_a_fence(sample: Sample, random: Random) -> Damage | None:
    """Cut a fenced text within its value, so that the fence stays open."""
    at = random.randrange(1, len(sample.text))
    damage = _cut(sample, at)
    if damage is None:
        return None
    return Damage((Edit(0, 0, "Here it is:\n```json\n"), *damage.edits), cut=at)
