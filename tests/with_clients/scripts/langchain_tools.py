"""langchain-openai: tools in its choices, the loop with their results, and streams."""

from __future__ import annotations

from typing import Any

from driver import cell, first_with
from langchain_calls import model
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from shapes import PROMPT, Calendar, Note, Person, Weather

BOTH = [Weather, Calendar]


def calls(message: Any) -> list[dict[str, Any]]:
    assert not message.invalid_tool_calls
    return [
        {"id": call["id"], "name": call["name"], "arguments": call["args"]} for call in message.tool_calls
    ]


def bound(choice: Any, **settings: Any) -> Any:
    return model(**settings).bind_tools(BOTH, tool_choice=choice)


@cell("tools", "named")
def named() -> dict[str, Any]:
    return {"calls": calls(bound("Calendar").invoke(PROMPT)), "only": ["Calendar"]}


@cell("tools", "required")
def required() -> dict[str, Any]:
    return {"calls": calls(bound("any").invoke(PROMPT))}


@cell("tools", "strict")
def strict() -> dict[str, Any]:
    chain = model().bind_tools(BOTH, tool_choice="any", strict=True, parallel_tool_calls=False)
    return {"calls": calls(chain.invoke(PROMPT)), "most": 1}


@cell("tools", "auto")
def auto() -> dict[str, Any]:
    def attempt(seed: int) -> Any:
        return calls(bound(None, seed=seed, temperature=1, max_tokens=200).invoke(PROMPT)) or None

    return {"calls": first_with(attempt)}


@cell("tools", "parallel")
def parallel() -> dict[str, Any]:
    def attempt(seed: int) -> Any:
        found = calls(bound("any", seed=seed, temperature=1, max_tokens=200).invoke(PROMPT))
        return found if len(found) > 1 else None

    return {"calls": first_with(attempt), "least": 2}


@cell("tools", "loop")
def loop() -> dict[str, Any]:
    first: AIMessage = bound("any").invoke(PROMPT)
    results = [ToolMessage("clear", tool_call_id=call["id"]) for call in first.tool_calls]
    last = model(max_tokens=24).invoke([HumanMessage(PROMPT), first, *results])
    return {"calls": calls(first), "text": last.content, "finish": last.response_metadata["finish_reason"]}


@cell("tools", "responses")
def responses() -> dict[str, Any]:
    chain = model(use_responses_api=True).bind_tools(BOTH, tool_choice="any")
    first: Any = chain.invoke(PROMPT)
    results = [ToolMessage("clear", tool_call_id=call["id"]) for call in first.tool_calls]
    last = model(use_responses_api=True, max_tokens=24).invoke([HumanMessage(PROMPT), first, *results])
    return {"calls": calls(first), "text": last.text, "finish": last.response_metadata["status"]}


@cell("stream", "text")
def stream_text() -> dict[str, Any]:
    pieces = list(model(max_tokens=24, stream_usage=True).stream(PROMPT))
    whole: Any = sum(pieces[1:], start=pieces[0])
    counts = whole.usage_metadata
    tokens = {"prompt_tokens": counts["input_tokens"], "completion_tokens": counts["output_tokens"]}
    usage = tokens | {"total_tokens": counts["total_tokens"]}
    finish = whole.response_metadata["finish_reason"]
    return {"text": whole.content, "finish": finish, "pieces": len(pieces), "usage": usage}


@cell("stream", "typed")
def stream_typed() -> dict[str, Any]:
    states = list(model().with_structured_output(Person).stream(PROMPT))
    return {"data": states[-1].model_dump(mode="json"), "shape": "person"}


@cell("stream", "function_calling")
def stream_function_calling() -> dict[str, Any]:
    """A call arrives whole: with it all of the dict."""
    chain = model().with_structured_output(Note.model_json_schema(), method="function_calling")
    states = list(chain.stream(PROMPT))
    return {"data": states[-1], "shape": "note"}


@cell("stream", "tools")
def stream_tools() -> dict[str, Any]:
    pieces = list(bound("any").stream(PROMPT))
    return {"calls": calls(sum(pieces[1:], start=pieces[0])), "pieces": len(pieces)}


@cell("stream", "responses-tools")
def stream_responses_tools() -> dict[str, Any]:
    chain = model(use_responses_api=True).bind_tools(BOTH, tool_choice="any")
    pieces = list(chain.stream(PROMPT))
    whole: Any = sum(pieces[1:], start=pieces[0])
    return {"calls": calls(whole), "pieces": len(pieces)}
