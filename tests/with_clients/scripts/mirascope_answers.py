"""mirascope: chat completions and responses, typed answers in its modes, streams and errors."""

from __future__ import annotations

from typing import Annotated, Any

from driver import LONG, WRONG_KEY, cell, refused
from mirascope import llm
from mirascope_calls import COMPLETIONS, RESPONSES, model
from pydantic import BaseModel, Field
from shapes import PROMPT, Note, Person


def person(model_id: str, mode: Any, url: str = "") -> dict[str, Any]:
    data = model(model_id, url).call(PROMPT, format=llm.format(Person, mode=mode)).parse()
    return {"data": data.model_dump(mode="json"), "shape": "person"}


def plain(model_id: str) -> dict[str, Any]:
    reply = model(model_id, max_tokens=24).call(PROMPT)
    return {"text": reply.text(), "finish": ""}


@cell("text", "completions")
def text() -> dict[str, Any]:
    return plain(COMPLETIONS)


@cell("text", "responses")
def text_responses() -> dict[str, Any]:
    return plain(RESPONSES)


@cell("typed", "strict")
def typed_strict() -> dict[str, Any]:
    return person(COMPLETIONS, "strict")


@cell("typed", "tool")
def typed_tool() -> dict[str, Any]:
    return person(COMPLETIONS, "tool")


@cell("typed", "json")
def typed_json(url: str) -> dict[str, Any]:
    return person(COMPLETIONS, "json", url)


@cell("typed", "responses")
def typed_responses() -> dict[str, Any]:
    return person(RESPONSES, "strict")


@cell("usage", "completions")
def usage() -> dict[str, Any]:
    return {"usage": counts(model(COMPLETIONS, max_tokens=24).call(PROMPT))}


def counts(reply: Any) -> dict[str, int]:
    usage = reply.usage
    tokens = {"prompt_tokens": usage.input_tokens, "completion_tokens": usage.output_tokens}
    return tokens | {"total_tokens": usage.total_tokens}


@cell("stream", "strict")
def stream_strict() -> dict[str, Any]:
    reply = model(COMPLETIONS).stream(PROMPT, format=llm.format(Note, mode="strict"))
    states = list(reply.structured_stream())
    return {"data": reply.parse().model_dump(), "shape": "note", "pieces": len(states)}


@cell("stream", "responses")
def stream_responses() -> dict[str, Any]:
    reply = model(RESPONSES).stream(PROMPT, format=llm.format(Note, mode="strict"))
    states = list(reply.structured_stream())
    return {"data": reply.parse().model_dump(), "shape": "note", "pieces": len(states)}


@cell("stream", "text")
def stream_text() -> dict[str, Any]:
    reply = model(COMPLETIONS, max_tokens=24).stream(PROMPT)
    pieces = list(reply.text_stream())
    usage = counts(reply)
    return {"text": "".join(pieces), "finish": "", "pieces": len(pieces), "usage": usage}


@cell("errors", "schema")
def bad_schema() -> dict[str, Any]:
    class Odd(BaseModel):
        age: Annotated[int, Field(ge=5, le=3)]

    strict = llm.format(Odd, mode="strict")
    return refused(lambda: model(COMPLETIONS).call(PROMPT, format=strict), llm.Error)


@cell("errors", "long")
def too_long() -> dict[str, Any]:
    return refused(lambda: model(COMPLETIONS).call(LONG), llm.Error)


@cell("errors", "key")
def wrong_key() -> dict[str, Any]:
    return refused(lambda: model(COMPLETIONS, key=WRONG_KEY).call(PROMPT), llm.Error)


@cell("length", "strict")
def cut_object() -> dict[str, Any]:
    strict = llm.format(Person, mode="strict")
    return refused(lambda: model(COMPLETIONS, max_tokens=4).call(PROMPT, format=strict).parse(), llm.Error)


@cell("length", "tool")
def cut_call() -> dict[str, Any]:
    reply = model(COMPLETIONS, max_tokens=4).call(PROMPT, format=llm.format(Person, mode="tool"))
    return {"calls": [call.name for call in reply.tool_calls], "finish": reply.finish_reason.value}
