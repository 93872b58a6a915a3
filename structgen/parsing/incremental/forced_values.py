"""Which values of an answer the token budget cut or chose."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from structgen.parsing.incremental.partial_json import partial
from structgen.schema.traversal import escape


def forced(written: str, value: Any) -> list[str]:
    """Pointers into `value`, of whose text the model wrote only `written`.

    Scalars that were not complete then, empty containers that were not begun, and lists that were open.
    """
    found = partial(written)
    open_lists = set(_open_lists(value, found.cut_at or ""))
    return sorted({*_unwritten(found.value, value, ""), *open_lists})


def _unwritten(had: Any, value: Any, at: str) -> Iterator[str]:
    if isinstance(value, dict) and value:
        known = had if isinstance(had, dict) else {}
        for name, member in value.items():
            yield from _unwritten(known.get(name), member, f"{at}/{escape(name)}")
    elif isinstance(value, list) and value:
        items = had if isinstance(had, list) else []
        for index, item in enumerate(value):
            yield from _unwritten(items[index] if index < len(items) else None, item, f"{at}/{index}")
    elif had is None or had != value or isinstance(had, bool) != isinstance(value, bool):
        yield at


def _open_lists(value: Any, cut_at: str) -> Iterator[str]:
    at = ""
    for token in cut_at.split("/")[1:]:
        if isinstance(value, list):
            yield at
        name = token.replace("~1", "/").replace("~0", "~")
        at = f"{at}/{token}"
        if isinstance(value, dict):
            value = value.get(name)
        elif isinstance(value, list):
            value = value[int(name)] if name.isdecimal() and int(name) < len(value) else None
    if isinstance(value, list) and cut_at:
        yield at
