"""Measure the processor time of grounding over shapes of texts and objects, and how it grows.

`python benchmarks/grounding_speed.py [--shapes NAME,..] [--drawn N --seed S] [--tables] [--rows N,..]`. Each
shape is a text of 0.25 and of 1 MB with an object of 500 and of 2,000 leaves. Printed are the seconds of the
large one, alone and as a multiple of a fixed computation (splitting and counting three million words), which
a loaded machine slows as much, and the growth from the small one: 4 is linear. `--drawn` adds random shapes:
script, separators, width, nesting and repetition. `--tables` measures long tables instead: the share of
leaves that stand in the row of their item, and the time.
"""

import argparse
import random
import time
from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import Any

from common import parsed
from grounding_speed_shapes import SHAPES, Case, drawn
from grounding_speed_tables import ENTROPIES, long_table

import structgen

SIZES = ((250_000, 500), (1_000_000, 2_000))
"""Characters and leaves of the two measurements of each shape."""
SMALL = ((5_000, 20), (20_000, 80))
BOUND = 2.0
"""Seconds that the issue allows for the large one."""


@cache
def reference() -> float:
    """Return the seconds of the fixed computation."""
    words = random.Random(1).choices([f"word{i}" for i in range(5_000)], k=3_000_000)
    text = " ".join(words)
    began = time.process_time()
    Counter(text.split())
    return time.process_time() - began


def seconds(case: Case) -> float:
    """Return the processor time of grounding."""
    value, text = case
    began = time.process_time()
    structgen.ground(value, None, text)
    return time.process_time() - began


def measure(name: str, shape: Callable[[random.Random, int, int], Case], sizes: Any) -> float:
    """Print the times of one shape; return that of the large one."""
    small, large = (seconds(shape(random.Random(5), *size)) for size in sizes)
    reference.cache_clear()
    growth = large / max(small, 1e-3)
    mark = "" if large <= BOUND else "  over"
    print(
        f"  {name:34} {large:6.2f} s, {large / reference():5.1f} x reference, growth {growth:4.1f}{mark}",
        flush=True,
    )
    return large


def tables(rows: list[int], seed: int) -> None:
    """Print the share of leaves in the right row of long tables, and the times."""
    for count in rows:
        for entropy in ENTROPIES:
            value, text, starts = long_table(random.Random(seed), count, entropy)
            began = time.process_time()
            evidence = structgen.ground(value, None, text)
            took = time.process_time() - began
            right = sum(
                proof.start is not None and starts[int(row)] <= proof.start < starts[int(row) + 1]
                for pointer, proof in evidence.items()
                for row in [pointer.split("/")[1]]
            )
            print(
                f"  {entropy:12} {count:6} rows, {len(text):8} characters, {len(evidence):6} leaves:"
                f" {right / len(evidence):7.2%} in their row, {took:6.2f} s,"
                f" {1e6 * took / len(evidence):4.0f} us a leaf",
                flush=True,
            )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shapes", help="names of the shapes to measure, with commas between")
    parser.add_argument("--drawn", type=int, default=0, metavar="N", help="shapes that are drawn at random")
    parser.add_argument("--seed", type=int, default=1, help="of the drawn shapes and the tables")
    parser.add_argument("--tables", action="store_true", help="measure long tables")
    parser.add_argument("--rows", default="1000,3200,20000", help="rows of the long tables")
    arguments = parsed(parser)
    structgen.ground(["warm", 1, True, "2024-01-02"], None, "warm 1 yes 02/01/2024")
    if arguments.tables:
        tables([int(count) for count in arguments.rows.split(",")], arguments.seed)
        return
    names = arguments.shapes.split(",") if arguments.shapes else list(SHAPES)
    sizes = SMALL if arguments.small else SIZES
    print(f"{sizes[1][0] / 1e6:g} MB and {sizes[1][1]:,} leaves:")
    times = [measure(name, SHAPES[name], sizes) for name in names]
    rng = random.Random(arguments.seed)
    for _ in range(2 if arguments.small else arguments.drawn):
        times.append(measure(*drawn(rng), sizes))
    over = sum(one > BOUND for one in times)
    print(f"{over} of {len(times)} shapes over {BOUND:g} s; the slowest one {max(times):.2f} s")


if __name__ == "__main__":
    main()
