"""Attack the service with hostile schemas, values and clients; measure an ordinary client beside them.

`python benchmarks/hostile.py [--small] [--strict] [--only NAME ...]`; it needs Linux for the memory figures.
Every attack runs in a process of its own, on loopback, for a bounded time. A bystander asks for something
ordinary meanwhile, and `/health` is looked at; both are compared with as many ordinary clients in place of
the attackers. `--strict` ends with 1 where a bound of the issue is exceeded; without it only what no busy
machine excuses counts: a service that is dead, a verdict kept wrongly, memory that does not come back.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from attackers import ATTACKS, NORMAL
from common import process

MOST = 5.0
"""Seconds within which everything is to be answered."""
KEPT_MEMORY = 200.0
"""MiB by which memory may have grown after an attack: caches and the allocator's reserve."""


def cases() -> Iterator[tuple[str, str, bytes]]:
    """Yield name, route and body of each hostile request."""
    nested: Any = {"type": "null"}
    for _ in range(100):
        nested = {"type": "object", "properties": {"a": nested}}
    choice: Any = {"type": "string"}
    for level in range(8):
        choice = {
            "oneOf": [choice, {"type": "object", "properties": {f"k{level}": choice}}, {"type": "integer"}]
        }
    mutual = {
        "$defs": {"a": {"allOf": [{"$ref": "#/$defs/b"}]}, "b": {"allOf": [{"$ref": "#/$defs/a"}]}},
        "$ref": "#/$defs/a",
    }
    names = {f"p{i}": {"type": "string"} for i in range(400)}
    schemas: dict[str, Any] = {
        "enum of 20,000": {"enum": [f"value {i}" for i in range(20_000)]},
        "enum of 5,000, the limit": {"enum": [f"value {i}" for i in range(5_000)]},
        "40,000 parentheses": {"type": "string", "pattern": "(" * 40_000 + ")" * 40_000},
        "(a|b|c)? x 3,000": {"type": "string", "pattern": "(a|b|c)?" * 3_000},
        "(a|b|c)? x 240, below the limit": {"type": "string", "pattern": "(a|b|c)?" * 240},
        "((a{1,100}){1,100}){1,100}": {"type": "string", "pattern": "((a{1,100}){1,100}){1,100}"},
        '{"$ref": "#"}': {"$ref": "#"},
        "mutual allOf": mutual,
        "oneOf 8 deep": choice,
        "100 levels": nested,
        "5 MB": {"description": "x" * 5_000_000},
        "3 MB of names": {
            "type": "object",
            "properties": {f"property {i}": {"type": "string"} for i in range(80_000)},
        },
        "maxItems 100,000": {
            "type": "array",
            "items": {"type": "integer"},
            "maxItems": 100_000,
            "minItems": 90_000,
        },
        "remote $ref to loopback": {"$ref": "http://127.0.0.1:8000/metrics"},
        "400 names, each depends on all": {
            "properties": names,
            "dependentRequired": {n: list(names) for n in names},
        },
        "not of 400 required": {"not": {"anyOf": [{"required": [n]} for n in names]}},
        "anyOf of 2,000 objects": {"anyOf": [{"properties": {f"q{i}": {"const": i}}} for i in range(2_000)]},
    }
    ask = {"document": "x", "sampling": {"max_tokens": 16}, "limits": {"max_attempts": 1}}
    for name, schema in schemas.items():
        yield name, "/v1/extract", json.dumps({"schema": schema, **ask}).encode()
    yield "invalid UTF-8", "/v1/extract", b'{"schema": {"title": "\xff"}, "document": "x"}'
    yield "NaN in enum", "/v1/extract", b'{"schema": {"enum": [NaN]}, "document": "x"}'
    yield "duplicate keys", "/v1/extract", b'{"schema": {"type": "string", "type": "null"}, "document": "x"}'
    values: dict[str, tuple[Any, Any]] = {
        "(a+)+$ against 50,000 a": ({"pattern": "(a+)+$"}, "a" * 50_000 + "!"),
        "(a|aa)+$ in 2,000 strings": ({"items": {"pattern": "^(a|aa)+$"}}, ["a" * 60 + "!"] * 2_000),
        "uniqueItems, 3,000 objects": (
            {"uniqueItems": True},
            [{"n": i, "list": [i, {"text": f"{i}"}]} for i in range(3_000)],
        ),
        "contains over 100,000": ({"contains": {"const": -1}}, list(range(100_000))),
        "anyOf of 1,000 against 1,000": (
            {"items": {"anyOf": [{"const": i} for i in range(1_000)]}},
            [-1] * 1_000,
        ),
    }
    for name, (schema, value) in values.items():
        yield name, "/v1/validate", json.dumps({"schema": schema, "value": value}).encode()


@dataclass(frozen=True)
class Seen:
    """Latencies that the ordinary client measured, in seconds."""

    p50: float
    p99: float
    health: float
    """The 99th percentile of `/health`."""
    failed: int
    attackers: dict[str, int]


def quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else float("inf")


def beside(attack: str, url: str, pid: int, clients: int, seconds: float) -> Seen:
    """Measure an ordinary client while `clients` hostile ones attack."""
    command = [sys.executable, str(Path(__file__).with_name("attackers.py"))]
    names = [(attack, clients, seconds + 1), ("watch", 2, seconds)]
    running = []
    for name, many, last in names:
        arguments = [name, url, str(many), str(last), str(pid)]
        running.append(subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE, text=True))
        time.sleep(0.5)  # the attack is under way before anybody looks
    try:
        ended = [json.loads(child.communicate(timeout=seconds + 90)[0]) for child in running]
    finally:
        for child in running:
            child.kill()
            child.wait()
    attacked, watched = ended
    failed = sum(n for status, n in watched["statuses"].items() if status != "200")
    times, health = watched["times"], watched["health"]
    return Seen(
        quantile(times, 0.5), quantile(times, 0.99), quantile(health, 0.99), failed, attacked["statuses"]
    )


def resident(pid: int) -> float:
    """Return the resident MiB of the process and its children; 0 for a process that has just ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    own = sum(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))
    return own + sum(resident(int(child)) for child in children)


def settled(client: httpx.Client, seconds: float) -> bool:
    """Return whether the service is idle within `seconds` and answers an ordinary request."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        ready = client.get("/ready")
        if ready.status_code == 200 and not ready.json()["running"] + ready.json()["waiting"]:
            return client.post("/v1/extract", json=NORMAL).status_code == 200
        time.sleep(0.2)
    return False


def attacks(url: str, pid: int, client: httpx.Client, arguments: argparse.Namespace) -> list[str]:
    """Run the attacks one after another; return the faults."""
    clients, seconds = (4, 1.0) if arguments.small else (arguments.clients, arguments.seconds)
    base = beside("ordinary", url, pid, clients, seconds)
    faults = []
    print(f"{clients} ordinary clients: {_line(base)}", flush=True)
    for name in arguments.only or [name for name in ATTACKS if name != "ordinary"]:
        memory = resident(pid)
        seen = beside(name, url, pid, clients, seconds)
        rest = settled(client, 60)
        more = resident(pid) - memory
        ratio = seen.p99 / base.p99
        print(
            f"{name:16} {_line(seen)}, p99 {ratio:.2f}x of ordinary ones, memory {more:+.0f} MiB; "
            f"attackers got {seen.attackers}",
            flush=True,
        )
        if not rest:
            faults.append(f"{name}: the service is not at rest a minute later")
        if seen.attackers.get("kept wrongly"):
            faults.append(f"{name}: {seen.attackers['kept wrongly']} verdicts were kept wrongly")
        if more > KEPT_MEMORY:
            faults.append(f"{name}: {more:.0f} MiB were kept")
        if arguments.strict and (ratio > 2 or seen.health > 0.1 or seen.failed):
            faults.append(f"{name}: p99 {ratio:.1f}x, /health {seen.health:.3f} s, {seen.failed} failed")
    return faults


def _line(seen: Seen) -> str:
    return (
        f"a bystander's p50 {seen.p50 * 1000:5.0f} ms, p99 {seen.p99 * 1000:6.0f} ms, {seen.failed} failed; "
        f"/health {seen.health * 1000:4.0f} ms"
    )


def hostile_bodies(client: httpx.Client) -> int:
    """Send each body twice, print status and seconds, return the number of late answers."""
    late = 0
    print(f"{'case':34} {'status':>6} {'problem':16} {'limit':20} {'seconds':>8} {'again':>7}")
    for name, route, body in cases():
        seconds = []
        for _ in range(2):
            began = time.monotonic()
            answer = client.post(route, content=body, headers={"content-type": "application/json"})
            seconds.append(time.monotonic() - began)
        late += seconds[0] > MOST
        problem = answer.json() if answer.status_code != 200 else {}
        kind = problem.get("type", "").rpartition("/")[2]
        print(
            f"{name:34} {answer.status_code:6} {kind:16} {problem.get('limit', ''):20} "
            f"{seconds[0]:8.2f} {seconds[1]:7.2f}",
            flush=True,
        )
    return late


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=15, help="of each attack")
    parser.add_argument("--clients", type=int, default=32, help="of each attack")
    parser.add_argument("--only", nargs="*", choices=list(ATTACKS), help="these attacks alone")
    parser.add_argument("--small", action="store_true", help="a few clients for a moment, attacks alone")
    parser.add_argument("--strict", action="store_true", help="end with 1 beyond the bounds")
    arguments = parser.parse_args()
    with process() as (url, pid), httpx.Client(base_url=url, timeout=120) as client:
        client.post("/v1/extract", json=NORMAL)
        if not (arguments.small or arguments.only):
            print(f"later than {MOST:.0f} s: {hostile_bodies(client)}\n")
        faults = attacks(url, pid, client, arguments)
    for fault in faults:
        print(f"FAULT {fault}")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
