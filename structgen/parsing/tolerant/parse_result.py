"""Hold the result of parsing a malformed text: the value, and every fix with its position."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from structgen.types import RISKS as RISKS
from structgen.types import Risk as Risk

FixKind = Literal[
    "bracket", "byte-order-mark", "call", "colon", "comma", "comment", "concatenation", "cut", "ellipsis",
    "encoding", "escape", "fence", "function", "grouped-number", "key-quotes", "literal", "missing-value",
    "number", "number-word", "prose", "quotes", "second-opinion", "several-values", "tuple", "unquoted",
    "unquoted-end", "white-space",
]  # fmt: skip
_INFERRED: frozenset[FixKind] = frozenset((
    "bracket", "cut", "ellipsis", "encoding", "function", "grouped-number", "missing-value", "prose",
    "second-opinion", "several-values", "unquoted-end",
))  # fmt: skip
"""Kinds that took a guess, or lost something (`encoding` its bytes, `function` its name)."""
_COERCED: frozenset[FixKind] = frozenset(("unquoted", "number-word"))
"""Kinds that take a text, or a word such as NaN, for a string. All others are lossless."""


class ParseError(ValueError):
    """The text holds no value that can be read without inventing it. `at` is a position in the text."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(f"{message} at position {at}")
        self.at = at


class Fix(NamedTuple):
    """A syntactic fix: `text` replaces the characters from `start` to `end`.

    Positions count code points; `end` is exclusive. (A named tuple, because a parser makes many.)
    """

    kind: FixKind
    start: int
    end: int
    text: str = ""
    doubtful: bool = False
    """Whether another reading of this place, with another value, costs about as much."""

    @property
    def risk(self) -> Risk:
        """The risk of a fix of this kind; `inferred` where it is doubtful."""
        if self.doubtful or self.kind in _INFERRED:
            return "inferred"
        return "coerced" if self.kind in _COERCED else "lossless"

    def to_json(self) -> dict[str, Any]:
        """Return the members as the wire carries them."""
        return {"kind": self.kind, "start": self.start, "end": self.end, "text": self.text, "risk": self.risk}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Fix:
        """Read the members that `to_json` wrote."""
        doubtful = data.get("risk") == "inferred"
        return cls(data["kind"], data["start"], data["end"], data["text"], doubtful)


class Dropped(NamedTuple):
    """A text within the outermost container that a reading leaves out.

    `pointer` is the RFC 6901 pointer of the container or value next to it.
    """

    start: int
    end: int
    text: str
    pointer: str
    is_loss: bool = False
    """Whether the text is a key, a value or a row, not a stray word or mark."""

    def to_json(self) -> dict[str, Any]:
        """Return the members as the wire carries them; `is_loss` only where it is true."""
        members = {"start": self.start, "end": self.end, "text": self.text, "pointer": self.pointer}
        return {**members, "is_loss": True} if self.is_loss else members

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Dropped:
        """Read the members that `to_json` wrote."""
        return cls(data["start"], data["end"], data["text"], data["pointer"], data.get("is_loss", False))


class Alternative(NamedTuple):
    """The value that another likely reading has at a pointer, and how much more that reading costs.

    `value` is None for a reading that has no value there.
    """

    pointer: str
    value: Any
    cost: float

    def to_json(self) -> dict[str, Any]:
        """Return the members as the wire carries them."""
        return {"pointer": self.pointer, "value": self.value, "cost": self.cost}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Alternative:
        """Read the members that `to_json` wrote."""
        return cls(data["pointer"], data["value"], data["cost"])


class ReplacedMember(NamedTuple):
    """A member that a later one with the same key replaced: the key's pointer, and the earlier value."""

    pointer: str
    value: Any


class ContainerSpan(NamedTuple):
    """An object or array of a parse result, and the half-open range of the text that it was read from."""

    container: dict[str, Any] | list[Any]
    start: int
    end: int


class ParseResult(NamedTuple):
    """A value that was read from the range `start` to `end` of a text."""

    value: Any
    start: int
    end: int
    fixes: tuple[Fix, ...] = ()
    cut_at: str | None = None
    """Pointer of the value in which the text was cut off; None for a complete text."""
    replaced: tuple[ReplacedMember, ...] = ()
    containers: tuple[ContainerSpan, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    alternatives: tuple[Alternative, ...] = ()

    @property
    def risk(self) -> Risk:
        """The highest risk of the fixes; `inferred` with a repeated key, dropped text or an alternative."""
        if self.replaced or self.dropped or self.alternatives:
            return "inferred"
        return max((fix.risk for fix in self.fixes), key=RISKS.index, default="lossless")

    def shifted(self, offset: int) -> ParseResult:
        """Return the result with all positions moved by `offset`."""
        return self._replace(
            start=self.start + offset,
            end=self.end + offset,
            fixes=tuple(fix._replace(start=fix.start + offset, end=fix.end + offset) for fix in self.fixes),
            containers=tuple(
                ContainerSpan(container, start + offset, end + offset)
                for container, start, end in self.containers
            ),
            dropped=tuple(
                text._replace(start=text.start + offset, end=text.end + offset) for text in self.dropped
            ),
        )
