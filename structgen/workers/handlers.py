"""Run each kind of job inside a worker process."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from typing import Any

from structgen import api
from structgen.api import ValidateRequest
from structgen.api.base import Body
from structgen.engines.guidance import fit_grammar, text_constraint
from structgen.errors import InvalidSchema
from structgen.parsing.pipeline import repair_by_rules
from structgen.parsing.result import RepairResult
from structgen.schema import Schema
from structgen.schema.synthesis.patching import PatchedValue
from structgen.types import Violation
from structgen.workers.protocol import (
    CheckTextFormatJob,
    Job,
    ParseSchemaJob,
    PatchJob,
    PickledValue,
    ReadBodyJob,
    RepairJob,
    ValidateJob,
)

SchemaByHash = Callable[[str], Schema]


def read_body(job: ReadBodyJob, schema_by_hash: SchemaByHash) -> Body:
    """Read a request body. The value of a validation stays pickled: only another worker reads it."""
    body = api.parse_body(job.model, job.body)
    schema = getattr(body, "schema_", None)
    if not isinstance(schema, str | None):
        job.limits.check_depth(schema)
        job.limits.check_size(schema)
    if isinstance(body, ValidateRequest):
        body = body.model_copy(update={"value": PickledValue(pickle.dumps(body.value))})
    return body


def parse_schema(job: ParseSchemaJob, schema_by_hash: SchemaByHash) -> tuple[Schema, InvalidSchema | None]:
    """Parse and lower a schema, and return why no grammar can be built for it, if so."""
    schema, refusal = fit_grammar(Schema.parse(pickle.loads(job.pickled), limits=job.limits))
    # These properties are computed once and travel with the pickled schema.
    _ = schema.hash, schema.text, schema.report, schema.warnings
    _ = schema.fast_weight, schema.declared_sizes
    return schema, refusal


def check_text_format(job: CheckTextFormatJob, schema_by_hash: SchemaByHash) -> None:
    """Compile the grammar of a text format; raise `InvalidSchema` where llguidance refuses it."""
    text_constraint(job.form)


def validate(job: ValidateJob, schema_by_hash: SchemaByHash) -> list[Violation]:
    """Return all violations of a value."""
    value = pickle.loads(job.value.data) if isinstance(job.value, PickledValue) else job.value
    return schema_by_hash(job.schema_hash).violations(value)


def patch(job: PatchJob, schema_by_hash: SchemaByHash) -> PatchedValue | None:
    """Patch a value until it is valid; None if no valid value is found."""
    return schema_by_hash(job.schema_hash).patched(job.value, job.max_length)


def repair(job: RepairJob, schema_by_hash: SchemaByHash) -> RepairResult:
    """Repair a text by rules."""
    schema = None if job.schema_hash is None else schema_by_hash(job.schema_hash)
    return repair_by_rules(job.text, schema, max_risk=job.max_risk, on_loss=job.on_loss)


HANDLERS: Mapping[type[Job], Callable[[Any, SchemaByHash], Any]] = {
    ReadBodyJob: read_body,
    ParseSchemaJob: parse_schema,
    CheckTextFormatJob: check_text_format,
    ValidateJob: validate,
    PatchJob: patch,
    RepairJob: repair,
}
