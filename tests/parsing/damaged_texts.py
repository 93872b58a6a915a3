"""Strategies of JSON values, of their texts, and of damage to the texts."""

import json
from typing import Any

from hypothesis import strategies as st

_WORDS = [
    "Ann",
    "blue",
    "12 kg",
    "it's",
    'the "old" one',
    "a, b",
    "x: y",
    "[1]",
    "{z}",
    "naïve",
    "C:\\new",
    "#1",
    "yes/no",
]
STRINGS = st.sampled_from(_WORDS) | st.text("abXY 0189,.:'\"\\/#[]{}()\n", max_size=12)
KEYS = st.sampled_from(["a", "b", "name", "unit price", "items", "id"]) | st.text(
    "abc_ 1", min_size=1, max_size=6
)
SCALARS = STRINGS | st.integers(-999, 99999) | st.sampled_from([True, False, None, 1.5, -0.25, 12.75])
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
OBJECTS = st.dictionaries(KEYS, VALUES, min_size=1, max_size=4)
CONTAINERS = OBJECTS | st.lists(VALUES, min_size=1, max_size=4)
STRUCTURAL_TEXTS = st.text(st.sampled_from("{}[]\":,'`\\ \n\tab1-.0etrufalsn/*#“”+()u｛］<|>"), max_size=60)
_PIECES = st.sampled_from(
    [
        "{",
        "}",
        "[",
        "]",
        '"',
        "'",
        ":",
        ",",
        "\\",
        "\n",
        "```",
        "//",
        "“",
        "null",
        "word",
        " and ",
        "42",
        "}]",
        "],",
    ]
)
_EDITS = st.lists(
    st.tuples(
        st.sampled_from(["insert", "delete", "replace", "double"]),
        st.floats(0, 1),
        st.integers(1, 6),
        _PIECES,
    ),
    min_size=1,
    max_size=3,
)


@st.composite
def json_texts(draw: st.DrawFn, values: st.SearchStrategy[Any] = CONTAINERS) -> str:
    """Draw the text of a value, compact or indented, with or without escapes of non-ASCII characters."""
    value, indent, ascii_only = draw(values), draw(st.sampled_from([None, 2])), draw(st.booleans())
    return json.dumps(value, indent=indent, ensure_ascii=ascii_only)


@st.composite
def damaged_texts(draw: st.DrawFn) -> str:
    """Draw the text of a container after up to three edits of characters or words."""
    text = draw(json_texts())
    for kind, place, length, piece in draw(_EDITS):
        at = int(place * len(text))
        end = at if kind == "insert" else min(len(text), at + length)
        piece = {"delete": "", "double": text[at:end] * 2}.get(kind, piece)
        text = text[:at] + piece + text[end:]
    return text


_SENTENCES = st.sampled_from(
    [
        "Here is what I found", "It's the user's list", 'She said "no" to it', "See [1] and [2, 3] for more",
        "The set has 3 items, not 4", "As [the docs](http://example.org/a) say", "Don't use 'this' one",
        "Use the (short) form", "I think that's all", "Costs rose by 5%: from 10 to 10.5", "“Sure”, he said",
        "Rock 'n' roll", "A note [sic] on it", 'The options are ["x", "y"]', "Replace {name} first",
    ]
)  # fmt: skip
PROSE = st.lists(_SENTENCES, min_size=1, max_size=4).map(lambda sentences: ". ".join(sentences) + ".")
"""Sentences with quotes, brackets, numbers and apostrophes."""
