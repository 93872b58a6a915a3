"""Lose, double and exchange commas and colons."""

from __future__ import annotations

from random import Random

from damage_operators.base import ABSENT, Damage, Edit, Sample, Token, chosen, inserted, operator, replaced


def _commas(sample: Sample, container: type) -> list[Token]:
    return [token for token in sample.of(",") if isinstance(sample.at(token.path), container)]


def _comma_lost(sample: Sample, random: Random, container: type) -> Damage | None:
    token = chosen(random, _commas(sample, container))
    if token is None:
        return None
    around = sample.text[token.start - 1] + sample.text[token.end]
    # Two words side by side would be one word.
    return replaced(token, " " if around.replace(".", "").replace("-", "").isalnum() else "")


@operator()
def comma_lost_in_object(sample: Sample, random: Random) -> Damage | None:
    return _comma_lost(sample, random, dict)


@operator()
def comma_lost_in_array(sample: Sample, random: Random) -> Damage | None:
    return _comma_lost(sample, random, list)


@operator()
def all_commas_lost_at_line_ends(sample: Sample, random: Random) -> Damage | None:
    commas = [token for token in sample.of(",") if sample.text[token.end] == "\n"]
    return Damage(tuple(Edit(token.start, token.end, "") for token in commas)) if commas else None


@operator()
def comma_doubled(sample: Sample, random: Random) -> Damage | None:
    token = chosen(random, sample.of(","))
    return replaced(token, random.choice([",,", ", ,", ",\n,"])) if token else None


def _before_closing(sample: Sample, random: Random, kind: str) -> Damage | None:
    pairs = zip(sample.tokens, sample.tokens[1:], strict=False)
    ends = [one.end for one, other in pairs if other.kind == kind and one.kind not in ("{", "[")]
    at = chosen(random, ends)
    return inserted(at, ",") if at else None


@operator()
def trailing_comma_in_object(sample: Sample, random: Random) -> Damage | None:
    return _before_closing(sample, random, "}")


@operator()
def trailing_comma_in_array(sample: Sample, random: Random) -> Damage | None:
    return _before_closing(sample, random, "]")


@operator()
def comma_after_the_text(sample: Sample, random: Random) -> Damage | None:
    return inserted(len(sample.text), random.choice([",", ";", ",\n"]))


@operator()
def leading_comma(sample: Sample, random: Random) -> Damage | None:
    token = chosen(random, [token for token in sample.of("{", "[") if sample.at(token.path)])
    return inserted(token.end, random.choice([",", " , "])) if token else None


def _comma_as(sample: Sample, random: Random, text: str) -> Damage | None:
    token = chosen(random, sample.of(","))
    return replaced(token, text) if token else None


@operator()
def comma_as_semicolon(sample: Sample, random: Random) -> Damage | None:
    return _comma_as(sample, random, ";")


@operator()
def all_commas_as_semicolons(sample: Sample, random: Random) -> Damage | None:
    commas = sample.of(",")
    return Damage(tuple(Edit(token.start, token.end, ";") for token in commas)) if commas else None


@operator()
def comma_full_width(sample: Sample, random: Random) -> Damage | None:
    return _comma_as(sample, random, random.choice("，，、"))


@operator(is_rare=True)
def comma_as_period(sample: Sample, random: Random) -> Damage | None:
    places = [token for token in sample.of(",") if sample.text[token.start - 1] in '"}]el']
    token = chosen(random, places)
    return replaced(token, ".") if token else None


@operator(is_rare=True)
def comma_as_colon(sample: Sample, random: Random) -> Damage | None:
    token = chosen(random, _commas(sample, dict))
    return replaced(token, ":") if token else None


@operator(is_rare=True)
def comma_as_word(sample: Sample, random: Random) -> Damage | None:
    commas = [token for token in _commas(sample, list) if sample.text[token.start - 1] in '"}]']
    token = chosen(random, commas)
    return replaced(token, random.choice([" and", " or", ", and", "|", " /", " &"])) if token else None


@operator()
def comma_within_the_quotes(sample: Sample, random: Random) -> Damage | None:
    """Put the comma before the closing quote, as American typesetting does."""
    pairs = zip(sample.tokens, sample.tokens[1:], strict=False)
    token = chosen(random, [one for one, other in pairs if one in sample.strings and other.kind == ","])
    if token is None:
        return None
    comma = next(t for t in sample.of(",") if t.start >= token.end)
    kept = {token.path: sample.text_of(token) + ","}
    edits = (Edit(token.end - 1, token.end, ',"'), Edit(comma.start, comma.end, ""))
    return Damage(edits, meant=({}, kept))


def _colon(sample: Sample, random: Random, text: str) -> Damage | None:
    token = chosen(random, sample.of(":"))
    return replaced(token, text) if token else None


@operator()
def colon_lost(sample: Sample, random: Random) -> Damage | None:
    return _colon(sample, random, "")


@operator()
def all_colons_lost(sample: Sample, random: Random) -> Damage | None:
    colons = sample.of(":")
    if len(colons) < 2 or sample.text[colons[0].end] != " ":
        return None
    return Damage(tuple(Edit(token.start, token.end, "") for token in colons))


@operator()
def colon_doubled(sample: Sample, random: Random) -> Damage | None:
    return _colon(sample, random, random.choice(["::", ": :", ":::"]))


@operator()
def colon_as_equals(sample: Sample, random: Random) -> Damage | None:
    return _colon(sample, random, random.choice(["=", " =", ":=", "=="]))


@operator()
def colon_as_arrow(sample: Sample, random: Random) -> Damage | None:
    return _colon(sample, random, random.choice(["=>", " =>", "->", "→"]))


@operator()
def all_colons_as_equals(sample: Sample, random: Random) -> Damage | None:
    colons, sign = sample.of(":"), random.choice(["=", " =", "=>", " =>"])
    return Damage(tuple(Edit(token.start, token.end, sign) for token in colons)) if colons else None


@operator()
def colon_full_width(sample: Sample, random: Random) -> Damage | None:
    return _colon(sample, random, "：")


@operator(is_rare=True)
def colon_as_comma(sample: Sample, random: Random) -> Damage | None:
    colons = sample.of(":")
    if len(colons) < 2:
        return None
    return replaced(random.choice(colons), ",")


@operator()
def colon_as_semicolon(sample: Sample, random: Random) -> Damage | None:
    return _colon(sample, random, ";")


@operator()
def colon_within_the_quotes(sample: Sample, random: Random) -> Damage | None:
    """Put the colon before the closing quote of the key."""
    key = chosen(random, sample.keys)
    if key is None:
        return None
    colon = next(token for token in sample.of(":") if token.start >= key.end)
    return Damage((Edit(key.end - 1, key.end, ':"'), Edit(colon.start, colon.end, "")))


@operator(is_rare=True)
def colon_after_a_value(sample: Sample, random: Random) -> Damage | None:
    """Put a colon where a comma ends the line's value: `"a": 1:,`."""
    pairs = zip(sample.tokens, sample.tokens[1:], strict=False)
    ends = [one.end for one, other in pairs if one.is_value and other.kind == ","]
    at = chosen(random, ends)
    return inserted(at, ":") if at else None


@operator()
def value_lost(sample: Sample, random: Random) -> Damage | None:
    """Lose the value of a member: a reader may refuse the text, or read no value or null."""
    values = [token for token in sample.tokens if token.is_value and isinstance(token.path[-1], str)]
    token = chosen(random, values)
    if token is None:
        return None
    rights = [{token.path: ABSENT}, {token.path: None}]
    typed = tuple(changes for changes in rights if sample.accepts(changes))
    edit = Edit(token.start, token.end, "")
    return Damage((edit,), meant=typed, plain=tuple(rights), may_fail=True)
