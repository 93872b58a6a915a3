"""Plain lines of one value each below a heading or a label, and tables of one column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from structgen.longdoc.layout.anchors import label_of
from structgen.longdoc.layout.line_words import is_note, is_rule, is_summary
from structgen.longdoc.layout.lines import Lines
from structgen.longdoc.plain_lists.heads import Heads
from structgen.longdoc.plain_lists.inline_items import InlineItems
from structgen.longdoc.plain_lists.marks import mark_of
from structgen.longdoc.plain_lists.run import WIDE, WRAPPED, PlainRun, Range
from structgen.longdoc.plain_lists.splitting import split_items

SAMPLE = 400
"""Lines of a block that are looked at."""
PROSE_WORDS = 9
_BARRED = re.compile(r"\|[^|\n]*\|")


@dataclass(frozen=True)
class LineBlocks:
    """Finds lines that are values."""

    lines: Lines
    heads: Heads
    inline: InlineItems

    def run(self, line: int) -> PlainRun | None:
        """Return the plain lines right below a heading or a label, each a row, or items side by side."""
        lines, head = self.lines, line - 1
        while head > 0 and is_rule(lines[head]):
            head -= 1
        if head < 0 or not self.heads.is_head(head) or self.heads.is_marked_head(line):
            return None
        at = line
        while at < len(lines) and (at == line or not lines.is_apart(at)) and at not in self.heads.apart:
            text = lines[at]
            if mark_of(text) or is_rule(text) or WIDE.search(text) or self.heads.is_marked_head(at):
                break
            at += 1
        is_title = at == line + 1 and self.heads.is_head(line) and not self.heads.is_marked_head(head)
        if at == line or (is_title and at < len(lines) and not self.heads.is_head(at)):
            return None
        texts = list(lines.texts(line, min(at, line + SAMPLE)))
        if any(lines[head].count(mark) == text.count(mark) > 0 for text in texts[:1] for mark in ";,"):
            return None  # the titles of a table
        joined = sum(text.endswith((",", ";")) for text in texts)
        is_split = len(texts) == 1 and len(self._items(line)) > 1
        if is_split or (len(texts) > 1 and joined == len(texts) - 1):
            return self.inline.from_(self.heads.named("inline", line), lines.starts[line], line)
        run = self.heads.named("lines", line)
        run.stop = at
        others = sum(map(_is_no_value, texts))
        if 2 * others > len(texts):
            return None
        run.is_doubtful = len(texts) < 2 or self.heads.says_more(at) or others > 0
        run.is_doubtful |= at < len(lines) and (not lines.is_apart(at) or not self._ends_block(at, run))
        run.is_doubtful |= _may_go_on(texts)
        run.is_doubtful |= len({lines.indents[each] for each in range(line, at)}) > 1
        for start in range(line, at):
            self.heads.add(run, start, start + 1, 0)
        return run

    def _items(self, line: int) -> Sequence[Range]:
        return split_items(self.lines.source, self.lines.starts[line], self.lines.ends[line]).ranges

    def barred(self, line: int) -> PlainRun | None:
        """Return the rows of a table of one column, between bars."""
        lines, apart, at = self.lines, self.heads.apart, line + 1
        if not _BARRED.fullmatch(lines[line]):
            return None
        run = PlainRun("lines", "table", lines.source, line, names=[lines[line].strip("| ")])
        run.context = [*self.heads.above(line), (lines.starts[line], lines.ends[line])]
        while at < len(lines) and (at in apart or is_rule(lines[at]) or _BARRED.fullmatch(lines[at])):
            if at not in apart and not is_rule(lines[at]):
                run.add(lines.starts[at], lines.ends[at])
            at += 1
        run.stop = at
        run.is_doubtful = any(map(is_summary, run.texts)) or self.heads.says_more(at)
        return run

    def _ends_block(self, at: int, run: PlainRun) -> bool:
        """Return whether the line after a block can be no row of it."""
        text = self.lines[at]
        if text.startswith("#") or text.endswith(":") or at in self.heads.apart or mark_of(text):
            return True
        rows = self.lines.texts(run.first, min(run.stop, run.first + SAMPLE))
        longest = max(len(row.split()) for row in rows)
        return _is_no_value(text) or len(text.split()) > 2 * longest + 2 or bool(WIDE.search(text))


def _may_go_on(texts: Sequence[str]) -> bool:
    """Return whether a line may go on with the one before."""
    capital = sum(text[:1].isupper() for text in texts)
    is_mixed = 2 * capital > len(texts) and any(text[:1].islower() for text in texts)
    return is_mixed or any(len(text) >= WRAPPED or text.endswith(("-", ",")) for text in texts[:-1])


def _is_no_value(text: str) -> bool:
    """Return whether a line is a sentence, a sum, a note, or a label with a value."""
    is_prose = text.endswith((".", "!", "?")) and len(text.split()) >= PROSE_WORDS
    return is_prose or is_summary(text) or is_note(text) or label_of(text) is not None
