"""openai: constraints, samples, usage, and what a user sees of errors."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from driver import BASE_URL, LONG, MODEL, WRONG_KEY, cell, refused
from openai import APIError, LengthFinishReasonError, OpenAI
from openai_calls import BY_HAND, USER, chat, client
from shapes import CHOICE, GRAMMAR, REGEX, Note, Person


def constrained(**structured: Any) -> str:
    return str(chat(extra_body={"structured_outputs": structured}).choices[0].message.content)


@cell("constraint", "regex")
def regex() -> dict[str, Any]:
    return {"text": constrained(regex=REGEX), "matches": REGEX}


@cell("constraint", "choice")
def choice() -> dict[str, Any]:
    return {"text": constrained(choice=CHOICE), "matches": "|".join(CHOICE)}


@cell("constraint", "grammar")
def grammar() -> dict[str, Any]:
    return {"text": constrained(grammar=GRAMMAR), "matches": "yes|no|[0-9]{1,3}"}


@cell("constraint", "json")
def structured_json() -> dict[str, Any]:
    return {"data": json.loads(constrained(json=Note.model_json_schema())), "shape": "note"}


@cell("sampling", "n")
def several() -> dict[str, Any]:
    wrapped: Any = {"name": "note", "schema": Note.model_json_schema()}
    reply = chat(response_format={"type": "json_schema", "json_schema": wrapped}, n=3)
    assert [choice.index for choice in reply.choices] == [0, 1, 2]
    return {"choices": [json.loads(choice.message.content) for choice in reply.choices], "shape": "note"}


@cell("sampling", "seed")
def seeded() -> dict[str, Any]:
    first, second = (chat(seed=7, temperature=1, max_tokens=24).choices[0].message.content for _ in range(2))
    return {"first": first, "second": second}


@cell("sampling", "logprobs")
def logprobs() -> dict[str, Any]:
    choice = chat(max_tokens=8, logprobs=True).choices[0]
    return {"logprobs": [token.logprob for token in choice.logprobs.content]}


@cell("usage", "chat")
def usage() -> dict[str, Any]:
    return {"usage": chat(max_tokens=24).usage.model_dump()}


@cell("errors", "schema")
def bad_schema() -> dict[str, Any]:
    wrapped: Any = {"name": "bad", "schema": {"type": "object", "properties": {"age": {"type": "nosuch"}}}}
    return refused(lambda: chat(response_format={"type": "json_schema", "json_schema": wrapped}), APIError)


@cell("errors", "long")
def too_long() -> dict[str, Any]:
    return refused(lambda: chat(messages=[{"role": "user", "content": LONG}]), APIError)


@cell("errors", "key")
def wrong_key() -> dict[str, Any]:
    strange = OpenAI(base_url=BASE_URL, api_key=WRONG_KEY)
    return refused(lambda: strange.chat.completions.create(model=MODEL, messages=USER), APIError)


@cell("length", "parse")
def cut_object() -> dict[str, Any]:
    parse = partial(client.chat.completions.parse, model=MODEL, messages=USER, response_format=Person)
    return refused(lambda: parse(max_tokens=4), LengthFinishReasonError, APIError)


@cell("length", "tools")
def cut_call() -> dict[str, Any]:
    choice = chat(tools=BY_HAND, tool_choice="required", max_tokens=4).choices[0]
    return {"calls": [call.id for call in choice.message.tool_calls or ()], "finish": choice.finish_reason}


@cell("length", "stream")
def cut_stream() -> dict[str, Any]:
    pieces = list(chat(tools=BY_HAND, tool_choice="required", max_tokens=4, stream=True))
    started = [part.id for piece in pieces for part in piece.choices[0].delta.tool_calls or ()]
    return {"calls": started, "finish": pieces[-1].choices[0].finish_reason}
