"""Which runs of lines are the rows of which list: by the words of titles, and by what the columns have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from structgen.longdoc.layout.cells import CellKind
from structgen.longdoc.layout.line_runs import LineRun
from structgen.longdoc.layout.lines import Lines
from structgen.longdoc.layout.titles import likeness, title_words
from structgen.longdoc.lists import ListSpec
from structgen.longdoc.row_needs import FieldKind, RowNeeds, field_kind, may_be_null
from structgen.longdoc.row_readings import is_crosswise, is_periodic, share_of_rows, share_of_several

WEAK = {"word", "paragraph", "outdented", "code", "letter", "shape", "inner"}
"""Beginnings that prose has as well."""
MIN_HELD = 0.9
"""The share of the rows without titles that have all that the schema asks of a row."""
MANY = 0.25
"""The share of the rows with all that two rows need from which the lines are no rows at all."""
_ORDINAL = {"number", "role", "line", "row", "index", "rank", "step", "order", "place", "product"}
"""Words in the names of fields that the number before an entry may be for."""
MAX_LINES = 12
"""Lines of an entry on average; longer ones are chapters."""


def name_words(spec: ListSpec) -> frozenset[str]:
    """Return the words of the names of a list's fields."""
    return frozenset().union(*(title_words(field.name) for field in spec.fields))


@dataclass(frozen=True)
class Match:
    """How well a run fits a list."""

    named: float
    """The share of the fields whose name is among the titles."""
    fits: bool
    """Whether the columns have what the required fields ask for."""
    exact: bool
    """Whether there are as many columns as fields, but for one that numbers the rows, of the same kinds."""

    enough: float = 0.5
    """The share of the fields that titles must name."""

    @property
    def score(self) -> float:
        """How well it fits; below 1 it does not."""
        return (2 * self.named + (1 if self.exact else 0.4)) if self.fits else 0.5 * self.named

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
        if not (found.fits and run.starts):
            return found
        needs = RowNeeds.of(spec)
        several = share_of_several(self.lines, run, needs)
        if is_crosswise(self.lines, run, spec) or several >= MANY:
            return replace(found, fits=False, exact=False)
        if (several and run.kind != "table") or (run.kind in {*WEAK, "day"} and is_periodic(self.lines, run)):
            return replace(found, exact=False)
        if found.exact and found.named < found.enough:
            return replace(found, exact=share_of_rows(self.lines, run, needs) >= MIN_HELD)
        return found


def _match(run: LineRun, spec: ListSpec) -> Match:
    columns = [column.most_common(1)[0][0] for column in run.columns if column]
    kinds = Counter(field_kind(field) for field in spec.fields)
    needed = Counter(field_kind(field) for field in spec.fields if not may_be_null(field))
    has = Counter(_column_kinds(columns))
    if run.kind == "number" and not name_words(spec) & _ORDINAL:
        has["number"] -= 1
    if kinds["date"] > has["date"]:
        has["date"] += columns.count("time")
    named = _named(run.titles, spec)
    typed = kinds["date"] + kinds["number"]
    fits = all(needed[kind] <= has[kind] for kind in ("date", "number") if columns)
    fits = fits and (typed > 0 or named >= 0.3)
    enough = typed > 0 and all(kinds[kind] <= has[kind] for kind in ("date", "number"))
    agrees = enough and _agrees(run, spec, columns, kinds, has)
    enough_named = 2.0 if run.kind not in {"table", "label"} else 0.5 if typed else 0.75
    return Match(named if _is_simple(run) else 0.0, fits, agrees, enough_named)


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
    if run.kind == "label":
        return len(run.titles) == len(spec.fields) and rows >= 2
    if _length(run) > MAX_LINES:
        return False
    if not kinds["date"] and kinds["number"] == 1 and run.regular < 0.9:
        return False
    doubled = kinds["date"] > 0 and has["date"] >= 2 * kinds["date"]
    if run.kind in WEAK:
        return rows >= 3 and not doubled and run.regular >= 0.95
    return rows >= (2 if run.kind in {"number", "bullet", "tag", "date", "leader"} else 3) and not doubled


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
        words = title_words(field.name)
        best = max(free, key=lambda title: likeness(words, title), default=frozenset[str]())
        if likeness(words, best) > 0:
            named += 1
            free.remove(best)
    return named / max(1, len(spec.fields))
