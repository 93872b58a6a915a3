"""The services behind the routes: schemas, admission, extractions, chat turns and repairs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import Any

from structgen.api import ExtractRequest, GroundRequest, RepairRequest
from structgen.config import ServerConfig
from structgen.engines import Engine, Health
from structgen.errors import BadRequest, EngineUnavailable, InvalidSchema, StructgenError
from structgen.evidence.answer_evidence import EvidenceTask
from structgen.evidence.calibration.calibration import Calibration
from structgen.generator import Generator
from structgen.longdoc import absence
from structgen.parsing.result import RepairResult
from structgen.prompts.selection import named_format
from structgen.schema import Registry, Schema
from structgen.schema.list_items import items_alone
from structgen.server.admission import Admission
from structgen.server.body_receiver import BodyReceiver
from structgen.server.calibration_process import CalibrationProcesses
from structgen.server.chat_turns import ChatTurns
from structgen.server.file_sources import FileSources
from structgen.server.metrics import Metrics
from structgen.server.openai.located_errors import located
from structgen.server.refusals import RefusalPacer
from structgen.server.schema_cache import Checked, SchemaCache
from structgen.server.text_formats import TextFormats
from structgen.server.text_repair import TextRepairs
from structgen.server.waiting import waiting_within
from structgen.strategies.deadline import deadline_at, deadline_exceeded, seconds_left
from structgen.strategies.events import EventSink
from structgen.strategies.item_delivery import ItemDelivery
from structgen.strategies.registry import compile_grammar
from structgen.strategies.result import Result
from structgen.strategies.segmented.covered_run import has_rows
from structgen.strategies.task import Task
from structgen.strategies.text_schema import text_schema
from structgen.types import Diagnostic, Limits, TextFormat, Violation
from structgen.workers import WorkerPool


class Service:
    """One engine behind a bounded queue, and worker processes for schemas and repairs."""

    def __init__(
        self,
        config: ServerConfig,
        engine: Engine,
        workers: WorkerPool,
        calibrations: Sequence[Calibration] = (),
    ) -> None:
        self.config, self.engine, self.workers = config, engine, workers
        self.generator = Generator(
            engine,
            prompt_format=None if config.prompt_format is None else named_format(config.prompt_format),
            validator=workers.violations,
            repairer=workers.repair,
            patcher=workers.patched,
            grounder=workers.ground,
            counter=workers.count,
            deriver=workers.derive,
            inducer=workers.induce,
            calibration=calibrations,
        )
        self.calibrations = CalibrationProcesses()
        self.registry = Registry(config.schemas, config.limits)
        self.files = FileSources(workers, config.files, config.converter)
        self.bodies, self.refusals = BodyReceiver(config.max_body), RefusalPacer()
        self.metrics = Metrics()
        for lane in workers.lanes:
            self.metrics.checks.labels(lane.name).set_function(partial(getattr, lane, "waiting"))
        self.schemas = SchemaCache(workers, config.limits, config.schema_cache_bytes, self.metrics)
        self.admission = Admission(engine.capabilities.concurrency, config.max_queue, self.metrics)
        self.text_formats = TextFormats(workers, config.limits)
        self.chats = ChatTurns(
            self.generator,
            self.checked,
            self.text_formats.check,
            self.require_ready,
            self.admission,
            self.metrics,
            config.max_deadline,
        )
        self.repairs = TextRepairs(workers, self.generator, self.admission, self.metrics, config.max_deadline)

    async def schema(self, given: Any) -> Schema:
        """Return the schema of that name, or the given one."""
        return (await self.checked(given))[0]

    async def checked(self, given: Any) -> Checked:
        """Return the schema of that name, or the given one, checked in a worker process."""
        if isinstance(given, str):
            schema = self.registry.known(given)
            if schema is None:
                schema = await asyncio.to_thread(self.registry.get, given)
            return schema, None
        try:
            return await self.schemas.checked(given)
        except RecursionError:
            self.config.limits.check_depth(given)
            raise

    async def require_ready(self) -> Health:
        """Return the health of the engine; raise `EngineUnavailable` if it cannot generate now."""
        health = await self.engine.health()
        if not health.ready:
            raise EngineUnavailable(f"the engine is not ready: {health.detail}", retry_after=2.0)
        return health

    async def extract(self, body: ExtractRequest, arrived: float, emit: EventSink | None = None) -> Result:
        """Run an extraction in its turn at the engine, and count it; `emit` receives the events before.

        The deadline runs from `arrived` (on the monotonic clock): it covers the reading of the body, the
        check of the schema and the wait in the queue as well.
        """
        limits = body.limits.within(self.config.max_deadline)
        ends_at = deadline_at(limits.deadline, arrived)
        try:
            with waiting_within(limits.deadline):
                async with asyncio.timeout(seconds_left(ends_at)):
                    task = await self._task(body, limits, ends_at)
            result = await self.generator.run(task, emit)
            self.metrics.count_extraction(result.attempts, result.usage, "completed")
            self.metrics.seconds.observe(time.monotonic() - arrived)
            return result
        except StructgenError as error:
            self.metrics.count_failure(error)
            raise
        except asyncio.CancelledError:
            self.metrics.outcomes.labels("client-gone").inc()
            raise

    @asynccontextmanager
    async def _turn(self, limits: Limits, slots: int, ends_at: float | None) -> AsyncIterator[None]:
        """Hold a request's place at the engine, or that of one segment of its document."""
        async with AsyncExitStack() as stack:
            with waiting_within(limits.deadline):
                async with asyncio.timeout(seconds_left(ends_at)):
                    await stack.enter_async_context(self.admission.place(limits.priority, slots))
            yield

    async def _task(self, body: ExtractRequest, limits: Limits, ends_at: float | None) -> Task:
        """Return the task of a request; its grammar compiles before it waits for the engine."""
        await self.require_ready()
        source = await self.files.read(body.file)
        document = body.document if source is None else source.text
        schema, grammar_error, text_format = await self._output(body)
        strict = None
        if body.on_absent == "null" and text_format is None:
            strict = schema
            schema, grammar_error = await self._relaxed(schema)
        task = Task(
            schema,
            strict=strict,
            text_format=text_format,
            delivery=await self._delivery(schema) if body.stream_items else None,
            prompt=body.prompt,
            document=document,
            source=source,
            messages=tuple(body.messages),
            examples=tuple(body.examples),
            sampling=body.sampling,
            limits=limits,
            n=body.sampling.n,
            report=body.report,
            evidence=body.evidence,
            on_shortfall=body.on_shortfall,
            on_absent=body.on_absent,
            strategy=body.strategy,
            grammar_error=grammar_error,
            deadline_at=ends_at,
            on_abandoned=self.metrics.add_usage,
            turn=partial(self._turn, limits, body.sampling.n, ends_at),
        )
        if not has_rows(task):  # a document of rows is read in segments
            self.engine.capabilities.check_length(body.characters() + len(source.text if source else ""))
        began = time.monotonic()
        compiled = await compile_grammar(task, self.engine)
        if compiled is None:
            return task
        self.metrics.grammars.observe(time.monotonic() - began)
        return replace(task, schema=compiled)

    async def _output(self, body: ExtractRequest) -> tuple[Schema, InvalidSchema | None, TextFormat | None]:
        """Return the checked schema of a request, why it has no grammar, and the format of plain text."""
        if body.output is None:
            return *await self.checked(body.schema_), None
        text_format = body.output.text_format()
        with located("/output", inside=False):
            await self.text_formats.check(text_format)
        return text_schema(text_format), None, text_format

    async def _relaxed(self, schema: Schema) -> Checked:
        """Return the checked schema whose required members may be null."""
        relaxed = await asyncio.to_thread(absence.relaxed, schema)
        return await self.checked(relaxed.definition)

    async def _delivery(self, schema: Schema) -> ItemDelivery:
        """Return the delivery of a list's items; `BadRequest` for the schema of anything else."""
        items = items_alone(schema)
        if items is None:
            message = 'items come from a list: give {"type": "array", "items": ...} as the schema'
            raise BadRequest.from_violations([Violation("/schema", "type", message)], "the request")
        return ItemDelivery.of(schema, await self.schema(items.definition))

    async def ground(
        self, body: GroundRequest, schema: Schema | None, arrived: float
    ) -> tuple[str, tuple[Diagnostic, ...]]:
        """Return the JSON text of the evidence of a request's data, found in a worker process.

        Beside it are the warnings about its file. The deadline runs from `arrived`, on the monotonic clock.
        """
        deadline = min(body.limits.deadline or self.config.max_deadline, self.config.max_deadline)
        calibrations = self.generator.collaborators.calibrations
        task = EvidenceTask(
            body.data,
            body.text,
            list_signals=body.signals,
            max_leaves=body.limits.max_leaves,
            calibration=None if schema is None else calibrations.get(schema.hash),
        )
        try:
            async with asyncio.timeout(seconds_left(deadline_at(deadline, arrived))):
                source = await self.files.read(body.file)
                task = task if source is None else replace(task, source=source)
                return await self.workers.ground_json(schema, task), source.warnings if source else ()
        except TimeoutError as error:
            raise deadline_exceeded(deadline, "before the values were found") from error

    async def repair(self, body: RepairRequest) -> list[RepairResult]:
        """Return the repaired texts of a request, in their order."""
        schema = None if body.schema_ is None else await self.schema(body.schema_)
        return await self.repairs.repair(body, schema)
