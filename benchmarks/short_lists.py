"""Measure what counting and checking rows adds to a short document: the same extraction with it and without.

`python benchmarks/short_lists.py [--rows 1,2,3] [--rounds 20]`. The shipped model reads short lists, by turns
with the rows counted and claimed, and by its strategy alone. The figure is the median of the ratio of two
neighbours, by wall time and by the processor time of the whole process. Where the first answer is
wrong, its rows are asked for again: such sizes have more generations, and their ratio is not the overhead.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Coroutine
from typing import Any

from common import parsed

from structgen import Generator, Schema
from structgen.engines.background_loop import BackgroundLoop
from structgen.strategies.registry import STRATEGIES, run
from structgen.strategies.task import Task
from structgen.types import Sampling

SCHEMA = Schema.parse(
    {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "product": {"type": "string"},
                "town": {"type": "string"},
                "quantity": {"type": "integer"},
                "price": {"type": "number"},
            },
            "required": ["product", "town", "quantity", "price"],
        },
    }
)
ENTRIES = [("bolt", "Leeds", 12, 1.25), ("washer", "York", 40, 0.15), ("spanner", "Hull", 3, 14.5)]
Times = tuple[float, float]
"""Wall and processor seconds."""


def document(rows: int) -> str:
    """Return entries of so many rows, as the shipped model reads them."""
    return "\n".join(
        f"Product: {name}\nTown: {town}\nQuantity: {quantity}\nPrice: {price:.2f}\n"
        for name, town, quantity, price in ENTRIES[:rows]
    )


def timed(
    loop: BackgroundLoop, work: Callable[[], Coroutine[Any, Any, Any]], covered: bool
) -> tuple[Times, int]:
    """Return the seconds of one extraction, and its generations."""
    wall, processor = time.perf_counter(), time.process_time()
    result = loop.wait(work())
    times = time.perf_counter() - wall, time.process_time() - processor
    assert bool(result.coverage) == covered, result
    return times, len(result.attempts)


def measured(generator: Generator, loop: BackgroundLoop, rows: int, rounds: int) -> list[tuple[Times, Times]]:
    """Return the times without and with coverage, by turns; each goes first every other time."""
    task = Task(SCHEMA, document=document(rows), sampling=Sampling(temperature=0), on_shortfall="report")
    works: dict[bool, Callable[[], Coroutine[Any, Any, Any]]] = {
        False: lambda: STRATEGIES["auto"].run(task.started(), generator.collaborators, None),
        True: lambda: run(task, generator.collaborators),
    }
    # Grammars and schemas are compiled, and the prefix is cached.
    generations = [timed(loop, work, covered)[1] for covered, work in works.items()]
    print(f"{rows} rows: {generations[0]} generations alone, {generations[1]} with coverage")
    pairs = []
    for number in range(rounds):
        order = (False, True) if number % 2 else (True, False)
        times = {covered: timed(loop, works[covered], covered)[0] for covered in order}
        pairs.append((times[False], times[True]))
    return pairs


def main() -> None:
    """Print the medians and their ratio for each number of rows."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", default="1,2,3")
    parser.add_argument("--rounds", type=int, default=20)
    options = parsed(parser, rows="1", rounds=1)
    generator = Generator()
    loop = BackgroundLoop(generator.engine)
    try:
        for rows in map(int, options.rows.split(",")):
            pairs = measured(generator, loop, rows, options.rounds)
            for kind, name in enumerate(("wall", "processor")):
                plain = statistics.median(without[kind] for without, _ in pairs)
                covered = statistics.median(with_it[kind] for _, with_it in pairs)
                ratio = statistics.median(with_it[kind] / without[kind] for without, with_it in pairs)
                print(
                    f"{rows} rows, {name}: p50 {plain * 1000:.1f} ms alone, {covered * 1000:.1f} ms with "
                    f"coverage, ratio {ratio:.3f}"
                )
    finally:
        loop.close()


if __name__ == "__main__":
    main()
