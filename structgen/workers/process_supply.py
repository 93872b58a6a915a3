"""The supply of worker processes: idle ones are kept, lost ones are replaced."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from structgen.workers.background import BackgroundTasks
from structgen.workers.fork_server_client import ForkServerSupervisor
from structgen.workers.worker_process import WorkerProcess


class ProcessSupply:
    """Lend worker processes to jobs.

    `size` processes are kept ready. Up to `2 * size` idle ones of normal priority are kept, and up to
    `max_low_priority` of low priority: a process cannot raise its priority again.
    """

    def __init__(self, fork_servers: ForkServerSupervisor, size: int, max_low_priority: int) -> None:
        self.fork_servers = fork_servers
        self._size, self._max_low_priority = size, max_low_priority
        self.idle: list[WorkerProcess] = []
        self.idle_low_priority: list[WorkerProcess] = []
        self.alive: set[WorkerProcess] = set()
        self._background = BackgroundTasks()
        self.closed = False

    async def start(self) -> None:
        """Start the fork server and the processes that are kept ready."""
        await self.fork_servers.running()
        for _ in range(self._size):
            self.idle.append(await self._fork())

    async def close(self) -> None:
        """Kill all processes, and the fork server."""
        self.closed = True
        await self.fork_servers.stop_starting()
        await self._background.cancel()
        processes = list(self.alive)
        for process in processes:
            process.kill()
        await asyncio.gather(*(process.wait() for process in processes))
        await self.fork_servers.close()

    @asynccontextmanager
    async def lend(self, *, low_priority: bool) -> AsyncIterator[WorkerProcess]:
        """Lend a process to one job. It is killed afterwards, unless the job marks it `reusable`."""
        process = await self._take(low_priority)
        process.reusable = False
        try:
            yield process
        finally:
            self._give_back(process)

    async def _take(self, low_priority: bool) -> WorkerProcess:
        idle = self.idle_low_priority if low_priority else self.idle
        process = idle.pop() if idle else await self._fork()
        if low_priority and not process.low_priority:
            process.lower_priority()
        return process

    def _give_back(self, process: WorkerProcess) -> None:
        if process.low_priority:
            idle, most = self.idle_low_priority, self._max_low_priority
        else:
            idle, most = self.idle, 2 * self._size
        if process.alive and process.reusable and not self.closed and len(idle) < most:
            idle.append(process)
        else:
            process.kill()

    async def _fork(self) -> WorkerProcess:
        process = await self.fork_servers.fork()
        self.alive.add(process)
        process.exit_code.add_done_callback(partial(self._on_exit, process))
        return process

    def _on_exit(self, process: WorkerProcess, exit_code: asyncio.Future[int | None]) -> None:
        """Forget a process that ended, perhaps while idle, and replace it."""
        self.alive.discard(process)
        for idle in (self.idle, self.idle_low_priority):
            if process in idle:
                idle.remove(process)
        process.kill()  # closes its socket, and ends the worker if only its fork server has died
        if not self.closed and len(self.idle) < self._size:
            self._background.start(self._replenish())

    async def _replenish(self) -> None:
        if len(self.idle) < self._size:
            self._give_back(await self._fork())
