"""Find how the text spells a value that was parsed from it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from functools import cached_property
from typing import Any

from structgen.parsing.tolerant.parse_result import ContainerSpan

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")


class SourceText:
    """A text, and the ranges of the containers that were parsed from it."""

    def __init__(self, text: str, containers: Iterable[ContainerSpan]) -> None:
        self._text, self._containers = text, containers

    def of_container(self, container: dict[str, Any] | list[Any]) -> str | None:
        """Return the text of a container; None for one that was not parsed from this text."""
        span = self._spans.get(id(container))
        return None if span is None else self._text[span.start : span.end]

    def spellings(self, value: float) -> set[str]:
        """Return the spellings of a number in the text."""
        return self._numbers.get(value, set())

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
