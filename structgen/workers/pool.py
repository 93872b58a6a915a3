"""The pool: who is slow gives up its place to others, and who exceeds a limit is killed."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from structgen.api import B
from structgen.errors import BadRequest, EngineUnavailable, InvalidSchema, Overloaded, SchemaLimit
from structgen.parsing.readings import Risk
from structgen.parsing.report import RepairResult
from structgen.schema import Schema, SchemaLimits
from structgen.schema.mend import Mended
from structgen.schema.plain import TOO_DEEP  # a pickle nests as its value does
from structgen.types import Violation
from structgen.workers.process import Died, WorkerProcess

PATIENCE = 0.25
"""Seconds after which a job counts as slow."""


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """What one job may cost. The name of a field is the `limit` that an error names."""

    max_seconds: int = 4
    """Of wall time."""
    max_cpu_seconds: int = 4
    max_memory: int = 2**30
    """Bytes beyond what an idle worker holds."""


class Workers:
    """Runs jobs in processes of their own. Methods belong to one event loop.

    `size` jobs run at once. One that takes longer than `PATIENCE` makes room for others: it goes on at
    the lowest priority, beside at most `slow` of its kind. A job that exceeds a limit is killed and
    raises `SchemaLimit`. A slow job's process is replaced at once, before anyone asks for it.
    """

    def __init__(self, limits: WorkerLimits | None = None, *, size: int = 2, slow: int = 4) -> None:
        self.limits = limits or WorkerLimits()
        self.size, self._slow, self._slow_now = size, slow, 0
        self._places = asyncio.Semaphore(size)
        self._idle: list[WorkerProcess] = []
        self._all: set[WorkerProcess] = set()
        self._starts: set[asyncio.Task[None]] = set()
        self._ends: set[asyncio.Task[None]] = set()
        self._closed = False

    async def start(self) -> None:
        """Have a process ready for every place, and one to spare."""
        self._replenish()
        await asyncio.gather(*self._starts)

    async def close(self) -> None:
        """Kill them all; whoever waits gets `EngineUnavailable`."""
        self._closed = True
        for start in self._starts:
            start.cancel()
        await asyncio.gather(*self._starts, *self._ends, return_exceptions=True)
        for process in self._all:
            process.kill()
        await asyncio.gather(*(process.ended() for process in self._all))

    async def read(self, kind: type[B], body: bytes, limits: SchemaLimits) -> B:
        """A request read elsewhere: the megabytes of one hold up nobody here."""
        try:
            found: B = await self._run("read", kind, body, limits)
        except RecursionError:
            raise BadRequest(f"the body is not usable JSON: {TOO_DEEP.message}", [TOO_DEEP]) from None
        return found

    async def parse(self, given: bytes, limits: SchemaLimits) -> tuple[Schema, InvalidSchema | None]:
        """`Schema.parse` of a pickled schema, lowered, with its report; and why no grammar can be built."""
        checked: tuple[Schema, InvalidSchema | None] = await self._run("parse", given, limits)
        return checked

    async def violations(self, schema: Schema, value: Any) -> list[Violation]:
        """`schema.violations(value)`. A process keeps the schemas it has seen."""
        try:
            found: list[Violation] = await self._run("violations", schema.hash, value, schema=schema)
        except RecursionError:
            return [TOO_DEEP]
        return found

    async def mended(self, schema: Schema, value: Any, longest: int) -> Mended | None:
        """`schema.mended(value, longest)`; None too where that costs more than a job may."""
        try:
            found: Mended | None = await self._run("mended", schema.hash, value, longest, schema=schema)
        except (SchemaLimit, RecursionError):
            return None
        return found

    async def repair(self, text: str | bytes, schema: Schema | None, max_risk: Risk) -> RepairResult:
        """What rules alone make of a text; `failed` too where that costs more than a job may."""
        key = None if schema is None else schema.hash
        try:
            found: RepairResult = await self._run("repair", text, key, max_risk, schema=schema)
        except RecursionError:
            return RepairResult(None, "failed", violations=(TOO_DEEP,))
        except SchemaLimit as error:
            detail = f"the repair of this text came to its limit: {error.limit} allows {error.allowed}"
            return RepairResult(None, "failed", violations=(Violation("", error.limit, detail),))
        return found

    async def _run(self, *job: Any, schema: Schema | None = None) -> Any:
        payload = await asyncio.to_thread(pickle.dumps, job)
        async with self._places:
            process = await self._take()
            asked = asyncio.ensure_future(process.ask(payload, schema))
            try:
                await asyncio.wait({asked}, timeout=PATIENCE)
            except asyncio.CancelledError:
                self._give(process, asked)
                raise
            if asked.done():
                return self._outcome(process, asked)
        return await self._go_on(process, asked)

    async def _go_on(self, process: WorkerProcess, asked: asyncio.Future[Any]) -> Any:
        """The rest of a slow job."""
        process.lower_priority()
        self._replenish()
        self._slow_now += 1
        try:
            if self._slow_now > self._slow:
                raise Overloaded(f"{self._slow} slow schemas are being checked already", retry_after=2.0)
            await asyncio.wait({asked}, timeout=self.limits.max_seconds - PATIENCE)
            if not asked.done():
                raise _limit("max_seconds", self.limits.max_seconds, "seconds")
        except BaseException:
            self._give(process, asked)
            raise
        finally:
            self._slow_now -= 1
        return self._outcome(process, asked)

    def _outcome(self, process: WorkerProcess, asked: asyncio.Future[Any]) -> Any:
        self._give(process, asked)
        try:
            return asked.result()
        except Died as death:
            if self._closed:
                raise EngineUnavailable("the service is closing") from death
            raise self._why(death) from death

    def _why(self, death: Died) -> SchemaLimit:
        if death.out_of_time:
            return _limit("max_cpu_seconds", self.limits.max_cpu_seconds, "seconds of a processor")
        if death.out_of_memory:
            return _limit("max_memory", self.limits.max_memory, "bytes")
        return SchemaLimit(f"the check of this schema crashed ({death})", "max_crashes", 1, 0)

    async def _take(self) -> WorkerProcess:
        while not self._closed:
            if self._idle:
                return self._idle.pop()
            self._replenish()
            done, _ = await asyncio.wait(self._starting(), return_when=asyncio.FIRST_COMPLETED)
            failures = [start.exception() for start in done if not start.cancelled()]
            if not self._idle and not self._starting() and any(failures):
                raise EngineUnavailable("no process starts for checks", retry_after=1.0) from failures[0]
        raise EngineUnavailable("the service is closing")

    def _give(self, process: WorkerProcess, asked: asyncio.Future[Any]) -> None:
        """Back to the others, or, where it is not as it was, killed and replaced."""
        whole = asked.done() and not asked.cancelled() and not isinstance(asked.exception(), Died)
        if whole and not (process.slowed or process.heavy or self._closed):
            self._idle.append(process)
            return
        asked.cancel()
        process.kill()
        self._all.discard(process)
        _beside(self._ends, process.ended())
        self._replenish()

    def _replenish(self) -> None:
        """Start what is missing of a process for every place and one to spare: a start takes its time."""
        ready = len(self._starting()) + sum(not process.slowed for process in self._all)
        for _ in range(0 if self._closed else self.size + 1 - ready):
            _beside(self._starts, self._add())

    def _starting(self) -> set[asyncio.Task[None]]:
        return {start for start in self._starts if not start.done()}

    async def _add(self) -> None:
        process = await WorkerProcess.start(self.limits.max_cpu_seconds, self.limits.max_memory)
        self._all.add(process)
        self._idle.append(process)


def _beside(tasks: set[asyncio.Task[None]], work: Coroutine[Any, Any, None]) -> None:
    """Run the work meanwhile, as one of the tasks until it is done."""
    task = asyncio.ensure_future(work)
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    task.add_done_callback(lambda done: done.cancelled() or done.exception())  # whoever waits is told


def _limit(name: str, allowed: int, unit: str) -> SchemaLimit:
    detail = f"the check of this schema, or of a value under it, takes more than {allowed} {unit} ({name})"
    return SchemaLimit(detail, name, allowed + 1, allowed)
