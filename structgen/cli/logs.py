"""The log of the service on standard error, as text or JSON. A reader that stalls blocks no request."""

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

MAX_QUEUED_LINES = 4096
"""Lines that wait to be written; further ones are dropped and counted."""
TEXT = "%(asctime)s %(levelname)s %(name)s %(message)s"
_STANDARD_ATTRIBUTES = {*vars(logging.makeLogRecord({})), "message", "asctime"}
"""Attributes that every record has."""


class JsonFormatter(logging.Formatter):
    """Format a record as one JSON object: time (UTC), level, logger, message, and its extra attributes."""

    converter = time.gmtime  # type: ignore[assignment]
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def format(self, record: LogRecord) -> str:
        """Return the line of a record."""
        line = {
            "time": self.formatTime(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: value for name, value in vars(record).items() if name not in _STANDARD_ATTRIBUTES}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


class DroppingHandler(QueueHandler):
    """Pass lines to a thread that writes them to a file descriptor.

    Writes to a pipe block if its reader stalls. Lines are dropped then, and requests are not delayed.
    """

    def __init__(
        self, descriptor: int, formatter: logging.Formatter, max_lines: int = MAX_QUEUED_LINES
    ) -> None:
        self._lines: queue.Queue[str] = queue.Queue(max_lines)
        super().__init__(self._lines)
        self.setFormatter(formatter)
        self.dropped = 0
        self._descriptor = descriptor
        # Without Python's buffers, whose lock a write that never ends would hold at exit.
        threading.Thread(target=self._write, name="log", daemon=True).start()

    def prepare(self, record: LogRecord) -> str:
        """Return the line of a record."""
        return self.format(record)

    def enqueue(self, record: str) -> None:  # type: ignore[override]
        """Queue a line, or drop it if the queue is full."""
        try:
            self._lines.put_nowait(record)
        except queue.Full:
            self.dropped += 1

    def _write(self) -> None:
        reported = 0
        while True:
            line = self._lines.get()
            try:
                self._put(line)
                if self.dropped > reported:
                    lost, reported = self.dropped - reported, self.dropped
                    record = logging.makeLogRecord(
                        {
                            "name": "structgen.log",
                            "levelno": logging.WARNING,
                            "levelname": "WARNING",
                            "msg": f"{lost} lines of the log were dropped: its reader was too slow",
                        }
                    )
                    self._put(self.format(record))
            except OSError:  # the reader has closed the pipe
                self.dropped += 1
            finally:
                self._lines.task_done()

    def _put(self, line: str) -> None:
        data = (line + "\n").encode("utf-8", "backslashreplace")
        while data:
            data = data[os.write(self._descriptor, data) :]

    def close(self) -> None:
        """Wait up to a second for the queued lines to be written."""
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
