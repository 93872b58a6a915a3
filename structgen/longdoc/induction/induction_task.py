"""What the rows of one list are induced from: a task that another process can do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from structgen.evidence.source import Source
from structgen.longdoc.induction.induced_rows import InducedRows, Induction
from structgen.longdoc.rows import ListRows
from structgen.schema import Schema


@dataclass(frozen=True)
class InductionTask:
    """A value, its source, and one of its lists with the rows that were counted for it."""

    value: Any
    source: Source
    counted: ListRows
    items: Sequence[Any]
    item_schema: Schema | None

    def rows(self, schema: Schema) -> InducedRows | None:
        """Return the rows of the list by its items; None where the items show none."""
        return Induction(self.value, schema, self.source).rows(self.counted, self.items, self.item_schema)
