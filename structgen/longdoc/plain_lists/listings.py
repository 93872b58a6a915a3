"""Entries of one value each: bullets, numbers or lines below a heading or label, and items behind a label."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from structgen.longdoc.layout.anchors import label_of, number_of
from structgen.longdoc.layout.headings import Marked, enclosing, heading_form
from structgen.longdoc.layout.line_words import is_note, is_page_number, is_rule, is_summary
from structgen.longdoc.layout.lines import Lines
from structgen.longdoc.layout.stated_counts import leaves_out
from structgen.longdoc.plain_lists.run import PlainRun, RunKind
from structgen.longdoc.plain_lists.splitting import split_items

WRAPPED = 60
"""Characters of a line from which on the next one may go on with it."""
SAMPLE = 400
"""Lines of a block that are looked at."""
MAX_HEAD = 160
MAX_BETWEEN = 6
"""Lines between two entries of a run, at most, where a page turns or the numbers go on."""
PROSE_WORDS = 9
_MARK = re.compile(
    r"(?:(?P<bullet>[-*•‣◦–—+▪●○·>→☐☑✓※■◆])(?:\s\[[ xX]\])?|(?P<number>[#(\[]?\d{1,7}(?:[.):\]]|\.\)))"
    r"|(?P<letter>\(?[A-Za-z][.)]))\s+(?=\S)"
)
_LABELLED = re.compile(
    r"[-*•]?\s?[*_`\"']{0,3}[^\W\d_][^:：=|\t\[\"\n]{0,60}?[*_`\"']{0,3}\s?[:：][*_`\"']{0,3}(?=\s|$)"
)
_BARRED = re.compile(r"\|[^|\n]*\|")
_WIDE = re.compile(r"\S {3,}\S|\t|\|")


@dataclass(frozen=True)
class Mark:
    """The mark that an entry begins with."""

    kind: str
    text: str
    number: int | None
    length: int


def mark_of(text: str) -> Mark | None:
    """Return the bullet, number or letter that a line begins with."""
    found = _MARK.match(text[:40])
    if found is None:
        return None
    if found["number"]:
        number = number_of(text)
        return None if number is None else Mark("number", "", number, found.end())
    if found["letter"]:
        letter = found["letter"].strip("().")
        return Mark("letter", "upper" if letter.isupper() else "lower", ord(letter.lower()) - 96, found.end())
    return Mark("bullet", found["bullet"], None, found.end())


class Listings:
    """Finds the runs of single values among the lines of a text."""

    def __init__(self, lines: Lines, apart: Collection[int], marked: Marked) -> None:
        self._lines, self._marked = lines, marked
        self._apart = frozenset(at for at in apart if is_page_number(lines[at]) or mark_of(lines[at]) is None)
        """Headers and footers of pages: equal entries at the edges of pages are none."""

    def runs(self) -> Iterator[PlainRun]:
        """Yield the runs in document order; they do not lie over each other."""
        at = 0
        while at < len(self._lines):
            run = None
            if at not in self._apart and not is_rule(self._lines[at]):
                run = self._marked_run(at) or self._barred(at) or self._labelled(at) or self._block(at)
            if run is None or not run.rows:
                at += 1
            else:
                yield run
                at = max(run.stop, at + 1)

    def _marked_run(self, first: int) -> PlainRun | None:
        """Return the entries that begin with marks of one kind, one below the other."""
        lines = self._lines
        mark = mark_of(lines[first])
        if mark is None or (mark.kind == "letter" and not self._has_next(first, mark)):
            return None
        near = range(max(0, first - 1), min(len(lines), first + 2))
        if (
            _LABELLED.match(lines[first][:200])
            and sum(bool(_LABELLED.match(lines[at][:200])) for at in near) > 1
        ):
            return None  # labels with values, one below the other
        run = self._named("marked", first)
        starts, stops, lengths = [first], [first + 1], [mark.length]
        run.is_doubtful = mark.number not in {None, 1}
        at, number = first + 1, mark.number
        while at < len(lines):
            if at in self._apart:
                at += 1
                continue
            own, depth = mark_of(lines[at]), lines.indents[at] - lines.indents[first]
            if depth > 0:
                run.is_doubtful |= own is not None
                stops[-1] = at + 1
            elif own is not None and depth == 0 and (own.kind, own.text) == (mark.kind, mark.text):
                if own.number is not None and number is not None and own.number != number + 1:
                    run.is_doubtful |= own.number != 1
                    break
                number = own.number
                starts.append(at)
                stops.append(at + 1)
                lengths.append(own.length)
            elif lines.is_apart(at) or depth < 0 or is_rule(lines[at]):
                after = self._goes_on(at, first, mark, number)
                if after is None:
                    break
                run.is_doubtful |= mark.number is None or not any(lines.breaks[stops[-1] : after + 1])
                at = after
                continue
            elif own is None and lines.ends[at - 1] - lines.starts[at - 1] >= WRAPPED:
                stops[-1] = at + 1
            else:
                run.is_doubtful |= not self._is_head(at)
                break
            at += 1
        run.stop = stops[-1]
        run.is_doubtful |= self._says_more(run.stop) or any(_WIDE.search(lines[start]) for start in starts)
        for start, stop, length in zip(starts, stops, lengths, strict=True):
            self._add(run, start, stop, length)
        return run

    def _goes_on(self, at: int, first: int, mark: Mark, number: int | None) -> int | None:
        """Return the next entry of a run beyond lines that are none, such as the header of a page."""
        lines = self._lines
        turned = False
        for after in range(at, min(len(lines), at + MAX_BETWEEN)):
            turned |= bool(lines.breaks[after])
            own = mark_of(lines[after])
            if own is None or lines.indents[after] != lines.indents[first]:
                continue
            is_next = own.number == number + 1 if own.number and number else turned
            return after if is_next and (own.kind, own.text) == (mark.kind, mark.text) else None
        return None

    def _has_next(self, line: int, mark: Mark) -> bool:
        """Return whether letters are marks: the first is `a`, and the next line has the next one."""
        after = mark_of(self._lines[line + 1]) if line + 1 < len(self._lines) else None
        return mark.number == 1 and after is not None and (after.text, after.number) == (mark.text, 2)

    def _labelled(self, line: int) -> PlainRun | None:
        """Return the items side by side behind a label, or below a label or heading that ends its line."""
        text = self._lines[line]
        found = _LABELLED.match(text[:200])
        if found is None:
            return None
        rest = text[found.end() :].strip()
        if not rest:
            return None
        start = self._lines.starts[line] + found.end()
        run = PlainRun("inline", "entries", self._lines.source, line)
        run.names = [found.group().strip(" -*•_`\"':：")]
        run.context = [*self._above(line), (self._lines.starts[line], start)]
        return self._inline(run, start, line)

    def _inline(self, run: PlainRun, start: int, line: int) -> PlainRun:
        lines, at = self._lines, line + 1
        while at < len(lines) and not lines.is_apart(at) and at not in self._apart:
            text, before = lines[at], lines[at - 1]
            if is_rule(text) or mark_of(text) or _LABELLED.match(text[:200]) or text.startswith("#"):
                break
            goes_on = before.endswith((",", ";", " and", "&", "|", "/", "·", "•")) or text[0] in ",;|/·•"
            if not (goes_on or lines.indents[at] > lines.indents[line] or len(before) >= WRAPPED):
                run.is_doubtful |= line != run.first or not self._is_head(at)
                break
            at += 1
        run.stop = at
        items = split_items(lines.source, start, lines.ends[at - 1])
        run.is_doubtful |= items.is_doubtful or len(items.ranges) < 2 or self._says_more(at)
        for first, last in items.ranges:
            run.add(first, last)
        run.is_doubtful |= any(label_of(text) is not None for text in run.texts)
        return run

    def _block(self, line: int) -> PlainRun | None:
        """Return the plain lines right below a heading or a label, each a row, or items side by side."""
        lines, head = self._lines, line - 1
        while head > 0 and is_rule(lines[head]):
            head -= 1
        if head < 0 or not self._is_head(head) or self._is_marked_head(line):
            return None
        at = line
        while at < len(lines) and (at == line or not lines.is_apart(at)) and at not in self._apart:
            text = lines[at]
            if mark_of(text) or is_rule(text) or _WIDE.search(text) or self._is_marked_head(at):
                break
            at += 1
        is_title = at == line + 1 and self._is_head(line) and not self._is_marked_head(head)
        if at == line or (is_title and at < len(lines) and not self._is_head(at)):
            return None
        texts = list(lines.texts(line, min(at, line + SAMPLE)))
        if any(lines[head].count(mark) == text.count(mark) > 0 for text in texts[:1] for mark in ";,"):
            return None  # the titles of a table
        joined = sum(text.endswith((",", ";")) for text in texts)
        is_split = len(texts) == 1 and len(self._items(line)) > 1
        if is_split or (len(texts) > 1 and joined == len(texts) - 1):
            return self._inline(self._named("inline", line), lines.starts[line], line)
        run = self._named("lines", line)
        run.stop = at
        others = sum(map(_is_no_value, texts))
        if 2 * others > len(texts):
            return None
        run.is_doubtful = len(texts) < 2 or self._says_more(at) or others > 0
        run.is_doubtful |= at < len(lines) and (not lines.is_apart(at) or not self._ends_block(at, run))
        run.is_doubtful |= _may_go_on(texts)
        run.is_doubtful |= len({lines.indents[each] for each in range(line, at)}) > 1
        for start in range(line, at):
            self._add(run, start, start + 1, 0)
        return run

    def _items(self, line: int) -> Sequence[tuple[int, int]]:
        return split_items(self._lines.source, self._lines.starts[line], self._lines.ends[line]).ranges

    def _barred(self, line: int) -> PlainRun | None:
        """Return the rows of a table of one column, between bars."""
        lines, at = self._lines, line + 1
        if not _BARRED.fullmatch(lines[line]):
            return None
        run = PlainRun("lines", "table", lines.source, line, names=[lines[line].strip("| ")])
        run.context = [*self._above(line), (lines.starts[line], lines.ends[line])]
        while at < len(lines) and (at in self._apart or is_rule(lines[at]) or _BARRED.fullmatch(lines[at])):
            if at not in self._apart and not is_rule(lines[at]):
                run.add(lines.starts[at], lines.ends[at])
            at += 1
        run.stop = at
        run.is_doubtful = any(map(is_summary, run.texts)) or self._says_more(at)
        return run

    def _ends_block(self, at: int, run: PlainRun) -> bool:
        """Return whether the line after a block can be no row of it."""
        text = self._lines[at]
        if text.startswith("#") or text.endswith(":") or at in self._apart or mark_of(text):
            return True
        rows = self._lines.texts(run.first, min(run.stop, run.first + SAMPLE))
        longest = max(len(row.split()) for row in rows)
        return _is_no_value(text) or len(text.split()) > 2 * longest + 2 or bool(_WIDE.search(text))

    def _is_head(self, line: int) -> bool:
        """Return whether a line may name what follows: a heading, or a text that ends with a colon."""
        text = self._lines[line]
        if line in self._apart or len(text) > MAX_HEAD or is_rule(text) or mark_of(text):
            return text.startswith("#")
        if self._is_marked_head(line):
            return True
        return heading_form(self._lines, line, self._apart) == "plain" and not text.endswith(".")

    def _is_marked_head(self, line: int) -> bool:
        text = self._lines[line]
        if text.startswith("#") or text.rstrip("*_ ").endswith((":", "：")):
            return True
        form = heading_form(self._lines, line) if text.startswith(("**", "__", "==", "[")) else None
        return form is not None and form[0] in "*_=["

    def _says_more(self, stop: int) -> bool:
        """Return whether a text below a run says that rows are left out."""
        return any(leaves_out(text) for text in self._lines.texts(stop, min(stop + 2, len(self._lines))))

    def _named(self, kind: RunKind, first: int) -> PlainRun:
        """Return a run without rows yet, with the lines above that may name it."""
        lines, head = self._lines, first - 1
        while head >= 0 and (head in self._apart or is_rule(lines[head])) and head > first - 4:
            head -= 1
        run = PlainRun(kind, "lines" if kind == "lines" else "entries", lines.source, first)
        above = self._above(first)
        if head >= 0 and mark_of(lines[head]) is None and len(lines[head]) <= MAX_HEAD:
            place = (lines.starts[head], lines.ends[head])
            above = [*(each for each in above if each != place), place]
        run.context = above
        run.names = [lines.source[start:end] for start, end in reversed(above)]
        return run

    def _above(self, line: int) -> list[tuple[int, int]]:
        lines = self._lines
        return [(lines.starts[at], lines.ends[at]) for at in enclosing(self._marked, line)]

    def _add(self, run: PlainRun, start: int, stop: int, length: int) -> None:
        """Add a row of lines, but none that says that rows are left out."""
        lines = self._lines
        if leaves_out(lines[start][length:]):
            run.is_doubtful = True
            return
        run.add(lines.starts[start], lines.ends[stop - 1], length)


def _may_go_on(texts: Sequence[str]) -> bool:
    """Return whether a line may go on with the one before."""
    capital = sum(text[:1].isupper() for text in texts)
    is_mixed = 2 * capital > len(texts) and any(text[:1].islower() for text in texts)
    return is_mixed or any(len(text) >= WRAPPED or text.endswith(("-", ",")) for text in texts[:-1])


def _is_no_value(text: str) -> bool:
    """Return whether a line is a sentence, a sum, a note, or a label with a value."""
    is_prose = text.endswith((".", "!", "?")) and len(text.split()) >= PROSE_WORDS
    return is_prose or is_summary(text) or is_note(text) or label_of(text) is not None
