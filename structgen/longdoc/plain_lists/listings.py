"""The runs of plain values among the lines of a text, but for columns of tables."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from structgen.longdoc.layout.headings import Marked
from structgen.longdoc.layout.line_words import is_rule
from structgen.longdoc.layout.lines import Lines
from structgen.longdoc.plain_lists.heads import Heads
from structgen.longdoc.plain_lists.inline_items import InlineItems
from structgen.longdoc.plain_lists.line_blocks import LineBlocks
from structgen.longdoc.plain_lists.marked_entries import MarkedEntries
from structgen.longdoc.plain_lists.run import PlainRun


def listings(lines: Lines, apart: Collection[int], marked: Marked) -> Iterator[PlainRun]:
    """Yield the runs in document order; they do not lie over each other."""
    heads = Heads(lines, apart, marked)
    entries, inline = MarkedEntries(lines, heads), InlineItems(lines, heads)
    blocks = LineBlocks(lines, heads, inline)
    at = 0
    while at < len(lines):
        run = None
        if at not in heads.apart and not is_rule(lines[at]):
            run = entries.run(at) or blocks.barred(at) or inline.labelled(at) or blocks.run(at)
        if run is None or not run.rows:
            at += 1
        else:
            yield run
            at = max(run.stop, at + 1)
