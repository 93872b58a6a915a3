"""The calls of the service beside extraction, as generators of steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypedDict

from structgen.client.exchange import Exchange
from structgen.client.policy import CallPolicy
from structgen.client.protocol import Call
from structgen.client.request_body import FileInput, encode, file_member, group, schema_member
from structgen.client.responses import contract_members
from structgen.client.results import CalibrationResult, read_evidence
from structgen.errors import BadRequest
from structgen.text_argument import RepairInput, checked_text
from structgen.types import Evidence, GroundLimits, ModelUse, OnLoss, Risk, Violation

if TYPE_CHECKING:
    from structgen.parsing.result import RepairResult
    from structgen.schema import Schema


class RepairOptions(TypedDict, total=False):
    """Options of a repair beside text and schema."""

    model: ModelUse
    max_risk: Risk | None
    """Highest risk of the changes; by default all that rules, or the model if it is used, may change."""
    on_loss: OnLoss
    """Whether a repair that leaves out a key, a value or a row is `failed` (the default) or accepted."""
    source: str | None
    """The document that the text came from, for the model."""


def repair(
    texts: Sequence[RepairInput], schema: Any, options: RepairOptions, policy: CallPolicy
) -> Call[list[RepairResult]]:
    """Repair texts; return their results in the same order. `BadRequest` for bytes that are not UTF-8."""
    member, typed = (None, None) if schema is None else schema_member(schema)
    given = {name: value for name, value in options.items() if value is not None}
    given_texts = [_wire_text(text) for text in texts]
    body = encode({**given, **({} if schema is None else {"schema": member}), "texts": given_texts})
    answer = yield from Exchange(policy).request("POST", "/v1/repair", body)
    from structgen.parsing.result import RepairResult

    with contract_members():
        shared = {"warnings": answer.get("warnings", ())}
        results = [RepairResult.from_json({**shared, **result}) for result in answer["results"]]
        if len(results) != len(texts) or not all(isinstance(result.status, str) for result in results):
            raise ValueError("the number of results is not the number of texts")
    return [_validated(result, typed) if typed else result for result in results]


def _wire_text(text: Any) -> str:
    """Return a text as the service takes it: bytes are decoded here, as JSON has none."""
    text = checked_text(text)
    try:
        return text if isinstance(text, str) else text.decode()
    except UnicodeDecodeError as error:
        detail = f"the byte at {error.start} is not UTF-8: decode the text, or call structgen.repair"
        raise BadRequest.from_violations([Violation("/text", "encoding", detail)], "the request") from error


def _validated(result: RepairResult, schema: Schema) -> RepairResult:
    """Fail a result that the type's own validators reject: the service does not know them."""
    violations = () if result.status == "failed" else tuple(schema.violations(result.value))
    return result._replace(status="failed", violations=violations) if violations else result


def ground(
    data: Any,
    schema: Any,
    source: str | Sequence[str] | None,
    file: FileInput | None,
    limits: GroundLimits | Mapping[str, Any] | None,
    policy: CallPolicy,
) -> Call[dict[str, Evidence]]:
    """Return the place of each scalar of the data by its pointer; several texts are pages of one source."""
    if source is not None and file is not None:
        raise BadRequest("give either source or file, not both")
    members = {
        "data": data,
        **({} if schema is None else {"schema": schema_member(schema)[0]}),
        **_source_members(source, file),
        **({"limits": group("limits", limits)} if limits is not None else {}),
    }
    answer = yield from Exchange(policy).request("POST", "/v1/ground", encode(members))
    with contract_members():
        return read_evidence(answer["evidence"])


def _source_members(source: str | Sequence[str] | None, file: FileInput | None) -> dict[str, Any]:
    if file is not None:
        return {"file": file_member(file)}
    return (
        {"pages": list(source)} if source is not None and not isinstance(source, str) else {"source": source}
    )


def calibrate(rows: Iterable[Mapping[str, Any]], schema: Any, policy: CallPolicy) -> Call[CalibrationResult]:
    """Return the calibration of labelled rows, and what it is worth."""
    members = {**({} if schema is None else {"schema": schema_member(schema)[0]}), "rows": list(rows)}
    answer = yield from Exchange(policy).request("POST", "/v1/calibrate", encode(members))
    with contract_members():
        return CalibrationResult.from_json(answer)


def validate(schema: Any, value: Any, policy: CallPolicy) -> Call[list[Violation]]:
    """Return all violations; those of the type's own validators only if the service finds none."""
    member, typed = schema_member(schema)
    body = encode({"schema": member, "value": value})
    answer = yield from Exchange(policy).request("POST", "/v1/validate", body)
    with contract_members():
        violations = [Violation.from_json(v) for v in answer["violations"]]
    return violations or (typed.violations(value) if typed else [])


def check_schema(schema: Any, policy: CallPolicy) -> Call[dict[str, Any]]:
    """Return `schema` (name, hash, dialect), `report` and `warnings` of a schema."""
    body = encode({"schema": schema_member(schema)[0]})
    return (yield from Exchange(policy).request("POST", "/v1/schemas/check", body))


def get(path: str, policy: CallPolicy) -> Call[dict[str, Any]]:
    """Return the JSON object at a path."""
    return (yield from Exchange(policy).request("GET", path))


def list_models(policy: CallPolicy) -> Call[list[str]]:
    """Return the ids of the service's models, which it lists as OpenAI's API does."""
    answer = yield from get("/v1/models", policy)
    with contract_members():
        return [str(entry["id"]) for entry in list(answer["data"])]
