"""What a schema may cost is bounded, and nobody else pays for it."""

import asyncio
import os
import pickle
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from costly import COSTLY

from structgen.errors import EngineUnavailable, InvalidSchema, Overloaded, SchemaLimit
from structgen.schema import Schema, SchemaLimits
from structgen.schema.document import DEFAULT_LIMITS
from structgen.workers import WorkerLimits, Workers, child
from structgen.workers.process import SIZE, WorkerProcess

ANY = Schema.parse({"type": "integer"})


@pytest.fixture
async def workers(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Workers]:
    """Small limits; all processes are gone in the end."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))  # there they find `costly`
    async for pool in started(WorkerLimits(max_seconds=2, max_cpu_seconds=1, max_memory=2**28)):
        yield pool


async def started(limits: WorkerLimits) -> AsyncIterator[Workers]:
    pool = Workers(limits, slow=2)
    await pool.start()
    pids = [process.pid for process in pool._all]
    yield pool
    await pool.close()
    assert all(process.returncode is not None for process in pool._all)
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


async def test_a_schema_comes_back_as_it_is_parsed_here(workers: Workers) -> None:
    """Lowered, with its report, and able to judge."""
    given = {"type": "object", "properties": {"a": {"oneOf": [{"type": "string"}, {"type": "null"}]}}}
    (found, refusal), wanted = await workers.parse(pickle.dumps(given), DEFAULT_LIMITS), Schema.parse(given)
    assert refusal is None
    assert (found, found.grammar) == (wanted, wanted.grammar)
    assert found.report.to_json() == wanted.report.to_json()
    assert await workers.violations(found, {"a": 1}) == wanted.violations({"a": 1}) != []
    assert await workers.violations(found, {"a": None}) == []


async def test_a_schema_that_llguidance_refuses_comes_back_with_a_wider_grammar(workers: Workers) -> None:
    """Its report names what is left out; the full schema still judges."""
    text = {"type": "string", "pattern": "(foo|bar)+baz", "minLength": 5, "maxLength": 500}
    found, refusal = await workers.parse(pickle.dumps({"properties": {"a": text}}), DEFAULT_LIMITS)
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
    ("value", "limit"),
    [
        ("spin", "max_cpu_seconds max_seconds"),  # whichever a busy machine comes to first
        ("sleep", "max_seconds"),
        ("eat", "max_memory"),
        ("die", "max_crashes"),
    ],
)
async def test_a_limit_ends_the_job_and_nothing_else(workers: Workers, value: str, limit: str) -> None:
    """Others are answered meanwhile, and afterwards."""
    costly = asyncio.ensure_future(workers.violations(COSTLY, value))
    began = time.monotonic()
    for number in range(50):
        assert await workers.violations(ANY, number) == []
    assert time.monotonic() - began < 2
    with pytest.raises(SchemaLimit) as caught:
        await costly
    assert caught.value.limit in limit.split()
    assert await workers.violations(ANY, "x") == ANY.violations("x")


@pytest.fixture
async def patient_workers(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Workers]:
    """Time enough for all that follow to start while the first ones still run, on a slow machine too."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    async for pool in started(WorkerLimits(max_seconds=8, max_cpu_seconds=1, max_memory=2**28)):
        yield pool


async def test_slow_ones_are_refused_before_they_fill_the_machine(patient_workers: Workers) -> None:
    """Two go on, the others are told to come again; quick ones pass them all."""
    workers = patient_workers
    costly = [asyncio.ensure_future(workers.violations(COSTLY, "sleep")) for _ in range(6)]
    await asyncio.sleep(1.5)
    assert await asyncio.wait_for(workers.violations(ANY, 1), 6) == []
    found = await asyncio.gather(*costly, return_exceptions=True)
    assert sorted(type(f).__name__ for f in found).count("Overloaded") == 4
    assert all(isinstance(f, Overloaded | SchemaLimit) for f in found)


async def test_a_caller_who_leaves_frees_the_place(workers: Workers) -> None:
    """Also while the job is young."""
    for _ in range(4):
        job = asyncio.ensure_future(workers.violations(COSTLY, "sleep"))
        await asyncio.sleep(0.05)
        job.cancel()
    assert await asyncio.wait_for(workers.violations(ANY, 1), 3) == []


async def test_a_worker_ends_with_its_parent() -> None:
    """Its input ends."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", child.__name__, "1", str(2**28),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    process.stdin.close()
    assert await asyncio.wait_for(process.wait(), 20) == 0


async def test_a_large_answer_that_nobody_reads_holds_up_no_end() -> None:
    """As when its caller has left in the middle of it."""
    process = await WorkerProcess.start(4, 2**28)
    job = pickle.dumps(("repair", f'["{"x" * 4_000_000}"]', None, "inferred"))
    stdin = process._process.stdin
    assert stdin is not None
    stdin.write(len(job).to_bytes(SIZE, "big") + job)
    await asyncio.sleep(1)
    process.kill()
    await asyncio.wait_for(process.ended(), 10)
    assert process.returncode is not None


async def test_a_process_that_does_not_start_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """To whoever waits for it; the next one may start."""
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    pool = Workers(size=1)
    with pytest.raises(EngineUnavailable, match="no process starts"):
        await asyncio.wait_for(pool.violations(ANY, 1), 10)
    monkeypatch.undo()
    assert await pool.violations(ANY, 1) == []
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
    return [line for line in lines if child.__name__ in line]
