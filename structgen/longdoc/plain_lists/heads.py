"""What names the values that follow: headings, labels, and sentences that end with a colon."""

from __future__ import annotations

from collections.abc import Collection

from structgen.longdoc.layout.headings import Marked, enclosing, heading_form
from structgen.longdoc.layout.line_words import is_page_number, is_rule
from structgen.longdoc.layout.lines import Lines
from structgen.longdoc.layout.stated_counts import leaves_out
from structgen.longdoc.plain_lists.marks import mark_of
from structgen.longdoc.plain_lists.run import PlainRun, Range, RunKind

MAX_HEAD = 160


class Heads:
    """The lines of a text that may name runs of values."""

    def __init__(self, lines: Lines, apart: Collection[int], marked: Marked) -> None:
        self._lines, self._marked = lines, marked
        self.apart = frozenset(at for at in apart if is_page_number(lines[at]) or mark_of(lines[at]) is None)
        """Headers and footers of pages: equal entries at the edges of pages are none."""

    def is_head(self, line: int) -> bool:
        """Return whether a line may name what follows: a heading, or a text that ends with a colon."""
        text = self._lines[line]
        if line in self.apart or len(text) > MAX_HEAD or is_rule(text) or mark_of(text):
            return text.startswith("#")
        if self.is_marked_head(line):
            return True
        return heading_form(self._lines, line, self.apart) == "plain" and not text.endswith(".")

    def is_marked_head(self, line: int) -> bool:
        """Return whether a line's own marks show that it is a heading, or names what follows."""
        text = self._lines[line]
        if text.startswith("#") or text.rstrip("*_ ").endswith((":", "：")):
            return True
        form = heading_form(self._lines, line) if text.startswith(("**", "__", "==", "[")) else None
        return form is not None and form[0] in "*_=["

    def says_more(self, stop: int) -> bool:
        """Return whether a text below a run says that rows are left out."""
        return any(leaves_out(text) for text in self._lines.texts(stop, min(stop + 2, len(self._lines))))

    def named(self, kind: RunKind, first: int) -> PlainRun:
        """Return a run without rows yet, with the lines above that may name it."""
        lines, head = self._lines, first - 1
        while head >= 0 and (head in self.apart or is_rule(lines[head])) and head > first - 4:
            head -= 1
        run = PlainRun(kind, "lines" if kind == "lines" else "entries", lines.source, first)
        above = self.above(first)
        if head >= 0 and mark_of(lines[head]) is None and len(lines[head]) <= MAX_HEAD:
            place = (lines.starts[head], lines.ends[head])
            above = [*(each for each in above if each != place), place]
        run.context = above
        run.names = [lines.source[start:end] for start, end in reversed(above)]
        return run

    def above(self, line: int) -> list[Range]:
        """Return the places of Markdown's headings that a line stands under."""
        lines = self._lines
        return [(lines.starts[at], lines.ends[at]) for at in enclosing(self._marked, line)]

    def add(self, run: PlainRun, start: int, stop: int, length: int) -> None:
        """Add a row of lines, but none that says that rows are left out."""
        lines = self._lines
        if leaves_out(lines[start][length:]):
            run.is_doubtful = True
            return
        run.add(lines.starts[start], lines.ends[stop - 1], length)
