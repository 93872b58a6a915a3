"""Worker processes: replacement after a kill, secrets, starts and ends."""

import asyncio
import os
import pickle
import signal
import socket
import sys
import time
from pathlib import Path

import pytest
from costly_schema import COSTLY
from process_waits import until

from structgen.errors import EngineUnavailable
from structgen.schema import Schema
from structgen.workers import WorkerPool, fork_server
from structgen.workers.fork_server_client import ForkServer
from structgen.workers.protocol import RepairJob

NEEDS_WORKER = Schema.parse({"multipleOf": 1})
"""A schema that the fast check in the service cannot decide."""


async def test_idle_workers_that_are_killed_are_replaced(workers: WorkerPool) -> None:
    """The pool starts the new ones before a job needs them."""
    before = {process.pid for process in workers.processes.idle}
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    await until(
        lambda: len(workers.processes.idle) == 2 and not before & {p.pid for p in workers.processes.idle}
    )
    assert await workers.violations(NEEDS_WORKER, 1) == []


async def test_a_kill_from_outside_is_not_blamed_on_the_schema(workers: WorkerPool) -> None:
    """The job runs a second time; after a second kill the pool raises `EngineUnavailable`."""

    async def busy() -> int:
        """Return the process id of the worker that runs the job."""
        await until(lambda: workers.processes.alive - set(workers.processes.idle))
        return (workers.processes.alive - set(workers.processes.idle)).pop().pid

    job = asyncio.ensure_future(workers.violations(COSTLY, "nap"))
    os.kill(await busy(), signal.SIGKILL)
    assert await job == []
    job = asyncio.ensure_future(workers.violations(COSTLY, "sleep"))
    first = await busy()
    os.kill(first, signal.SIGKILL)
    await until(lambda: first not in {process.pid for process in workers.processes.alive})
    os.kill(await busy(), signal.SIGKILL)
    with pytest.raises(EngineUnavailable, match="killed from outside"):
        await job


async def test_a_killed_fork_server_is_started_again(workers: WorkerPool) -> None:
    """The next job gets a worker of the new fork server."""
    assert workers.processes.fork_servers.server is not None
    os.kill(workers.processes.fork_servers.server.pid, signal.SIGKILL)
    old = workers.processes.fork_servers.server
    await until(lambda: not old.alive)
    assert await workers.violations(NEEDS_WORKER, 1.5) != []


async def test_the_environment_of_a_worker_has_no_api_key(workers: WorkerPool) -> None:
    """The fork server and all workers lack the variable."""
    assert workers.processes.fork_servers.server is not None
    for pid in (
        workers.processes.fork_servers.server.pid,
        *(process.pid for process in workers.processes.alive),
    ):
        assert "secret" not in environment(pid)


def environment(pid: int) -> str:
    """Return the environment that the process started with."""
    return Path(f"/proc/{pid}/environ").read_text()


async def test_the_fork_server_ends_with_its_parent() -> None:
    """It ends when its standard input does."""
    ours, theirs = socket.socketpair()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", fork_server.__name__, "1", str(2**28),
        stdin=theirs.fileno(), stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    theirs.close()
    ours.close()
    assert await asyncio.wait_for(process.wait(), 20) == 0


async def test_a_worker_can_be_killed_while_it_writes_a_large_reply() -> None:
    """A caller that leaves before the reply is read does not block the end of the worker."""
    server = await ForkServer.start(4, 2**28)
    process = await server.fork()
    running = asyncio.ensure_future(
        process.run(pickle.dumps(RepairJob(f'["{"x" * 4_000_000}"]', None, "inferred", "error")), None)
    )
    await asyncio.sleep(0.5)
    running.cancel()
    process.kill()
    assert await asyncio.wait_for(process.wait(), 10) == -signal.SIGKILL
    await server.close()


async def test_a_failed_start_raises_with_the_reason(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The waiting job raises `EngineUnavailable`; a later start may succeed."""
    pool = WorkerPool(size=1)
    with monkeypatch.context() as nowhere:
        nowhere.setattr(sys, "executable", "/nowhere/python")
        with pytest.raises(EngineUnavailable, match="cannot start a worker process"):
            await asyncio.wait_for(pool.violations(NEEDS_WORKER, 1), 10)
    (tmp_path / "structgen").mkdir()
    (tmp_path / "structgen" / "__init__.py").write_text("raise ImportError('half an installation')")
    with monkeypatch.context() as broken:
        broken.chdir(tmp_path)
        with pytest.raises(
            EngineUnavailable, match="half an installation"
        ):  # the last line of its standard error
            await asyncio.wait_for(pool.violations(NEEDS_WORKER, 1), 10)
    assert await pool.violations(NEEDS_WORKER, 1) == []
    await pool.close()


async def test_close_cancels_starts_in_progress() -> None:
    """Closing takes less than a second and leaves no process."""
    pool = WorkerPool(size=2)
    starting = asyncio.ensure_future(pool.start())
    await asyncio.sleep(0.1)
    began = time.monotonic()
    await pool.close()
    assert time.monotonic() - began < 1
    await asyncio.gather(starting, return_exceptions=True)
    assert children() == []


def children() -> list[str]:
    """Return the command lines of the fork servers that this process started."""
    own = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    lines = [Path(f"/proc/{pid}/cmdline").read_text() for pid in own]
    return [line for line in lines if fork_server.__name__ in line]
