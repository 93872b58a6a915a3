"""Whether several runs are parts of one list, or one of them is set apart from the list by its heading."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from structgen.longdoc.layout.headings import coarse_form, heading_above, heading_form
from structgen.longdoc.layout.line_runs import LineRun
from structgen.longdoc.layout.lines import Lines

_APART = re.compile(
    r"\b(?:compar\w+|previous|prior|preceding|last|former|past|earlier|old|older|histor\w+|archiv\w+|supersed\w+"
    r"|replaced|obsolete|cancel\w+|void\w*|reject\w+|declin\w+|exclud\w+|discontinued|withdrawn|not\s\w+"
    r"|examples?|samples?|specimen|template|illustrat\w+|draft|forecast|planned|plan|budget\w*|reference"
    r"|for information|(?:next|coming|following) (?:year|month|quarter|period|week)|expected"
    r"|vorjahr\w*|vormonat\w*|vergleich\w*|letzte\w*|beispiel\w*|muster\w*|storniert\w*|plan\w*"
    r"|précédent\w*|dernière?|comparai\w+|exemple|annulé\w*|пр[оe]шл\w+|предыдущ\w+|сравнен\w+|пример\w*"
    r"|anterior\w*|ejemplo|precedent\w*|esempio|confronto)\b"
    r"|去年|上年|上期|上月|对比|比較|比较|前年|前期|前月|参考|例|取消",
    re.IGNORECASE,
)

NEAR = 2
"""Lines above a run among which its own heading stands."""


def are_parts(lines: Lines, runs: Sequence[LineRun], apart: Collection[int]) -> bool:
    """Return whether all runs may be one list: under headings of one form, or going on over pages.

    A heading such as `Previous year` sets its run apart, and so does a heading above some runs only.
    """
    heads = _heads(lines, runs, apart)
    if any(head is not None and sets_apart(lines[head]) for head in heads):
        return False
    if len(runs) < 2:
        return True
    known = [head for head in heads if head is not None]
    forms = {coarse_form(heading_form(lines, head, apart) or "") for head in known}
    if len(known) == len(runs):
        return len(forms) == 1
    return all(_goes_on(lines, runs[at - 1], runs[at], heads[at - 1 : at + 1]) for at in range(1, len(runs)))


def sets_apart(heading: str) -> bool:
    """Return whether a heading says that what follows is of another time, an example, or left out."""
    return _APART.search(heading) is not None


def _heads(lines: Lines, runs: Sequence[LineRun], apart: Collection[int]) -> list[int | None]:
    heads, floor = [], 0
    for run in runs:
        heads.append(heading_above(lines, run.first, max(floor, run.first - NEAR), apart))
        floor = run.stop
    return heads


def _goes_on(lines: Lines, one: LineRun, other: LineRun, heads: Sequence[int | None]) -> bool:
    """Return whether a run goes on with the one before: on a new page, under the same heading or none."""
    turned = any(lines.breaks[at] for at in range(one.stop, min(other.first + 1, len(lines))))
    before, after = heads
    same = before is not None and after is not None and lines[before] == lines[after]
    return same or (turned and after is None)
