"""The benchmark's long documents are the same for a seed, and their truth is what their text says."""

from __future__ import annotations

import json
import sys
from functools import reduce
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

from long_lists_documents import document, documents
from long_lists_examples import files
from long_lists_families import GROUPS

from structgen.schema import Schema

EXAMPLES = Path(__file__).parents[1] / "examples"
VALUES = GROUPS["values"]
ALL = [*GROUPS["all"], *VALUES]


def value_at(value: Any, pointer: str) -> Any:
    steps = [int(step) if step.isdigit() else step for step in pointer.split("/")[1:]]
    return reduce(lambda inner, step: inner[step], steps, value)


@pytest.mark.parametrize("style", ALL)
def test_the_gold_object_is_valid(style: str) -> None:
    """The gold object is valid under the document's schema."""
    for seed in range(12):
        generated = document(style, seed)
        assert Schema.parse(generated.schema).violations(generated.gold) == []


@pytest.mark.parametrize("style", ALL)
def test_every_row_has_a_place_of_its_own(style: str) -> None:
    """A list has as many ranges as rows, in the order of the text and apart."""
    for seed in range(12):
        generated = document(style, seed)
        for pointer, ranges in generated.spans.items():
            assert len(ranges) == len(value_at(generated.gold, pointer))
            edges = [edge for span in ranges for edge in span]
            assert edges == sorted(edges)
            assert all(generated.text[a:b].strip() == generated.text[a:b] != "" for a, b in ranges)


@pytest.mark.parametrize("style", ALL)
def test_a_row_says_its_texts(style: str) -> None:
    """Each text of a row, whitespace aside, stands in the row's range, and no line break lies before it."""
    for seed in range(12):
        generated = document(style, seed)
        for pointer, ranges in generated.spans.items():
            for (start, end), row in zip(ranges, value_at(generated.gold, pointer), strict=True):
                said = "".join(generated.text[start:end].split())
                members = row.items() if isinstance(row, dict) else []
                texts = [v for k, v in members if isinstance(v, str) and k not in ("date", "group")]
                for text in texts:
                    pieces = text.split()
                    assert all(piece in said for piece in pieces), (text, said)


@pytest.mark.parametrize("style", ALL)
def test_scalars_stand_on_their_lines(style: str) -> None:
    """The line of a text outside of the lists holds it."""
    for seed in range(12):
        generated = document(style, seed)
        for pointer, (start, end) in generated.scalars.items():
            value = value_at(generated.gold, pointer)
            assert not isinstance(value, str) or value in generated.text[start:end]


def test_a_seed_gives_the_same_documents() -> None:
    """The same seed gives the same documents, and another one others."""
    first, again, other = (list(documents(seed, ALL, None)) for seed in (5, 5, 6))
    assert first == again
    assert [one.text for one in first] != [one.text for one in other]


def test_the_number_of_rows_can_be_chosen() -> None:
    """A document has as many rows as asked for, in all lists together, but for styles of few or none."""
    for generated in documents(3, [name for name in GROUPS["all"] if name not in ("few", "no_list")], 37):
        inner = {
            p: r for p, r in generated.spans.items() if not p.startswith("/sections") or p.count("/") > 1
        }
        assert sum(map(len, inner.values())) == 37, generated.style


def test_pages_join_to_the_text() -> None:
    """The pages, joined by form feeds, are the text, and each but the last has its footer."""
    generated = document("pages", 1, 150)
    assert "\f".join(generated.pages) == generated.text
    assert len(generated.pages) > 2
    for number, page in enumerate(generated.pages, 1):
        assert f"Page {number} of {len(generated.pages)}" in page


@pytest.mark.parametrize("name", sorted(files()))
def test_the_examples_are_those_of_the_script(name: str) -> None:
    """The long documents in `examples/` are what their script writes."""
    assert (EXAMPLES / name).read_bytes() == files()[name].encode()


@pytest.mark.parametrize(("name", "rows", "pages"), [("bank_statement", 600, 12), ("long_invoice", 84, 3)])
def test_the_examples_have_pages_and_rows(name: str, rows: int, pages: int) -> None:
    """An example has its pages, its gold object is valid, and its values stand in the text in order."""
    text = (EXAMPLES / f"{name}.txt").read_text()
    gold = json.loads((EXAMPLES / f"{name}.json").read_text())
    assert Schema.parse(EXAMPLES / f"{name}.schema.json").violations(gold) == []
    assert len(text.split("\f")) == pages
    (items,) = [value for value in gold.values() if isinstance(value, list)]
    assert len(items) == rows
    at = 0
    for item in items:
        at = text.index(item["description"], at) + 1
