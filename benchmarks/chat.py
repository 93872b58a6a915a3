"""Compare `/v1/chat/completions` of the service on vLLM with `vllm serve`: the same requests, in one run.

`python benchmarks/chat.py [--count 100] [--temperature 0] [--concurrency 1 8 32]`, in the environment of
`make test-vllm`. Both serve the shipped model as in `engines.py`, and take turns. Each document is asked for
twice: as JSON (`response_format`), and as the arguments of a named tool, for which `vllm serve` starts anew
with a parser of tools and xgrammar: with guidance it refuses tools. Without `strict` it lets arguments be any
JSON; with it, white space has no end in them, so that the shipped model writes no valid call there. A second
row has the time to the first piece of a streamed answer. The service streams a call in one piece, when it is
whole and valid.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import product
from random import Random
from typing import Any

import httpx
from common import parsed
from engines import LENGTH, MOST, load, ours, row, vllm_serve

from structgen.errors import StructgenError
from structgen.json_text import loads
from training.tasks import Case, Mix, case

KINDS = ("json_schema", "tools")


def body(made: Case, kind: str, temperature: float, seed: int, *, shows_schema: bool) -> dict[str, Any]:
    """Return the request; its system text has the schema where the server does not show it to the model."""
    messages = made.messages if shows_schema or kind == "tools" else made.messages[1:]
    members: dict[str, Any] = {
        "model": "served",
        "messages": [{"role": m.role, "content": m.content} for m in messages],
        "temperature": temperature,
        "seed": seed,
        "max_tokens": MOST,
    }
    if kind == "tools":
        function = {"name": "record", "parameters": made.schema, "strict": True}
        members["tools"] = [{"type": "function", "function": function}]
        members["tool_choice"] = {"type": "function", "function": {"name": "record"}}
    else:
        members["response_format"] = {
            "type": "json_schema",
            "json_schema": {"name": "answer", "schema": made.schema},
        }
    return members


async def asked(
    client: httpx.AsyncClient, made: Case, temperature: float, seed: int, *, kind: str, shows_schema: bool
) -> tuple[Any, int, int]:
    """Return the object of one answer, None without one, its tokens and its decode steps."""
    sent = body(made, kind, temperature, seed, shows_schema=shows_schema)
    answer = (await client.post("/v1/chat/completions", json=sent)).json()
    try:
        message = answer["choices"][0]["message"]
        text = message["tool_calls"][0]["function"]["arguments"] if kind == "tools" else message["content"]
        data = loads(text)
    except (StructgenError, ValueError, KeyError, TypeError, IndexError):
        data = None
    tokens = (answer.get("usage") or {}).get("completion_tokens", 0)
    account = (answer.get("structgen") or {}).get("usage") or {}
    return data, tokens, account.get("decode_steps", max(0, tokens - 1))


async def first_pieces(
    url: str, made: list[Case], concurrency: int, *, kind: str, shows_schema: bool
) -> list[float]:
    """Return the seconds from each streamed request to its first piece of content or of a call."""
    gate = asyncio.Semaphore(concurrency)
    async with httpx.AsyncClient(base_url=url, timeout=600) as client:

        async def one(index: int) -> float:
            sent = {**body(made[index], kind, 0.0, index, shows_schema=shows_schema), "stream": True}
            async with gate:
                began, first = time.monotonic(), None
                async with client.stream("POST", "/v1/chat/completions", json=sent) as response:
                    async for line in response.aiter_lines():
                        if first is None and line.startswith("data: {") and _has_piece(line):
                            first = time.monotonic() - began
            return time.monotonic() - began if first is None else first

        return list(await asyncio.gather(*(one(index) for index in range(len(made)))))


def _has_piece(line: str) -> bool:
    for choice in json.loads(line.removeprefix("data: ")).get("choices") or ():
        delta = choice.get("delta") or {}
        calls = delta.get("tool_calls") or ()
        if delta.get("content") or any((call.get("function") or {}).get("arguments") for call in calls):
            return True
    return False


ON_VLLM = ("--engine", "vllm", "--", "--enforce-eager", "--max-model-len", LENGTH, "--max-num-seqs", "32")
WITH_TOOLS = ("--enable-auto-tool-choice", "--tool-call-parser", "hermes")


def started(name: str, kind: str) -> AbstractContextManager[str]:
    """Start a system for one kind of request."""
    if name == "vllm serve":
        return vllm_serve(*WITH_TOOLS, backend="xgrammar") if kind == "tools" else vllm_serve()
    return ours(*(ON_VLLM if name == "structgen on vLLM" else ("--slots", "32", "--context", LENGTH)))


SYSTEMS = {"structgen on vLLM": False, "vllm serve": True, "structgen, local": False}
"""Whether a system's request for JSON has the schema in the system text."""


@dataclass(frozen=True)
class Cell:
    """One measurement of a system."""

    name: str
    url: str
    kind: str
    temperature: float
    concurrency: int

    @property
    def options(self) -> dict[str, Any]:
        """The values that change the request."""
        return {"kind": self.kind, "shows_schema": SYSTEMS[self.name]}

    def measured(self, made: list[Case]) -> float:
        """Print the rows of this cell; return the valid objects a second."""
        ask = partial(asked, **self.options)
        ended = asyncio.run(load(self.url, ask, made, self.temperature, self.concurrency))
        rate, _ = row(self.name, self.concurrency, *ended)
        some = made[: max(2, min(len(made), 4 * self.concurrency, 40))]
        times = asyncio.run(first_pieces(self.url, some, self.concurrency, **self.options))
        print(f"{'':18} first piece p50 {statistics.median(times):6.3f} s", flush=True)
        return rate


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--temperature", type=float, nargs="+", default=[0.0])
    parser.add_argument("--concurrency", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument("--systems", nargs="+", default=list(SYSTEMS)[:2], choices=list(SYSTEMS))
    parser.add_argument("--kinds", nargs="+", default=list(KINDS), choices=list(KINDS))
    arguments = parsed(parser, count=2, concurrency=[2], systems=["structgen, local"])
    mix = Mix(shipped=1.0, nested=0.0, repair=0.0)
    made = [case(Random(f"engines:{index}"), mix, held_out=True) for index in range(arguments.count)]
    for kind in arguments.kinds:
        with ExitStack() as stack:
            urls = {name: stack.enter_context(started(name, kind)) for name in arguments.systems}
            compare(kind, urls, made, product(arguments.temperature, arguments.concurrency))


def compare(kind: str, urls: Mapping[str, str], made: list[Case], cells: Iterable[tuple[float, int]]) -> None:
    """Measure the systems in turn, at each temperature and concurrency."""
    for name, url in urls.items():  # compiles, and warms
        asyncio.run(load(url, partial(asked, kind=kind, shows_schema=SYSTEMS[name]), made[:10], 0.0, 8))
    for temperature, concurrency in cells:
        print(f"{kind}, temperature {temperature}", flush=True)
        rates = [Cell(name, url, kind, temperature, concurrency).measured(made) for name, url in urls.items()]
        if len(rates) > 1 and rates[1]:
            print(f"{kind} T={temperature} c={concurrency}: {rates[0] / rates[1]:.2f}x valid/s", flush=True)


if __name__ == "__main__":
    main()
