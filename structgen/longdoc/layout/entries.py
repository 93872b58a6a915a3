"""Entries: rows that begin alike, with a number, bullet, date, label or code, on one line or several."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterator

from structgen.longdoc.layout.anchors import (
    begins_dated,
    bullet_of,
    first_form,
    first_word,
    frame_of,
    inner_kind,
    label_of,
    last_kind,
    led_text,
    letter_of,
    number_of,
    tag_of,
    titled_number,
)
from structgen.longdoc.layout.cells import LONGEST
from structgen.longdoc.layout.entry_rows import entry_run
from structgen.longdoc.layout.line_runs import LineRun
from structgen.longdoc.layout.line_words import is_rule, is_summary
from structgen.longdoc.layout.lines import Lines
from structgen.longdoc.layout.stated_counts import is_generic, stated_count

Key = tuple[str, str, int]
"""The kind of the beginning, its text or form, the indent."""
MAX_LINES = 40
"""Lines of an entry."""
MAX_KEYS = 20_000


def entries(lines: Lines, apart: Collection[int]) -> Iterator[LineRun]:
    """Yield the runs of entries that begin alike; they may lie over each other."""
    for (kind, form, _), anchors in _anchors(lines, apart).items():
        for part in _parts(lines, anchors, kind):
            if len(part) >= 2 or (kind == "label" and (lines.is_apart(part[0]) or part[0] == 0)):
                run = entry_run(lines, part, kind, form, apart)
                if run is not None:
                    yield run


def _anchors(lines: Lines, apart: Collection[int]) -> dict[Key, array[int]]:
    anchors: dict[Key, array[int]] = defaultdict(lambda: array("q"))
    for line in range(len(lines)):
        text = lines[line]
        if line in apart or len(text) > LONGEST or is_rule(text) or is_summary(text):
            continue
        for kind, form in _beginnings(text):
            key = (kind, form, lines.indents[line])
            if key in anchors or len(anchors) < MAX_KEYS:
                anchors[key].append(line)
        if _is_outdented(lines, line):
            anchors["outdented", "", lines.indents[line]].append(line)
        if (lines.is_apart(line) or line == 0) and (length := _paragraph(lines, line)) > 1:
            anchors["paragraph", str(length), lines.indents[line]].append(line)
    return anchors


def _paragraph(lines: Lines, line: int) -> int:
    """Return the lines up to the next empty one; 0 for a long paragraph."""
    for at in range(line + 1, min(line + MAX_LINES, len(lines))):
        if lines.is_apart(at):
            return at - line
    return len(lines) - line if len(lines) - line < MAX_LINES else 0


def _beginnings(text: str) -> Iterator[tuple[str, str]]:
    if number_of(text) is not None:
        yield "number", ""
        return
    if tag := tag_of(text):
        yield "tag", tag
        return
    led = led_text(text)
    is_led = led is not None
    if (
        led is not None
        and stated_count(text, frozenset()) is None
        and not (" " not in led and is_generic(led))
    ):
        yield "leader", ""
    if letter_of(text) is not None:
        yield "letter", "upper" if text.lstrip("(")[0].isupper() else "lower"
    if titled := titled_number(text):
        yield "titled", titled[0]
    if bullet := bullet_of(text):
        yield "bullet", bullet
    elif begins_dated(text):
        yield "date", text[0] if text[0] in "[(" else ""
    elif form := first_form(text):
        yield "code", form
    elif (word := first_word(text)) and label_of(text) is None:
        yield "word", word
        if not is_led and (last := last_kind(text)):
            yield "shape", last
    label = label_of(text)
    is_open = label is None and not bullet and not is_led and not begins_dated(text)
    if is_open and (inner := inner_kind(text)):
        yield "inner", inner
    if label:
        yield "label", label
    if frame := frame_of(text):
        yield "frame", frame


def _is_outdented(lines: Lines, line: int) -> bool:
    return (
        line + 1 < len(lines)
        and lines.indents[line + 1] > lines.indents[line]
        and not lines.is_apart(line + 1)
    )


def _parts(lines: Lines, anchors: array[int], kind: str) -> Iterator[array[int]]:
    """Split the lines that begin alike where too much lies between, or a numbering begins again."""
    part: array[int] = array("q")
    last_number: int | None = None
    for line in anchors:
        number = _number(lines[line], kind)
        if part:
            far = line - part[-1] > MAX_LINES
            if number is not None and last_number is not None and number != last_number + 1:
                if number != 1 and not far:
                    continue
                far = True
            if far:
                yield part
                part = array("q")
        part.append(line)
        last_number = number
    if part:
        yield part


def _number(text: str, kind: str) -> int | None:
    if kind == "number":
        return number_of(text)
    if kind == "letter":
        return letter_of(text)
    if kind == "titled" and (titled := titled_number(text)):
        return titled[1]
    return None
