"""Token counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens and decode steps. The grammar forced `forced_tokens`, without their own decode step."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    forced_tokens: int = 0
    decode_steps: int = 0

    @property
    def total_tokens(self) -> int:
        """Return the tokens of prompt and completion together."""
        return self.prompt_tokens + self.completion_tokens

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.cached_tokens + other.cached_tokens,
            self.forced_tokens + other.forced_tokens,
            self.decode_steps + other.decode_steps,
        )

    def to_json(self) -> dict[str, int]:
        """Return the members on the wire."""
        return {
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "cached_tokens": self.cached_tokens,
            "forced_tokens": self.forced_tokens,
            "decode_steps": self.decode_steps,
            "total_tokens": self.total_tokens,
        }

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """Read the members on the wire. A malformed count becomes 0: the valid object matters more."""
        counts = data if isinstance(data, Mapping) else {}
        return cls(*(token_count(counts.get(name)) for name in cls.__dataclass_fields__))


def token_count(value: Any) -> int:
    """Return a token count from another program's JSON; 0 if it is not a count."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if type(value) is int and 0 <= value < 2**63 else 0
