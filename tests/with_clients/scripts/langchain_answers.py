"""langchain-openai: texts, structured output in its three methods, usage, errors and length."""

from __future__ import annotations

import json
from typing import Any

from driver import LONG, WRONG_KEY, cell, first_with, refused
from langchain_calls import model
from openai import APIError, LengthFinishReasonError
from shapes import PROMPT, Person


def person(runnable: Any) -> dict[str, Any]:
    return {"data": runnable.invoke(PROMPT).model_dump(mode="json"), "shape": "person"}


@cell("text", "chat")
def text() -> dict[str, Any]:
    reply = model(max_tokens=24).invoke([("system", "Be brief."), ("human", PROMPT)])
    return {"text": reply.content, "finish": reply.response_metadata["finish_reason"]}


@cell("text", "responses")
def text_responses() -> dict[str, Any]:
    reply = model(max_tokens=24, use_responses_api=True).invoke(PROMPT)
    return {"text": reply.text, "finish": reply.response_metadata["status"]}


@cell("text", "batch")
def text_batch() -> dict[str, Any]:
    replies = model(max_tokens=24).batch([PROMPT] * 4)
    return {"text": "".join(str(reply.content) for reply in replies), "finish": ""}


@cell("typed", "json_schema")
def typed() -> dict[str, Any]:
    return person(model().with_structured_output(Person))


@cell("typed", "dict")
def typed_dict() -> dict[str, Any]:
    data = model().with_structured_output(Person.model_json_schema(), method="json_schema").invoke(PROMPT)
    return {"data": data, "shape": "person"}


@cell("typed", "function_calling")
def typed_function_calling() -> dict[str, Any]:
    return person(model().with_structured_output(Person, method="function_calling"))


@cell("typed", "function_calling-strict")
def typed_function_calling_strict() -> dict[str, Any]:
    return person(model().with_structured_output(Person, method="function_calling", strict=True))


@cell("typed", "responses")
def typed_responses() -> dict[str, Any]:
    return person(model(use_responses_api=True).with_structured_output(Person))


@cell("json", "json_mode")
def json_mode() -> dict[str, Any]:
    """The schema goes nowhere, so the answer is any object."""

    def attempt(seed: int) -> Any:
        chain = model(seed=seed, temperature=1, max_tokens=200).with_structured_output(method="json_mode")
        try:
            return json.dumps(chain.invoke(PROMPT))
        except (APIError, LengthFinishReasonError):  # it has no bound, so most are cut
            return None

    return {"data": json.loads(first_with(attempt)), "shape": "object"}


@cell("usage", "chat")
def usage() -> dict[str, Any]:
    counts = model(max_tokens=24).invoke(PROMPT).usage_metadata
    assert counts is not None
    tokens = {"prompt_tokens": counts["input_tokens"], "completion_tokens": counts["output_tokens"]}
    return {"usage": tokens | {"total_tokens": counts["total_tokens"]}}


@cell("sampling", "seed")
def seeded() -> dict[str, Any]:
    first, second = (model(seed=7, temperature=1, max_tokens=24).invoke(PROMPT).content for _ in range(2))
    return {"first": first, "second": second}


@cell("sampling", "logprobs")
def logprobs() -> dict[str, Any]:
    reply = model(max_tokens=8, logprobs=True).invoke(PROMPT)
    return {"logprobs": [token["logprob"] for token in reply.response_metadata["logprobs"]["content"]]}


@cell("errors", "schema")
def bad_schema() -> dict[str, Any]:
    bad = {"title": "bad", "type": "object", "properties": {"age": {"type": "nosuch"}}}
    return refused(lambda: model().with_structured_output(bad).invoke(PROMPT), APIError)


@cell("errors", "long")
def too_long() -> dict[str, Any]:
    return refused(lambda: model().invoke(LONG), APIError)


@cell("errors", "key")
def wrong_key() -> dict[str, Any]:
    return refused(lambda: model(WRONG_KEY).invoke(PROMPT), APIError)


@cell("length", "json_schema")
def cut_object() -> dict[str, Any]:
    chain = model(max_tokens=4).with_structured_output(Person)
    return refused(lambda: chain.invoke(PROMPT), LengthFinishReasonError, APIError)


@cell("length", "function_calling")
def cut_call() -> dict[str, Any]:
    """This method says nothing of a cut: it gives None."""
    chain = model(max_tokens=4).with_structured_output(Person, method="function_calling", include_raw=True)
    reply: Any = chain.invoke(PROMPT)
    return {"calls": reply["raw"].tool_calls, "finish": reply["raw"].response_metadata["finish_reason"]}
