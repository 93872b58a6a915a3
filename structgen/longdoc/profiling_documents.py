"""Generated documents with a list, by which a model's reading of rows is measured."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

_PRODUCTS = (
    "keyboard,desk lamp,steel bracket,office chair,cable drum,water pump,paper bag,wall clock,garden hose,"
    "drill,notebook,battery,ceramic mug,wooden shelf,paint brush,copper pipe,label printer,rain jacket"
).split(",")
_TOWNS = "Leeds,Porto,Geneva,Austin,Bremen,Oslo,Kyoto,Lyon,Dublin,Turin,Ottawa,Seville".split(",")
_SENTENCES = (
    "The office is open from Monday to Friday.",
    "Please tell us about errors within two weeks.",
    "Goods remain the property of the seller until they are paid for.",
    "The terms of delivery have not changed since last year.",
    "Our driver calls before every delivery.",
    "Returns are accepted in the original box.",
)
_TITLES = ("Product", "Town", "Quantity", "Price")
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "product": {"type": "string"},
                    "town": {"type": "string"},
                    "quantity": {"type": "integer"},
                    "price": {"type": "number"},
                },
                "required": ["product", "town", "quantity", "price"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["items"],
    "additionalProperties": False,
}
"""What is asked for: a list of objects with texts, whole numbers and amounts."""
Cells = tuple[str, ...]


@dataclass(frozen=True)
class ProfileDocument:
    """A text under `SCHEMA`, and the items of its list."""

    layout: str
    text: str
    items: tuple[dict[str, Any], ...]


def _markdown(rows: Sequence[Cells]) -> list[str]:
    lines = [f"| {' | '.join(cells)} |" for cells in (_TITLES, *rows)]
    return [lines[0], "| --- | --- | --- | --- |", *lines[1:]]


def _delimited(rows: Sequence[Cells]) -> list[str]:
    return [",".join(cells) for cells in (_TITLES, *rows)]


def _fixed(rows: Sequence[Cells]) -> list[str]:
    table = (_TITLES, *rows)
    widths = [max(map(len, column)) + 3 for column in zip(*table, strict=True)]
    return ["".join(map(str.ljust, cells, widths)).rstrip() for cells in table]


def _entries(rows: Sequence[Cells]) -> list[str]:
    return [
        line
        for row in rows
        for line in (*(f"{title}: {cell}" for title, cell in zip(_TITLES, row, strict=True)), "")
    ]


LAYOUTS: dict[str, Callable[[Sequence[Cells]], list[str]]] = {
    "markdown": _markdown,
    "fixed_width": _fixed,
    "entries": _entries,
    "comma_separated": _delimited,
}


def profile_document(layout: str, rows: int, number: int, filler: int = 0) -> ProfileDocument:
    """Return document `number` with so many rows, and about `filler` characters of text around them.

    A document is always the same for its arguments.
    """
    rng = random.Random(f"{rows} {number}")
    items: tuple[dict[str, Any], ...] = tuple(
        {
            "product": rng.choice(_PRODUCTS),
            "town": rng.choice(_TOWNS),
            "quantity": rng.randint(1, 90),
            "price": round(rng.uniform(1, 900), 2),
        }
        for _ in range(rows)
    )
    cells = [(item["product"], item["town"], str(item["quantity"]), f"{item['price']:.2f}") for item in items]
    table = LAYOUTS[layout](cells)
    before, after = _prose(rng, filler // 2), _prose(rng, filler - filler // 2)
    return ProfileDocument(layout, "\n".join(["Delivery list", *before, "", *table, "", *after]), items)


def _prose(rng: random.Random, characters: int) -> list[str]:
    """Return lines of sentences that hold no value of the list."""
    lines: list[str] = []
    while characters > 0:
        lines.append(" ".join(rng.sample(_SENTENCES, 3)))
        characters -= len(lines[-1]) + 1
    return lines
