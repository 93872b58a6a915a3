"""openai: texts and objects, by chat completions and by responses."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from driver import BASE_URL, KEY, MODEL, cell, first_with
from openai import AsyncOpenAI, UnprocessableEntityError
from openai_calls import FREE, USER, chat, client
from shapes import PROMPT, Person


@cell("models", "list")
def models() -> dict[str, Any]:
    return {"models": [model.id for model in client.models.list()]}


@cell("text", "chat")
def text() -> dict[str, Any]:
    parts = [{"type": "text", "text": PROMPT}]
    turns = [{"role": "developer", "content": "Be brief."}, {"role": "user", "content": parts}]
    choice = chat(messages=turns, max_completion_tokens=24).choices[0]
    return {"text": choice.message.content, "finish": choice.finish_reason}


@cell("text", "async")
def text_async() -> dict[str, Any]:
    async def ask() -> Any:
        async with AsyncOpenAI(base_url=BASE_URL, api_key=KEY) as each:
            return await each.chat.completions.create(model=MODEL, messages=USER, max_tokens=24)  # type: ignore[arg-type]

    choice = asyncio.run(ask()).choices[0]
    return {"text": choice.message.content, "finish": choice.finish_reason}


@cell("text", "responses")
def text_responses() -> dict[str, Any]:
    reply = client.responses.create(model=MODEL, input=PROMPT, instructions="Be brief.", max_output_tokens=24)
    return {"text": reply.output_text, "finish": reply.status}


@cell("typed", "parse")
def typed() -> dict[str, Any]:
    reply = client.chat.completions.parse(model=MODEL, messages=USER, response_format=Person)
    return {"data": reply.choices[0].message.parsed.model_dump(mode="json"), "shape": "person"}


@cell("typed", "schema")
def typed_by_hand() -> dict[str, Any]:
    """The schema as Pydantic gives it, without `strict`: optional members and formats."""
    wrapped = {"name": "person", "schema": Person.model_json_schema()}
    reply = chat(response_format={"type": "json_schema", "json_schema": wrapped})
    return {"data": json.loads(reply.choices[0].message.content), "shape": "person"}


@cell("typed", "responses")
def typed_responses() -> dict[str, Any]:
    reply = client.responses.parse(model=MODEL, input=PROMPT, text_format=Person)
    return {"data": reply.output_parsed.model_dump(mode="json"), "shape": "person"}


@cell("json", "chat")
def json_object() -> dict[str, Any]:
    """Return the first whole object: without a schema nothing bounds what random weights write."""

    def attempt(seed: int) -> Any:
        try:
            reply = chat(response_format={"type": "json_object"}, seed=seed, **FREE)
        except UnprocessableEntityError:  # it has no bound, so most are cut
            return None
        return reply.choices[0].message.content

    return {"data": json.loads(first_with(attempt)), "shape": "object"}
