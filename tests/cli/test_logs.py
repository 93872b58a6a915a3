"""The log is text or JSON, and a stalled reader of standard error does not block the service."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
import time

from structgen.cli.logs import TEXT, DroppingHandler, JsonFormatter


def _record(message: str, **more: object) -> logging.LogRecord:
    return logging.makeLogRecord({"name": "structgen.access", "msg": message, "levelname": "INFO", **more})


def test_a_line_of_json_has_all_attributes() -> None:
    """The line has time, level, logger, message and extra attributes."""
    line = JsonFormatter().format(_record("GET\n/", status=200, caller="ops", created=0.25, msecs=250.0))
    assert json.loads(line) == {
        "time": "1970-01-01T00:00:00.250Z",
        "level": "info",
        "logger": "structgen.access",
        "message": "GET\n/",
        "status": 200,
        "caller": "ops",
    }
    assert "\n" not in line


def test_a_stalled_reader_does_not_block() -> None:
    """Lines are dropped, and a later line has their number."""
    read, write = os.pipe()
    handler = DroppingHandler(write, logging.Formatter(TEXT), max_lines=10)
    began = time.monotonic()
    for number in range(3000):
        handler.handle(_record(f"{number} " + "x" * 100))
    assert time.monotonic() - began < 5
    assert handler.dropped > 1000
    text = b""
    while b"lines of the log were dropped" not in text:
        text += os.read(read, 65536)
    while b"the last" not in text:
        handler.handle(_record("the last"))  # dropped as long as earlier lines wait
        text += os.read(read, 65536)
    handler.close()
    os.close(read)


def test_a_closed_pipe_drops_lines() -> None:
    """The service goes on without its log."""
    read, write = os.pipe()
    os.close(read)
    handler = DroppingHandler(write, logging.Formatter(TEXT))
    handler.handle(_record("x"))
    handler.close()
    assert handler.dropped == 1
    assert threading.active_count() < 50


def test_a_stalled_reader_does_not_block_the_end() -> None:
    """The process ends without a wait for the blocked write."""
    program = (
        "import logging\n"
        "from structgen.cli import logs\n"
        "logs.configure('info', 'json')\n"
        "for number in range(5000):\n"
        "    logging.getLogger('structgen.access').info('x' * 200)\n"
        "print('done')\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        assert child.stdout.read() == b"done\n"
        assert child.wait(20) == 0
