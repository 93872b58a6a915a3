"""Items side by side, behind a label or below one, also over several lines."""

from __future__ import annotations

from dataclasses import dataclass

from structgen.longdoc.layout.anchors import label_of
from structgen.longdoc.layout.line_words import is_rule
from structgen.longdoc.layout.lines import Lines
from structgen.longdoc.plain_lists.heads import Heads
from structgen.longdoc.plain_lists.marks import label_at, mark_of
from structgen.longdoc.plain_lists.run import WRAPPED, PlainRun
from structgen.longdoc.plain_lists.splitting import split_items


@dataclass(frozen=True)
class InlineItems:
    """Finds items that stand side by side."""

    lines: Lines
    heads: Heads

    def labelled(self, line: int) -> PlainRun | None:
        """Return the items behind a label on its line."""
        text = self.lines[line]
        found = label_at(text)
        if found is None:
            return None
        rest = text[found.end() :].strip()
        if not rest:
            return None
        start = self.lines.starts[line] + found.end()
        run = PlainRun("inline", "entries", self.lines.source, line)
        run.names = [found.group().strip(" -*•_`\"':：")]
        run.context = [*self.heads.above(line), (self.lines.starts[line], start)]
        return self.from_(run, start, line)

    def from_(self, run: PlainRun, start: int, line: int) -> PlainRun:
        """Add the items from an offset on to a run, as far as the lines go on."""
        lines, at = self.lines, line + 1
        while at < len(lines) and not lines.is_apart(at) and at not in self.heads.apart:
            text, before = lines[at], lines[at - 1]
            if is_rule(text) or mark_of(text) or label_at(text) or text.startswith("#"):
                break
            goes_on = before.endswith((",", ";", " and", "&", "|", "/", "·", "•")) or text[0] in ",;|/·•"
            if not (goes_on or lines.indents[at] > lines.indents[line] or len(before) >= WRAPPED):
                run.is_doubtful |= line != run.first or not self.heads.is_head(at)
                break
            at += 1
        run.stop = at
        items = split_items(lines.source, start, lines.ends[at - 1])
        run.is_doubtful |= items.is_doubtful or len(items.ranges) < 2 or self.heads.says_more(at)
        for first, last in items.ranges:
            run.add(first, last)
        run.is_doubtful |= any(label_of(text) is not None for text in run.texts)
        return run
