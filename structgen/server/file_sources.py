"""The sources of the files of requests."""

from __future__ import annotations

from structgen.api.files import FileBody
from structgen.errors import UnreadableFile
from structgen.evidence.source import Source
from structgen.files.docling import CONVERTED, Docling
from structgen.files.limits import FileLimits
from structgen.workers import WorkerPool


class FileSources:
    """Read the files of requests in worker processes, and those of other formats by a converter."""

    def __init__(self, workers: WorkerPool, limits: FileLimits, converter: Docling | None = None) -> None:
        self._workers, self._limits, self._converter = workers, limits, converter

    async def read(self, file: FileBody | None) -> Source | None:
        """Return the text of a file with its pages and boxes; None without a file.

        Raises `UnreadableFile` for a file without text that can be read, `ConverterFailed` where the
        converter fails.
        """
        if file is None:
            return None
        try:
            return await self._workers.read_file(file.data, file.name, file.media_type, self._limits)
        except UnreadableFile as error:
            if self._converter is None or error.reason not in CONVERTED:
                raise
        return await self._converter.convert(file.data, file.name, file.media_type, self._limits)
