"""Account for the text around the values of a text: prose, spare brackets, or parts of a container.

Prose stands outside of the outermost container alone. Where brackets around the values do not pair, a
container was closed too early or could not be read: what stands between those brackets is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from structgen.parsing.extraction.bracket_pairs import begins_container
from structgen.parsing.tolerant.parse_result import Dropped, Fix

Span = tuple[int, int]
"""A half-open range of a text."""
_OPENING = {"}": "{", "]": "["}
_NOTHING: Span = (0, 0)
_BRACKET = re.compile(r"[{}\[\]]")
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\\n]|\\.){0,200}+"|[{}\[\]]')
_NON_SPACE, _WORD = re.compile(r"\S"), re.compile(r"[^\W_]")
_SPARE = re.compile(r"[\s,;{}\[\])`]*+")
_PARAGRAPH = re.compile(r"[^\S\n]*\n\s*[^\W\d_]")
_CONTINUATION = re.compile(
    r"[\s\]})]*+,\s*+(?=[{\[]|\"(?:[^\"\\\n]|\\.){0,100}+\"\s*+[:,\]}]|[A-Za-z_$][\w$-]{0,60}+\s*+:)"
)
"""What precedes another row or member: a comma, perhaps after brackets that close too early."""
_CONTINUED = re.compile(r"[\]}][\s\]})]*+,[\s\[{(]*+\Z")
_BEFORE = 200
_VALUE = re.compile(r"[\d\"'{\[:“]|\b(?:true|false|null|True|False|None)\b")
"""What a key, a value or a row has, and a stray word lacks."""


def enclosed_range(text: str, spans: Sequence[Span]) -> Span:
    """Return the range between brackets around the spans, or that do not pair; an empty one without such."""
    gaps = _gaps(spans, len(text))
    for start, end in gaps:
        if start < end and _BRACKET.search(text, start, end):
            break
    else:
        return _NOTHING
    first = _NON_SPACE.search(text)
    text_start = first.start() if first else 0
    openings: list[tuple[int, int, bool]] = []
    starts, ends = [], []
    for number, gap in enumerate(gaps):
        if 0 < number == len(spans) and _PARAGRAPH.match(text, gap[0]):
            break
        for bracket in _STRING_OR_BRACKET.finditer(text, *gap):
            at = bracket.start()
            if text[at] == '"':
                continue
            if text[at] in _OPENING.values():
                in_json = at == text_start or begins_container(text, at)
                openings.append((at, number, in_json))
                continue
            while openings and openings[-1][1] == number and text[openings[-1][0]] != _OPENING[text[at]]:
                openings.pop()
            if not openings:
                starts.append(spans[0][0])
                ends.append(at + 1)
            elif openings[-1][1] == number:
                openings.pop()
            elif (opening := openings.pop())[2]:
                starts.append(opening[0])
                ends.append(at + 1)
    unclosed = [at for at, number, in_json in openings if in_json and number < len(spans)]
    if unclosed:
        starts.append(unclosed[0])
        ends.append(spans[-1][1])
    return (min(starts), max(ends)) if starts else _NOTHING


def left_out(
    text: str, spans: Sequence[Span], enclosed: Span, *, after_container: bool = True
) -> tuple[list[Fix], list[Dropped]]:
    """Return the fixes and the dropped texts for all that stands outside of the spans.

    `enclosed`: the range of a container that could not be read as a whole. `after_container`: whether the
    last span is an object or array, which a comma and another row may continue.
    """
    fixes: list[Fix] = []
    dropped: list[Dropped] = []
    for number, (start, end) in enumerate(_gaps(spans, len(text))):
        if start == end or text[start:end].isspace():
            continue
        inside = max(start, enclosed[0]), min(end, enclosed[1])
        if number == len(spans) and after_container and (more := _CONTINUATION.match(text, start)):
            last = max(text.rfind("}", more.end(), end), text.rfind("]", more.end(), end)) + 1
            inside = min(more.end(), inside[0]) if inside[0] < inside[1] else more.end(), last or end
        elif number == 0 and (rows := _rows_before(text, end)) < end:
            inside = min(rows, inside[0]) if inside[0] < inside[1] else rows, end
        if inside[0] >= inside[1] or not _WORD.search(text, *inside):
            inside = (end, end)
        for at, stop in ((start, inside[0]), inside, (inside[1], end)):
            if at >= stop or not _NON_SPACE.search(text, at, stop):
                continue
            is_inside = (at, stop) == inside
            if is_inside:
                dropped.append(_dropped(text, at, stop))
            spare = is_inside or _SPARE.fullmatch(text, at, stop)
            fixes.append(Fix("bracket" if spare else "prose", at, stop))
    return fixes, dropped


def _dropped(text: str, start: int, end: int) -> Dropped:
    """Return the dropped text of a range, without the separators before it."""
    lost = text[start:end].rstrip().lstrip(" \t\r\n,;]})")
    start = text.index(lost, start)
    return Dropped(start, start + len(lost), lost, "", is_loss=_VALUE.search(lost) is not None)


def _gaps(spans: Sequence[Span], length: int) -> list[Span]:
    gaps = []
    at = 0
    for start, end in spans:
        gaps.append((at, start))
        at = end
    gaps.append((at, length))
    return gaps


def _rows_before(text: str, at: int) -> int:
    """Return where the rows begin that a comma joins to the value at a position; else the position."""
    if text.find(",", max(0, at - _BEFORE), at) < 0:
        return at
    if _CONTINUED.search(text, max(0, at - _BEFORE), at) is None:
        return at
    opening = _BRACKET.search(text, 0, at)
    return opening.start() if opening else at
