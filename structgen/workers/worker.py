"""The loop of a worker process: read jobs from a stream, write replies to it, end with the parent."""

from __future__ import annotations

import os
import pickle
import time
from io import BufferedIOBase

from cachetools import LRUCache

from structgen.resource_limits import is_memory_heavy, limit_cpu
from structgen.schema import Schema
from structgen.workers.handlers import HANDLERS
from structgen.workers.protocol import (
    EXIT_OUT_OF_MEMORY,
    LENGTH_BYTES,
    Completed,
    Cost,
    Raised,
    Reply,
    SchemaRequest,
)

MAX_SCHEMAS = 64
"""Schemas, with their validators, that a worker caches."""


class Worker:
    """Run jobs one after the other, each with `cpu_seconds` of a processor."""

    def __init__(self, source: BufferedIOBase, sink: BufferedIOBase, cpu_seconds: int) -> None:
        self._source, self._sink, self._cpu_seconds = source, sink, cpu_seconds
        self._schemas = LRUCache[str, Schema](MAX_SCHEMAS)

    def serve(self) -> None:
        """Run jobs until the parent closes the stream.

        A job that runs out of memory ends the process, whose state is unknown from then on.
        """
        while (frame := self._read_frame()) is not None:
            started = time.process_time()
            limit_cpu(self._cpu_seconds)
            try:
                reply = self._run(frame, started)
                payload = pickle.dumps(reply)
            except MemoryError:
                os._exit(EXIT_OUT_OF_MEMORY)
            except Exception as error:  # the result cannot be pickled, for example if it nests too deeply
                payload = pickle.dumps(Raised(error, _cost(started)))
            self._write_frame(payload)

    def _run(self, frame: bytes, started: float) -> Reply:
        try:
            job = pickle.loads(frame)
            value = HANDLERS[type(job)](job, self._schema)
        except MemoryError:
            raise
        except Exception as error:
            return Raised(error, _cost(started))
        return Completed(value, _cost(started))

    def _schema(self, schema_hash: str) -> Schema:
        """Return the schema with this hash; ask the pool for it if it is not cached."""
        if schema_hash not in self._schemas:
            self._write_frame(pickle.dumps(SchemaRequest(schema_hash)))
            self._schemas[schema_hash] = pickle.loads(self._read_frame() or b"")
        return self._schemas[schema_hash]

    def _read_frame(self) -> bytes | None:
        size = int.from_bytes(self._source.read(LENGTH_BYTES), "big")
        return self._source.read(size) if size else None

    def _write_frame(self, data: bytes) -> None:
        self._sink.write(len(data).to_bytes(LENGTH_BYTES, "big") + data)
        self._sink.flush()


def _cost(started: float) -> Cost:
    return Cost(time.process_time() - started, is_memory_heavy())
