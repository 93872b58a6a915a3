"""The sizes of values are counted as JSON counts them, and tokens are barred only where a value may end."""

import json
from typing import Any

import numpy as np
import pytest

from structgen.engines.guidance.value_sizes import ValueSizeMask, ValueSizes
from structgen.schema.declared_sizes import DeclaredSizes

PIECES = [
    b'"',
    b"a",
    b"ab",
    b'a"',
    b'","',
    b",",
    b"]",
    b"1",
    b"123",
    b".",
    b"e5",
    b"\\n",
    b"\\u00e9",
    b'a","',
    b"\\",
    b'",',
]


def followed(text: str, bounds: DeclaredSizes) -> ValueSizes:
    """The sizes after a text."""
    sizes = ValueSizes(bounds)
    sizes.take(text.encode())
    return sizes


@pytest.mark.parametrize("text", ["", "abc", "ß€😀", 'a"b\\c', "\x00\x1f\n", "\u00e9" * 5], ids=repr)
@pytest.mark.parametrize("ascii_only", [True, False])
def test_characters_are_counted_as_json_schema_counts_them(text: str, ascii_only: bool) -> None:
    """An escape and a character of several bytes count as one, a surrogate pair of escapes as two."""
    written = json.dumps(text, ensure_ascii=ascii_only)
    expected = len(text) + (ascii_only and sum(ord(character) > 0xFFFF for character in text))
    assert followed(f'["x",{written[:-1]}', DeclaredSizes()).characters == expected


@pytest.mark.parametrize(
    ("text", "bounds", "barred"),
    [
        pytest.param('["a', DeclaredSizes(9, 3, 9), [], id="room for more characters"),
        pytest.param(
            '["abc', DeclaredSizes(9, 3, 9), [b"a", b"ab", b'a"', b"\\n", b'a","'], id="a full string"
        ),
        pytest.param('["ab', DeclaredSizes(9, 3, 9), [b"ab"], id="room for one character"),
        pytest.param("[1,123", DeclaredSizes(3, 9, 9), [b"1", b"123", b".", b"e5"], id="a full number"),
        pytest.param("[12", DeclaredSizes(3, 9, 9), [b"123"], id="room for one digit"),
        pytest.param('["a","b"', DeclaredSizes(9, 9, 2), [b","], id="a full list"),
        pytest.param('["a","b', DeclaredSizes(9, 9, 2), [b'","', b'a","'], id="the last item is open"),
    ],
)
def test_tokens_beyond_a_bound_are_masked(text: str, bounds: DeclaredSizes, barred: list[Any]) -> None:
    """A token is forbidden by the characters that it adds before the value ends."""
    limiter, sizes = ValueSizeMask(PIECES), followed(text, bounds)
    allowed = limiter.apply(sizes, np.ones(len(PIECES), dtype=bool))
    found = [piece for piece, kept in zip(PIECES, allowed, strict=True) if not kept]
    relevant = [piece for piece in found if sizes.text.quoted or not piece.startswith(b"\\")]
    assert set(barred) <= set(relevant)
    assert limiter.is_near(sizes) or not barred
    assert allowed[PIECES.index(b'"')]


@pytest.mark.parametrize(
    ("text", "bounds", "grammar", "kept"),
    [
        pytest.param("[123", DeclaredSizes(3, 9, 9), [b"1", b"123"], [b"1"], id="a number below its minimum"),
        pytest.param(
            '["abc', DeclaredSizes(9, 3, 9), [b"a", b"ab", b'a","'], [b"a", b'a","'], id="a short text"
        ),
        pytest.param('["ab\\u00', DeclaredSizes(9, 3, 9), [b"1", b"ab", b"123"], [b"1"], id="half an escape"),
        pytest.param(
            '["abc', DeclaredSizes(9, 3, 9), [b'"', b"\\"], [b'"'], id="no escape begins at the end"
        ),
        pytest.param('["ab\\', DeclaredSizes(9, 3, 9), [b'"', b'",'], [b'"'], id="a quote after a backslash"),
    ],
)
def test_a_value_that_may_not_end_yet_goes_on(
    text: str, bounds: DeclaredSizes, grammar: list[bytes], kept: list[bytes]
) -> None:
    """Where all allowed tokens exceed the bound, the shortest of them stay."""
    limiter, sizes = ValueSizeMask(PIECES), followed(text, bounds)
    allowed = limiter.apply(sizes, np.array([piece in grammar for piece in PIECES]))
    assert [piece for piece, found in zip(PIECES, allowed, strict=True) if found] == kept
