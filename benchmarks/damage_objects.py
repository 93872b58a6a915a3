"""Collect objects with their schemas, and write them in several styles."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from damage_operators import Sample

from structgen.errors import StructgenError
from structgen.schema import Schema

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from training.tasks import Mix, case  # noqa: E402

_LONGEST = 20_000
"""Characters of the longest object."""
_STYLES: tuple[dict[str, Any], ...] = (
    {"separators": (",", ":")},
    {"separators": (", ", ": ")},
    {"indent": 2},
    {"indent": 4},
    {"indent": "\t"},
)


@dataclass(frozen=True)
class Source:
    """A value and the JSON text of its schema."""

    value: Any
    schema: str


@cache
def parsed_schema(text: str) -> Schema | None:
    """Return the schema; None for one that is refused."""
    try:
        return Schema.parse(json.loads(text))
    except StructgenError:
        return None


@dataclass
class Pool:
    """Distinct valid objects and lists, drawn in a random order and each in a random style."""

    sources: list[Source]
    random: Random
    used: set[int] = field(default_factory=set)
    _next: int = 0

    def draw(self) -> Sample:
        """Return the next object that its schema accepts, as a text."""
        while True:
            index = self._next % len(self.sources)
            self._next += 1
            source = self.sources[index]
            schema = parsed_schema(source.schema)
            if schema is None or (index not in self.used and schema.violations(source.value)):
                continue
            self.used.add(index)
            style, is_ascii = self.random.choice(_STYLES), self.random.random() < 0.3
            text = json.dumps(source.value, ensure_ascii=is_ascii, **style)
            return Sample(source.value, schema, text, is_ascii)


def pool(corpora: Path | None, count: int, seed: int) -> Pool:
    """Return a pool of at least `count` objects: the corpora's, the shipped ones, and generated ones."""
    random = Random(seed)
    distinct: dict[str, Source] = {}
    for value, schema in _all(corpora, random, count):
        if isinstance(value, dict | list) and value:
            text = json.dumps(value)
            if len(text) <= _LONGEST:
                distinct.setdefault(text, Source(value, json.dumps(schema)))
        if len(distinct) >= count and (corpora is None or len(distinct) >= 2 * count):
            break
    sources = list(distinct.values())
    random.shuffle(sources)
    return Pool(sources, random)


def _all(corpora: Path | None, random: Random, count: int) -> Iterator[tuple[Any, Any]]:
    real = [*_shipped(), *(_corpora(corpora) if corpora else ())]
    yield from real
    yield from _lists(real, random)
    yield from _generated(count, random)


def _shipped() -> Iterator[tuple[Any, Any]]:
    for path in sorted((ROOT / "schemas").glob("*.json")):
        example = ROOT / "examples" / path.name
        if example.is_file():
            yield json.loads(example.read_text("utf-8")), json.loads(path.read_text("utf-8"))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _corpora(folder: Path) -> Iterator[tuple[Any, Any]]:
    """Yield the objects of a folder with `extract/`, `evidence/` and `schemas/maskbench.jsonl`."""
    for path in sorted([*folder.glob("extract/*.jsonl"), *folder.glob("evidence/*.jsonl")]):
        for row in _rows(path):
            yield row["gold"], row["schema"]
    for path in folder.glob("schemas/maskbench.jsonl"):
        for row in _rows(path):
            yield from ((test["data"], row["schema"]) for test in row["tests"] if test["valid"])


def _lists(rows: list[tuple[Any, Any]], random: Random) -> Iterator[tuple[Any, Any]]:
    """Yield lists of two to six objects of the same schema, each object in at most one list."""
    groups: dict[str, list[Any]] = defaultdict(list)
    for value, schema in rows:
        if isinstance(value, dict) and "$ref" not in (text := json.dumps(schema)):
            groups[text].append(value)
    for text, values in groups.items():
        while len(values) > 1:
            size = random.randint(2, 6)
            yield values[:size], {"type": "array", "items": json.loads(text)}
            del values[:size]


def _generated(count: int, random: Random) -> Iterator[tuple[Any, Any]]:
    for index in range(count):
        mix = Mix(fields=(1, 8), nested=0.6, shipped=0.3, repair=0.0)
        drawn = case(Random(f"damage:{random.random()}:{index}"), mix, held_out=True)
        value = json.loads(drawn.answer)
        yield value, drawn.schema
        yield from _inner_lists(value, drawn.schema)


def _inner_lists(value: Any, schema: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    """Yield the lists of objects that an object holds."""
    for key, part in value.items() if isinstance(value, dict) else ():
        declared = schema.get("properties", {}).get(key, {})
        if isinstance(part, list) and len(part) > 1 and isinstance(part[0], dict) and "items" in declared:
            yield part, {"type": "array", "items": declared["items"]}
