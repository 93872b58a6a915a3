"""Coerce a value to one of several constants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from structgen import json_text
from structgen.parsing.coercion.coerced import MISMATCH, BareText, Coerced, Pricing
from structgen.parsing.coercion.word_text import choice_index, is_null_word
from structgen.types import Risk


class ChoiceCoercer:
    """Coerce values to the constants of `enum`, `const`, or alternatives of `const`."""

    def __init__(self, pricing: Pricing) -> None:
        self._pricing = pricing

    def coerce(self, value: Any, options: Sequence[Any]) -> Coerced:
        """Return the option that equals the value, or the one that its text names."""
        if any(_equal(value, option) for option in options) and not isinstance(value, BareText):
            return Coerced(value)
        if isinstance(value, str):
            return self.coerce_text(value, value, options)
        if isinstance(value, bool | int | float):
            return self.coerce_text(json_text.dumps(value), value, options)
        return self._pricing.unwrap(value, lambda inner: self.coerce(inner, options))

    def coerce_text(self, text: str, value: Any, options: Sequence[Any]) -> Coerced:
        """Return the option that the text of a value names."""
        index = choice_index(text, options)
        if index is None:
            if None in options and is_null_word(text):
                return self._pricing.replace(value, None, "coerced", "a word for no value", 5)
            return Coerced(value, MISMATCH)
        option = options[index]
        if isinstance(option, str) and option == text:
            if isinstance(value, BareText):
                return self._pricing.replace(value, option, "lossless", "a text without quotes")
            return Coerced(option)
        risk: Risk = "inferred" if isinstance(value, str) else "coerced"
        return self._pricing.replace(value, option, risk, "the choice that the text names")


def _equal(one: Any, other: Any) -> bool:
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)
