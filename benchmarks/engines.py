"""Compare the service on vLLM, `vllm serve` and the local engine: the same requests, in one run.

`python benchmarks/engines.py [--count 200] [--temperature 0] [--concurrency 1 8 32]`, in the environment of
`make test-vllm`. Each serves the shipped model in a process of its own. All are up for the whole run and
take turns at every temperature and concurrency, so that what is compared was measured side by side.
Documents are held out, over the ten schemas that ship. `vllm serve` gets the same prompts, with
`response_format`, prefix caching, and the backend at its fastest (guidance, compact). A decode step is a
pass for one request after the one over its prompt. Objects are validated here, under the full schema.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any

import httpx
from common import parsed, process

from structgen.engines.vllm import hardware
from structgen.errors import StructgenError
from structgen.json_text import loads
from structgen.models import DEMO_MODEL
from structgen.schema import Schema
from training.tasks import Case, Mix, case

MOST = 700
LENGTH = "4096"


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of one request, with tokens and decode steps if it was answered."""

    valid: bool
    exact: bool
    seconds: float
    tokens: int
    steps: int


Ask = Callable[[httpx.AsyncClient, Case, float, int], Awaitable[tuple[Any, int, int]]]


async def from_us(
    client: httpx.AsyncClient, made: Case, temperature: float, seed: int
) -> tuple[Any, int, int]:
    body = {
        "schema": made.schema,
        "messages": [{"role": m.role, "content": m.content} for m in made.messages[1:]],
        "sampling": {"temperature": temperature, "seed": seed, "max_tokens": MOST},
        "limits": {"max_attempts": 1},
    }
    answer = (await client.post("/v1/extract", json=body)).json()
    usage = answer.get("usage") or {}
    return answer.get("data"), usage.get("completion_tokens", 0), usage.get("decode_steps", 0)


async def from_vllm(
    client: httpx.AsyncClient, made: Case, temperature: float, seed: int
) -> tuple[Any, int, int]:
    body = {
        "model": "served",
        "messages": [{"role": m.role, "content": m.content} for m in made.messages],
        "temperature": temperature,
        "seed": seed,
        "max_tokens": MOST,
        "response_format": {"type": "json_schema", "json_schema": {"name": "answer", "schema": made.schema}},
    }
    answer = (await client.post("/v1/chat/completions", json=body)).json()
    try:
        data = loads(answer["choices"][0]["message"]["content"])
    except (StructgenError, ValueError, KeyError, TypeError):
        data = None
    tokens = (answer.get("usage") or {}).get("completion_tokens", 0)
    return data, tokens, max(0, tokens - 1)


@contextmanager
def vllm_serve(*options: str, backend: str = "guidance") -> Iterator[str]:
    """Run `vllm serve` on a free port, with further options; yield its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = {"backend": backend, "disable_any_whitespace": True}
    command = [sys.executable, "-m", "vllm.entrypoints.openai.api_server", "--model", str(DEMO_MODEL)]
    command += ["--served-model-name", "served", "--port", str(port), "--host", "127.0.0.1"]
    command += ["--enforce-eager", "--max-model-len", LENGTH, "--max-num-seqs", "32"]
    command += ["--structured-outputs-config", json.dumps(config), "--generation-config", "vllm", *options]
    if not hardware.detect().bf16:
        command += ["--dtype", "float32"]
    # Type, threads and cores are as our engine sets them on a CPU: the engines are compared and not these.
    settings = {"OMP_NUM_THREADS": "1", "VLLM_CPU_KVCACHE_SPACE": "2", "VLLM_CPU_OMP_THREADS_BIND": "nobind"}
    settings["VLLM_ENABLE_V1_MULTIPROCESSING"] = "0"  # the worker lives in the engine's process, as in ours
    child = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, **settings}
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                if httpx.get(f"{url}/health").status_code == 200:
                    break
            except httpx.TransportError:
                time.sleep(1)
        yield url
    finally:
        child.terminate()
        child.wait(timeout=60)


@contextmanager
def ours(*options: str) -> Iterator[str]:
    with process(*options) as (url, _):
        yield url


SYSTEMS: dict[str, tuple[Callable[[], Any], Ask]] = {
    "structgen on vLLM": (
        lambda: ours(
            "--engine", "vllm", "--", "--enforce-eager", "--max-model-len", LENGTH, "--max-num-seqs", "32"
        ),
        from_us,
    ),
    "vllm serve": (vllm_serve, from_vllm),
    "structgen, local": (lambda: ours("--slots", "32", "--context", LENGTH), from_us),
}


async def load(
    url: str, ask: Ask, made: list[Case], temperature: float, concurrency: int
) -> tuple[float, list[Answer]]:
    """Send all requests, `concurrency` at once; return the seconds and the outcomes."""
    gate = asyncio.Semaphore(concurrency)
    async with httpx.AsyncClient(base_url=url, timeout=600) as client:

        async def one(index: int) -> Answer:
            async with gate:
                began = time.monotonic()
                data, tokens, steps = await ask(client, made[index], temperature, index)
                seconds = time.monotonic() - began
            valid = data is not None and not Schema.parse(made[index].schema).violations(data)
            return Answer(valid, data == json.loads(made[index].answer), seconds, tokens, steps)

        began = time.monotonic()
        answers = await asyncio.gather(*(one(index) for index in range(len(made))))
        return time.monotonic() - began, list(answers)


def row(name: str, concurrency: int, seconds: float, answers: list[Answer]) -> tuple[float, float]:
    """Print one row: valid objects a second, and decode steps per object."""
    valid = [a for a in answers if a.valid]
    times = sorted(a.seconds for a in answers)
    rate, steps = len(valid) / seconds, statistics.mean(a.steps for a in valid) if valid else 0.0
    exact, last = sum(a.exact for a in answers), times[int(0.99 * len(times))]
    print(
        f"{name:18} c={concurrency:<3} valid {len(valid):4}/{len(answers):<4} exact {exact:4} "
        f"{rate:7.2f} valid/s  p50 {statistics.median(times):6.2f} s  p99 {last:6.2f} s  "
        f"tokens {statistics.mean(a.tokens for a in valid or answers):6.1f}  steps {steps:6.1f}",
        flush=True,
    )
    return rate, steps


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--temperature", type=float, nargs="+", default=[0.0, 0.6])
    parser.add_argument("--concurrency", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument("--systems", nargs="+", default=list(SYSTEMS), choices=list(SYSTEMS))
    arguments = parsed(parser, count=2, temperature=[0.0], concurrency=[2])
    mix = Mix(shipped=1.0, nested=0.0, repair=0.0)
    made = [case(Random(f"engines:{index}"), mix, held_out=True) for index in range(arguments.count)]
    found: dict[tuple[str, float, int], tuple[float, float]] = {}
    with ExitStack() as stack:
        served = []
        for name in arguments.systems:
            start, ask = SYSTEMS[name]
            url = stack.enter_context(start())
            asyncio.run(load(url, ask, made[:10], 0.0, 8))  # compiles, and warms
            served.append((name, url, ask))
        for temperature in arguments.temperature:
            print(f"temperature {temperature}", flush=True)
            for concurrency in arguments.concurrency:
                for name, url, ask in served:
                    ended = asyncio.run(load(url, ask, made, temperature, concurrency))
                    found[name, temperature, concurrency] = row(name, concurrency, *ended)
    first, second = "structgen on vLLM", "vllm serve"
    for temperature in arguments.temperature:
        for concurrency in arguments.concurrency:
            one, other = (
                found.get((first, temperature, concurrency)),
                found.get((second, temperature, concurrency)),
            )
            if one and other and other[0] and other[1]:
                rates, steps = one[0] / other[0], one[1] / other[1]
                print(
                    f"T={temperature} c={concurrency}: {rates:.2f}x valid/s, {steps:.2f} of the decode steps"
                )


if __name__ == "__main__":
    main()
