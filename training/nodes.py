"""The nodes of a record: fields with what they are filled with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from training.fields import Field
from training.values import Value


@dataclass(frozen=True, slots=True)
class Node:
    """A filled field: a value, nodes by field, rows of nodes, or (`None`) what the document does not give."""

    field: Field
    value: Value | tuple[Value, ...] | tuple[Node, ...] | tuple[tuple[Node, ...], ...] | None
    piece: str = ""
    """What the document says of a whole composite."""

    @property
    def text(self) -> str | None:
        """What the document says, where that is one piece."""
        return self.value.text if isinstance(self.value, Value) else self.piece or None

    @property
    def given(self) -> bool:
        """Whether the document says anything of it."""
        return self.value is not None and self.value != ()


def flat(nodes: Sequence[Node]) -> Iterator[Node]:
    """The members of groups in the place of these."""
    for node in nodes:
        if node.field.kind == "group" and node.value is not None:
            yield from flat(node.value)  # type: ignore[arg-type]
        else:
            yield node


def any_missing(rows: Sequence[Sequence[Node]]) -> bool:
    """Whether a row lacks a part."""
    return any(node.value is None for row in rows for node in row)


def any_comma(nodes: Sequence[Node]) -> bool:
    """Whether commas between them could be taken for one of theirs."""
    return any("," in (n.text or "") for n in nodes)


def shared_labels(nodes: Sequence[Node]) -> set[str]:
    """What more than one field of a record might be called: a document that says so cannot be read."""
    counts: Counter[str] = Counter()
    for node in nodes:
        counts.update(set(node.field.labels))
    return {label for label, count in counts.items() if count > 1}
