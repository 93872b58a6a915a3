"""Compare the local engine with Outlines on the same model and documents, in one run.

`python benchmarks/beside_outlines.py [--rounds 3] [--documents 10]`. Greedy, so that both give the same
objects.
"""

import argparse
import asyncio
import time
from pathlib import Path

from common import parsed

from structgen.engines import Engine, open_engine
from structgen.errors import GenerationError
from structgen.generator import Generator
from structgen.models import DEMO_MODEL
from structgen.schema import Registry
from structgen.strategies.task import Task
from structgen.types import Limits, Sampling

EXAMPLES = Path(__file__).parents[1] / "examples"


async def timed(engine: Engine, names: list[str]) -> tuple[float, list[object]]:
    """Return the seconds for all documents, sent at once, and the objects."""
    generator = Generator(engine)

    async def one(name: str) -> object:
        document = (EXAMPLES / f"{name}.txt").read_text()
        sampling = Sampling(max_tokens=700)
        task = Task(Registry().get(name), document=document, sampling=sampling, limits=Limits(max_attempts=1))
        try:
            return (await generator.run(task)).data
        except GenerationError as error:
            return error.name

    began = time.monotonic()
    found = await asyncio.gather(*(one(name) for name in names))
    return time.monotonic() - began, list(found)


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--documents", type=int, default=10, help="of the ten in examples/")
    arguments = parsed(parser, rounds=1, documents=1)
    rounds, names = arguments.rounds, Registry().names()[: arguments.documents]
    engines = {kind: open_engine(kind, str(DEMO_MODEL)) for kind in ("local", "outlines:transformers")}
    objects = {}
    for engine in engines.values():
        await engine.start()
        await timed(engine, names)  # compiles and warms
    ratios = []
    for _ in range(rounds):
        seconds = {}
        for kind, engine in engines.items():
            seconds[kind], objects[kind] = await timed(engine, names)
        ratios.append(seconds["outlines:transformers"] / seconds["local"])
        times = ", ".join(f"{kind} {s:.2f} s" for kind, s in seconds.items())
        print(f"{times}: ratio {ratios[-1]:.2f}", flush=True)
    same = sum(a == b for a, b in zip(*objects.values(), strict=True))
    print(f"local is {sorted(ratios)[rounds // 2]:.2f} times as fast; {same} of {len(names)} objects equal")
    for engine in engines.values():
        await engine.close()


if __name__ == "__main__":
    asyncio.run(main())
