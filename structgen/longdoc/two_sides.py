"""Tables with two lists side by side, such as debits and credits: each row of lines has one row of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from structgen.longdoc.layout.cells import cell_kind
from structgen.longdoc.layout.line_runs import LineRun
from structgen.longdoc.layout.line_words import is_note, is_rule, is_summary
from structgen.longdoc.layout.lines import Lines
from structgen.longdoc.layout.titles import title_words
from structgen.longdoc.list_matching import Matcher
from structgen.longdoc.lists import ListSpec
from structgen.longdoc.side_cells import MARKS, Cells, cells_of, list_name, whole_row

FEWEST_TITLES = 4
MAX_TITLES = 24
TRIED_LINES = 40
"""Lines below the header that tell where the sides part."""
CAPTION_LINES = 3


def two_sides(matcher: Matcher, run: LineRun, specs: Sequence[ListSpec]) -> tuple[LineRun, LineRun] | None:
    """Return the left and the right part of a table if they can be no rows but those of two lists."""
    if len(specs) < 2 or run.kind != "table" or not run.header or len(run.starts) < 1:
        return None
    head = run.header[1] - 1
    titles = cells_of(matcher.lines, head, run)
    if not FEWEST_TITLES <= len(titles) <= MAX_TITLES:
        return None
    best: tuple[float, int, tuple[ListSpec, ListSpec]] | None = None
    for cut in range(2, len(titles) - 1):
        trial = _parts(matcher.lines, run, titles[:cut], titles[cut:], TRIED_LINES)
        captions = _captions(matcher.lines, run, (titles[:cut], titles[cut:]))
        owners = _owners(matcher, trial, specs, captions)
        if owners is not None:
            worth = sum(
                matcher.columns_match(part, own).score for part, own in zip(trial, owners, strict=True)
            )
            best = max(best, (worth, cut, owners), key=lambda each: each[0]) if best else (worth, cut, owners)
    if best is None:
        return None
    parts = _parts(matcher.lines, run, titles[: best[1]], titles[best[1] :], len(matcher.lines))
    for part, owner in zip(parts, best[2], strict=True):
        part.owner = owner.pointer
    return parts if all(part.starts for part in parts) else None


def _owners(
    matcher: Matcher,
    parts: tuple[LineRun, LineRun],
    specs: Sequence[ListSpec],
    captions: Sequence[frozenset[str]],
) -> tuple[ListSpec, ListSpec] | None:
    """Return the lists of both sides: by what the columns are, or else by the names above them."""
    chosen = []
    for part, words, others in zip(parts, captions, captions[::-1], strict=True):
        own = [spec for spec in specs if part.starts and matcher.columns_match(part, spec).is_sure]
        called = [spec for spec in own if list_name(spec) & words and not list_name(spec) & others]
        own = called if len(own) > 1 else own
        if len(own) != 1:
            return None
        chosen.append(own[0])
    return (chosen[0], chosen[1]) if chosen[0] is not chosen[1] else None


def _captions(lines: Lines, run: LineRun, sides: tuple[Cells, Cells]) -> list[frozenset[str]]:
    """Return the words above each side, and in its titles."""
    head = run.header[1] - 1 if run.header else 0
    words = [" ".join(title for _, _, title in side) for side in sides]
    marked = run.separator in MARKS
    edge = len(sides[0]) if marked else sides[1][0][0] - 1
    for line in range(head - 1, max(-1, head - 1 - CAPTION_LINES), -1):
        above = [] if is_rule(lines[line]) else cells_of(lines, line, run)
        filled = [(at if marked else place, text) for at, (place, _, text) in enumerate(above) if text]
        if len(filled) > 1:
            for place, text in filled:
                words[place >= edge] += f" {text}"
            break
    return [title_words(text) for text in words]


def _parts(lines: Lines, run: LineRun, left: Cells, right: Cells, size: int) -> tuple[LineRun, LineRun]:
    """Return the rows of both sides, of so many lines at most."""
    parts = []
    for titles in (left, right):
        names = tuple(title for _, _, title in titles)
        parts.append(
            LineRun("table", run.first, run.stop, header=run.header, titles=names, separator=run.separator)
        )
    edge, cut = right[0][0], len(left)
    header = run.header[1] if run.header else run.first
    for at in range(header, min(header + size, len(lines))):
        text = lines[at]
        if at >= run.stop and (lines.is_apart(at) or "  " not in text + " " * lines.indents[at]):
            break
        if is_rule(text) or text == lines[header - 1]:
            continue
        cells = whole_row(cells_of(lines, at, run), len(left) + len(right), lines, at, run)
        split = (
            cut if run.separator in MARKS else sum(last <= edge or first < edge for first, last, _ in cells)
        )
        for part, own in zip(parts, (cells[:split], cells[split:]), strict=True):
            _add(lines, part, at, [cell for cell in own if cell[2]])
        for part in parts:
            part.stop = max(part.stop, at + 1)
    return parts[0], parts[1]


def _add(lines: Lines, part: LineRun, at: int, cells: Cells) -> None:
    """Add the cells of a line to a side, as a row with places of its own."""
    if not cells:
        return
    if is_summary(cells[0][2]) or is_note(cells[0][2]):
        return
    if 2 * len(cells) < len(part.titles):
        part.doubts.append(at)
    text, start = lines[at], lines.starts[at]
    first = text.find(cells[0][2])
    last = text.rfind(cells[-1][2]) + len(cells[-1][2])
    part.add(at, at + 1)
    part.places.extend((start + first, start + last))
    if len(cells) == len(part.titles):
        part.columns = part.columns or [Counter() for _ in part.titles]
        for column, (_, _, cell) in zip(part.columns, cells, strict=True):
            column[cell_kind(cell)] += 1
