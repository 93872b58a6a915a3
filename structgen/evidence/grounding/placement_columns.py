"""Where the fields of a list's items stand in their rows, as learned from rows that leave no doubt."""

from __future__ import annotations

from collections import Counter, defaultdict

from structgen.evidence.grounding.placement_labels import SEPARATOR
from structgen.evidence.grounding.placement_lines import Lines
from structgen.evidence.grounding.places import Place
from structgen.schema.traversal import JsonPath

_SAMPLES = 200
"""Rows that a field is learned from."""
_CONTEXT = 400
"""Characters of a line on either side of a place that are read."""
Position = tuple[int, ...]
_WEIGHTS = (0.25, 0.15, 0.15, 0.15, 0.15, 0.1, 0.1)
"""What the parts of a position tell; a part that differs from row to row tells less."""


def position(place: Place, lines: Lines, first_line: int) -> Position:
    """Return where a place stands in a row that begins at a line.

    The line of the row; words and cells before and after the place on its line; its first and last column.
    """
    number = lines.at(place.start)
    key = place.start, place.end
    known = lines.known_positions.get(key)
    if known is None:
        known = lines.known_positions[key] = _on_line(place, lines, number)
    return (number - first_line, *known)


def _on_line(place: Place, lines: Lines, number: int) -> Position:
    begin = lines.begin(number)
    before = lines.text[max(begin, place.start - _CONTEXT) : place.start]
    after = lines.text[place.end : min(lines.begin(number + 1), place.end + _CONTEXT)].rstrip()
    return (
        len(before.split()),
        len(after.split()),
        len(SEPARATOR.findall(before)),
        len(SEPARATOR.findall(after)),
        place.start - begin,
        place.end - begin,
    )


class Columns:
    """Counts of the positions of each field of a list, and of the same lists of all outer items together."""

    def __init__(self, shared: Columns | None = None) -> None:
        self._shared = shared
        self._counts: dict[JsonPath, tuple[Counter[int], ...]] = defaultdict(
            lambda: tuple(Counter() for _ in range(7))
        )
        self._samples: Counter[JsonPath] = Counter()

    def wants(self, field: JsonPath) -> bool:
        """Whether the field can still be learned from one more row."""
        return self._samples[field] < _SAMPLES

    def learn(self, field: JsonPath, where: Position) -> None:
        """Count a place that is surely the field's."""
        self._samples[field] += 1
        for counter, feature in zip(self._counts[field], where, strict=True):
            counter[feature] += 1
        if self._shared is not None and self._shared.wants(field):
            self._shared.learn(field, where)

    def knows(self, field: JsonPath) -> bool:
        """Whether any row told where the field stands."""
        return bool(self._samples[field]) or (self._shared is not None and self._shared.knows(field))

    def agreement(self, field: JsonPath, where: Position) -> float:
        """Return 0 to 1: how far a place stands where the field stands in other rows."""
        samples = self._samples[field]
        if not samples:
            return 0.0 if self._shared is None else self._shared.agreement(field, where)
        total = agreed = 0.0
        for counter, feature, weight in zip(self._counts[field], where, _WEIGHTS, strict=True):
            steadiness = max(counter.values()) / samples
            total += weight * steadiness**2
            agreed += weight * steadiness**2 * counter[feature] / samples
        return agreed / total * samples / (samples + 0.5)
