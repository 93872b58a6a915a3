"""An OpenAI-compatible server on one of our engines that can be scripted to misbehave."""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import uvicorn

from structgen.engines import Constraint, Engine, EngineRequest, TextConstraint
from structgen.engines.remote import RemoteEngine
from structgen.errors import InvalidSchema, PromptTooLong
from structgen.schema import Schema
from structgen.types import Chunk, Conversation, Message, Sampling, Usage

Scope = dict[str, Any]
SCHEMA = Schema.parse({"type": "object", "properties": {"age": {"type": "integer"}}, "required": ["age"]})
CONSTRAINT = Constraint(SCHEMA.grammar, SCHEMA.hash)
_NONCE = re.compile(r"\bk[0-9a-f]{16}\b")
TURNS = (Message("system", "JSON."), Message("user", "Ada is 36."))


def ask(constraint: Constraint | None = CONSTRAINT, **sampling: Any) -> EngineRequest:
    return EngineRequest(Conversation(TURNS), constraint, Sampling(**sampling))


@asynccontextmanager
async def started(url: str, model: str = "", **options: Any) -> AsyncIterator[RemoteEngine]:
    """Yield a remote engine on the server; close it afterwards."""
    engine = RemoteEngine(model, url=url, **options)
    await engine.start()
    try:
        yield engine
    finally:
        await engine.close()


@dataclass(frozen=True)
class Fault:
    """A scripted answer: an error status, or a stream of these events that breaks off or ends."""

    status: int = 200
    body: Any = None
    headers: tuple[tuple[str, str], ...] = ()
    events: tuple[Any, ...] = ()
    breaks: bool = False
    delay: float = 0.0


def told(message: str, code: Any = 400, **members: Any) -> dict[str, Any]:
    """Return the body of an error in OpenAI's envelope."""
    return {"error": {"message": message, "code": code, **members}}


@dataclass
class Compatible:
    """Return the application. It follows a schema in the request members that `honours` lists."""

    engine: Engine
    honours: tuple[str, ...] = ("response_format", "structured_outputs")
    models: tuple[str, ...] | None = ("tiny",)
    owner: str = "tests"
    faults: deque[Fault | None] = field(default_factory=deque)
    """Scripted answers to the next completions in order; None for a regular one."""
    bodies: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    left: int = 0
    """Number of callers that disconnected before the end."""
    list_status: int = 200
    refuses: dict[str, Any] | None = None
    """The body of the 400 for every request with a schema."""
    special_tags: tuple[str, ...] | None = None
    """The tags that are special tokens in grammars; None where `structured_outputs` takes schemas alone."""

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        self.keys.append(dict(scope["headers"]).get(b"authorization", b"").decode())
        if scope["path"] == "/v1/models":
            await self._list(send)
            return
        body = await _body(receive)
        self.bodies.append(json.loads(body))
        fault = self.faults.popleft() if self.faults else None
        if self.refuses is not None and self._schema(json.loads(body)) is not None:
            fault = Fault(400, self.refuses)
        if fault is not None:
            await _misbehave(fault, send)
            return
        answering = asyncio.ensure_future(self._complete(json.loads(body), send))
        leaving = asyncio.ensure_future(_gone(receive))
        await asyncio.wait({answering, leaving}, return_when=asyncio.FIRST_COMPLETED)
        leaving.cancel()
        if not answering.done():
            self.left += 1
            answering.cancel()
        with suppress(asyncio.CancelledError):
            await answering

    async def _live(self, receive: Any, send: Any) -> None:
        await receive()
        await self.engine.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.engine.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _list(self, send: Any) -> None:
        if self.models is None or self.list_status != 200:
            await _json(send, 404 if self.models is None else self.list_status, told("no list"))
            return
        limit = self.engine.capabilities.context
        data = [{"id": name, "owned_by": self.owner, "max_model_len": limit} for name in self.models]
        await _json(send, 200, {"object": "list", "data": data})

    async def _complete(self, body: dict[str, Any], send: Any) -> None:
        schema = self._schema(body)
        const = schema.get("properties", {}).get("probe", {}).get("const") if schema else None
        if const is not None:
            await self._stream(_said(json.dumps({"probe": const}, separators=(",", ":"))), send)
            return
        constraint: Any = None if schema is None else Constraint(schema, json.dumps(schema))
        formats = body.get("structured_outputs", {}) if self.special_tags is not None else {}
        if probed := _NONCE.search(json.dumps(formats)):
            await self._probe(formats, probed[0], send)
            return
        if formats and schema is None:
            constraint = _text_constraint(formats)
        turns = tuple(Message(turn["role"], turn["content"]) for turn in body["messages"])
        sampling = Sampling(
            body["temperature"],
            body["top_p"],
            max(0, body.get("top_k", 0)),
            body["max_tokens"],
            body.get("seed"),
        )
        request = EngineRequest(
            Conversation(turns), constraint, sampling, logprobs=body.get("logprobs", False)
        )
        async with aclosing(self.engine.generate(request)) as chunks:
            try:
                first = await anext(chunks)
            except (InvalidSchema, PromptTooLong) as error:
                await _json(send, 400, told(_words(error)))
                return
            try:
                await self._stream(_again(first, chunks), send)
            except InvalidSchema as error:  # found on the way, as vLLM tells it
                await _event(send, told(_words(error)))
                await send({"type": "http.response.body", "body": b""})

    async def _probe(self, formats: dict[str, Any], nonce: str, send: Any) -> None:
        """Answer the probe of a text format as vLLM does: a tag that is no special token is refused."""
        if "regex" in formats:
            await self._stream(_said(nonce), send)
            return
        tag = re.search(r"<[a-z/_]+>", formats["grammar"])
        if tag is not None and tag[0] not in (self.special_tags or ()):
            await _json(send, 400, told(f"Grammar error: unknown special token: {tag[0]!r}"))
            return
        await self._stream(_said(f'"{nonce}"' if tag is None else f"{tag[0]}{nonce}"), send)

    def _schema(self, body: dict[str, Any]) -> Any:
        if "response_format" in body and "response_format" in self.honours:
            return body["response_format"]["json_schema"]["schema"]
        if "structured_outputs" in body and "structured_outputs" in self.honours:
            return body["structured_outputs"].get("json")
        return None

    async def _stream(self, chunks: AsyncGenerator[Chunk, None], send: Any) -> None:
        await _begin(send, 200, "text/event-stream")
        async with aclosing(chunks) as items:
            async for chunk in items:
                choice: dict[str, Any] = {
                    "index": 0,
                    "delta": {"content": chunk.text},
                    "finish_reason": chunk.finish,
                }
                if chunk.logprobs:
                    choice["logprobs"] = {
                        "content": [{"token": p.token, "logprob": p.logprob} for p in chunk.logprobs]
                    }
                await _event(send, {"choices": [choice]})
                if chunk.usage is not None:
                    counts = {
                        "prompt_tokens": chunk.usage.prompt_tokens,
                        "completion_tokens": chunk.usage.completion_tokens,
                    }
                    await _event(send, {"choices": [], "usage": counts})
        await _event(send, "[DONE]")
        await send({"type": "http.response.body", "body": b""})


def _text_constraint(formats: dict[str, Any]) -> TextConstraint:
    name, value = next(iter(formats.items()))
    definition = json.dumps(value) if name == "choice" else value
    return TextConstraint("lark" if name == "grammar" else name, definition, definition)


def _words(error: Exception) -> str:
    if not isinstance(error, PromptTooLong):
        return str(error)
    limit = f"This model's maximum context length is {error.allowed + 1} tokens."
    return f"{limit} However, your prompt contains {error.tokens} input tokens."


async def _said(text: str) -> AsyncGenerator[Chunk, None]:
    yield Chunk(text)
    yield Chunk(finish="stop", usage=Usage(1, 1))


async def _again(first: Chunk, rest: AsyncGenerator[Chunk, None]) -> AsyncGenerator[Chunk, None]:
    yield first
    async for chunk in rest:
        yield chunk


async def _misbehave(fault: Fault, send: Any) -> None:
    await asyncio.sleep(fault.delay)
    if not fault.events and not fault.breaks:
        await _json(send, fault.status, fault.body, fault.headers)
        return
    await _begin(send, fault.status, "text/event-stream")
    for event in fault.events:
        await _event(send, event)
    if fault.breaks:
        raise ConnectionResetError("as told")
    await send({"type": "http.response.body", "body": b""})


async def _body(receive: Any) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


async def _gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _begin(send: Any, status: int, kind: str, headers: tuple[tuple[str, str], ...] = ()) -> None:
    encoded = [(k.encode(), v.encode()) for k, v in (("content-type", kind), *headers)]
    await send({"type": "http.response.start", "status": status, "headers": encoded})


async def _event(send: Any, event: Any) -> None:
    text = event if isinstance(event, str) else json.dumps(event)
    await send({"type": "http.response.body", "body": f"data: {text}\n\n".encode(), "more_body": True})


async def _json(send: Any, status: int, body: Any, headers: tuple[tuple[str, str], ...] = ()) -> None:
    await _begin(send, status, "application/json", headers)
    content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    await send({"type": "http.response.body", "body": content})


@contextmanager
def serving(app: Compatible, port: int = 0) -> Iterator[str]:
    """Run the application under uvicorn on a loopback port in a thread; yield the address of its API."""
    settings = uvicorn.Config(app, port=port, log_level=60, timeout_graceful_shutdown=1, lifespan="on")
    server = uvicorn.Server(settings)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        until = time.monotonic() + 60
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            assert time.monotonic() < until, "the server is not up"
            time.sleep(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/v1"
    finally:
        server.should_exit = True
        thread.join()
