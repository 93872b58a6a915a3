"""Name the texts that a reading leaves out, and judge whether a corrected value takes them up."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from structgen import json_text
from structgen.parsing.result import RepairResult
from structgen.parsing.tolerant.parse_result import Dropped
from structgen.schema.traversal import pointer
from structgen.types import DROPPED, Violation

_MAX_QUOTED = 80
"""Characters of a lost text that its violation quotes."""
_KEY = re.compile(r"""(?:"[^"]*"|'[^']*'|[^\W\d][\w-]*)\s*[:=]""")
_WORD = re.compile(r"[1-9]|[^\W\d_]+")
_LITERALS = frozenset({"true", "false", "null", "none", "undefined", "nan"})


def loss_violation(text: Dropped) -> Violation:
    """Return the violation for a key, a value or a row that a reading leaves out."""
    quoted = text.text if len(text.text) <= _MAX_QUOTED else f"{text.text[:_MAX_QUOTED]}…"
    message = f"the text {quoted!r} at position {text.start} has no place in the value"
    return Violation(text.pointer, DROPPED, message)


def lost_texts(result: RepairResult) -> tuple[Dropped, ...]:
    """Return the texts for whose loss a repair failed; none where the caller accepts losses."""
    if not any(violation.keyword == DROPPED for violation in result.violations):
        return ()
    return tuple(text for text in result.dropped if text.is_loss)


def missing_text(text: Dropped, value: Any) -> Violation:
    """Return the violation that asks a model to take up a whole text, at a container of the value."""
    message = f"this text was left out, give it its place: {text.text}"
    return Violation(_nearest_container(text.pointer, value), DROPPED, message)


def takes_up(value: Any, text: Dropped, before: Any) -> bool:
    """Return whether a value has the words and digits of a text beyond those of the value before.

    Keys and the literals of JSON do not count: a schema may name the one and forbid the other. Nor do zeros
    and separators: `2,000.00` may become 2000.
    """
    old, new = json_text.dumps(before), json_text.dumps(value)
    return old != new and not _words(_KEY.sub(" ", text.text)) - (_words(new) - _words(old))


def _words(text: str) -> Counter[str]:
    """Count words of letters, without their case, and single digits."""
    words = (word.casefold() for word in _WORD.findall(text))
    return Counter(word for word in words if word not in _LITERALS)


def _nearest_container(place: str, value: Any) -> str:
    """Return the pointer of the innermost object or list of a value on the way to a place."""
    path: list[str] = []
    for token in place.split("/")[1:]:
        step = token.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list):
            inner = value[int(step)] if step.isdecimal() and int(step) < len(value) else None
        else:
            inner = value.get(step) if isinstance(value, dict) else None
        if not isinstance(inner, dict | list):
            break
        value = inner
        path.append(step)
    return pointer(path)
