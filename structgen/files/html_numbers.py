"""The numbers that a browser shows before the items of an ordered list."""

from __future__ import annotations

import re
from typing import Any

from structgen.files.docx_numbering import written_number

_KINDS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_NONE = re.compile(r"list-style(?:-type)?\s*:\s*none", re.IGNORECASE)
_NUMBER = re.compile(r"\s*(-?\d{1,9})\s*")


class ItemNumbers:
    """Counts the items of the ordered lists of a page."""

    def __init__(self) -> None:
        self._next: dict[int, int] = {}

    def before(self, item: Any) -> str:
        """Return the number of the next item, with a space after it; nothing for an item of another list."""
        parent = item.parent
        if parent is None or parent.tag != "ol":
            return ""
        attributes = parent.attributes
        if "reversed" in attributes or _NONE.search(attributes.get("style") or ""):
            return ""
        given = _number(item.attributes.get("value"))
        number = (
            self._next.get(parent.mem_id, _number(attributes.get("start"), 1)) if given is None else given
        )
        assert number is not None
        self._next[parent.mem_id] = number + 1
        return f"{written_number(number, _KINDS.get(attributes.get('type') or '', ''))}. "


def _number(text: str | None, default: int | None = None) -> int | None:
    match = _NUMBER.fullmatch(text or "")
    return default if match is None else int(match[1])
