"""Workers as their parent sees them: pickles in length-prefixed frames over a socket pair."""

from __future__ import annotations

import asyncio
import os
import pickle
import re
import signal
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from structgen.schema import Schema

SIZE = 8
"""Bytes of a frame's length, big-endian."""
NICE = 10
"""The priority's number of a worker: decoding comes first."""
LOWEST = 19
OUT_OF_MEMORY = 77
"""Exit code of a worker that found none."""
GRACE = 5.0
"""Seconds for which the end of a killed process is waited for."""
_SECRET = re.compile(r"KEY|TOKEN|SECRET|PASSW|CREDENTIAL|AUTH", re.IGNORECASE)
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""A process that forks must have one thread."""
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


class Died(Exception):
    """The process ended in the middle of a job. `code` as in `subprocess`; None where nobody knows it."""

    def __init__(self, code: int | None, detail: str = "") -> None:
        super().__init__(f"exit {code} {detail}".strip())
        self.code = code

    @property
    def out_of_time(self) -> bool:
        """Whether the job used up its processor time."""
        return self.code == -signal.SIGXCPU

    @property
    def out_of_memory(self) -> bool:
        """Whether the job came to its memory limit: Python raises there, Rust aborts."""
        return self.code in (OUT_OF_MEMORY, -signal.SIGABRT)

    @property
    def from_outside(self) -> bool:
        """Whether somebody else ended it, such as the system or an operator: no fault of the job is known."""
        return self.code is None or self.code in (-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a job came to, and what it took."""

    value: Any
    error: Exception | None
    """What the job raised; then there is no value."""
    seconds: float
    """Of a processor."""
    heavy: bool
    """Whether the process holds more memory now than is worth keeping."""
    size: int
    """Bytes of the pickled answer."""


class Template:
    """The process that forks workers, and tells how they ended."""

    def __init__(self, process: asyncio.subprocess.Process, control: socket.socket) -> None:
        self._process, self._control = process, control
        self._started: list[asyncio.Future[int]] = []
        self._ends: dict[int, asyncio.Future[int | None]] = {}
        self._reading = asyncio.ensure_future(self._read())

    @classmethod
    async def start(cls, cpu_seconds: int, memory: int) -> Template:
        """A template for workers held to that many seconds for each job and bytes in all."""
        ours, theirs = socket.socketpair()
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "structgen.workers.fork_server", str(cpu_seconds), str(memory),
                stdin=theirs.fileno(), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
                env=without_secrets(os.environ) | _ONE_THREAD,
            )  # fmt: skip
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        _set_priority(process.pid, NICE)  # at once: its imports alone take a good part of a second
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            if await process.stdout.readline() == b"ready\n":
                return cls(process, ours)
            errors = (await process.stderr.read()).decode(errors="replace").strip().splitlines()
            raise Died(await process.wait(), errors[-1] if errors else "")
        except BaseException:
            ours.close()
            await _ended(process)
            raise

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it can fork."""
        return not self._reading.done()

    async def fork(self) -> WorkerProcess:
        """A new worker; `Died` where the template ended."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        started: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        try:
            if not self.alive:
                raise Died(None)
            socket.send_fds(self._control, [b"f"], [theirs.fileno()])
            self._started.append(started)
            pid = await started
            reader, writer = await asyncio.open_unix_connection(sock=ours)
        except OSError as error:
            ours.close()
            raise Died(None) from error
        except BaseException:
            ours.close()  # the worker reads the end of its socket, and ends
            raise
        finally:
            theirs.close()
        return WorkerProcess(pid, self._ends[pid], reader, writer)

    async def _read(self) -> None:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            word, *numbers = line.split()
            if word == b"started":
                pid = int(numbers[0])
                self._ends[pid] = asyncio.get_running_loop().create_future()
                started = self._started.pop(0)
                if not started.done():
                    started.set_result(pid)
            elif (end := self._ends.pop(int(numbers[0]), None)) is not None and not end.done():
                end.set_result(int(numbers[1]))
        for started in self._started:
            if not started.done():
                started.set_exception(Died(None))
        for end in self._ends.values():
            if not end.done():
                end.set_result(None)

    async def close(self) -> None:
        """End it; its workers end when their sockets do."""
        self._control.close()
        await _ended(self._process)
        await self._reading


async def _ended(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()
    await process.wait()


class WorkerProcess:
    """A child that answers one job at a time."""

    def __init__(
        self,
        pid: int,
        end: asyncio.Future[int | None],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self.pid, self.end, self._reader, self._writer = pid, end, reader, writer
        self._killed = False
        self.slowed = False
        """Whether its priority was lowered, which cannot be undone."""
        self.spoilt = False
        """Whether it is not as it was before its job: not to be kept."""

    async def ask(self, payload: bytes, schema: Schema | None) -> Answer:
        """The answer to a job; the schema goes along where the worker asks for it. `Died` where it ends."""
        size, answer = await self._exchange(payload)
        if answer == ("schema",):
            size, answer = await self._exchange(pickle.dumps(schema))
        kind, value, seconds, heavy = answer
        if kind == "raised":
            return Answer(None, value, seconds, heavy, size)
        return Answer(value, None, seconds, heavy, size)

    async def _exchange(self, payload: bytes) -> tuple[int, Any]:
        with suppress(ConnectionError):  # the read that follows tells
            self._writer.write(len(payload).to_bytes(SIZE, "big") + payload)
            await self._writer.drain()
        try:
            size = int.from_bytes(await self._reader.readexactly(SIZE), "big")
            data = await self._reader.readexactly(size)
        except (asyncio.IncompleteReadError, ConnectionError):
            raise Died(await self.ended()) from None
        return size, pickle.loads(data)  # a thread would not help: it keeps the interpreter to itself

    @property
    def alive(self) -> bool:
        """Whether it has not ended, as far as is known."""
        return not self.end.done()

    @property
    def processor_seconds(self) -> float | None:
        """What it has used of a processor in all; None where the system does not tell."""
        try:
            fields = Path(f"/proc/{self.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        except OSError:
            return None
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def lower_priority(self) -> None:
        """Run only when nobody else wants the processor."""
        self.slowed = True
        _set_priority(self.pid, LOWEST)

    def kill(self) -> None:
        """At once, whatever it does."""
        self._writer.close()
        if not self._killed and (self.alive or self.end.result() is None):  # else the id may be another's
            self._killed = True
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    async def ended(self) -> int | None:
        """Wait until it is gone: its exit code, None where that cannot be known."""
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE):
                return await asyncio.shield(self.end)
        return None


def _set_priority(pid: int, nice: int) -> None:
    with suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, pid, nice)


def without_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment for a process that handles callers' data: no variable whose name tells of a secret."""
    return {name: value for name, value in environment.items() if not _SECRET.search(name)}
