"""Schemas and values that mean harm: what each gets, how soon, and what a second client notices.

`python benchmarks/hostile.py`; it needs Linux for the memory figures.
"""

import argparse
import json
import statistics
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
from common import process

NORMAL = {
    "schema": {
        "type": "object",
        "properties": {"name": {"type": "string", "maxLength": 20}},
        "required": ["name"],
    },
    "document": "Name: Ada Lovelace",
    "sampling": {"max_tokens": 40},
}
MOST = 5.0
"""Seconds within which everything is to be answered."""


def cases() -> Iterator[tuple[str, str, bytes]]:
    """Name, route and body."""
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


class Bystander(threading.Thread):
    """A client that asks for something normal all the time."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self.url, self.times, self.failed = url, [], 0
        self._end = threading.Event()

    def run(self) -> None:
        with httpx.Client(base_url=self.url, timeout=60) as client:
            while not self._end.is_set():
                began = time.monotonic()
                self.failed += client.post("/v1/extract", json=NORMAL).status_code != 200
                self.times.append(time.monotonic() - began)

    def stop(self) -> tuple[float, float]:
        """p50 and p99, seconds."""
        self._end.set()
        self.join()
        return statistics.median(self.times), sorted(self.times)[int(0.99 * len(self.times))]


def resident(pid: int) -> float:
    """MiB of the process and all its children."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    own = sum(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return own + sum(resident(int(child)) for child in children)


def quiet(url: str, seconds: float) -> tuple[float, float]:
    """What the bystander sees while nothing else happens."""
    bystander = Bystander(url)
    bystander.start()
    time.sleep(seconds)
    return bystander.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=15, help="of the bystander alone")
    arguments = parser.parse_args()
    with process() as (url, pid), httpx.Client(base_url=url, timeout=120) as client:
        quiet(url, 3)
        before, memory = quiet(url, arguments.seconds), resident(pid)
        bystander = Bystander(url)
        bystander.start()
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
        count, failed = len(bystander.times), bystander.failed
        after = bystander.stop()
        time.sleep(3)
        print(f"\nlater than {MOST:.0f} s: {late}")
        print(f"a second client: {count} requests meanwhile, {failed} failed")
        for label, one, other in (("p50", before[0], after[0]), ("p99", before[1], after[1])):
            print(
                f"  {label} {one * 1000:.0f} ms alone, {other * 1000:.0f} ms beside them: {other / one:.2f}x"
            )
        print(f"memory, service and workers: {memory:.0f} MiB before, {resident(pid):.0f} MiB after")


if __name__ == "__main__":
    main()
