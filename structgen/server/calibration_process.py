"""Calibrations in processes of their own: fitting takes seconds, and libraries that the service lacks."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Any

from structgen import json_text
from structgen.errors import BadRequest, ConfigError, InputLimit, Overloaded
from structgen.evidence.calibration.observations import read_rows
from structgen.types import Violation

MAX_SECONDS = 120
"""Processor time, and wall time, of one calibration."""
MAX_MEMORY = 4 * 2**30
"""Bytes of address space of one calibration."""
MAX_WAITING = 4
"""Calibrations that wait for the one that runs."""
_LIMITED = (
    "import resource, runpy;"
    "resource.setrlimit(resource.RLIMIT_CPU, ({seconds}, {seconds} + 5));"
    "resource.setrlimit(resource.RLIMIT_AS, ({memory}, {memory}));"
    "runpy.run_module('structgen.evidence.calibration', run_name='__main__')"
)
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class CalibrationProcesses:
    """Run one calibration at a time; a few more wait, and others are refused."""

    def __init__(self, seconds: float = MAX_SECONDS) -> None:
        self._seconds = seconds
        self._turn = asyncio.Semaphore(1)
        self._waiting = 0

    async def calibrate(self, schema: Any, rows: list[dict[str, Any]]) -> dict[str, Any]:
        """Return the body of the response; raise `BadRequest` for faulty rows, `InputLimit` for too many."""
        await asyncio.to_thread(read_rows, rows)
        if self._waiting > MAX_WAITING:
            raise Overloaded("several calibrations wait already", retry_after=10.0)
        self._waiting += 1
        try:
            async with self._turn:
                request = await asyncio.to_thread(json_text.dumps, {"schema": schema, "rows": rows})
                return _result(await self._run(request.encode()))
        finally:
            self._waiting -= 1

    async def _run(self, request: bytes) -> tuple[int, bytes, bytes]:
        seconds = max(1, int(self._seconds))
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            _LIMITED.format(seconds=seconds, memory=MAX_MEMORY),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, **_ONE_THREAD},
        )
        try:
            async with asyncio.timeout(self._seconds):
                out, err = await process.communicate(request)
            return process.returncode or 0, out, err
        except TimeoutError:
            return -9, b"", b""
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


def _result(ended: tuple[int, bytes, bytes]) -> dict[str, Any]:
    code, out, err = ended
    if code < 0 or (code and b"MemoryError" in err):
        detail = (
            "the calibration of these rows takes too much time or memory: give fewer rows, or run "
            "structgen calibrate on the command line, which has no limit"
        )
        raise InputLimit(detail, "max_seconds", MAX_SECONDS + 1, MAX_SECONDS)
    if code:
        raise RuntimeError(f"the calibration ended with code {code}: {err[-500:].decode('utf-8', 'replace')}")
    body: dict[str, Any] = json_text.loads(out)
    if (error := body.get("error")) is not None:
        if error["name"] == BadRequest.name:
            raise BadRequest(error["detail"], [Violation(**each) for each in error["violations"]])
        raise ConfigError(error["detail"])
    return body
