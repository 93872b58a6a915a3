"""The child: reads jobs from its stream, answers on it, and ends with its parent."""

from __future__ import annotations

import os
import pickle
import time
from collections import OrderedDict
from dataclasses import dataclass
from io import BufferedIOBase
from math import ceil
from pathlib import Path
from typing import Any

from structgen import api
from structgen.api import B, ValidateRequest
from structgen.engines.guidance import fitted
from structgen.errors import InvalidSchema
from structgen.parsing.pipeline import by_rules
from structgen.parsing.result import RepairResult
from structgen.parsing.tolerant.parse_result import Risk
from structgen.schema import Schema, SchemaLimits
from structgen.schema.synthesis.patching import Mended
from structgen.types import Violation
from structgen.workers.process import OUT_OF_MEMORY, SIZE

KEPT = 64
"""Schemas whose validators are kept."""
HEAVY = 300 * 2**20
"""Bytes of memory with which a worker is not kept."""


@dataclass(frozen=True, slots=True)
class Pickled:
    """A large value on its way from one worker to another: the service does not build it in between."""

    data: bytes


class Child:
    """The jobs, by name."""

    def __init__(self, source: BufferedIOBase, sink: BufferedIOBase, cpu_seconds: int) -> None:
        self._source, self._sink, self._cpu_seconds = source, sink, cpu_seconds
        self._schemas: OrderedDict[str, Schema] = OrderedDict()

    def serve(self) -> None:
        """Until the parent closes the stream. A job without memory ends the process: it may be anywhere."""
        while (frame := self._frame()) is not None:
            began = time.process_time()
            _limit_cpu(self._cpu_seconds)
            try:
                name, *arguments = pickle.loads(frame)
                kind, value = "value", getattr(self, name)(*arguments)
            except MemoryError:
                os._exit(OUT_OF_MEMORY)
            except Exception as error:
                kind, value = "raised", error
            self._write(self._answer(kind, value, began))

    def _answer(self, kind: str, value: Any, began: float) -> bytes:
        """The answer with what it took: seconds of a processor, and whether much memory is still held."""
        try:
            seconds = time.process_time() - began
            return pickle.dumps((kind, value, seconds, _heavy()))
        except MemoryError:
            os._exit(OUT_OF_MEMORY)
        except Exception as error:  # such as a value nested too deeply to be pickled
            return pickle.dumps(("raised", error, time.process_time() - began, _heavy()))

    def read(self, kind: type[B], body: bytes, limits: SchemaLimits) -> B:
        found = api.read(kind, body)
        schema = getattr(found, "schema_", None)
        if not isinstance(schema, str | None):
            limits.check_depth(schema)
            limits.check_size(schema)
        if isinstance(found, ValidateRequest):  # nobody but another worker needs the value
            found = found.model_copy(update={"value": Pickled(pickle.dumps(found.value))})
        return found

    def parse(self, given: bytes, limits: SchemaLimits) -> tuple[Schema, InvalidSchema | None]:
        schema, refusal = fitted(Schema.parse(pickle.loads(given), limits=limits))
        _ = schema.hash, schema.text, schema.report, schema.warnings  # kept with it
        _ = schema.fast_weight, schema.extent
        return schema, refusal

    def violations(self, key: str, value: Any) -> list[Violation]:
        if isinstance(value, Pickled):
            value = pickle.loads(value.data)
        return self._schema(key).violations(value)

    def mended(self, key: str, value: Any, longest: int) -> Mended | None:
        return self._schema(key).mended(value, longest)

    def repair(self, text: str | bytes, key: str | None, max_risk: Risk) -> RepairResult:
        return by_rules(text, None if key is None else self._schema(key), max_risk=max_risk)

    def _schema(self, key: str) -> Schema:
        """The schema of that hash, which is asked for where it is not known."""
        if key not in self._schemas:
            self._write(pickle.dumps(("schema",)))
            self._schemas[key] = pickle.loads(self._frame() or b"")
            while len(self._schemas) > KEPT:
                self._schemas.popitem(last=False)
        self._schemas.move_to_end(key)
        return self._schemas[key]

    def _frame(self) -> bytes | None:
        size = int.from_bytes(self._source.read(SIZE), "big")
        return self._source.read(size) if size else None

    def _write(self, data: bytes) -> None:
        self._sink.write(len(data).to_bytes(SIZE, "big") + data)
        self._sink.flush()


def _heavy() -> bool:
    """Whether this process holds more memory than is worth keeping."""
    try:
        import resource

        if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < HEAVY // 1024:  # it never held so much
            return False
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
        return pages * resource.getpagesize() > HEAVY
    except (ImportError, OSError):
        return False


def _limit_cpu(seconds: int) -> None:
    """Let the system end this process once it has used so many more."""
    try:
        import resource
    except ImportError:  # no such limits here: the parent's clock is left
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (ceil(used.ru_utime + used.ru_stime) + seconds, hard))


def limit_memory(more: int) -> None:
    """Bound the address space to what it is now and so many bytes."""
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except (ImportError, OSError):
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + more, hard))
