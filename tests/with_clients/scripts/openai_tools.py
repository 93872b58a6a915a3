"""openai: tools, by hand and through its helpers."""

from __future__ import annotations

import json
from typing import Any

from driver import MODEL, cell, first_with
from openai import pydantic_function_tool
from openai_calls import BY_HAND, FREE, USER, calls, chat, client
from shapes import PROMPT, Calendar, Weather

STRICT = [pydantic_function_tool(Weather), pydantic_function_tool(Calendar)]


@cell("tools", "named")
def tools_named() -> dict[str, Any]:
    choice = {"type": "function", "function": {"name": "Calendar"}}
    return {"calls": calls(chat(tools=BY_HAND, tool_choice=choice).choices[0].message), "only": ["Calendar"]}


@cell("tools", "required")
def tools_required() -> dict[str, Any]:
    reply = chat(tools=BY_HAND, tool_choice="required", parallel_tool_calls=False).choices[0]
    return {"calls": calls(reply.message), "finish": reply.finish_reason, "most": 1}


@cell("tools", "parsed")
def tools_parsed() -> dict[str, Any]:
    reply = client.chat.completions.parse(
        model=MODEL, messages=USER, tools=STRICT, tool_choice="required", parallel_tool_calls=False
    )
    found = [
        {"id": call.id, "name": call.function.name, "arguments": call.function.parsed_arguments.model_dump()}
        for call in reply.choices[0].message.tool_calls
    ]
    return {"calls": found}


@cell("tools", "auto")
def tools_auto() -> dict[str, Any]:
    """Random weights write a call now and then: the first one counts."""

    def attempt(seed: int) -> Any:
        reply = chat(tools=BY_HAND, seed=seed, **FREE).choices[0]
        return reply if reply.message.tool_calls else None

    reply = first_with(attempt)
    return {"calls": calls(reply.message), "finish": reply.finish_reason}


@cell("tools", "parallel")
def tools_parallel() -> dict[str, Any]:
    def attempt(seed: int) -> Any:
        message = chat(tools=BY_HAND, tool_choice="required", seed=seed, **FREE).choices[0].message
        return message if len(message.tool_calls or ()) > 1 else None

    return {"calls": calls(first_with(attempt)), "least": 2}


@cell("tools", "loop")
def tools_loop() -> dict[str, Any]:
    first = chat(tools=BY_HAND, tool_choice="required").choices[0].message
    results = [
        {"role": "tool", "tool_call_id": call.id, "content": '{"sky": "clear"}'} for call in first.tool_calls
    ]
    last = chat(messages=[*USER, first, *results], tools=BY_HAND, tool_choice="none", max_tokens=24)
    choice = last.choices[0]
    return {"calls": calls(first), "text": choice.message.content, "finish": choice.finish_reason}


@cell("tools", "responses")
def tools_responses() -> dict[str, Any]:
    flat: list[Any] = [{"type": "function", "strict": False, **tool["function"]} for tool in BY_HAND]
    first = client.responses.create(model=MODEL, input=PROMPT, tools=flat, tool_choice="required")
    found = [item for item in first.output if item.type == "function_call"]
    results: list[Any] = [
        {"type": "function_call_output", "call_id": item.call_id, "output": "clear"} for item in found
    ]
    turns: list[Any] = [{"role": "user", "content": PROMPT}, *first.output, *results]
    last = client.responses.create(
        model=MODEL, input=turns, tools=flat, tool_choice="none", max_output_tokens=24
    )
    made = [
        {"id": item.call_id, "name": item.name, "arguments": json.loads(item.arguments)} for item in found
    ]
    return {"calls": made, "text": last.output_text, "finish": last.status}
