"""Scanners of JSON read only the JSON of an answer with calls."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from structgen.engines.guidance.json_outline import JsonOutline
from structgen.engines.guidance.number_range import JsonScanner, NumberRangeMask
from structgen.engines.guidance.value_sizes import ValueSizeMask, ValueSizes
from structgen.engines.json_regions import JsonRegions
from structgen.schema.declared_sizes import DeclaredSizes

VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=6) | st.sampled_from(["<tool_call>", '"', "\\", "{", "]"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
CALLS = st.dictionaries(st.text(max_size=4), VALUES, max_size=3)
PROSE = st.text(max_size=8) | st.sampled_from(
    ['"', "<", "<tool", "<<tool_call", "}", "[1,", "</tool_call>", "1e99"]
)


def bytes_of(prose: str) -> bytes:
    return prose.encode("utf-8", "replace")


@given(st.lists(st.tuples(PROSE, CALLS), max_size=3), PROSE, st.lists(st.integers(0, 400), max_size=8))
def test_the_regions_are_the_calls(pieces: list[tuple[str, object]], last: str, cuts: list[int]) -> None:
    """Of prose and calls, cut anywhere, the regions are exactly the calls' JSON."""
    texts = [json.dumps(call, ensure_ascii=False).encode("utf-8", "replace") for _, call in pieces]
    answer = b"".join(
        bytes_of(prose) + b"<tool_call>\n" + text + b"\n</tool_call>"
        for (prose, _), text in zip(pieces, texts, strict=True)
    ) + bytes_of(last)
    regions, found = JsonRegions(), b""
    for start, end in pairwise(sorted({0, *(min(cut, len(answer)) for cut in cuts), len(answer)})):
        found += regions.take(answer[start:end])
    assert found == b"".join(texts)
    assert not regions.inside


@given(VALUES)
def test_a_response_is_one_region_unless_it_begins_with_a_tag(value: object) -> None:
    """The whole of a JSON response is a region; before it or a tag came, JSON may begin."""
    text = json.dumps(value).encode()
    regions = JsonRegions(response=True)
    assert regions.inside
    assert regions.take(b"") + regions.take(text) == text
    tagged = JsonRegions(response=True)
    assert tagged.take(b'<tool_call>\n{"a":1}\n') == b'{"a":1}'


CALL = b'say "5 <tool_call>\n{"name": "f", "arguments": {"n":'


@pytest.mark.parametrize(
    ("text", "piece", "fits"),
    [
        pytest.param(b'an odd " and 1', b"e999", True, id="prose"),
        pytest.param(CALL, b"1e999", False, id="an argument"),
        pytest.param(CALL + b'"', b"1e999", True, id="a text in an argument"),
        pytest.param(CALL + b"1}}\n</tool_call> 1", b"e999", True, id="prose after a call"),
        pytest.param(b"", b'1e999<tool_call>\n{"n":1e9', True, id="a tag in the piece"),
    ],
)
def test_numbers_are_bounded_in_calls_alone(text: bytes, piece: bytes, fits: bool) -> None:
    """A number out of range is kept from arguments, and from nothing else."""
    scanner = JsonScanner(JsonRegions())
    scanner.take(text)
    assert scanner.fits(piece) == fits
    mask = NumberRangeMask([b"1", b"1e999"])
    assert (1 in mask.forbidden(scanner)) == (not fits)


@pytest.mark.parametrize(
    ("text", "barred"),
    [
        pytest.param(b"123456", [], id="prose"),
        pytest.param(CALL + b"123", [b"1", b"12"], id="an argument"),
        pytest.param(CALL + b'"abcdefgh', [b"1", b"12", b"a", b","], id="a text in an argument"),
        pytest.param(CALL + b'"abcdefgh"}}\n</tool_call> 12345', [], id="prose after a call"),
    ],
)
def test_sizes_are_bounded_in_calls_alone(text: bytes, barred: list[bytes]) -> None:
    """Digits and characters are counted in arguments, and nowhere else."""
    pieces = [b"1", b"12", b"a", b'"', b","]
    mask, sizes = ValueSizeMask(pieces), ValueSizes(DeclaredSizes(3, 8, 9), JsonRegions())
    sizes.take(text)
    assert mask.is_near(sizes) == bool(barred)
    kept = mask.apply(sizes, np.ones(len(pieces), dtype=bool))
    assert [piece for piece, is_kept in zip(pieces, kept, strict=True) if not is_kept] == barred


def test_the_outline_tells_prose_from_a_call() -> None:
    """Places with other completions have other outlines; prose and earlier calls are not in them."""
    outline = JsonOutline(JsonRegions())
    outlines = []
    for piece in (b'say "', b"<tool_call>", b'\n{"a": {', b"}}\n", b"more <tool_call>", b'\n{"b": ['):
        outline.take(piece)
        outlines.append(outline.copy().outline)
    assert outlines == ["", "<", '{"a":{', "v", "<v", '{"b":[']
