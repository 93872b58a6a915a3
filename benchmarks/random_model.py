"""Generate under real schemas with a model of random weights, the hardest test of a grammar.

`python benchmarks/random_model.py FILE [--count 300] [--tokens 256]`, FILE as of `maskbench.py`: at
temperature 1, each schema once with `on_budget: incomplete` and once with `close`. Every 200 is validated
again here.
"""

import argparse
import asyncio
import json
import tempfile
from collections import Counter
from pathlib import Path

from common import parsed, words
from tokenizers import Tokenizer

from structgen.engines import open_engine
from structgen.errors import GenerationError, SchemaError, StructgenError
from structgen.generator import Generator
from structgen.models import DEMO_MODEL
from structgen.schema import Schema
from structgen.strategies.result import Result
from structgen.strategies.task import Task
from structgen.types import Limits, Sampling
from training.architecture import new_model, save

CONTEXT = 32_768


def random_model(folder: Path) -> None:
    """Return a model of random weights with the shipped vocabulary and a context that fits long schemas."""
    tokenizer = Tokenizer.from_file(str(DEMO_MODEL / "tokenizer.json"))
    model = new_model(0, vocabulary=tokenizer.get_vocab_size(), layers=2)
    model.config.max_position_embeddings = CONTEXT
    save(model, tokenizer, folder)


async def outcome(generator: Generator, task: Task) -> Result | StructgenError:
    try:
        return await generator.run(task)
    except StructgenError as error:
        return error


async def run(schemas: list[Schema], tokens: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        random_model(Path(name))
        engine = open_engine("local", name, context=CONTEXT, slots=8, queue=len(schemas))
        await engine.start()
        for policy in ("incomplete", "close"):
            limits = Limits(max_attempts=3, on_budget=policy)  # type: ignore[arg-type]
            tasks = [
                Task(s, document="x", sampling=Sampling(1.0, seed=i, max_tokens=tokens), limits=limits)
                for i, s in enumerate(schemas)
            ]
            gate = asyncio.Semaphore(8)

            async def one(task: Task, gate: asyncio.Semaphore = gate) -> Result | StructgenError:
                async with gate:
                    return await outcome(Generator(engine), task)

            report(policy, schemas, await asyncio.gather(*map(one, tasks)), tokens)
        await engine.close()


def report(policy: str, schemas: list[Schema], ends: list[Result | StructgenError], tokens: int) -> None:
    """Print outcomes, validity and attempts, and how many schemas with a fitting answer gave one."""
    counts = Counter("200" if isinstance(end, Result) else type(end).__name__ for end in ends)
    results = [(s, end) for s, end in zip(schemas, ends, strict=True) if isinstance(end, Result)]
    invalid = sum(bool(s.violations(result.data)) for s, result in results)
    attempts = [end.attempts for end in ends if isinstance(end, Result | GenerationError)]
    first = sum(tried[0].status == "valid" for tried in attempts if tried)
    unfit = sum("shortest valid answer takes" in str(end) for end in ends)
    print(f"on_budget {policy}, {tokens} tokens, {len(ends)} schemas: {words(counts)}")
    mean = sum(map(len, attempts)) / len(attempts)
    print(f"  200s that are not valid: {invalid}; valid at first {first}; attempts on average {mean:.2f}")
    if policy == "close":
        asked = sum(isinstance(end, Result | GenerationError) for end in ends)
        print(f"  {len(results)} of the {asked - unfit} whose shortest answer fits are a valid 200")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--tokens", type=int, default=256)
    arguments = parsed(parser, count=2, tokens=16)
    rows = [json.loads(line) for line in arguments.file.read_text("utf-8").splitlines()]
    schemas: list[Schema] = []
    for row in rows[:: max(1, len(rows) // arguments.count)]:
        try:
            schemas.append(Schema.parse(row["schema"]))
        except SchemaError as error:
            print(f"refused: {row['id']}: {error}")
    asyncio.run(run(schemas[: arguments.count], arguments.tokens))


if __name__ == "__main__":
    main()
