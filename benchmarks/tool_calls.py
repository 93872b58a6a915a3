"""Tool calls over BFCL rows: how many are delivered, whether all are valid, and how many are right.

`python benchmarks/tool_calls.py FILE...` runs in this process on the local engine: the shipped model, or any
other by `--model`. A row counts as right where the function and every argument are among the accepted ones.
The jsonschema package itself checks each delivered call again.
"""

import argparse
import asyncio
import json
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema
from common import parsed, words

from structgen.chat.turn import ChatTurn, Tool, ToolChoice
from structgen.engines import open_engine
from structgen.errors import StructgenError
from structgen.generator import Generator
from structgen.models import DEMO_MODEL
from structgen.schema import Schema
from structgen.types import Limits, Message, Sampling

Row = dict[str, Any]


def tools_of(row: Row) -> tuple[Tool, ...]:
    """Return the functions of a row as tools; several stand as branches of one schema."""
    if row["function"] is not None:
        schema = row["schema"]
        return (Tool(row["function"], Schema.parse(schema), schema.get("description", "")),)
    tools = []
    for branch in row["schema"]["anyOf"]:
        members = branch["properties"]
        schema = Schema.parse(members["arguments"])
        tools.append(Tool(members["name"]["const"], schema, branch.get("description", "")))
    return tuple(tools)


def is_right(name: str, arguments: Row, accept: Row) -> bool:
    """Return whether the function and every argument are accepted; "" accepts a missing argument."""
    expected = accept.get(name)
    if expected is None or not arguments.keys() <= expected.keys():
        return False
    return all(
        arguments[key] in values if key in arguments else "" in values for key, values in expected.items()
    )


async def outcome(generator: Generator, row: Row, choice: ToolChoice, sampling: Sampling) -> list[str]:
    """Return what became of a row, and of each delivered call."""
    tools = tools_of(row)
    messages = tuple(Message(turn["role"], turn["content"]) for turn in row["messages"])
    turn = ChatTurn(messages, tools=tools, tool_choice=choice, sampling=sampling, limits=Limits(deadline=60))
    try:
        reply = await generator.chat(turn)
    except StructgenError as error:
        return [f"row: {error.name}"]
    calls = reply.choices[0].calls
    if not calls:
        return [f"row: no call ({reply.choices[0].finish})"]
    outcomes = []
    definitions = {tool.name: tool.schema.definition for tool in tools}
    for call in calls:
        validator = jsonschema.validators.validator_for(definitions[call.name])(definitions[call.name])
        valid = validator.is_valid(json.loads(call.arguments))
        outcomes.append("call: valid" if valid else "call: INVALID")
    right = len(calls) == 1 and is_right(calls[0].name, json.loads(calls[0].arguments), row["accept"])
    return [*outcomes, "row: right" if right else "row: wrong"]


async def run(arguments: argparse.Namespace) -> None:
    """Run every row of each file, and print a line for each."""
    engine = open_engine("local", str(arguments.model))
    await engine.start()
    sampling = Sampling(arguments.temperature, seed=arguments.seed, max_tokens=arguments.max_tokens)
    for path in arguments.files:
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()][: arguments.rows]
        generator, slots, counts = Generator(engine), asyncio.Semaphore(8), Counter[str]()

        async def one(
            row: Row, generator: Generator = generator, slots: asyncio.Semaphore = slots
        ) -> list[str]:
            async with slots:
                return await outcome(generator, row, arguments.choice, sampling)

        for outcomes in await asyncio.gather(*map(one, rows)):
            counts.update(outcomes)
        print(f"{path.stem:17} {len(rows):4} rows: {words(counts)}")
    await engine.close()


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--model", type=Path, default=DEMO_MODEL)
    parser.add_argument("--choice", choices=("required", "auto"), default="required")
    parser.add_argument("--rows", type=int, default=None, help="rows of each file")
    parser.add_argument("--temperature", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--max-tokens", type=int, default=512)
    asyncio.run(run(parsed(parser, rows=2)))


if __name__ == "__main__":
    main()
