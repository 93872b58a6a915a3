"""The fork server: a process with all imports done, which forks a worker on each request of its parent.

An interpreter with its imports takes about half a second of processor time to start, a fork a few
milliseconds. The parent sends one end of a socket pair over standard input, and the fork runs jobs on it.
Standard output reports `ready`, `started PID` in the order of the requests, and `ended PID CODE` when a
worker ends. The fork server has one thread, so that forking it is safe, and ends with its parent.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import sys
from importlib.util import find_spec
from typing import NoReturn

from structgen.resource_limits import limit_memory
from structgen.workers.worker import Worker


def main() -> None:
    """Run `python -m structgen.workers.fork_server CPU_SECONDS MEMORY`."""
    cpu_seconds, memory = (int(argument) for argument in sys.argv[1:])
    if find_spec("llguidance"):
        import structgen.engines.guidance.grammar_cache  # noqa: F401  (once, for all workers)
    reports = os.dup(1)
    os.dup2(2, 1)  # what a library prints must not mix with the reports
    control = socket.socket(fileno=os.dup(0))
    wakeup_read, wakeup_write = os.pipe()
    for end in (wakeup_read, wakeup_write):
        os.set_blocking(end, False)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group: the parent decides
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wakeup_write, warn_on_full_buffer=False)
    _report(reports, "ready")
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, 1)  # from here on no process reads what is printed
    os.dup2(devnull, 2)
    while True:
        ready, _, _ = select.select([control.fileno(), wakeup_read], [], [])
        if wakeup_read in ready:
            os.read(wakeup_read, 4096)
            _reap(reports)
        if control.fileno() in ready:
            message, descriptors, _, _ = socket.recv_fds(control, 1, 1)
            if not message:
                return
            pid = os.fork()
            if pid == 0:
                for other in (reports, wakeup_read, wakeup_write, 0):
                    os.close(other)
                control.close()
                _work(descriptors[0], cpu_seconds, memory)
            os.close(descriptors[0])
            _report(reports, f"started {pid}")


def _work(descriptor: int, cpu_seconds: int, memory: int) -> NoReturn:
    """Run jobs in a fork, which never returns into the loop of the fork server."""
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        limit_memory(memory)
        with socket.socket(fileno=descriptor) as connection, connection.makefile("rwb") as stream:
            Worker(stream, stream, cpu_seconds).serve()
        code = 0
    except (BrokenPipeError, ConnectionError):  # the parent is gone
        code = 0
    finally:
        os._exit(code)


def _reap(reports: int) -> None:
    """Report the workers that have ended."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        _report(reports, f"ended {pid} {os.waitstatus_to_exitcode(status)}")


def _report(reports: int, line: str) -> None:
    os.write(reports, f"{line}\n".encode())


if __name__ == "__main__":
    main()
