"""Split a text into the items that stand side by side in it: `red, green and blue`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from structgen.longdoc.plain_lists.run import Range

MAX_WORDS = 8
"""Words of an item; a longer one is a part of a sentence."""
MAX_TEXT = 4_000_000
_TOKEN = re.compile(r"[()\[\]{}\"“”]|;|,(?=\s|$)|\s[|·•]\s|\s/\s|\n", re.MULTILINE)
_CLOSING = {"(": ")", "[": "]", "{": "}", '"': '"', "“": "”"}
_LAST = re.compile(r"(?:and|or|und|oder|et|ou|y|e|en|и|&)\s+", re.IGNORECASE)
_AND = re.compile(r"\s(?:and|und|et|y|и|&)\s", re.IGNORECASE)
_REST = re.compile(
    r"\W*(?:etc|et cetera|and so on|others?|more|usw|\.{2,}|…|(?:and )?\d+ (?:\w+ )?(?:more|others?))\W*",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"\b(?:we|they|he|she|it|who|which|that|is|are|was|were|has|have|had|will|should|must|can|may|because|but|if|"
    r"when|among|please|you|your|our|not|see|below|above|attached|appendix|annex|page|various|including|such)\b",
    re.IGNORECASE,
)
"""Words of sentences, and of texts that say where the items are."""
_INITIALS = re.compile(
    r"(?:[^\W\d_]\.[\s-]?)+|[JS]r\.?|Inc\.?|Ltd\.?|LLC|GmbH|AG|Co\.?|S\.A\.?|Ph\.?D\.?|M\.?D\.?|esq\.?"
)
_SHAPES = (
    (re.compile(r"[^\W\d_]\.?"), "i"),
    (re.compile(r"\d[\d.,:/-]*"), "9"),
    (re.compile(r"[^\W\d_]+"), "w"),
)


@dataclass
class Items:
    """The items of a text, and whether it may be split in another way."""

    ranges: list[Range] = field(default_factory=list)
    is_doubtful: bool = False


def split_items(source: str, start: int, end: int) -> Items:
    """Return the items of a range of a text: between semicolons, or else bars, commas or slashes.

    Marks in brackets and quotes separate nothing. An `and` before the last item separates where all items
    are of the shape that it leaves; a text that may be one item or two stays one, and is doubtful.
    """
    if end - start > MAX_TEXT:
        return Items(is_doubtful=True)
    start += len(source[start:end]) - len(source[start:end].lstrip())
    if source.startswith("[", start) and source.endswith("]", start, end):
        start, end = start + 1, end - 1
    marks = list(_marks(source, start, end))
    kinds = {kind for kind, _, _ in marks}
    chosen = next((kind for kind in (";", "|", "·", "•", ",", "/") if kind in kinds), None)
    text = source[start:end]
    if chosen is None and "," in text and " " not in text and not re.search(r"\d,\d", text):
        chosen = ","
        marks = [(",", start + at, start + at + 1) for at, char in enumerate(text) if char == ","]
    items, at = Items(), start
    for kind, first, last in [*marks, ("end", end, end)]:
        if kind in {chosen, "end"}:
            _take(items, source, at, first, is_last=kind == "end")
            at = last
    _split_last(items, source, chosen)
    items.is_doubtful |= _ends_sentence(items, source) or _CLAUSE.search(text) is not None
    items.is_doubtful |= chosen == "," and _may_be_one(items, source)
    items.is_doubtful |= any(len(source[a:b].split()) > MAX_WORDS for a, b in items.ranges)
    return items


def _marks(source: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """Yield the marks outside of brackets and quotes; a bracket that is not closed holds nothing."""
    closing: list[str] = []
    held: list[tuple[str, int, int]] = []
    for found in _TOKEN.finditer(source, start, end):
        token = found.group().strip()
        if closing and token == closing[-1]:
            closing.pop()
            if not closing:
                held = []
        elif token in _CLOSING:
            closing.append(_CLOSING[token])
        elif token in ";,|·•/" and token:
            mark = (token, found.start(), found.end())
            if closing:
                held.append(mark)
            else:
                yield mark
    yield from held


def _take(items: Items, source: str, start: int, end: int, *, is_last: bool) -> None:
    while start < end and source[start].isspace():
        start += 1
    while start < end and source[end - 1].isspace():
        end -= 1
    if is_last and (found := _LAST.match(source, start, end)) and items.ranges:
        start = found.end()
    if is_last and source[start:end] in {"", "."}:
        return
    if start >= end or _REST.fullmatch(source[start:end]):
        items.is_doubtful = True
    else:
        items.ranges.append((start, end))


def _split_last(items: Items, source: str, separator: str | None) -> None:
    """Split the last item at an `and`, where both parts are like the items before."""
    joined = [at for at, (start, end) in enumerate(items.ranges) if _AND.search(source, start, end)]
    if not joined:
        return
    start, end = items.ranges[-1]
    places = list(_AND.finditer(source, start, end))
    if len(joined) > 1 or joined[0] != len(items.ranges) - 1 or len(places) != 1:
        items.is_doubtful = True
        return
    parts = [(start, places[0].start()), (places[0].end(), end)]
    shapes = [_shape(source[first:last]) for first, last in items.ranges[:-1]]
    own = [_shape(source[first:last]) for first, last in parts]
    is_alike = all(shape in shapes for shape in own)
    if is_alike and (separator == ";" or all(len(each) > 1 or each in "xX9" for each in own)):
        items.ranges[-1:] = parts
    else:
        items.is_doubtful = True


def _may_be_one(items: Items, source: str) -> bool:
    """Return whether commas may stand inside of items: `Doe, J.`, `Acme, Inc.`, `Berlin, Germany`."""
    texts = [source[start:end] for start, end in items.ranges]
    is_pair = len(texts) == 2 and all(text[:1].isupper() for text in texts)
    return is_pair or any(map(_INITIALS.fullmatch, texts))


def _ends_sentence(items: Items, source: str) -> bool:
    """Return whether the last item goes on as a sentence does: it has a full stop, and a shape of its own."""
    if not items.ranges:
        return False
    *shapes, last = [_shape(source[start:end]) for start, end in items.ranges]
    return source[slice(*items.ranges[-1])].endswith((".", "!", "?")) and last not in shapes


def _shape(text: str) -> str:
    """Return what the words of an item are: initials, words in lower case or not, numbers."""
    shape = ""
    for word in text.rstrip(".").split():
        kind = next((kind for pattern, kind in _SHAPES if pattern.fullmatch(word)), "x")
        shape += kind.upper() if word[:1].isupper() else kind
    return shape
