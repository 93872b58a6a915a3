"""Entries of one value each that begin with bullets, numbers or letters."""

from __future__ import annotations

from dataclasses import dataclass

from structgen.longdoc.layout.line_words import is_rule
from structgen.longdoc.layout.lines import Lines
from structgen.longdoc.plain_lists.heads import Heads
from structgen.longdoc.plain_lists.marks import Mark, label_at, mark_of
from structgen.longdoc.plain_lists.run import WIDE, WRAPPED, PlainRun

MAX_BETWEEN = 6
"""Lines between two entries of a run, at most, where a page turns or the numbers go on."""


@dataclass(frozen=True)
class MarkedEntries:
    """Finds entries that begin with marks."""

    lines: Lines
    heads: Heads

    def run(self, first: int) -> PlainRun | None:
        """Return the entries that begin with marks of one kind, one below the other."""
        lines = self.lines
        mark = mark_of(lines[first])
        if mark is None or (mark.kind == "letter" and not self._has_next(first, mark)):
            return None
        near = lines.texts(max(0, first - 1), min(len(lines), first + 2))
        if label_at(lines[first]) and sum(label_at(text) is not None for text in near) > 1:
            return None  # labels with values, one below the other
        run = self.heads.named("marked", first)
        starts, stops, lengths = [first], [first + 1], [mark.length]
        run.is_doubtful = mark.number not in {None, 1}
        at, number = first + 1, mark.number
        while at < len(lines):
            if at in self.heads.apart:
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
                run.is_doubtful |= not self.heads.is_head(at)
                break
            at += 1
        run.stop = stops[-1]
        run.is_doubtful |= self.heads.says_more(run.stop) or any(
            WIDE.search(lines[start]) for start in starts
        )
        for start, stop, length in zip(starts, stops, lengths, strict=True):
            self.heads.add(run, start, stop, length)
        return run

    def _goes_on(self, at: int, first: int, mark: Mark, number: int | None) -> int | None:
        """Return the next entry of a run beyond lines that are none, such as the header of a page."""
        lines = self.lines
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
        after = mark_of(self.lines[line + 1]) if line + 1 < len(self.lines) else None
        return mark.number == 1 and after is not None and (after.text, after.number) == (mark.text, 2)
