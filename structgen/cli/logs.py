"""The log of the service on standard error: lines of text or JSON, and never a wait for its reader."""

from __future__ import annotations

import json
import logging
import os
import queue
import sys
import threading
import time
from logging import LogRecord
from logging.handlers import QueueHandler

KEPT = 4096
"""Lines that wait to be written; further ones are dropped and counted."""
TEXT = "%(asctime)s %(levelname)s %(name)s %(message)s"
_USUAL = {*vars(logging.makeLogRecord({})), "message", "asctime"}
"""What every record has."""


class JsonFormatter(logging.Formatter):
    """One JSON object in a line: time (UTC), level, logger, message, and what else the record tells."""

    converter = time.gmtime  # type: ignore[assignment]
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def format(self, record: LogRecord) -> str:
        line = {
            "time": self.formatTime(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: value for name, value in vars(record).items() if name not in _USUAL}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


class DroppingHandler(QueueHandler):
    """Hands lines to a thread that writes them to a file descriptor.

    A pipe that nobody reads fills up, and a write to it waits: then lines are dropped, not requests held up.
    """

    def __init__(self, descriptor: int, formatter: logging.Formatter, kept: int = KEPT) -> None:
        self._lines: queue.Queue[str] = queue.Queue(kept)
        super().__init__(self._lines)
        self.setFormatter(formatter)
        self.dropped = 0
        self._descriptor = descriptor
        # Written without Python's buffers: their lock would be held at the end by a write that never ends.
        threading.Thread(target=self._write, name="log", daemon=True).start()

    def prepare(self, record: LogRecord) -> str:
        return self.format(record)

    def enqueue(self, record: str) -> None:  # type: ignore[override]
        try:
            self._lines.put_nowait(record)
        except queue.Full:
            self.dropped += 1

    def _write(self) -> None:
        told = 0
        while True:
            line = self._lines.get()
            try:
                self._put(line)
                if self.dropped > told:
                    lost, told = self.dropped - told, self.dropped
                    record = logging.makeLogRecord(
                        {
                            "name": "structgen.log",
                            "levelno": logging.WARNING,
                            "levelname": "WARNING",
                            "msg": f"{lost} lines of the log were dropped: standard error was not read",
                        }
                    )
                    self._put(self.format(record))
            except OSError:  # nobody reads it any more
                self.dropped += 1
            finally:
                self._lines.task_done()

    def _put(self, line: str) -> None:
        data = (line + "\n").encode("utf-8", "backslashreplace")
        while data:
            data = data[os.write(self._descriptor, data) :]

    def close(self) -> None:
        """Give what waits a moment to be written."""
        until = time.monotonic() + 1.0
        while self._lines.unfinished_tasks and time.monotonic() < until:
            time.sleep(0.01)
        super().close()


def configure(level: str = "info", form: str = "text") -> None:
    """Write the log of the whole process to standard error."""
    formatter = JsonFormatter() if form == "json" else logging.Formatter(TEXT)
    root = logging.getLogger()
    root.addHandler(DroppingHandler(sys.stderr.fileno(), formatter))
    root.setLevel(logging.WARNING)
    logging.getLogger("structgen").setLevel(level.upper())
