"""Count the rows that a text has for the lists of plain values of a schema."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any

from structgen.longdoc.layout.headings import Marked, marked_headings
from structgen.longdoc.layout.line_words import is_rule
from structgen.longdoc.layout.lines import Lines
from structgen.longdoc.layout.stated_counts import is_generic, says_none, stated_count
from structgen.longdoc.layout.titles import title_words
from structgen.longdoc.lists import ListSpec
from structgen.longdoc.plain_lists.columns import columns, titled_tables
from structgen.longdoc.plain_lists.kinds import ValueForm, may_say_several
from structgen.longdoc.plain_lists.listings import listings
from structgen.longdoc.plain_lists.names import ListWords
from structgen.longdoc.plain_lists.ranks import Rank
from structgen.longdoc.plain_lists.run import PlainRun
from structgen.longdoc.rows import ListRows, RowRun, Rows
from structgen.types import Span

MAX_OTHER_LINES = 3
"""Lines beside the only run of a text up to which the text is that list, whatever it is called."""
NEAR = 4
"""Lines below a run in which another may go on with it."""
MAX_LABEL = 200
_COUNT = re.compile(r"[(\[]\s?(\d{1,7})\s?[)\]]\W*$|\W(\d{1,7})\s?[)\]]?\W*$")


class PlainLists:
    """The lines of a text with the runs that may be rows of lists of plain values."""

    def __init__(self, lines: Lines, apart: Collection[int], specs: Sequence[ListSpec]) -> None:
        self._lines, self._apart = lines, apart
        self._marked: Marked = marked_headings(lines)
        self._tables = titled_tables(lines, apart, [ListWords.of(spec) for spec in specs])
        in_tables = {line for table in self._tables for line in table.starts}
        self._listings = [
            run
            for run in listings(lines, apart, self._marked)
            if run.kind == "marked" or not in_tables.intersection(range(run.first, run.stop))
        ]
        self._only = len(specs) == 1

    def list_rows(self, spec: ListSpec) -> ListRows:
        """Return the rows of one list: certain ones only where the text names a run as the schema does."""
        words, form = ListWords.of(spec), ValueForm.of(spec)
        if words.is_choice:
            return ListRows(spec.pointer)
        runs, rank = self._named(words)
        given = [
            run for run in runs if len(run.rows) > 1 or not all(_is_none(text, words) for text in run.texts)
        ]
        is_empty = any(words.rank(name) is Rank.EXACT and _is_none(text, words) for name, text in self._empty)
        if is_empty and not given:
            return ListRows(spec.pointer, certain=True, stated=0)
        if not runs:
            return self._whole(spec, words, form)
        if rank < Rank.WHOLE and len(runs) > 1:
            return ListRows(spec.pointer)
        is_sure = rank >= Rank.WHOLE and len(runs) == 1 and self._is_sure(runs[0], words, form)
        is_unique = words.is_distinct or any(schema.get("uniqueItems") is True for schema in spec.schemas)
        return self._rows(spec, form, given or runs, is_sure, is_unique)

    def _named(self, words: ListWords) -> tuple[list[PlainRun], Rank]:
        """Return the runs that the text calls most as the schema does, and how much that is."""
        found = [(words.rank_of(run.names), run) for run in self._listings if not _is_count(run)]
        in_columns = columns(self._lines, self._tables, words, self._marked, self._apart)
        found += [(words.rank(run.names[0]), run) for run in in_columns]
        best = max((rank for rank, _ in found), default=Rank.NONE)
        if best is Rank.NONE:
            return [], best
        if best is Rank.WHOLE and any(rank is Rank.PART for rank, _ in found):
            return [run for rank, run in found if rank], Rank.PART
        is_contested = best is Rank.EXACT and any(Rank.NOUN <= rank < best for rank, _ in found)
        return [run for rank, run in found if rank is best], Rank.PART if is_contested else best

    def _is_sure(self, run: PlainRun, words: ListWords, form: ValueForm) -> bool:
        """Return whether a run that has a list's name can be nothing but the list."""
        if self._has_rest(run) or (form.kind == "text" and any(map(words.says_itself, run.texts))):
            return False
        is_one = run.kind == "inline" and "," in self._between(run) and not words.is_plural(run.names[0])
        return not is_one  # `Location: Berlin, Germany`

    def _has_rest(self, run: PlainRun) -> bool:
        """Return whether a run below may go on with a run: under its heading, or with none of its own."""
        lines = self._lines
        heading = run.context[-1] if run.context else None
        if heading is not None and not lines.source.startswith("#", heading[0]):
            heading = None
        for other in self._listings:
            if other.first < run.stop or other.kind != run.kind:
                continue
            if heading is not None and heading in other.context:
                return True
            head = other.names[0] if other.names else ""
            if other.first <= run.stop + NEAR and not head[:1].isupper() and head[:1] not in {"#", "*"}:
                return True
        return False

    def _between(self, run: PlainRun) -> str:
        """Return what stands between the items of a run."""
        source = self._lines.source
        return "".join(source[one.end : other.start] for one, other in pairwise(run.rows))

    @cached_property
    def _empty(self) -> frozenset[tuple[str, str]]:
        """The labels and headings that are followed by `none` or the like, with what follows."""
        found, before = set[tuple[str, str]](), ""
        for line in range(len(self._lines)):
            text = self._lines[line][:MAX_LABEL]
            label, _, rest = text.partition(":")
            said = rest.strip() or text
            if says_none(said) is not None:
                found.add((label if rest.strip() else before, said))
            before = text
        return frozenset(found)

    def _whole(self, spec: ListSpec, words: ListWords, form: ValueForm) -> ListRows:
        """Return the rows of the only run of marked entries in a text, for a list of any values.

        They are certain where the text has nothing else.
        """
        runs = [run for run in self._listings if run.kind == "marked" and len(run.rows) > 1]
        if not (self._only and words.is_generic and len(runs) == 1):
            return ListRows(spec.pointer)
        run = runs[0]
        outside = [*range(run.first), *range(run.stop, len(self._lines))]
        others = [at for at in outside if at not in self._apart and not is_rule(self._lines[at])]
        return self._rows(spec, form, [run], len(others) <= MAX_OTHER_LINES, False)

    def _rows(
        self, spec: ListSpec, form: ValueForm, runs: Sequence[PlainRun], is_named: bool, is_wanted_once: bool
    ) -> ListRows:
        """Return the rows of runs; where the list has each value once, those that say one first."""
        is_unique = is_wanted_once
        certain = is_named and not any(run.is_doubtful for run in runs)
        certain = certain and all(form.fits(text) for run in runs for text in run.texts)
        repeated, number = set[int](), sum(len(run.rows) for run in runs)
        if form.kind in {"text", "choice"}:
            certain = certain and not any(may_say_several(list(run.texts)) for run in runs)
            is_unique = is_unique or any(run.kind == "column" for run in runs)
        if is_unique:
            repeated, is_exact = _repeated(text for run in runs for text in run.texts)
            certain = certain and is_exact and (is_wanted_once or not repeated)
            number -= len(repeated)
        certain = certain and self._agrees(spec, runs, number) and _is_allowed(spec.schemas, number)
        found, at = [], 0
        for run in runs:
            rows = run.rows
            if repeated:
                kept = (row for index, row in enumerate(run.rows, at) if index not in repeated)
                rows = Rows((row.start, row.end) for row in kept)
            at += len(run.rows)
            context = tuple(Span(start, end) for start, end in run.context)
            found.append(RowRun(rows, context, run.basis, certain, shares_lines=run.shares_lines))
        return ListRows(spec.pointer, tuple(run for run in found if run.rows), certain)

    def _agrees(self, spec: ListSpec, runs: Sequence[PlainRun], number: int) -> bool:
        """Return whether the counts that the text states are that of the rows, as far as there are any."""
        names = title_words(spec.fields[0].name)
        rows = {at for run in runs for at in range(run.first, run.stop)}
        stated = [
            count
            for at in range(len(self._lines))
            if at not in rows and (count := stated_count(self._lines[at], names)) is not None
        ]
        heads = (_COUNT.search(run.names[0]) for run in runs if run.names and run.kind != "column")
        stated += [int(found[1]) for found in heads if found and found[1]]
        return all(count == number for count in stated)


def _is_count(run: PlainRun) -> bool:
    """Return whether a label is followed by a whole number alone: `Members: 12`."""
    return run.kind == "inline" and len(run.rows) == 1 and next(run.texts).isdecimal()


def _is_none(text: str, words: ListWords) -> bool:
    """Return whether a text says that a list has no values; `No smoking` is a value of a list of rules."""
    noun = says_none(text)
    return noun is not None and (is_generic(noun) or words.says_itself(text))


def _repeated(texts: Iterable[str]) -> tuple[set[int], bool]:
    """Return the indices of texts that equal one before but for case and blanks; whether all do exactly."""
    seen: dict[str, str] = {}
    repeated, is_exact = set(), True
    for index, text in enumerate(texts):
        key = " ".join(text.casefold().split())
        if key in seen:
            repeated.add(index)
            is_exact = is_exact and seen[key] == text
        seen.setdefault(key, text)
    return repeated, is_exact


def _is_allowed(schemas: Sequence[dict[str, Any]], number: int) -> bool:
    """Return whether the list may have so many items."""
    return all(schema.get("minItems", 0) <= number <= schema.get("maxItems", number) for schema in schemas)
