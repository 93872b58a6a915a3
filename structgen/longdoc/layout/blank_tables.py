"""Tables whose cells are one blank apart, as in the text of PDF files: lines of one shape."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from structgen.longdoc.layout.amounts import first_of_sum
from structgen.longdoc.layout.cells import CellKind
from structgen.longdoc.layout.entry_rows import value_columns
from structgen.longdoc.layout.line_runs import LineRun
from structgen.longdoc.layout.line_shapes import LineShape, line_shapes
from structgen.longdoc.layout.line_words import is_note, is_rule, is_summary
from structgen.longdoc.layout.lines import Lines
from structgen.longdoc.layout.stacked_titles import is_title_line, titles_above

MAX_STRANGE = 3
"""Lines without values between two rows: the rest of a cell, the heading of a group."""
SHARE_OF_WRAPPED = 0.2
"""Share of the rows with lines right below them from which on these are the rest of the row."""
FEWEST = 3
"""Rows of a table without a header."""
MAX_TOTALS, MAX_SUMMED = 8, 2_000
"""Totals of a group of lines that are tried, and lines above each that may add up to it."""
MAX_EDGE = 6
"""Lines with values at either end of a group that may be no rows."""
MOST_COMPARED = 3
"""Values at the end of a line whose kinds are compared."""
Shapes = Sequence[LineShape | None]


def blank_tables(lines: Lines, apart: Collection[int], words: frozenset[str]) -> Iterator[LineRun]:
    """Yield the tables of cells one blank apart, with or without a header that has words of the fields."""
    shapes = line_shapes(lines, apart)
    for members in _groups(lines, shapes, apart, words):
        run = _run(lines, shapes, members, apart, words)
        if run is not None:
            yield run


def _groups(
    lines: Lines, shapes: Shapes, apart: Collection[int], words: frozenset[str]
) -> Iterator[array[int]]:
    """Yield the lines with values that stand near each other; a header begins a new table."""
    members: array[int] = array("q")
    strange, head = 0, ""
    for line, shape in enumerate(shapes):
        if shape is not None:
            members.append(line)
            strange = 0
            continue
        text = lines[line]
        if line in apart or is_rule(text) or is_summary(text) or is_note(text):
            continue
        strange += 1
        is_head = is_title_line(text, words)
        if members and (strange > MAX_STRANGE or (is_head and text != head)):
            yield members
            members = array("q")
        head = text if is_head else head
    if members:
        yield members


def _run(
    lines: Lines, shapes: Shapes, members: array[int], apart: Collection[int], words: frozenset[str]
) -> LineRun | None:
    header = titles_above(lines, members[0], words, apart)
    if header is None:
        members = _summed(lines, members) or _core(shapes, _without_edges(members))
    lead, values = _usual(shapes, members)
    if (lead == "words" and not values) or (not header and not values and lead != "date"):
        return None
    run = LineRun(
        "table" if header else "lines", header[0] if header else members[0], members[-1] + 1, kind="blanks"
    )
    run.header = header
    if header:
        run.titles = tuple(word for text in lines.texts(*header) for word in text.split())
    alike = _add_rows(shapes, members, lead, values, run)
    if lead == "words" and len(values) == 1:
        run.doubts.extend(at for at in run.starts if _is_at_edge(lines, at, apart))
    if len(run.starts) < (1 if header else FEWEST):
        return None
    _add_rests(lines, run, apart)
    run.stop = max(run.stops[-1], run.stop)
    run.columns = value_columns(lines, run)
    run.quality = alike / len(members)
    return run if run.quality >= 0.5 else None


def _summed(lines: Lines, members: array[int]) -> array[int] | None:
    """Return the lines that add up to a total among or below them; None where none do."""
    best: array[int] | None = None
    totals = [at for at in range(members[0], min(len(lines), members[-1] + 3)) if is_summary(lines[at])]
    for total in totals[:MAX_TOTALS]:
        part = members[max(0, bisect_left(members, total) - MAX_SUMMED) : bisect_left(members, total)]
        if not part or part[-1] < total - MAX_STRANGE:
            continue
        run = LineRun("lines", part[0], part[-1] + 1, part, array("q", (at + 1 for at in part)))
        first = first_of_sum(lines, [run])
        if first is not None and (best is None or len(part) - first > len(best)):
            best = part[first:]
    return best


def _core(shapes: Shapes, members: array[int]) -> array[int]:
    """Return the lines from the first to the last of the usual shape, if others have far fewer values."""
    own = [shape for at in members if (shape := shapes[at]) is not None]
    (lead, size), count = Counter((shape.lead, len(shape.values)) for shape in own).most_common(1)[0]
    if count < FEWEST or size < 2:
        return members
    alike = [at for at, shape in enumerate(own) if (shape.lead, len(shape.values)) == (lead, size)]
    inside = range(alike[0], alike[-1] + 1)
    others = (shape for at, shape in enumerate(own) if at not in inside)
    if any(shape.lead == lead and 2 * len(shape.values) > size for shape in others):
        return members
    return members[inside.start : inside.stop]


def _without_edges(members: array[int]) -> array[int]:
    """Leave out lines at both ends that others part from the rows, where most rows are not parted."""
    gaps = [after - line > 1 for line, after in pairwise(members)]
    if sum(gaps) > SHARE_OF_WRAPPED * len(gaps):
        return members
    edge = min(MAX_EDGE, len(members) // 3)
    first = max((at + 1 for at in range(edge) if gaps[at]), default=0)
    last = min((at for at in range(len(gaps) - edge, len(gaps)) if gaps[at]), default=len(gaps))
    return members[first : last + 1]


def _usual(shapes: Shapes, members: Sequence[int]) -> tuple[CellKind, tuple[CellKind, ...]]:
    """Return how most lines begin, and the kinds of the values that nine of ten of these end with."""
    own = [shape for at in members if (shape := shapes[at]) is not None]
    lead = Counter(shape.lead for shape in own).most_common(1)[0][0]
    own = [shape for shape in own if shape.lead == lead]
    size = min(MOST_COMPARED, sorted(len(shape.values) for shape in own)[len(own) // 10])
    ends = Counter(shape.values[len(shape.values) - size :] for shape in own if len(shape.values) >= size)
    return lead, ends.most_common(1)[0][0]


def _add_rows(
    shapes: Shapes, members: Sequence[int], lead: CellKind, values: tuple[CellKind, ...], run: LineRun
) -> int:
    """Add the rows, those over two lines as well; return how many lines are as most are."""
    alike, open_row = 0, -1
    for at in members:
        shape = shapes[at]
        if shape is None:
            continue
        begins, ends = shape.lead == lead, shape.ends_like(values)
        if begins and ends:
            run.add(at, at + 1)
            alike += 1
            open_row = -1
        elif begins and lead != "words":
            run.add(at, at + 1)
            open_row = at
            run.doubts.append(at)
        elif ends and 0 <= open_row >= at - MAX_STRANGE:
            run.stops[-1] = at + 1
            alike += 2
            open_row = -1
            run.doubts.pop()
        elif ends and values and shape.has_words and lead in {"words", "code"} and shape.lead != "date":
            run.add(at, at + 1)
            run.doubts.append(at)
        else:
            run.skipped.append(at)
            if run.starts:
                run.doubts.append(at)
    return alike


def _is_at_edge(lines: Lines, line: int, apart: Collection[int]) -> bool:
    """Return whether a line stands beside the end of a page: words and a number may be a footer there."""
    return line + 1 in apart or line - 1 in apart or any(lines.breaks[line : line + 2])


def _add_rests(lines: Lines, run: LineRun, apart: Collection[int]) -> None:
    """Give each row the lines right below it where many rows have such lines."""
    rests = []
    for row, stop in enumerate(run.stops):
        bound = run.starts[row + 1] if row + 1 < len(run.starts) else min(len(lines), stop + 1)
        at = stop
        while at < min(bound, stop + MAX_STRANGE) and not (
            at in apart
            or lines.is_apart(at)
            or is_summary(lines[at])
            or is_note(lines[at])
            or is_rule(lines[at])
        ):
            at += 1
        rests.append(at)
    wrapped = sum(rest > stop for rest, stop in zip(rests[:-1], run.stops, strict=False))
    if wrapped >= SHARE_OF_WRAPPED * len(run.starts):
        run.stops = array("q", [*rests[:-1], run.stops[-1]])
    inside = {at for start, stop in zip(run.starts, run.stops, strict=True) for at in range(start, stop)}
    between = (at for at in range(run.starts[0], run.stops[-1]) if at not in inside)
    run.skipped = array("q", sorted({*run.skipped, *between}))
