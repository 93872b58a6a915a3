"""Which schema is derived from a caller's: of one list, of one item of it, of all but some lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from structgen.longdoc.composition import path_of
from structgen.longdoc.frame_schema import frame_schema, part_schema
from structgen.longdoc.segment_schema import list_schema
from structgen.schema import Schema

DerivationKind = Literal["list", "item", "frame", "part"]


@dataclass(frozen=True, slots=True)
class Derivation:
    """A schema that segments are read with, by what it leaves of the caller's.

    - `list`: one list alone, of `rows` items where they are known;
    - `item`: one item of a list;
    - `frame`: what is not in these lists;
    - `part`: a part of the document of a `frame`.
    """

    kind: DerivationKind
    pointers: tuple[str, ...]
    rows: int | None = None

    def of(self, schema: Schema) -> Schema | None:
        """Return the derived schema, lowered; None where there is none.

        This takes as long as the lowering of the caller's schema: call it in a thread or a worker process.
        """
        derived = self._copied(schema)
        if derived is not None:
            _ = derived.text, derived.hash, derived.report, derived.declared_sizes, derived.fast_weight
        return derived

    def _copied(self, schema: Schema) -> Schema | None:
        if self.kind == "list":
            return list_schema(schema, self.pointers[0], self.rows)
        if self.kind == "item":
            whole = list_schema(schema, self.pointers[0])
            return None if whole is None else _item_of(whole, self.pointers[0])
        frame = frame_schema(schema, self.pointers) if self.pointers else schema
        if frame is None or self.kind == "frame":
            return frame
        return part_schema(frame) or frame


def _item_of(whole: Schema, pointer: str) -> Schema:
    """Return the schema of one item from that of a list alone."""
    schema: Any = whole.definition
    shared = {name: schema[name] for name in ("$schema", "$defs", "definitions") if name in schema}
    for name in path_of(pointer):
        schema = schema["properties"][name]
    item = schema.get("items", True)
    return Schema.parse({**shared, **item} if isinstance(item, dict) else item)
