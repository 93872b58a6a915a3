"""Put stray words between tokens, and marks for what was left out."""

from __future__ import annotations

from random import Random

from damage_operators.base import Damage, Edit, Sample, Token, chosen, inserted, operator

_WORDS = "BOGUS oops indeed approx note Hmm json value xyz the check sic".split()
_SENTENCES = [
    "and here is the next one:",
    "Now the second entry.",
    "Let me add the following row",
    "The next item, as given in the text:",
    "Item 2 -",
    "and then:",
]


def _word(random: Random) -> str:
    return random.choice([random.choice(_WORDS), " ".join(random.sample(_WORDS, 2))])


def _before(sample: Sample, *kinds: str) -> list[Token]:
    """Return the scalar values before a mark of these kinds."""
    pairs = zip(sample.tokens, sample.tokens[1:], strict=False)
    return [one for one, other in pairs if one.is_value and other.kind in kinds]


def _kept_as_item(sample: Sample, token: Token, word: str, offset: int) -> Damage:
    """Return the damage of a word in an array, which may rightly become an item."""
    at = token.end if offset else token.start
    items = list(sample.at(token.path[:-1]))
    items.insert(int(token.path[-1]) + offset, word)
    edit = Edit(at, at, f" {word}" if offset else f"{word} ")
    return Damage((edit,), meant=({}, {token.path[:-1]: items}))


@operator()
def word_after_a_value_in_object(sample: Sample, random: Random) -> Damage | None:
    tokens = [t for t in _before(sample, ",", "}") if t.kind == "string" and isinstance(t.path[-1], str)]
    token = chosen(random, tokens)
    return inserted(token.end, f" {_word(random)}") if token else None


@operator()
def word_after_a_value_in_array(sample: Sample, random: Random) -> Damage | None:
    tokens = [t for t in _before(sample, ",", "]") if t.kind == "string" and isinstance(t.path[-1], int)]
    token = chosen(random, tokens)
    return _kept_as_item(sample, token, _word(random), 1) if token else None


@operator()
def word_after_a_bracket(sample: Sample, random: Random) -> Damage | None:
    """Put a word between a closing bracket and the comma."""
    pairs = zip(sample.tokens, sample.tokens[1:], strict=False)
    token = chosen(random, [one for one, other in pairs if one.kind in "}]" and other.kind == ","])
    return inserted(token.end, f" {_word(random)}") if token else None


@operator()
def word_before_a_key(sample: Sample, random: Random) -> Damage | None:
    token = chosen(random, sample.keys)
    return inserted(token.start, f"{_word(random)} ") if token else None


@operator()
def word_between_key_and_colon(sample: Sample, random: Random) -> Damage | None:
    token = chosen(random, sample.keys)
    return inserted(token.end, f" {_word(random)}") if token else None


@operator()
def word_before_a_value(sample: Sample, random: Random) -> Damage | None:
    """Put a word between a colon and a string or container."""
    pairs = zip(sample.tokens, sample.tokens[1:], strict=False)
    tokens = [other for one, other in pairs if one.kind == ":" and other.kind in ("string", "{", "[")]
    token = chosen(random, tokens)
    return inserted(token.start, f"{_word(random)} ") if token else None


@operator()
def word_before_an_item(sample: Sample, random: Random) -> Damage | None:
    tokens = [t for t in sample.strings if t.path and isinstance(t.path[-1], int)]
    token = chosen(random, tokens)
    return _kept_as_item(sample, token, _word(random), 0) if token else None


@operator()
def word_after_an_opening_brace(sample: Sample, random: Random) -> Damage | None:
    token = chosen(random, [t for t in sample.of("{") if sample.at(t.path)])
    return inserted(token.end, f" {_word(random)} ") if token else None


@operator()
def word_before_a_closing_brace(sample: Sample, random: Random) -> Damage | None:
    pairs = zip(sample.tokens, sample.tokens[1:], strict=False)
    tokens = [other for one, other in pairs if other.kind == "}" and one.kind in ("}", "]", "string")]
    token = chosen(random, tokens)
    return inserted(token.start, f" {_word(random)} ") if token else None


def _between_rows(sample: Sample) -> list[Token]:
    """Return the commas between objects of an array."""
    tokens = sample.tokens
    return [
        comma
        for before, comma, after in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if (before.kind, comma.kind, after.kind) == ("}", ",", "{")
    ]


@operator()
def sentence_after_a_comma_of_rows(sample: Sample, random: Random) -> Damage | None:
    comma = chosen(random, _between_rows(sample))
    return inserted(comma.end, f"\n{random.choice(_SENTENCES)}\n") if comma else None


@operator()
def sentence_for_a_comma_of_rows(sample: Sample, random: Random) -> Damage | None:
    comma = chosen(random, _between_rows(sample))
    if comma is None:
        return None
    return Damage((Edit(comma.start, comma.end, f"\n{random.choice(_SENTENCES)}\n"),))


@operator(is_rare=True)
def key_twice(sample: Sample, random: Random) -> Damage | None:
    """Write a key with its colon twice."""
    token = chosen(random, sample.keys)
    return inserted(token.start, f"{sample.raw(token)}: ") if token else None


@operator()
def ellipsis_at_the_end_of_an_array(sample: Sample, random: Random) -> Damage | None:
    return _before_closing(sample, random, "[]", [", ...", ", …", " ...", ", ...,"])


@operator()
def ellipsis_between_items(sample: Sample, random: Random) -> Damage | None:
    return _behind_comma(sample, random, list, [" ...,", " …,", "\n...\n"])


@operator()
def ellipsis_at_the_end_of_an_object(sample: Sample, random: Random) -> Damage | None:
    return _before_closing(sample, random, "{}", [", ...", ", …", ",\n...\n", " ..."])


@operator()
def ellipsis_between_members(sample: Sample, random: Random) -> Damage | None:
    return _behind_comma(sample, random, dict, [" ...,", " …,", "\n...\n"])


def _before_closing(sample: Sample, random: Random, brackets: str, marks: list[str]) -> Damage | None:
    """Insert one of the marks behind the last item or member of a container that is not empty."""
    opening, closing = brackets
    pairs = zip(sample.tokens, sample.tokens[1:], strict=False)
    at = chosen(random, [one.end for one, other in pairs if other.kind == closing and one.kind != opening])
    return inserted(at, random.choice(marks)) if at else None


def _behind_comma(sample: Sample, random: Random, holder: type, marks: list[str]) -> Damage | None:
    """Insert one of the marks behind a comma of a list, or of an object."""
    token = chosen(random, [t for t in sample.of(",") if isinstance(sample.at(t.path), holder)])
    return inserted(token.end, random.choice(marks)) if token else None


@operator()
def bullets_before_items(sample: Sample, random: Random) -> Damage | None:
    """Put list marks before the items of an array."""
    tokens = sample.tokens
    arrays = [t for t in sample.of("[") if len(sample.at(t.path)) > 1]
    array = chosen(random, arrays)
    if array is None:
        return None
    depth = len(array.path) + 1
    items = [
        t
        for t in tokens
        if len(t.path) == depth and t.path[:-1] == array.path and t.kind in ("string", "{", "[")
    ]
    if len(items) != len(sample.at(array.path)):
        return None
    mark = random.choice(["- ", "* ", "• "])
    return Damage(tuple(Edit(t.start, t.start, mark) for t in items))


@operator(is_rare=True)
def numbers_before_items(sample: Sample, random: Random) -> Damage | None:
    """Number the items of an array of strings or objects."""
    arrays = [t for t in sample.of("[") if len(sample.at(t.path)) > 1]
    array = chosen(random, arrays)
    if array is None:
        return None
    depth = len(array.path) + 1
    items = [
        t
        for t in sample.tokens
        if len(t.path) == depth and t.path[:-1] == array.path and t.kind in ("string", "{")
    ]
    if len(items) != len(sample.at(array.path)):
        return None
    return Damage(tuple(Edit(t.start, t.start, f"{index}. ") for index, t in enumerate(items, 1)))


@operator(is_rare=True)
def bullets_before_members(sample: Sample, random: Random) -> Damage | None:
    """Put list marks before the keys of an object."""
    if len(sample.keys) < 2:
        return None
    holder = random.choice(sample.keys).path[:-1]
    mark = random.choice(["- ", "* ", "• "])
    keys = [t for t in sample.keys if t.path[:-1] == holder]
    return Damage(tuple(Edit(t.start, t.start, mark) for t in keys))


@operator(is_rare=True)
def index_before_items(sample: Sample, random: Random) -> Damage | None:
    """Write the index of each item of an array of objects as a key: `0: {…}, 1: {…}`."""
    arrays = [t for t in sample.of("[") if len(sample.at(t.path)) > 1]
    array = chosen(random, arrays)
    if array is None:
        return None
    depth = len(array.path) + 1
    items = [t for t in sample.tokens if len(t.path) == depth and t.path[:-1] == array.path and t.kind == "{"]
    if len(items) != len(sample.at(array.path)):
        return None
    return Damage(tuple(Edit(t.start, t.start, f"{index}: ") for index, t in enumerate(items)))
