"""The format that a request asks of the content, from the members of OpenAI and of vLLM."""

from __future__ import annotations

from typing import Any

from structgen import json_text
from structgen.api.openai.options import FormatBody, RequestOptions, StructuredOutputs
from structgen.server.openai.requested_turn import ContentFormat, Findings, RequestedSchema
from structgen.suggestions import did_you_mean
from structgen.types import TextFormat

_TYPES = ("text", "json_object", "json_schema")
_SCHEMA_KEYWORDS = ("type", "properties", "$ref", "anyOf", "items", "enum")
"""Keywords that show a bare schema in the place of its wrapper."""
_ANY_OBJECT = {"type": "object"}


def content_format(
    body: RequestOptions, given: FormatBody | None, pointer: str, findings: Findings
) -> ContentFormat:
    """Return the one format that a request asks for; `given` is the member at `pointer`."""
    formats = [] if given is None else _openai_format(given, pointer, findings)
    if body.structured_outputs is not None:
        formats += _vllm_formats(_members(body.structured_outputs), "/structured_outputs/", findings)
    formats += _vllm_formats(_guided_members(body), "/guided_", findings)
    if len(formats) > 1:
        places = " and ".join(_place(each) for each in formats)
        findings.fault(_place(formats[1]), f"the answer cannot have several formats, give one of {places}")
    return formats[0] if formats else ContentFormat()


def _place(each: ContentFormat) -> str:
    return each.pointer if each.schema is None else each.schema.pointer


def _openai_format(given: FormatBody, pointer: str, findings: Findings) -> list[ContentFormat]:
    if given.type == "text":
        return []
    if given.type not in _TYPES:
        hint = did_you_mean(given.type, _TYPES) or f"; choose one of: {', '.join(_TYPES)}"
        findings.fault(f"{pointer}/type", f"there is no format {given.type[:40]!r}{hint}")
        return []
    wrapper, place = given.json_schema, f"{pointer}/json_schema"
    if wrapper is None:
        wrapper, place = given, pointer
    if wrapper.schema_ is not None:
        return [ContentFormat(RequestedSchema(wrapper.schema_, f"{place}/schema"))]
    if given.type == "json_schema" and any(key in (wrapper.model_extra or {}) for key in _SCHEMA_KEYWORDS):
        findings.fault(
            place, 'a bare schema: put it into the member "schema", as {"name": "…", "schema": {…}}'
        )
    return [ContentFormat(RequestedSchema(_ANY_OBJECT, pointer), show_schema=False)]


def _members(given: StructuredOutputs) -> dict[str, Any]:
    return {
        "json": given.json_,
        "regex": given.regex,
        "choice": given.choice,
        "grammar": given.grammar,
        "json_object": given.json_object or None,
        "structural_tag": given.structural_tag,
    }


def _guided_members(body: RequestOptions) -> dict[str, Any]:
    return {
        "json": body.guided_json,
        "regex": body.guided_regex,
        "choice": body.guided_choice,
        "grammar": body.guided_grammar,
    }


def _vllm_formats(members: dict[str, Any], prefix: str, findings: Findings) -> list[ContentFormat]:
    """Return the formats of the members that are given."""
    formats = []
    for name, value in members.items():
        if value is not None and (each := _vllm_format(name, value, f"{prefix}{name}", findings)):
            formats.append(each)
    return formats


def _vllm_format(name: str, value: Any, pointer: str, findings: Findings) -> ContentFormat | None:
    match name:
        case "regex":
            return ContentFormat(text=TextFormat(regex=value), pointer=pointer)
        case "grammar":
            return ContentFormat(text=TextFormat(lark=value), pointer=pointer)
        case "json_object":
            return ContentFormat(RequestedSchema(_ANY_OBJECT, pointer), show_schema=False)
        case "choice" if value:
            return ContentFormat(text=TextFormat(choices=tuple(value)), pointer=pointer)
        case "choice":
            findings.fault(pointer, "the list is empty: give at least one text to choose from")
        case "structural_tag":
            findings.fault(
                pointer, "structural_tag is not supported: give tools, or a grammar (`grammar`, in Lark)"
            )
        case "json":
            return _json_format(value, pointer, findings)
    return None


def _json_format(value: Any, pointer: str, findings: Findings) -> ContentFormat | None:
    """Return the format of a schema, which vLLM takes as JSON text too."""
    if isinstance(value, str):
        try:
            value = json_text.loads(value)
        except json_text.JsonError as error:
            findings.fault(pointer, f"the text is not a JSON Schema: {error}", error.keyword)
            return None
    if isinstance(value, dict | bool):
        return ContentFormat(RequestedSchema(value, pointer))
    findings.fault(pointer, "give a JSON Schema: an object, true, false, or the JSON text of one", "type")
    return None
