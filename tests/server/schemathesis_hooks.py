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
FORMATS = st.one_of(
    st.sampled_from([{"type": "text"}, {"type": "json_object"}]),
    SCHEMAS.map(lambda schema: {"type": "json_schema", "name": "answer", "schema": schema}),
)
TOOLS = st.lists(
    st.builds(lambda name, schema: {"type": "function", "name": name, "parameters": schema}, st.sampled_from("fg"), SCHEMAS),
    max_size=2, unique_by=lambda tool: tool["name"],
)  # fmt: skip
CHOICES = st.sampled_from(["none", "auto", "required", {"type": "function", "name": "f"}])
FORM = "multipart/form-data"
KEPT = (
    "temperature",
    "top_p",
    "top_k",
    "seed",
    "stop",
    "stream",
    "stream_options",
    "n",
    "parallel_tool_calls",
    "store",
)
"""Members of a drawn conversation that need no other member to be answered."""


@schemathesis.hook
def before_generate_case(context: Any, strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Make four of five bodies ones that a model can answer: chance alone finds none."""

    @st.composite
    def cases(draw: st.DrawFn) -> Any:
        case = draw(strategy)
        if isinstance(case.body, dict) and case.media_type != FORM and draw(st.integers(0, 4)):
            case.body = draw(_answerable(case))
        return case

    return cases()


@st.composite
def _answerable(draw: st.DrawFn, case: Any) -> dict[str, Any]:
    """Give a body a real JSON Schema and a text, or a conversation with formats and tools."""
    body, path = dict(case.body), case.operation.path
    if path in ("/v1/chat/completions", "/v1/responses"):
        return draw(_conversation(path, body)) if _fits(case) else body
    if isinstance(body.get("schema"), dict):
        body["schema"] = draw(SCHEMAS)
    if path == "/v1/extract" and body.get("prompt") is None:
        body["prompt"] = draw(st.sampled_from(["Extract.", "\0", "é", "<|im_end|>"]))
    return body


@st.composite
def _conversation(draw: st.DrawFn, path: str, body: dict[str, Any]) -> dict[str, Any]:
    chat, request = path.endswith("completions"), {name: body[name] for name in KEPT if name in body}
    request["messages" if chat else "input"] = [
        {"role": "user", "content": draw(st.text(min_size=1, max_size=9))}
    ]
    request["max_tokens" if chat else "max_output_tokens"] = draw(st.integers(1, 64))
    if draw(st.booleans()):
        form = draw(FORMATS)
        wrapped = {"type": form["type"], "json_schema": form} if chat and "schema" in form else form
        request |= {"response_format": wrapped} if chat else {"text": {"format": form}}
    if draw(st.booleans()):
        tools, choice = draw(TOOLS), draw(CHOICES)
        if chat:
            tools = [{"type": "function", "function": tool} for tool in tools]
            choice = choice if isinstance(choice, str) else {"type": "function", "function": choice}
        request |= {"tools": tools, "tool_choice": choice}
    return request


@schemathesis.check
def reads_bodies_as_documented(context: Any, response: Any, case: Any) -> None:
    """Refuse no body for its shape that fits the document; rules on several members are beyond it.

    The parts of a form are texts, and what schemathesis writes into them need not be JSON.
    """
    if response.status_code != 400 or case.media_type == FORM or not _fits(case):
        return
    problem = json.loads(response.content)
    faults = [
        each for each in problem.get("violations", ()) if each["pointer"] and SHAPE.fullmatch(each["keyword"])
    ]
    assert not faults, f"the document allows this body: {faults}"


def _fits(case: Any) -> bool:
    return case.meta is not None and case.meta.generation.mode is schemathesis.GenerationMode.POSITIVE
