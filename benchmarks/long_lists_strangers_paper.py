"""Write a stranger's document with its truth: text, natural schema, object, and the range of each row."""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

KINDS: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "text?": {"type": ["string", "null"]},
    "number": {"type": "number"},
    "number?": {"type": ["number", "null"]},
    "integer": {"type": "integer"},
    "integer?": {"type": ["integer", "null"]},
    "date": {"type": "string", "format": "date"},
    "flag": {"type": "boolean"},
}

PEOPLE = (
    "Anna Berg,Tom Okafor,Mei Lin,José Prieto,Sara O’Neil,Karl-Heinz Vogt,Ines Dubois,Raj Patel,Olga Petrova,"
    "Liam Byrne,Yuki Tanaka,Fatima Zahra,Ben Carver,Nora Lind,Piotr Nowak,Eva Horvat"
).split(",")
CITIES = "Lyon,Hull,Graz,Porto,Turin,Gdansk,Bergen,Ghent,Cork,Basel,Malmö,Brno,Leeds,Nantes,Vigo,Trier".split(
    ","
)
GOODS = (
    "Hex bolt M8,Ball bearing 6204,Oak shelf,LED panel 60x60,Garden hose,Cable tie,Office chair,"
    "Steel bracket,Paint roller,Copper pipe 15 mm,Wood glue,Toner black,Desk lamp,Door hinge,"
    "Safety gloves,Air filter"
).split(",")
EXTRAS = (
    "zinc plated,with mounting kit,pack of ten,left-hand version,spare part,"
    "2nd choice,incl. adapter,for outdoor use"
).split(",")


@dataclass(frozen=True)
class Stranger:
    """Hold a document, its schema and object, and the ranges of the rows of each list."""

    text: str
    schema: dict[str, Any]
    data: dict[str, Any]
    spans: dict[str, list[tuple[int, int]]]
    scalars: dict[str, tuple[int, int]]


class Paper:
    """Collect lines and rows; breaks pages where `per_page` lines are full, never inside a row."""

    def __init__(
        self,
        per_page: int = 0,
        head: Callable[[int], Sequence[str]] = lambda page: (),
        foot: Callable[[int], Sequence[str]] = lambda page: (),
        newlines: Sequence[str] = ("\n",),
    ) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._per_page, self._head, self._foot, self._newlines = per_page, head, foot, newlines
        self._line, self.page = 0, 1
        self.items: dict[str, list[dict[str, Any]]] = {}
        self.spans: dict[str, list[tuple[int, int]]] = {}
        self._write(head(1))

    def add(self, *lines: str) -> None:
        """Write lines that are no rows."""
        self._turn()
        self._write(lines)

    def row(self, text: str, item: dict[str, Any], name: str = "items") -> None:
        """Write one row, of one or more lines, that the item comes from."""
        self._turn()
        start = self._length
        self._write(text.split("\n"))
        self.items.setdefault(name, []).append(item)
        self.spans.setdefault(name, []).append((start, self._length))

    def done(self, fields: dict[str, str], scalars: dict[str, Any] | None = None) -> Stranger:
        """Close the document; `fields` has per list the members as `name:kind` words."""
        text = "".join(self._parts)
        spans = {
            name: [(start, start + len(text[start:end].rstrip())) for start, end in self.spans.get(name, [])]
            for name in fields
        }
        scalars = scalars or {}
        properties: dict[str, Any] = {name: _kind_of(value) for name, value in scalars.items()}
        for name, members in fields.items():
            properties[name] = {"type": "array", "items": _item_schema(members.split())}
        schema = {"type": "object", "properties": properties, "required": list(properties)}
        data = {**scalars, **{name: self.items.get(name, []) for name in fields}}
        places = {name: _place_of(value, text) for name, value in scalars.items()}
        return Stranger(text, schema, data, spans, places)

    def _turn(self) -> None:
        if self._per_page and self._line >= self._per_page:
            self._write(self._foot(self.page))
            self.page += 1
            self._parts.append("\f")
            self._length += 1
            self._line = 0
            self._write(self._head(self.page))

    def _write(self, lines: Iterable[str]) -> None:
        for line in lines:
            text = line + self._newlines[len(self._parts) % len(self._newlines)]
            self._parts.append(text)
            self._length += len(text)
            self._line += 1


def _kind_of(value: Any) -> dict[str, Any]:
    return KINDS["integer" if isinstance(value, int) else "number" if isinstance(value, float) else "text"]


def _place_of(value: Any, text: str) -> tuple[int, int]:
    """Return where the text says a value for the first time."""
    for written in (
        str(value),
        f"{value:,.2f}" if isinstance(value, float) else "",
        f"{value:.2f}" if isinstance(value, float) else "",
    ):
        if written and written in text:
            return text.index(written), text.index(written) + len(written)
    raise ValueError(f"the document does not say {value!r}")


def _item_schema(members: list[str]) -> dict[str, Any]:
    pairs = [member.split(":") for member in members]
    return {
        "type": "object",
        "properties": {name: KINDS[kind] for name, kind in pairs},
        "required": [name for name, _ in pairs],
    }


def twins(rng: random.Random, items: list[dict[str, Any]], change: str = "") -> list[dict[str, Any]]:
    """Make one item in twelve equal to the one before, and one in twelve equal but for `change`."""
    for index in range(1, len(items)):
        luck = rng.random()
        if luck < 0.08:
            items[index] = dict(items[index - 1])
        elif luck < 0.16 and change:
            items[index] = {**items[index - 1], change: items[index][change]}
    return items


def money(value: float, language: str = "en") -> str:
    """Write an amount.

    `en` is 1,234.50, `de` 1.234,50, `fr` 1 234,50, `ch` 1'234.50, `()` negative in brackets.
    """
    text = f"{abs(value):,.2f}"
    sign = "-" if value < 0 else ""
    if language == "()":
        return f"({text})" if value < 0 else text
    marks = {"de": ".,", "fr": "\u00a0,", "ch": "'.", "en": ",."}[language]
    return sign + text.translate({ord(","): marks[0], ord("."): marks[1]})


def amount(rng: random.Random, low: float = 1, high: float = 900) -> float:
    """Draw an amount with two decimals."""
    return round(rng.uniform(low, high), 2)


def day(rng: random.Random) -> tuple[int, int, int]:
    """Draw a year, month and day."""
    return rng.choice((2024, 2025, 2026)), rng.randint(1, 12), rng.randint(1, 28)


def days(rng: random.Random, count: int, year: int = 2026) -> list[tuple[int, int, int]]:
    """Draw days of one year in order."""
    return sorted((year, rng.randint(1, 12), rng.randint(1, 28)) for _ in range(count))


def iso(date: tuple[int, int, int]) -> str:
    """Write a day as ISO 8601."""
    return "{:04}-{:02}-{:02}".format(*date)
