"""Find the values of an answer that the token budget, not the model, determined."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from structgen.parsing.incremental.partial_json import parse_partial
from structgen.schema.traversal import pointer

_Path = tuple[str | int, ...]


def forced_pointers(written: str, value: Any) -> list[str]:
    """Return the pointers of the forced values of an answer; the model wrote only `written` of its text.

    They are the scalars that were incomplete, the empty containers that were not begun, and the lists that
    were open.
    """
    prefix = parse_partial(written)
    paths = {*_incomplete(prefix.value, value, ()), *_open_lists(value, prefix.cut_path or ())}
    return sorted(map(pointer, paths))


def _incomplete(prefix: Any, value: Any, path: _Path) -> Iterator[_Path]:
    if isinstance(value, dict) and value:
        members = prefix if isinstance(prefix, dict) else {}
        for name, member in value.items():
            yield from _incomplete(members.get(name), member, (*path, name))
    elif isinstance(value, list) and value:
        items = prefix if isinstance(prefix, list) else []
        for index, item in enumerate(value):
            yield from _incomplete(items[index] if index < len(items) else None, item, (*path, index))
    elif prefix is None or prefix != value or isinstance(prefix, bool) != isinstance(value, bool):
        yield path


def _open_lists(value: Any, cut_path: _Path) -> Iterator[_Path]:
    """Yield the paths of the lists around the cut, and of the list at it."""
    for depth, step in enumerate(cut_path):
        if isinstance(value, list):
            yield cut_path[:depth]
        value = _child(value, step)
    if isinstance(value, list) and cut_path:
        yield cut_path


def _child(value: Any, step: str | int) -> Any:
    if isinstance(value, dict):
        return value.get(step)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return None
