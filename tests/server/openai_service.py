"""A running service with a scripted engine, and readers of its streams."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
from openai_shapes import USER

from structgen.engines.base import EngineRequest
from structgen.engines.fake import FakeEngine, Reply

CHAT, RESPONSES = "/v1/chat/completions", "/v1/responses"
ASK: dict[str, Any] = {"model": "fake", "messages": [USER]}
Serve = Callable[..., str]


class ScriptedEngine(FakeEngine):
    """A fake engine with a new script for each test, so that tests share a service."""

    def script(self, *replies: str | Reply) -> None:
        """Reply so from now on, and forget the earlier requests."""
        self._replies = [Reply(reply) if isinstance(reply, str) else reply for reply in replies]
        self.requests.clear()


class Service:
    """A running service."""

    def __init__(self, serve: Serve, **settings: Any) -> None:
        self.engine = ScriptedEngine(["Hello."])
        self.url = serve(self.engine, **settings)

    def send(self, path: str, body: Any, *replies: str | Reply) -> httpx.Response:
        """Return the response to one request; a string is sent as it is."""
        self.engine.script(*(replies or ["Hello."]))
        content = body if isinstance(body, str) else json.dumps(body)
        return httpx.post(self.url + path, content=content, timeout=60)

    def ask(self, path: str, body: Any, *replies: str | Reply) -> tuple[httpx.Response, EngineRequest]:
        """Return the 200 to one request, and what it asked of the engine first."""
        response = self.send(path, body, *replies)
        assert response.status_code == 200, response.text
        return response, self.engine.requests[0]

    def stream(self, path: str, body: Any, *replies: str | Reply) -> list[Any]:
        """Return the data of the events of a streamed response."""
        return events(self.ask(path, {**body, "stream": True}, *replies)[0].text)


def events(text: str) -> list[Any]:
    """Return the data of all events; `[DONE]` stays text."""
    blocks = [block for block in text.split("\n\n") if block and not block.startswith(":")]
    data = [block.partition("data: ")[2] for block in blocks]
    return [each if each == "[DONE]" else json.loads(each) for each in data]


def deltas(chunks: list[Any], index: int = 0) -> list[dict[str, Any]]:
    """Return the deltas of one choice of a chat completion."""
    choices = [choice for chunk in chunks if isinstance(chunk, dict) for choice in chunk["choices"]]
    return [choice["delta"] for choice in choices if choice["index"] == index]


def error_of(response: httpx.Response) -> dict[str, Any]:
    """Return the error of a response, after a look at its envelope."""
    body = response.json()
    assert response.headers["content-type"] == "application/json"
    assert response.headers["x-request-id"]
    assert list(body) == ["error"]
    assert {"message", "type", "param", "code"} <= body["error"].keys()
    return dict(body["error"])
