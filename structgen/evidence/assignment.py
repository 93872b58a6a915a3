"""Assign the items of one list to those of another by what they share.

An item is a `Counter` of features. Items with equal features are assigned first. The rest of short lists
gets the assignment with the highest sum of shared features (the Hungarian algorithm); that of long lists is
assigned greedily among items that share a rare feature, then among items near each other. Time and space are
bounded: for n and m items about n times `MAX_POSTINGS`, never n times m.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from itertools import pairwise

Features = Counter[Hashable]
Likeness = Callable[[int, int], float]
"""Returns how alike two items are beyond the features that they share, each of which counts 1."""

MAX_EXACT = 2_500
"""Pairs of items up to which the best assignment is found."""
MAX_POSTINGS = 32
"""Items that may share a feature for it to propose pairs of items."""
WINDOW = 16
"""Items before and after the same relative place that are compared where no rare feature is shared."""


def assign(
    left: Sequence[Features], right: Sequence[Features], likeness: Likeness, known: Mapping[int, int]
) -> dict[int, int]:
    """Return the indices of right items by those of the left ones that they belong to.

    `known` are pairs that are settled; their features are not looked at.
    """
    pairs = dict(known)
    rows, columns = _free(pairs, len(left), len(right))
    pairs |= equal_pairs(
        ((i, frozenset(left[i].items())) for i in rows), ((j, frozenset(right[j].items())) for j in columns)
    )
    _assign_rest(left, right, likeness, pairs)
    pairs.update(_gaps(pairs, len(left), len(right)))
    return pairs


def equal_pairs(
    left: Iterable[tuple[int, Hashable]], right: Iterable[tuple[int, Hashable]]
) -> dict[int, int]:
    """Return the pairs of the indices of equal values, the first of one side with the first of the other."""
    queues: defaultdict[Hashable, deque[int]] = defaultdict(deque)
    for j, value in right:
        queues[value].append(j)
    return {i: queue.popleft() for i, value in left if (queue := queues.get(value))}


def _assign_rest(
    left: Sequence[Features], right: Sequence[Features], likeness: Likeness, pairs: dict[int, int]
) -> None:
    """Add to the pairs those of items that are not in any pair."""
    rows, columns = _free(pairs, len(left), len(right))
    if len(rows) * len(columns) <= MAX_EXACT:
        scores = [[_score(left, right, i, j, likeness) for j in columns] for i in rows]
        pairs.update(
            (rows[r], columns[c]) for r, c in best_assignment(scores) if scores[r][c] > _order(0, 0, 1, 1)
        )
        return
    for candidates in (_by_rare_feature, _by_place):
        rows, columns = _free(pairs, len(left), len(right))
        scored = []
        for i, j in candidates(left, right, rows, columns):
            score = _score(left, right, i, j, likeness)
            if score > _order(0, 0, 1, 1):
                scored.append((-score, i, j))
        taken = set(pairs.values())
        for _, i, j in sorted(scored):
            if i not in pairs and j not in taken:
                pairs[i] = j
                taken.add(j)


def _free(pairs: dict[int, int], rows: int, columns: int) -> tuple[list[int], list[int]]:
    taken = set(pairs.values())
    return [i for i in range(rows) if i not in pairs], [j for j in range(columns) if j not in taken]


def _score(left: Sequence[Features], right: Sequence[Features], i: int, j: int, likeness: Likeness) -> float:
    """Return the number of shared features, then likeness, then nearness of the relative places."""
    small, large = sorted((left[i], right[j]), key=len)
    shared = sum(min(count, large[feature]) for feature, count in small.items() if feature in large)
    return shared + likeness(i, j) + _order(i, j, len(left), len(right))


def _order(i: int, j: int, rows: int, columns: int) -> float:
    """Return a bonus of up to 1e-3 that decides between items that share the same."""
    return 1e-3 * (1 - abs(i / rows - j / columns))


def _by_rare_feature(
    left: Sequence[Features], right: Sequence[Features], rows: list[int], columns: list[int]
) -> Iterable[tuple[int, int]]:
    postings: defaultdict[Hashable, list[int]] = defaultdict(list)
    for j in columns:
        for feature in right[j]:
            postings[feature].append(j)
    for i in rows:
        rare = {f: postings[f] for f in left[i] if f in postings and len(postings[f]) <= MAX_POSTINGS}
        shared = Counter(j for posting in rare.values() for j in posting)
        for j, _ in shared.most_common(MAX_POSTINGS):
            yield i, j


def _by_place(
    left: Sequence[Features], right: Sequence[Features], rows: list[int], columns: list[int]
) -> Iterable[tuple[int, int]]:
    for r, i in enumerate(rows):
        middle = r * len(columns) // len(rows)
        for j in columns[max(0, middle - WINDOW) : middle + WINDOW + 1]:
            yield i, j


def _gaps(pairs: dict[int, int], rows: int, columns: int) -> Iterable[tuple[int, int]]:
    """Yield, in order, the items of gaps of one size between neighbours that are assigned alike."""
    anchors = [(-1, -1), *sorted(pairs.items()), (rows, columns)]
    taken = set(pairs.values())
    for (i, j), (next_i, next_j) in pairwise(anchors):
        size = next_i - i - 1
        if size == next_j - j - 1 and taken.isdisjoint(range(j + 1, next_j)):
            yield from ((i + 1 + step, j + 1 + step) for step in range(size))


def best_assignment(scores: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Return the pairs of row and column with the highest sum of scores, each in one pair at most.

    The Hungarian algorithm with potentials: rows² times columns steps for no more rows than columns.
    """
    if not scores or not scores[0]:
        return []
    if len(scores) > len(scores[0]):
        turned = list(zip(*scores, strict=True))
        return sorted((row, column) for column, row in best_assignment(turned))
    columns = len(scores[0])
    row_potential = [0.0] * (len(scores) + 1)
    column_potential = [0.0] * (columns + 1)
    row_of = [0] * (columns + 1)  # rows and columns count from 1; 0 is a column outside of the matrix
    for row in range(1, len(scores) + 1):
        row_of[0] = row
        previous = _augmenting_path(scores, row_of, row_potential, column_potential)
        column = previous.pop()
        while column:
            row_of[column] = row_of[previous[column]]
            column = previous[column]
    return sorted((row - 1, column - 1) for column, row in enumerate(row_of) if column and row)


def _augmenting_path(
    scores: Sequence[Sequence[float]], row_of: list[int], of_rows: list[float], of_columns: list[float]
) -> list[int]:
    """Return for each column the one before it on the cheapest path; the last element is the path's end."""
    size = len(of_columns)
    slack, is_used, previous = [math.inf] * size, [False] * size, [0] * size
    column = 0
    while row_of[column]:
        is_used[column] = True
        row, delta, closest = row_of[column], math.inf, 0
        for j in range(1, size):
            if is_used[j]:
                continue
            cost = -scores[row - 1][j - 1] - of_rows[row] - of_columns[j]
            if cost < slack[j]:
                slack[j], previous[j] = cost, column
            if slack[j] < delta:
                delta, closest = slack[j], j
        for j in range(size):
            if is_used[j]:
                of_rows[row_of[j]] += delta
                of_columns[j] -= delta
            else:
                slack[j] -= delta
        column = closest
    return [*previous, column]
