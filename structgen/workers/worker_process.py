"""A worker process as the pool sees it: frames over a socket pair, its priority, and its end."""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from structgen.schema import Schema
from structgen.workers.protocol import EXIT_OUT_OF_MEMORY, LENGTH_BYTES, Reply, SchemaRequest

LOWEST_PRIORITY = 19
"""Nice level of a worker with a costly job."""
KILL_TIMEOUT = 5.0
"""Seconds to wait for the end of a killed process."""
_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


class WorkerDied(Exception):
    """The process ended during a job. `code` is as in `subprocess`, None if it is unknown."""

    def __init__(self, code: int | None, detail: str = "") -> None:
        super().__init__(f"exit {code} {detail}".strip())
        self.code = code

    @property
    def out_of_time(self) -> bool:
        """Whether the job used up its processor time."""
        return self.code == -signal.SIGXCPU

    @property
    def out_of_memory(self) -> bool:
        """Whether the job reached its memory limit: Python raises there, Rust aborts."""
        return self.code in (EXIT_OUT_OF_MEMORY, -signal.SIGABRT)

    @property
    def killed_from_outside(self) -> bool:
        """Whether the system or an operator ended the process, so that the job may be innocent."""
        return self.code is None or self.code in (-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT)


@dataclass(frozen=True, slots=True)
class JobReply:
    """The reply to a job, and the bytes of its pickle."""

    message: Reply
    size: int


class WorkerProcess:
    """A worker process, which runs one job at a time."""

    def __init__(
        self,
        pid: int,
        exit_code: asyncio.Future[int | None],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self.pid, self.exit_code, self._reader, self._writer = pid, exit_code, reader, writer
        self._killed = False
        self.low_priority = False
        """Whether its priority was lowered, which cannot be undone."""
        self.reusable = True
        """Whether it may run another job: not while it runs one, nor after a heavy one."""

    async def run(self, job: bytes, schema: Schema | None) -> JobReply:
        """Run a pickled job; send the schema if the worker asks for it. `WorkerDied` if the process ends."""
        size, message = await self._exchange(job)
        if isinstance(message, SchemaRequest):
            size, message = await self._exchange(pickle.dumps(schema))
        return JobReply(message, size)

    async def _exchange(self, payload: bytes) -> tuple[int, Any]:
        with suppress(ConnectionError):  # the read below raises
            self._writer.write(len(payload).to_bytes(LENGTH_BYTES, "big") + payload)
            await self._writer.drain()
        try:
            size = int.from_bytes(await self._reader.readexactly(LENGTH_BYTES), "big")
            data = await self._reader.readexactly(size)
        except (asyncio.IncompleteReadError, ConnectionError):
            raise WorkerDied(await self.wait()) from None
        return size, pickle.loads(data)  # a thread would not help: unpickling holds the interpreter lock

    @property
    def alive(self) -> bool:
        """Whether no end of the process was reported."""
        return not self.exit_code.done()

    @property
    def cpu_seconds(self) -> float | None:
        """Processor time that the process has used in all; None if the system does not report it."""
        try:
            fields = Path(f"/proc/{self.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        except OSError:
            return None
        return (int(fields[11]) + int(fields[12])) / _TICKS_PER_SECOND

    def lower_priority(self) -> None:
        """Run only while no other process wants the processor."""
        self.low_priority = True
        set_priority(self.pid, LOWEST_PRIORITY)

    def kill(self) -> None:
        """Kill the process at once."""
        self._writer.close()
        # After a reported end the system may have given the id to another process.
        if not self._killed and (self.alive or self.exit_code.result() is None):
            self._killed = True
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    async def wait(self) -> int | None:
        """Wait until the process has ended; return its exit code, None if it stays unknown."""
        with suppress(TimeoutError):
            async with asyncio.timeout(KILL_TIMEOUT):
                return await asyncio.shield(self.exit_code)
        return None


def set_priority(pid: int, nice: int) -> None:
    """Set the nice level of a process, where the system allows it."""
    with suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, pid, nice)
