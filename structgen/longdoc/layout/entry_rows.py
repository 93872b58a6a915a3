"""The rows of entries that begin alike: where each ends, and whether they are alike."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection, Sequence

from structgen.longdoc.layout.anchors import label_of, labels_of, values_of
from structgen.longdoc.layout.cells import CellKind
from structgen.longdoc.layout.line_runs import LineRun
from structgen.longdoc.layout.line_words import is_note, is_rule, is_summary
from structgen.longdoc.layout.lines import Lines
from structgen.longdoc.layout.titles import title_words

SAMPLE = 300
MAX_LINES = 40
"""Lines of an entry."""
PROSE_WORDS = 6
"""Words of a line from which on it is a sentence where a full stop ends it."""


def entry_run(
    lines: Lines, anchors: array[int], kind: str, form: str, apart: Collection[int]
) -> LineRun | None:
    """Return the entries that begin at lines; None where they are too unlike."""
    if kind == "paragraph":
        anchors = _alike_paragraphs(lines, anchors)
        if len(anchors) < 2:
            return None
    lengths = _lengths(lines, anchors, apart)
    usual = Counter(lengths).most_common(1)[0][0]
    run = LineRun("entries" if kind != "code" else "lines", anchors[0], anchors[-1] + 1)
    last = len(anchors) - 1
    for row, start in enumerate(anchors):
        length = lengths[row]
        if row == last or usual == 1:
            length = (
                min(length, max(lengths[:-1], default=length)) if usual > 1 else _deeper(lines, start, length)
            )
        run.add(start, start + length)
    run.stop = run.stops[-1]
    _skip_between(lines, run)
    run.kind = kind
    run.quality = _alikeness(lines, run, kind)
    run.titles = _titles(lines, run, kind)
    run.columns = value_columns(lines, run)
    if len(run.starts) > 2 and len(run.columns) > 1 and not any(_row_values(lines, run, 0)):
        run.header = run.starts[0], run.stops[0]
        run.titles = tuple(lines.texts(*run.header))
        del run.starts[0], run.stops[0]
    return run if run.quality >= (0.8 if kind in {"inner", "frame"} else 0.5) else None


def _alike_paragraphs(lines: Lines, anchors: array[int]) -> array[int]:
    """Return the paragraphs but prose, and those at both ends that are indented or labelled unlike most."""

    def form(line: int) -> tuple[object, ...]:
        return tuple(
            (lines.indents[at], label_of(lines[at]) is not None)
            for at in range(line, min(line + 3, len(lines)))
            if at == line or not lines.is_apart(at)
        )

    anchors = array("q", (line for line in anchors if not _is_prose(lines, line)))
    if not anchors:
        return anchors
    usual = Counter(map(form, anchors)).most_common(1)[0][0]
    if label_of(lines[anchors[0]]) is not None and usual[0] == form(anchors[0])[0]:
        return anchors[:0]
    first, last = 0, len(anchors)
    while first < last and form(anchors[first]) != usual:
        first += 1
    while last > first and form(anchors[last - 1]) != usual:
        last -= 1
    return anchors[first:last]


def _is_prose(lines: Lines, line: int) -> bool:
    """Return whether a paragraph's first two lines are sentences, one a line."""
    texts = lines.texts(line, min(line + 2, len(lines)))
    return all(text.endswith((".", "!", "?", "。")) and len(text.split()) >= PROSE_WORDS for text in texts)


def _lengths(lines: Lines, anchors: array[int], apart: Collection[int]) -> array[int]:
    """Return the lines of each entry: those up to an empty line, a rule, a sum, or the next entry."""
    lengths: array[int] = array("q")
    sums = _sums_of_entries(lines, anchors)
    for row, start in enumerate(anchors):
        bound = anchors[row + 1] if row + 1 < len(anchors) else min(len(lines), start + MAX_LINES)
        at = start + 1
        while at < bound and not _ends_entry(lines, at, start, apart, sums):
            at += 1
        lengths.append(at - start)
    return lengths


def _sums_of_entries(lines: Lines, anchors: array[int]) -> frozenset[str]:
    """Return the first words of lines like sums that stand in most entries: these are fields of them."""
    firsts: Counter[str] = Counter()
    for row, start in enumerate(anchors[:SAMPLE]):
        bound = anchors[row + 1] if row + 1 < len(anchors) else min(len(lines), start + MAX_LINES)
        texts = lines.texts(start + 1, min(bound, start + MAX_LINES))
        firsts.update({text.split()[0] for text in texts if is_summary(text)})
    return frozenset(word for word, number in firsts.items() if 2 * number > len(anchors[:SAMPLE]) > 2)


def _ends_entry(lines: Lines, at: int, start: int, apart: Collection[int], sums: frozenset[str]) -> bool:
    if at in apart or lines.indents[at] < lines.indents[start]:
        return True
    if lines.indents[at] == lines.indents[start] and lines.is_apart(at):
        return True
    text = lines[at]
    if is_rule(text):
        return True
    return lines.indents[at] == lines.indents[start] and is_summary(text) and text.split()[0] not in sums


def _deeper(lines: Lines, start: int, length: int) -> int:
    """Return the lines of an entry that are deeper than its first one."""
    at = start + 1
    while at < start + length and lines.indents[at] > lines.indents[start] and not is_note(lines[at]):
        at += 1
    return at - start


def _skip_between(lines: Lines, run: LineRun) -> None:
    for row in range(len(run.starts) - 1):
        run.skipped.extend(range(run.stops[row], run.starts[row + 1]))


def _alikeness(lines: Lines, run: LineRun, kind: str) -> float:
    """Return the share of the rows that have the same number of lines, or the same labels."""
    rows = len(run.starts)
    if kind == "label":
        forms = Counter(
            tuple(labels_of(lines.source[lines.starts[start] : lines.ends[stop - 1]][:2_000]))
            for start, stop in zip(run.starts, run.stops, strict=True)
        )
        common = set(forms.most_common(1)[0][0])
        if len(common) < 2:
            return 0.0
        alike = sum(n for form, n in forms.items() if len(common.intersection(form)) >= 0.7 * len(common))
        return alike / rows
    covered = sum(stop - start for start, stop in zip(run.starts, run.stops, strict=True))
    strange = sum(
        not (is_rule(lines[at]) or is_summary(lines[at]) or is_note(lines[at]))
        for at in run.skipped[:100_000]
    )
    share = covered / (covered + strange)
    if kind == "outdented":
        lengths = Counter(stop - start for start, stop in zip(run.starts, run.stops, strict=True))
        return share * max(lengths.values()) / rows
    return share


def _titles(lines: Lines, run: LineRun, kind: str) -> tuple[str, ...]:
    """Return the labels of entries, or the words that all of them have."""
    if kind == "label":
        forms = Counter(
            tuple(labels_of(lines.source[lines.starts[start] : lines.ends[stop - 1]][:2_000]))
            for start, stop in zip(run.starts[:SAMPLE], run.stops[:SAMPLE], strict=True)
        )
        return tuple(dict.fromkeys(forms.most_common(1)[0][0]))
    if len(run.starts) < 3:
        return ()
    common: frozenset[str] | None = None
    step = max(1, len(run.starts) // 50)
    for start, stop in zip(run.starts[::step], run.stops[::step], strict=True):
        words = title_words(lines.source[lines.starts[start] : lines.ends[stop - 1]][:600])
        common = words if common is None else common & words
        if not common:
            break
    return tuple(sorted(common or ()))


def value_columns(lines: Lines, run: LineRun) -> list[Counter[CellKind]]:
    """Return columns for the dates and the numbers that nearly every row has."""
    step = max(1, len(run.starts) // SAMPLE)
    found: list[tuple[int, int, int]] = []
    for row in range(0, len(run.starts), step):
        found.append(_row_values(lines, run, row))
    dates, times, numbers = (_usual(counts) for counts in zip(*found, strict=True))
    regular = sum(each[0] == dates and numbers <= each[2] <= numbers + 1 for each in found)
    run.regular = regular / len(found)
    known: list[tuple[CellKind, int]] = [("date", dates), ("time", times), ("number", numbers), ("words", 1)]
    return [Counter({kind: len(found)}) for kind, count in known for _ in range(count)]


def _row_values(lines: Lines, run: LineRun, row: int) -> tuple[int, int, int]:
    return values_of(lines.source[lines.starts[run.starts[row]] : lines.ends[run.stops[row] - 1]])


def _usual(counts: Sequence[int]) -> int:
    """Return what nine of ten have at least."""
    return sorted(counts)[len(counts) // 10]
