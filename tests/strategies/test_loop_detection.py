"""Repetition that the document justifies is not a loop; endless repetition ends the answer."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

import pytest

from structgen import json_text
from structgen.engines.fake import FakeEngine, Reply
from structgen.errors import Incomplete
from structgen.generator import Generator
from structgen.schema.declared_sizes import DeclaredSizes
from structgen.strategies.loop_detection import LoopDetector

TEXT: Any = {"type": "string"}
ROWS: Any = {"type": "array"}
LIMITS = {"max_attempts": 1}
SAMPLING = {"max_tokens": 131_072}
ROW = {"sku": "A1", "qty": 1, "price": 9.5}
ZEROS = base64.b64encode(bytes(3000)).decode()
BOX = "\n".join(["+" + "-" * 70 + "+", *["|" + " " * 70 + "|"] * 30, "+" + "-" * 70 + "+"])
TABLE = "| a | b |\n" * 100


@pytest.mark.parametrize(
    ("value", "document"),
    [
        pytest.param([ROW] * 200, "sku,qty,price\n" + "A1,1,9.5\n" * 200, id="equal-rows"),
        pytest.param([1069.22] * 200, "1,069.22 EUR\n" * 200, id="numbers-written-otherwise"),
        pytest.param([{"present": True, "note": None}] * 60, "| x |  |\n" * 60, id="values-of-other-words"),
        pytest.param([0] * 10_000, json.dumps([0] * 10_000), id="ten-thousand-zeros"),
        pytest.param([[0] * 28] * 28, "\n".join([" ".join("0" * 28)] * 28), id="a-grid"),
        pytest.param(int("12" * 60), f"id {'12' * 60}", id="a-long-number"),
        pytest.param(ZEROS, f"data:{ZEROS}", id="base64"),
        pytest.param(ZEROS, base64.encodebytes(bytes(3000)).decode(), id="base64-in-lines"),
        pytest.param(BOX, BOX, id="a-drawing"),
        pytest.param(TABLE, TABLE, id="a-table"),
        pytest.param(TABLE, TABLE.replace("\n", "\r\n"), id="a-table-with-other-line-ends"),
        pytest.param(TABLE, TABLE.replace("|", "  |", 1), id="a-table-indented"),
        pytest.param('"' * 800, '"' * 800, id="quotes"),
        pytest.param(json.loads("[" * 300 + "]" * 300), "[" * 300 + "]" * 300, id="brackets"),
    ],
)
def test_repetition_of_the_document_is_not_a_loop(value: Any, document: str) -> None:
    """A repetition that the document has is not a loop, however the document is wrapped."""
    with Generator(FakeEngine([json_text.dumps(value)])) as generator:
        found = generator.result({}, document, sampling=SAMPLING, limits=LIMITS)
    assert found.data == value


LONG = "".join(chr(97 + n * n * 7 % 26) for n in range(3000))


@pytest.mark.parametrize(
    ("start", "unit"),
    [
        pytest.param("", "4", id="digits"),
        pytest.param("0.", "142857", id="a-period-of-digits"),
        pytest.param("{", "\n\t", id="white-space"),
        pytest.param('"', "the cat ", id="words"),
        pytest.param('"', r"\u00e9", id="escapes"),
        pytest.param('"', r"\"", id="quotes"),
        pytest.param('"', "😀", id="emoji"),
        pytest.param("[", "null,", id="items"),
        pytest.param("[", f"{json_text.dumps(ROW)},", id="rows"),
        pytest.param("[", f'{{"text":"{LONG}"}},', id="long-rows"),
        pytest.param("{", '"":"",', id="members"),
        pytest.param("", "[", id="lists"),
        pytest.param("", '{"a":', id="objects"),
    ],
)
def test_repetition_without_a_document_is_a_loop(start: str, unit: str) -> None:
    """A repetition that no document justifies is cut long before the budget."""
    text = start + unit * max(60, 4_000 // len(unit))
    with (
        Generator(FakeEngine([Reply(text, "length")])) as generator,
        pytest.raises(Incomplete, match="runs in a loop") as caught,
    ):
        generator.result({}, "Total: 4, the cat", sampling=SAMPLING, limits=LIMITS)
    assert 4 * caught.value.usage.completion_tokens < len(text) / 2


def test_a_long_table_is_followed_in_little_time() -> None:
    """Loop detection follows a long table in linear time."""
    source = "A1,1,9.5\n" * 4_000
    text = f"[{f'{json_text.dumps(ROW)},' * 4_000}"
    detector = LoopDetector(source, DeclaredSizes())
    began = time.process_time()
    assert not any(detector.find(text[:end]) for end in range(0, len(text), 64))
    assert time.process_time() - began < 5


DIGITS_OF_PI = (
    "31415926535897932384626433832795028841971693993751058209749445923078164062862089986280348253421170679"
)
LONG = DIGITS_OF_PI * 2 + DIGITS_OF_PI[::-1]
ROOTS = {"root": "", "fraction": "0.", "item": "[1,", "member": '{"a":{"b":'}


def test_items_of_many_values_beside_a_long_document_take_little_time() -> None:
    """The values of a repeated piece are counted once each, and only where it repeats often."""
    source = "x" * 3_000_000
    detector = LoopDetector(source, DeclaredSizes())
    text = ""
    began = time.process_time()
    for piece in range(40):
        text += json_text.dumps([{"a": f"value {n}", "b": piece // 9} for n in range(60)])[1:-1] + ","
        detector.find(text)
    assert time.process_time() - began < 1.5


@pytest.mark.parametrize("before", ROOTS.values(), ids=ROOTS.keys())
def test_a_number_without_end_is_ended_where_the_engine_bounds_no_values(before: str) -> None:
    """Its digits need not repeat."""
    engine = FakeEngine([Reply(before + LONG * 20, "length")])
    with (
        Generator(engine) as generator,
        pytest.raises(Incomplete, match="runs on without end: digits") as caught,
    ):
        generator.result({}, "Total: 4")
    assert caught.value.usage.completion_tokens < 100
    assert engine.cancelled == 1


@pytest.mark.parametrize(
    ("text", "source", "bounded"),
    [
        (LONG, "x", True),
        (f'"{LONG}', "x", False),
        (LONG, f"the key is {LONG}", False),
        (LONG[:150], "x", False),
    ],
    ids=["bounded-by-the-engine", "in-a-string", "of-the-document", "short"],
)
def test_other_numbers_go_on(text: str, source: str, bounded: bool) -> None:
    """Text, and numbers that the document has, or that the engine bounds itself, are no loop."""
    assert LoopDetector(source, DeclaredSizes(), bounded=bounded).find(text) is None


def test_a_declared_bound_lengthens_a_number() -> None:
    """A schema that allows a longer number gets it."""
    assert LoopDetector("x", DeclaredSizes(digits=300), bounded=False).find(LONG) is None
    assert LoopDetector("x", DeclaredSizes(), bounded=False).find(LONG) is not None
