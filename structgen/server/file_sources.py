"""The sources of the files of requests."""

from __future__ import annotations

from structgen.api.files import FileBody
from structgen.evidence.source import Source
from structgen.files.limits import FileLimits
from structgen.workers import WorkerPool


class FileSources:
    """Read the files of requests in worker processes."""

    def __init__(self, workers: WorkerPool, limits: FileLimits) -> None:
        self._workers, self._limits = workers, limits

    async def read(self, file: FileBody | None) -> Source | None:
        """Return the text of a file with its pages and boxes; None without a file.

        Raises `UnreadableFile` for a file without text that can be read.
        """
        if file is None:
            return None
        return await self._workers.read_file(file.data, file.name, file.media_type, self._limits)
