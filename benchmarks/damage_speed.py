"""Measure the time that repairs of damaged texts take."""

from __future__ import annotations

import itertools
import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import json_repair
from damage_judge import Case, is_valid

import structgen

_ROUNDS = 3
_MOST_SECONDS = 300
"""A text that would take longer is left out."""


def _times(works: list[Callable[[], Any]]) -> list[float]:
    """Return the shortest time of each, measured by turns."""
    best = [float("inf")] * len(works)
    for _ in range(_ROUNDS):
        for index, work in enumerate(works):
            began = time.perf_counter()
            work()
            best[index] = min(best[index], time.perf_counter() - began)
    return best


def speed(cases: list[Case]) -> None:
    """Print the median ratios to json_repair, and of our time with a schema to that without one."""
    theirs, typed = [], []
    by_operator: dict[str, list[float]] = defaultdict(list)
    for case in cases:
        if is_valid(case.text):
            continue
        plain, with_schema, other = _times(
            [
                lambda text=case.text: structgen.repair(text),  # type: ignore[misc]
                lambda case=case: structgen.repair(case.text, case.sample.schema),  # type: ignore[misc]
                lambda text=case.text: json_repair.loads(text),  # type: ignore[misc]
            ]
        )
        theirs.append(other / plain)
        typed.append(with_schema / plain)
        by_operator[case.operator].append(other / plain)
    for label, ratios in (
        ("json_repair's time divided by ours", theirs),
        ("with a schema, times our own", typed),
    ):
        quarters = statistics.quantiles(ratios) if len(ratios) > 1 else ratios * 3
        print(f"{label:36} median {quarters[1]:.2f}x, quarters {quarters[0]:.2f}x and {quarters[2]:.2f}x")
    slowest = sorted(by_operator.items(), key=lambda item: statistics.median(item[1]))[:10]
    for name, ratios in slowest:
        print(f"  {name:40} median {statistics.median(ratios):.2f}x json_repair's speed")


def lengths(cases: list[Case], longest: int) -> None:
    """Print the times of lists of one damaged object, each list ten times as long as the one before.

    Each operator takes its shortest case. 1.0 is linear time: the growth is that of the time per character.
    """
    shortest: dict[str, Case] = {}
    for case in sorted(cases, key=lambda case: len(case.text)):
        shortest.setdefault(case.operator, case)
    for name, case in sorted(shortest.items()):
        times = []
        for size in (longest // 100, longest // 10, longest):
            if times and times[-1] * size > _MOST_SECONDS:
                break
            text = "[" + ",\n".join([case.text] * (size // (len(case.text) + 2) + 1)) + "]"
            began = time.perf_counter()
            structgen.repair(text)
            times.append((time.perf_counter() - began) / len(text))
        growth = " and ".join(f"{later / before:5.1f}" for before, later in itertools.pairwise(times))
        microseconds = times[-1] * 1e6
        print(f"{name:40} {microseconds:8.2f} microseconds a character, growth {growth}", flush=True)
