"""Messages between the pool and a worker process: one pickle in each length-prefixed frame.

The pool sends a `Job`, and the worker replies with `Completed` or `Raised`. A worker that lacks the schema of
a job sends `SchemaRequest` first, and the pool sends the `Schema`:

    pool    -> ValidateJob("9f86…", {"total": "12"})
    worker  -> SchemaRequest("9f86…")
    pool    -> Schema
    worker  -> Completed([Violation(...)], Cost(cpu_seconds=0.01, memory_heavy=False))

The messages have no slots: pickle is faster with `__dict__`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from structgen.api.base import Body
from structgen.evidence.answer_evidence import EvidenceTask
from structgen.evidence.source import Source
from structgen.files.limits import FileLimits
from structgen.longdoc.derivation import Derivation
from structgen.longdoc.induction.induction_task import InductionTask
from structgen.parsing.tolerant.parse_result import Risk
from structgen.schema import SchemaLimits
from structgen.types import OnLoss, TextFormat

LENGTH_BYTES = 8
"""Bytes of the length before each frame, big-endian."""
EXIT_OUT_OF_MEMORY = 77
"""Exit code of a worker that could not allocate memory."""


@dataclass(frozen=True)
class PickledValue:
    """A large value on its way from one worker to another. The service never unpickles it."""

    data: bytes


@dataclass(frozen=True)
class ReadBodyJob:
    """Read a request body as a model of `structgen.api`."""

    model: type[Body]
    body: bytes
    limits: SchemaLimits
    form: str | None = None
    """The content type of a form; None for JSON."""


@dataclass(frozen=True)
class ParseSchemaJob:
    """Parse and lower a pickled schema, and compile its grammar."""

    pickled: bytes
    limits: SchemaLimits


@dataclass(frozen=True)
class CheckTextFormatJob:
    """Compile the grammar of a text format."""

    form: TextFormat


@dataclass(frozen=True)
class ValidateJob:
    """Validate a value against a schema."""

    schema_hash: str
    value: Any


@dataclass(frozen=True)
class PatchJob:
    """Replace the invalid parts of a value with generated valid ones, of at most `max_length` characters."""

    schema_hash: str
    value: Any
    max_length: int


@dataclass(frozen=True)
class RepairJob:
    """Repair a text by rules, against a schema where one is given."""

    text: str | bytes
    schema_hash: str | None
    max_risk: Risk
    on_loss: OnLoss


@dataclass(frozen=True)
class GroundJob:
    """Find the evidence of a value, with the help of a schema where one is given.

    The result is the evidence by pointers, or `as_json` the JSON text of a response's members: thousands of
    values would take long to unpickle.
    """

    task: EvidenceTask
    schema_hash: str | None
    as_json: bool = False


@dataclass(frozen=True)
class ReadFileJob:
    """Read the text of a file."""

    data: bytes
    name: str | None
    media_type: str | None
    limits: FileLimits


@dataclass(frozen=True)
class CountRowsJob:
    """Find the rows of a document for each list of a schema."""

    source: Source
    schema_hash: str
    max_cpu_seconds: int


@dataclass(frozen=True)
class DeriveSchemaJob:
    """Derive the schema of a segment from a caller's, and lower it."""

    schema_hash: str
    derivation: Derivation


@dataclass(frozen=True)
class InduceRowsJob:
    """Find the rows of a list by its items."""

    task: InductionTask
    schema_hash: str


Job = (
    ReadBodyJob
    | ParseSchemaJob
    | CheckTextFormatJob
    | ValidateJob
    | PatchJob
    | RepairJob
    | GroundJob
    | ReadFileJob
    | CountRowsJob
    | DeriveSchemaJob
    | InduceRowsJob
)


@dataclass(frozen=True)
class Cost:
    """Resources that a job took."""

    cpu_seconds: float
    memory_heavy: bool
    """Whether the worker now holds too much memory to be used again."""


@dataclass(frozen=True)
class SchemaRequest:
    """Ask the pool for the schema with this hash."""

    schema_hash: str


@dataclass(frozen=True)
class Completed:
    """Reply with the result of a job."""

    value: Any
    cost: Cost


@dataclass(frozen=True)
class Raised:
    """Reply with the exception that a job raised."""

    error: Exception
    cost: Cost


Reply = Completed | Raised
