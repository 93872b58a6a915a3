"""Generate malformed answers: JSON with odd values anywhere, and bytes that are not JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 7, 2**63, 10**40, 0.5, -0.0, 1e308, "", "x", "7", "é" * 300, [], [None], [[]], ["x"], {}, {"a": 1}
)  # fmt: skip
_LITERALS = (
    "NaN",
    "Infinity",
    "-Infinity",
    "1e999",
    "9" * 5000,
    '"\\ud800"',
    "[" * 3000 + "]" * 3000,
    '{"a":1,"a":2}',
)
_MARK = "\u0001mark\u0001"
NO_JSON = (
    b"", b" ", b"null", b"[]", b"7", b'"x"', b"{", b"{}{}", b"\xff\xfe", b"\xef\xbb\xbf{}", b"<html><h1>Bad gateway</h1></html>", b"{'a': 1}"
)  # fmt: skip


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the paths of all values in a value, itself included."""
    yield at
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, member in members:
        yield from places(member, (*at, key))


def put(value: Any, at: tuple[Any, ...], odd: Any) -> Any:
    """Return the value with `new` at that path, or without the member if `new` is `...`."""
    if not at:
        return {} if odd is ... else odd
    if isinstance(value, dict):
        made = {**value, at[0]: put(value.get(at[0]), at[1:], odd)}
        if odd is ... and len(at) == 1:
            del made[at[0]]
        return made
    if isinstance(value, list) and at[0] < len(value):
        return [put(member, at[1:], odd) if i == at[0] else member for i, member in enumerate(value)]
    return value


@st.composite
def mutated(draw: st.DrawFn, bases: tuple[Any, ...]) -> bytes:
    """Draw one of the answers with up to three odd values, as bytes that may be cut or changed."""
    value = draw(st.sampled_from(bases))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.sampled_from(list(places(value))))
        value = put(value, at, draw(st.sampled_from((*ODD, ..., _MARK))))
    body = json.dumps(value).replace(json.dumps(_MARK), draw(st.sampled_from(_LITERALS))).encode()
    kind = draw(st.sampled_from(("whole", "whole", "whole", "cut", "byte", "other")))
    if kind == "cut":
        return body[: draw(st.integers(0, len(body)))]
    if kind == "byte":
        place = draw(st.integers(0, len(body)))
        return body[:place] + draw(st.binary(min_size=1, max_size=3)) + body[place + 1 :]
    return draw(st.sampled_from(NO_JSON)) if kind == "other" else body


STATUSES = st.sampled_from(
    (200, 200, 200, 201, 204, 301, 307, 400, 401, 404, 413, 422, 429, 500, 502, 503, 504)
)
RETRY_AFTER = st.sampled_from(
    ("", "0", "-1", "1e308", "NaN", "9" * 500, "x", "7, 8", "Mon, 99 Foo 0000 99:99:99 GMT", "Sat, 01 Jan 0001 00:00:00 +2359", "Fri, 31 Dec 9999 23:59:59 -2359", "²")
)  # fmt: skip
