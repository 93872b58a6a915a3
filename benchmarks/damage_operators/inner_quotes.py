"""Leave the quotes within strings unescaped."""

from __future__ import annotations

import json
from random import Random

from damage_operators.base import (
    Damage,
    Edit,
    Sample,
    chosen,
    content_place,
    operator,
    replaced,
    with_content,
)

_WORDS = "the new report cover page left open market north valve green river".split()
_INCHES = [
    'a 65" television',
    '3/4" copper pipe, 2 m',
    "5'10\" tall",
    'screen of 15.6"',
    '12" x 8" tray',
    '7" and 9"',
]
_PHRASES = [
    'the so-called "silent" majority',
    'an "Airbnb-free zone", which is a political decision.',
    'the "A" team beat the "B" team',
    'She said "no" and left',
    'Ela é um "cajuzinho" pra mim',
    'the word "and", the word "or", and the rest',
    'use the "Save as..." button (top right)',
]
_EDGES = [
    '"Yes" he said',
    'he said "yes"',
    '"Fine", she said, "go on"',
    'see "Annex B".',
    'called "Bob"!',
]
_COMMAS = [
    'He said "yes, of course" at once',
    'options "red", "green", "blue" are sold',
    'the "first, second, third" rule',
    'reads "a, b" and "c, d"',
    'He said "yes", "no" and "maybe"',
]
_CODE = [
    'print("total: ", x)',
    'set {"theme": "dark"} and restart',
    'x = {"a": 1, "b": 2}',
    'see "name": "value" pairs',
    'echo "{0}" > out.txt',
    'if (a["key"] == "b") { return "c"; }',
    '<a href="https://example.org/?a=1&b=2">link</a>',
    '<img src="a.png" alt="a, b"/>',
    'SELECT "id", "name" FROM "users"',
    'grep -E "foo|bar" *.txt, then sort',
]
_BRACKETS = [
    'the key "a}" is odd',
    'an array ["x", "y"] of two',
    'ends with "]"',
    'f("a", "b")',
    'type "{" or "}"',
]


def _unescaped(sample: Sample, random: Random, content: str) -> Damage | None:
    written = json.dumps(content, ensure_ascii=sample.ascii)[1:-1].replace('\\"', '"')
    return with_content(sample, random, content, written)


@operator()
def inner_quotes_of_inches(sample: Sample, random: Random) -> Damage | None:
    return _unescaped(sample, random, random.choice(_INCHES))


@operator()
def inner_quotes_of_a_phrase(sample: Sample, random: Random) -> Damage | None:
    return _unescaped(sample, random, random.choice(_PHRASES))


@operator()
def inner_quotes_of_a_word(sample: Sample, random: Random) -> Damage | None:
    """Put quotes around a word within a string of three words or more."""
    tokens = [token for token in sample.strings if len(sample.text_of(token).split(" ")) > 2]
    token = chosen(random, [token for token in tokens if "\\" not in sample.raw(token)])
    if token is None:
        return None
    words = sample.text_of(token).split(" ")
    index = random.randrange(1, len(words) - 1)
    words[index] = f'"{words[index]}"'
    content = " ".join(words)
    edit = Edit(token.start, token.end, f'"{content}"')
    return Damage((edit,), meant=({token.path: content},))


@operator()
def inner_quotes_at_an_edge(sample: Sample, random: Random) -> Damage | None:
    return _unescaped(sample, random, random.choice(_EDGES))


@operator()
def inner_quotes_with_commas(sample: Sample, random: Random) -> Damage | None:
    return _unescaped(sample, random, random.choice(_COMMAS))


@operator()
def inner_quotes_of_code(sample: Sample, random: Random) -> Damage | None:
    return _unescaped(sample, random, random.choice(_CODE))


@operator()
def inner_quotes_beside_brackets(sample: Sample, random: Random) -> Damage | None:
    return _unescaped(sample, random, random.choice(_BRACKETS))


@operator()
def inner_quotes_of_the_object(sample: Sample, random: Random) -> Damage | None:
    """Leave the quotes that a string of the object holds unescaped."""
    token = chosen(random, [t for t in sample.strings if '\\"' in sample.raw(t)[1:-1]])
    if token is None:
        return None
    return replaced(token, f'"{sample.raw(token)[1:-1].replace(chr(92) + chr(34), chr(34))}"')


def _inner_json(random: Random) -> str:
    keys = random.sample(_WORDS, 3)
    values = [random.choice(_WORDS), random.randrange(100), [1, 2], True]
    content = {key: random.choice(values) for key in keys[: random.randint(1, 3)]}
    return json.dumps(content, separators=random.choice([(",", ":"), (", ", ": ")]))


@operator()
def json_object_as_text_unescaped(sample: Sample, random: Random) -> Damage | None:
    return _unescaped(sample, random, _inner_json(random))


@operator()
def json_list_as_text_unescaped(sample: Sample, random: Random) -> Damage | None:
    return _unescaped(sample, random, json.dumps(random.sample(_WORDS, random.randint(2, 4))))


@operator()
def object_in_quotes(sample: Sample, random: Random) -> Damage | None:
    """Put quotes around an inner object; without a schema it is a text."""
    places = [
        i
        for i, t in enumerate(sample.tokens)
        if t.kind == "{" and t.path and isinstance(t.path[-1], str) and sample.at(t.path)
    ]
    index = chosen(random, places)
    if index is None:
        return None
    first, last = sample.tokens[index], sample.tokens[sample.pairs[index]]
    inner = sample.text[first.start : last.end]
    if "\\" in inner:
        return None
    edits = (Edit(first.start, first.start, '"'), Edit(last.end, last.end, '"'))
    return Damage(edits, only_plain=({first.path: inner},))


@operator(is_rare=True)
def inner_quotes_escaped_twice(sample: Sample, random: Random) -> Damage | None:
    """Write two backslashes before an inner quote."""
    content = random.choice([*_PHRASES, *_EDGES, *_INCHES])
    written = json.dumps(content, ensure_ascii=sample.ascii)[1:-1].replace('\\"', '\\\\"')
    token = content_place(sample, random, content)
    if token is None:
        return None
    kept = {token.path: content.replace('"', '\\"')}
    edit = Edit(token.start, token.end, f'"{written}"')
    return Damage((edit,), meant=({token.path: content}, kept))


@operator()
def apostrophes_in_single_quotes(sample: Sample, random: Random) -> Damage | None:
    """Leave the apostrophe of a single-quoted string unescaped."""
    content = random.choice(
        [
            "it's open",
            "the driver's seat",
            "O'Brien & Sons",
            "don't, can't",
            "the boys' room",
            "rock 'n' roll",
        ]
    )
    token = content_place(sample, random, content)
    if token is None:
        return None
    everywhere = random.random() < 0.5
    others = [t for t in [*sample.keys, *sample.strings] if everywhere and t != token]
    if any("'" in sample.raw(t) or "\\" in sample.raw(t) for t in others):
        return None
    edits = [Edit(t.start, t.end, f"'{sample.raw(t)[1:-1]}'") for t in others]
    edits.append(Edit(token.start, token.end, f"'{content}'"))
    return Damage(tuple(edits), meant=({token.path: content},))
