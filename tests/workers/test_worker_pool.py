"""A worker pool bounds what a schema may cost, and keeps that cost away from other callers."""

import asyncio
import os
import pickle
import sys
from pathlib import Path
from typing import Any

import pytest
from costly_schema import COSTLY, Crash
from process_waits import until

from structgen.api import ValidateRequest
from structgen.errors import BadRequest, InvalidSchema, Overloaded, SchemaLimit
from structgen.parsing.pipeline import repair_by_rules
from structgen.schema import Schema, SchemaLimits
from structgen.schema.schema import DEFAULT_LIMITS
from structgen.types import Violation
from structgen.workers import CURRENT_CALLER, WorkerLimits, WorkerPool
from structgen.workers.protocol import PickledValue

ANY = Schema.parse({"type": "integer"})
NEEDS_WORKER = Schema.parse({"multipleOf": 1})
"""A schema that the fast check in the service cannot decide."""


async def test_a_parsed_schema_equals_one_parsed_in_process(workers: WorkerPool) -> None:
    """The worker returns it lowered, with its report, and it validates values."""
    given = {"type": "object", "properties": {"a": {"oneOf": [{"type": "string"}, {"type": "null"}]}}}
    (schema, refusal, size), expected = (
        await workers.parse(pickle.dumps(given), DEFAULT_LIMITS),
        Schema.parse(given),
    )
    assert refusal is None
    assert size > len(pickle.dumps(given))
    assert (schema, schema.grammar) == (expected, expected.grammar)
    assert schema.report.to_json() == expected.report.to_json()
    assert await workers.violations(schema, {"a": 1}) == expected.violations({"a": 1}) != []
    assert await workers.violations(schema, {"a": None}) == []


async def test_a_schema_that_llguidance_refuses_comes_back_with_a_wider_grammar(workers: WorkerPool) -> None:
    """The report names the keyword that the grammar leaves out; validation uses the full schema."""
    text = {"type": "string", "pattern": "(foo|bar)+baz", "minLength": 5, "maxLength": 500}
    schema, refusal, _ = await workers.parse(pickle.dumps({"properties": {"a": text}}), DEFAULT_LIMITS)
    assert refusal is None
    assert schema.report["/properties/a/pattern"].by == "decoded"
    assert "determine if regex is empty" in schema.report["/properties/a/maxLength"].reason
    assert schema.key != schema.hash
    assert await workers.violations(schema, {"a": "foobar"}) != []


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"type": "nonsense"}, InvalidSchema, "/type"),
        ({"enum": list(range(20))}, SchemaLimit, "max_enum"),
    ],
)
async def test_errors_keep_their_attributes(
    workers: WorkerPool, given: Any, error: type[Exception], message: str
) -> None:
    """A pool raises the error of a worker with all of its data."""
    with pytest.raises(error, match=message) as caught:
        await workers.parse(pickle.dumps(given), SchemaLimits(max_enum=10))
    assert caught.value.problem_members()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("value", "limit"), [("spin", "max_cpu_seconds"), ("eat", "max_memory"), ("die", "max_crashes")]
)
async def test_a_limit_ends_only_the_job_that_exceeds_it(workers: WorkerPool, value: str, limit: str) -> None:
    """The pool answers other jobs during and after it."""
    costly = asyncio.ensure_future(workers.violations(COSTLY, value))
    for number in range(50):
        assert await asyncio.wait_for(workers.violations(NEEDS_WORKER, number), 5) == []
    with pytest.raises(SchemaLimit) as caught:
        await costly
    assert caught.value.limit == limit
    assert await workers.violations(NEEDS_WORKER, 1.5) == NEEDS_WORKER.violations(1.5) != []


@pytest.mark.parametrize("times", [1, 2])
async def test_a_schema_that_reaches_a_limit_runs_a_second_time(
    workers: WorkerPool, tmp_path: Path, times: int
) -> None:
    """The first failure may come from a shortage of the machine; the second is the verdict."""
    given = pickle.dumps(Crash(tmp_path, times))
    if times == 1:
        assert (await workers.parse(given, DEFAULT_LIMITS))[0] == ANY
    else:
        with pytest.raises(SchemaLimit, match="max_memory"):
            await workers.parse(given, DEFAULT_LIMITS)
    assert crashes(tmp_path) == times
    assert workers.placement.retry.free == 1


def crashes(marks: Path) -> int:
    """Count the processes that crashed."""
    return len(list(marks.iterdir()))


async def test_a_job_without_processor_time_raises_overloaded(workers: WorkerPool) -> None:
    """The pool gives it up after `max_seconds`, and does not blame its schema."""
    workers._runner.limits = WorkerLimits(max_seconds=1)
    with pytest.raises(Overloaded, match="s of processor time in 1 s"):
        await workers.violations(COSTLY, "sleep")


async def test_cheap_checks_do_not_wait_for_twelve_callers_with_costly_ones(workers: WorkerPool) -> None:
    """Cheap keys have slots of their own; few costly jobs run or wait, and the pool refuses the rest."""
    for value in range(3):
        await workers.violations(NEEDS_WORKER, value)

    async def attack(caller: int) -> Any:
        CURRENT_CALLER.set(caller)
        return await workers.violations(COSTLY, "spin")

    attacks = [asyncio.ensure_future(attack(caller)) for caller in range(12)]
    await asyncio.sleep(0.1)
    for value in range(40):
        assert await asyncio.wait_for(workers.violations(NEEDS_WORKER, value), 1) == []
    done, left = await asyncio.wait(attacks, return_when=asyncio.FIRST_COMPLETED, timeout=20)
    assert {type(job.exception()) for job in done} == {Overloaded}  # long before any comes to its limit
    for job in left:
        job.cancel()
    outcomes = await asyncio.gather(*attacks, return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {Overloaded, asyncio.CancelledError}


async def test_a_check_of_moderate_cost_passes_while_the_costly_lane_is_full(workers: WorkerPool) -> None:
    """Callers with costly schemas do not block a schema of moderate cost."""
    full = [workers.placement.costly.try_enter() for _ in range(2)]
    assert full == [True, True]
    assert await workers.violations(COSTLY, "half") == []
    for _ in full:
        workers.placement.costly.leave()


async def test_cancelling_ends_running_and_queued_jobs(workers: WorkerPool) -> None:
    """The pool gets every slot back, and kills the processes of the cancelled jobs."""
    jobs = [asyncio.ensure_future(workers.violations(COSTLY, "sleep")) for _ in range(20)]
    await until(lambda: workers.placement.new.waiting == 18)
    busy = {p.pid for p in workers.processes.alive} - {p.pid for p in workers.processes.idle}
    assert len(busy) == 2
    for job in jobs:
        job.cancel()
    await asyncio.gather(*jobs, return_exceptions=True)
    assert workers.placement.new.waiting == 0
    await until(lambda: not busy & {process.pid for process in workers.processes.alive})
    assert await asyncio.wait_for(workers.violations(COSTLY, "nothing"), 5) == []


async def test_a_queue_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A full queue refuses further jobs with `Overloaded`."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(Path(__file__).parent), *sys.path]))
    pool = WorkerPool(size=1, queue=2)
    jobs = [asyncio.ensure_future(pool.violations(COSTLY, "sleep")) for _ in range(5)]
    done, pending = await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED, timeout=10)
    assert all(isinstance(job.exception(), Overloaded) for job in done)
    assert len(done) == 2
    for job in pending:
        job.cancel()
    await asyncio.gather(*jobs, return_exceptions=True)
    await pool.close()


async def test_a_large_value_stays_pickled_between_workers(workers: WorkerPool) -> None:
    """The service passes the bytes on and does not build the value."""
    body = b'{"schema":{"items":{"type":"integer"}},"value":[%s]}' % b",".join([b"[]"] * 50_000)
    read = await workers.read(ValidateRequest, body, DEFAULT_LIMITS)
    assert isinstance(read.value, PickledValue)
    violations = await workers.violations(Schema.parse(read.schema_), read.value)
    assert violations[0] == Violation("/0", "type", "[] is not of type 'integer'")
    assert len(violations) == 10_000  # the validator stops there


async def test_a_repair_gets_all_its_options(workers: WorkerPool) -> None:
    """The worker repairs as this process does, and refuses what this process refuses."""
    schema = Schema.parse({"type": "object", "properties": {"a": {"type": "integer"}}})
    for options in (("inferred", "error"), ("coerced", "accept")):
        result = await workers.repair("{a: '1',}", schema, *options)  # type: ignore[arg-type]
        assert result == repair_by_rules("{a: '1',}", schema, max_risk=options[0], on_loss=options[1])  # type: ignore[arg-type]
    with pytest.raises(BadRequest, match="on_loss: 'ignore' is not one of error, accept"):
        await workers.repair("{a: 1", None, "inferred", "ignore")  # type: ignore[arg-type]
