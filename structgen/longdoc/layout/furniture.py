"""Headers and footers that are repeated on each page, and lines that number pages."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from structgen.longdoc.layout.line_words import is_page_number
from structgen.longdoc.layout.lines import Lines

EDGE = 5
"""Lines at the top and at the bottom of a page that may be its header or footer."""
_PAGE = re.compile(r"\b(?:page|pg|p|seite|blatt|sheet|página|pagina|стр)\b|[页頁]", re.I)
_NUMBER = re.compile(r"\d+")
_BARE = re.compile(r"[-–—\s]*\d{1,5}(?:\s?(?:/|of|von|sur|из)\s?\d{1,5})?[-–—\s]*", re.IGNORECASE)


def furniture(lines: Lines) -> frozenset[int]:
    """Return the lines that belong to pages, not to the text that goes over them."""
    found = {
        line
        for line in range(len(lines))
        if lines.ends[line] - lines.starts[line] <= 130 and _numbers_page(lines[line])
    }
    starts = [0, *(line for line in range(1, len(lines)) if lines.breaks[line]), len(lines)]
    pages = list(pairwise(starts))
    if len(pages) > 1:
        tops = [range(start, min(stop, start + EDGE)) for start, stop in pages]
        bottoms = [range(stop - 1, max(start, stop - EDGE) - 1, -1) for start, stop in pages]
        found |= _repeated(lines, tops, found, 1) - {*tops[0]} | _repeated(lines, bottoms, found, 1)
    return frozenset(found)


def _numbers_page(text: str) -> bool:
    if "|" in text or "\t" in text or not is_page_number(text):
        return False
    return not _BARE.fullmatch(text) and len(text) <= 80


def _repeated(lines: Lines, edges: list[range], known: set[int], first: int) -> set[int]:
    """Return the lines from the edge of each page on that most pages have, but for their page's number."""
    keys = [[_key(lines[line], page + first) for line in edge] for page, edge in enumerate(edges)]
    usual = Counter(key for page in keys for key in set(page))
    enough = max(2, len(edges) // 2)
    repeated = set()
    for edge, page in zip(edges, keys, strict=True):
        pending: list[int] = []
        for line, key in zip(edge, page, strict=True):
            if usual[key] < enough and line not in known:
                break
            pending.append(line)
            if not _may_be_row(key, usual[key]) or line in known:  # beyond a header or footer stands no row
                repeated.update(pending)
                pending = []
    return repeated


def _may_be_row(key: str, times: int) -> bool:
    """Return whether a repeated line may be equal rows at the edges of pages: cells, one with a number.

    A line whose number is that of its page on most pages is none; on two pages, rows have these by chance.
    """
    is_numbered = "#" in key and (times > 2 or _PAGE.search(key) is not None)
    return not is_numbered and (
        "|" in key or "\t" in key or ("  " in key and _NUMBER.search(key) is not None)
    )


def _key(text: str, page: int) -> str:
    return _NUMBER.sub(lambda number: "#" if number.group() == str(page) else number.group(), text[:200])
