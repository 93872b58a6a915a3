"""openai: streams, raw and through its helpers."""

from __future__ import annotations

import json
from typing import Any

from driver import MODEL, cell
from openai import pydantic_function_tool
from openai_calls import BY_HAND, USER, chat, client
from shapes import PROMPT, Calendar, Person, Weather


@cell("stream", "text")
def stream_text() -> dict[str, Any]:
    pieces = list(chat(stream=True, max_tokens=24))
    text = "".join(piece.choices[0].delta.content or "" for piece in pieces)
    return {"text": text, "finish": pieces[-1].choices[0].finish_reason, "pieces": len(pieces)}


@cell("stream", "usage")
def stream_usage() -> dict[str, Any]:
    pieces = list(chat(stream=True, max_tokens=24, stream_options={"include_usage": True}))
    assert [len(piece.choices) for piece in pieces[-2:]] == [1, 0]
    return {"usage": pieces[-1].usage.model_dump(), "pieces": len(pieces)}


@cell("stream", "typed")
def stream_typed() -> dict[str, Any]:
    with client.chat.completions.stream(model=MODEL, messages=USER, response_format=Person) as stream:
        pieces = sum(event.type == "content.delta" for event in stream)
        data = stream.get_final_completion().choices[0].message.parsed
    return {"data": data.model_dump(mode="json"), "shape": "person", "pieces": pieces}


@cell("stream", "tools")
def stream_tools() -> dict[str, Any]:
    strict = [pydantic_function_tool(Weather), pydantic_function_tool(Calendar)]
    with client.chat.completions.stream(
        model=MODEL, messages=USER, tools=strict, tool_choice="required"
    ) as stream:
        pieces = sum(event.type == "tool_calls.function.arguments.delta" for event in stream)
        message = stream.get_final_completion().choices[0].message
    calls = [
        {"id": call.id, "name": call.function.name, "arguments": call.function.parsed_arguments.model_dump()}
        for call in message.tool_calls
    ]
    return {"calls": calls, "pieces": pieces}


@cell("stream", "raw-tools")
def stream_raw_tools() -> dict[str, Any]:
    """Put the calls together as a hand-written loop does: by index, name and id from the first piece."""
    made: dict[int, dict[str, Any]] = {}
    pieces = 0
    for piece in chat(tools=BY_HAND, tool_choice="required", stream=True):
        for part in piece.choices[0].delta.tool_calls or ():
            call = made.setdefault(part.index, {"id": "", "name": "", "arguments": ""})
            call["id"] += part.id or ""
            call["name"] += part.function.name or ""
            call["arguments"] += part.function.arguments or ""
            pieces += 1
    calls = [call | {"arguments": json.loads(call["arguments"])} for call in made.values()]
    return {"calls": calls, "pieces": pieces, "finish": piece.choices[0].finish_reason}


@cell("stream", "responses")
def stream_responses() -> dict[str, Any]:
    with client.responses.stream(model=MODEL, input=PROMPT, text_format=Person) as stream:
        pieces = sum(event.type == "response.output_text.delta" for event in stream)
        reply = stream.get_final_response()
    usage = {
        "prompt_tokens": reply.usage.input_tokens,
        "completion_tokens": reply.usage.output_tokens,
        "total_tokens": reply.usage.total_tokens,
    }
    data = reply.output_parsed.model_dump(mode="json")
    return {"data": data, "shape": "person", "pieces": pieces, "usage": usage}


@cell("stream", "responses-tools")
def stream_responses_tools() -> dict[str, Any]:
    flat: list[Any] = [{"type": "function", "strict": False, **tool["function"]} for tool in BY_HAND]
    with client.responses.stream(model=MODEL, input=PROMPT, tools=flat, tool_choice="required") as stream:
        pieces = sum(event.type == "response.function_call_arguments.delta" for event in stream)
        reply = stream.get_final_response()
    calls = [
        {"id": item.call_id, "name": item.name, "arguments": json.loads(item.arguments)}
        for item in reply.output
        if item.type == "function_call"
    ]
    return {"calls": calls, "pieces": pieces}
