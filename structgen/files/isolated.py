"""Read a file in a process of its own, whose memory and time are bounded."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from pathlib import Path

from structgen.errors import BadRequest, MissingExtra, UnreadableFile
from structgen.evidence.source import Source
from structgen.files.limits import FileLimits, limit_error, reading_error
from structgen.files.read import DEFAULT_LIMITS

OUT_OF_MEMORY = 77
"""Exit code of a process that could not allocate memory."""


def read_file(
    file: bytes | str | os.PathLike[str],
    name: str | None = None,
    media_type: str | None = None,
    limits: FileLimits = DEFAULT_LIMITS,
    *,
    docling_url: str | None = None,
    docling_key: str | None = None,
) -> Source:
    """Return the text of a PDF, HTML page, DOCX, workbook, mail or plain text, with its pages and boxes.

    A process of its own reads it, within the limits of time and memory. Its first bytes say what kind it is,
    else its name or media type. Needs the extra `files`.

    Args:
        file: the bytes, or the path.
        name: the file's name; that of the path by default.
        media_type: such as `text/html; charset=utf-8`.
        limits: the bounds of the file and of its reading.
        docling_url: address of a docling-serve, which reads other formats and scans; by default nothing does.
        docling_key: its API key.

    Raises `UnreadableFile` for a file without text that can be read, such as a scan or an encrypted one, and
    `ConverterFailed` where the docling-serve fails.
    """
    data, name = contents(file, name)
    if len(data) > limits.max_bytes:
        raise limit_error("max_bytes", limits, len(data), name)
    if docling_url is None:
        return _in_process(data, name, media_type, limits)
    from structgen.files.docling import CONVERTED, Docling  # it needs HTTP, which no reader does

    converter = Docling.at(docling_url, docling_key)
    try:
        return _in_process(data, name, media_type, limits)
    except UnreadableFile as error:
        if error.reason not in CONVERTED:
            raise
    return converter.convert_here(data, name, media_type, limits)


def contents(file: bytes | str | os.PathLike[str], name: str | None = None) -> tuple[bytes, str | None]:
    """Return the bytes of a file and its name; `BadRequest` for a path that cannot be read."""
    if isinstance(file, bytes | bytearray | memoryview):
        return bytes(file), name
    path = Path(file)
    try:
        return path.read_bytes(), name or path.name
    except OSError as error:
        raise BadRequest(f"file: {path} cannot be read: {error.strerror or error}") from error


def _in_process(data: bytes, name: str | None, media_type: str | None, limits: FileLimits) -> Source:
    job = pickle.dumps((data, name, media_type, limits))
    root = str(Path(__file__).parents[2])
    command = [sys.executable, "-P", "-m", "structgen.files.child"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])}
    try:
        done = subprocess.run(
            command, input=job, capture_output=True, timeout=limits.max_seconds, env=environment, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise limit_error("max_seconds", limits, file=name) from error
    if done.returncode == 0:
        answer = pickle.loads(done.stdout)
        if isinstance(answer, Source):
            return answer
        if isinstance(answer, UnreadableFile | MissingExtra):
            raise answer
    if done.returncode in (OUT_OF_MEMORY, -signal.SIGABRT):
        raise limit_error("max_memory", limits, file=name)
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        raise limit_error("max_cpu_seconds", limits, file=name)
    raise reading_error("max_crashes", limits, name)
