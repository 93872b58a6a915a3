"""The PDFs of `examples/` are read with their rows, columns and boxes."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

import structgen

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    """Return the program that made them."""
    spec = importlib.util.spec_from_file_location("make_files", EXAMPLES / "make_files.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_invoice_has_its_values_at_their_boxes() -> None:
    values = {
        "number": "INV-2026-0117",
        "due": "2026-04-16",
        "total": 632.6,
        "items": [{"name": "Desk lamp, black"}],
    }
    schema = {"properties": {"due": {"type": "string", "format": "date"}}}
    places = structgen.ground(values, schema, structgen.read_file(EXAMPLES / "invoice_layout.pdf"))
    boxes = {pointer: place.box for pointer, place in places.items()}
    height = 841.89
    for pointer, right, baseline in (("/number", 545, 780), ("/due", 545, 752), ("/total", 545, 580)):
        box = boxes[pointer]
        assert box is not None
        assert box[2] == pytest.approx(right, abs=1)
        assert box[1] < height - baseline < box[3]
    lamp = boxes["/items/0/name"]
    assert lamp is not None
    assert lamp[0] == pytest.approx(50, abs=1)


def test_the_invoice_has_a_line_for_each_item(maker: ModuleType) -> None:
    lines = structgen.read_file(EXAMPLES / "invoice_layout.pdf").text.split("\n")
    assert ["\t".join(map(str, item)) in lines for item in maker.ITEMS] == [True] * 3


def test_the_columns_of_the_newsletter_are_read_one_after_the_other(maker: ModuleType) -> None:
    text = structgen.read_file(EXAMPLES / "newsletter.pdf").text
    assert " ".join(text.split()).endswith(" ".join(maker.NOTES))


def test_the_price_list_has_sixty_rows_on_two_pages() -> None:
    source = structgen.read_file(EXAMPLES / "price_list.pdf")
    text = source.text.replace("\f", "\n")
    rows = re.findall(r"^A-(\d{4})\tScrew M\d+ x \d+\t100 pieces\t\d+\.\d\d$", text, re.MULTILINE)
    assert rows == [f"{n:04}" for n in range(1, 61)]
    assert len(source.page_starts) == 2
