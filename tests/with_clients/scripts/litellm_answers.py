"""litellm: the routes `openai/` and `hosted_vllm/`."""

from __future__ import annotations

import json
from typing import Any

from driver import LONG, WRONG_KEY, cell, first_with, refused
from litellm.exceptions import APIError, AuthenticationError, BadRequestError
from litellm_calls import ask
from shapes import CHOICE, REGEX, Note, Person

REFUSALS = (APIError, AuthenticationError, BadRequestError)


def person(route: str) -> dict[str, Any]:
    reply = ask(route, response_format=Person)
    return {"data": json.loads(reply.choices[0].message.content), "shape": "person"}


def plain(route: str) -> dict[str, Any]:
    choice = ask(route, max_tokens=24).choices[0]
    return {"text": choice.message.content, "finish": choice.finish_reason}


@cell("text", "openai")
def text() -> dict[str, Any]:
    return plain("openai")


@cell("text", "hosted_vllm")
def text_vllm() -> dict[str, Any]:
    return plain("hosted_vllm")


@cell("typed", "openai")
def typed() -> dict[str, Any]:
    return person("openai")


@cell("typed", "hosted_vllm")
def typed_vllm() -> dict[str, Any]:
    return person("hosted_vllm")


@cell("json", "openai")
def json_object() -> dict[str, Any]:
    def attempt(seed: int) -> Any:
        shape = {"type": "json_object"}
        try:
            reply = ask("openai", response_format=shape, seed=seed, temperature=1, max_tokens=200)
        except BadRequestError:  # it has no bound, so most are cut
            return None
        return reply.choices[0].message.content

    return {"data": json.loads(first_with(attempt)), "shape": "object"}


@cell("constraint", "regex")
def regex() -> dict[str, Any]:
    reply = ask("hosted_vllm", structured_outputs={"regex": REGEX}, top_k=20)
    return {"text": reply.choices[0].message.content, "matches": REGEX}


@cell("constraint", "choice")
def choice() -> dict[str, Any]:
    reply = ask("openai", extra_body={"structured_outputs": {"choice": CHOICE}})
    return {"text": reply.choices[0].message.content, "matches": "|".join(CHOICE)}


@cell("sampling", "n")
def several() -> dict[str, Any]:
    reply = ask("openai", response_format=Note, n=2)
    return {"choices": [json.loads(each.message.content) for each in reply.choices], "shape": "note"}


@cell("sampling", "seed")
def seeded() -> dict[str, Any]:
    first, second = (
        ask("openai", seed=7, temperature=1, max_tokens=24).choices[0].message.content for _ in range(2)
    )
    return {"first": first, "second": second}


@cell("usage", "openai")
def usage() -> dict[str, Any]:
    return {"usage": ask("openai", max_tokens=24).usage.model_dump()}


@cell("errors", "schema")
def bad_schema() -> dict[str, Any]:
    wrapped = {"name": "bad", "schema": {"type": "object", "properties": {"age": {"type": "nosuch"}}}}
    shape = {"type": "json_schema", "json_schema": wrapped}
    return refused(lambda: ask("openai", response_format=shape), *REFUSALS)


@cell("errors", "long")
def too_long() -> dict[str, Any]:
    return refused(lambda: ask("hosted_vllm", messages=[{"role": "user", "content": LONG}]), *REFUSALS)


@cell("errors", "key")
def wrong_key() -> dict[str, Any]:
    return refused(lambda: ask("openai", api_key=WRONG_KEY), *REFUSALS)


@cell("length", "openai")
def cut() -> dict[str, Any]:
    return refused(lambda: ask("openai", response_format=Person, max_tokens=4), *REFUSALS)
