"""What is no plain JSON value: found before anything is asked of it, so that nothing can raise later."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from structgen.json_text import MAX_DIGITS
from structgen.schema.traversal import escape
from structgen.types import Violation

_DEEPEST = 500
_TOO_LONG = 10**MAX_DIGITS


TOO_DEEP = Violation("", "depth", "nested too deeply to be checked")


def faults(value: Any) -> Iterator[Violation]:
    """All that JSON text cannot carry: NaN, too many digits, lone surrogates, foreign types and keys."""
    stack = [("", value, 0)]
    while stack:
        at, found, depth = stack.pop()
        if depth > _DEEPEST:
            yield replace(TOO_DEEP, pointer=at)
            return
        if isinstance(found, dict):
            yield from (Violation(at, "key", f) for key in found if (f := _key_fault(key)))
            inside = [(f"{at}/{escape(k)}", v) for k, v in found.items() if isinstance(k, str)]
            stack += [(place, part, depth + 1) for place, part in reversed(inside)]
        elif isinstance(found, list):
            stack += [(f"{at}/{i}", found[i], depth + 1) for i in range(len(found) - 1, -1, -1)]
        elif fault := _fault(found):
            yield Violation(at, *fault)


def _key_fault(key: Any) -> str | None:
    if not isinstance(key, str):
        return f"the key is of type {type(key).__name__}, JSON has only strings"
    return "a key has a lone surrogate" if _surrogate(key) else None


def _fault(value: Any) -> tuple[str, str] | None:
    """Keyword and message for a scalar."""
    if isinstance(value, str):
        return ("string", "a lone surrogate cannot be written as UTF-8") if _surrogate(value) else None
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, float):
        return None if math.isfinite(value) else ("number", "JSON has no NaN and no infinities")
    if isinstance(value, int):
        return ("number", f"more than {MAX_DIGITS} digits") if abs(value) >= _TOO_LONG else None
    return "type", f"a {type(value).__name__} is no JSON value"


def _surrogate(text: str) -> bool:
    if text.isascii():
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False
