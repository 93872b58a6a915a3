"""Ctrl-C and SIGTERM: close files and connections within seconds, then end with the documented exit code."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

INTERRUPTED, TERMINATED = 130, 143
GRACE = 3.0
"""Seconds in which files, engines and connections can close."""
_CODES = {signal.SIGINT: INTERRUPTED, signal.SIGTERM: TERMINATED}


class Interrupted(KeyboardInterrupt):
    """A signal ends the command with this exit code."""

    def __init__(self, code: int) -> None:
        super().__init__()
        self.code = code


@contextmanager
def interruptible() -> Iterator[None]:
    """Raise `Interrupted` at the first signal; end at once at the second, or after `GRACE` seconds.

    A signal that the parent process ignores stays ignored, as for background jobs of shells.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in _CODES}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, _on_signal)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def leave(code: int) -> None:
    """End the process now, without a wait for threads that work on documents."""
    os._exit(code)


def _on_signal(number: int, frame: FrameType | None) -> None:
    code = _CODES[signal.Signals(number)]
    for other in _CODES:
        signal.signal(other, lambda *_: leave(code))
    watchdog = threading.Timer(GRACE, leave, [code])
    watchdog.daemon = True
    watchdog.start()
    raise Interrupted(code)
