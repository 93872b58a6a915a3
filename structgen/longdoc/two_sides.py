"""Tables with two lists side by side, such as debits and credits: each row of lines has one row of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from structgen.longdoc.layout.cells import Separator, cell_kind, columns_of, split_cells
from structgen.longdoc.layout.line_runs import LineRun
from structgen.longdoc.layout.line_words import is_note, is_rule, is_summary
from structgen.longdoc.layout.lines import Lines
from structgen.longdoc.layout.titles import title_words
from structgen.longdoc.list_matching import Matcher
from structgen.longdoc.lists import ListSpec

FEWEST_TITLES = 4
MAX_TITLES = 24
Cells = list[tuple[int, int, str]]
"""The places of cells as characters of the line, and their texts."""
_MARKS: dict[str, Separator] = {"|": "|", "\t": "\t", ";": ";", ",": ","}


def two_sides(matcher: Matcher, run: LineRun, specs: Sequence[ListSpec]) -> tuple[LineRun, LineRun] | None:
    """Return the left and the right part of a table if each has the titles of another list."""
    if len(specs) < 2 or run.kind != "table" or not run.header:
        return None
    lines, head = matcher.lines, run.header[1] - 1
    titles = _cells(lines, head, run)
    if not FEWEST_TITLES <= len(titles) <= MAX_TITLES:
        return None
    for cut in range(2, len(titles) - 1):
        left, right = titles[:cut], titles[cut:]
        owners = _owners(matcher, run, specs, (left, right))
        if owners is not None:
            parts = _parts(lines, run, left, right)
            for part, owner in zip(parts, owners, strict=True):
                part.owner = owner.pointer
            if all(
                part.starts and matcher.match(part, own).is_sure
                for part, own in zip(parts, owners, strict=True)
            ):
                return parts
    return None


def _cells(lines: Lines, line: int, run: LineRun) -> Cells:
    """Return the cells of a line; empty ones have places only where separators mark them."""
    text = lines[line]
    if run.separator not in _MARKS:
        indent = lines.indents[line]
        return [(first + indent, last + indent, cell) for first, last, cell in columns_of(text)]
    cells, start = [], 0
    for cell in split_cells(text, _MARKS[run.separator]):
        at = text.find(cell, start)
        place = at if at >= 0 else start
        cells.append((place, place + len(cell), cell))
        start = text.find(run.separator, place + len(cell)) + 1 or len(text)
    return cells


def _owners(
    matcher: Matcher, run: LineRun, specs: Sequence[ListSpec], sides: tuple[Cells, Cells]
) -> tuple[ListSpec, ListSpec] | None:
    """Return the lists that the titles of each side name: by their fields, or else by the lists' names."""
    shares = [[named_share(tuple(title for _, _, title in side), spec) for spec in specs] for side in sides]
    fitting = [[spec for spec, share in zip(specs, each, strict=True) if share >= 1] for each in shares]
    captions = _captions(matcher.lines, run, sides)
    chosen = []
    for own, words, others in zip(fitting, captions, captions[::-1], strict=True):
        called = [spec for spec in own if _name(spec) & words and not _name(spec) & others]
        left = called if len(own) > 1 else own
        if len(left) != 1:
            return None
        chosen.append(left[0])
    return (chosen[0], chosen[1]) if chosen[0] is not chosen[1] else None


def named_share(titles: tuple[str, ...], spec: ListSpec) -> float:
    """Return the share of the fields whose words are among those of a title; 0 with titles to spare."""
    words = [title_words(title) for title in titles]
    if len(titles) > len(spec.fields) + 1:
        return 0.0
    return sum(any(title_words(field.name) & each for each in words) for field in spec.fields) / len(
        spec.fields
    )


def _name(spec: ListSpec) -> frozenset[str]:
    return title_words(" ".join(map(str, spec.path[-1:])))


def _captions(
    lines: Lines, run: LineRun, sides: tuple[Cells, Cells]
) -> tuple[frozenset[str], frozenset[str]]:
    """Return the words above each side, and in its titles."""
    head = run.header[1] - 1 if run.header else 0
    words = [" ".join(title for _, _, title in side) for side in sides]
    above = _cells(lines, head - 1, run) if head and not is_rule(lines[head - 1]) else []
    marked = run.separator in _MARKS
    edge = len(sides[0]) if marked else sides[1][0][0] - 1
    filled = [(at if marked else place, text) for at, (place, _, text) in enumerate(above) if text]
    for place, text in filled if len(filled) > 1 else []:
        words[place >= edge] += f" {text}"
    return [title_words(text) for text in words]


def _parts(lines: Lines, run: LineRun, left: Cells, right: Cells) -> tuple[LineRun, LineRun]:
    parts = []
    for titles in (left, right):
        names = tuple(title for _, _, title in titles)
        parts.append(
            LineRun("table", run.first, run.stop, header=run.header, titles=names, separator=run.separator)
        )
    edge, cut = right[0][0], len(left)
    header = run.header[1] if run.header else run.first
    for at in range(header, len(lines)):
        text = lines[at]
        if at >= run.stop and (lines.is_apart(at) or "  " not in text + " " * lines.indents[at]):
            break
        if is_rule(text) or text == lines[header - 1]:
            continue
        cells = _cells(lines, at, run)
        split = (
            cut if run.separator in _MARKS else sum(last <= edge or first < edge for first, last, _ in cells)
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
