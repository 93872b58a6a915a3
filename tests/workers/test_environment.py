"""What a worker knows of the service: no key of its environment."""

import asyncio
from pathlib import Path

import pytest

from structgen.workers import Workers

SECRETS = {
    "STRUCTGEN_API_KEY": "one-secret",
    "STRUCTGEN_REMOTE_KEY": "two-secret",
    "HF_TOKEN": "three-secret",
    "AWS_SECRET_ACCESS_KEY": "four-secret",
    "PGPASSWORD": "five-secret",
}


async def test_workers_get_no_secret_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever takes one over by a schema finds none; what Python needs stays."""
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    workers = Workers()
    try:
        await workers.start()
        for process in workers._all:
            environment = await asyncio.to_thread(Path(f"/proc/{process.pid}/environ").read_bytes)
            assert not any(value.encode() in environment for value in SECRETS.values())
            assert b"PATH=" in environment
    finally:
        await workers.close()
