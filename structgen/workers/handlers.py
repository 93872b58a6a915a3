"""Run each kind of job inside a worker process."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from structgen import api, json_text
from structgen.api import GroundRequest, ValidateRequest
from structgen.api.base import Body
from structgen.engines.guidance import fit_grammar, text_constraint
from structgen.errors import InvalidSchema
from structgen.evidence.answer_evidence import response_members
from structgen.evidence.source import Source
from structgen.files.read import read_file as read_file_here
from structgen.longdoc.counting import count_rows
from structgen.longdoc.induction.induced_rows import InducedRows
from structgen.longdoc.rows import ListRows
from structgen.parsing.pipeline import repair_by_rules
from structgen.parsing.result import RepairResult
from structgen.resource_limits import limit_cpu
from structgen.schema import Schema
from structgen.schema.synthesis.patching import PatchedValue
from structgen.types import Evidence, Violation
from structgen.workers.protocol import (
    CheckTextFormatJob,
    CountRowsJob,
    DeriveSchemaJob,
    GroundJob,
    InduceRowsJob,
    Job,
    ParseSchemaJob,
    PatchJob,
    PickledValue,
    ReadBodyJob,
    ReadFileJob,
    RepairJob,
    ValidateJob,
)

SchemaByHash = Callable[[str], Schema]
_PICKLED: Mapping[type[Body], str] = {ValidateRequest: "value", GroundRequest: "data"}
"""Members of bodies that the service itself does not read."""


def read_body(job: ReadBodyJob, schema_by_hash: SchemaByHash) -> Body:
    """Read a request body. A value that only another worker reads stays pickled."""
    if job.form is None:
        body = api.parse_body(job.model, job.body)
    else:
        body = api.parse_form(job.model, job.body, job.form)
    schema = getattr(body, "schema_", None)
    if not isinstance(schema, str | None):
        job.limits.check_depth(schema)
        job.limits.check_size(schema)
    for kind, member in _PICKLED.items():
        if isinstance(body, kind):
            body = body.model_copy(update={member: PickledValue(pickle.dumps(getattr(body, member)))})
    return body


def parse_schema(job: ParseSchemaJob, schema_by_hash: SchemaByHash) -> tuple[Schema, InvalidSchema | None]:
    """Parse and lower a schema, and return why no grammar can be built for it, if so."""
    schema, refusal = fit_grammar(Schema.parse(pickle.loads(job.pickled), limits=job.limits))
    return _with_properties(schema), refusal


def _with_properties(schema: Schema) -> Schema:
    """Compute the properties that travel with the pickled schema."""
    _ = schema.hash, schema.text, schema.report, schema.warnings
    _ = schema.fast_weight, schema.declared_sizes
    return schema


def check_text_format(job: CheckTextFormatJob, schema_by_hash: SchemaByHash) -> None:
    """Compile the grammar of a text format; raise `InvalidSchema` where llguidance refuses it."""
    text_constraint(job.form)


def validate(job: ValidateJob, schema_by_hash: SchemaByHash) -> list[Violation]:
    """Return all violations of a value."""
    return schema_by_hash(job.schema_hash).violations(_unpickled(job.value))


def _unpickled(value: Any) -> Any:
    return pickle.loads(value.data) if isinstance(value, PickledValue) else value


def patch(job: PatchJob, schema_by_hash: SchemaByHash) -> PatchedValue | None:
    """Patch a value until it is valid; None if no valid value is found."""
    return schema_by_hash(job.schema_hash).patched(job.value, job.max_length)


def repair(job: RepairJob, schema_by_hash: SchemaByHash) -> RepairResult:
    """Repair a text by rules."""
    schema = None if job.schema_hash is None else schema_by_hash(job.schema_hash)
    return repair_by_rules(job.text, schema, max_risk=job.max_risk, on_loss=job.on_loss)


def ground(job: GroundJob, schema_by_hash: SchemaByHash) -> dict[str, Evidence] | str:
    """Find the evidence of a value."""
    schema = None if job.schema_hash is None else schema_by_hash(job.schema_hash)
    task = replace(job.task, value=_unpickled(job.task.value))
    evidence = task.evidence(schema)
    return json_text.dumps(response_members(evidence)) if job.as_json else evidence


def read_file(job: ReadFileJob, schema_by_hash: SchemaByHash) -> Source:
    """Read the text of a file, within the processor time of its limits."""
    limit_cpu(job.limits.max_cpu_seconds)
    return read_file_here(job.data, job.name, job.media_type, job.limits)


def count(job: CountRowsJob, schema_by_hash: SchemaByHash) -> dict[str, ListRows]:
    """Find the rows of a document for each list of a schema, within the processor time for its length."""
    limit_cpu(job.max_cpu_seconds)
    return count_rows(job.source, schema_by_hash(job.schema_hash))


def derive(job: DeriveSchemaJob, schema_by_hash: SchemaByHash) -> Schema | None:
    """Derive and lower the schema of a segment, with a wider grammar where its own cannot be built."""
    schema = job.derivation.of(schema_by_hash(job.schema_hash))
    return None if schema is None else _with_properties(fit_grammar(schema)[0])


def induce(job: InduceRowsJob, schema_by_hash: SchemaByHash) -> InducedRows | None:
    """Find the rows of a list by its items."""
    return job.task.rows(schema_by_hash(job.schema_hash))


HANDLERS: Mapping[type[Job], Callable[[Any, SchemaByHash], Any]] = {
    ReadBodyJob: read_body,
    ParseSchemaJob: parse_schema,
    CheckTextFormatJob: check_text_format,
    ValidateJob: validate,
    PatchJob: patch,
    RepairJob: repair,
    GroundJob: ground,
    ReadFileJob: read_file,
    CountRowsJob: count,
    DeriveSchemaJob: derive,
    InduceRowsJob: induce,
}
