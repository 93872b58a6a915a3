"""Coverage: how many rows of a document a list has, and which ones it lacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Self, get_args

from structgen.types.json_members import typed
from structgen.types.wire_fields import WireValue

Basis = Literal["table", "lines", "entries", "items", "stated", "none"]
"""What an expected number of rows rests on.

- `table`: the rows under a header, or between delimiters;
- `lines`: a run of lines of one shape;
- `entries`: numbered, dated or labelled entries of one or more lines;
- `items`: what the items that were found have in common in the text;
- `stated`: a number that the text states, such as "40 items";
- `none`: nothing in the text shows rows.
"""
BASES: tuple[Basis, ...] = get_args(Basis)


@dataclass(frozen=True, slots=True)
class Span(WireValue):
    """A half-open range of a text, in code points."""

    start: int
    end: int

    def to_json(self) -> dict[str, int]:
        """Return the members on the wire."""
        return {"start": self.start, "end": self.end}


@dataclass(frozen=True, slots=True)
class Coverage(WireValue):
    """The rows that a document has for one list, against the items of the list."""

    # Strict validation would refuse the JSON arrays of a response where the fields are tuples.
    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    expected: int | None = field(
        metadata={"description": "Rows that the document has; null where nothing shows any."}
    )
    found: int = field(metadata={"description": "Items of the list."})
    unclaimed: tuple[Span, ...] = field(
        default=(), metadata={"description": "Rows of the document that no item comes from."}
    )
    basis: Basis = field(default="none", metadata={"description": "What the expected number rests on."})
    certain: bool = field(
        default=False, metadata={"description": "Whether the expected number is certain, not an estimate."}
    )
    unsupported: tuple[str, ...] = field(
        default=(),
        metadata={
            "description": "Pointers to items whose values stand in no row of their own, and to values that "
            "the rows of their items do not say."
        },
    )

    complete: bool | None = field(
        default=None,
        metadata={
            "description": "Whether every row has its item; null where no row lacks one, but the number of "
            "rows is unknown or an estimate, or an item has no row of its own."
        },
    )

    def __post_init__(self) -> None:
        """Compute `complete`, whatever it was given."""
        has_more = self.expected is not None and self.found > self.expected
        is_sure = self.certain and not has_more and not any(map(_is_item, self.unsupported))
        complete = False if self.unclaimed else True if is_sure else None
        object.__setattr__(self, "complete", complete)

    def to_json(self) -> dict[str, Any]:
        """Return the members on the wire."""
        body: dict[str, Any] = {
            "expected": self.expected,
            "found": self.found,
            "complete": self.complete,
            "unclaimed": [span.to_json() for span in self.unclaimed],
            "basis": self.basis,
            "certain": self.certain,
        }
        if self.unsupported:
            body["unsupported"] = list(self.unsupported)
        return body

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read the members on the wire; raise `KeyError` or `TypeError` for anything else."""
        basis, expected = typed(str, data["basis"]), data["expected"]
        if basis not in BASES:
            raise TypeError(f"an unknown basis: {basis!r:.60}")
        return cls(
            None if expected is None else typed(int, expected),
            typed(int, data["found"]),
            tuple(
                Span(typed(int, span["start"]), typed(int, span["end"]))
                for span in typed(list, data["unclaimed"])
            ),
            basis,
            typed(bool, data["certain"]),
            tuple(typed(str, pointer) for pointer in typed(list, data.get("unsupported", []))),
        )


def _is_item(pointer: str) -> bool:
    """Return whether a pointer is that of an item of a list, not of a member of an item."""
    return pointer.rpartition("/")[2].isdecimal()
