"""Read patterns of `patternProperties` that only list names: they declare these, as `properties` does."""

from __future__ import annotations

import re

_NAME_LIST = re.compile(r"\^(?:([\w-]+)|\((?:\?:)?([\w-]+(?:\|[\w-]+)*)\))\$")


def names_of(pattern: str) -> list[str]:
    """Return the names that a pattern of the form `^(a|b)$` lists, none for any other pattern."""
    listed = _NAME_LIST.fullmatch(pattern)
    return (listed[1] or listed[2]).split("|") if listed else []
