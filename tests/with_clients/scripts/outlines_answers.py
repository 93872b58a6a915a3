"""outlines: `from_openai` with schemas, `from_vllm` with everything that it can constrain."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, Literal

import outlines
from driver import BASE_URL, KEY, LONG, MODEL, WRONG_KEY, cell, first_with, refused
from openai import OpenAI
from outlines.exceptions import OutlinesError
from outlines.types import CFG, JsonSchema, Regex
from shapes import GRAMMAR, PROMPT, REGEX, Address, Note, Person

client = OpenAI(base_url=BASE_URL, api_key=KEY)
openai, vllm = outlines.from_openai(client, MODEL), outlines.from_vllm(client, MODEL)


def read(text: Any, shape: str = "person") -> dict[str, Any]:
    return {"data": json.loads(text), "shape": shape}


@cell("text", "from_openai")
def text() -> dict[str, Any]:
    return {"text": openai(PROMPT, max_tokens=24), "finish": ""}


@cell("text", "from_vllm")
def text_vllm() -> dict[str, Any]:
    return {"text": vllm(PROMPT, max_tokens=24), "finish": ""}


@cell("typed", "from_openai")
def typed() -> dict[str, Any]:
    return read(openai(PROMPT, Person))


@cell("typed", "from_vllm")
def typed_vllm() -> dict[str, Any]:
    return read(vllm(PROMPT, Person))


@cell("typed", "from_vllm-schema")
def typed_schema() -> dict[str, Any]:
    return read(vllm(PROMPT, JsonSchema(json.dumps(Note.model_json_schema()))), "note")


@cell("json", "from_openai")
def json_object() -> dict[str, Any]:
    def attempt(seed: int) -> Any:
        try:
            return json.dumps(json.loads(openai(PROMPT, dict, seed=seed, temperature=1, max_tokens=200)))
        except OutlinesError:  # it has no bound, so most are cut
            return None

    return read(first_with(attempt), "object")


@cell("constraint", "regex")
def regex() -> dict[str, Any]:
    return {"text": vllm(PROMPT, Regex(REGEX)), "matches": REGEX}


@cell("constraint", "choice")
def choice() -> dict[str, Any]:
    return {"text": vllm(PROMPT, Literal["alpha", "beta"]), "matches": "alpha|beta"}


@cell("constraint", "date")
def day() -> dict[str, Any]:
    return {"text": vllm(PROMPT, date), "matches": "[0-9]{4}-[0-9]{2}-[0-9]{2}"}


@cell("constraint", "integer")
def integer() -> dict[str, Any]:
    def attempt(seed: int) -> Any:
        try:
            return vllm(PROMPT, int, seed=seed, temperature=1, max_tokens=64)
        except OutlinesError:  # its regex has no bound
            return None

    return {"text": first_with(attempt), "matches": "[+-]?[0-9]+"}


@cell("constraint", "grammar")
def grammar() -> dict[str, Any]:
    return {"text": vllm(PROMPT, CFG(GRAMMAR)), "matches": "yes|no|[0-9]{1,3}"}


@cell("constraint", "list")
def typed_list() -> dict[str, Any]:
    """A list of models is one long regex, which leaves bounds of numbers out."""

    def attempt(seed: int) -> Any:
        try:
            return json.dumps(
                json.loads(vllm(PROMPT, list[Address], seed=seed, temperature=1, max_tokens=600))
            )
        except OutlinesError:
            return None

    return read(first_with(attempt), "addresses")


@cell("sampling", "n")
def several() -> dict[str, Any]:
    return {"choices": [json.loads(text) for text in openai(PROMPT, Note, n=2)], "shape": "note"}


@cell("sampling", "seed")
def seeded() -> dict[str, Any]:
    first, second = (openai(PROMPT, seed=7, temperature=1, max_tokens=24) for _ in range(2))
    return {"first": first, "second": second}


@cell("stream", "from_openai")
def stream() -> dict[str, Any]:
    pieces = list(openai.stream(PROMPT, Person))
    return read("".join(pieces)) | {"pieces": len(pieces)}


@cell("stream", "from_vllm")
def stream_vllm() -> dict[str, Any]:
    pieces = list(vllm.stream(PROMPT, Person))
    return read("".join(pieces)) | {"pieces": len(pieces)}


@cell("errors", "schema")
def bad_schema() -> dict[str, Any]:
    """outlines itself refuses what is no schema; this one is a schema that nothing fulfils."""
    age = {"type": "integer", "minimum": 5, "maximum": 3}
    bad = JsonSchema(json.dumps({"type": "object", "properties": {"age": age}, "required": ["age"]}))
    return refused(lambda: vllm(PROMPT, bad), OutlinesError)


@cell("errors", "grammar")
def bad_grammar() -> dict[str, Any]:
    body: Any = {"structured_outputs": {"grammar": "start: nosuch"}}
    return refused(lambda: vllm(PROMPT, extra_body=body), OutlinesError)


@cell("errors", "long")
def too_long() -> dict[str, Any]:
    return refused(lambda: openai(LONG, Note), OutlinesError)


@cell("errors", "key")
def wrong_key() -> dict[str, Any]:
    strange = outlines.from_openai(OpenAI(base_url=BASE_URL, api_key=WRONG_KEY), MODEL)
    return refused(lambda: strange(PROMPT, Note), OutlinesError)
