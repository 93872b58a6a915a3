"""pydantic-ai: texts, typed answers in its three ways, usage, errors and length."""

from __future__ import annotations

from typing import Any

from driver import LONG, WRONG_KEY, cell, refused
from pydantic_ai import Agent, NativeOutput, PromptedOutput, StructuredDict, ToolOutput
from pydantic_ai.exceptions import AgentRunError
from pydantic_ai_calls import agent, model
from shapes import PROMPT, Note, Person


def person(kind: str, output: Any, url: str = "") -> dict[str, Any]:
    data = agent(kind, output, url).run_sync(PROMPT).output
    return {"data": data.model_dump(mode="json"), "shape": "person"}


@cell("text", "chat")
def text() -> dict[str, Any]:
    return plain("chat")


@cell("text", "responses")
def text_responses() -> dict[str, Any]:
    return plain("responses")


def plain(kind: str) -> dict[str, Any]:
    result = agent(kind, instructions="Be brief.").run_sync(PROMPT, model_settings={"max_tokens": 24})
    return {"text": result.output, "finish": result.response.finish_reason}


@cell("typed", "tool")
def typed_tool() -> dict[str, Any]:
    return person("chat", ToolOutput(Person))


@cell("typed", "native")
def typed_native() -> dict[str, Any]:
    return person("chat", NativeOutput(Person))


@cell("typed", "prompted")
def typed_prompted(url: str) -> dict[str, Any]:
    return person("chat", PromptedOutput(Person), url)


@cell("typed", "responses-tool")
def responses_tool() -> dict[str, Any]:
    return person("responses", ToolOutput(Person))


@cell("typed", "responses-native")
def responses_native() -> dict[str, Any]:
    return person("responses", NativeOutput(Person))


@cell("typed", "union")
def typed_union() -> dict[str, Any]:
    data = agent("chat", NativeOutput([Person, Note])).run_sync(PROMPT).output
    return {"data": data.model_dump(mode="json"), "shape": type(data).__name__.lower()}


@cell("usage", "chat")
def usage() -> dict[str, Any]:
    counts = agent("chat", NativeOutput(Note)).run_sync(PROMPT).usage
    counts = counts() if callable(counts) else counts
    tokens = {"prompt_tokens": counts.input_tokens, "completion_tokens": counts.output_tokens}
    return {"usage": tokens | {"total_tokens": counts.total_tokens}}


@cell("sampling", "seed")
def seeded() -> dict[str, Any]:
    settings: Any = {"seed": 7, "temperature": 1, "max_tokens": 24}
    first, second = (agent("chat").run_sync(PROMPT, model_settings=settings).output for _ in range(2))
    return {"first": first, "second": second}


@cell("errors", "schema")
def bad_schema() -> dict[str, Any]:
    shape = StructuredDict({"type": "object", "properties": {"age": {"type": "nosuch"}}}, name="bad")
    return refused(lambda: agent("chat", NativeOutput(shape)).run_sync(PROMPT), AgentRunError)


@cell("errors", "long")
def too_long() -> dict[str, Any]:
    return refused(lambda: agent("chat", NativeOutput(Note)).run_sync(LONG), AgentRunError)


@cell("errors", "key")
def wrong_key() -> dict[str, Any]:
    return refused(lambda: Agent(model("chat", key=WRONG_KEY)).run_sync(PROMPT), AgentRunError)


@cell("length", "tool")
def cut_call() -> dict[str, Any]:
    return cut("chat", ToolOutput(Person))


@cell("length", "native")
def cut_object() -> dict[str, Any]:
    return cut("chat", NativeOutput(Person))


@cell("length", "responses-native")
def cut_responses() -> dict[str, Any]:
    return cut("responses", NativeOutput(Person))


def cut(kind: str, output: Any) -> dict[str, Any]:
    few: Any = {"max_tokens": 4}
    return refused(lambda: agent(kind, output).run_sync(PROMPT, model_settings=few), AgentRunError)
