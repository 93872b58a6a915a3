"""Examples of the OpenAPI document and the HTML page: requests that work, and their responses."""

from __future__ import annotations

from functools import cache
from typing import Any

from structgen.api import CALIBRATE_EXAMPLE, GROUND_EXAMPLE, INVOICE_EXAMPLE
from structgen.errors import PROBLEMS
from structgen.evidence.answer_evidence import EvidenceTask, response_members
from structgen.parsing.pipeline import repair_by_rules
from structgen.problem_details import title
from structgen.schema import Schema
from structgen.server.openai_errors import error_type

USAGE = {
    "prompt_tokens": 310, "completion_tokens": 41, "total_tokens": 351, "cached_tokens": 0,
    "forced_tokens": 22, "decode_steps": 19,
}  # fmt: skip
ATTEMPT = {
    "number": 1, "strategy": "constrained", "status": "valid", "usage": USAGE, "violations": [],
    "seconds": 0.31,
}  # fmt: skip
_FAULT = {"pointer": "/total", "keyword": "minimum", "message": "-4.0 is less than the minimum of 0"}
_FAILED = {**ATTEMPT, "status": "violations", "violations": [_FAULT]}
_TOTAL = {"type": "object", "properties": {"total": {"type": "number"}}, "required": ["total"]}
EXTRACT = INVOICE_EXAMPLE
RESULT = {
    "id": "0d4f7c1e6f5b4f0a9a52d1c1f0b7a3de",
    "status": "completed",
    "data": {"invoice_number": "INV-2026-0042", "total": 1234.5},
    "attempts": [ATTEMPT],
    "usage": USAGE,
    "schema": {"name": None, "hash": "f72742a0", "dialect": "draft2020-12"},
    "model": "structgen-demo-8m",
}
STREAM = (
    'event: attempt\ndata: {"number":1,"strategy":"constrained"}\n\n'
    'event: text\ndata: {"delta":"{\\"total\\":"}\n\n'
    'event: partial\ndata: {"data":{"total":1234.5}}\n\n'
    'event: result\ndata: {"id":"0d4f","status":"completed","data":{"total":1234.5}}\n\n'
)
"""An abbreviated stream: the last event has fewer members."""
_BROKEN = "{total: '12.50' net,}"
REPAIR = {"text": _BROKEN, "schema": _TOTAL}
GROUND = GROUND_EXAMPLE
CALIBRATE = CALIBRATE_EXAMPLE
CALIBRATED: dict[str, Any] = {
    "calibration": {
        "kind": "structgen-calibration", "version": 1, "schema_hash": None, "ranks": False,
        "intercept": 0.0, "terms": {}, "fields": {}, "thresholds": {"0.99": None, "0.995": None},
    },
    "report": {"verdict": "cannot rank: 2 leaves, at least 100 are needed", "ranks": False, "count": 2},
}  # fmt: skip
"""The report is abbreviated."""
VALIDATE = {"schema": {"type": "integer"}, "value": 1.5}
VALIDATED = {
    "valid": False,
    "violations": [{"pointer": "", "keyword": "type", "message": "1.5 is not of type 'integer'"}],
}
CHECK = {"schema": {"type": "array", "uniqueItems": True}}
CHECKED = {
    "schema": {"name": None, "hash": "6f0b", "dialect": "draft2020-12"},
    "report": {
        "/type": {"by": "decoded"},
        "/uniqueItems": {"by": "validated", "reason": "a grammar cannot compare an item with earlier items"},
    },
    "warnings": [],
}
MODEL: dict[str, Any] = {
    "id": "structgen-demo-8m",
    "object": "model",
    "created": 0,
    "owned_by": "structgen",
    "demo": True,
    "description": "structgen-demo-8m is a demo model: …",
}
MODELS = {"object": "list", "data": [MODEL]}
NAMES = {"schemas": ["contact", "invoice"]}
HEALTH = {"status": "ok"}
READY = {"status": "ready", "running": 0, "waiting": 0}
_MEMBERS: dict[str, Any] = {
    "violations": [_FAULT],
    "limit": "max_enum",
    "value": 20000,
    "allowed": 5000,
    "reason": "encrypted",
    "file": "invoice.pdf",
    "tokens": 9120,
    "partial": {"total": 1234.5},
    "cut_at": "/lines/3",
    "coverage": {
        "/items": {
            "expected": 3,
            "found": 2,
            "complete": False,
            "unclaimed": [{"start": 96, "end": 120}],
            "basis": "table",
            "certain": True,
        }
    },
    "last": {"total": -4.0},
    "attempts": [_FAILED],
    "usage": USAGE,
    "retry_after": 1.0,
}
"""Examples by the name of a member."""
_SPECIAL: dict[str, dict[str, Any]] = {
    "bad-request": {"violations": [{"pointer": "/docment", "keyword": "extra_forbidden",
                                    "message": "Extra inputs are not permitted"}]},
    "too-large": {"allowed": 4194304},
    "invalid-schema": {"violations": [{"pointer": "/properties/total/type", "keyword": "anyOf",
                                       "message": "'int' is not a type"}]},
    "prompt-too-long": {"allowed": 8192},
    "incomplete": {"attempts": [{**ATTEMPT, "status": "incomplete"}]},
    "deadline": {"attempts": [{**ATTEMPT, "status": "deadline"}]},
    "engine-unavailable": {"retry_after": 2.0},
    "input-limit": {"limit": "max_leaves", "value": 10001, "allowed": 10000},
}  # fmt: skip
"""Members of some problems whose examples differ from those in `_MEMBERS`."""


@cache
def repaired() -> dict[str, Any]:
    """Return the response to the example of a repair."""
    return repair_by_rules(_BROKEN, Schema.parse(_TOTAL)).to_json()


@cache
def grounded() -> dict[str, Any]:
    """Return the response to the example of a grounding."""
    task = EvidenceTask(GROUND["data"], GROUND["source"])
    return {"id": "5c1d0f7a9b3e4c2d8a6f1e0b7c9d4a21", **response_members(task.evidence(None))}


def problem(name: str) -> dict[str, Any]:
    """Return an example of the problem of that name."""
    kind = PROBLEMS[name]
    return {
        "type": f"/problems/{name}",
        "title": title(name),
        "status": kind.status,
        "detail": kind.meaning,
        "instance": "6b1f0c",
        **{member: _MEMBERS[member] for member in kind.members},
        **_SPECIAL.get(name, {}),
    }


def envelope(name: str) -> dict[str, Any]:
    """Return an example of the error of that name, in OpenAI's envelope."""
    kind = PROBLEMS[name]
    members = {member: _MEMBERS[member] for member in kind.members} | _SPECIAL.get(name, {})
    body = {"message": kind.meaning, "type": error_type(kind.status), "param": None, "code": name}
    return {"error": body | ({"structgen": members} if members else {})}
