"""The leaves of an object, and the source they are looked up in."""

from __future__ import annotations

import pytest

from structgen.evidence.grounding.leaves import leaves
from structgen.evidence.source import Source, Word
from structgen.schema import Schema
from structgen.types import Evidence

SCHEMA = Schema.parse(
    {
        "$defs": {"unit": {"enum": ["pcs", "kg"]}},
        "type": "object",
        "properties": {
            "totalAmount": {"type": "number", "description": "what is due"},
            "items": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"unit": {"anyOf": [{"$ref": "#/$defs/unit"}, {"type": "null"}]}},
                },
            },
        },
    }
)


def test_leaves_come_in_document_order_with_their_schemas() -> None:
    """Each scalar has its pointer, its row, and the schemas of all branches that may describe it."""
    found = list(leaves({"items": [{"unit": "kg"}, {"unit": None, "x": True}], "totalAmount": 3}, SCHEMA))
    assert [leaf.pointer for leaf in found] == [
        "/items/0/unit",
        "/items/1/unit",
        "/items/1/x",
        "/totalAmount",
    ]
    assert found[0].choices == ("pcs", "kg")
    assert [leaf.row for leaf in found] == [("items", 0), ("items", 1), ("items", 1), ()]
    assert found[3].name_words == ("total", "amount")
    assert list(found[3].texts("description")) == ["what is due"]


def test_a_scalar_alone_is_one_leaf_without_a_schema() -> None:
    """The leaf of a scalar has the pointer of the whole value."""
    [leaf] = leaves("a")
    assert (leaf.pointer, leaf.name, leaf.schemas) == ("", "", ())


def test_pages_are_counted_from_one_and_offsets_count_the_joined_text() -> None:
    """A page begins after the break that follows the page before."""
    source = Source.of(["ab", "", "cd"])
    assert source.text == "ab\f\fcd"
    assert [source.page(offset) for offset in (0, 1, 3, 4, 5)] == [1, 1, 2, 3, 3]
    assert Source.of("ab").page(1) is None


def test_the_box_of_a_range_surrounds_its_words() -> None:
    """Words that the range only touches at an end are not part of it."""
    words = (Word(0, 2, (1, 1, 3, 2)), Word(3, 5, (4, 1, 6, 2)), Word(6, 8, (1, 5, 2, 6)))
    source = Source("ab cd ef", (0,), words)
    assert source.box(3, 7) == (1, 1, 6, 6)
    assert source.box(0, 2) == (1, 1, 3, 2)
    assert source.box(2, 3) is None


@pytest.mark.parametrize(
    "evidence",
    [Evidence("none"), Evidence("value", 0, 4, 2, 1, (0.0, 1.0, 2.0, 3.0), 0.5, 0.9, {"match": 1.0})],
    ids=["none", "all-members"],
)
def test_evidence_survives_the_wire(evidence: Evidence) -> None:
    """What `to_json` writes, `from_json` reads."""
    assert Evidence.from_json(evidence.to_json()) == evidence
