"""Tell the numbers that nothing around can change: no sign, scale, power, unit or currency stands there."""

from __future__ import annotations

_ENDS = frozenset("\n\r\f\t")
_CLOSED = frozenset(":=;,|?#&/!\"'")
"""Marks that no sign stands beyond, if a space is between them and the number."""
_REACH = 6
"""Characters before a number among which a sign or a bracket may be."""


class Cells:
    """The cells of a text in which a number is alone. Nothing in the headings of the text may scale it."""

    def __init__(self, folded: str) -> None:
        self._text = folded
        self._known: dict[str, bool | None] = {}
        """By the two characters before and after: whether that is a cell; None where more decides."""

    def is_cell(self, start: int, end: int) -> bool:
        """Say whether digits stand between line ends, tabs, gaps, other digits or marks that end a label."""
        text = self._text
        if start < _REACH:
            return self._around(start, end) or False
        if text[start] == "0" and end - start > 1:
            return False
        around = text[start - 2 : start] + text[end : end + 2]
        try:
            known = self._known[around]
        except KeyError:
            known = self._around(start, end)
            if len(around) == 4:
                self._known[around] = known
        if known is None:
            before = text[start - _REACH : start - 2]
            return "-" not in before and "(" not in before
        return known

    def _around(self, start: int, end: int) -> bool | None:
        text = self._text
        before, after = text[start - 1 : start], text[end : end + 1]
        if (start and not before.isspace()) or not (after.isspace() or not after):
            return False
        if text[start] == "0" and end - start > 1:
            return False
        beyond = text[end + 1 : end + 2]
        if after and after not in _ENDS and not beyond.isdigit() and not (after == " " and beyond.isspace()):
            return False
        if start == 0 or before in _ENDS:
            return True
        if start == 1:
            return False
        further = text[start - 2]
        if further.isdigit() or (before == " " and further in _CLOSED):
            return True
        return None if before == " " and further == " " and start >= _REACH else False
