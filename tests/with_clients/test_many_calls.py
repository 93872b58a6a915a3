"""500 calls over 50 tools of a public benchmark, on random weights: every delivered call is valid."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from client_cells import Client, clients
from client_process import ClientProcess
from jsonschema import Draft202012Validator

CORPORA = Path(os.environ.get("CORPORA", "../shared/corpora/extract"))
TOOLS, CALLS = 50, 500
BOUNDS: dict[str, dict[str, Any]] = {
    "string": {"maxLength": 8},
    "array": {"maxItems": 2},
    "object": {"maxProperties": 20},
}
"""What makes an answer of random weights end."""


def tools() -> list[dict[str, Any]]:
    """Draw tools, each of another name, from all rows with one function."""
    files = sorted(CORPORA.glob("bfcl_*.jsonl"))
    rows: Iterator[Any] = (
        json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()
    )
    named = {row["function"]: row for row in rows if row["function"]}
    if len(named) < TOOLS:
        pytest.skip(f"{CORPORA} has no bfcl_*.jsonl with {TOOLS} functions; CORPORA names another folder")
    return Random(18).sample(list(named.values()), TOOLS)


def bounded(schema: Any) -> Any:
    """Return the schema with a bound for each text and list, where it has none, and without descriptions.

    Random weights read none, and most of the time went into reading them.
    """
    if isinstance(schema, list):
        return [bounded(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kind = schema.get("type")
    extra = BOUNDS.get(kind, {}) if isinstance(kind, str) and not {"enum", "const"} & set(schema) else {}
    kept = {name: value for name, value in schema.items() if name != "description" or isinstance(value, dict)}
    return {**extra, **{name: bounded(value) for name, value in kept.items()}}


def requests(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield requests with three tools each, whose first is named in every second one."""
    functions = [
        {"type": "function", "function": {"name": row["function"], "parameters": bounded(row["schema"])}}
        for row in rows
    ]
    for number in range(CALLS):
        start = number % TOOLS
        three = [functions[(start + step) % TOOLS] for step in range(3)]
        named = {"type": "function", "function": {"name": three[0]["function"]["name"]}}  # type: ignore[index]
        yield {
            "tools": three,
            "tool_choice": "required" if number % 2 else named,
            "content": rows[start]["messages"][-1]["content"],
            "seed": number,
        }


@pytest.mark.slow
@pytest.mark.sockets
@pytest.mark.timeout(600)
def test_every_delivered_call_is_valid(process_of: Callable[[Client], ClientProcess], tmp_path: Path) -> None:
    """Arguments are valid under the tool's own schema, and nine calls in ten arrive whole."""
    rows = tools()
    asked = tmp_path / "requests.json"
    asked.write_text(json.dumps(list(requests(rows))), "utf-8")
    openai = next(client for client in clients() if client.name == "openai")
    replies = process_of(openai).call("many", [str(asked)], seconds=500)["replies"]
    schemas = {row["function"]: row["schema"] for row in rows}
    delivered = [call for reply in replies for call in reply["calls"]]
    invalid = [
        (name, arguments)
        for name, arguments in delivered
        if not Draft202012Validator(schemas[name]).is_valid(json.loads(arguments))
    ]
    print(f"{len(delivered)} of {CALLS} calls delivered, {len(invalid)} of them invalid")
    assert invalid == []
    assert {reply["finish"] for reply in replies if reply["calls"]} <= {"tool_calls", "stop"}
    assert {reply["finish"] for reply in replies if not reply["calls"]} <= {"length"}
    assert len(delivered) >= 0.9 * CALLS
