"""What a schema may cost is bounded, and nobody else pays for it."""

import asyncio
import os
import pickle
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from costly import COSTLY, Crash

from structgen.api import ValidateRequest
from structgen.errors import EngineUnavailable, InvalidSchema, Overloaded, SchemaLimit
from structgen.schema import Schema, SchemaLimits
from structgen.schema.schema import DEFAULT_LIMITS
from structgen.types import Violation
from structgen.workers import CALLER, WorkerLimits, Workers, fork_server
from structgen.workers.child import Pickled
from structgen.workers.process import Template

ANY = Schema.parse({"type": "integer"})
JUDGED = Schema.parse({"multipleOf": 1})
"""A schema that the fast check leaves to a worker."""


@pytest.fixture
async def workers(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Workers]:
    """Small limits; all processes are gone in the end."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(Path(__file__).parent), *sys.path]))
    monkeypatch.setenv("STRUCTGEN_API_KEY", "secret")
    pool = Workers(WorkerLimits(max_seconds=30, max_cpu_seconds=1, max_memory=2**28), slow=2)
    await pool.start()
    seen = {process.pid for process in pool._all}
    yield pool
    seen |= {process.pid for process in pool._all}
    await pool.close()
    assert pool._all == set()
    await until(lambda: not any(running(pid) for pid in seen))


def running(pid: int) -> bool:
    """Whether there is such a process, and not only its exit code."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def until(condition: Callable[[], Any], seconds: float = 10) -> None:
    """Wait for what comes to pass by itself."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  (nobody tells when a process ends)
            await asyncio.sleep(0.01)


async def test_a_schema_comes_back_as_it_is_parsed_here(workers: Workers) -> None:
    """Lowered, with its report, and able to judge."""
    given = {"type": "object", "properties": {"a": {"oneOf": [{"type": "string"}, {"type": "null"}]}}}
    (found, refusal, size), wanted = (
        await workers.parse(pickle.dumps(given), DEFAULT_LIMITS),
        Schema.parse(given),
    )
    assert refusal is None
    assert size > len(pickle.dumps(given))
    assert (found, found.grammar) == (wanted, wanted.grammar)
    assert found.report.to_json() == wanted.report.to_json()
    assert await workers.violations(found, {"a": 1}) == wanted.violations({"a": 1}) != []
    assert await workers.violations(found, {"a": None}) == []


async def test_a_schema_that_llguidance_refuses_comes_back_with_a_wider_grammar(workers: Workers) -> None:
    """Its report names what is left out; the full schema still judges."""
    text = {"type": "string", "pattern": "(foo|bar)+baz", "minLength": 5, "maxLength": 500}
    found, refusal, _ = await workers.parse(pickle.dumps({"properties": {"a": text}}), DEFAULT_LIMITS)
    assert refusal is None
    assert found.report["/properties/a/pattern"].by == "decoded"
    assert "determine if regex is empty" in found.report["/properties/a/maxLength"].reason
    assert found.key != found.hash
    assert await workers.violations(found, {"a": "foobar"}) != []


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ({"type": "nonsense"}, InvalidSchema, "/type"),
        ({"enum": list(range(20))}, SchemaLimit, "max_enum"),
    ],
)
async def test_errors_come_back_whole(
    workers: Workers, given: Any, error: type[Exception], said: str
) -> None:
    """With their attributes."""
    with pytest.raises(error, match=said) as caught:
        await workers.parse(pickle.dumps(given), SchemaLimits(max_enum=10))
    assert caught.value.members()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("value", "limit"), [("spin", "max_cpu_seconds"), ("eat", "max_memory"), ("die", "max_crashes")]
)
async def test_a_limit_ends_the_job_and_nothing_else(workers: Workers, value: str, limit: str) -> None:
    """Others are answered meanwhile, and afterwards."""
    costly = asyncio.ensure_future(workers.violations(COSTLY, value))
    for number in range(50):
        assert await asyncio.wait_for(workers.violations(JUDGED, number), 5) == []
    with pytest.raises(SchemaLimit) as caught:
        await costly
    assert caught.value.limit == limit
    assert await workers.violations(JUDGED, 1.5) == JUDGED.violations(1.5) != []


@pytest.mark.parametrize("times", [1, 2])
async def test_a_verdict_about_a_schema_is_tried_again_before_it_is_told(
    workers: Workers, tmp_path: Path, times: int
) -> None:
    """The machine may have been short of memory once; twice is a verdict."""
    given = pickle.dumps(Crash(tmp_path, times))
    if times == 1:
        assert (await workers.parse(given, DEFAULT_LIMITS))[0] == ANY
    else:
        with pytest.raises(SchemaLimit, match="max_memory"):
            await workers.parse(given, DEFAULT_LIMITS)
    assert ends(tmp_path) == times
    assert workers._alone.free == 1


def ends(marks: Path) -> int:
    """Processes that were ended."""
    return len(list(marks.iterdir()))


async def test_a_job_that_gets_no_processor_is_no_fault_of_its_schema(workers: Workers) -> None:
    """It is given up after a while, and what is told is to come again."""
    workers.limits = WorkerLimits(max_seconds=1)
    with pytest.raises(Overloaded, match="s of a processor in 1 s"):
        await workers.violations(COSTLY, "sleep")


async def test_cheap_checks_do_not_wait_for_twelve_callers_with_costly_ones(workers: Workers) -> None:
    """Known ones have places of their own; of the costly ones few run, few wait, and the rest come again."""
    for value in range(3):
        await workers.violations(JUDGED, value)

    async def attack(caller: int) -> Any:
        CALLER.set(caller)
        return await workers.violations(COSTLY, "spin")

    attacks = [asyncio.ensure_future(attack(caller)) for caller in range(12)]
    await asyncio.sleep(0.1)
    for value in range(40):
        assert await asyncio.wait_for(workers.violations(JUDGED, value), 1) == []
    done, left = await asyncio.wait(attacks, return_when=asyncio.FIRST_COMPLETED, timeout=20)
    assert {type(job.exception()) for job in done} == {Overloaded}  # long before any comes to its limit
    for job in left:
        job.cancel()
    outcomes = await asyncio.gather(*attacks, return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {Overloaded, asyncio.CancelledError}


async def test_a_check_of_moderate_cost_passes_while_the_costly_lane_is_full(workers: Workers) -> None:
    """Four callers with slow schemas turn nobody else away."""
    full = [workers._costly.try_enter() for _ in range(2)]
    assert full == [True, True]
    assert await workers.violations(COSTLY, "half") == []
    for _ in full:
        workers._costly.leave()


async def test_a_caller_who_leaves_takes_running_and_queued_jobs_along(workers: Workers) -> None:
    """No place is lost, and nothing of theirs runs on."""
    jobs = [asyncio.ensure_future(workers.violations(COSTLY, "sleep")) for _ in range(20)]
    await until(lambda: workers._trial.waiting == 18)
    busy = {process.pid for process in workers._all} - {process.pid for process in workers._idle}
    assert len(busy) == 2
    for job in jobs:
        job.cancel()
    await asyncio.gather(*jobs, return_exceptions=True)
    assert workers._trial.waiting == 0
    await until(lambda: not busy & {process.pid for process in workers._all})
    assert await asyncio.wait_for(workers.violations(COSTLY, "nothing"), 5) == []


async def test_a_queue_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever does not fit is told when to come again."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(Path(__file__).parent), *sys.path]))
    pool = Workers(size=1, queue=2)
    jobs = [asyncio.ensure_future(pool.violations(COSTLY, "sleep")) for _ in range(5)]
    done, pending = await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED, timeout=10)
    assert all(isinstance(job.exception(), Overloaded) for job in done)
    assert len(done) == 2
    for job in pending:
        job.cancel()
    await asyncio.gather(*jobs, return_exceptions=True)
    await pool.close()


async def test_idle_workers_that_are_killed_are_replaced(workers: Workers) -> None:
    """Before anybody asks for them."""
    before = {process.pid for process in workers._idle}
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    await until(lambda: len(workers._idle) == 2 and not before & {p.pid for p in workers._idle})
    assert await workers.violations(JUDGED, 1) == []


async def test_a_worker_killed_from_outside_makes_no_schema_guilty(workers: Workers) -> None:
    """The job runs again; where that one is killed too, the verdict is that there is none."""

    async def busy() -> int:
        """The worker that has the job."""
        await until(lambda: workers._all - set(workers._idle))
        return (workers._all - set(workers._idle)).pop().pid

    job = asyncio.ensure_future(workers.violations(COSTLY, "nap"))
    os.kill(await busy(), signal.SIGKILL)
    assert await job == []
    job = asyncio.ensure_future(workers.violations(COSTLY, "sleep"))
    first = await busy()
    os.kill(first, signal.SIGKILL)
    await until(lambda: first not in {process.pid for process in workers._all})
    os.kill(await busy(), signal.SIGKILL)
    with pytest.raises(EngineUnavailable, match="killed from outside"):
        await job


async def test_a_template_that_is_killed_is_started_anew(workers: Workers) -> None:
    """Its forks go with it, as soon as nobody needs them."""
    assert workers._template is not None
    os.kill(workers._template.pid, signal.SIGKILL)
    old = workers._template
    await until(lambda: not old.alive)
    assert await workers.violations(JUDGED, 1.5) != []


async def test_a_worker_has_none_of_the_services_keys(workers: Workers) -> None:
    """Neither do its relatives."""
    assert workers._template is not None
    for pid in (workers._template.pid, *(process.pid for process in workers._all)):
        assert "secret" not in environment(pid)


def environment(pid: int) -> str:
    """As the process was started with."""
    return Path(f"/proc/{pid}/environ").read_text()


async def test_a_large_value_goes_from_worker_to_worker(workers: Workers) -> None:
    """The service does not build it in between."""
    body = b'{"schema":{"items":{"type":"integer"}},"value":[%s]}' % b",".join([b"[]"] * 50_000)
    read = await workers.read(ValidateRequest, body, DEFAULT_LIMITS)
    assert isinstance(read.value, Pickled)
    violations = await workers.violations(Schema.parse(read.schema_), read.value)
    assert violations[0] == Violation("/0", "type", "[] is not of type 'integer'")
    assert len(violations) == 10_000  # no more are looked for


async def test_the_template_ends_with_its_parent() -> None:
    """Its input ends."""
    ours, theirs = socket.socketpair()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", fork_server.__name__, "1", str(2**28),
        stdin=theirs.fileno(), stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    theirs.close()
    ours.close()
    assert await asyncio.wait_for(process.wait(), 20) == 0


async def test_a_large_answer_that_nobody_reads_holds_up_no_end() -> None:
    """As when its caller has left in the middle of it."""
    forks = await Template.start(4, 2**28)
    process = await forks.fork()
    asked = asyncio.ensure_future(
        process.ask(pickle.dumps(("repair", f'["{"x" * 4_000_000}"]', None, "inferred")), None)
    )
    await asyncio.sleep(0.5)
    asked.cancel()
    process.kill()
    assert await asyncio.wait_for(process.ended(), 10) == -signal.SIGKILL
    await forks.close()


async def test_a_process_that_does_not_start_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """To whoever waits for it; the next one may start."""
    pool = Workers(size=1)
    with monkeypatch.context() as nowhere:
        nowhere.setattr(sys, "executable", "/nowhere/python")
        with pytest.raises(EngineUnavailable, match="no process starts"):
            await asyncio.wait_for(pool.violations(JUDGED, 1), 10)
    (tmp_path / "structgen").mkdir()
    (tmp_path / "structgen" / "__init__.py").write_text("raise ImportError('half an installation')")
    with monkeypatch.context() as broken:
        broken.chdir(tmp_path)
        with pytest.raises(EngineUnavailable, match="half an installation"):  # what the interpreter said
            await asyncio.wait_for(pool.violations(JUDGED, 1), 10)
    assert await pool.violations(JUDGED, 1) == []
    await pool.close()


async def test_closing_does_not_wait_for_starts() -> None:
    """They are given up, and no process is left."""
    pool = Workers(size=2)
    starting = asyncio.ensure_future(pool.start())
    await asyncio.sleep(0.1)
    began = time.monotonic()
    await pool.close()
    assert time.monotonic() - began < 1
    await asyncio.gather(starting, return_exceptions=True)
    assert children() == []


def children() -> list[str]:
    """Command lines of the workers that are children of this process."""
    own = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    lines = [Path(f"/proc/{pid}/cmdline").read_text() for pid in own]
    return [line for line in lines if fork_server.__name__ in line]
