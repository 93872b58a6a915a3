"""Secrets of the environment do not reach worker processes."""

import asyncio
from pathlib import Path

import pytest

from structgen.workers import WorkerPool

SECRETS = {
    "STRUCTGEN_API_KEY": "one-secret",
    "STRUCTGEN_REMOTE_KEY": "two-secret",
    "HF_TOKEN": "three-secret",
    "AWS_SECRET_ACCESS_KEY": "four-secret",
    "PGPASSWORD": "five-secret",
}


async def test_workers_start_without_secret_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """A schema that takes over a worker finds no secret; variables that Python needs stay."""
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    workers = WorkerPool()
    try:
        await workers.start()
        for process in workers.processes.alive:
            environment = await asyncio.to_thread(Path(f"/proc/{process.pid}/environ").read_bytes)
            assert not any(value.encode() in environment for value in SECRETS.values())
            assert b"PATH=" in environment
    finally:
        await workers.close()
