"""A client in its own environment: a process that answers for one cell after another."""

from __future__ import annotations

import json
import os
import select
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from client_cells import Client

PASSED = ("PATH", "LANG", "SSL_CERT_FILE")
"""What a client's process sees of our environment: no key, no PYTHONPATH, no proxy."""
KEY = "the-key-of-the-tests"
QUIET = {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "DSPY_CACHEDIR": "/nonexistent", "NO_COLOR": "1"}
"""Clients that fetch lists or write caches when they start leave it."""


def surroundings(home: Path, **variables: str) -> dict[str, str]:
    """Return the environment of a client's process, whose home is an empty folder."""
    passed = {name: os.environ[name] for name in PASSED if name in os.environ}
    return {**passed, **QUIET, "DSPY_CACHEDIR": str(home), "HOME": str(home), **variables}


class ClientProcess:
    """Start the client's script; each `call` runs one of its cells."""

    def __init__(self, client: Client, environments: Path, variables: dict[str, str]) -> None:
        folder = environments / client.environment
        self.client = client
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115 - lives as long as the process
        self._process = subprocess.Popen(
            [str(folder / client.command[0]), *client.command[1:]],
            cwd=folder,
            env=variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            bufsize=0,
        )

    @property
    def alive(self) -> bool:
        """Whether the process takes another cell."""
        return self._process.poll() is None

    def call(self, cell: str, arguments: Sequence[str] = (), seconds: float = 120) -> dict[str, Any]:
        """Return the cell's result; a fault of the client is an AssertionError with its traceback."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"cell": cell, "arguments": list(arguments)}).encode() + b"\n")
        line = self._line(seconds)
        if line is None:
            self.close()
            self._errors.seek(0)
            raise AssertionError(
                f"no answer in {seconds} s; the client wrote:\n{self._errors.read()[-3000:]}"
            )
        answer = json.loads(line)
        assert "fault" not in answer, answer["fault"]
        result: dict[str, Any] = answer["result"]
        return result

    def _line(self, seconds: float) -> bytes | None:
        """Return the next line of standard output, None at its end or after the time."""
        assert self._process.stdout is not None
        line = b""
        while not line.endswith(b"\n"):
            ready, _, _ = select.select([self._process.stdout], [], [], seconds)
            piece = os.read(self._process.stdout.fileno(), 1 << 16) if ready else b""
            if not piece:
                return None
            line += piece
        return line

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout, self._errors):
            if stream is not None:
                stream.close()
        self._process.wait()
