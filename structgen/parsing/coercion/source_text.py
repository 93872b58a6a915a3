"""Find how the text spells a value that was parsed from it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from functools import cached_property
from typing import Any

from structgen import json_text
from structgen.parsing.tolerant.parse_result import ContainerSpan

_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_BOOLEAN = re.compile(r"\b(?:true|false)\b", re.IGNORECASE)


class SourceText:
    """A text, and the ranges of the containers that were parsed from it."""

    def __init__(self, text: str, containers: Iterable[ContainerSpan]) -> None:
        self._text, self._containers = text, containers

    def bare_text(self, container: dict[str, Any] | list[Any]) -> str | None:
        """Return the text of a container without quotes, such as `{title: string}`, which may be a string.

        None for a container in JSON syntax, and for one that was not parsed from this text.
        """
        span = self._spans.get(id(container))
        text = None if span is None else self._text[span.start : span.end]
        if text is None or '"' in text or "'" in text or not any(map(str.isalpha, text)):
            return None
        return text

    def spelling(self, value: bool | float) -> str | None:
        """Return the one spelling of a value in the text; None for several; JSON's where the text has none.

        `1.10` and `1.1` are equal numbers, and other versions.
        """
        spellings = self.spellings(value)
        canonical = json_text.dumps(value)
        if not spellings or (not isinstance(value, float) and canonical in spellings):
            return canonical
        return next(iter(spellings)) if len(spellings) == 1 else None

    def spellings(self, value: bool | float) -> set[str]:
        """Return the spellings of a value in the text; those of an integer have no point and no exponent."""
        if isinstance(value, bool):
            return self._booleans.get(value, set())
        spellings = self._numbers.get(value, set())
        return {text for text in spellings if text.lstrip("+-").isdigit() != isinstance(value, float)}

    @cached_property
    def _spans(self) -> dict[int, ContainerSpan]:
        # Objects and arrays cannot be hashed. Each span holds its container, so that no id is used again.
        return {id(span.container): span for span in self._containers}

    @cached_property
    def _numbers(self) -> dict[float, set[str]]:
        numbers: dict[float, set[str]] = {}
        for match in _NUMBER.finditer(self._text):
            with suppress(ValueError):
                numbers.setdefault(float(match[0]), set()).add(match[0])
        return numbers

    @cached_property
    def _booleans(self) -> dict[bool, set[str]]:
        booleans: dict[bool, set[str]] = {}
        for match in _BOOLEAN.finditer(self._text):
            booleans.setdefault(match[0].casefold() == "true", set()).add(match[0])
        return booleans
