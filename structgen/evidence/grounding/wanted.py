"""A string that is looked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from structgen.evidence.grounding.text_forms import form, tokens


@dataclass(frozen=True)
class Wanted:
    """The tokens of a value, their normal forms, and what stands around and between them."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]
    forms: Sequence[str]

    @classmethod
    def of(cls, text: str) -> Wanted:
        """Split a value into its tokens."""
        starts, words = tokens(text)
        ends = [start + len(word) for start, word in zip(starts, words, strict=True)]
        return cls(text, starts, ends, [form(word) for word in words])

    @property
    def lead(self) -> str:
        """What stands before the first token."""
        return self.text[: self.starts[0]]

    @property
    def trail(self) -> str:
        """What stands behind the last token."""
        return self.text[self.ends[-1] :]

    @property
    def digits(self) -> int:
        """The number of digits."""
        return sum(len(token) for token in self.forms if token.isdecimal())
