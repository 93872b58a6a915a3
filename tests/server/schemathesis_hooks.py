"""What schemathesis cannot read in the OpenAPI document: real JSON Schemas, and why a service may refuse a body.

schemathesis loads this file in an environment of its own: it imports nothing of the service.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent.parent / "schema"))
from generated import schemas

SHAPE = re.compile(
    r".*_type|.*_error|greater_than.*|less_than.*|too_(long|short)|string_.*|extra_forbidden|missing"
)
"""Keywords of what the document itself says. The rules beyond it have others, or concern the whole body."""


SCHEMAS = schemas(2)


@schemathesis.hook
def before_generate_case(context: Any, strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Let four of five bodies hold a real JSON Schema and a text: chance alone seldom finds a request to answer."""

    @st.composite
    def cases(draw: st.DrawFn) -> Any:
        case = draw(strategy)
        if isinstance(case.body, dict) and draw(st.integers(0, 4)):
            case.body = {**case.body, **draw(_answerable(case.operation.path, case.body))}
        return case

    return cases()


@st.composite
def _answerable(draw: st.DrawFn, path: str, body: dict[str, Any]) -> dict[str, Any]:
    members: dict[str, Any] = {}
    if isinstance(body.get("schema"), dict):
        members["schema"] = draw(SCHEMAS)
    if path == "/v1/extract" and body.get("prompt") is None:
        members["prompt"] = draw(st.sampled_from(["Extract.", "\0", "é", "<|im_end|>"]))
    return members


@schemathesis.check
def reads_bodies_as_documented(context: Any, response: Any, case: Any) -> None:
    """Refuse no body for its shape that fits the document; rules on several members are beyond it."""
    if response.status_code != 400 or not _fits(case):
        return
    violations = json.loads(response.content).get("violations", ())
    faults = [each for each in violations if each["pointer"] and SHAPE.fullmatch(each["keyword"])]
    assert not faults, f"the document allows this body: {faults}"


def _fits(case: Any) -> bool:
    return case.meta is not None and case.meta.generation.mode is schemathesis.GenerationMode.POSITIVE
