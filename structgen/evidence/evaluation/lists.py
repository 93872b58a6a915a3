"""The rows of lists: how many there should be, how many an answer has, and how many belong together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from structgen.evidence.alignment import Pair
from structgen.evidence.canonical_forms import NO_VALUE, CanonicalForms
from structgen.evidence.evaluation.error_kinds import field_of
from structgen.schema.traversal import JsonPath


@dataclass
class ListSummary:
    """The items of one list of objects or values, over all documents."""

    field: str
    expected: int = 0
    """Items of the gold lists."""
    found: int = 0
    """Items of the answers' lists."""
    matched: int = 0
    """Gold items for which an item of the answer stands that shares a value with it."""
    complete: int = 0
    """Matched items whose values are all right."""
    duplicates: int = 0
    """Items of the answers that repeat another one more often than the gold list does."""

    @property
    def recall(self) -> float | None:
        """The share of the gold items that are matched; None for none."""
        return self.matched / self.expected if self.expected else None

    @property
    def precision(self) -> float | None:
        """The share of the answer's items that are matched; None for none."""
        return self.matched / self.found if self.found else None

    def add(self, other: ListSummary) -> None:
        """Add the items of another document."""
        for name in ("expected", "found", "matched", "complete", "duplicates"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def to_json(self) -> dict[str, Any]:
        """Return the counts and shares."""
        return {
            "field": self.field,
            "expected": self.expected,
            "found": self.found,
            "matched": self.matched,
            "complete": self.complete,
            "duplicates": self.duplicates,
            "recall": None if self.recall is None else round(self.recall, 4),
            "precision": None if self.precision is None else round(self.precision, 4),
        }


def list_summaries(gold: Any, answer: Any, pairs: Iterable[Pair]) -> tuple[ListSummary, ...]:
    """Return a summary for each list, nested ones included, from the aligned pairs of leaves."""
    summaries: dict[str, ListSummary] = {}
    gold_lists, answer_lists = dict(_lists(gold)), dict(_lists(answer))
    for path, items in gold_lists.items():
        _of(summaries, path).expected += len(items)
    for path, items in answer_lists.items():
        _of(summaries, path).found += len(items)
    expected: Counter[tuple[str, int]] = Counter()
    forms = CanonicalForms(gold, answer)
    for path, items in gold_lists.items():
        expected.update((field_of(path), forms.of(item)) for item in items)
    for name, excess in _excess(answer_lists, expected, forms):
        summaries[name].duplicates += excess
    matched, wrong = _matched(pairs)
    for path in matched:
        summary = _of(summaries, path[:-1])
        summary.matched += 1
        summary.complete += path not in wrong
    return tuple(summaries.values())


def _of(summaries: dict[str, ListSummary], path: JsonPath) -> ListSummary:
    name = field_of(path)
    return summaries.setdefault(name, ListSummary(name))


def _lists(value: Any) -> Iterator[tuple[JsonPath, list[Any]]]:
    stack: list[tuple[JsonPath, Any]] = [((), value)]
    while stack:
        path, current = stack.pop()
        if isinstance(current, dict):
            stack += [((*path, name), member) for name, member in reversed(current.items())]
        elif isinstance(current, list):
            yield path, current
            stack += [((*path, i), current[i]) for i in range(len(current) - 1, -1, -1)]


def _excess(
    lists: dict[JsonPath, list[Any]], expected: Counter[tuple[str, int]], forms: CanonicalForms
) -> Iterator[tuple[str, int]]:
    """Yield the fields of lists with the number of items that are there too often."""
    found: Counter[tuple[str, int]] = Counter()
    for path, items in lists.items():
        found.update((field_of(path), form) for item in items if (form := forms.of(item)) != NO_VALUE)
    for item, count in found.items():
        yield item[0], max(0, count - max(1, expected[item]))


def _matched(pairs: Iterable[Pair]) -> tuple[dict[JsonPath, None], set[JsonPath]]:
    """Return the paths of the gold items with a right value, and those with a wrong one."""
    right: dict[JsonPath, None] = {}
    wrong: set[JsonPath] = set()
    answer_items: dict[JsonPath, JsonPath] = {}
    invented: set[JsonPath] = set()
    for pair in pairs:
        if pair.outcome == "absent":
            continue
        for size in _item_sizes(pair.gold_path or ()):
            item = (pair.gold_path or ())[:size]
            if pair.outcome == "same":
                right[item] = None
                answer_items[item] = (pair.answer_path or ())[:size]
            else:
                wrong.add(item)
        if pair.gold_path is None:
            invented.update((pair.answer_path or ())[:size] for size in _item_sizes(pair.answer_path or ()))
    wrong.update(item for item, answer_item in answer_items.items() if answer_item in invented)
    return right, wrong


def _item_sizes(path: JsonPath) -> Iterator[int]:
    return (i + 1 for i, step in enumerate(path) if isinstance(step, int))
