"""Where in a text its JSON may be: every reading that is worth a comparison, the likeliest first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import chain, islice, pairwise

from structgen.parsing.extraction.bare_text import words
from structgen.parsing.extraction.reasoning_tags import thoughts
from structgen.parsing.tolerant.lookahead import KEY
from structgen.parsing.tolerant.parse_result import Fix, Reading, Unreadable, moved
from structgen.parsing.tolerant.parser import Lenient
from structgen.parsing.tolerant.scalars import TUPLE

MOST = 40
"""Readings of one text."""
_MOST_SPANS = 100_000
"""Values in one text's prose."""
_FENCE = re.compile(r"```[ \t]*[\w.+-]*[^\n`{\[]*\n?")
_CLOSING = re.compile(r"\s*```")
_INLINE = re.compile(r"\s*`(\s*[{\[][^`]*)`\s*")
_COMMENT = r"/\*.*?\*/|//[^\n]*|#[^\n]*"
_BETWEEN = re.compile(rf"(?:[\s,;\x1e]|{_COMMENT})*", re.DOTALL)
_PASSED = re.compile(rf"[,;\x1e]|(?P<comment>{_COMMENT})|(?P<space>[^\S \t\n\r]+)", re.DOTALL)
_WRAPPED = re.compile(r"\s*[\[{]\s*(```.*```)\s*[\]}]\s*\Z", re.DOTALL)
_SINGLE_BRACE = re.compile(r"[{}]")
_OPENING = re.compile(r"[{\[]")
_TAG = re.compile(r"\s*\[(?!(?:true|false|null)\])[A-Za-z_][\w ./:-]{0,60}\]\s*(?=\{|\[(?![A-Za-z_]))")
"""`[INFO]` before a value."""
_INK = re.compile(r"\S")
_HEADS = frozenset("{[\"'/#“‘`")
_CALLED = re.compile(r"\s*[A-Za-z_$][\w$.]*\s*\((?=\s*(?:[\"'{\[\d)-]|/\*))")


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
    if text.lstrip()[:2] == "{{" and not _SINGLE_BRACE.search(text.replace("{{", "").replace("}}", "")):
        yield from _halved(text)
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
    found = thoughts(text, start, end) if "</" in text else []
    if found and text[start : found[0][0]].lstrip()[:1] in ("{", "["):  # they may be in its strings
        yield from _plain(text, start, end)
    if found:
        blank = list(text)
        for a, b in found:
            blank[a:b] = " " * (b - a)
        note = [Fix("prose", a, b) for a, b in found]
        yield from (r._replace(fixes=(*note, *r.fixes)) for r in _plain("".join(blank), start, end))
    else:
        yield from _plain(text, start, end)


def _plain(text: str, start: int, end: int) -> Iterator[Reading]:
    whole = text if (start, end) == (0, len(text)) else " " * start + text[start:end]
    if tag := _TAG.match(whole, start):
        rest = _plain(" " * tag.end() + whole[tag.end() :], start, len(whole))
        yield from (_tagged(reading, tag.span()) for reading in rest)
        return
    if KEY.match(whole, start) and whole.lstrip()[:1] in ('"', "'"):
        with suppress(Unreadable):
            yield from _unopened(whole, start)
    reader = Lenient(whole)
    head = whole.lstrip().lstrip("\ufeff\u200b").lstrip()[:1]
    fault: Unreadable | None = None
    if head in _HEADS or _CALLED.match(whole) or (head == "(" and TUPLE.match(whole.strip())):
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
        yield from words(whole, start)


def _tagged(reading: Reading, tag: tuple[int, int]) -> Reading:
    return reading._replace(fixes=(Fix("prose", *tag), *reading.fixes))


def _unopened(text: str, start: int) -> Iterator[Reading]:
    """Members of an object whose first bracket is missing: it stood in the prompt."""
    reading = moved(Lenient("{" + text[start:]).read(), start - 1)
    fixes = (Fix("bracket", start, start, "{"), *(fix for fix in reading.fixes if fix.kind != "cut"))
    if text[reading.end :].strip():
        rest = text[reading.end :].strip(" \t\r\n,;]})`")
        fixes = (*fixes, Fix("prose" if rest else "bracket", reading.end, len(text)))
    if len(reading.value) > 1 or reading.cut_at is None:
        yield reading._replace(start=start, fixes=fixes, cut_at=None)


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
        each.sort(key=lambda pair: (_only_words(pair[0]), pair[1][0] - pair[1][1]))
    if _alike(found):
        yield _several(found, _prose(outer, text))
    for index, (reading, (start, end)) in enumerate(each):
        around = [Fix("prose", a, b) for a, b in ((0, start), (end, len(text))) if _ink(text, a, b)]
        yield reading._replace(fixes=(*reading.fixes, *around))
        if index == 0 and len(found) > 1:
            yield _several(found, _prose(outer, text))


def _prose(outer: list[tuple[int, int]], text: str) -> list[Fix]:
    """What stands between, before and after the values."""
    gaps = pairwise([0, *chain.from_iterable(outer), len(text)])
    return [Fix("prose", a, b) for a, b in islice(gaps, 0, None, 2) if _ink(text, a, b)]


def _alike(found: list[Reading]) -> bool:
    """Whether they are rows: objects of the same keys, and more than one."""
    keys = {tuple(r.value) if isinstance(r.value, dict) else None for r in found}
    return len(found) > 1 and len(keys) == 1 and None not in keys and () not in keys


def _only_words(reading: Reading) -> bool:
    """`[see below]`: a list of nothing but words without quotes."""
    value, fixes = reading.value, reading.fixes
    return isinstance(value, list) and 0 < len(value) == sum(fix.kind == "quotes" for fix in fixes)


def _fenced(reader: Lenient, text: str, start: int, *, again: bool) -> tuple[Reading | None, int, int]:
    """What a fence holds, where its closing one begins, and where that ends.

    A string may hold fences itself: where the first one cuts it, the next after the value is looked for.
    """
    close = text.find("```", start)
    close = len(text) if close < 0 else close
    inner, within = None, text[start:close]
    with suppress(Unreadable):
        inner = next((moved(reading, start) for reading in _sequence(Lenient(within), within, 0)), None)
    if again and close < len(text) and (inner is None or inner.cut_at is not None):
        with suppress(Unreadable):
            whole = reader.read(start)
            if whole.cut_at is None and whole.end > close and (found := _CLOSING.match(text, whole.end)):
                return whole, found.end() - 3, found.end()
    return inner, close, min(close + 3, len(text))


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


def _halved(text: str) -> Iterator[Reading]:
    """`{{"a": 1}}`: braces doubled for a template."""
    inner = text.replace("{{", "{").replace("}}", "}")
    with suppress(Unreadable):
        for reading in _within(inner, 0, len(inner)):
            yield Reading(reading.value, 0, len(text), (Fix("bracket", 0, len(text), inner),), reading.cut_at)


def _unescaped(text: str) -> Iterator[Reading]:
    r"""`{\"a\": 1}`: JSON out of a string of JSON."""
    inner = re.sub(r'\\(["\\/])', r"\1", text)
    try:
        for reading in _within(inner, 0, len(inner)):
            yield Reading(reading.value, 0, len(text), (Fix("escape", 0, len(text), inner),), reading.cut_at)
    except Unreadable:
        return
