"""`/v1/extract` gives plain text, scalars, choices, and the items of lists one by one."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from structgen.engines.fake import FakeEngine, Reply

pytest.importorskip("llguidance", reason="needs the extra `local`")
Serve = Callable[..., str]
NUMBERS = {"type": "array", "items": {"type": "integer", "minimum": 0}}


def post(url: str, **body: Any) -> httpx.Response:
    return httpx.post(f"{url}/v1/extract", json={"document": "the document", **body}, timeout=30)


def events(url: str, **body: Any) -> list[tuple[str, Any]]:
    """Return the events of a stream with their data."""
    text = post(url, stream=True, **body).text
    blocks = [block.split("\n") for block in text.split("\n\n") if block.startswith("event:")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in blocks]


TEXTS: list[Any] = [
    pytest.param({"regex": "[0-9]{4}"}, "2024", id="regex"),
    pytest.param({"choice": ["yes", "not at all"]}, "not at all", id="choice"),
    pytest.param({"grammar": 'start: "total " /[0-9]+/'}, "total 12", id="grammar"),
]


@pytest.mark.parametrize(("output", "text"), TEXTS)
def test_the_data_of_an_output_is_its_text(shared_serve: Serve, output: dict[str, Any], text: str) -> None:
    """The 200 is that of any extraction, and `data` is the text."""
    body = post(shared_serve(FakeEngine(["something else", text])), output=output).json()
    assert (body["status"], body["data"]) == ("completed", text)
    assert [attempt["status"] for attempt in body["attempts"]] == ["violations", "valid"]


@pytest.mark.parametrize(("output", "text"), TEXTS)
def test_a_text_streams(shared_serve: Serve, output: dict[str, Any], text: str) -> None:
    """The deltas are the text; partial values are the text so far."""
    stream = events(shared_serve(FakeEngine([text])), output=output)
    assert "".join(data["delta"] for name, data in stream if name == "text") == text
    assert all(text.startswith(data["data"]) for name, data in stream if name == "partial")
    assert (stream[-1][0], stream[-1][1]["data"]) == ("result", text)


@pytest.mark.parametrize(
    ("schema", "reply", "value"),
    [
        ({"enum": ["a", 1, None]}, "null", None),
        ({"type": "integer"}, "12345678901234567890123", 12345678901234567890123),
        ({"type": "boolean"}, "true", True),
        ({"type": "string", "pattern": "^[0-9]{4}$"}, '"2024"', "2024"),
        (NUMBERS, "[1,2]", [1, 2]),
    ],
    ids=["choice", "integer", "boolean", "pattern", "list"],
)
def test_any_value_may_be_the_data(shared_serve: Serve, schema: Any, reply: str, value: Any) -> None:
    """A schema need not be that of an object."""
    assert post(shared_serve(FakeEngine([reply])), schema=schema).json()["data"] == value


FAULTS: list[Any] = [
    pytest.param({}, 400, "/schema", "or give output", id="neither"),
    pytest.param({"schema": True, "output": {"regex": "a"}}, 400, "/schema", "not both", id="both"),
    pytest.param({"output": {}}, 400, "/output", "exactly one of", id="no-format"),
    pytest.param({"output": {"regex": "a", "grammar": "start: a"}}, 400, "/output", "exactly one of", id="two-formats"),
    pytest.param({"output": {"choices": ["a"]}}, 400, "/output/choices", "did you mean 'choice'", id="misspelt"),
    pytest.param({"output": {"choice": []}}, 400, "/output/choice", "at least 1", id="no-choice"),
    pytest.param({"output": {"regex": "("}}, 422, "/output", "", id="malformed-regex"),
    pytest.param({"output": {"grammar": "start: nothing"}}, 422, "/output", "", id="undefined-rule"),
    pytest.param({"output": {"regex": "a"}, "strategy": "repair"}, 400, "/strategy", "repair JSON", id="repair"),
    pytest.param({"output": {"regex": "a"}, "stream": True, "stream_items": True}, 400, "/stream_items", "no items", id="items-of-text"),
    pytest.param({"schema": NUMBERS, "stream_items": True}, 400, "/stream_items", "set stream", id="items-without-stream"),
    pytest.param({"schema": {"type": "object"}, "stream": True, "stream_items": True}, 400, "/schema", '"array"', id="items-of-an-object"),
]  # fmt: skip


@pytest.mark.parametrize(("members", "status", "pointer", "message"), FAULTS)
def test_faults_of_outputs_have_their_place(
    shared_serve: Serve, members: dict[str, Any], status: int, pointer: str, message: str
) -> None:
    """Each names the member and what to change, before the model runs."""
    engine = FakeEngine(["1"])
    response = post(shared_serve(engine), **members)
    violations = {v["pointer"]: v["message"] for v in response.json()["violations"]}
    assert response.status_code == status
    assert message in violations[pointer]
    assert not engine.requests


HOSTILE: list[Any] = [
    pytest.param({"regex": "(a{1,1000}){1,1000}b{1,1000}"}, id="repetitions"),
    pytest.param({"regex": "(" * 5_000 + "a" + ")" * 5_000}, id="parentheses"),
    pytest.param({"regex": "a" * 100_000}, id="long-regex"),
    pytest.param({"grammar": "start: " + " | ".join(f"r{i}" for i in range(3_000)) + "\n" + "\n".join(f"r{i}: /(a|b){{1,90}}{i}/" for i in range(3_000))}, id="many-rules"),
    pytest.param({"grammar": "start: start start | /a/"}, id="ambiguous"),
    pytest.param({"choice": [str(n) for n in range(20_000)]}, id="many-choices"),
]  # fmt: skip


@pytest.mark.parametrize("output", HOSTILE)
def test_a_hostile_format_hurts_no_other_request(shared_serve: Serve, output: dict[str, Any]) -> None:
    """It is refused, or answered; and the service serves others."""
    url = shared_serve(FakeEngine(["aaa"]))
    assert post(url, output=output, limits={"max_attempts": 1}).status_code in (200, 422)
    assert post(url, output={"regex": "a+"}).json()["data"] == "aaa"


def test_items_are_events(shared_serve: Serve) -> None:
    """Each item comes once with its index; texts and partial lists do not come."""
    stream = events(shared_serve(FakeEngine(["[1,-2]", "[1,2,3]"])), schema=NUMBERS, stream_items=True)
    assert [name for name, _ in stream] == ["attempt", "item", "attempt", "item", "item", "result"]
    assert [data for name, data in stream if name == "item"] == [
        {"index": index, "data": index + 1} for index in range(3)
    ]
    assert stream[-1][1]["data"] == [1, 2, 3]


def test_a_stream_without_items_is_as_before(shared_serve: Serve) -> None:
    """A list streams its text and its partial values, unless items are asked for."""
    stream = events(shared_serve(FakeEngine(["[1,2]"])), schema=NUMBERS)
    assert {name for name, _ in stream} == {"attempt", "text", "partial", "result"}


def test_a_problem_after_items_says_how_many_came(shared_serve: Serve) -> None:
    """What holds for the list as a whole is checked at its end."""
    schema = {**NUMBERS, "minItems": 3}
    url = shared_serve(FakeEngine(["[1,2]"]))
    stream = events(url, schema=schema, stream_items=True, limits={"max_attempts": 1})
    assert [name for name, _ in stream] == ["attempt", "item", "item", "problem"]
    assert stream[-1][1]["type"] == "/problems/unsatisfied"
    assert stream[-1][1]["detail"].endswith("delivered before: 2 items of the list")


def test_a_named_schema_may_be_a_list_of_items(shared_serve: Serve) -> None:
    """References inside the schema are resolved for each item."""
    schema = {
        "type": "array", "minItems": 1, "items": {"$ref": "#/$defs/row"},
        "$defs": {"row": {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}},
    }  # fmt: skip
    stream = events(shared_serve(FakeEngine([Reply('[{"a":1},{"a":2}]')])), schema=schema, stream_items=True)
    assert [data["data"] for name, data in stream if name == "item"] == [{"a": 1}, {"a": 2}]
