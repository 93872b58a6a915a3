"""The pool's side of the fork server: start it, fork workers, learn how each worker ended."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress

from structgen.errors import EngineUnavailable
from structgen.workers.background import BackgroundTasks
from structgen.workers.worker_process import WorkerDied, WorkerProcess, set_priority

NICE = 10
"""Nice level of workers: decoding has priority over checks."""
FORK_ATTEMPTS = 2
"""Forks that are tried; before each one a fork server that died is started again."""
_SECRET_NAME = re.compile(r"KEY|TOKEN|SECRET|PASSW|CREDENTIAL|AUTH", re.IGNORECASE)
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""A process that forks must have one thread."""


class ForkServer:
    """A running `structgen.workers.fork_server`."""

    def __init__(self, process: asyncio.subprocess.Process, control: socket.socket) -> None:
        self._process, self._control = process, control
        self._starting: list[asyncio.Future[int]] = []
        self._exit_codes: dict[int, asyncio.Future[int | None]] = {}
        self._reports = asyncio.ensure_future(self._read_reports())

    @classmethod
    async def start(cls, cpu_seconds: int, memory: int) -> ForkServer:
        """Start a fork server whose workers have so many seconds for each job and bytes in all."""
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
        set_priority(process.pid, NICE)  # at once: its imports alone take a good part of a second
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            if await process.stdout.readline() == b"ready\n":
                return cls(process, ours)
            errors = (await process.stderr.read()).decode(errors="replace").strip().splitlines()
            raise WorkerDied(await process.wait(), errors[-1] if errors else "")
        except BaseException:
            ours.close()
            await _kill(process)
            raise

    @property
    def pid(self) -> int:
        """Process id of the fork server."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it can fork."""
        return not self._reports.done()

    async def fork(self) -> WorkerProcess:
        """Fork a worker; `WorkerDied` if the fork server has ended."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        started: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        try:
            if not self.alive:
                raise WorkerDied(None)
            socket.send_fds(self._control, [b"f"], [theirs.fileno()])
            self._starting.append(started)
            pid = await started
            reader, writer = await asyncio.open_unix_connection(sock=ours)
        except OSError as error:
            ours.close()
            raise WorkerDied(None) from error
        except BaseException:
            ours.close()  # the worker reads the end of its socket, and ends
            raise
        finally:
            theirs.close()
        return WorkerProcess(pid, self._exit_codes[pid], reader, writer)

    async def _read_reports(self) -> None:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            event, *numbers = line.split()
            if event == b"started":
                pid = int(numbers[0])
                self._exit_codes[pid] = asyncio.get_running_loop().create_future()
                started = self._starting.pop(0)
                if not started.done():
                    started.set_result(pid)
            elif (code := self._exit_codes.pop(int(numbers[0]), None)) is not None and not code.done():
                code.set_result(int(numbers[1]))
        for started in self._starting:
            if not started.done():
                started.set_exception(WorkerDied(None))
        for code in self._exit_codes.values():
            if not code.done():
                code.set_result(None)

    async def close(self) -> None:
        """End the fork server. Its workers end when the pool closes their sockets."""
        self._control.close()
        await _kill(self._process)
        await self._reports


class ForkServerSupervisor:
    """Keep one fork server running: start it on demand, and again after it has died."""

    def __init__(self, cpu_seconds: int, memory: int) -> None:
        self._cpu_seconds, self._memory = cpu_seconds, memory
        self._starting: asyncio.Task[ForkServer] | None = None
        self._background = BackgroundTasks()
        self._closing = False
        self.server: ForkServer | None = None

    async def fork(self) -> WorkerProcess:
        """Fork a worker; `EngineUnavailable` if that fails twice."""
        for _ in range(FORK_ATTEMPTS):
            server = await self.running()
            with suppress(WorkerDied):
                return await server.fork()
        raise EngineUnavailable("the service cannot start a worker process", retry_after=1.0)

    async def running(self) -> ForkServer:
        """Return the fork server; start it if none runs."""
        while not self._closing:
            if self.server is not None and self.server.alive:
                return self.server
            if self._starting is None or self._starting.done():
                if self.server is not None:
                    self._background.start(self.server.close())
                    self.server = None
                self._starting = asyncio.ensure_future(ForkServer.start(self._cpu_seconds, self._memory))
            try:
                self.server = await asyncio.shield(self._starting)
            except (WorkerDied, OSError) as error:
                detail = f"the service cannot start a worker process: {error}"
                raise EngineUnavailable(detail, retry_after=1.0) from error
            except asyncio.CancelledError:
                if not self._closing:
                    raise
        raise EngineUnavailable("the service is closing")

    async def stop_starting(self) -> None:
        """Cancel a start in progress, and refuse further ones."""
        self._closing = True
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.gather(self._starting, return_exceptions=True)
        await self._background.cancel()

    async def close(self) -> None:
        """End the fork server."""
        if self.server is not None:
            await self.server.close()


async def _kill(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()
    await process.wait()


def without_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without variables whose names suggest a secret, for processes with user data."""
    return {name: value for name, value in environment.items() if not _SECRET_NAME.search(name)}
