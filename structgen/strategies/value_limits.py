"""Limits on the sizes of values that the schema leaves unbounded, and warnings where an answer met one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from structgen.parsing.incremental.scalar_positions import scalar_positions
from structgen.schema.declared_sizes import DeclaredSizes
from structgen.schema.traversal import escape, unescape
from structgen.types import Diagnostic, Limits

DEFAULTS = DeclaredSizes(digits=100, length=32_768, items=10_000)
"""An integer of 256 bits has 78 digits; a text or a table beyond the others is longer than any answer."""
NAMES = DeclaredSizes._fields
LIMIT_REACHED = "limit-reached"
"""Code of the warning."""
_NUMBER = re.compile(r"-?\d[\d.eE+-]*")
_OPTIONS = {"digits": "max_digits", "length": "max_string_length", "items": "max_items"}
_WORDS = {"digits": "digits", "length": "characters", "items": "items"}
_OF_TYPE = {"integer": "digits", "number": "digits", "string": "length", "array": "items"}
_BOUNDING = {
    "digits": ("maximum", "exclusiveMaximum", "enum", "const"),
    "length": ("maxLength", "pattern", "format", "enum", "const"),
    "items": ("maxItems", "enum", "const"),
}


def requested_limits(limits: Limits) -> list[str]:
    """Return the names of the limits on values that the caller set."""
    return [name for name in _OPTIONS.values() if getattr(limits, name) is not None]


def effective_limits(limits: Limits, extent: DeclaredSizes) -> DeclaredSizes:
    """Return the limits of the task, none below the bounds that the schema states itself."""
    requested = (getattr(limits, _OPTIONS[name]) for name in NAMES)
    chosen = (default if value is None else value for value, default in zip(requested, DEFAULTS, strict=True))
    return DeclaredSizes(*map(max, chosen, extent))


def limit_warnings(text: str, data: Any, bounds: DeclaredSizes) -> list[Diagnostic]:
    """Warn of the values of an answer that are as large as their limit: decoding may have ended them."""
    if len(text) < min(bounds):
        return []
    warnings = [_warning(at, "items", bounds) for at, size in _lists(data, "") if size >= bounds.items]
    if len(text) < bounds.length and not any(len(n) >= bounds.digits for n in _NUMBER.findall(text)):
        return warnings
    for leaf in scalar_positions(text):
        scalar = text[leaf.start : leaf.end]
        if scalar.startswith('"'):
            if len(scalar) - 2 - scalar.count("\\") >= bounds.length:
                warnings.append(_warning(leaf.pointer, "length", bounds))
        elif sum(map(str.isdigit, scalar)) >= bounds.digits:
            warnings.append(_warning(leaf.pointer, "digits", bounds))
    return warnings


def _lists(value: Any, at: str) -> Iterator[tuple[str, int]]:
    """Yield the pointer and the size of each list and object."""
    if isinstance(value, dict | list):
        yield at, len(value)
        entries = value.items() if isinstance(value, dict) else enumerate(value)
        for name, entry in entries:
            yield from _lists(entry, f"{at}/{escape(str(name))}")


def _warning(at: str, name: str, bounds: DeclaredSizes) -> Diagnostic:
    size = getattr(bounds, name)
    message = (
        f"this value has {size} {_WORDS[name]}, all that limits.{_OPTIONS[name]} allows, and may have been "
        "ended there: check it, raise the limit, or bound the value in the schema"
    )
    return Diagnostic(at, LIMIT_REACHED, message)


def report_with_limits(report: dict[str, Any], definition: Any, bounds: DeclaredSizes) -> dict[str, Any]:
    """Return an enforcement report with the limit at each `type` without a bound of its own."""
    explained = {}
    for at, entry in report.items():
        explained[at] = entry
        if at.endswith("/type") and entry["by"] == "decoded" and (reason := _limits(definition, at, bounds)):
            explained[at] = {**entry, "reason": reason}
    return explained


def _limits(definition: Any, at: str, bounds: DeclaredSizes) -> str:
    """Describe the limits that hold at a `type` keyword, "" without any."""
    schema = definition
    for step in at.split("/")[1:-1]:
        name = unescape(step)
        schema = schema[int(name)] if isinstance(schema, list) else schema.get(name, {})
    types = schema.get("type", ()) if isinstance(schema, dict) else ()
    names = dict.fromkeys(
        _OF_TYPE[t] for t in ([types] if isinstance(types, str) else types) if t in _OF_TYPE
    )
    descriptions = [
        f"at most {getattr(bounds, name)} {_WORDS[name]} (limits.{_OPTIONS[name]})"
        for name in names
        if not any(keyword in schema for keyword in _BOUNDING[name])
    ]
    return ", ".join(descriptions)
