"""Formats of plain text that an answer may have in place of JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TextKind = Literal["regex", "choice", "lark"]


@dataclass(frozen=True, slots=True)
class TextFormat:
    """A format of plain text; exactly one member is given."""

    regex: str | None = None
    """A regular expression that the whole text matches, in the dialect of JSON Schema's `pattern`."""
    choices: tuple[str, ...] = ()
    """Texts, one of which is the answer."""
    lark: str | None = None
    """A grammar in llguidance's variant of Lark, with a rule `start`."""

    @property
    def kind(self) -> TextKind:
        """Return which member is given."""
        if self.regex is not None:
            return "regex"
        return "lark" if self.lark is not None else "choice"


@dataclass(frozen=True, slots=True)
class Grammar:
    """A grammar in llguidance's variant of Lark, with a rule `start`.

    In place of a schema it asks for plain text that follows it.
    """

    lark: str
