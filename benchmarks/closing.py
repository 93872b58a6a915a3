"""Measure what `on_budget: close` costs others: one request beside seven that must close in their budget.

`python benchmarks/closing.py [--rounds 3]`: the bystander's seconds alone, beside seven requests that may be
cut, and beside the same seven that close; on the shipped model, in this process, by turns.
"""

import argparse
import asyncio
import statistics
import time
from contextlib import suppress
from pathlib import Path

from structgen.engines import open_engine
from structgen.errors import GenerationError
from structgen.generator import Generator
from structgen.models import DEMO_MODEL
from structgen.schema import Registry, Schema
from structgen.strategies.task import Task
from structgen.types import Limits, OnBudget, Sampling

EXAMPLES = Path(__file__).parents[1] / "examples"
NEIGHBOURS = ["invoice", "purchase_order", "patient_demographics", "insurance_claim"]


def task(name: str, sampling: Sampling, on_budget: OnBudget) -> Task:
    """Return an extraction task for a shipped example."""
    schema: Schema = Registry().get(name)
    document = (EXAMPLES / f"{name}.txt").read_text("utf-8")
    return Task(schema, document=document, sampling=sampling, limits=Limits(1, on_budget=on_budget))


async def neighbour(generator: Generator, number: int, on_budget: OnBudget) -> None:
    """Send requests one after the other until cancelled."""
    seed = 0
    while True:
        seed += 1
        sampling = Sampling(1.0, max_tokens=220, seed=1000 * number + seed)
        with suppress(GenerationError):
            await generator.run(task(NEIGHBOURS[number % len(NEIGHBOURS)], sampling, on_budget))


async def bystander(generator: Generator, beside: int, on_budget: OnBudget, times: int) -> float:
    """Return the median seconds of a request."""
    others = [asyncio.create_task(neighbour(generator, number, on_budget)) for number in range(beside)]
    await asyncio.sleep(1.0 if others else 0.0)
    taken = []
    for _ in range(times):
        began = time.monotonic()
        await generator.run(task("contact", Sampling(max_tokens=400), "incomplete"))
        taken.append(time.monotonic() - began)
    for other in others:
        other.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    return statistics.median(taken)


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--times", type=int, default=5, help="requests of the bystander in each setting")
    arguments = parser.parse_args()
    generator = Generator(open_engine("local", str(DEMO_MODEL)))
    await generator.engine.start()
    try:
        await bystander(generator, 0, "incomplete", 1)
        for number in range(arguments.rounds):
            alone = await bystander(generator, 0, "incomplete", arguments.times)
            cut = await bystander(generator, 7, "incomplete", arguments.times)
            close = await bystander(generator, 7, "close", arguments.times)
            print(
                f"round {number + 1}: alone {alone * 1000:.0f} ms, beside seven {cut * 1000:.0f} ms, "
                f"beside seven that close {close * 1000:.0f} ms ({close / cut:.2f} times)",
                flush=True,
            )
    finally:
        await generator.engine.close()


if __name__ == "__main__":
    asyncio.run(main())
