"""An ASGI wrapper that holds every response against the OpenAPI document."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from structgen.errors import PROBLEMS
from structgen.server.openai_errors import is_openai_path
from structgen.server.openapi import document, problem_schema

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Scope]]
Send = Callable[[Scope], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
PROBLEM, STREAM = "application/problem+json", "text/event-stream"
UNLISTED = {"method-not-allowed", "client-gone", "internal"}
"""Problems that any route may have and no operation lists."""
ENVELOPE = "ErrorEnvelope"
WITHOUT_OPERATION = re.compile(r"/|/docs|/openapi\.json|/problems/[^/]*|/favicon\.ico")
"""Routes for readers, which the document does not describe."""


class DocumentedResponses:
    """Pass requests on, and collect in `faults` each response that the document does not describe."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self.faults: list[str] = []
        self.checked = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application; an unfinished response is not checked."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        start: Scope = {}
        body: list[bytes] = []

        async def send_on(message: Scope) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            elif message["type"] == "http.response.body":
                body.append(message.get("body", b""))
                if not message.get("more_body"):
                    self._check(scope, start, b"".join(body))
            await send(message)

        await self._application(scope, receive, send_on)

    def _check(self, scope: Scope, start: Scope, body: bytes) -> None:
        media_type = dict(start["headers"]).get(b"content-type", b"").decode().partition(";")[0]
        self.checked += 1
        where = f"{scope['method']} {scope['path']} {start['status']} {media_type}"
        found = faults(scope["method"], scope["path"], start["status"], media_type, body)
        self.faults += [f"{where}: {fault}" for fault in found]


def faults(method: str, path: str, status: int, media_type: str, body: bytes) -> Iterator[str]:
    """Yield the ways in which a response differs from the document."""
    operations = _operations(path)
    operation = operations.get(method.lower().replace("head", "get"))
    if is_openai_path(path) and status >= 400:
        yield from _envelope_faults(operation, status, media_type, body)
    elif media_type == PROBLEM:
        yield from _problem_faults(operation, status, body)
    elif operation is None:
        if not operations and not WITHOUT_OPERATION.fullmatch(path):
            yield "the document has no such operation"
    elif media_type not in operation["responses"].get(str(status), {}).get("content", {}):
        yield "the operation lists no such response"
    elif method != "HEAD":
        content = operation["responses"][str(status)]["content"][media_type]
        if media_type == STREAM:
            if is_openai_path(path):
                yield from _openai_faults(path, body)
            else:
                yield from _stream_faults(operation, content["itemSchema"], body.decode())
        elif media_type == "application/json":
            yield from _violations(content["schema"]["$ref"], json.loads(body))


def _operations(path: str) -> Any:
    """Return the operations of the path, which may have parameters."""
    paths = document(())["paths"]
    patterns = {re.sub(r"\\{\w+\\}", ".+", re.escape(each)): each for each in paths if "{" in each}
    match = next((each for pattern, each in patterns.items() if re.fullmatch(pattern, path)), path)
    return paths.get(path) or paths.get(match, {})


def _envelope_faults(operation: Any, status: int, media_type: str, body: bytes) -> Iterator[str]:
    if media_type != "application/json":
        yield f"an error of type {media_type}"
        return
    error = json.loads(body)
    yield from _violations(f"#/components/schemas/{ENVELOPE}", error)
    name = error["error"]["code"]
    if name not in PROBLEMS or PROBLEMS[name].status != status:
        yield f"{status} is not the status of {name}"
    listed = operation["responses"].get(str(status), {}) if operation else {}
    examples = listed.get("content", {}).get("application/json", {}).get("examples", {})
    if operation and name not in UNLISTED and name not in examples:
        yield f"the operation does not list the error {name}"


def _openai_faults(path: str, body: bytes) -> Iterator[str]:
    """Yield the events that differ from their model; an error is the last event."""
    model = "ChatCompletionChunk" if path.endswith("/chat/completions") else "ResponseEvent"
    blocks = [block for block in body.decode().split("\n\n") if block and not block.startswith(":")]
    for block in blocks:
        data = block.partition("data: ")[2]
        if data == "[DONE]":
            continue
        event = json.loads(data)
        if "error" in event:
            yield from _violations(f"#/components/schemas/{ENVELOPE}", {"error": event["error"]})
            if block is not blocks[-1]:
                yield "events follow an error"
        else:
            yield from _violations(f"#/components/schemas/{model}", event)


def _problem_faults(operation: Any, status: int, body: bytes) -> Iterator[str]:
    problem = json.loads(body) if body else None
    if problem is None:  # the response to HEAD
        return
    name = problem["type"].removeprefix("/problems/")
    if name not in PROBLEMS or PROBLEMS[name].status != status:
        yield f"{status} is not the status of {name}"
    else:
        yield from _violations(f"#/components/schemas/{problem_schema(name)}", problem)
    listed = operation["responses"].get(str(status), {}) if operation else {}
    examples = listed.get("content", {}).get(PROBLEM, {}).get("examples", {})
    if operation and name not in UNLISTED and name not in examples:
        yield f"the operation does not list the problem {name}"


def _stream_faults(operation: Any, event_schema: Any, text: str) -> Iterator[str]:
    data_schemas = {
        branch["properties"]["event"]["const"]: branch["properties"]["data"]["contentSchema"]
        for branch in event_schema["oneOf"]
    }
    blocks = [block for block in text.split("\n\n") if block and not block.startswith(":")]
    for block in blocks:
        event, _, data = block.partition("\ndata: ")
        name, value = event.removeprefix("event: "), json.loads(data)
        if name not in data_schemas:
            yield f"the operation does not list the event {name}"
        elif name == "problem":
            yield from _problem_faults(operation, value["status"], data.encode())
        else:
            yield from _violations(data_schemas[name]["$ref"], value)


@cache
def _validator(reference: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": reference, "components": document(())["components"]})


def _violations(reference: str, value: Any) -> Iterator[str]:
    name = reference.rpartition("/")[2]
    for error in _validator(reference).iter_errors(value):
        yield f"{error.json_path} of {name}: {error.message[:200]}"
