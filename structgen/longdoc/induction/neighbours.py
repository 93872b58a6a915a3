"""Which rows of one shape belong together: those with nothing between them that the rows of items lack."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from structgen.longdoc.induction.tokens import tokens
from structgen.types import Span

MIN_SEEN = 2
"""Gaps of one form between rows of items from which on others of the form are alike."""
MAX_GAP = 400
_LINE = re.compile(r"[^\n\r\f\v]*[^\s][^\n\r\f\v]*")


def runs(rows: Sequence[Span], claimed: Collection[int], text: str) -> list[list[int]]:
    """Return the numbers of the rows, those of a run together.

    Between two rows of a run is nothing, or what also stands between rows of items that are neighbours.
    """
    between = [text[row.end : after.start] for row, after in pairwise(rows)]
    forms = [_form(gap) for gap in between]
    seen = Counter(
        form for number, form in enumerate(forms) if form and number in claimed and number + 1 in claimed
    )
    found: list[list[int]] = []
    for number in range(len(rows)):
        form = forms[number - 1] if number else None
        if form is not None and (not form or seen[form] >= MIN_SEEN):
            found[-1].append(number)
        else:
            found.append([number])
    return found


def _form(gap: str) -> tuple[str, ...] | None:
    """Return the kinds of what stands between rows; empty for nothing, None for too much."""
    if len(gap) > MAX_GAP:
        return None
    if gap.strip() in {".", ";"}:
        return ()
    return tuple(_kinds(gap))


def _kinds(gap: str) -> Iterator[str]:
    last = ""
    for line in _LINE.findall(gap):
        for token in tokens(line).all:
            kind = token.text if token.kind == "mark" else token.kind
            if kind != last or kind != "word":
                yield kind
            last = kind
