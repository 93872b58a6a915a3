"""Fixture of the worker tests: a pool with small limits."""

import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from process_waits import is_running, until

from structgen.workers import WorkerLimits, WorkerPool


@pytest.fixture
async def workers(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[WorkerPool]:
    """Start a pool with small limits; all of its processes are gone after the test."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(Path(__file__).parent), *sys.path]))
    monkeypatch.setenv("STRUCTGEN_API_KEY", "secret")
    pool = WorkerPool(WorkerLimits(max_seconds=30, max_cpu_seconds=1, max_memory=2**28), slow=2)
    await pool.start()
    pids = {process.pid for process in pool.processes.alive}
    yield pool
    pids |= {process.pid for process in pool.processes.alive}
    await pool.close()
    assert pool.processes.alive == set()
    await until(lambda: not any(is_running(pid) for pid in pids))
