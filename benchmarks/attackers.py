"""Run hostile and ordinary clients: `python benchmarks/attackers.py NAME URL CLIENTS SECONDS [PID]`.

A process of its own, on loopback, for a bounded time; prints what it got as JSON. `watch` is the bystander.
"""

import asyncio
import json
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

NORMAL: dict[str, Any] = {
    "schema": {
        "type": "object",
        "properties": {"name": {"type": "string", "maxLength": 20}},
        "required": ["name"],
    },
    "document": "Name: Ada Lovelace",
    "sampling": {"max_tokens": 40},
}
ASK = {"sampling": {"max_tokens": 16}, "limits": {"max_attempts": 1}}
Outcome = Awaitable[Any]


class Target:
    """Send requests to one service and count the statuses of its answers."""

    def __init__(self, url: str, pid: int) -> None:
        self.host, self.port = urlsplit(url).hostname or "", urlsplit(url).port or 0
        self.pid, self.statuses, self.salt = pid, Counter[str](), count()

    async def open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection(self.host, self.port)

    async def ask(self, route: str, body: Any, patience: float = 60.0) -> int:
        """Return the status of a POST on a new connection, 0 if no answer arrives in time."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        status, writer = 0, None
        with suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
            async with asyncio.timeout(patience):
                reader, writer = await self.open()
                writer.write(head(route, len(data), b"Connection: close") + data)
                status = int((await reader.readline()).split()[1:2][0] or 0)
                while await reader.read(65536):
                    pass
        if writer is not None:
            writer.transport.abort()
        self.statuses[str(status)] += 1
        return status


def head(route: str, length: int | None, *lines: bytes) -> bytes:
    size = b"Transfer-Encoding: chunked" if length is None else b"Content-Length: %d" % length
    first = [f"POST {route} HTTP/1.1".encode(), b"Host: 127.0.0.1", b"Content-Type: application/json"]
    return b"\r\n".join([*first, size, *lines, b"", b""])


async def ordinary(target: Target) -> None:
    """Send one ordinary extraction."""
    await target.ask("/v1/extract", NORMAL)


async def costly_values(target: Target) -> None:
    """Validate a value whose pattern takes seconds, under a small schema that is cached."""
    schema = {"type": "string", "pattern": "^(a|aa)+$"}
    await target.ask("/v1/validate", {"schema": schema, "value": "a" * 60 + "!"})


async def costly_schemas(target: Target) -> None:
    """Send a new schema that takes seconds to check."""
    nested: Any = {"const": next(target.salt)}
    for level in range(8):
        choice = {"type": "object", "properties": {f"k{level}": nested}}
        nested = {"oneOf": [nested, choice, {"type": "integer"}]}
    await target.ask("/v1/extract", {"schema": nested, "document": "x", **ASK})


async def abandoned(target: Target) -> None:
    """Send a request of 600 KB and close the connection after half a second."""
    properties = {f"p{i}": {"enum": [f"{next(target.salt)} {j}" for j in range(20)]} for i in range(1500)}
    await target.ask(
        "/v1/extract", {"schema": {"properties": properties}, "document": "x" * 10_000, **ASK}, 0.5
    )


async def oversized(target: Target) -> None:
    """Send a document of nearly 4 MB to a model with a small context."""
    document = "The quick brown fox, 1,069.22 EUR.\n" * 115_000
    await target.ask("/v1/extract", {"schema": NORMAL["schema"], "document": document, **ASK})


async def many_violations(target: Target) -> None:
    """Send a body in which every element is a fault, then a value in which every item is a violation."""
    ones = b"[" + b",".join([b"1"] * 60_000) + b"]"
    await target.ask("/v1/extract", b'{"schema":true,"document":"x","messages":' + ones + b"}")
    await target.ask("/v1/validate", b'{"schema":{"items":false},"value":' + ones + b"}")


async def silent(target: Target) -> None:
    """Open fifty connections and send nothing on them."""
    connections = [await target.open() for _ in range(50)]
    await asyncio.sleep(3600)
    del connections


async def dripping(target: Target) -> None:
    """Send headers and bodies one byte at a time."""
    connections = [await target.open() for _ in range(10)]
    for index, (_, writer) in enumerate(connections):
        writer.write(head("/v1/extract", 1000) if index % 2 else b"POST /v1/extract HTTP/1.1\r\nA: ")
    while True:
        for _, writer in connections:
            with suppress(OSError):
                writer.write(b"x")
        await asyncio.sleep(0.1)


async def sending_on(target: Target) -> None:
    """Keep sending a body after the 413."""
    _, writer = await target.open()
    with suppress(OSError):
        writer.write(head("/v1/extract", 10**12))
        async with asyncio.timeout(10):
            while not writer.transport.is_closing():
                writer.write(b"x" * 65536)
                await writer.drain()
                await asyncio.sleep(0)
    writer.transport.abort()
    target.statuses["closed"] += 1


async def unread(target: Target) -> None:
    """Request streams and large answers and never read them."""
    body = json.dumps({**NORMAL, "stream": True, "sampling": {"max_tokens": 400}}).encode()
    _, writer = await target.open()
    with suppress(OSError):
        writer.write(head("/v1/extract", len(body)) + body)
        writer.write(b"GET /openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 100)
        async with asyncio.timeout(10):
            await writer.drain()
    await asyncio.sleep(2)
    writer.transport.abort()


def kill_one_worker(pid: int) -> None:
    """Kill one worker process that the service's fork server has forked."""
    for template in children(pid):
        if b"structgen.workers.fork_server" in Path(f"/proc/{template}/cmdline").read_bytes():
            for worker in children(template):
                os.kill(worker, signal.SIGKILL)
                return


def children(pid: int) -> list[int]:
    """Return the ids of the processes that a process with one thread started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


async def killing_workers(target: Target) -> None:
    """Kill worker processes while they check valid schemas."""
    if not target.pid:
        return
    with suppress(OSError):
        await asyncio.to_thread(kill_one_worker, target.pid)
    schema = {"type": "object", "title": f"{next(target.salt)}", "properties": {"a": {"enum": [1, 2]}}}
    status = await target.ask("/v1/validate", {"schema": schema, "value": {"a": 1}})
    if status == 422:  # an innocent schema: is the verdict kept?
        await asyncio.sleep(1)
        status = await target.ask("/v1/validate", {"schema": schema, "value": {"a": 1}})
        target.statuses["kept wrongly"] += status == 422
    await asyncio.sleep(0.2)


ATTACKS: dict[str, Callable[[Target], Outcome]] = {
    function.__name__: function
    for function in (
        ordinary, costly_values, costly_schemas, abandoned, oversized, many_violations, silent, dripping,
        sending_on, unread, killing_workers,
    )
}  # fmt: skip


async def repeated(attack: Callable[[Target], Outcome], target: Target, clients: int, seconds: float) -> None:
    """Run `clients` loops of the attack for `seconds`."""

    async def client() -> None:
        while True:
            with suppress(OSError, TimeoutError):
                await attack(target)
            await asyncio.sleep(0.005)

    tasks = [asyncio.ensure_future(client()) for _ in range(clients)]
    await asyncio.wait(tasks, timeout=seconds)


async def watched(target: Target, clients: int, seconds: float) -> dict[str, Any]:
    """Measure the seconds that ordinary requests and `/health` take."""
    times: list[float] = []
    health: list[float] = []
    end = time.monotonic() + seconds

    async def bystander() -> None:
        while time.monotonic() < end:
            began = time.monotonic()
            await ordinary(target)
            times.append(time.monotonic() - began)
            await asyncio.sleep(0.02)

    async def probe() -> None:
        while time.monotonic() < end:
            began = time.monotonic()
            with suppress(OSError, TimeoutError):
                reader, writer = await target.open()
                writer.write(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                async with asyncio.timeout(30):
                    await reader.read()
                writer.transport.abort()
            health.append(time.monotonic() - began)
            await asyncio.sleep(0.02)

    await asyncio.gather(probe(), *(bystander() for _ in range(clients)))
    return {"times": times, "health": health}


async def main() -> None:
    name, url, clients, seconds, *pid = sys.argv[1:]
    target = Target(url, int(pid[0]) if pid else 0)
    found: dict[str, Any] = {}
    if name == "watch":
        found = await watched(target, int(clients), float(seconds))
    else:
        await repeated(ATTACKS[name], target, int(clients), float(seconds))
    print(json.dumps({**found, "statuses": target.statuses}), flush=True)
    os._exit(0)  # what is under way is left as it is


if __name__ == "__main__":
    asyncio.run(main())
