"""Lose, exchange and double the quotes of strings and keys."""

from __future__ import annotations

import re
from random import Random

from damage_operators.base import (
    Damage,
    Edit,
    Sample,
    Token,
    chosen,
    content_place,
    operator,
    replaced,
    rewritten,
)

_LITERALS = re.compile(
    r"(?i)[-+]?[\d.][\d._,'\s]*(e[-+]?\d+)?%?|true|false|null|none|undefined|nan|[-+]?infinity|yes|no"
)
_MARKS = re.compile(r'[{}\[\]":]')


def _readable_without_quotes(sample: Sample, token: Token) -> bool:
    """Whether a reader can find the ends of the string without its quotes."""
    text = sample.text_of(token)
    if not text or text != text.strip() or _LITERALS.fullmatch(text) or _MARKS.search(text):
        return False
    if token.is_key:
        return not re.search(r"[,=;]", text)
    in_array = isinstance(token.path[-1], int) if token.path else True
    return not (in_array and re.search("[,;\n]", text)) and not text.startswith(("/", "#", "-", "*", "'"))


def _value(sample: Sample, random: Random, *, unquoted: bool = False) -> Token | None:
    tokens = [t for t in sample.strings if not unquoted or _readable_without_quotes(sample, t)]
    token: Token | None = chosen(random, tokens)
    return token


def _key(sample: Sample, random: Random) -> Token | None:
    token: Token | None = chosen(random, [t for t in sample.keys if _readable_without_quotes(sample, t)])
    return token


def _lost(sample: Sample, token: Token | None, opening: bool, closing: bool) -> Damage | None:
    if token is None:
        return None
    return replaced(token, sample.text[token.start + opening : token.end - closing])


def _quoted(sample: Sample, token: Token | None, opening: str, closing: str) -> Damage | None:
    if token is None or any(quote in sample.raw(token)[1:-1] for quote in opening + closing):
        return None
    return replaced(token, f"{opening}{sample.raw(token)[1:-1]}{closing}")


def _all_quoted(sample: Sample, opening: str, closing: str, tokens: list[Token]) -> Damage | None:
    edits = []
    for token in tokens:
        text = sample.raw(token)[1:-1]
        if any(quote in text for quote in opening + closing):
            return None
        edits.append(Edit(token.start, token.end, f"{opening}{text}{closing}"))
    return Damage(tuple(edits)) if edits else None


@operator()
def value_opening_quote_lost(sample: Sample, random: Random) -> Damage | None:
    return _lost(sample, _value(sample, random, unquoted=True), True, False)


@operator()
def value_closing_quote_lost(sample: Sample, random: Random) -> Damage | None:
    return _lost(sample, _value(sample, random, unquoted=True), False, True)


@operator()
def value_unquoted(sample: Sample, random: Random) -> Damage | None:
    return _lost(sample, _value(sample, random, unquoted=True), True, True)


@operator()
def key_opening_quote_lost(sample: Sample, random: Random) -> Damage | None:
    return _lost(sample, _key(sample, random), True, False)


@operator()
def key_closing_quote_lost(sample: Sample, random: Random) -> Damage | None:
    return _lost(sample, _key(sample, random), False, True)


@operator()
def key_unquoted(sample: Sample, random: Random) -> Damage | None:
    return _lost(sample, _key(sample, random), True, True)


@operator()
def all_keys_unquoted(sample: Sample, random: Random) -> Damage | None:
    if not sample.keys or not all(_readable_without_quotes(sample, token) for token in sample.keys):
        return None
    return Damage(tuple(Edit(t.start, t.end, sample.raw(t)[1:-1]) for t in sample.keys))


@operator()
def everything_unquoted(sample: Sample, random: Random) -> Damage | None:
    tokens = [*sample.keys, *sample.strings]
    if not sample.strings or not all(_readable_without_quotes(sample, token) for token in tokens):
        return None
    if any("," in sample.raw(token) for token in tokens):
        return None
    return Damage(tuple(Edit(t.start, t.end, sample.raw(t)[1:-1]) for t in tokens))


@operator()
def all_single_quoted(sample: Sample, random: Random) -> Damage | None:
    return _all_quoted(sample, "'", "'", [*sample.keys, *sample.strings])


@operator()
def value_single_quoted(sample: Sample, random: Random) -> Damage | None:
    return _quoted(sample, _value(sample, random), "'", "'")


@operator()
def key_single_quoted(sample: Sample, random: Random) -> Damage | None:
    return _quoted(sample, chosen(random, sample.keys), "'", "'")


@operator()
def value_curly_quoted(sample: Sample, random: Random) -> Damage | None:
    return _quoted(sample, _value(sample, random), *random.choice(["“”", "„“", "«»", "‘’", "„”"]))


@operator()
def key_curly_quoted(sample: Sample, random: Random) -> Damage | None:
    return _quoted(sample, chosen(random, sample.keys), *random.choice(["“”", "“”", "‘’", "„“"]))


@operator()
def all_curly_quoted(sample: Sample, random: Random) -> Damage | None:
    return _all_quoted(sample, "“", "”", [*sample.keys, *sample.strings])


@operator(is_rare=True)
def all_in_the_same_curly_quote(sample: Sample, random: Random) -> Damage | None:
    quote = random.choice("”“")
    return _all_quoted(sample, quote, quote, [*sample.keys, *sample.strings])


@operator()
def value_in_mixed_quotes(sample: Sample, random: Random) -> Damage | None:
    return _quoted(
        sample, _value(sample, random), *random.choice(["\"'", "'\"", '“"', '"”', "`'", "“'", '"`'])
    )


@operator()
def key_in_mixed_quotes(sample: Sample, random: Random) -> Damage | None:
    return _quoted(sample, chosen(random, sample.keys), *random.choice(["\"'", "'\"", '“"', '"”', "`'"]))


@operator()
def value_in_backticks(sample: Sample, random: Random) -> Damage | None:
    return _quoted(sample, _value(sample, random), "`", "`")


@operator()
def value_quotes_doubled(sample: Sample, random: Random) -> Damage | None:
    token = chosen(random, [t for t in sample.strings if t.end - t.start > 2])
    if token is None:
        return None
    quoted = {token.path: f'"{sample.text_of(token)}"'}
    return Damage((Edit(token.start, token.end, f'"{sample.raw(token)}"'),), meant=({}, quoted))


@operator()
def key_quotes_doubled(sample: Sample, random: Random) -> Damage | None:
    token = chosen(random, [t for t in sample.keys if t.end - t.start > 2])
    return replaced(token, f'"{sample.raw(token)}"') if token else None


@operator()
def all_quotes_doubled(sample: Sample, random: Random) -> Damage | None:
    """Double every quote, as CSV does."""
    tokens = [*sample.keys, *sample.strings]
    if not sample.strings or any(t.end - t.start < 3 or "\\" in sample.raw(t) for t in tokens):
        return None
    return rewritten(sample, sample.text.replace('"', '""'))


@operator()
def closing_quote_doubled(sample: Sample, random: Random) -> Damage | None:
    token = chosen(random, [t for t in sample.strings if t.end - t.start > 2])
    if token is None:
        return None
    inches = {token.path: sample.text_of(token) + '"'}
    return Damage((Edit(token.end, token.end, '"'),), meant=({}, inches))


@operator()
def opening_quote_doubled(sample: Sample, random: Random) -> Damage | None:
    token = chosen(random, [t for t in [*sample.strings, *sample.keys] if t.end - t.start > 2])
    return Damage((Edit(token.start, token.start, '"'),)) if token else None


@operator()
def value_triple_quoted(sample: Sample, random: Random) -> Damage | None:
    token = chosen(random, [t for t in sample.strings if t.end - t.start > 2])
    return replaced(token, f'""{sample.raw(token)}""') if token else None


@operator()
def quotes_escaped(sample: Sample, random: Random) -> Damage | None:
    """Put backslashes before the quotes of one key or value."""
    token = chosen(random, [*sample.keys, *sample.strings])
    return replaced(token, f'\\"{sample.raw(token)[1:-1]}\\"') if token else None


@operator()
def closing_quote_escaped(sample: Sample, random: Random) -> Damage | None:
    token = _value(sample, random, unquoted=True)
    if token is None:
        return None
    text = sample.text_of(token)
    # A backslash may be meant; after a digit the escaped quote may be the sign of inches.
    kept = [{token.path: text + "\\"}, *([{token.path: text + '"'}] if text[-1].isdigit() else [])]
    return Damage((Edit(token.end - 1, token.end, '\\"'),), meant=({}, *kept))


@operator(is_rare=True)
def quotes_as_two_apostrophes(sample: Sample, random: Random) -> Damage | None:
    token = chosen(random, [t for t in sample.strings if t.end - t.start > 2 and "'" not in sample.raw(t)])
    if token is None:
        return None
    quoted = {token.path: f"'{sample.text_of(token)}'"}
    return Damage((Edit(token.start, token.end, f"''{sample.raw(token)[1:-1]}''"),), meant=({}, quoted))


@operator(is_rare=True)
def member_in_one_pair_of_quotes(sample: Sample, random: Random) -> Damage | None:
    """Lose the closing quote of a key and the opening quote of its value: `"key: value"`."""
    keys = {token.path: token for token in sample.keys if _readable_without_quotes(sample, token)}
    values = [t for t in sample.strings if t.path in keys and _readable_without_quotes(sample, t)]
    token = chosen(random, values)
    if token is None:
        return None
    key = keys[token.path]
    return Damage((Edit(key.end - 1, key.end, ""), Edit(token.start, token.start + 1, "")))


_ODD_WORDS = [
    "#ff0000",
    "#news",
    "@user",
    "$HOME",
    "https://example.org/a?b=1&c=2",
    "/usr/local/bin",
    "3.0.0-beta",
    "v1.2",
    "10.5cm",
    "a+b",
    "info@example.org",
    "+49 30 123456",
    "*",
    "100%",
    "A-12/3",
]


@operator()
def odd_word_unquoted(sample: Sample, random: Random) -> Damage | None:
    """Leave a word with marks of comments, numbers or addresses without quotes."""
    content = random.choice(_ODD_WORDS)
    token = content_place(sample, random, content)
    if token is None:
        return None
    return Damage((Edit(token.start, token.end, content),), meant=({token.path: content},))
