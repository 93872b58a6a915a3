"""Undo the doubled quotes of CSV and SQL: around every string of a JSON text, or within its strings."""

from __future__ import annotations

import re

_ALL_DOUBLED = re.compile(r'"?\s*+[{\[]\s*+(?:[{\[]\s*+)*+""[^\s",:]')
"""The beginning of JSON whose every quote is doubled, perhaps as a field in quotes."""
_RUN = re.compile(r'"+')
_STRING = re.compile(r'"((?:[^"\\\n]++|\\.|"")*+)("|\Z)')
_ESCAPE_OR_DOUBLED = re.compile(r'\\.|""')
_BEFORE_QUOTATION = re.compile(r"(?:\A|[\s(\[{,;:=/-])\Z")
_AFTER_QUOTATION = re.compile(r"\Z|[\s)\]},.;:!?'/-]")


def has_doubled_quotes(text: str) -> bool:
    """Whether the quotes of a text are doubled, all of them or those within strings."""
    return '""' in text and (with_single_quotes(text) is not None or with_escaped_quotes(text) is not None)


def with_single_quotes(text: str) -> str | None:
    """Return JSON with each doubled quote as one; None where not all of them are doubled."""
    body = text.strip()
    if _ALL_DOUBLED.match(body) is None:
        return None
    if body.startswith('"'):
        body = body[1:-1] if body.endswith(('}"', ']"')) else body[1:]
    if any(len(run) % 2 for run in _RUN.findall(body)):
        return None
    return body.replace('""', '"')


def with_escaped_quotes(text: str) -> str | None:
    """Return JSON with the doubled quotes within strings escaped; None where there may be another reading.

    Each string must stand between marks of JSON, and the doubled quotes must enclose words: in `["a""b"]`
    a comma is missing.
    """
    if '""' not in text:
        return None
    pieces: list[str] = []
    end, any_doubled = 0, False
    for match in _STRING.finditer(text):
        gap = text[end : match.start()]
        if not _stands_between_marks(gap, is_first=end == 0):
            return None
        content = match[1]
        if '""' in content:
            if not _encloses_words(content):
                return None
            any_doubled = True
            content = _ESCAPE_OR_DOUBLED.sub(lambda found: '\\"' if found[0] == '""' else found[0], content)
        pieces += (gap, '"', content, match[2])
        end = match.end()
    rest = text[end:]
    if not any_doubled or '"' in rest or rest.lstrip()[:1] not in ("", ",", ":", "]", "}"):
        return None
    return "".join((*pieces, rest))


def _stands_between_marks(gap: str, *, is_first: bool) -> bool:
    """Whether the text between two strings, or before the first one, ends and begins with marks of JSON."""
    marks = gap.strip()
    return marks[-1:] in ("{", "[", ",", ":") and (is_first or marks[0] in ",:]}")


def _encloses_words(content: str) -> bool:
    """Whether doubled quotes open and close quotations by turns."""
    doubled = [found for found in _ESCAPE_OR_DOUBLED.finditer(content) if found[0] == '""']
    for index, found in enumerate(doubled):
        before, after = (
            content[max(0, found.start() - 1) : found.start()],
            content[found.end() : found.end() + 1],
        )
        if index % 2:
            fits = before.strip() and _AFTER_QUOTATION.match(after)
        else:
            fits = after.strip() and _BEFORE_QUOTATION.search(before)
        if not fits:
            return False
    return bool(doubled) and len(doubled) % 2 == 0
