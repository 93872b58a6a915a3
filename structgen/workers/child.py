"""The child: reads jobs from standard input, answers on standard output, and ends with its parent."""

from __future__ import annotations

import os
import pickle
import sys
from collections import OrderedDict
from importlib.util import find_spec
from math import ceil
from pathlib import Path
from typing import Any, BinaryIO

from structgen import api
from structgen.api import B
from structgen.engines.guidance import refusal
from structgen.errors import InvalidSchema
from structgen.parsing.pipeline import by_rules
from structgen.parsing.readings import Risk
from structgen.parsing.report import RepairResult
from structgen.schema import Schema, SchemaLimits
from structgen.schema.mend import Mended
from structgen.types import Violation
from structgen.workers.process import OUT_OF_MEMORY, SIZE

KEPT = 64
"""Schemas whose validators are kept."""


class Child:
    """The jobs, by name."""

    def __init__(self, source: BinaryIO, sink: BinaryIO, cpu_seconds: int) -> None:
        self._source, self._sink, self._cpu_seconds = source, sink, cpu_seconds
        self._schemas: OrderedDict[str, Schema] = OrderedDict()

    def serve(self) -> None:
        """Until the parent closes the stream. A job without memory ends the process: it may be anywhere."""
        self._write(pickle.dumps("ready"))
        while (job := self._read()) is not None:
            _limit_cpu(self._cpu_seconds)
            name, *arguments = job
            try:
                answer = pickle.dumps(("value", getattr(self, name)(*arguments)))
            except MemoryError:
                os._exit(OUT_OF_MEMORY)
            except Exception as error:
                answer = pickle.dumps(("raised", error))
            self._write(answer)

    def read(self, kind: type[B], body: bytes, limits: SchemaLimits) -> B:
        found = api.read(kind, body)
        schema = getattr(found, "schema_", None)
        if not isinstance(schema, str | None):
            limits.check_depth(schema)
            limits.check_size(schema)
        return found

    def parse(self, given: bytes, limits: SchemaLimits) -> tuple[Schema, InvalidSchema | None]:
        schema = Schema.parse(pickle.loads(given), limits=limits)
        _ = schema.hash, schema.text, schema.report, schema.warnings, schema.extent  # kept with it
        return schema, refusal(schema.grammar)

    def violations(self, key: str, value: Any) -> list[Violation]:
        return self._schema(key).violations(value)

    def mended(self, key: str, value: Any, longest: int) -> Mended | None:
        return self._schema(key).mended(value, longest)

    def repair(self, text: str | bytes, key: str | None, max_risk: Risk) -> RepairResult:
        return by_rules(text, None if key is None else self._schema(key), max_risk=max_risk)

    def _schema(self, key: str) -> Schema:
        """The schema of that hash, which is asked for where it is not known."""
        if key not in self._schemas:
            self._write(pickle.dumps(("schema",)))
            self._schemas[key] = self._read()
            while len(self._schemas) > KEPT:
                self._schemas.popitem(last=False)
        self._schemas.move_to_end(key)
        return self._schemas[key]

    def _read(self) -> Any:
        size = int.from_bytes(self._source.read(SIZE), "big")
        return pickle.loads(self._source.read(size)) if size else None

    def _write(self, data: bytes) -> None:
        self._sink.write(len(data).to_bytes(SIZE, "big") + data)
        self._sink.flush()


def _limit_cpu(seconds: int) -> None:
    """Let the system end this process once it has used so many more."""
    try:
        import resource
    except ImportError:  # no such limits here: the parent's clock is left
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (ceil(used.ru_utime + used.ru_stime) + seconds, hard))


def _limit_memory(more: int) -> None:
    """Bound the address space to what it is now and so many bytes."""
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except (ImportError, OSError):
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + more, hard))


def main() -> None:
    """`python -m structgen.workers.child CPU_SECONDS MEMORY`."""
    cpu_seconds, memory = (int(argument) for argument in sys.argv[1:])
    if find_spec("llguidance"):
        import structgen.engines.guidance.grammar  # noqa: F401  (before memory is bounded, and before any job)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get between the answers
    _limit_memory(memory)
    Child(sys.stdin.buffer, answers, cpu_seconds).serve()


if __name__ == "__main__":
    main()
