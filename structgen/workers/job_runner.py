"""Run jobs in worker processes, within their limits."""

from __future__ import annotations

import asyncio
import pickle
import time
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from structgen.errors import EngineUnavailable, Overloaded
from structgen.schema import Schema
from structgen.workers.costs import COSTLY_SECONDS, CostEstimates
from structgen.workers.lanes import LaneSlot
from structgen.workers.limits import WorkerLimits, cpu_limit_error, limit_error
from structgen.workers.placement import LanePlacement
from structgen.workers.process_supply import ProcessSupply
from structgen.workers.protocol import Job, Raised
from structgen.workers.worker_process import JobReply, WorkerDied, WorkerProcess

WATCH_INTERVAL = 0.05
"""Seconds between two measurements of a running job."""
MAX_RUNS = 2
"""Runs of a job whose worker is killed from outside."""


@dataclass(frozen=True, slots=True)
class JobResult:
    """The value that a job returned, and the bytes of the pickled reply."""

    value: Any
    size: int


class JobRunner:
    """Run each job in the lane of its cost, and end it at a limit."""

    def __init__(
        self,
        limits: WorkerLimits,
        costs: CostEstimates,
        placement: LanePlacement,
        processes: ProcessSupply,
    ) -> None:
        self.limits = limits
        self._costs, self._placement, self._processes = costs, placement, processes

    async def run(
        self,
        job: Job,
        cost_key: Hashable,
        schema: Schema | None = None,
        limits: WorkerLimits | None = None,
    ) -> JobResult:
        """Run a job and return its result, or raise its error; `limits` are those of the runner by default.

        Raises `SchemaLimit` at a limit, and `EngineUnavailable` if workers are killed from outside.
        """
        payload = pickle.dumps(job)  # a thread would not help: pickling holds the interpreter lock
        key = (cost_key, len(payload).bit_length())  # larger values may cost more
        limits = limits or self.limits
        for _ in range(MAX_RUNS):
            try:
                return await self._run_once(payload, key, schema, limits)
            except WorkerDied as death:
                if self._processes.closed:
                    raise EngineUnavailable("the service is closing") from death
                if not death.killed_from_outside:
                    self._costs.record(key, COSTLY_SECONDS)
                    raise limit_error(death, limits) from death
        detail = "the worker process of this check was killed from outside, twice"
        raise EngineUnavailable(detail, retry_after=2.0)

    async def _run_once(
        self, payload: bytes, key: Hashable, schema: Schema | None, limits: WorkerLimits
    ) -> JobResult:
        async with (
            self._placement.slot(key) as slot,
            self._processes.lend(low_priority=slot.lane is self._placement.costly) as process,
        ):
            running = asyncio.ensure_future(process.run(payload, schema))
            try:
                await self._watch(process, running, slot, key, limits)
                reply = running.result()
            finally:
                running.cancel()  # has an effect only if the caller has left
            cost = reply.message.cost
            self._costs.record(key, cost.cpu_seconds)
            process.reusable = not cost.memory_heavy
        if isinstance(reply.message, Raised):
            raise reply.message.error
        return JobResult(reply.message.value, reply.size)

    async def _watch(
        self,
        process: WorkerProcess,
        running: asyncio.Future[JobReply],
        slot: LaneSlot,
        key: Hashable,
        limits: WorkerLimits,
    ) -> None:
        """Wait for the job; demote it if it is costly, and raise if it exceeds a limit."""
        await asyncio.wait({running}, timeout=WATCH_INTERVAL)
        if running.done():
            return
        started, before = time.monotonic() - WATCH_INTERVAL, process.cpu_seconds
        while not running.done():
            now = process.cpu_seconds
            wall = time.monotonic() - started
            used = wall if now is None or before is None else now - before
            if self._placement.demote(slot, key, used):
                process.lower_priority()
            if used >= limits.max_cpu_seconds:
                self._costs.record(key, used)
                raise cpu_limit_error(limits)
            if wall >= limits.max_seconds:
                detail = f"the check got {used:.1f} s of processor time in {wall:.0f} s: the machine is busy"
                raise Overloaded(detail, retry_after=5.0)
            await asyncio.wait({running}, timeout=WATCH_INTERVAL)
