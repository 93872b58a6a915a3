"""Blocks under dates: the rows of a day stand below its date and have none of their own."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterator
from itertools import pairwise

from structgen.longdoc.layout.anchors import begins_dated, bullet_of, label_of, number_of, values_of
from structgen.longdoc.layout.cells import CellKind, date_at
from structgen.longdoc.layout.line_runs import LineRun
from structgen.longdoc.layout.line_words import is_note, is_rule, is_summary
from structgen.longdoc.layout.lines import Lines

LONGEST = 50
"""Characters of a line that is a date, its marks and its weekday included."""
MAX_LINES = 400
"""Lines below a date."""
_MARKS = " \t#*=_-–—:：[]()<>~|•."
Form = tuple[int, str]
"""The indent of a line, and how it begins."""


def dated_blocks(lines: Lines, apart: Collection[int]) -> Iterator[LineRun]:
    """Yield the rows below dates, as one run, where at least two lines are dates with rows below."""
    heads = [line for line in range(len(lines)) if line not in apart and is_date_alone(lines[line])]
    if len(heads) < 2:
        return
    bounds = [*heads, min(len(lines), heads[-1] + MAX_LINES)]
    blocks = [range(head + 1, min(stop, head + MAX_LINES)) for head, stop in pairwise(bounds)]
    form = _usual_form(lines, blocks)
    if form is None:
        return
    run = LineRun("entries", heads[0], heads[-1] + 1, kind="day")
    repeated = _repeated(lines, blocks)
    for head, block in zip(heads, blocks, strict=True):
        run.skipped.append(head)
        _add_block(lines, block, form, repeated, run)
    if len(run.starts) >= 2:
        run.stop = run.stops[-1]
        _describe(lines, run, heads)
        yield run


def is_date_alone(text: str) -> bool:
    """Return whether a line is a date, also with a weekday or a label before it, and nothing else."""
    if len(text) > LONGEST:
        return False
    bare = text.strip(_MARKS)
    if not bare or "  " in bare or "\t" in bare or not any(map(str.isdigit, bare)):
        return False
    after_word = bare.partition(" ")[2].strip(_MARKS) if bare[0].isalpha() else ""
    return any(rest and date_at(rest) == len(rest) for rest in (bare, after_word))


def _form(lines: Lines, line: int) -> Form:
    text = lines[line]
    mark = bullet_of(text) or ("1" if number_of(text) is not None else "label" if label_of(text) else "")
    return lines.indents[line], mark


def _usual_form(lines: Lines, blocks: list[range]) -> Form | None:
    """Return how the first lines below most dates begin."""
    firsts = Counter(_form(lines, block[0]) for block in blocks if block)
    if not firsts:
        return None
    form, count = firsts.most_common(1)[0]
    labelled = form[1] == "label" and len({label_of(lines[block[0]]) for block in blocks if block}) == 1
    return form if 2 * count >= len(blocks) and not labelled else None


def _repeated(lines: Lines, blocks: list[range]) -> set[str]:
    """Return the lines that stand first below several dates: headers of tables."""
    firsts = Counter(lines[block[0]] for block in blocks if block)
    return {text for text, count in firsts.items() if count > 1 and not any(values_of(text))}


def _add_block(lines: Lines, block: range, form: Form, repeated: set[str], run: LineRun) -> None:
    first = len(run.starts)
    for at in block:
        text = lines[at]
        if len(run.starts) > first and lines.gaps[at]:
            return
        if text in repeated or is_rule(text) or is_summary(text) or is_note(text):
            run.skipped.append(at)
        elif len(run.starts) > first and lines.indents[at] > form[0]:
            run.stops[-1] = at + 1
        elif begins_dated(text.lstrip("-*• ")) and values_of(text)[0]:
            run.doubts.append(at)
        else:
            run.add(at, at + 1)
            if lines.indents[at] < form[0] or (form[1] not in {"", "label"} and _form(lines, at) != form):
                run.doubts.append(at)


def _describe(lines: Lines, run: LineRun, heads: list[int]) -> None:
    """Give the run the columns that nearly all rows have, and its quality."""
    counted = [
        values_of(lines.source[lines.starts[first] : lines.ends[stop - 1]])
        for first, stop in zip(run.starts, run.stops, strict=True)
    ]
    times, numbers = (sorted(counts)[len(counted) // 10] for counts in list(zip(*counted, strict=True))[1:])
    alike = sum(each[1] == times and numbers <= each[2] <= numbers + 1 for each in counted)
    known: list[tuple[CellKind, int]] = [("date", 1), ("time", times), ("number", numbers), ("words", 1)]
    run.columns = [Counter({kind: len(counted)}) for kind, count in known for _ in range(count)]
    run.regular = alike / len(counted)
    run.quality = 1.0 if _each_has_rows(run, heads) else 0.5
    run.skipped = array("q", sorted(set(run.skipped)))


def _each_has_rows(run: LineRun, heads: list[int]) -> bool:
    """Return whether rows stand below each date: a date without any may be a line of a letter."""
    places = [bisect_right(run.starts, head) for head in [*heads, run.stops[-1]]]
    return all(first < last for first, last in pairwise(places))
