"""What the routes share: schemas looked up and kept, admission, and the run of an extraction."""

from __future__ import annotations

import asyncio
import hashlib
import pickle
import time
from collections import OrderedDict
from collections.abc import AsyncGenerator, Iterator
from contextlib import AsyncExitStack, aclosing, contextmanager
from functools import partial
from typing import Any

from structgen.api import ExtractRequest, RepairRequest
from structgen.config import ServerConfig
from structgen.engines import Constraint, Engine
from structgen.errors import (
    DeadlineExceeded,
    EngineUnavailable,
    InvalidSchema,
    SchemaError,
    SchemaLimit,
    StructgenError,
)
from structgen.generator import Generator
from structgen.parsing.report import RepairResult
from structgen.schema import Registry, Schema
from structgen.server.admission import Admission
from structgen.server.metrics import Metrics
from structgen.strategies.base import Completed, Event, Task
from structgen.strategies.repaired import Repair
from structgen.types import Limits, Usage, Violation
from structgen.workers import Workers

Checked = tuple[Schema, InvalidSchema | None]
"""A schema, and why no grammar can be built of it."""

SLOW_KEPT = 60.0
"""Seconds that a schema counts as one that takes too long to check."""


class Service:
    """One engine behind a bounded queue, and workers for what schemas may cost."""

    def __init__(self, config: ServerConfig, engine: Engine, workers: Workers) -> None:
        self.config, self.engine, self.workers = config, engine, workers
        self.generator = Generator(
            engine, judge=workers.violations, rules=workers.repair, mend=workers.mended
        )
        self.registry = Registry(config.schemas, config.limits)
        self.metrics = Metrics()
        self._schemas: OrderedDict[str, asyncio.Task[Checked]] = OrderedDict()
        self.admission = Admission(engine.capabilities.concurrency, config.max_queue, self.metrics)

    async def schema(self, given: Any) -> Schema:
        """The schema of that name, or the given one."""
        return (await self.checked(given))[0]

    async def checked(self, given: Any) -> Checked:
        """The schema of that name, or the given one, checked in a process of its own.

        The verdict is kept, a refusal too; who asks for it meanwhile waits for the same check. One for
        the time that the check took may be the machine's fault: it is kept for a minute.
        """
        if isinstance(given, str):
            return await asyncio.to_thread(self.registry.get, given), None
        # One pass over what may be megabytes: the bytes that go to the worker identify it as well.
        try:
            pickled, key = await asyncio.to_thread(_pickled, given)
        except RecursionError:
            self.config.limits.check_depth(given)
            raise
        if key not in self._schemas:
            self._schemas[key] = check = asyncio.ensure_future(self._parse(pickled))
            check.add_done_callback(partial(self._forget_if_slow, key))
            while len(self._schemas) > self.config.schema_cache:
                self._schemas.popitem(last=False)
        self._schemas.move_to_end(key)
        check = self._schemas[key]
        try:
            return await asyncio.shield(check)
        except SchemaError:
            raise
        except StructgenError:  # says nothing of the schema
            self._forget(key, check)
            raise

    def _forget_if_slow(self, key: str, check: asyncio.Task[Checked]) -> None:
        error = None if check.cancelled() else check.exception()
        if isinstance(error, SchemaLimit) and error.limit == "max_seconds":
            asyncio.get_running_loop().call_later(SLOW_KEPT, self._forget, key, check)

    def _forget(self, key: str, check: asyncio.Task[Checked]) -> None:
        if self._schemas.get(key) is check:
            del self._schemas[key]

    async def _parse(self, pickled: bytes) -> Checked:
        began = time.monotonic()
        try:
            return await self.workers.parse(pickled, self.config.limits)
        finally:
            self.metrics.compiles.observe(time.monotonic() - began)

    async def task(self, body: ExtractRequest, limits: Limits, ends: float | None) -> Task:
        """The task that a request asks for; its grammar compiles before it waits for the engine."""
        health = await self.engine.health()
        if not health.ready:
            raise EngineUnavailable(f"the engine is not ready: {health.detail}", retry_after=2.0)
        schema, refusal = await self.checked(body.schema_)
        if body.strategy == "constrained" and self.engine.capabilities.constrained:
            if refusal is not None:
                raise refusal
            began = time.monotonic()
            await self.engine.prepare(Constraint(schema.grammar, schema.hash))
            self.metrics.grammars.observe(time.monotonic() - began)
        return Task(
            schema,
            body.prompt,
            body.document,
            body.turns(),
            body.shots(),
            body.sampling.value(),
            limits,
            body.sampling.n,
            body.report,
            body.strategy,
            None if refusal is None else str(refusal),
            ends,
            self.metrics.spent,
        )

    async def repair(self, body: RepairRequest) -> list[RepairResult]:
        """The results for all texts, in their order. A request has no more of them at work than there are
        workers, and of those that need the model no more wait than there are places at the engine."""
        schema = None if body.schema_ is None else await self.schema(body.schema_)
        tasks = [Repair(text, schema, body.risk, body.source) for text in body.texts or [body.text or ""]]
        rules = asyncio.Semaphore(self.workers.size)
        model = asyncio.Semaphore(self.engine.capabilities.concurrency)
        runs = [asyncio.ensure_future(self._repaired(task, body, rules, model)) for task in tasks]
        longest = self.config.max_deadline
        try:
            with _in_time(longest, "before all texts were repaired"):
                async with asyncio.timeout(longest):
                    return await asyncio.gather(*runs)
        finally:
            for run in runs:
                run.cancel()

    async def _repaired(
        self, task: Repair, body: RepairRequest, rules: asyncio.Semaphore, model: asyncio.Semaphore
    ) -> RepairResult:
        async with rules:
            result = await self.workers.repair(task.text, task.schema, task.max_risk)
        if result.status == "failed" and body.model == "if_needed" and task.max_risk == "model":
            result = await self._by_model(task, result, alone=body.texts is None, model=model)
        self.metrics.repairs.labels(result.status).inc()
        self.metrics.spent(result.usage)
        return result

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

    async def events(self, body: ExtractRequest) -> AsyncGenerator[Event, None]:
        """The events of an extraction, counted. Closing it frees its place at the engine.

        The deadline covers the check of the schema and the wait for a place as well.
        """
        began, limits = time.monotonic(), body.limits.value(self.config.max_deadline)
        ends = None if limits.deadline is None else began + limits.deadline
        told = False
        try:
            async with AsyncExitStack() as stack:
                with _in_time(limits.deadline, "before the engine had a place for the request"):
                    async with asyncio.timeout(limits.deadline):
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


def _pickled(given: Any) -> tuple[bytes, str]:
    """The bytes, and what identifies them."""
    pickled = pickle.dumps(given)
    return pickled, hashlib.sha256(pickled).hexdigest()
