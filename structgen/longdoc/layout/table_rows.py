"""Which lines of a table are its header, its rows, parts of rows, and none of these."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from structgen.longdoc.layout.cell_counts import CellCounts, is_header
from structgen.longdoc.layout.cells import CellKind, cell_kind, columns_of, split_cells
from structgen.longdoc.layout.line_runs import LineRun
from structgen.longdoc.layout.line_words import is_note, is_rule, is_summary
from structgen.longdoc.layout.lines import Lines
from structgen.longdoc.layout.wrapped_keys import add_wrapped_keys

SAMPLE = 400
"""Rows that are looked at for what the columns of a table have."""
MAX_HEADER = 4
_KEYS: tuple[CellKind, ...] = ("date", "time", "number", "code")
_EMPHASIS = {ord(mark): None for mark in "*_` "}


@dataclass(frozen=True)
class Typical:
    """What most rows have: cells, dates, numbers."""

    filled: int
    dates: int
    numbers: int
    share: float
    """The share of the lines that are so."""
    keyed: bool = False
    """Whether the lines begin with a date, a number or a code in their first cell."""

    @classmethod
    def of(cls, lines: Lines, counts: CellCounts, body: array[int]) -> Typical:
        """Return what most lines have; of two that are as many, the one with more cells."""
        forms = Counter((counts.filled[at], counts.dates[at], counts.numbers[at]) for at in body)
        (filled, dates, numbers), _ = max(forms.items(), key=lambda form: (form[1], form[0]))
        alike = sum(n for form, n in forms.items() if form[1] == dates and form[2] >= numbers - 1)
        whole = [at for at in body if counts.filled[at] == filled][:SAMPLE]
        firsts = Counter(
            cell_kind(split_cells(counts.record(lines, at), counts.separator)[0]) for at in whole
        )
        keyed = sum(firsts[kind] for kind in _KEYS) >= 0.9 * len(whole)
        return cls(filled, dates, numbers, alike / max(1, len(body)), keyed)


def table_run(
    lines: Lines, counts: CellCounts, members: array[int], words: frozenset[str], apart: Collection[int] = ()
) -> LineRun | None:
    """Return the rows among the lines of a table; None where the lines are none."""
    head = _header_length(lines, counts, members, words)
    body = members[head:]
    if not body:
        return _empty_table(lines, counts, members, words) if head else None
    typical = Typical.of(lines, counts, body)
    header_texts = {lines[at].translate(_EMPHASIS) for at in members[:head]}
    run = LineRun(
        "table" if head or counts.separator in {"|", "\t", ";", ","} else "lines", members[0], members[-1] + 1
    )
    run.separator = counts.separator
    if head:
        run.header = (members[0], members[head - 1] + 1)
        run.titles = tuple(
            title
            for at in members[:head]
            for title in split_cells(counts.record(lines, at), counts.separator)
        )
    _sort_lines(lines, counts, body, header_texts, typical, run)
    if not run.starts:
        return None
    if counts.separator in {"  ", "\t"}:
        add_wrapped_keys(lines, counts, run)
        run.add_rests(lines, apart)
    _add_quoted(counts, run)
    run.columns = _columns(lines, counts, run, typical)
    run.quality = _alike(counts, run, typical)
    return run if _is_table(lines, counts, run, typical, bool(head)) else None


def _header_length(lines: Lines, counts: CellCounts, members: array[int], words: frozenset[str]) -> int:
    length = _captions(lines, counts, members, words)
    while (
        length < min(MAX_HEADER, len(members))
        and is_header(lines, counts, members[length], words)
        and (length == 0 or members[length] == members[length - 1] + 1)
    ):
        length += 1
        if members[length - 1] + 1 < len(lines) and is_rule(lines[members[length - 1] + 1]):
            break
    if length and length == len(members) and length > 1:
        return 1
    return length


def _captions(lines: Lines, counts: CellCounts, members: array[int], words: frozenset[str]) -> int:
    """Return 1 where the first line only says what is below several titles of the next one."""
    if len(members) < 3 or members[1] != members[0] + 1 or not counts.is_plain(members[0]):
        return 0
    return int(
        counts.filled[members[0]] < counts.filled[members[1]] and is_header(lines, counts, members[1], words)
    )


def _empty_table(
    lines: Lines, counts: CellCounts, members: array[int], words: frozenset[str]
) -> LineRun | None:
    titles = tuple(split_cells(lines[members[0]], counts.separator))
    run = LineRun("table", members[0], members[-1] + 1, header=(members[0], members[-1] + 1), titles=titles)
    return run if len(titles) >= 2 else None


def _sort_lines(
    lines: Lines,
    counts: CellCounts,
    body: array[int],
    header_texts: set[str],
    typical: Typical,
    run: LineRun,
) -> None:
    """Put each line among the rows, onto the row above it, or among the lines that are none."""
    for at in body:
        text = counts.record(lines, at)
        filled = counts.filled[at]
        if text.translate(_EMPHASIS) in header_texts or _is_none(text, counts, at, typical):
            run.skipped.append(at)
        elif run.stops and _is_rest(lines, counts, at, run.starts[-1], typical):
            run.stops[-1] = at + 1
        elif filled < 2 and typical.filled >= 2:
            run.skipped.append(at)
            if typical.filled == 2 and not is_note(text):
                run.doubts.append(at)
        else:
            valued = counts.dates[at] or counts.numbers[at] or not typical.dates + typical.numbers
            few = filled < typical.filled - 1 or counts.numbers[at] < typical.numbers - 1
            if few or not valued:
                run.doubts.append(at)
            run.add(at, at + 1)


def _add_quoted(counts: CellCounts, run: LineRun) -> None:
    """Let each row have the lines that its cells in quotes go on in."""
    for row, stop in enumerate(run.stops):
        while stop < len(counts.quoted) and counts.quoted[stop]:
            stop += 1
        run.stops[row] = stop
    run.stop = max(run.stop, run.stops[-1])


def _is_none(text: str, counts: CellCounts, at: int, typical: Typical) -> bool:
    whole = counts.filled[at] >= typical.filled and counts.dates[at] >= typical.dates
    cells = split_cells(text, counts.separator)
    named = next((cell for cell in cells if cell_kind(cell) in {"words", "code"}), "")
    if is_summary(named) and (not whole or (typical.filled <= 3 and len(named.split()) <= 3)):
        return True
    if typical.keyed and counts.filled[at] == 2 < typical.filled - 1 and not counts.dates[at]:
        first = next(cell for cell in cells if cell_kind(cell) != "empty")
        if counts.numbers[at] and cell_kind(first) == "words":  # a sum, whatever it is called
            return True
    return is_note(named) and counts.filled[at] < typical.filled


def _is_rest(lines: Lines, counts: CellCounts, at: int, row: int, typical: Typical) -> bool:
    """Return whether a line goes on with the row above: nothing in the first column, no date, no number."""
    if counts.filled[at] >= typical.filled or not typical.dates + typical.numbers:
        return False
    if counts.dates[at] or counts.numbers[at]:
        return False
    first_is_empty = not split_cells(counts.record(lines, at), counts.separator)[0] or lines[at].startswith(
        "|  "
    )
    return first_is_empty or lines.indents[at] > lines.indents[row]


def _alike(counts: CellCounts, run: LineRun, typical: Typical) -> float:
    """Return the share of the rows that have the dates and all but one of the numbers of most rows."""
    alike = sum(
        counts.dates[at] == typical.dates and counts.numbers[at] >= typical.numbers - 1 for at in run.starts
    )
    return alike / len(run.starts)


def _columns(lines: Lines, counts: CellCounts, run: LineRun, typical: Typical) -> list[Counter[CellKind]]:
    columns: list[Counter[CellKind]] = []
    step = max(1, len(run.starts) // SAMPLE)
    for at in run.starts[::step]:
        if counts.filled[at] != typical.filled:
            continue
        cells = split_cells(counts.record(lines, at), counts.separator)
        if len(columns) < len(cells):
            columns += [Counter() for _ in range(len(cells) - len(columns))]
        for column, cell in zip(columns, cells, strict=False):
            column[cell_kind(cell)] += 1
    return columns


def _is_table(lines: Lines, counts: CellCounts, run: LineRun, typical: Typical, head: bool) -> bool:
    """Return whether the rows are alike enough to be a table."""
    rows = len(run.starts)
    if counts.separator == "|":
        return True
    if counts.separator == "\t":
        return head or rows >= 2
    if counts.separator == "  ":
        aligned = _alignment(lines, counts, run, typical)
        return aligned >= 0.7 if rows > 1 else head
    if counts.separator in {"&", " / "}:
        return rows >= 2 and (head or typical.share >= 0.9) and typical.filled >= 2
    spaced = sum(f"{counts.separator} " in lines[at] for at in run.starts[:SAMPLE]) / min(rows, SAMPLE)
    if spaced < 0.5 and head:
        return True
    enough = rows >= 3 and (typical.filled >= 3 or spaced < 0.5) and typical.share >= 0.9
    return enough and bool(typical.dates + typical.numbers)


def _alignment(lines: Lines, counts: CellCounts, run: LineRun, typical: Typical) -> float:
    """Return the share of cells whose left or right edge is where most rows have it, averaged by column."""
    lefts: list[Counter[int]] = [Counter() for _ in range(typical.filled)]
    rights: list[Counter[int]] = [Counter() for _ in range(typical.filled)]
    sampled = 0
    step = max(1, len(run.starts) // SAMPLE)
    for at in run.starts[::step]:
        if counts.filled[at] != typical.filled:
            continue
        sampled += 1
        indent = lines.indents[at]
        for (left, right, _), edges, ends in zip(columns_of(lines[at]), lefts, rights, strict=False):
            edges[left + indent] += 1
            ends[right + indent] += 1
    if not sampled or not lefts:
        return 0.0
    best = [
        max(max(edges.values(), default=0), max(ends.values(), default=0))
        for edges, ends in zip(lefts, rights, strict=True)
    ]
    return sum(best) / (sampled * len(best))
