"""Tables whose titles and cells stand on a line each: kinds of values that come again every so many lines."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from structgen.longdoc.layout.anchors import label_of
from structgen.longdoc.layout.cells import CellKind, cell_kind
from structgen.longdoc.layout.entry_rows import value_columns
from structgen.longdoc.layout.line_runs import LineRun
from structgen.longdoc.layout.line_words import is_note, is_page_number, is_rule, is_summary
from structgen.longdoc.layout.lines import Lines
from structgen.longdoc.layout.titles import title_words

LONGEST_CELL = 80
MOST_COLUMNS = 12
MAX_TITLES = 2 * MOST_COLUMNS
"""Lines of titles, some of which go over two lines."""
COMPARED = 150
"""Cells that tell the period."""
MORE_BORNE_OUT = 0.15
"""How much more cells must bear out a longer period: a row that lacks a cell makes one by chance."""
MAX_TRIED = 2_000
"""Lines of titles of a text that are tried."""
Kinds = list[CellKind]


class _Cells:
    """The lines below titles that may be cells, and their kinds, read as far as asked for.

    Lines of pages and titles that come again are left out; a sum, a note or a line of prose ends them.
    """

    def __init__(self, lines: Lines, block: tuple[int, int], apart: Collection[int]) -> None:
        self.places: array[int] = array("q")
        self.kinds: Kinds = []
        self._lines, self._apart, self._next = lines, apart, block[1]
        self._titles = set(lines.texts(*block))

    def read(self, number: int) -> None:
        """Read on until there are so many cells, if the text has them."""
        while len(self.kinds) < number and self._next < len(self._lines):
            text = self._lines[self._next]
            if not (
                self._next in self._apart or text in self._titles or is_page_number(text) or is_rule(text)
            ):
                if not _is_cell(self._lines, self._next) or is_summary(text) or is_note(text):
                    self._next = len(self._lines)
                    return
                self.places.append(self._next)
                self.kinds.append(_kind(text))
            self._next += 1


def cell_tables(lines: Lines, apart: Collection[int], words: frozenset[str]) -> Iterator[LineRun]:
    """Yield the tables with a cell on each line, below their titles."""
    line, tried = 0, 0
    while line < len(lines) and tried < MAX_TRIED:
        stop = line
        while stop < len(lines) and stop not in apart and _is_title(lines, stop):
            stop += 1
        run = None
        if stop - line >= 2 and stop < len(lines) and _is_cell(lines, stop):
            tried += 1
            run = _table(lines, (max(line, stop - MAX_TITLES), stop), apart, words)
        if run is not None:
            yield run
        line = max(stop + 1, run.stop if run else 0)


def _is_cell(lines: Lines, line: int) -> bool:
    """Return whether a line may be a single cell: short, without separators, and no label with its value."""
    if lines.ends[line] - lines.starts[line] > LONGEST_CELL:
        return False
    text = lines[line]
    if "\t" in text or "|" in text or "  " in text:
        return False
    return text.endswith((":", "：")) or label_of(text) is None


def _is_title(lines: Lines, line: int) -> bool:
    return (
        _is_cell(lines, line) and cell_kind(lines[line]) == "words" and not any(map(str.isdigit, lines[line]))
    )


def _kind(text: str) -> CellKind:
    kind = cell_kind(text)
    return "words" if kind == "empty" else kind


def _table(
    lines: Lines, block: tuple[int, int], apart: Collection[int], words: frozenset[str]
) -> LineRun | None:
    """Return the rows below titles; the first cells may be words as well, and look like titles."""
    named = [at for at in range(*block) if title_words(lines[at]) & words]
    best: tuple[int, LineRun] | None = None
    for stop in range(block[1], max(block[0], block[1] - 4), -1):
        if named and stop <= named[-1]:
            break
        run = _rows(lines, (block[0], stop), named, apart)
        if run is not None and (best is None or len(run.starts) - len(run.doubts) > best[0]):
            best = len(run.starts) - len(run.doubts), run
    return best[1] if best else None


def _rows(
    lines: Lines, block: tuple[int, int], named: Sequence[int], apart: Collection[int]
) -> LineRun | None:
    first = block[1]
    if first < len(lines) and _kind(lines[first]) == "words" and len(named) < 2:
        return None
    cells = _Cells(lines, block, apart)
    cells.read(COMPARED)
    period = _period(cells.kinds)
    if period is None or period > block[1] - block[0]:
        return None
    pattern = _pattern(cells.kinds, period)
    if len(set(pattern)) < 2 and pattern[0] == "words":
        return None
    head = (max(block[0], block[1] - period), block[1])
    if named:
        head = (named[0], block[1]) if named[0] > block[1] - MAX_TITLES else head
    run = LineRun("table", head[0], first, kind="cells", header=head, titles=tuple(lines.texts(*head)))
    _add_rows(lines, cells, pattern, run)
    if len(run.starts) < 2 and (not run.starts or len(named) < 2):
        return None
    run.stop = run.stops[-1]
    run.columns = value_columns(lines, run)
    run.quality = (len(run.starts) - len(run.doubts)) / len(run.starts)
    if head[1] - head[0] != period:
        run.doubts.append(head[0])
    return run if run.quality >= 0.5 else None


def _period(kinds: Kinds) -> int | None:
    """Return the number of cells after which kinds come again: the shortest one that most cells bear out."""
    kinds = kinds[:COMPARED]
    best, period = 0.0, None
    for size in range(2, min(MOST_COLUMNS, len(kinds)) + 1):
        pairs = len(kinds) - size
        if pairs < 1:
            if period is None:
                period = size
            break
        share = sum(a == b for a, b in zip(kinds, kinds[size:], strict=False)) / pairs
        if share > best + MORE_BORNE_OUT:
            best, period = share, size
    return period if best >= 0.6 or (period is not None and len(kinds) == period) else None


def _pattern(kinds: Kinds, period: int) -> Kinds:
    """Return the kinds of a row: those that most rows have from the first cell on."""
    rows = [tuple(kinds[at : at + period]) for at in range(0, len(kinds) - period + 1, period)]
    first = [row for row in rows if row[0] == kinds[0]] or rows
    return list(Counter(first).most_common(1)[0][0])


def _add_rows(lines: Lines, cells: _Cells, pattern: Kinds, run: LineRun) -> None:
    kinds, places, period = cells.kinds, cells.places, len(pattern)
    at = 0
    while True:
        cells.read(at + 4 * period)
        if at >= len(kinds):
            break
        size = period if _fits(kinds[at : at + period], pattern) else _unusual(kinds, at, pattern)
        if size is None:
            break
        if size != period or not _fits(kinds[at : at + period], pattern):
            run.doubts.append(places[at])
        start, stop = places[at], places[at + size - 1] + 1
        run.add(start, stop)
        at += size
    if run.starts:
        inside = {line for a, b in zip(run.starts, run.stops, strict=True) for line in range(a, b)}
        run.skipped.extend(line for line in range(run.starts[0], run.stops[-1]) if line not in inside)
        after = run.stops[-1]
        if at < len(kinds) and places[at] == after and not lines.is_apart(after):
            run.doubts.append(after)


def _fits(kinds: Kinds, pattern: Kinds) -> bool:
    """Return whether cells have the kinds of a row; words may be a code."""
    return len(kinds) == len(pattern) and all(
        kind == own or {kind, own} == {"words", "code"} for kind, own in zip(kinds, pattern, strict=True)
    )


def _unusual(kinds: Kinds, at: int, pattern: Kinds) -> int | None:
    """Return the number of cells of a row that lacks some, or has some over several lines."""
    period = len(pattern)
    for change in range(1, period + 1):
        for size in (period - change, period + change):
            if not 1 < size <= len(kinds) - at or not _may_be_row(kinds[at : at + size], pattern):
                continue
            after = at + size
            if after == len(kinds) or _fits(kinds[after : after + period], pattern):
                return size
    for size in range(period - 1, period + 2):  # two unusual rows in succession
        if 1 < size <= len(kinds) - at and _may_be_row(kinds[at : at + size], pattern):
            after = at + size
            for second in (period - 1, period, period + 1):
                if _fits(kinds[after + second : after + second + period], pattern) and _may_be_row(
                    kinds[after : after + second], pattern
                ):
                    return size
    return None


def _may_be_row(kinds: Kinds, pattern: Kinds) -> bool:
    """Return whether cells are in the order of the columns, some left out, and words over several lines."""
    column = 0
    for kind in kinds:
        ahead = column
        while ahead < len(pattern) and not _is_like(kind, pattern[ahead]):
            ahead += 1
        if ahead < len(pattern):
            column = ahead + 1
        elif kind != "words" or column == 0:
            return False
    return _is_like(kinds[0], pattern[0])


def _is_like(kind: CellKind, column: CellKind) -> bool:
    return kind == column or {kind, column} == {"words", "code"}
