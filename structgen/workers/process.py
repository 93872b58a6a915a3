"""One worker as its parent sees it: pickles in length-prefixed frames over its standard streams."""

from __future__ import annotations

import asyncio
import os
import pickle
import re
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from structgen.schema import Schema

SIZE = 8
"""Bytes of a frame's length, big-endian."""

NICE = 10
"""The priority's number of a worker: decoding comes first."""

HEAVY = 300 * 2**20
"""Bytes of memory with which a worker is not kept."""


_SECRET = re.compile(r"KEY|TOKEN|SECRET|PASSW|CREDENTIAL|AUTH", re.IGNORECASE)


def without_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment for a process that handles callers' data: no variable whose name tells of a secret."""
    return {name: value for name, value in environment.items() if not _SECRET.search(name)}


class Died(Exception):
    """The process ended in the middle of a job. `code` as in `subprocess`: negative for a signal."""

    def __init__(self, code: int) -> None:
        super().__init__(f"exit {code}")
        self.code = code

    @property
    def out_of_time(self) -> bool:
        return self.code == -signal.SIGXCPU

    @property
    def out_of_memory(self) -> bool:
        """Rust aborts where no memory is to be had; the system kills."""
        return self.code in (OUT_OF_MEMORY, -signal.SIGABRT, -signal.SIGKILL)


OUT_OF_MEMORY = 77
"""Exit code of a worker that found none."""


class WorkerProcess:
    """A child that answers one job at a time."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.slowed = False
        """Whether its priority was lowered, which cannot be undone."""

    @classmethod
    async def start(cls, cpu_seconds: int, memory: int) -> WorkerProcess:
        """A new child, held to that many seconds for each job and bytes in all."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "structgen.workers.child", str(cpu_seconds), str(memory),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            env=without_secrets(os.environ),
        )  # fmt: skip
        made = cls(process)
        made._priority(NICE)  # at once: its imports alone take a good part of a second
        try:
            await made._read()  # what it says once it is ready
        except BaseException:
            made.kill()
            await made.ended()
            raise
        return made

    async def ask(self, payload: bytes, schema: Schema | None) -> Any:
        """The answer to a job, or the exception it raised; the schema goes along where it is asked for."""
        answer = await self._exchange(payload)
        if answer == ("schema",):
            answer = await self._exchange(await asyncio.to_thread(pickle.dumps, schema))
        kind, value = answer
        if kind == "raised":
            raise value
        return value

    async def _exchange(self, payload: bytes) -> Any:
        assert self._process.stdin is not None
        with suppress(ConnectionError):  # the read that follows tells
            self._process.stdin.write(len(payload).to_bytes(SIZE, "big") + payload)
            await self._process.stdin.drain()
        return await self._read()

    async def _read(self) -> Any:
        assert self._process.stdout is not None
        try:
            size = int.from_bytes(await self._process.stdout.readexactly(SIZE), "big")
            data = await self._process.stdout.readexactly(size)
        except asyncio.IncompleteReadError:
            raise Died(await self._process.wait()) from None
        return pickle.loads(data) if size < 2**16 else await asyncio.to_thread(pickle.loads, data)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """None while it lives."""
        return self._process.returncode

    @property
    def heavy(self) -> bool:
        """Whether it holds more memory than is worth keeping."""
        try:
            pages = int(Path(f"/proc/{self.pid}/statm").read_text("ascii").split()[1])
        except (OSError, IndexError):
            return False
        return pages * os.sysconf("SC_PAGE_SIZE") > HEAVY

    def lower_priority(self) -> None:
        """Run only when nobody else wants the processor."""
        self.slowed = True
        self._priority(19)

    def _priority(self, nice: int) -> None:
        with suppress(OSError, AttributeError):
            os.setpriority(os.PRIO_PROCESS, self.pid, nice)

    def kill(self) -> None:
        """At once, whatever it does."""
        with suppress(ProcessLookupError):
            self._process.kill()

    async def ended(self) -> None:
        """Wait until it is gone, and its pipes with it: a loop that closes before warns.

        They are read to their end first: a large answer that nobody reads holds up the end.
        """
        with suppress(RuntimeError):  # a job still reads, and finds the end itself
            await self._process.communicate()
        await self._process.wait()
        await asyncio.sleep(0)
