"""The amounts of lines, and whether those of rows add up to a total that is stated below them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from structgen.longdoc.layout.line_runs import LineRun
from structgen.longdoc.layout.lines import Lines

FEWEST_ROWS = 3
"""Rows whose sum proves something: two numbers often have their sum near."""
LINES_BELOW = 4
"""Lines below the last row in which the total may stand."""
MOST_COLUMNS = 4
"""Amounts of a row that are added up, from the right."""
_AMOUNT = re.compile(
    r"(?<![\w.,])[-−–(]?\s?[$€£¥₹₽₪]?\s?-?\d(?:[\d.,'’\u00a0\u202f]*\d)?(?![\w])(?:\)|-(?!\d)| CR\b)?"
)
_TOTAL = re.compile(
    r"total|\bsum(?:me)?\b|\bsomme|\bsuma\b|\brazem|balance due|amount due|\bnet\b|\bnetto|итого|всего"
    r"|合计|总计|合計|総計|סה\W?כ|المجموع",
    re.IGNORECASE,
)
_FRACTION = re.compile(r"[.,]\d{1,2}$")


def amounts(text: str) -> list[int]:
    """Return the numbers of a text in hundredths, from the right."""
    return [_hundredths(found) for found in reversed(_AMOUNT.findall(text[:1_000]))][:MOST_COLUMNS]


def _hundredths(text: str) -> int:
    bare = text.strip("() -−–CR$€£¥₹₽₪")
    fraction = _FRACTION.search(bare)
    digits = "".join(filter(str.isdigit, bare))
    value = int(digits[:18] or 0) * (
        1 if fraction and len(fraction.group()) == 3 else 10 if fraction else 100
    )
    is_negative = text[0] in "-−–(" or text[-1] in "-R" or "-" in text[1:3]
    return -value if is_negative else value


def states_total(text: str) -> bool:
    """Return whether a line states the total of what stands above it."""
    return _TOTAL.search(text[:200]) is not None


def first_of_sum(lines: Lines, runs: Sequence[LineRun]) -> int | None:
    """Return the first row from which on all rows add up to the total below; None where none do."""
    rows = [(start, stop) for run in runs for start, stop in zip(run.starts, run.stops, strict=True)]
    totals = set(_totals(lines, rows[-1][1] - 1)) - {0} if len(rows) >= FEWEST_ROWS else set()
    if not totals:
        return None
    sums = [0] * MOST_COLUMNS
    columns, found = MOST_COLUMNS, None
    for at in range(len(rows) - 1, -1, -1):
        start, stop = rows[at]
        own = amounts(lines.source[lines.starts[start] : lines.ends[stop - 1]])
        columns = min(columns, len(own))
        if not columns:
            break
        for column in range(columns):
            sums[column] += own[column]
            if len(rows) - at >= FEWEST_ROWS and sums[column] in totals:
                found = at
    return found


def _totals(lines: Lines, last: int) -> Iterator[int]:
    for line in range(last + 1, min(len(lines), last + 1 + LINES_BELOW)):
        if states_total(lines[line]):
            yield from amounts(lines[line])
