"""Count the rows that a text has for the lists of plain values of a schema."""

from __future__ import annotations

import re
from itertools import pairwise
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from structgen.longdoc.layout.headings import Marked, marked_headings
from structgen.longdoc.layout.line_runs import LineRun
from structgen.longdoc.layout.line_words import is_rule
from structgen.longdoc.layout.lines import Lines
from structgen.longdoc.layout.ruled_tables import ruled_tables
from structgen.longdoc.layout.stated_counts import says_none, stated_count
from structgen.longdoc.layout.tables import tables
from structgen.longdoc.layout.titles import title_words
from structgen.longdoc.lists import ListSpec
from structgen.longdoc.plain_lists.columns import columns
from structgen.longdoc.plain_lists.kinds import ValueForm, may_say_several
from structgen.longdoc.plain_lists.listings import Listings
from structgen.longdoc.plain_lists.names import ListWords, Rank
from structgen.longdoc.plain_lists.run import PlainRun
from structgen.longdoc.rows import ListRows, RowRun, Rows
from structgen.types import Span

MAX_OTHER_LINES = 3
"""Lines beside the only run of a text up to which the text is that list, whatever it is called."""
NEAR = 4
"""Lines below a run in which another may go on with it."""
MAX_TITLES = 200
_CELLS = re.compile(r"[;,|\t]|\s{2,}")
_LETTERS_ONLY = re.compile(r"[^\d:!?]*")
_COUNT = re.compile(r"[(\[]\s?(\d{1,7})\s?[)\]]\W*$|\W(\d{1,7})\s?[)\]]?\W*$")


class PlainLists:
    """The lines of a text with the runs that may be rows of lists of plain values."""

    def __init__(self, lines: Lines, apart: Collection[int], specs: Sequence[ListSpec]) -> None:
        self._lines, self._apart = lines, apart
        self._marked: Marked = marked_headings(lines)
        names = [ListWords.of(spec) for spec in specs]
        words = frozenset[str]().union(*(each.words for each in names), _titles(lines, names))
        self._tables = _apart([*ruled_tables(lines, apart), *tables(lines, apart, words)])
        in_tables = {line for table in self._tables if table.header for line in table.starts}
        self._listings = [
            run
            for run in Listings(lines, apart, self._marked).runs()
            if run.kind == "marked" or not in_tables.intersection(range(run.first, run.stop))
        ]
        self._only = len(specs) == 1

    def list_rows(self, spec: ListSpec) -> ListRows:
        """Return the rows of one list: certain ones only where the text names a run as the schema does."""
        words, form = ListWords.of(spec), ValueForm.of(spec)
        if words.is_choice:
            return ListRows(spec.pointer)
        runs, rank = self._named(words, form)
        if all(len(run.rows) < 2 for run in runs) and (none := self._none(spec, words)):
            return none
        if not runs:
            return self._whole(spec, words, form)
        if rank < Rank.WHOLE and len(runs) > 1:
            return ListRows(spec.pointer)
        is_sure = rank >= Rank.WHOLE and len(runs) == 1 and not self._has_rest(runs[0])
        is_sure = is_sure and not (runs[0].kind == "inline" and "," in self._between(runs[0]) and not words.is_plural(runs[0].names[0]))
        if form.kind == "text":
            is_sure = is_sure and not any(map(words.says_itself, runs[0].texts))
        is_unique = words.is_distinct or any(schema.get("uniqueItems") is True for schema in spec.schemas)
        return self._rows(spec, form, runs, is_sure, is_unique)

    def _named(self, words: ListWords, form: ValueForm) -> tuple[list[PlainRun], Rank]:
        """Return the runs that the text calls most as the schema does, and how much that is."""
        found = [(words.rank_of(run.names), run) for run in self._listings]
        in_columns = columns(self._lines, self._tables, words, form, self._marked, self._apart)
        found += [(words.rank(run.names[0]), run) for run in in_columns]
        best = max((rank for rank, _ in found), default=Rank.NONE)
        if best is Rank.NONE:
            return [], best
        if best is Rank.WHOLE and any(rank is Rank.PART for rank, _ in found):
            return [run for rank, run in found if rank], Rank.PART
        is_contested = best is Rank.EXACT and any(Rank.NOUN <= rank < best for rank, _ in found)
        return [run for rank, run in found if rank is best], Rank.PART if is_contested else best

    def _has_rest(self, run: PlainRun) -> bool:
        """Return whether a run further below may go on with a run: under its heading, or with none of its own."""
        lines = self._lines
        heading = run.context[-1] if run.context else None
        if heading is not None and not lines.source.startswith("#", heading[0]):
            heading = None
        for other in self._listings:
            if other.first < run.stop or other is run or run.kind == "column":
                continue
            if other.kind != run.kind:
                continue
            if heading is not None and heading in other.context:
                return True
            head = other.names[0] if other.names else ""
            if other.first <= run.stop + NEAR and not head[:1].isupper() and head[:1] not in {"#", "*"}:
                return True
        return False

    def _between(self, run: PlainRun) -> str:
        """Return what stands between the items of a run."""
        ends = pairwise(run.rows)
        return "".join(self._lines.source[before[1] : after[0]] for before, after in ends)

    def _none(self, spec: ListSpec, words: ListWords) -> ListRows | None:
        """Return no rows, where a label or heading of the list's name is followed by `none`."""
        for line in range(len(self._lines)):
            label, _, rest = self._lines[line][:200].partition(":")
            if rest and says_none(rest.strip()) is not None and words.rank(label) is Rank.EXACT:
                return ListRows(spec.pointer, certain=True, stated=0)
            after = self._lines[line + 1] if line + 1 < len(self._lines) else ""
            if not rest.strip() and says_none(after) is not None and words.rank(label) is Rank.EXACT:
                return ListRows(spec.pointer, certain=True, stated=0)
        return None

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
        self, spec: ListSpec, form: ValueForm, runs: Sequence[PlainRun], is_named: bool, is_unique: bool
    ) -> ListRows:
        texts = [text for run in runs for text in run.texts]
        certain = is_named and not any(run.is_doubtful for run in runs) and all(map(form.fits, texts))
        if form.kind in {"text", "choice"}:
            certain = certain and not may_say_several(texts)
        repeated = _repeated(texts)
        in_column = any(run.kind == "column" for run in runs)
        if repeated and (is_unique or (in_column and form.kind in {"text", "choice"})):
            exact = len({text.strip() for text in texts}) == len(texts) - len(repeated)
            certain = certain and is_unique and exact
        else:
            repeated = set()
        number = len(texts) - len(repeated)
        certain = certain and self._agrees(spec, runs, number) and _is_allowed(spec.schemas, number)
        found, at = [], 0
        for run in runs:
            rows = [row for index, row in enumerate(run.rows, at) if index not in repeated]
            at += len(run.rows)
            context = tuple(Span(start, end) for start, end in run.context)
            found.append(RowRun(Rows(rows), context, run.basis, certain, shares_lines=run.shares_lines))
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


def _apart(runs: Sequence[LineRun]) -> list[LineRun]:
    """Return the tables with a header that do not lie over each other: those with more rows, or ruled ones."""
    taken: set[int] = set()
    chosen = []
    for run in sorted((run for run in runs if run.header), key=lambda run: -len(run.starts)):
        if not taken.intersection(run.starts):
            taken.update(run.starts)
            chosen.append(run)
    return chosen


def _titles(lines: Lines, names: Sequence[ListWords]) -> Iterator[str]:
    """Yield the words of lines that are titles of columns, one of which names a list."""
    words = frozenset[str]().union(*(each.words for each in names))
    for line in range(len(lines)):
        text = lines[line][:MAX_TITLES]
        if not (_CELLS.search(text) and _LETTERS_ONLY.fullmatch(text) and words & title_words(text)):
            continue
        cells = [cell for cell in _CELLS.split(text) if cell.strip()]
        if len(cells) > 1 and any(each.rank(cell) >= Rank.WHOLE for each in names for cell in cells):
            yield from title_words(text)


def _repeated(texts: Sequence[str]) -> set[int]:
    """Return the indices of texts that equal one before them."""
    seen: set[str] = set()
    repeated = set()
    for index, text in enumerate(texts):
        key = " ".join(text.casefold().split())
        if key in seen:
            repeated.add(index)
        seen.add(key)
    return repeated


def _is_allowed(schemas: Sequence[dict[str, Any]], number: int) -> bool:
    """Return whether the list may have so many items."""
    return all(schema.get("minItems", 0) <= number <= schema.get("maxItems", number) for schema in schemas)
