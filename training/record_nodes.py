"""The nodes of a record: fields with their values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from training.fields import Field
from training.values import Value


@dataclass(frozen=True, slots=True)
class RecordNode:
    """A field with its value: a scalar, a list, an object's nodes, rows of nodes, or `None` for an absent value."""

    field: Field
    value: Value | tuple[Value, ...] | tuple[RecordNode, ...] | tuple[tuple[RecordNode, ...], ...] | None
    piece: str = ""
    """The document's text of a composite."""

    @property
    def text(self) -> str | None:
        """The document's text of a scalar or a composite, else `None`."""
        return self.value.text if isinstance(self.value, Value) else self.piece or None

    @property
    def given(self) -> bool:
        """Whether the document states a value."""
        return self.value is not None and self.value != ()


def flatten_groups(nodes: Sequence[RecordNode]) -> Iterator[RecordNode]:
    """Replace each group with its members."""
    for node in nodes:
        if node.field.kind == "group" and node.value is not None:
            yield from flatten_groups(node.value)  # type: ignore[arg-type]
        else:
            yield node


def any_absent(rows: Sequence[Sequence[RecordNode]]) -> bool:
    """Whether a row lacks a value."""
    return any(node.value is None for row in rows for node in row)


def any_comma(nodes: Sequence[RecordNode]) -> bool:
    """Whether the text of a node has a comma, so that commas cannot separate the nodes."""
    return any("," in (n.text or "") for n in nodes)


def shared_labels(nodes: Sequence[RecordNode]) -> set[str]:
    """Return the labels of more than one field of a record, which would make a document ambiguous."""
    counts: Counter[str] = Counter()
    for node in nodes:
        counts.update(set(node.field.labels))
    return {label for label, count in counts.items() if count > 1}
