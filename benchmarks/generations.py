"""Count valid results at temperature 1.0 for every shipped schema, by the shipped model and a random one.

A random model is the hardest judge: nothing but the grammar keeps it valid. Prints, for each schema, how
many ended valid, and the rest by outcome: `python benchmarks/generations.py [--count 50]`.
"""

import argparse
import asyncio
import tempfile
import time
from collections import Counter
from pathlib import Path

import torch
from common import parsed, words
from tokenizers import Tokenizer
from transformers import AutoConfig, LlamaForCausalLM

from structgen.engines import open_engine
from structgen.errors import GenerationError
from structgen.generator import Generator
from structgen.models import DEMO_MODEL
from structgen.schema import Registry
from structgen.strategies.task import Task
from structgen.types import Limits, Sampling
from training.architecture import save

INVALID = "INVALID 200"
DOCUMENT = "A document that says little."


async def outcomes(generator: Generator, name: str, count: int, max_tokens: int) -> Counter[str]:
    """Count how the generations for one schema ended; validate every valid one again."""
    schema = Registry().get(name)
    gate = asyncio.Semaphore(8)

    async def one(seed: int) -> str:
        task = Task(
            schema,
            document=DOCUMENT,
            sampling=Sampling(temperature=1.0, seed=seed, max_tokens=max_tokens),
            limits=Limits(max_attempts=1),
        )
        async with gate:
            try:
                data = (await generator.run(task)).data
            except GenerationError as error:
                return error.name
        return INVALID if schema.violations(data) else "valid"

    return Counter(await asyncio.gather(*(one(seed) for seed in range(count))))


async def judge(title: str, model: Path, names: list[str], count: int, max_tokens: int) -> None:
    engine = open_engine("local", str(model))
    await engine.start()
    total: Counter[str] = Counter()
    began = time.monotonic()
    print(f"\n{title}")
    try:
        for name in names:
            found = await outcomes(Generator(engine), name, count, max_tokens)
            total += found
            print(f"  {name:22} {words(found)}", flush=True)
    finally:
        await engine.close()
    ended = total["valid"] / total.total()
    print(f"  all: {words(total)}; ended valid {ended:.1%}; {time.monotonic() - began:.0f} s")
    if total[INVALID]:
        raise SystemExit("a 200 was not valid")


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=50, help="generations for each schema and model")
    parser.add_argument("--max-tokens", type=int, default=3000)
    parser.add_argument("--models", nargs="+", choices=["shipped", "random"], default=["shipped", "random"])
    parser.add_argument("--schemas", type=int, default=10, help="of the ten that ship")
    arguments = parsed(parser, count=1, max_tokens=40, schemas=2)
    names = Registry().names()[: arguments.schemas]
    if "shipped" in arguments.models:
        await judge("the shipped model", DEMO_MODEL, names, arguments.count, arguments.max_tokens)
    if "random" not in arguments.models:
        return
    with tempfile.TemporaryDirectory() as folder:
        torch.manual_seed(1)
        model = LlamaForCausalLM(AutoConfig.from_pretrained(DEMO_MODEL))
        save(model, Tokenizer.from_file(str(DEMO_MODEL / "tokenizer.json")), Path(folder))
        await judge(
            "the same shape, weights random", Path(folder), names, arguments.count, arguments.max_tokens
        )


if __name__ == "__main__":
    asyncio.run(main())
