"""A scripted service for client tests: its responses, and what it was sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx

from structgen import json_text
from structgen.client import Client

USAGE = {
    "prompt_tokens": 7,
    "completion_tokens": 2,
    "total_tokens": 9,
    "cached_tokens": 0,
    "forced_tokens": 1,
    "decode_steps": 1,
}
ATTEMPT = {
    "number": 1,
    "strategy": "constrained",
    "status": "valid",
    "usage": USAGE,
    "violations": [],
    "seconds": 0.5,
}


def answer(data: Any) -> dict[str, Any]:
    """Return the body of a 200 of `/v1/extract`."""
    schema = {"name": None, "hash": "0" * 64, "dialect": "draft2020-12"}
    return {
        "id": "1",
        "status": "completed",
        "data": data,
        "attempts": [ATTEMPT],
        "usage": USAGE,
        "schema": schema,
        "model": "m",
    }


def problem(name: str, **members: Any) -> dict[str, Any]:
    """Return a problem of the contract."""
    return {"type": f"/problems/{name}", "title": name, "detail": f"it was {name}", **members}


def json(status: int, body: Any, **headers: str) -> httpx.Response:
    """Return a response with a JSON body."""
    return httpx.Response(status, content=json_text.dumps(body).encode(), headers=headers)


class Service:
    """Give the responses and errors of a script in turn; remember the bodies of the requests."""

    def __init__(self, *script: httpx.Response | Exception) -> None:
        self.script = list(script)
        self.bodies: list[Any] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.bodies.append(json_text.loads(request.content) if request.content else None)
        step = self.script.pop(0)
        if isinstance(step, Exception):
            raise step
        return step


Connect = Callable[..., tuple[Client, Service]]


def sse(*events: tuple[str, Any]) -> httpx.Response:
    """Return a response with server-sent events."""
    text = "".join(f"event: {name}\ndata: {json_text.dumps(data)}\n\n" for name, data in events)
    return httpx.Response(200, content=text.encode(), headers={"Content-Type": "text/event-stream"})
