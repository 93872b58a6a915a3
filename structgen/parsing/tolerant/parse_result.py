"""Hold the result of parsing a malformed text: the value, and every fix with its position."""

from __future__ import annotations

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

    @property
    def risk(self) -> Risk:
        """The risk of a fix of this kind."""
        if self.kind in _COERCED:
            return "coerced"
        return "inferred" if self.kind in _INFERRED else "lossless"

    def to_json(self) -> dict[str, Any]:
        """Return the members as the wire carries them."""
        return {"kind": self.kind, "start": self.start, "end": self.end, "text": self.text}


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

    @property
    def risk(self) -> Risk:
        """The highest risk of the fixes; `inferred` with a duplicate key."""
        if self.replaced:
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
        )
