"""Where in a text its JSON may be: every reading that is worth a comparison, the likeliest first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import chain, islice, pairwise

from structgen import jsontext
from structgen.parsing.lenient import Lenient
from structgen.parsing.readings import Fix, Reading, Unreadable

MOST = 40
"""Readings of one text."""
_MOST_SPANS = 100_000
"""Values in one text's prose."""
_THOUGHT = re.compile(r"<(think|thinking|reasoning)>")
_FENCE = re.compile(r"```[ \t]*[\w.+-]*[^\n`{\[]*\n?")
_CLOSING = re.compile(r"\s*```")
_INLINE = re.compile(r"\s*`(\s*[{\[][^`]*)`\s*")
_COMMENT = r"/\*.*?\*/|//[^\n]*|#[^\n]*"
_BETWEEN = re.compile(rf"(?:[\s,;\x1e]|{_COMMENT})*", re.DOTALL)
_PASSED = re.compile(rf"[,;\x1e]|(?P<comment>{_COMMENT})|(?P<space>[^\S \t\n\r]+)", re.DOTALL)
_WRAPPED = re.compile(r"\s*[\[{]\s*(```.*```)\s*[\]}]\s*\Z", re.DOTALL)
_LINES = re.compile(r"[^\s{}\[\]\":,(][^{}\[\]\":,\n]*(?:[\n,]+[^\s{}\[\]\":,][^{}\[\]\":,\n]*)+[\n,]*\s*\Z")
_OPENING = re.compile(r"[{\[]")
_INK = re.compile(r"\S")
_FENCED = re.compile(r"\s*(?P<opening>```)[ \t]*[\w.+-]*[ \t]*\n(.*?)(?P<closing>```)\s*", re.DOTALL)
_HEADS = frozenset("{[(\"'/#“‘`")
_CALLED = re.compile(r"\s*[A-Za-z_$][\w$.]*\s*\(")


def readings(text: str, *, cut: bool = True) -> Iterator[Reading]:
    """The readings of a text, from the likeliest; `Unreadable` where there is none.

    `cut`: the text may be JSON that is sound as far as it goes.
    """
    if cut and (reading := _only_cut(text)) is not None:
        yield reading
        return
    found: list[Reading] = []
    for reading in islice(_candidates(text), MOST):
        if not found or all(reading.value != other.value for other in found[-3:]):
            found.append(reading)
            yield reading
    if not found:
        raise Unreadable("no JSON in the text", 0)


def _only_cut(text: str) -> Reading | None:
    """JSON that is sound as far as it goes: its quotes need no guess."""
    if text.lstrip()[:1] not in ("{", "[", '"'):
        return None
    try:
        reading = Lenient(text, strict=True).read()
    except Unreadable:
        return None
    return reading if reading.end == len(text) and reading.fixes else None


def _candidates(text: str) -> Iterator[Reading]:
    if text.lstrip()[:2] in ('\\"', "{\\") and '\\"' in text:
        yield from _unescaped(text)
    if "```" in text and (wrapped := _WRAPPED.match(text)):
        yield from _within(text, wrapped.start(1), wrapped.end(1))
        return
    if inline := _INLINE.fullmatch(text):
        marks = (
            Fix("fence", inline.start(1) - 1, inline.start(1)),
            Fix("fence", inline.end(1), inline.end(1) + 1),
        )
        inner = _within(text, *inline.span(1))
        yield from (r._replace(fixes=(marks[0], *r.fixes, marks[1])) for r in inner)
        return
    yield from _within(text, 0, len(text))


def _within(text: str, start: int, end: int) -> Iterator[Reading]:
    """Readings of a part of the text: what it is as a whole, its fences, the values in its prose."""
    thoughts = _thoughts(text, start, end) if "</" in text else []
    if thoughts and text[start : thoughts[0][0]].lstrip()[:1] in ("{", "["):  # they may be in its strings
        yield from _plain(text, start, end)
    if thoughts:
        blank = list(text)
        for a, b in thoughts:
            blank[a:b] = " " * (b - a)
        note = [Fix("prose", a, b) for a, b in thoughts]
        yield from (r._replace(fixes=(*note, *r.fixes)) for r in _plain("".join(blank), start, end))
    else:
        yield from _plain(text, start, end)


def _thoughts(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where what a model thought stands, its marks included."""
    found: list[tuple[int, int]] = []
    endless: set[str] = set()
    at = start
    while len(endless) < 3 and (opening := _THOUGHT.search(text, at, end)):
        at, mark = opening.end(), f"</{opening[1]}>"
        close = -1 if mark in endless else text.find(mark, at, end)
        if close < 0:
            endless.add(mark)
        else:
            at = close + len(mark)
            found.append((opening.start(), at))
    return found


def _plain(text: str, start: int, end: int) -> Iterator[Reading]:
    whole = text if (start, end) == (0, len(text)) else " " * start + text[start:end]
    reader = Lenient(whole)
    head = whole.lstrip().lstrip("\ufeff\u200b").lstrip()[:1]
    fault: Unreadable | None = None
    if head in _HEADS or _CALLED.match(whole):
        try:
            if head != "`" or not whole.lstrip().startswith("```"):
                yield from _sequence(reader, whole, start)
        except Unreadable as error:
            fault = error
            if head in ('"', "'"):
                raise
    yielded = False
    # Of a container that cannot be read, a small part is not what was meant.
    least = len(whole.strip()) // 2 if fault is not None and head in ("{", "[") else 0
    for reading in chain(_fences(reader, whole), _spans(reader, whole)):
        if reading.end - reading.start >= least:
            yielded = True
            yield reading
    if fault is not None and not yielded:
        raise fault
    if head not in ("{", "["):
        yield from _words(whole, start)


def _sequence(reader: Lenient, text: str, start: int) -> Iterator[Reading]:
    """One value after another with nothing else between: alone it is the value, several are a list."""
    parts: list[Reading] = []
    passed: list[Fix] = []
    at = start
    while at < len(text):
        between = _BETWEEN.match(text, at)
        after = between.end() if between else at
        marks = _PASSED.finditer(text, at, after)
        passed += [Fix(_KINDS.get(mark.lastgroup or "", "comma"), *mark.span()) for mark in marks]
        at = after
        if at >= len(text) or (parts and text[at] not in "{["):
            break
        parts.append(reader.read(at))
        at = parts[-1].end
    if not parts:
        return
    rest = text[at:].strip(" \t\r\n,;]})`")
    tail = (Fix("prose" if rest else "bracket", at, len(text)),) if text[at:].strip() else ()
    if len(parts) == 1:
        fixes = (*parts[0].fixes, *passed, *tail)
        yield parts[0] if fixes == parts[0].fixes else parts[0]._replace(fixes=fixes)
        return
    yield _several(parts, (*passed, *tail))
    yield from (_alone(part, text) for part in parts)


_KINDS = {"comment": "comment", "space": "white-space"}


def _alone(part: Reading, text: str) -> Reading:
    """What stands around the value as prose."""
    around = (0, part.start), (part.end, len(text))
    prose = [Fix("prose", a, b) for a, b in around if _ink(text, a, b)]
    return part._replace(fixes=(*part.fixes, *prose))


def _ink(text: str, start: int, end: int) -> bool:
    """Whether anything but white space stands there."""
    return _INK.search(text, start, end) is not None


def _fences(reader: Lenient, text: str) -> Iterator[Reading]:
    """What stands in Markdown fences."""
    found: list[Reading] = []
    outer: list[tuple[int, int]] = []
    end = 0
    while "```" in text and (opening := _FENCE.search(text, end)):
        inner, close, end = _fenced(reader, text, opening.end(), again=len(found) < 8)
        if inner is not None and isinstance(inner.value, dict | list):
            fences = Fix("fence", opening.start(), opening.end()), Fix("fence", close, end)
            found.append(inner._replace(fixes=(fences[0], *inner.fixes, fences[1])))
            outer.append((opening.start(), end))
    yield from _each_and_all(found, outer, text)


def _each_and_all(
    found: list[Reading], outer: list[tuple[int, int]], text: str, *, longest_first: bool = False
) -> Iterator[Reading]:
    """The values one by one, and all of them as one list, before the many. `outer`: where each stands."""
    each = list(zip(found, outer, strict=True))
    if longest_first:
        each.sort(key=lambda pair: pair[1][0] - pair[1][1])
    for index, (reading, (start, end)) in enumerate(each):
        around = [Fix("prose", a, b) for a, b in ((0, start), (end, len(text))) if _ink(text, a, b)]
        yield reading._replace(fixes=(*reading.fixes, *around))
        if index == 0 and len(found) > 1:
            gaps = pairwise([0, *chain.from_iterable(outer), len(text)])
            prose = [Fix("prose", a, b) for a, b in islice(gaps, 0, None, 2) if _ink(text, a, b)]
            yield _several(found, prose)


def _fenced(reader: Lenient, text: str, start: int, *, again: bool) -> tuple[Reading | None, int, int]:
    """What a fence holds, where its closing one begins, and where that ends.

    A string may hold fences itself: where the first one cuts it, the next after the value is looked for.
    """
    close = text.find("```", start)
    close = len(text) if close < 0 else close
    inner, within = None, text[start:close]
    with suppress(Unreadable):
        inner = next((_moved(reading, start) for reading in _sequence(Lenient(within), within, 0)), None)
    if again and close < len(text) and (inner is None or inner.cut_at is not None):
        with suppress(Unreadable):
            whole = reader.read(start)
            if whole.cut_at is None and whole.end > close and (found := _CLOSING.match(text, whole.end)):
                return whole, found.end() - 3, found.end()
    return inner, close, min(close + 3, len(text))


def _moved(reading: Reading, by: int) -> Reading:
    """The reading of a part of a text that begins there."""
    fixes = tuple(fix._replace(start=fix.start + by, end=fix.end + by) for fix in reading.fixes)
    spans = {key: (start + by, end + by) for key, (start, end) in reading.spans.items()}
    return reading._replace(start=reading.start + by, end=reading.end + by, fixes=fixes, spans=spans)


def _several(found: list[Reading], beside: Iterable[Fix]) -> Reading:
    """All of them, as one list; `beside` is what stood around them."""
    fixes = [fix for reading in found for fix in reading.fixes]
    start, end = found[0].start, found[-1].end
    removed = tuple((f"/{i}{at}", old) for i, reading in enumerate(found) for at, old in reading.removed)
    cut = [f"/{i}{reading.cut_at}" for i, reading in enumerate(found) if reading.cut_at is not None]
    spans = {key: span for reading in found for key, span in reading.spans.items()}
    whole = (*fixes, *beside, Fix("several-values", start, end))
    return Reading([r.value for r in found], start, end, whole, cut[-1] if cut else None, removed, spans)


def _spans(reader: Lenient, text: str) -> Iterator[Reading]:
    """Objects and lists in prose."""
    found: list[Reading] = []
    at = failures = 0
    while len(found) < _MOST_SPANS and failures < 8 and (match := _OPENING.search(text, at)):
        try:
            reading = reader.read(match.start())
        except Unreadable:
            at = match.end()
            failures += 1
            continue
        found.append(reading)
        at = max(reading.end, match.end())
    yield from _each_and_all(found, [(r.start, r.end) for r in found], text, longest_first=True)


def _words(text: str, start: int) -> Iterator[Reading]:
    """A scalar alone, or a list of them, one on a line or with commas between; in a fence or without."""
    at, end = start, len(text)
    marks: tuple[Fix, ...] = ()
    if fenced := _FENCED.fullmatch(text, start):
        at, end = fenced.span(2)
        marks = (Fix("fence", fenced.start("opening"), at), Fix("fence", end, fenced.end("closing")))
    inner = text[at:end].strip()
    if not inner or inner.startswith("```"):
        return
    if _LINES.match(inner) and len(inner) < 10_000:
        items = [part.strip() for part in re.split(r"[\n,]+", inner) if part.strip()]
        values = [item if (found := _scalar(item)) is None else found.value for item in items]
        if all(" " not in item for item in items):
            yield Reading(values, at, end, (*marks, Fix("bracket", at, end, jsontext.dumps(values))))
    word = inner.rstrip(" ,")
    begins = text.index(word, at)
    if (found := _scalar(word)) is None:
        yield Reading(word, at, end, (*marks, Fix("unquoted", at, end, jsontext.dumps(word))))
    else:
        moved = _moved(found, begins)
        spare = (Fix("comma", begins + len(word), begins + len(inner)),) if word != inner else ()
        yield moved._replace(fixes=(*marks, *moved.fixes, *spare))


def _scalar(word: str) -> Reading | None:
    """What the whole word reads as, where that is a scalar."""
    try:
        reading = Lenient(word).read()
    except Unreadable:
        return None
    whole = reading.end == len(word) and not isinstance(reading.value, dict | list)
    return reading if whole else None


def _unescaped(text: str) -> Iterator[Reading]:
    r"""`{\"a\": 1}`: JSON out of a string of JSON."""
    inner = re.sub(r'\\(["\\/])', r"\1", text)
    try:
        for reading in _within(inner, 0, len(inner)):
            yield Reading(reading.value, 0, len(text), (Fix("escape", 0, len(text), inner),), reading.cut_at)
    except Unreadable:
        return
