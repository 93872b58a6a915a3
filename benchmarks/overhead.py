"""Measure the overhead of the service: the whole request path over an instant engine, beside a bare route.

    python benchmarks/overhead.py [--against DIR] [--seconds 3] [--clients 32] [--rounds 3]

The same client sends the same bodies to both, by turns: an extraction of an invoice with its schema in the
request, and a Litestar route that reads the same body with msgspec and answers with the bytes of the same
result. `--against` names another checkout, whose service is measured by turns as well, under the same event
loop and HTTP parser as it ships with. Processor time is that of the server and all its children.
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
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parents[1]
ROUTES = {"bare": "/bare", "service": "/v1/extract"}

DOCUMENT = (HERE / "examples" / "invoice.txt").read_text()
DATA = json.loads((HERE / "examples" / "invoice.json").read_text())
SCHEMA = json.loads((HERE / "schemas" / "invoice.json").read_text())
BODY = json.dumps({"schema": SCHEMA, "document": DOCUMENT}, separators=(",", ":")).encode()
ANSWER = json.dumps(DATA, separators=(",", ":"))


def serve(kind: str) -> None:
    """Run one of the servers in this process and print its port."""
    import uvicorn

    application = bare() if kind == "bare" else service()
    fast = "httptools" in Path("pyproject.toml").read_text()  # what an installation of this checkout has
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listening:
        print(listening.getsockname()[1], flush=True)
        settings = uvicorn.Config(
            application,
            access_log=False,
            log_level="warning",
            loop="uvloop" if fast else "asyncio",
            http="httptools" if fast else "h11",
        )
        uvicorn.Server(settings).run(sockets=[listening])


def bare():
    """Return an application whose route reads the body and sends a prepared answer."""
    import msgspec
    from litestar import Litestar, Request, Response, post

    prepared = json.dumps({"id": "0" * 32, "status": "completed", "data": DATA}).encode()

    async def route(request: Request) -> Response:
        msgspec.json.decode(await request.body())
        return Response(prepared, media_type="application/json")

    route.__annotations__ = {"request": Request, "return": Response}
    return Litestar([post("/bare", status_code=200)(route)], openapi_config=None, logging_config=None)


def service():
    """Return the service on an engine that gives its whole answer in one chunk."""
    from structgen.config import ServerConfig
    from structgen.engines.fake import FakeEngine
    from structgen.server.app import create_app
    from structgen.types import Chunk, Usage

    class Instant(FakeEngine):
        async def generate(self, request):
            yield Chunk(ANSWER, "stop", Usage(500, 400, decode_steps=400))

    return create_app(ServerConfig(), Instant([]))


@dataclass
class Server:
    """A running server."""

    port: int
    pid: int

    def processor(self) -> float:
        """Return the processor seconds of the process and its children."""
        ticks = 0
        stack = [self.pid]
        while stack:
            pid = stack.pop()
            try:
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                stack += [
                    int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
                ]
            except OSError:
                continue
            ticks += sum(int(field) for field in fields[11:15])
        return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def started(kind: str, checkout: Path) -> Iterator[Server]:
    """Start one of the servers with the package of that checkout."""
    command = [sys.executable, str(Path(__file__).resolve()), "--serve", kind]
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=checkout)
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        if not line.strip():
            raise SystemExit(f"the {kind} server of {checkout} did not start")
        yield Server(int(line), process.pid)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


async def ask(port: int, route: str, until: float, times: list[float]) -> None:
    """Send requests over one connection, one after the other."""
    head = (
        f"POST {route} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(BODY)}\r\n\r\n"
    )
    request = head.encode() + BODY
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while (began := time.perf_counter()) < until:
        writer.write(request)
        answer = await reader.readuntil(b"\r\n\r\n")
        if not answer.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"{route}: {answer[:200]!r} {await reader.read(500)!r}")
        length = answer.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
        await reader.readexactly(int(length))
        times.append(time.perf_counter() - began)
    writer.close()


@dataclass
class Load:
    """The figures of one round of requests."""

    rate: float
    p50: float
    p99: float
    processor: float
    """Processor seconds for each request."""


async def load(server: Server, route: str, clients: int, seconds: float) -> Load:
    """Send requests from `clients` connections for `seconds`."""
    times: list[float] = []
    before, began = server.processor(), time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(clients):
            group.create_task(ask(server.port, route, began + seconds, times))
    took = time.perf_counter() - began
    used = server.processor() - before
    ordered = sorted(times)
    p99 = ordered[int(0.99 * (len(ordered) - 1))]
    return Load(len(times) / took, statistics.median(ordered), p99, used / len(times))


def measured(arguments: argparse.Namespace) -> None:
    """Print the figures of each server and the overhead."""
    try:
        import uvloop

        factory = uvloop.new_event_loop
    except ImportError:
        factory = None
    with ExitStack() as stack, asyncio.Runner(loop_factory=factory) as runner:
        servers = {
            "bare": stack.enter_context(started("bare", HERE)),
            "service": stack.enter_context(started("service", HERE)),
        }
        if arguments.against:
            servers["before"] = stack.enter_context(started("service", arguments.against))
        for clients in (1, arguments.clients):
            rounds: dict[str, list[Load]] = {name: [] for name in servers}
            for number in range(arguments.rounds + 1):
                for name, server in servers.items():
                    route = ROUTES["bare" if name == "bare" else "service"]
                    seconds = arguments.seconds if number else min(1.0, arguments.seconds)
                    found = runner.run(load(server, route, clients, seconds))
                    if number:  # the first one warms up
                        rounds[name].append(found)
            report(clients, {name: middle(loads) for name, loads in rounds.items()})


def middle(loads: list[Load]) -> Load:
    """Return the median of each figure."""
    names = ("rate", "p50", "p99", "processor")
    return Load(*(statistics.median(getattr(load, name) for load in loads) for name in names))


def report(clients: int, found: dict[str, Load]) -> None:
    """Print one line for each server and the differences."""
    print(f"{clients} client{'s' if clients > 1 else ''}:")
    for name, load_ in found.items():
        print(
            f"  {name:8} {load_.rate:7.0f} requests/s  p50 {1e3 * load_.p50:6.2f} ms  "
            f"p99 {1e3 * load_.p99:6.2f} ms  {1e3 * load_.processor:6.3f} ms of processor a request"
        )
    for name in found.keys() - {"bare"}:
        added = found[name].processor - found["bare"].processor
        print(
            f"  {name} adds {1e3 * added:.3f} ms of processor and "
            f"{1e3 * (found[name].p50 - found['bare'].p50):.2f} ms at p50"
        )
    if "before" in found:
        print(f"  {found['service'].rate / found['before'].rate:.2f} times the requests/s of before")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--against", type=Path, help="Another checkout, measured by turns.")
    parser.add_argument("--seconds", type=float, default=3.0, help="Of each round.")
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--serve", choices=list(ROUTES), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        serve(arguments.serve)
    else:
        measured(arguments)


if __name__ == "__main__":
    main()
