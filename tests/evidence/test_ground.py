"""An object is grounded as a whole, in time linear in the source."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import structgen
from structgen.schema import Schema

SCHEMA = {
    "type": "object",
    "properties": {
        "total": {"type": "number"},
        "currency": {"enum": ["USD", "EUR"]},
        "due": {"type": "string", "format": "date"},
        "paid": {"type": "boolean"},
    },
}
PAGES = ["Invoice 0042\nDue: March 3, 2024", "Total: $1,234.50\n[x] Paid\nMASONRY work"]
VALUE = {
    "total": 1234.5,
    "currency": "USD",
    "due": "2024-03-03",
    "paid": True,
    "number": "0042",
    "work": "Masonry work",
    "note": None,
    "missing": "quite another thing",
}


def test_each_leaf_has_its_evidence_in_document_order() -> None:
    """Every type is found in its own way, with its page; null and what is not there have kind none."""
    evidence = structgen.ground(VALUE, SCHEMA, PAGES)
    text = "\f".join(PAGES)
    assert list(evidence) == [f"/{name}" for name in VALUE]
    assert {
        pointer: (proof.kind, proof.page, text[proof.start : proof.end])
        for pointer, proof in evidence.items()
        if proof.start is not None
    } == {
        "/total": ("value", 2, "1,234.50"),
        "/currency": ("value", 2, "$"),
        "/due": ("value", 1, "March 3, 2024"),
        "/paid": ("value", 2, "[x]"),
        "/number": ("exact", 1, "0042"),
        "/work": ("normalised", 2, "MASONRY work"),
    }
    assert evidence["/note"].kind == evidence["/missing"].kind == "none"


def test_no_schema_and_no_list_of_pages_are_needed() -> None:
    """A text is one source without pages; strings of dates and numbers are read by their shape."""
    value = ["2024-03-03", "1234.50", {"work": "masonry"}]
    evidence = structgen.ground(value, None, "\n".join(PAGES))
    assert [(proof.kind, proof.page) for proof in evidence.values()] == [
        ("value", None),
        ("value", None),
        ("normalised", None),
    ]


def test_a_code_with_a_leading_zero_is_no_number() -> None:
    """`0042` is not said by `42`."""
    assert structgen.ground("0042", None, "number 42").popitem()[1].kind == "none"


def test_equal_python_values_of_other_types_are_apart() -> None:
    """`True` is not found where `1` is."""
    evidence = structgen.ground({"count": 1, "flag": True, "share": 1.0}, None, "count 1")
    assert [proof.kind == "none" for proof in evidence.values()] == [False, True, False]


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(VALUES, st.text(max_size=60))
def test_every_object_is_grounded_in_any_text(value: Any, text: str) -> None:
    """Ranges are half-open inside of the source, and only kind none has no range."""
    for proof in structgen.ground(value, None, text).values():
        if proof.kind == "none":
            assert proof.start is None
            assert proof.end is None
        else:
            assert proof.start is not None
            assert proof.end is not None
            assert 0 <= proof.start < proof.end <= len(text)
            assert proof.candidates >= 1


def words(count: int) -> list[str]:
    letters = random.Random(1)
    known = ["".join(letters.choices("abcdefghijklmnoprst", k=letters.randint(2, 9))) for _ in range(9_000)]
    return letters.choices(known, k=count)


SOURCE = words(80_000)
HOSTILE = {
    "phrases": (" ".join(SOURCE), [" ".join(SOURCE[i * 40 : i * 40 + 4]) for i in range(1_000)]),
    "absent phrases": (" ".join(SOURCE), [" ".join(SOURCE[i::9_000][:6]) for i in range(1_000)]),
    "equal values": ("the " * 100_000, ["the"] * 200),
    "frequent words": ("the " * 100_000, [" ".join(["the"] * (i % 50 + 1) + ["x"]) for i in range(1_000)]),
    "a long value": (" ".join(SOURCE), [" ".join(SOURCE[1:]) + "x"]),
    "no separators": ("a1b2c3d4" * 50_000, ["a1b2c3d4" * 4 + f"{i}" for i in range(1_000)]),
    "no spaces": (
        "".join(map(chr, range(0x4E00, 0x9000))) * 6,
        ["".join(map(chr, range(0x4E00 + i, 0x4E04 + i))) for i in range(1_000)],
    ),
    "signs": ("-*" * 200_000, ["*" * i for i in range(2, 500)]),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_time_is_bounded(case: str) -> None:
    """Half a megabyte and 1,000 leaves take seconds at worst, and no hostile source takes minutes."""
    source, value = HOSTILE[case]
    began = time.process_time()
    structgen.ground(value, None, source)
    assert time.process_time() - began < 15


def test_a_schema_may_be_parsed_already() -> None:
    """`ground` takes what `Schema.parse` takes, a schema included."""
    parsed = Schema.parse(SCHEMA)
    assert structgen.ground(VALUE, parsed, PAGES) == structgen.ground(VALUE, SCHEMA, PAGES)


def test_a_date_is_not_read_over_the_gap_between_two_columns() -> None:
    """The year of one date and the month of the next one are no date."""
    text = "INV-71     12/22/2026   06/06/2026"
    proof = structgen.ground({"due_date": "2026-06-06"}, None, text)["/due_date"]
    assert proof.start is not None
    assert text[proof.start : proof.end] == "06/06/2026"
