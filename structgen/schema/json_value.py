"""Reject Python values that JSON cannot represent before validation, and compare those that it can."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from structgen.json_text import MAX_DIGITS
from structgen.schema.traversal import escape
from structgen.types import Violation

MAX_DEPTH = 500
_TOO_LARGE = 10**MAX_DIGITS
TOO_DEEP = Violation("", "depth", "nested too deeply to be checked")


def representation_violations(value: Any) -> Iterator[Violation]:
    """Yield all that JSON text cannot carry: NaN, too many digits, lone surrogates, other types and keys."""
    stack = [("", value, 0)]
    while stack:
        at, current, depth = stack.pop()
        if depth > MAX_DEPTH:
            yield replace(TOO_DEEP, pointer=at)
            return
        if isinstance(current, dict):
            yield from (Violation(at, "key", fault) for key in current if (fault := _key_fault(key)))
            members = [(f"{at}/{escape(k)}", v, depth + 1) for k, v in current.items() if isinstance(k, str)]
            stack += reversed(members)
        elif isinstance(current, list):
            stack += [(f"{at}/{i}", current[i], depth + 1) for i in range(len(current) - 1, -1, -1)]
        elif (scalar_fault := _scalar_fault(current)) is not None:
            yield Violation(at, *scalar_fault)


def normalized(value: Any) -> Any:
    """Return a value that prints alike for equal JSON values: sorted keys, integers for integral floats."""
    if isinstance(value, dict):
        return {name: normalized(value[name]) for name in sorted(value)}
    if isinstance(value, list):
        return [normalized(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _key_fault(key: Any) -> str | None:
    if not isinstance(key, str):
        return f"the key is of type {type(key).__name__}, JSON has only strings"
    return "a key has a lone surrogate" if _has_surrogate(key) else None


def _scalar_fault(value: Any) -> tuple[str, str] | None:
    """Return the keyword and the message of a violation."""
    if isinstance(value, str):
        has_surrogate = _has_surrogate(value)
        return ("string", "a lone surrogate cannot be written as UTF-8") if has_surrogate else None
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, float):
        return None if math.isfinite(value) else ("number", "JSON has no NaN and no infinities")
    if isinstance(value, int):
        return ("number", f"more than {MAX_DIGITS} digits") if abs(value) >= _TOO_LARGE else None
    return "type", f"a {type(value).__name__} is not a JSON value"


def _has_surrogate(text: str) -> bool:
    if text.isascii():
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False
