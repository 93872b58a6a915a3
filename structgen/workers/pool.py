"""The pool: jobs run in lanes by what they cost, and what exceeds a limit is killed."""

from __future__ import annotations

import asyncio
import pickle
import time
from collections.abc import AsyncIterator, Coroutine, Hashable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, cast

from structgen.api import B
from structgen.errors import BadRequest, EngineUnavailable, InvalidSchema, Overloaded, SchemaLimit
from structgen.parsing.result import RepairResult
from structgen.parsing.tolerant.parse_result import Risk
from structgen.schema import Schema, SchemaLimits
from structgen.schema.json_value import TOO_DEEP  # a pickle nests as its value does
from structgen.schema.synthesis.patching import Mended
from structgen.types import Violation
from structgen.workers.child import Pickled
from structgen.workers.costs import CHEAP, COSTLY, Costs
from structgen.workers.lanes import Lane, Place
from structgen.workers.limits import WorkerLimits, out_of_time, verdict
from structgen.workers.process import Answer, Died, Template, WorkerProcess

STEP = 0.05
"""Seconds between two looks at what a running job has used."""
TRIAL = 1.0
"""Seconds of a processor that a job may use outside the costly lane, where that lane has no place for it."""
ATTEMPTS = 2
"""Runs of a job whose worker is killed from outside, and of a verdict before it is kept."""


class Workers:
    """Runs jobs in processes of their own. Methods belong to one event loop.

    A job whose like was cheap before runs in the quick lane, one that is new in the trial lane, and one whose
    like was costly in the costly lane, which has a short queue, the lowest priority, and refuses more. A job
    that turns out to be costly moves there. Cost is processor time: a busy machine makes nobody costly.
    A job that exceeds a limit is killed and raises `SchemaLimit`. Callers share each queue fairly.
    """

    def __init__(
        self, limits: WorkerLimits | None = None, *, size: int = 2, slow: int = 2, queue: int = 128
    ) -> None:
        self.limits = limits or WorkerLimits()
        self.size = size
        self.costs = Costs()
        self._quick, self._trial = Lane("quick", size, queue), Lane("new", size, queue)
        self._costly, self._alone = Lane("costly", slow, 2 * slow), Lane("costly", 1, 2 * slow)
        self._slow = slow
        self._template: Template | None = None
        self._starting: asyncio.Task[Template] | None = None
        self._idle: list[WorkerProcess] = []
        self._idle_slowed: list[WorkerProcess] = []
        self._all: set[WorkerProcess] = set()
        self._beside: set[asyncio.Task[Any]] = set()
        self._closed = False

    async def start(self) -> None:
        """Have processes ready."""
        await self._ready()
        for _ in range(self.size):
            self._idle.append(await self._fork())

    async def close(self) -> None:
        """Kill them all; whoever waits gets `EngineUnavailable`."""
        self._closed = True
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.gather(self._starting, return_exceptions=True)
        for task in self._beside:
            task.cancel()
        await asyncio.gather(*self._beside, return_exceptions=True)
        gone = list(self._all)
        for process in gone:
            process.kill()
        await asyncio.gather(*(process.ended() for process in gone))
        if self._template is not None:
            await self._template.close()

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """The lanes, from the cheapest jobs to the costliest."""
        return self._quick, self._trial, self._costly

    async def read(self, kind: type[B], body: bytes, limits: SchemaLimits) -> B:
        """A request read elsewhere: the megabytes of one hold up nobody here."""
        try:
            answer = await self._run(("read", kind, body, limits), ("read", len(body).bit_length()))
        except RecursionError:
            raise BadRequest(f"the body cannot be read: {TOO_DEEP.message}", [TOO_DEEP]) from None
        return cast(B, answer.value)

    async def parse(
        self, given: bytes, limits: SchemaLimits, key: Hashable = None
    ) -> tuple[Schema, InvalidSchema | None, int]:
        """`Schema.parse` of a pickled schema, lowered; why no grammar can be built; and its pickled bytes.

        A schema that comes to a limit is tried again, alone: the verdict is kept by others.
        """
        job, cost = ("parse", given, limits), ("parse", key if key is not None else hash(given))
        try:
            answer = await self._run(job, cost)
        except SchemaLimit as error:
            if error.limit not in ("max_cpu_seconds", "max_memory", "max_crashes"):
                raise
            await self._alone.enter()
            try:
                answer = await self._run(job, cost)
            finally:
                self._alone.leave()
        schema, refusal = answer.value
        return schema, refusal, answer.size

    async def violations(self, schema: Schema, value: Any) -> list[Violation]:
        """`schema.violations(value)`. A process keeps the schemas it has seen."""
        if not isinstance(value, Pickled) and schema.surely_valid(value):
            return []
        try:
            answer = await self._run(
                ("violations", schema.hash, value), ("violations", schema.hash), schema=schema
            )
        except RecursionError:
            return [TOO_DEEP]
        return cast(list[Violation], answer.value)

    async def mended(self, schema: Schema, value: Any, longest: int) -> Mended | None:
        """`schema.mended(value, longest)`; None too where that costs more than a job may."""
        job = ("mended", schema.hash, value, longest)
        try:
            answer = await self._run(job, ("mended", schema.hash), schema=schema)
        except (SchemaLimit, RecursionError):
            return None
        return cast("Mended | None", answer.value)

    async def repair(self, text: str | bytes, schema: Schema | None, max_risk: Risk) -> RepairResult:
        """What rules alone make of a text; `failed` too where that costs more than a job may."""
        key = None if schema is None else schema.hash
        try:
            answer = await self._run(("repair", text, key, max_risk), ("repair", hash(text)), schema=schema)
        except RecursionError:
            return RepairResult(None, "failed", violations=(TOO_DEEP,))
        except SchemaLimit as error:
            detail = f"the repair of this text came to its limit: {error.limit} allows {error.allowed}"
            return RepairResult(None, "failed", violations=(Violation("", error.limit, detail),))
        return cast(RepairResult, answer.value)

    async def _run(self, job: tuple[Any, ...], cost: Hashable, schema: Schema | None = None) -> Answer:
        payload = pickle.dumps(job)  # a thread would not help: it keeps the interpreter to itself
        cost = (cost, len(payload).bit_length())  # of a larger value nothing is known yet
        for _ in range(ATTEMPTS):
            try:
                return await self._once(payload, cost, schema)
            except Died as death:
                if self._closed:
                    raise EngineUnavailable("the service is closing") from death
                if not death.from_outside:
                    self.costs.measured(cost, COSTLY)
                    raise verdict(death, self.limits) from death
        raise EngineUnavailable("the process of this check was killed from outside, twice", retry_after=2.0)

    async def _once(self, payload: bytes, cost: Hashable, schema: Schema | None) -> Answer:
        async with (
            self._place(cost) as place,
            self._process(slowed=place.lane is self._costly) as process,
        ):
            asked = asyncio.ensure_future(process.ask(payload, schema))
            try:
                await self._watch(process, asked, place, cost)
                answer = asked.result()
            finally:
                asked.cancel()  # where nobody waits any more
            self.costs.measured(cost, answer.seconds)
            process.spoilt = answer.heavy
        if answer.error is not None:
            raise answer.error
        return answer

    @asynccontextmanager
    async def _place(self, cost: Hashable) -> AsyncIterator[Place]:
        """A place in the lane for jobs of that cost."""
        lane = self._lane(cost)
        await lane.enter()
        if self._lane(cost) is self._costly is not lane:  # known since it stands in the queue
            lane.leave()
            lane = self._costly
            await lane.enter()
        place = Place(lane)
        try:
            yield place
        finally:
            place.lane.leave()

    def _lane(self, cost: Hashable) -> Lane:
        lanes = {"cheap": self._quick, "unknown": self._trial, "costly": self._costly}
        return lanes[self.costs.of(cost)]

    async def _watch(
        self, process: WorkerProcess, asked: asyncio.Future[Answer], place: Place, cost: Hashable
    ) -> None:
        """Until the job is done: a costly one changes its lane, one beyond its limits ends."""
        await asyncio.wait({asked}, timeout=STEP)
        if asked.done():
            return
        began, before = time.monotonic() - STEP, process.processor_seconds
        while not asked.done():
            now = process.processor_seconds
            wall = time.monotonic() - began
            used = wall if now is None or before is None else now - before
            if used >= (CHEAP if place.lane is self._quick else COSTLY):
                self._slow_down(process, place, cost, used)
            if used >= self.limits.max_cpu_seconds:
                self.costs.measured(cost, used)
                raise out_of_time(self.limits)
            if wall >= self.limits.max_seconds:
                detail = f"the check got {used:.1f} s of a processor in {wall:.0f} s: the machine is busy"
                raise Overloaded(detail, retry_after=5.0)
            await asyncio.wait({asked}, timeout=STEP)

    def _slow_down(self, process: WorkerProcess, place: Place, cost: Hashable, used: float) -> None:
        """A job that is costlier than its lane goes on in one for its like, as soon as there is a place."""
        if place.lane is self._quick:
            self.costs.measured(cost, used)
            place.move(self._trial)
        if place.lane is not self._costly and used >= COSTLY:
            self.costs.measured(cost, used)
            if place.move(self._costly):
                process.lower_priority()
            elif used >= TRIAL:
                raise Overloaded("as many costly schemas as there may be are being checked", retry_after=2.0)

    @asynccontextmanager
    async def _process(self, *, slowed: bool) -> AsyncIterator[WorkerProcess]:
        """A process for one job. It is kept afterwards, unless `spoilt` says that it is not as it was."""
        process = await self._take(slowed)
        process.spoilt = True
        try:
            yield process
        finally:
            self._give(process)

    async def _take(self, slowed: bool) -> WorkerProcess:
        kept = self._idle_slowed if slowed else self._idle
        process = kept.pop() if kept else await self._fork()
        if slowed and not process.slowed:
            process.lower_priority()
        return process

    def _give(self, process: WorkerProcess) -> None:
        kept, most = (self._idle_slowed, self._slow) if process.slowed else (self._idle, 2 * self.size)
        if process.alive and not process.spoilt and not self._closed and len(kept) < most:
            kept.append(process)
        else:
            process.kill()

    async def _fork(self) -> WorkerProcess:
        """A new process, of a template that is started anew where it died."""
        for _ in range(ATTEMPTS):
            template = await self._ready()
            try:
                process = await template.fork()
            except Died:
                continue
            self._all.add(process)
            process.end.add_done_callback(partial(self._lost, process))
            return process
        raise EngineUnavailable("no process starts for checks", retry_after=1.0)

    def _lost(self, process: WorkerProcess, end: asyncio.Future[int | None]) -> None:
        """A process ended, perhaps while nobody used it."""
        self._all.discard(process)
        for kept in (self._idle, self._idle_slowed):
            if process in kept:
                kept.remove(process)
        process.kill()  # closes its socket; and where only the template died, it goes along
        if not self._closed and len(self._idle) < self.size:
            self._later(self._replenish())

    async def _replenish(self) -> None:
        if len(self._idle) < self.size:
            process = await self._fork()
            self._give(process)

    async def _ready(self) -> Template:
        """The template, which is started where there is none."""
        while not self._closed:
            if self._template is not None and self._template.alive:
                return self._template
            if self._starting is None or self._starting.done():
                if self._template is not None:
                    self._later(self._template.close())
                    self._template = None
                starting = Template.start(self.limits.max_cpu_seconds, self.limits.max_memory)
                self._starting = asyncio.ensure_future(starting)
            try:
                self._template = await asyncio.shield(self._starting)
            except (Died, OSError) as error:
                detail = f"no process starts for checks: {error}"
                raise EngineUnavailable(detail, retry_after=1.0) from error
            except asyncio.CancelledError:
                if not self._closed:
                    raise
        raise EngineUnavailable("the service is closing")

    def _later(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.ensure_future(work)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
