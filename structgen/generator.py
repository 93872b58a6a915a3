"""The façade, in process: a schema and an engine in, validated objects out."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Coroutine, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import aclosing, suppress
from dataclasses import fields
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar, overload

from structgen.empty_input import no_text
from structgen.engines import Engine, open_engine
from structgen.errors import BadRequest, ConfigError, EngineUnavailable, StructgenError
from structgen.parsing.pipeline import by_rules
from structgen.parsing.result import RepairResult
from structgen.prompts import hermes4
from structgen.prompts.base import Example, Format
from structgen.schema import Schema
from structgen.strategies.base import Completed, Event, Judge, Mend, PartialObject, Result, Task, judge, mend
from structgen.strategies.dispatch import events
from structgen.strategies.model_repair import Repair, Rules, repaired, rules
from structgen.strategies.task_validation import check
from structgen.suggestions import unknown_member
from structgen.types import Limits, Message, Risk, Sampling, Violation

T = TypeVar("T")
R = TypeVar("R")


class Generator:
    """Turns documents into objects on an engine of this process.

    `engine` is an `Engine`, or the folder of a Hugging Face model for the local engine; without it the
    model that ships. An engine given is started by `run` and `events`' caller, one made here starts with
    the first synchronous call. Use it as a context manager, or call `close`. `judge` validates,
    `rules` repairs and `mend` puts known values in: in a thread of this process where none is given.
    """

    def __init__(
        self,
        engine: Engine | str | Path | None = None,
        *,
        prompts: Format = hermes4,
        judge: Judge = judge,
        rules: Rules = rules,
        mend: Mend = mend,
    ) -> None:
        if isinstance(engine, Engine):
            self.engine = engine
        else:
            self.engine = open_engine("local", str(engine or _shipped()))
        self.prompts, self.judge, self.rules, self.mend = prompts, judge, rules, mend
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
        """What happens on the way; the last event is `Completed`. Closing it stops the work.

        `BadRequest` for a task without any text.
        """
        if (missing := no_text(task.prompt, task.document, task.messages)) is not None:
            raise BadRequest.of([Violation("", "missing", missing)], "the request")
        return events(task, self.engine, self.prompts, self.judge, self.rules, self.mend)

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

    async def repaired(self, task: Repair, result: RepairResult | None = None) -> RepairResult:
        """A text put right, on a started engine; `failed` is a result too.

        `result` is what rules made of the text, where that is known.
        """
        return await repaired(task, self.engine, self.prompts, self.rules, result)

    def repair(
        self,
        text: str | bytes,
        schema: Any = None,
        *,
        max_risk: Risk | None = None,
        source: str | None = None,
    ) -> RepairResult:
        """As `structgen.repair`, with this generator's engine for what rules cannot decide."""
        parsed = None if schema is None else Schema.parse(schema)
        result = self._here(self.repaired(Repair(text, parsed, max_risk or "model", source)))
        return _warned(result, parsed)

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
            running = asyncio.run_coroutine_threadsafe(work, self._home)
        try:
            return running.result()
        except CancelledError:
            raise EngineUnavailable("the generator was closed") from None
        except BaseException:  # such as the caller's Ctrl-C: nobody waits for it any more
            running.cancel()
            raise

    def close(self) -> None:
        """Close the engine that this generator started, and its thread."""
        with self._lock:
            if self._home is not None:
                asyncio.run_coroutine_threadsafe(self.engine.close(), self._home).result()
                self._stop()

    def _stop(self) -> None:
        home, self._home = self._home, None
        if home is not None:
            asyncio.run_coroutine_threadsafe(_ended(home), home).result()
            home.call_soon_threadsafe(home.stop)
            self._thread.join()
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


def repair(
    text: str | bytes,
    schema: Any = None,
    *,
    engine: Generator | Engine | str | Path | None = None,
    max_risk: Risk | None = None,
    source: str | None = None,
) -> RepairResult:
    """The object that a broken JSON text was meant to be, with an account of every change.

    `schema` is whatever `Schema.parse` takes: a value is then read, aligned and validated under it.
    `engine` (a `Generator`, an engine, or a model's folder) is asked for what rules cannot decide, with
    `source`, the document that the text came from; without it no model is used. `max_risk` bounds what is
    applied: `lossless`, `coerced`, `inferred` (the default), `model` (the default with an engine).
    A text of which no object can be had honestly has the status `failed`; nothing is raised for it.
    """
    if not isinstance(text, str | bytes):
        raise TypeError(f"repair(): the text is of type {type(text).__name__}: give str or bytes")
    if engine is None:
        parsed = None if schema is None else Schema.parse(schema)
        return _warned(by_rules(text, parsed, max_risk=max_risk or "inferred"), parsed)
    if isinstance(engine, Generator):
        return engine.repair(text, schema, max_risk=max_risk, source=source)
    with Generator(engine) as generator:
        return generator.repair(text, schema, max_risk=max_risk, source=source)


def _warned(result: RepairResult, schema: Schema | None) -> RepairResult:
    """With what is worth knowing about the schema."""
    return result if schema is None or not schema.warnings else result._replace(warnings=schema.diagnostics())


def _task(
    schema: Any,
    document: str | None,
    *,
    messages: Sequence[Message | Mapping[str, Any]] = (),
    examples: Sequence[Example | Mapping[str, Any]] = (),
    sampling: Sampling | Mapping[str, Any] | None = None,
    limits: Limits | Mapping[str, Any] | None = None,
    **options: Any,
) -> Task:
    """Mappings as the service's requests have them; `BadRequest` for what it would refuse."""
    for name in options:
        if name not in _MEMBERS[""]:
            raise TypeError(f"extract(): {unknown_member(name, '', _MEMBERS, 'the call')}")
    task = Task(
        Schema.parse(schema),
        document=document,
        messages=tuple(_made(Message, turn, "messages") for turn in messages),
        examples=tuple(_made(Example, shot, "examples") for shot in examples),
        sampling=_made(Sampling, sampling or {}, "sampling"),
        limits=_made(Limits, limits or {}, "limits"),
        **options,
    )
    check(task)
    return task


def _made(kind: type[T], given: T | Mapping[str, Any], name: str) -> T:
    if not isinstance(given, Mapping):
        return given
    for member in given:
        if member not in _MEMBERS[name]:
            fault = Violation(f"/{name}", "fields", unknown_member(str(member), name, _MEMBERS))
            raise BadRequest(f"/{name}: {fault.message}", [fault])
    try:
        return kind(**given)
    except TypeError as error:
        fault = Violation(f"/{name}", "fields", str(error).partition("__init__() ")[2])
        raise BadRequest(f"/{name}: {fault.message}", [fault]) from error


_MEMBERS: dict[str, list[str]] = {
    "": [
        "schema", "document", "prompt", "messages", "examples", "sampling", "limits", "n", "report",
        "strategy",
    ],
    **{
        name: [field.name for field in fields(kind)]
        for name, kind in (
            ("sampling", Sampling), ("limits", Limits), ("messages", Message), ("examples", Example)
        )
    },
}  # fmt: skip
"""What an extraction may be told, by the option that holds it."""


async def _ended(home: asyncio.AbstractEventLoop) -> None:
    """Whoever still waits on the loop is told, and its threads end."""
    others = asyncio.all_tasks(home) - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await home.shutdown_asyncgens()
    await home.shutdown_default_executor()


async def _next(events: AsyncGenerator[Event, None]) -> Event | None:
    with suppress(StopAsyncIteration):
        return await anext(events)
    return None


def _shipped() -> Path:
    from structgen.embedded import MODEL

    if not (MODEL / "config.json").is_file():
        raise ConfigError(
            "the shipped model is not in this installation: give a model's folder (--model, or "
            "Generator(FOLDER))"
        )
    return MODEL
