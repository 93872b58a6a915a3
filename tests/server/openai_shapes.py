"""Requests as the clients of OpenAI's API send them, recorded and shortened to one schema."""

from __future__ import annotations

from typing import Any

STRICT: dict[str, Any] = {
    "title": "Person",
    "type": "object",
    "properties": {
        "name": {"title": "Name", "type": "string", "maxLength": 40},
        "age": {"type": "integer", "minimum": 0, "maximum": 130},
        "born": {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]},
        "tags": {"type": "array", "items": {"type": "string"}, "default": []},
        "home": {"$ref": "#/$defs/Address"},
    },
    "required": ["name", "age", "born", "tags", "home"],
    "additionalProperties": False,
    "$defs": {
        "Address": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
            "additionalProperties": False,
        }
    },
}
OPEN: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "age": {"type": "integer"},
        "born": {"default": None, "anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]},
        "home": {"type": "object", "properties": {"city": {"type": "string"}}},
    },
    "required": ["age", "name"],
}
ZOD: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "properties": {
        "name": {"type": "string", "maxLength": 40},
        "age": {"type": "integer", "minimum": 0, "maximum": 9007199254740991},
        "born": {"type": ["string", "null"]},
    },
    "required": ["name", "age"],
    "additionalProperties": False,
}
PERSON = '{"name":"Ada","age":36,"born":null,"tags":[],"home":{"city":"London"}}'
"""Valid under `STRICT` and `OPEN`."""
SHORT = '{"name":"Ada","age":36,"born":null}'
"""Valid under `ZOD`."""
USER = {"role": "user", "content": "Ada Lovelace, 36, of London."}


def tool(name: str, schema: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {"type": "function", "function": {"name": name, "parameters": schema, **members}}


def named(name: str) -> dict[str, Any]:
    return {"type": "function", "function": {"name": name}}


def json_schema(schema: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {"type": "json_schema", "json_schema": {"name": "Person", "schema": schema, **members}}


JSON_REQUESTS: dict[str, tuple[dict[str, Any], str]] = {
    "openai-parse": (
        {"messages": [USER], "response_format": json_schema(STRICT, strict=True), "stream": False},
        PERSON,
    ),
    "openai-js-zod": ({"messages": [USER], "response_format": json_schema(ZOD, strict=True)}, SHORT),
    "instructor-json-schema": (
        {"messages": [USER], "response_format": json_schema(OPEN), "max_tokens": 500},
        PERSON,
    ),
    "instructor-json": (
        {
            "messages": [{"role": "system", "content": "As JSON: {…}"}, USER],
            "response_format": {"type": "json_object"},
        },
        PERSON,
    ),
    "pydantic-ai-native": (
        {
            "messages": [USER],
            "response_format": json_schema(OPEN, strict=False, description="A person."),
            "parallel_tool_calls": True,
            "seed": 1,
            "max_completion_tokens": 300,
        },
        PERSON,
    ),
    "langchain-dict": (
        {
            "messages": [USER],
            "response_format": json_schema(OPEN, strict=False),
            "temperature": 0.5,
            "top_p": 1,
        },
        PERSON,
    ),
    "litellm-hosted-vllm": (
        {"messages": [USER], "structured_outputs": {"json": OPEN}, "top_k": 20, "user": "me"},
        PERSON,
    ),
    "dspy-json": (
        {
            "messages": [{"role": "system", "content": "[[ ## x ## ]]"}, USER],
            "response_format": json_schema(STRICT, strict=True),
            "max_completion_tokens": 1000,
            "temperature": 0.0,
        },
        PERSON,
    ),
    "outlines-openai": (
        {
            "messages": [{"role": "user", "content": [{"type": "text", "text": "Ada, 36"}]}],
            "response_format": json_schema(ZOD, strict=True),
            "n": 2,
        },
        SHORT,
    ),
    "mirascope-strict": (
        {
            "messages": [USER],
            "response_format": json_schema(STRICT, strict=True, description="A person."),
            "model": "openai/gpt-4o",
        },
        PERSON,
    ),
    "ai-sdk-json-object": (
        {"messages": [USER], "response_format": {"type": "json_object"}, "reasoning_effort": "none"},
        PERSON,
    ),
    "ai-sdk-structured": (
        {"messages": [USER], "response_format": json_schema(ZOD, strict=True), "max_tokens": 200},
        SHORT,
    ),
    "old-vllm": ({"messages": [USER], "guided_json": OPEN}, PERSON),
    "llama-cpp": ({"messages": [USER], "response_format": {"type": "json_object", "schema": OPEN}}, PERSON),
}
"""Requests whose content is JSON, and the answer, by client."""
TOOL_REQUESTS: dict[str, dict[str, Any]] = {
    "instructor-tools": {
        "messages": [USER],
        "tools": [tool("Person", OPEN, description="Correctly extracted `Person`")],
        "tool_choice": named("Person"),
    },
    "instructor-parallel": {
        "messages": [USER],
        "tools": [tool("Person", OPEN), tool("Other", OPEN)],
        "tool_choice": "auto",
    },
    "pydantic-ai-tool": {
        "messages": [USER],
        "tools": [tool("Person", STRICT, strict=True), tool("lookup", {"type": "object", "properties": {}})],
        "tool_choice": "required",
        "parallel_tool_calls": True,
    },
    "langchain-function-calling": {
        "messages": [USER],
        "tools": [tool("Person", OPEN)],
        "tool_choice": named("Person"),
        "parallel_tool_calls": False,
    },
    "dspy-native": {"messages": [USER], "tools": [tool("Person", OPEN)]},
    "mirascope-tool": {
        "messages": [USER],
        "tools": [tool("Person", STRICT, strict=True, description="…")],
        "tool_choice": named("Person"),
        "parallel_tool_calls": False,
    },
    "ai-sdk-tools": {"messages": [USER], "tools": [tool("Person", OPEN)], "tool_choice": "auto"},
    "tools-beside-a-format": {
        "messages": [USER],
        "tools": [tool("Person", OPEN)],
        "tool_choice": "auto",
        "response_format": json_schema(ZOD, strict=True),
    },
    "flat-named-choice": {
        "messages": [USER],
        "tools": [tool("Person", OPEN)],
        "tool_choice": {"type": "function", "name": "Person"},
    },
    "allowed-tools": {
        "messages": [USER],
        "tools": [tool("Person", OPEN), tool("Other", OPEN)],
        "tool_choice": {
            "type": "allowed_tools",
            "allowed_tools": {"mode": "required", "tools": [named("Person")]},
        },
    },
}
"""Requests that the tool `Person` answers, by client."""
CALL = f'<tool_call>\n{{"name": "Person", "arguments": {PERSON}}}\n</tool_call>'
