"""Every entry point refuses a request without text: the model would invent an object."""

import unicodedata
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from structgen import Client, Generator
from structgen.engines.fake import FakeEngine
from structgen.errors import BadRequest
from structgen.missing_text import missing_text_reason
from structgen.schema import Schema
from structgen.strategies.task import Task
from structgen.types import Message

Serve = Callable[..., str]
SCHEMA: Any = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}
USER, SYSTEM = {"role": "user", "content": "A is 1."}, {"role": "system", "content": "Extract."}
EMPTY: dict[str, dict[str, Any]] = {
    "nothing": {},
    "document": {"document": ""},
    "prompt of spaces": {"prompt": " \n\t"},
    "message": {"messages": [{"role": "user", "content": ""}]},
    "message of spaces": {"messages": [{"role": "user", "content": "\u00a0\u3000\n"}]},
    "message of characters without width": {"messages": [{"role": "user", "content": "\u200b\ufeff\u2060"}]},
    "message of controls": {"messages": [{"role": "user", "content": "\0\x7f"}]},
    "system turn": {"messages": [SYSTEM]},
    "system turns and an empty document": {"messages": [SYSTEM, SYSTEM], "document": " "},
    "system turn and an empty message": {"messages": [SYSTEM, {"role": "user", "content": " "}]},
    "empty answers": {"messages": [{"role": "user", "content": ""}, {"role": "assistant", "content": "\n"}]},
}
TEXTS: dict[str, dict[str, Any]] = {
    "document": {"document": "A is 1."},
    "prompt": {"prompt": "Give 1."},
    "message": {"messages": [USER]},
    "system turn and prompt": {"messages": [SYSTEM], "prompt": "A is 1."},
    "system turn and message": {"messages": [SYSTEM, USER]},
    "empty document and message": {"document": "", "messages": [USER]},
    "message among empty ones": {"messages": [{"role": "user", "content": ""}, USER]},
    "assistant's turn": {"messages": [{"role": "assistant", "content": "A is 1."}]},
    "icon of a private use": {"document": "\ue000"},
}


@pytest.fixture(scope="module")
def generator() -> Any:
    with Generator(FakeEngine(['{"a":1}'])) as made:
        yield made


def test_the_service_refuses_it(serve: Serve) -> None:
    """The service answers 400, streamed or not, and the client raises BadRequest."""
    url = serve(FakeEngine(["{}"]))
    with Client(url) as client, httpx.Client(base_url=url) as raw:
        for name, body in EMPTY.items():
            for stream in (False, True):
                answer = raw.post("/v1/extract", json={"schema": SCHEMA, **body, "stream": stream})
                assert (answer.status_code, answer.json()["type"]) == (400, "/problems/bad-request"), name
                assert answer.json()["violations"][0]["keyword"] == "missing"
            with pytest.raises(BadRequest):
                client.extract(SCHEMA, **body)


@pytest.mark.parametrize("body", EMPTY.values(), ids=EMPTY)
def test_the_generator_refuses_it(generator: Generator, body: dict[str, Any]) -> None:
    """The generator refuses messages without text, also when they are Message values."""
    turns = [Message(**turn) for turn in body.get("messages", ())]
    for messages in (body.get("messages", ()), turns):
        with pytest.raises(BadRequest) as caught:
            generator.extract(SCHEMA, **{**body, "messages": messages})
        assert caught.value.violations[0].keyword == "missing"


@pytest.mark.parametrize("body", EMPTY.values(), ids=EMPTY)
def test_a_task_of_the_callers_own_is_refused_too(body: dict[str, Any]) -> None:
    """A Task without text is refused before the engine runs."""
    turns = tuple(Message(**turn) for turn in body.get("messages", ()))
    task = Task(Schema.parse(SCHEMA), body.get("prompt"), body.get("document"), turns)
    with pytest.raises(BadRequest):
        Generator(FakeEngine(["{}"])).events(task)


@pytest.mark.parametrize("body", TEXTS.values(), ids=TEXTS)
def test_what_has_a_text_is_taken(generator: Generator, body: dict[str, Any]) -> None:
    """A text in any one of document, prompt and messages is enough."""
    assert generator.extract(SCHEMA, **body) == {"a": 1}


def test_it_says_what_to_add() -> None:
    """The message names the member that is empty and what to add."""
    assert "user turn" in str(missing_text_reason(None, None, [SYSTEM]))
    assert "at least one" in str(missing_text_reason(None, None, []))
    assert "empty" in str(missing_text_reason(None, "", []))


SEEN = st.characters(exclude_categories=("Cc", "Cf", "Zs", "Zl", "Zp"))
UNSEEN = st.text(st.characters(categories=("Cc", "Cf", "Zs", "Zl", "Zp")), max_size=5)


@given(UNSEEN, st.none() | SEEN, UNSEEN, st.sampled_from(["user", "assistant", "tool", "prompt", "document"]))
def test_one_character_that_can_be_seen_is_a_text(
    before: str, seen: str | None, after: str, place: str
) -> None:
    """One visible character counts as text; white space and invisible characters do not."""
    text = f"{before}{seen or ''}{after}"
    prompt, document = (text if place == name else None for name in ("prompt", "document"))
    turns = [{"role": place, "content": text}] if place in ("user", "assistant", "tool") else []
    assert (missing_text_reason(prompt, document, turns) is None) == (seen is not None), unicodedata.name(
        seen or " ", "?"
    )
