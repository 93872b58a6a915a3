"""The façade in process: a schema and an engine in, validated objects out."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeAlias, TypeVar, overload

from structgen.chat.reply import ChatReply, ChatSink
from structgen.chat.run import run_turn
from structgen.chat.turn import ChatTurn
from structgen.engines import Engine, open_engine
from structgen.engines.background_loop import CLOSED, BackgroundLoop
from structgen.errors import BadRequest, ConfigError, EngineUnavailable
from structgen.evidence.calibration.files import CalibrationsInput, calibrations_of
from structgen.evidence.source import Source
from structgen.files.isolated import read_file
from structgen.missing_text import missing_text_reason
from structgen.parsing.result import RepairResult
from structgen.prompts.base import PromptFormat
from structgen.prompts.selection import format_for
from structgen.schema import Schema
from structgen.schema.list_items import ListSchema
from structgen.strategies import registry
from structgen.strategies.absent_members import python_item, python_value, with_delivery
from structgen.strategies.base import (
    Collaborators,
    CountRows,
    DeriveSchema,
    GroundValue,
    InduceRows,
    PatchValue,
    RepairText,
    ValidateValue,
    count_in_thread,
    derive_in_thread,
    ground_in_thread,
    induce_in_thread,
    patch_in_thread,
    repair_in_thread,
    validate_in_thread,
)
from structgen.strategies.events import (
    Completed,
    Event,
    EventSink,
    ItemCompleted,
    PartialObject,
    Progress,
    event_stream,
)
from structgen.strategies.model_repair import RepairTask, repair_text
from structgen.strategies.result import Result
from structgen.strategies.task import Task
from structgen.strategies.task_options import task_from_options
from structgen.text_argument import RepairInput, checked_text
from structgen.types import Grammar, OnLoss, OnProgress, Risk, Violation

if TYPE_CHECKING:
    from typing_extensions import TypeForm

    Untyped: TypeAlias = Schema | Mapping[str, Any] | bool | str | Path
    """Schemas that do not come from a type: results are plain JSON values."""

T = TypeVar("T")
R = TypeVar("R")


class Generator:
    """Turns documents into objects on an engine of this process.

    `engine` is an `Engine`, or the folder of a Hugging Face model for the local engine; without it the
    shipped model. The caller of `run` and `events` starts the engine; the synchronous methods start it
    with the first call. Use the generator as a context manager, or call `close`. `prompt_format` is chosen
    by the model's name where none is given: it writes the system text, and the whole prompt of a model that
    has no chat template and is not loaded yet. `validator`, `repairer`, `patcher`, `grounder`, `counter`,
    `deriver` and `inducer` run in threads of this process by default. `calibration` is a calibration, its
    file, a folder of files, or several of these: each counts for extractions with its schema, whose evidence
    then has confidences.
    """

    def __init__(
        self,
        engine: Engine | str | Path | None = None,
        *,
        prompt_format: PromptFormat | None = None,
        validator: ValidateValue = validate_in_thread,
        repairer: RepairText = repair_in_thread,
        patcher: PatchValue = patch_in_thread,
        grounder: GroundValue = ground_in_thread,
        calibration: CalibrationsInput | None = None,
        counter: CountRows = count_in_thread,
        deriver: DeriveSchema = derive_in_thread,
        inducer: InduceRows = induce_in_thread,
    ) -> None:
        calibrations = calibrations_of(calibration)
        if not isinstance(engine, Engine):
            engine = open_engine("local", str(engine or _shipped()))
        if prompt_format is not None:
            engine.prompt_format = prompt_format
        self.engine = engine
        self.collaborators = Collaborators(
            engine,
            prompt_format or format_for(engine.model),
            validator,
            repairer,
            patcher,
            grounder,
            calibrations,
            counter,
            deriver,
            inducer,
        )
        self._loop = BackgroundLoop(engine)

    async def run(self, task: Task, emit: EventSink | None = None) -> Result:
        """Return the result of a task, on a started engine; `emit` receives the events before it.

        Raises `BadRequest` for a task without any text, and the errors of `structgen.errors`.
        """
        _check_text(task)
        result = await registry.run(task, self.collaborators, emit)
        if task.source is not None and task.source.warnings:
            return replace(result, warnings=(*result.warnings, *task.source.warnings))
        return result

    def events(self, task: Task) -> AsyncGenerator[Event, None]:
        """Yield the events of a task; the last one is `Completed`. Closing the generator stops the work.

        Raises `BadRequest` for a task without any text.
        """
        _check_text(task)
        return event_stream(partial(registry.run, task, self.collaborators))

    @overload
    def extract(self, schema: Untyped, document: str | Source | None = None, **options: Any) -> Any: ...
    @overload
    def extract(
        self, schema: re.Pattern[str] | Grammar, document: str | Source | None = None, **options: Any
    ) -> str: ...
    @overload
    def extract(self, schema: TypeForm[T], document: str | Source | None = None, **options: Any) -> T: ...
    def extract(
        self,
        schema: Any,
        document: str | Source | None = None,
        *,
        on_progress: OnProgress | None = None,
        **options: Any,
    ) -> Any:
        """Return the value that the document holds: typed where `schema` is a type, else plain JSON.

        `schema` is any argument of `Schema.parse`, or a `Grammar` for plain text. Options are the fields of
        `Task`: `prompt`, `messages`, `examples`, `sampling`, `limits`, `evidence`, `on_shortfall`,
        `on_absent`; and `file`, the path or bytes of a file that is read as the document. `on_progress`
        receives the progress of a document that is read in segments.
        """
        task = _task(schema, document, options)
        return python_value(self._result(task, on_progress), task)

    def result(
        self,
        schema: Any,
        document: str | Source | None = None,
        *,
        on_progress: OnProgress | None = None,
        **options: Any,
    ) -> Result:
        """Return the value with its coverage, its evidence if asked for, and the account of every attempt."""
        return self._result(_task(schema, document, options), on_progress)

    def _result(self, task: Task, on_progress: OnProgress | None) -> Result:
        if on_progress is None:
            return self._loop.wait(self.run(task))
        with self._loop.iterate(self.events(task)) as events:
            for event in events:
                if isinstance(event, Progress):
                    on_progress(event)
                elif isinstance(event, Completed):
                    return event.result
        raise EngineUnavailable(CLOSED)

    @overload
    def iter_extract(
        self, schema: Untyped, document: str | Source | None = None, **options: Any
    ) -> Iterator[Any]: ...
    @overload
    def iter_extract(
        self, schema: TypeForm[list[T]], document: str | Source | None = None, **options: Any
    ) -> Iterator[T]: ...
    @overload
    def iter_extract(
        self, schema: TypeForm[T], document: str | Source | None = None, **options: Any
    ) -> Iterator[T]: ...
    def iter_extract(
        self,
        schema: Any,
        document: str | Source | None = None,
        *,
        on_progress: OnProgress | None = None,
        **options: Any,
    ) -> Iterator[Any]:
        """Yield the items of a list, each as soon as it is complete and valid; typed as those of `extract`.

        `schema` is that of a list, or the Python type of its items. An item that was yielded stays: a retry
        goes on after it. What holds for the list as a whole is checked at its end; then, and wherever no
        valid list begins with the yielded items, an error says how many these are. Closing the iterator stops
        the generation. `on_progress` is as in `extract`.
        """
        listed = ListSchema.of(schema)
        task = _task(listed.whole, document, options)
        task = with_delivery(task, listed)
        with self._loop.iterate(self.events(task)) as events:
            for event in events:
                if isinstance(event, ItemCompleted):
                    yield python_item(event.data, event.index, task, listed)
                elif isinstance(event, Progress) and on_progress is not None:
                    on_progress(event)

    def stream(
        self,
        schema: Any,
        document: str | Source | None = None,
        *,
        on_progress: OnProgress | None = None,
        **options: Any,
    ) -> Iterator[Any]:
        """Yield the object as it grows, complete members only; the last one is valid, typed as `extract`.

        Of plain text the text so far is yielded. `on_progress` is as in `extract`.
        """
        task = _task(schema, document, options)
        with self._loop.iterate(self.events(task)) as events:
            for event in events:
                if isinstance(event, PartialObject):
                    yield event.data
                elif isinstance(event, Completed):
                    yield python_value(event.result, task)
                elif isinstance(event, Progress) and on_progress is not None:
                    on_progress(event)

    async def chat(self, turn: ChatTurn, emit: ChatSink | None = None) -> ChatReply:
        """Return the reply to a chat turn, on a started engine; `emit` receives the events before it.

        Raises `BadRequest` for a turn without messages, and the errors of `structgen.errors`.
        """
        return await run_turn(turn, self.collaborators, emit)

    async def repair_text(self, task: RepairTask, by_rules: RepairResult | None = None) -> RepairResult:
        """Repair a text on a started engine; return a result with status `failed` too.

        `by_rules` is the result of the rules, where the caller has it.
        """
        return await repair_text(task, self.collaborators, by_rules)

    def repair(
        self,
        text: RepairInput,
        schema: Any = None,
        *,
        max_risk: Risk | None = None,
        on_loss: OnLoss = "error",
        source: str | None = None,
    ) -> RepairResult:
        """Repair a text as `structgen.repair`, with this generator's engine where rules fail."""
        text, parsed = checked_text(text), None if schema is None else Schema.parse(schema)
        task = RepairTask(text, parsed, max_risk or "model", source, on_loss=on_loss)
        return self._loop.wait(self.repair_text(task)).with_schema_warnings(parsed)

    def close(self) -> None:
        """Close the engine that this generator started, and its thread."""
        self._loop.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _task(schema: Any, document: str | Source | None, options: Mapping[str, Any]) -> Task:
    """Return the task of a call, whose option `file` is read as its document."""
    options = dict(options)
    if (file := options.pop("file", None)) is not None:
        if document is not None:
            raise BadRequest("give either document or file, not both")
        document = read_file(file)
    return task_from_options(schema, document, **options)


def _check_text(task: Task) -> None:
    if (missing := missing_text_reason(task.prompt, task.document, task.messages)) is not None:
        raise BadRequest.from_violations([Violation("", "missing", missing)], "the request")


def _shipped() -> Path:
    """Return the folder of the shipped model."""
    from structgen.models import DEMO_MODEL

    if not (DEMO_MODEL / "config.json").is_file():
        raise ConfigError(
            "the shipped model is not in this installation: give a model's folder (--model, or "
            "Generator(FOLDER))"
        )
    return DEMO_MODEL
