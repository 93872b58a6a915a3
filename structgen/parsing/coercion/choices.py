"""Coerce a value to one of several constants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from structgen.parsing.coercion.choice_text import equal_choice, named_choices
from structgen.parsing.coercion.coerced import MISMATCH, BareText, Coerced, Pricing
from structgen.parsing.coercion.literal_words import is_null_word
from structgen.parsing.coercion.source_text import SourceText


class ChoiceCoercer:
    """Coerce values to the constants of `enum`, `const`, or alternatives of `const`."""

    def __init__(self, pricing: Pricing, source: SourceText) -> None:
        self._pricing, self._source = pricing, source

    def coerce(self, value: Any, options: Sequence[Any]) -> Coerced:
        """Return the option that equals the value, or the one that its text names."""
        if not isinstance(value, BareText) and any(_equal(value, option) for option in options):
            return Coerced(value)
        if isinstance(value, str):
            return self.coerce_text(value, options)
        if isinstance(value, bool | int | float):
            return self._spelled(value, options)
        return self._pricing.unwrap(value, lambda inner: self.coerce(inner, options))

    def coerce_text(self, text: str, options: Sequence[Any]) -> Coerced:
        """Return the option that a text equals, or the one that a sentence names."""
        if text in options:
            if isinstance(text, BareText):
                return self._pricing.replace(text, str(text), "lossless", "a text without quotes")
            return Coerced(text)
        if (stripped := text.strip()) in options:
            return self._pricing.replace(text, stripped, "coerced", "white space around it")
        index = equal_choice(text, options)
        if index is None and None in options and is_null_word(text):
            return self._pricing.replace(text, None, "coerced", "a word for no value", 5)
        named = named_choices(text, options) if index is None else [index]
        if not named:
            return Coerced(text, MISMATCH)
        choice, *others = [options[index] for index in named]
        reason = "the choice that the text names"
        return self._pricing.replace(text, choice, "inferred", reason, others=others)

    def _spelled(self, value: bool | float, options: Sequence[Any]) -> Coerced:
        """Return the text among the options that is spelt as the number or boolean is."""
        spelling = self._source.spelling(value)
        if spelling is None or spelling not in options:
            return Coerced(value, MISMATCH)
        return self._pricing.replace(value, spelling, "coerced", "a scalar as text")


def _equal(one: Any, other: Any) -> bool:
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)
