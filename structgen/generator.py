"""The façade, in process: a schema and an engine in, validated objects out."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Coroutine, Iterator, Sequence
from contextlib import aclosing, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar, overload

from structgen.engines import Engine, open_engine
from structgen.errors import ConfigError, StructgenError
from structgen.prompts import hermes4
from structgen.prompts.base import Example, Format
from structgen.schema import Schema
from structgen.strategies.base import Completed, Event, Judge, PartialObject, Result, Task, judge
from structgen.strategies.constrained import constrained
from structgen.types import Message

T = TypeVar("T")
R = TypeVar("R")


class Generator:
    """Turns documents into objects on an engine of this process.

    `engine` is an `Engine`, or the folder of a Hugging Face model for the local engine; without it the
    model that ships. An engine given is started by `run` and `events`' caller, one made here starts with
    the first synchronous call. Use it as a context manager, or call `close`. `judge` validates: in a
    thread of this process where none is given.
    """

    def __init__(
        self, engine: Engine | str | Path | None = None, *, prompts: Format = hermes4, judge: Judge = judge
    ) -> None:
        if isinstance(engine, Engine):
            self.engine = engine
        else:
            self.engine = open_engine("local", str(engine or _shipped()))
        self.prompts, self.judge = prompts, judge
        self._home: asyncio.AbstractEventLoop | None = None
        self._lock = threading.Lock()

    async def run(self, task: Task) -> Result:
        """The result of a task, on a started engine; raises as `structgen.errors` says."""
        async with aclosing(self.events(task)) as events:
            async for event in events:
                if isinstance(event, Completed):
                    return event.result
        raise StructgenError("the run ended without a result")

    def events(self, task: Task) -> AsyncGenerator[Event, None]:
        """What happens on the way; the last event is `Completed`. Closing it stops the work."""
        return constrained(task, self.engine, self.prompts, self.judge)

    @overload
    def extract(self, schema: type[T], document: str | None = None, **options: Any) -> T: ...
    @overload
    def extract(self, schema: Any, document: str | None = None, **options: Any) -> Any: ...
    def extract(self, schema: Any, document: str | None = None, **options: Any) -> Any:
        """The object that the document holds: typed where `schema` is a type, plain JSON otherwise.

        Options are the fields of `Task`: `prompt`, `messages`, `examples`, `sampling`, `limits`.
        """
        parsed = Schema.parse(schema)
        return parsed.load(self.result(parsed, document, **options).data)

    def result(self, schema: Any, document: str | None = None, **options: Any) -> Result:
        """The object with the account of every attempt. Options are the fields of `Task`."""
        return self._here(self.run(_task(schema, document, **options)))

    def stream(self, schema: Any, document: str | None = None, **options: Any) -> Iterator[Any]:
        """The object as it grows, complete members only; the last one is valid, typed as `extract`."""
        task = _task(schema, document, **options)
        events = self.events(task)
        try:
            while (event := self._here(_next(events))) is not None:
                if isinstance(event, PartialObject):
                    yield event.data
                elif isinstance(event, Completed):
                    yield task.schema.load(event.result.data)
        finally:
            self._here(events.aclose())

    def _here(self, work: Coroutine[Any, Any, R]) -> R:
        """Run on the generator's own event loop, which a thread of its own turns."""
        with self._lock:
            if self._home is None:
                self._home = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._home.run_forever, daemon=True)
                self._thread.start()
                try:
                    asyncio.run_coroutine_threadsafe(self.engine.start(), self._home).result()
                except BaseException:
                    work.close()
                    self._stop()
                    raise
        return asyncio.run_coroutine_threadsafe(work, self._home).result()

    def close(self) -> None:
        """Close the engine that this generator started, and its thread."""
        with self._lock:
            if self._home is not None:
                asyncio.run_coroutine_threadsafe(self.engine.close(), self._home).result()
                self._stop()

    def _stop(self) -> None:
        home, self._home = self._home, None
        if home is not None:
            home.call_soon_threadsafe(home.stop)
            self._thread.join()
            home.run_until_complete(home.shutdown_default_executor())
            home.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _task(
    schema: Any,
    document: str | None,
    *,
    messages: Sequence[Message] = (),
    examples: Sequence[Example] = (),
    **options: Any,
) -> Task:
    parsed = Schema.parse(schema)
    return Task(parsed, document=document, messages=tuple(messages), examples=tuple(examples), **options)


async def _next(events: AsyncGenerator[Event, None]) -> Event | None:
    with suppress(StopAsyncIteration):
        return await anext(events)
    return None


def _shipped() -> Path:
    from structgen.embedded import MODEL

    if not (MODEL / "config.json").is_file():
        raise ConfigError("the shipped model is not in this installation: give a model folder")
    return MODEL
