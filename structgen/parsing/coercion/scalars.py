"""Scalars under a schema: what each becomes as another type, and at what price."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from structgen import json_text
from structgen.parsing.coercion import text_values
from structgen.parsing.json_patch import Change
from structgen.schema import Schema
from structgen.types import RISKS, Risk

WRONG = 10_000.0
"""Cost of a place that stays wrong."""
COST: dict[Risk, float] = {"lossless": 1, "coerced": 10, "inferred": 100, "model": 1_000}


_WRAPPINGS = 8
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")


class Words(str):
    """Text that was no JSON: it becomes a value only by what it says."""


@dataclass(frozen=True, slots=True)
class Aligned:
    """A value, what it cost, and the changes that made it, pointers from itself."""

    value: Any
    cost: float = 0.0
    changes: tuple[Change, ...] = ()

    @property
    def wrong(self) -> bool:
        return self.cost >= WRONG


class ScalarAligner:
    """Aligns scalars. `source` gives the text that a container was read from, where it is known; `text` is
    all of it."""

    def __init__(self, schema: Schema, most: Risk, source: Callable[[Any], str | None], text: str) -> None:
        self._schema, self._most, self._source, self._text = schema, RISKS.index(most), source, text

    def _make(self, old: Any, new: Any, risk: Risk, reason: str, extra: float = 0) -> Aligned:
        """A replacement, where its risk may be taken."""
        if RISKS.index(risk) > self._most:
            return Aligned(old, WRONG)
        change = Change("replace", "", reason, risk, new)
        return Aligned(new, COST[risk] + extra, (change,))

    def _whole(self, old: Any, made: Aligned, risk: Risk, reason: str, extra: float) -> Aligned:
        """One replacement by what was made of it."""
        if made.wrong:
            return Aligned(old, max(WRONG, made.cost))
        whole = self._make(
            old, made.value, max([risk, *(c.risk for c in made.changes)], key=RISKS.index), reason, extra
        )
        return Aligned(whole.value, whole.cost + made.cost, whole.changes)

    def _single(self, value: Any, go_on: Callable[[Any], Aligned]) -> Aligned:
        """The one item of a list, or the one member of an object, in place of it."""
        if _wrapped_deeply(value):
            return Aligned(value, WRONG)
        if isinstance(value, list) and len(value) == 1:
            inner, reason = value[0], "the one item of a list"
        elif isinstance(value, dict) and len(value) == 1:
            inner, reason = next(iter(value.values())), "the one member of an object"
        else:
            return Aligned(value, WRONG)
        return self._whole(value, go_on(inner), "inferred", reason, 50)

    def _checked(self, made: Aligned, schema: Mapping[str, Any]) -> Aligned:
        """With the price of what a scalar's other keywords find wrong."""
        if made.wrong or isinstance(made.value, dict | list):
            return made
        if self._schema.accepts(schema, made.value):
            return made
        if isinstance(made.value, str):
            return self._mended(made, schema)
        return Aligned(made.value, made.cost + WRONG, made.changes)

    def _mended(self, made: Aligned, schema: Mapping[str, Any]) -> Aligned:
        """A string in the form that its schema asks for."""
        text = made.value
        ways: list[tuple[str | None, str]] = [(text.strip(), "white space around it")]
        ways += [(text.strip().strip("\"'`*"), "quotes around it")]
        risk: Risk = "coerced"
        if schema.get("format") == "date":
            ways.append((text_values.day(text), "a date in another form"))
            risk = "inferred" if text_values.has_time(text) else risk  # its hours are lost
        if schema.get("format") == "date-time":
            ways.append((text_values.moment(text), "a time in another form"))
        for new, reason in ways:
            if new is not None and new != text and self._schema.accepts(schema, new):
                return self._then(made, lambda v, n=new, r=reason: self._make(v, n, risk, r))  # type: ignore[misc]
        return Aligned(text, made.cost + WRONG, made.changes)

    def _to_string(self, value: Any, schema: Mapping[str, Any]) -> Aligned:
        if isinstance(value, Words):
            return self._make(value, str(value), "coerced", "a text without quotes", 50)
        if isinstance(value, str):
            return Aligned(value)
        if isinstance(value, float):
            return self._of_float(value)
        if isinstance(value, bool | int):
            return self._make(value, json_text.dumps(value), "coerced", "a scalar as text", 2)
        if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
            return self._make(value, value[0], "inferred", "the one item of a list", 50)
        if isinstance(value, dict | list):
            text = self._source(value) or json_text.dumps(value)
            return self._make(value, text, "coerced", "what stands there, as text", 300)
        return Aligned(value, WRONG)

    def _of_float(self, value: float) -> Aligned:
        """As the text spells it: `1.10` may be a version. A guess where it spells it in several ways."""
        spelled = self._literals.get(value, set())
        literal = spelled.pop() if len(spelled) == 1 else json_text.dumps(value)
        risk: Risk = "inferred" if len(spelled) > 1 else "coerced"
        return self._make(value, literal, risk, "a scalar as text", 2)

    @cached_property
    def _literals(self) -> dict[float, set[str]]:
        """How the text spells its numbers."""
        found: dict[float, set[str]] = {}
        for match in _NUMBER.finditer(self._text):
            with suppress(ValueError):
                found.setdefault(float(match.group()), set()).add(match.group())
        return found

    def _to_number(self, value: Any, wanted: str) -> Aligned:
        if isinstance(value, int | float) and not isinstance(value, bool):
            whole = isinstance(value, float) and value.is_integer()
            if wanted == "integer" and isinstance(value, float):
                return Aligned(value) if whole else Aligned(value, WRONG)
            return Aligned(value)
        if isinstance(value, str):
            found, risk, extra = text_values.number(value, whole=wanted == "integer"), "coerced", 0.0
            if found is None:
                found, risk, extra = text_values.number_in(value), "inferred", 20.0
            if isinstance(found, float) and wanted == "integer":
                found = int(found) if found.is_integer() else None
            if text_values.ambiguous(value, whole=wanted == "integer"):
                risk = "inferred"
            if found is not None:
                return self._make(value, found, risk, "a number written as text", extra)  # type: ignore[arg-type]
        return self._single(value, lambda v: self._to_number(v, wanted))

    def _to_boolean(self, value: Any) -> Aligned:
        if isinstance(value, bool):
            return Aligned(value)
        if isinstance(value, int | float) and value in (0, 1):
            return self._make(value, bool(value), "coerced", "0 or 1 for a truth")
        if isinstance(value, str):
            found = text_values.boolean(value)
            if found is not None:
                return self._make(value, found, "coerced", "a truth written as text")
            if (found := text_values.boolean_in(value)) is not None:
                return self._make(value, found, "inferred", "the truth that a text names", 20)
        return self._single(value, self._to_boolean)

    def _to_null(self, value: Any) -> Aligned:
        if value is None:
            return Aligned(None)
        if isinstance(value, str) and text_values.nothing(value):
            return self._make(value, None, "coerced", "a word for no value", 5)
        return Aligned(value, WRONG)

    def _among(self, value: Any, options: list[Any]) -> Aligned:
        if any(_same(value, option) for option in options) and not isinstance(value, Words):
            return Aligned(value)
        if isinstance(value, str):
            return self._chosen(value, options)
        if isinstance(value, bool | int | float):
            return self._chosen(json_text.dumps(value), options, value)
        return self._single(value, lambda v: self._among(v, options))

    def _chosen(self, text: str, options: list[Any], value: Any = None) -> Aligned:
        old = text if value is None else value
        index = text_values.chosen(text, options)
        if index is None:
            if None in options and text_values.nothing(text):
                return self._make(old, None, "coerced", "a word for no value", 5)
            return Aligned(old, WRONG)
        option = options[index]
        if isinstance(option, str) and option == text:
            return (
                self._make(old, option, "lossless", "a text without quotes")
                if isinstance(old, Words)
                else Aligned(option)
            )
        risk: Risk = "coerced" if value is not None else "inferred"
        return self._make(old, option, risk, "the choice that the text names")

    def _then(self, first: Aligned, go_on: Callable[[Any], Aligned]) -> Aligned:
        second = go_on(first.value)
        return Aligned(second.value, first.cost + second.cost, first.changes + second.changes)


def _wrapped_deeply(value: Any) -> bool:
    """Whether single items and members are nested too deeply to be meant for what stands in them."""
    for _ in range(_WRAPPINGS):
        if not isinstance(value, dict | list) or len(value) != 1:
            return False
        value = value[0] if isinstance(value, list) else next(iter(value.values()))
    return True


def _same(one: Any, other: Any) -> bool:
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)
