"""The façade in process: a schema and an engine in, validated objects out."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Coroutine, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar, overload

from structgen.chat.reply import ChatReply, ChatSink
from structgen.chat.run import run_turn
from structgen.chat.turn import ChatTurn
from structgen.engines import Engine, open_engine
from structgen.errors import BadRequest, ConfigError, EngineUnavailable
from structgen.missing_text import missing_text_reason
from structgen.parsing.pipeline import repair_by_rules
from structgen.parsing.result import RepairResult
from structgen.prompts.base import PromptFormat
from structgen.prompts.selection import format_for
from structgen.schema import Schema
from structgen.strategies import registry
from structgen.strategies.base import (
    Collaborators,
    PatchValue,
    RepairText,
    ValidateValue,
    patch_in_thread,
    repair_in_thread,
    validate_in_thread,
)
from structgen.strategies.events import Completed, Event, EventSink, PartialObject, event_stream
from structgen.strategies.model_repair import RepairTask, repair_text
from structgen.strategies.result import Result
from structgen.strategies.task import Task
from structgen.strategies.task_options import task_from_options
from structgen.types import Risk, Violation

T = TypeVar("T")
R = TypeVar("R")


class Generator:
    """Turns documents into objects on an engine of this process.

    `engine` is an `Engine`, or the folder of a Hugging Face model for the local engine; without it the
    shipped model. The caller of `run` and `events` starts the engine; the synchronous methods start it
    with the first call. Use the generator as a context manager, or call `close`. `prompt_format` is chosen
    by the model's name where none is given: it writes the system text, and the whole prompt of a model that
    has no chat template and is not loaded yet. `validator`, `repairer` and `patcher` run in threads of this
    process by default.
    """

    def __init__(
        self,
        engine: Engine | str | Path | None = None,
        *,
        prompt_format: PromptFormat | None = None,
        validator: ValidateValue = validate_in_thread,
        repairer: RepairText = repair_in_thread,
        patcher: PatchValue = patch_in_thread,
    ) -> None:
        if not isinstance(engine, Engine):
            engine = open_engine("local", str(engine or _shipped()))
        if prompt_format is not None:
            engine.prompt_format = prompt_format
        self.engine = engine
        self.collaborators = Collaborators(
            engine, prompt_format or format_for(engine.model), validator, repairer, patcher
        )
        self._loop: _EngineLoop | None = None
        self._lock = threading.Lock()

    async def run(self, task: Task, emit: EventSink | None = None) -> Result:
        """Return the result of a task, on a started engine; `emit` receives the events before it.

        Raises `BadRequest` for a task without any text, and the errors of `structgen.errors`.
        """
        _check_text(task)
        return await registry.run(task, self.collaborators, emit)

    def events(self, task: Task) -> AsyncGenerator[Event, None]:
        """Yield the events of a task; the last one is `Completed`. Closing the generator stops the work.

        Raises `BadRequest` for a task without any text.
        """
        _check_text(task)
        return event_stream(partial(registry.run, task, self.collaborators))

    @overload
    def extract(self, schema: type[T], document: str | None = None, **options: Any) -> T: ...
    @overload
    def extract(self, schema: Any, document: str | None = None, **options: Any) -> Any: ...
    def extract(self, schema: Any, document: str | None = None, **options: Any) -> Any:
        """Return the object that the document holds: typed where `schema` is a type, else plain JSON.

        Options are the fields of `Task`: `prompt`, `messages`, `examples`, `sampling`, `limits`.
        """
        parsed = Schema.parse(schema)
        return parsed.to_python(self.result(parsed, document, **options).data)

    def result(self, schema: Any, document: str | None = None, **options: Any) -> Result:
        """Return the object with the account of every attempt. Options are the fields of `Task`."""
        return self._wait(self.run(task_from_options(schema, document, **options)))

    def stream(self, schema: Any, document: str | None = None, **options: Any) -> Iterator[Any]:
        """Yield the object as it grows, complete members only; the last one is valid, typed as `extract`."""
        task = task_from_options(schema, document, **options)
        events = self.events(task)
        try:
            while (event := self._wait(_next(events))) is not None:
                if isinstance(event, PartialObject):
                    yield event.data
                elif isinstance(event, Completed):
                    yield task.schema.to_python(event.result.data)
        finally:
            self._wait(events.aclose())

    async def chat(self, turn: ChatTurn, emit: ChatSink | None = None) -> ChatReply:
        """Return the reply to a chat turn, on a started engine; `emit` receives the events before it.

        Raises `BadRequest` for a turn without messages, and the errors of `structgen.errors`.
        """
        return await run_turn(turn, self.collaborators, emit)

    async def repair_text(self, task: RepairTask, by_rules: RepairResult | None = None) -> RepairResult:
        """Repair a text on a started engine; a result with status `failed` is returned, not raised.

        `repair_by_rules` is the result of the rules, where the caller has it.
        """
        return await repair_text(task, self.collaborators, by_rules)

    def repair(
        self,
        text: str | bytes,
        schema: Any = None,
        *,
        max_risk: Risk | None = None,
        source: str | None = None,
    ) -> RepairResult:
        """Repair a text as `structgen.repair`, with this generator's engine where rules fail."""
        parsed = None if schema is None else Schema.parse(schema)
        result = self._wait(self.repair_text(RepairTask(text, parsed, max_risk or "model", source)))
        return _with_warnings(result, parsed)

    def _wait(self, work: Coroutine[Any, Any, R]) -> R:
        """Run a coroutine on the generator's own event loop and wait for its result."""
        with self._lock:
            if self._loop is None:
                try:
                    self._loop = _EngineLoop(self.engine)
                except BaseException:
                    work.close()
                    raise
            running = self._loop.submit(work)
        try:
            return running.result()
        except CancelledError:
            raise EngineUnavailable("the generator was closed") from None
        except BaseException:  # such as the caller's Ctrl-C: the result has no reader any more
            running.cancel()
            raise

    def close(self) -> None:
        """Close the engine that this generator started, and its thread."""
        with self._lock:
            loop, self._loop = self._loop, None
            if loop is not None:
                loop.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class _EngineLoop:
    """An event loop in a thread of its own, with an engine that it started."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._loop = engine, asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        try:
            self.submit(engine.start()).result()
        except BaseException:
            self._stop()
            raise

    def submit(self, work: Coroutine[Any, Any, R]) -> Future[R]:
        """Start a coroutine on the loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def close(self) -> None:
        """Close the engine and end the thread."""
        self.submit(self._engine.close()).result()
        self._stop()

    def _stop(self) -> None:
        self.submit(_cancel_all(self._loop)).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def repair(
    text: str | bytes,
    schema: Any = None,
    *,
    engine: Generator | Engine | str | Path | None = None,
    max_risk: Risk | None = None,
    source: str | None = None,
) -> RepairResult:
    """Repair a broken JSON text, with an account of every change.

    `schema` is any argument of `Schema.parse`: the value is coerced to it and validated. `engine` (a
    `Generator`, an engine, or a model's folder) answers where rules fail, with `source`, the document that
    the text came from; without it no model is used. `max_risk` bounds the changes: `lossless`, `coerced`,
    `inferred` (the default), `model` (the default with an engine). A text that cannot be repaired has the
    status `failed`; nothing is raised for it.
    """
    if not isinstance(text, str | bytes):
        raise TypeError(f"repair(): the text is of type {type(text).__name__}: give str or bytes")
    if engine is None:
        parsed = None if schema is None else Schema.parse(schema)
        return _with_warnings(repair_by_rules(text, parsed, max_risk=max_risk or "inferred"), parsed)
    if isinstance(engine, Generator):
        return engine.repair(text, schema, max_risk=max_risk, source=source)
    with Generator(engine) as generator:
        return generator.repair(text, schema, max_risk=max_risk, source=source)


def _with_warnings(result: RepairResult, schema: Schema | None) -> RepairResult:
    """Add the warnings about the schema."""
    return result if schema is None or not schema.warnings else result._replace(warnings=schema.diagnostics())


def _check_text(task: Task) -> None:
    if (missing := missing_text_reason(task.prompt, task.document, task.messages)) is not None:
        raise BadRequest.from_violations([Violation("", "missing", missing)], "the request")


async def _cancel_all(loop: asyncio.AbstractEventLoop) -> None:
    """Cancel all other tasks of the loop, and end its generators and threads."""
    others = asyncio.all_tasks(loop) - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await loop.shutdown_asyncgens()
    await loop.shutdown_default_executor()


async def _next(events: AsyncGenerator[Event, None]) -> Event | None:
    with suppress(StopAsyncIteration):
        return await anext(events)
    return None


def _shipped() -> Path:
    """Return the folder of the shipped model."""
    from structgen.models import DEMO_MODEL

    if not (DEMO_MODEL / "config.json").is_file():
        raise ConfigError(
            "the shipped model is not in this installation: give a model's folder (--model, or "
            "Generator(FOLDER))"
        )
    return DEMO_MODEL
