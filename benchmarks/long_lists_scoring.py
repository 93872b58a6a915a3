"""Scores an answer's rows against the truth: which rows it has, which it invents, and their values."""

import json
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]


@dataclass
class Score:
    """Counts over rows. A row is found where an answer's item has at least half of its values."""

    rows: int = 0
    found: int = 0
    items: int = 0
    exact: int = 0
    values: int = 0
    right: int = 0

    def add(self, other: "Score") -> None:
        for name in vars(self):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def recall(self) -> float:
        return self.found / self.rows if self.rows else 1.0

    @property
    def precision(self) -> float:
        return self.found / self.items if self.items else 1.0

    @property
    def is_perfect(self) -> bool:
        return self.found == self.rows == self.items and self.right == self.values

    def __str__(self) -> str:
        exact, right = self.exact / max(1, self.found), self.right / max(1, self.values)
        return (
            f"{self.rows:6} rows: recall {self.recall:.4f}, precision {self.precision:.4f},"
            f" rows exact {exact:.4f}, values exact {right:.4f}"
        )


def score(gold: Any, answer: Any) -> Score:
    """Score an object that a document was read into; the lists inside of items count with those outside."""
    expected, given = _lists(gold), _lists(answer)
    total = Score()
    for name in expected.keys() | given.keys():
        total.add(score_rows(expected[name], given[name]))
    return total


def has_other_parents(gold: Any, answer: Any) -> bool:
    """Say whether rows stand in lists of other items than the gold ones."""
    return _parents(gold) != _parents(answer)


def _parents(value: Any, above: tuple[str, ...] = ()) -> Counter[tuple[str, ...]]:
    """Count the rows by the items that they stand in."""
    found: Counter[tuple[str, ...]] = Counter()
    for member in value.values() if isinstance(value, dict) else ():
        for item in member if isinstance(member, list) else ():
            if isinstance(item, dict):
                own = _key({k: v for k, v in item.items() if not isinstance(v, list)})
                found[(*above, own)] += 1
                found += _parents(item, (*above, own))
    return found


def short_and_complete(gold: Any, answer: Any, coverage: Any) -> list[str]:
    """Return the pointers of lists that lack rows and are called complete."""
    expected = _sizes(gold)
    given = _sizes(answer)
    places = _places(answer)
    return [
        at
        for at, one in coverage.items()
        if one.complete and at in places and given[places[at]] < expected.get(places[at], 0)
    ]


def _sizes(value: Any) -> dict[tuple[str, ...], int]:
    """Return the sizes of lists by their names and the items above them."""
    sizes: Counter[tuple[str, ...]] = Counter()
    for path, items in _walked(value):
        sizes[path[1]] += len(items)
    return sizes


def _places(value: Any) -> dict[str, tuple[str, ...]]:
    return {path[0]: path[1] for path, _ in _walked(value)}


def _walked(value: Any, pointer: str = "", above: tuple[str, ...] = ()) -> Iterator[Any]:
    """Yield the lists inside of a value with their pointers, and with their names and the items above."""
    for name, member in value.items() if isinstance(value, dict) else ():
        if isinstance(member, list):
            yield (f"{pointer}/{name}", (*above, name)), member
            for i, item in enumerate(member):
                if isinstance(item, dict):
                    own = _key({k: v for k, v in item.items() if not isinstance(v, list)})
                    yield from _walked(item, f"{pointer}/{name}/{i}", (*above, name, own))


def scalar_faults(gold: dict[str, Any], answer: Any) -> list[str]:
    """Return the names of the values outside of lists that are not the gold ones."""
    given = answer if isinstance(answer, dict) else {}
    return [name for name, value in gold.items() if not isinstance(value, list) and given.get(name) != value]


def _lists(value: Any, name: str = "") -> dict[str, list[Row]]:
    """Return the rows of all lists, by the name of the list; a row is without the lists in it."""
    lists: dict[str, list[Row]] = defaultdict(list)
    if isinstance(value, list):
        for item in value:
            if not isinstance(item, dict | list):
                lists[name].append({"": item})
            elif isinstance(item, dict):
                lists[name].append({k: v for k, v in item.items() if not isinstance(v, list)})
                _extend(lists, _lists(item))
    elif isinstance(value, dict):
        for key, member in value.items():
            _extend(lists, _lists(member, key) if isinstance(member, list) else {})
    return lists


def _extend(lists: dict[str, list[Row]], others: dict[str, list[Row]]) -> None:
    for name, rows in others.items():
        lists[name] += rows


def score_rows(gold: list[Row], items: list[Row]) -> Score:
    """Score the items of one list: equal ones first, then each with the row that shares most values."""
    total = Score(rows=len(gold), items=len(items))
    places: dict[str, deque[int]] = defaultdict(deque)
    for i, row in enumerate(gold):
        places[_key(row)].append(i)
    left: list[Row] = []
    for item in items:
        if waiting := places.get(_key(item)):
            waiting.popleft()
            total.found += 1
            total.exact += 1
            total.values += len(item)
            total.right += len(item)
        else:
            left.append(item)
    missing = {i: gold[i] for waiting in places.values() for i in waiting}
    for row, item in _matched(missing, left):
        total.found += 1
        total.values += len(row)
        total.right += sum(_same(item.get(name), value) for name, value in row.items())
    return total


def _matched(missing: dict[int, Row], items: list[Row]) -> Iterator[tuple[Row, Row]]:
    by_value: dict[tuple[str, str], set[int]] = defaultdict(set)
    for i, row in missing.items():
        for name, value in row.items():
            by_value[name, json.dumps(value)].add(i)
    for item in items:
        shared: Counter[int] = Counter()
        for name, value in item.items():
            shared.update(i for i in by_value.get((name, json.dumps(value)), ()) if i in missing)
        best = max(shared, key=lambda i: (shared[i], -i), default=None)
        if best is not None and 2 * shared[best] >= len(missing[best]):
            yield missing.pop(best), item


def _key(row: Row) -> str:
    return json.dumps({k: float(v) if type(v) is int else v for k, v in row.items()}, sort_keys=True)


def _same(one: Any, other: Any) -> bool:
    return one == other and (type(one) is bool) == (type(other) is bool)
