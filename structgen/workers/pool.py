"""The pool of worker processes: one method for each kind of job."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import Any, cast

from structgen.api import BodyT
from structgen.errors import BadRequest, InputLimit, InvalidSchema, SchemaLimit
from structgen.evidence.answer_evidence import EvidenceTask
from structgen.evidence.source import Source
from structgen.files.limits import FileLimits, reading_error
from structgen.longdoc.counting import count_rows
from structgen.longdoc.derivation import Derivation
from structgen.longdoc.induction.induced_rows import InducedRows
from structgen.longdoc.induction.induction_task import InductionTask
from structgen.longdoc.rows import ListRows
from structgen.parsing.result import RepairResult
from structgen.schema import Schema, SchemaLimits
from structgen.schema.json_value import TOO_DEEP  # a pickle nests as its value does
from structgen.schema.synthesis.patching import PatchedValue
from structgen.types import Evidence, OnLoss, Risk, TextFormat, Violation
from structgen.workers.costs import CostEstimates
from structgen.workers.fork_server_client import ForkServerSupervisor
from structgen.workers.job_runner import JobRunner
from structgen.workers.lanes import Lane
from structgen.workers.limits import WorkerLimits
from structgen.workers.placement import LanePlacement
from structgen.workers.process_supply import ProcessSupply
from structgen.workers.protocol import (
    CheckTextFormatJob,
    CountRowsJob,
    DeriveSchemaJob,
    GroundJob,
    InduceRowsJob,
    ParseSchemaJob,
    PatchJob,
    PickledValue,
    ReadBodyJob,
    ReadFileJob,
    RepairJob,
    ValidateJob,
)

MAX_COUNTED_HERE = 4_000
"""Characters of a document and a schema whose rows are counted at once: a worker takes longer to be asked."""
MAX_ITEMS_HERE = 50
"""Items of a short document whose rows are looked for in a thread of this process."""
_RESOURCE_LIMITS = ("max_cpu_seconds", "max_memory", "max_crashes")


class WorkerPool:
    """Run jobs in disposable processes. All methods belong to one event loop.

    A job goes to a lane by the processor time that earlier jobs with the same key took: the quick, the trial
    or the costly lane. The costly lane has few slots, the lowest priority and a short queue. A job that turns
    out to be costly moves there. A job that exceeds a limit is killed and raises `SchemaLimit`. Callers share
    each queue fairly.
    """

    def __init__(
        self, limits: WorkerLimits | None = None, *, size: int = 2, slow: int = 2, queue: int = 128
    ) -> None:
        limits = limits or WorkerLimits()
        costs = CostEstimates()
        self.placement = LanePlacement(costs, size, slow, queue)
        self.processes = ProcessSupply(
            ForkServerSupervisor(limits.max_cpu_seconds, limits.max_memory), size, slow
        )
        self._runner = JobRunner(limits, costs, self.placement, self.processes)

    async def start(self) -> None:
        """Start the processes that are kept ready."""
        await self.processes.start()

    async def close(self) -> None:
        """Kill all processes. Jobs in progress raise `EngineUnavailable`."""
        await self.processes.close()

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """The lanes, from the cheapest jobs to the costliest."""
        placement = self.placement
        return placement.quick, placement.new, placement.costly, placement.retry

    async def read(
        self, kind: type[BodyT], body: bytes, limits: SchemaLimits, form: str | None = None
    ) -> BodyT:
        """Read a request body as a model of `structgen.api`, so that a large one blocks no other request.

        `form` is the content type of a form; None for JSON.
        """
        job = ReadBodyJob(kind, body, limits, form)
        try:
            result = await self._runner.run(job, ("read", len(body).bit_length()))
        except RecursionError:
            raise BadRequest(f"the body cannot be read: {TOO_DEEP.message}", [TOO_DEEP]) from None
        return cast(BodyT, result.value)

    async def parse(
        self, given: bytes, limits: SchemaLimits, key: Hashable = None
    ) -> tuple[Schema, InvalidSchema | None, int]:
        """Parse and lower a pickled schema.

        Returns the schema, why no grammar can be built for it (or None), and its pickled size in bytes. A
        schema that reaches a resource limit runs again, alone: the verdict is cached.
        """
        job, cost_key = ParseSchemaJob(given, limits), ("parse", key if key is not None else hash(given))
        try:
            result = await self._runner.run(job, cost_key)
        except SchemaLimit as error:
            if error.limit not in _RESOURCE_LIMITS:
                raise
            await self.placement.retry.enter()
            try:
                result = await self._runner.run(job, cost_key)
            finally:
                self.placement.retry.leave()
        schema, refusal = result.value
        return schema, refusal, result.size

    async def check_text_format(self, form: TextFormat) -> None:
        """Compile the grammar of a text format; raise `InvalidSchema` where that fails."""
        await self._runner.run(CheckTextFormatJob(form), ("text", hash(form)))

    async def violations(self, schema: Schema, value: Any) -> list[Violation]:
        """Return all violations of a value. Each process caches the schemas that it has used."""
        if not isinstance(value, PickledValue) and schema.surely_valid(value):
            return []
        try:
            result = await self._runner.run(
                ValidateJob(schema.hash, value), ("violations", schema.hash), schema
            )
        except RecursionError:
            return [TOO_DEEP]
        return cast(list[Violation], result.value)

    async def patched(self, schema: Schema, value: Any, longest: int) -> PatchedValue | None:
        """Patch a value until it is valid; None if that fails or exceeds a limit."""
        try:
            result = await self._runner.run(
                PatchJob(schema.hash, value, longest), ("mended", schema.hash), schema
            )
        except (SchemaLimit, RecursionError):
            return None
        return cast("PatchedValue | None", result.value)

    async def repair(
        self, text: str | bytes, schema: Schema | None, max_risk: Risk, on_loss: OnLoss
    ) -> RepairResult:
        """Repair a text by rules; the result is `failed` if that exceeds a limit."""
        job = RepairJob(text, None if schema is None else schema.hash, max_risk, on_loss)
        try:
            result = await self._runner.run(job, ("repair", hash(text)), schema)
        except RecursionError:
            return RepairResult(None, "failed", violations=(TOO_DEEP,))
        except SchemaLimit as error:
            detail = f"the repair of this text exceeded {error.limit}, which allows {error.allowed}"
            return RepairResult(None, "failed", violations=(Violation("", error.limit, detail),))
        return cast(RepairResult, result.value)

    async def read_file(
        self, data: bytes, name: str | None, media_type: str | None, limits: FileLimits
    ) -> Source:
        """Read the text of a file; raise `UnreadableFile` if that fails or exceeds a limit."""
        job = ReadFileJob(data, name, media_type, limits)
        bounds = replace(
            self._runner.limits, max_cpu_seconds=limits.max_cpu_seconds, max_seconds=limits.max_seconds
        )
        try:
            result = await self._runner.run(job, ("file", hash(data)), limits=bounds)
        except (SchemaLimit, RecursionError) as error:
            raise reading_error(getattr(error, "limit", "max_crashes"), limits, name) from None
        return cast(Source, result.value)

    async def count(self, source: Source, schema: Schema) -> Mapping[str, ListRows]:
        """Find the rows of a document for each list of a schema; raise `InputLimit` beyond a limit."""
        if len(source.text) + len(schema.text) <= MAX_COUNTED_HERE:
            return count_rows(source, schema)
        try:
            size = len(source.text)
            bounds = self._runner.limits.for_text(size)
            job = CountRowsJob(source, schema.hash, bounds.max_cpu_seconds)
            result = await self._runner.run(job, ("count", size.bit_length()), schema, limits=bounds)
        except SchemaLimit as error:
            detail = (
                f"finding the rows of this document exceeds {error.limit}, which allows {error.allowed}: "
                "send a part of the document at a time"
            )
            raise InputLimit(detail, error.limit, error.value, error.allowed) from None
        return cast("Mapping[str, ListRows]", result.value)

    async def induce(self, schema: Schema, task: InductionTask) -> InducedRows | None:
        """Find the rows of a list by its items; None where they show none within the limits."""
        if len(task.source.text) <= MAX_COUNTED_HERE and len(task.items) <= MAX_ITEMS_HERE:
            return await asyncio.to_thread(task.rows, schema)
        job = InduceRowsJob(task, schema.hash)
        try:
            result = await self._runner.run(job, ("induce", schema.hash), schema)
        except (SchemaLimit, RecursionError):
            return None
        return cast("InducedRows | None", result.value)

    async def derive(self, schema: Schema, derivation: Derivation) -> Schema | None:
        """Derive the schema of a segment; raise `SchemaLimit` beyond a limit."""
        job = DeriveSchemaJob(schema.hash, derivation)
        key = "derive", schema.hash, derivation
        return cast("Schema | None", (await self._runner.run(job, key, schema)).value)

    async def ground(self, schema: Schema | None, task: EvidenceTask) -> dict[str, Evidence]:
        """Find the evidence of a value; raise `InputLimit` if that exceeds a limit."""
        return cast("dict[str, Evidence]", await self._ground(schema, task, as_json=False))

    async def ground_json(self, schema: Schema | None, task: EvidenceTask) -> str:
        """Return the JSON text of the evidence of a value, as the service's response has it."""
        return cast(str, await self._ground(schema, task, as_json=True))

    async def _ground(self, schema: Schema | None, task: EvidenceTask, *, as_json: bool) -> Any:
        job = GroundJob(task, None if schema is None else schema.hash, as_json)
        try:
            return (await self._runner.run(job, ("ground", hash(task.source)), schema)).value
        except RecursionError:
            raise BadRequest.from_violations([replace(TOO_DEEP, pointer="/data")], "the request") from None
        except SchemaLimit as error:
            detail = (
                f"finding these values in this source exceeds {error.limit}, which allows {error.allowed}: "
                "ground a part of the data, or of the source, at a time"
            )
            raise InputLimit(detail, error.limit, error.value, error.allowed) from None
