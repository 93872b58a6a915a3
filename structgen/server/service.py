"""What the routes share: schemas looked up and kept, admission, and the run of an extraction."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import AsyncExitStack, aclosing, contextmanager
from functools import partial
from typing import Any

from structgen.api import ExtractRequest, RepairRequest
from structgen.config import ServerConfig
from structgen.engines import Engine
from structgen.errors import (
    DeadlineExceeded,
    EngineUnavailable,
    StructgenError,
    Unavailable,
)
from structgen.generator import Generator
from structgen.parsing.result import RepairResult
from structgen.schema import Registry, Schema
from structgen.server.admission import Admission
from structgen.server.metrics import Metrics
from structgen.server.refusals import RefusalPacer
from structgen.server.request_bodies import BodyReceiver
from structgen.server.schema_cache import Checked, SchemaCache
from structgen.strategies.base import Completed, Event, Task
from structgen.strategies.grammar_fallback import fitting
from structgen.strategies.model_repair import Repair
from structgen.types import Limits, Usage, Violation
from structgen.workers import Workers

REPAIRS = 8
"""Texts of one request that are repaired at once."""


class Service:
    """One engine behind a bounded queue, and workers for what schemas may cost."""

    def __init__(self, config: ServerConfig, engine: Engine, workers: Workers) -> None:
        self.config, self.engine, self.workers = config, engine, workers
        self.generator = Generator(
            engine, judge=workers.violations, rules=workers.repair, mend=workers.mended
        )
        self.registry = Registry(config.schemas, config.limits)
        self.bodies, self.refusals = BodyReceiver(config.max_body), RefusalPacer()
        self.metrics = Metrics()
        for lane in workers.lanes:
            self.metrics.checks.labels(lane.name).set_function(partial(getattr, lane, "waiting"))
        self.schemas = SchemaCache(workers, config.limits, config.schema_cache_bytes, self.metrics)
        self.admission = Admission(engine.capabilities.concurrency, config.max_queue, self.metrics)

    async def schema(self, given: Any) -> Schema:
        """The schema of that name, or the given one."""
        return (await self.checked(given))[0]

    async def checked(self, given: Any) -> Checked:
        """The schema of that name, or the given one, checked in a process of its own."""
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

    async def task(self, body: ExtractRequest, limits: Limits, ends: float | None) -> Task:
        """The task that a request asks for; its grammar compiles before it waits for the engine."""
        health = await self.engine.health()
        if not health.ready:
            raise EngineUnavailable(f"the engine is not ready: {health.detail}", retry_after=2.0)
        self.engine.capabilities.check_length(body.characters())
        schema, refusal = await self.checked(body.schema_)
        if body.strategy == "constrained" and self.engine.capabilities.constrained:
            if refusal is not None:
                raise refusal
            began = time.monotonic()
            schema = await fitting(schema, self.engine)
            self.metrics.grammars.observe(time.monotonic() - began)
        return Task(
            schema,
            body.prompt,
            body.document,
            tuple(body.messages),
            tuple(body.examples),
            body.sampling,
            limits,
            body.sampling.n,
            body.report,
            body.strategy,
            None if refusal is None else str(refusal),
            ends,
            self.metrics.spent,
            live=body.stream,
        )

    async def repair(self, body: RepairRequest) -> list[RepairResult]:
        """The results for all texts, in their order.

        A request has at most `REPAIRS` texts at work, and of those that need the model no more wait than
        there are places at the engine. Of several texts, one that cannot be repaired in time fails alone.
        """
        schema = None if body.schema_ is None else await self.schema(body.schema_)
        tasks = [Repair(text, schema, body.risk, body.source) for text in body.texts or [body.text or ""]]
        rules = asyncio.Semaphore(REPAIRS)
        model = asyncio.Semaphore(self.engine.capabilities.concurrency)
        ends = time.monotonic() + self.config.max_deadline
        runs = [asyncio.ensure_future(self._in_time(task, body, rules, model, ends)) for task in tasks]
        try:
            return await asyncio.gather(*runs)
        finally:
            for run in runs:
                run.cancel()

    async def _in_time(
        self,
        task: Repair,
        body: RepairRequest,
        rules: asyncio.Semaphore,
        model: asyncio.Semaphore,
        ends: float,
    ) -> RepairResult:
        longest = self.config.max_deadline
        try:
            with _in_time(longest, "before the text was repaired"):
                async with asyncio.timeout(ends - time.monotonic()):
                    return await self._repaired(task, body, rules, model)
        except DeadlineExceeded as error:
            if body.texts is None:
                raise
            return RepairResult(None, "failed", violations=(Violation("", error.name, str(error)),))

    async def _repaired(
        self, task: Repair, body: RepairRequest, rules: asyncio.Semaphore, model: asyncio.Semaphore
    ) -> RepairResult:
        async with rules:
            result = await self._by_rules(task, alone=body.texts is None)
        if result.status == "failed" and body.model == "if_needed" and task.max_risk == "model":
            result = await self._by_model(task, result, alone=body.texts is None, model=model)
        self.metrics.repairs.labels(result.status).inc()
        self.metrics.spent(result.usage)
        return result

    async def _by_rules(self, task: Repair, *, alone: bool) -> RepairResult:
        """The repair by rules. One of several texts waits until its lane has room; the others go on."""
        while True:
            try:
                return await self.workers.repair(task.text, task.schema, task.max_risk)
            except Unavailable as busy:
                if alone:
                    raise
                await asyncio.sleep(min(busy.retry_after, 0.5))

    async def _by_model(
        self, task: Repair, result: RepairResult, *, alone: bool, model: asyncio.Semaphore
    ) -> RepairResult:
        """The model's repair. Of several texts one that it cannot have is told as failed, and no other."""
        try:
            async with model, self.admission.place():
                return await self.generator.repaired(task, result)
        except StructgenError as error:
            if alone:
                raise
            why = Violation("", error.name, f"the model was not asked, or did not answer: {error}")
            return result._replace(violations=(*result.violations, why), usage=result.usage + error.usage)

    async def events(self, body: ExtractRequest, arrived: float | None = None) -> AsyncGenerator[Event, None]:
        """The events of an extraction, counted. Closing it frees its place at the engine.

        The deadline covers the reading of the body (from `arrived`, on the monotonic clock), the check of
        the schema and the wait for a place as well.
        """
        began, limits = arrived or time.monotonic(), body.limits.within(self.config.max_deadline)
        ends = None if limits.deadline is None else began + limits.deadline
        told = False
        try:
            async with AsyncExitStack() as stack:
                with _in_time(limits.deadline, "before the engine had a place for the request"):
                    async with asyncio.timeout(None if ends is None else ends - time.monotonic()):
                        task = await self.task(body, limits, ends)
                        places = self.admission.place(limits.priority, body.sampling.n)
                        await stack.enter_async_context(places)
                events = await stack.enter_async_context(aclosing(self.generator.events(task)))
                async for event in events:
                    if isinstance(event, Completed):
                        result = event.result
                        self.metrics.extracted(result.attempts, result.usage, "completed")
                        self.metrics.seconds.observe(time.monotonic() - began)
                        told = True
                    yield event
        except StructgenError as error:
            self.metrics.failed(error)
            raise
        except (asyncio.CancelledError, GeneratorExit):
            if not told:  # nobody waits for the rest
                self.metrics.outcomes.labels("client-gone").inc()
            raise


@contextmanager
def _in_time(deadline: float | None, when: str) -> Iterator[None]:
    """Tells the caller which deadline passed, and when."""
    try:
        yield
    except TimeoutError as error:
        detail = (
            f"the deadline of {deadline} s passed {when}: raise limits.deadline (this service bounds it by "
            "--max-deadline)"
        )
        raise DeadlineExceeded(detail, (), Usage()) from error
