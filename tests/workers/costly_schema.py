"""A schema whose validation behaves as the value names: a stand-in for faults in a validator."""

import os
import signal
import time
from pathlib import Path
from typing import Any

from structgen.schema import Schema


class Costly(Schema):
    """Spin, sleep, allocate memory or crash during validation."""

    def surely_valid(self, value: Any) -> bool:
        return False

    def violations(self, value: Any) -> list[Any]:
        match value:
            case "spin":
                while True:
                    pass
            case "half":
                until = time.process_time() + 0.5
                while time.process_time() < until:
                    pass
            case "nap":
                time.sleep(1)
            case "sleep":
                time.sleep(60)
            case "eat":
                return [bytearray(2**30)]  # one allocation: filling it would take long on a slow machine
            case "die":
                os.kill(os.getpid(), signal.SIGSEGV)
        return []


class Crash:
    """Crash `times` processes that unpickle it; then unpickle as a schema."""

    def __init__(self, marks: Path, times: int) -> None:
        self.marks, self.times = marks, times

    def __reduce__(self) -> tuple[Any, ...]:
        return crash, (self.marks, self.times)


def crash(marks: Path, times: int) -> dict[str, Any]:
    """Abort the process, unless the folder has that many marks already."""
    if (done := len(list(marks.iterdir()))) < times:
        (marks / str(done)).touch()
        os.abort()
    return {"type": "integer"}


COSTLY = Costly({}, "draft2020-12")
