"""Repair of the texts of one request, several at once, by rules and by the model."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from structgen.api import RepairRequest
from structgen.errors import StructgenError, Unavailable
from structgen.generator import Generator
from structgen.parsing.result import RepairResult
from structgen.schema import Schema
from structgen.server.admission import Admission
from structgen.server.metrics import Metrics
from structgen.strategies.deadline import deadline_exceeded, seconds_left
from structgen.strategies.model_repair import RepairTask
from structgen.types import Violation
from structgen.workers import WorkerPool

MAX_PARALLEL_TEXTS = 8
"""Texts of one request that are repaired at once."""
_MAX_POLL_INTERVAL = 0.5
"""Seconds between two tries to get a text into the queue of the workers."""


@dataclass(frozen=True)
class TextRepairs:
    """Repairs texts in the workers, and with the engine's model where a request allows it."""

    workers: WorkerPool
    generator: Generator
    admission: Admission
    metrics: Metrics
    max_deadline: float
    """Seconds that a request may take."""

    async def repair(self, body: RepairRequest, schema: Schema | None) -> list[RepairResult]:
        """Return the results for all texts of a request, in their order.

        At most `MAX_PARALLEL_TEXTS` run at once, and no more of them wait for the model than the engine runs
        at once. The error of one of several texts is in its result; the error of a single text is raised.
        """
        batch = _Batch(
            self,
            single=body.texts is None,
            use_model=body.model == "if_needed" and body.risk == "model",
            ends_at=time.monotonic() + self.max_deadline,
            rule_slots=asyncio.Semaphore(MAX_PARALLEL_TEXTS),
            model_slots=asyncio.Semaphore(self.generator.engine.capabilities.concurrency),
        )
        texts = body.texts or [body.text or ""]
        tasks = [RepairTask(text, schema, body.risk, body.source, on_loss=body.on_loss) for text in texts]
        runs = [asyncio.ensure_future(batch.repair_in_time(task)) for task in tasks]
        try:
            return await asyncio.gather(*runs)
        finally:
            for run in runs:
                run.cancel()


@dataclass(frozen=True)
class _Batch:
    """The texts of one request."""

    repairs: TextRepairs
    single: bool
    use_model: bool
    ends_at: float
    rule_slots: asyncio.Semaphore
    model_slots: asyncio.Semaphore

    async def repair_in_time(self, task: RepairTask) -> RepairResult:
        """Repair one text within the deadline of the request."""
        try:
            async with asyncio.timeout(seconds_left(self.ends_at)):
                return await self._repair(task)
        except TimeoutError as timeout:
            error = deadline_exceeded(self.repairs.max_deadline, "before the text was repaired")
            if self.single:
                raise error from timeout
            return RepairResult(None, "failed", violations=(Violation("", error.name, str(error)),))

    async def _repair(self, task: RepairTask) -> RepairResult:
        async with self.rule_slots:
            result = await self._by_rules(task)
        if result.status == "failed" and self.use_model:
            result = await self._by_model(task, result)
        self.repairs.metrics.repairs.labels(result.status).inc()
        self.repairs.metrics.add_usage(result.usage)
        return result

    async def _by_rules(self, task: RepairTask) -> RepairResult:
        """Repair by rules. One of several texts waits until the workers' queue has room."""
        while True:
            try:
                return await self.repairs.workers.repair(task.text, task.schema, task.max_risk, task.on_loss)
            except Unavailable as error:
                if self.single:
                    raise
                await asyncio.sleep(min(error.retry_after, _MAX_POLL_INTERVAL))

    async def _by_model(self, task: RepairTask, by_rules: RepairResult) -> RepairResult:
        """Repair by the model. Of several texts, one that the engine refuses keeps the rules' failure."""
        try:
            async with self.model_slots, self.repairs.admission.place():
                return await self.repairs.generator.repair_text(task, by_rules)
        except StructgenError as error:
            if self.single:
                raise
            violation = Violation("", error.name, f"repair by the model failed: {error}")
            violations, usage = (*by_rules.violations, violation), by_rules.usage + error.usage
            return by_rules._replace(violations=violations, usage=usage)
