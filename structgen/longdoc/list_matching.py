"""Which runs of lines are the rows of which list: by the words of titles, and by what the columns have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from structgen.longdoc.field_titles import field_titles, list_words
from structgen.longdoc.layout.amounts import first_of_sum
from structgen.longdoc.layout.cells import CellKind
from structgen.longdoc.layout.line_runs import LineRun
from structgen.longdoc.layout.lines import Lines
from structgen.longdoc.layout.titles import likeness, title_words
from structgen.longdoc.lists import ListSpec
from structgen.longdoc.row_needs import FieldKind, RowNeeds, field_kind, may_be_null
from structgen.longdoc.row_readings import (
    is_crosswise,
    is_dated_at_times,
    is_periodic,
    share_of_rows,
    share_of_several,
)

WEAK = {"word", "paragraph", "outdented", "code", "letter", "shape", "inner"}
"""Beginnings that prose has as well."""
TITLED = {"table", "label", "blanks", "cells"}
"""Rows with titles: those of columns, or labels."""
MIN_HELD = 0.9
"""The share of the rows without titles that have all that the schema asks of a row."""
FEWEST_LIKELY = 3
"""Rows that may be a list's though no titles name its fields."""
MANY = 0.25
"""The share of the rows with all that two rows need from which the lines are no rows at all."""
MAX_SURPLUS = 2
"""Numbers of nearly all numbered entries that no field is for; with more, they are something else."""
_ORDINAL = {"number", "role", "line", "row", "index", "rank", "step", "order", "place", "product"}
"""Words in the names of fields that the number before an entry may be for."""
MAX_LINES = 12
"""Lines of an entry on average; longer ones are chapters."""


@dataclass(frozen=True)
class Match:
    """How well a run fits a list."""

    named: float
    """The share of the fields whose name is among the titles."""
    fits: bool
    """Whether the columns have what the required fields ask for."""
    exact: bool
    """Whether there are as many columns as fields, but for one that numbers the rows, of the same kinds."""

    is_likely: bool = False
    """Whether the rows have what the fields ask for and little else, where no titles say more."""
    adds_up: bool = False
    """Whether such rows add up to a total that is stated below them."""
    enough: float = 0.5
    """The share of the fields that titles must name."""

    @property
    def score(self) -> float:
        """How well it fits; below 1 it does not."""
        if not self.fits:
            return 0.5 * self.named
        return 2 * self.named + (1 if self.exact or self.is_likely else 0.4)

    @property
    def is_sure(self) -> bool:
        """Whether the run can be no other list's, and no table beside the list."""
        return self.fits and (self.named >= self.enough or self.exact)


class Matcher:
    """Compares runs with lists, each pair once."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self._known: dict[tuple[int, int], Match] = {}

    def match(self, run: LineRun, spec: ListSpec) -> Match:
        """Compare a run with a list, by its titles, its columns and the texts of its rows."""
        key = id(run), id(spec)
        if key not in self._known:
            self._known[key] = self._compare(run, spec)
        return self._known[key]

    @staticmethod
    def columns_match(run: LineRun, spec: ListSpec) -> Match:
        """Compare a run with a list by its titles and its columns alone."""
        return _match(run, spec)

    def _compare(self, run: LineRun, spec: ListSpec) -> Match:
        found = self.columns_match(run, spec)
        if run.owner:
            return found if run.owner == spec.pointer else Match(0.0, fits=False, exact=False)
        if not (found.fits and run.starts) or (found.score < 1 and not found.is_sure):
            return found  # what the rows say could only make it fit less
        if found.is_likely and first_of_sum(self.lines, [run]) == 0:
            found = replace(found, adds_up=True)
        needs = RowNeeds.of(spec)
        several = share_of_several(self.lines, run, needs)
        if is_crosswise(self.lines, run, spec) or several >= MANY:
            return replace(found, fits=False, exact=False)
        if run.kind in {*WEAK, "date"} and has_uneven_rows(run):
            found = replace(found, exact=False, is_likely=found.exact)
        if run.kind != "table" and (several or is_dated_at_times(self.lines, run, needs)):
            return replace(found, exact=False)
        if run.kind in {*WEAK, "day"} and is_periodic(self.lines, run):
            return replace(found, exact=False)
        if found.exact and found.named < found.enough:
            return replace(found, exact=share_of_rows(self.lines, run, needs) >= MIN_HELD)
        return found


def _match(run: LineRun, spec: ListSpec) -> Match:
    columns = [column.most_common(1)[0][0] for column in run.columns if column]
    kinds = Counter(field_kind(field) for field in spec.fields)
    needed = Counter(field_kind(field) for field in spec.fields if not may_be_null(field))
    has = Counter(_column_kinds(columns))
    if run.kind == "number" and not list_words(spec) & _ORDINAL:
        has["number"] -= 1
    if kinds["date"] > has["date"]:
        has["date"] += columns.count("time")
    named = _named(run.titles, spec)
    typed = kinds["date"] + kinds["number"]
    fits = all(needed[kind] <= has[kind] for kind in ("date", "number") if columns)
    fits = fits and (typed > 0 or named >= 0.3)
    enough = typed > 0 and all(kinds[kind] <= has[kind] for kind in ("date", "number"))
    agrees = enough and _agrees(run, spec, columns, kinds, has)
    enough_named = 2.0 if run.kind not in TITLED else 0.5 if typed else 0.75
    likely = fits and enough and run.kind in {"blanks", "cells"} and _is_likely(run, spec, kinds, has)
    return Match(named if _is_simple(run) else 0.0, fits, agrees, likely, enough=enough_named)


def _agrees(
    run: LineRun,
    spec: ListSpec,
    columns: Sequence[CellKind],
    kinds: Counter[FieldKind],
    has: Counter[FieldKind],
) -> bool:
    """Return whether a run looks like the list by what its rows have, whatever its titles."""
    rows = len(run.starts)
    if run.kind == "table":
        surplus = len(columns) - len(spec.fields)
        numbered = bool(run.columns) and run.columns[0]["number"] > 0
        fitting = surplus == 0 or (surplus == 1 and numbered)
        return fitting and has["number"] - kinds["number"] in {0, surplus} and (bool(run.header) or rows >= 3)
    if run.kind == "blanks":
        return False
    if run.kind == "cells":
        fitting = len(run.titles) - len(spec.fields) in {0, 1}
        return fitting and rows >= FEWEST_LIKELY and not run.doubts and has["number"] <= kinds["number"] + 1
    if run.kind == "label":
        return len(run.titles) == len(spec.fields) and rows >= 2
    if _length(run) > MAX_LINES or (run.kind == "number" and has["number"] - kinds["number"] > MAX_SURPLUS):
        return False
    if not kinds["date"] and kinds["number"] == 1 and run.regular < 0.9:
        return False
    doubled = kinds["date"] > 0 and has["date"] >= 2 * kinds["date"]
    if run.kind in WEAK:
        return rows >= 3 and not doubled and run.regular >= 0.95
    return rows >= (2 if run.kind in {"number", "bullet", "tag", "date", "leader"} else 3) and not doubled


def _is_likely(run: LineRun, spec: ListSpec, kinds: Counter[FieldKind], has: Counter[FieldKind]) -> bool:
    """Return whether rows without known titles have the values of the fields, and at most one more."""
    if run.kind == "cells" and len(run.titles) - len(spec.fields) not in {0, 1}:
        return False
    surplus = has["date"] + has["number"] - kinds["date"] - kinds["number"]
    return len(run.starts) >= FEWEST_LIKELY and surplus <= 1


def has_uneven_rows(run: LineRun) -> bool:
    """Return whether rows have different numbers of lines: some may be no part of them."""
    return len({stop - start for start, stop in zip(run.starts, run.stops, strict=True)}) > 1


def _length(run: LineRun) -> float:
    """Return the lines of a row, on average."""
    return sum(run.stops) / len(run.stops) - sum(run.starts) / len(run.starts)


def _is_simple(run: LineRun) -> bool:
    """Return whether most titles stand once only: two rows side by side have each twice."""
    titles = [title for title in run.titles if title]
    return run.kind != "table" or 2 * len(set(titles)) > len(titles) + 1 or len(titles) < 2


def _column_kinds(columns: Sequence[CellKind]) -> list[FieldKind]:
    known: dict[CellKind, FieldKind] = {"date": "date", "number": "number"}
    return [known.get(kind, "text") for kind in columns]


def _named(titles: Sequence[str], spec: ListSpec) -> float:
    """Return the share of the fields that have a title of their own."""
    free = [title_words(title) for title in titles if title]
    named = 0
    for field in spec.fields:
        names = field_titles(field)
        share, best = max(
            ((likeness(words, title), at) for at, title in enumerate(free) for words in names),
            default=(0.0, 0),
        )
        if share > 0:
            named += 1
            del free[best]
    return named / max(1, len(spec.fields))
