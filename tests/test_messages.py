"""Messages name what is wrong, where, and the field, flag or name that mends it: in process and over HTTP."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import structgen
from structgen import Client, Generator, Schema, repair
from structgen.engines import open_engine
from structgen.engines.fake import FakeEngine, Reply
from structgen.errors import (
    BadRequest,
    ConfigError,
    ConnectionFailed,
    DeadlineExceeded,
    InvalidSchema,
    Unsatisfied,
)
from structgen.messages import counted
from structgen.schema.limits import SchemaLimits
from structgen.suggestions import did_you_mean, nearest_name, unknown_member
from structgen.types import Limits

KEY = {"authorization": "Bearer sesame"}
Post = Callable[..., httpx.Response]


@pytest.fixture(scope="module")
def url(shared_serve: Callable[..., str]) -> str:
    return shared_serve(
        FakeEngine([Reply('{"x":1}', delay=1)]), api_key="sesame", max_body=2000, max_deadline=0.3
    )


@pytest.fixture
def post(url: str) -> Iterator[Post]:
    with httpx.Client(base_url=url) as http:
        yield lambda body, path="/v1/extract", headers=KEY: http.post(path, json=body, headers=headers)


BODIES: dict[str, tuple[dict[str, Any], str, str]] = {
    "one that belongs elsewhere": ({"temperature": 1}, "/temperature", "it belongs under sampling"),
    "and in another group": ({"sampling": {"deadline": 1}}, "/sampling/deadline", "it belongs under limits"),
    "at the top": ({"limits": {"prompt": "x"}}, "/limits/prompt", "it belongs at the top of the request"),
    "misspelt": ({"promt": "x"}, "/promt", "did you mean 'prompt'?"),
    "misspelt below": ({"sampling": {"temprature": 1}}, "/sampling/temprature", "did you mean 'temperature'?"),
    "in another style": ({"maxTokens": 1}, "/maxTokens", "did you mean 'max_tokens', under sampling?"),
    "in a turn": ({"messages": [{"role": "user", "content": "x", "rol": 1}]}, "/messages/0/rol", "'role'?"),
    "like nothing": ({"zebra": 1}, "/zebra", "choose one of: document, evidence, examples, file, limits"),
    "a choice": ({"strategy": "repiar"}, "/strategy", "did you mean 'repair'?"),
    "no schema": ({"schema": None}, "/schema", "a JSON Schema"),
}  # fmt: skip


@pytest.mark.parametrize(("more", "at", "told"), BODIES.values(), ids=BODIES.keys())
def test_members_that_are_none(post: Post, more: dict[str, Any], at: str, told: str) -> None:
    """Each with its pointer, and where or what it should be."""
    problem = post({"schema": True, "document": "x", **more}).json()
    found = {violation["pointer"]: violation["message"] for violation in problem["violations"]}
    assert told in found[at]
    assert told in problem["detail"]


HEADERS = {
    "none": ({}, "no API key"),
    "not of the form": ({"authorization": "sesame"}, "not of the form: Bearer KEY"),
    "wrong": ({"authorization": "Bearer other"}, "the API key is wrong"),
}


@pytest.mark.parametrize(("headers", "told"), HEADERS.values(), ids=HEADERS.keys())
def test_keys(post: Post, headers: dict[str, str], told: str) -> None:
    """No key, one that is wrong, and a header that holds none are three things."""
    answer = post({}, headers=headers)
    assert (answer.status_code, told in answer.json()["detail"]) == (401, True)


PATHS = {
    "/v1/v1/extract": "base URL without /v1",
    "/extract": "it is /v1/extract",
    "/v1/extrat": "did you mean '/v1/extract'?",
    "/nothing/of/the/kind": "described at /docs",
    "/problems/incomplet": "did you mean 'incomplete'?",
}


@pytest.mark.parametrize(("path", "told"), PATHS.items(), ids=PATHS.keys())
def test_routes_that_are_none(url: str, path: str, told: str) -> None:
    """The nearest one, or the mistake that everybody makes."""
    send = httpx.get if path.startswith("/problems") else httpx.post
    answer = send(f"{url}{path}", headers=KEY)
    assert (answer.status_code, told in answer.json()["detail"]) == (404, True)


def test_bounds_of_the_service_name_their_flag(post: Post) -> None:
    """Body and deadline."""
    assert "--max-body" in post({"schema": True, "document": "x" * 3000}).json()["detail"]
    late = post({"schema": True, "document": "x"}).json()["detail"]
    assert "limits.deadline" in late
    assert "--max-deadline" in late


SCHEMAS: dict[str, tuple[Any, str]] = {
    "a misspelt type": ({"type": "objekt"}, "did you mean 'object'?"),
    "a type of Python": ({"properties": {"n": {"type": "int"}}}, 'write "type":"integer"'),
    "in a list of types": ({"type": ["strng", "null"]}, "did you mean 'string'?"),
    "a draft": ({"$schema": "http://json-schema.org/draft-7/schema"}, "draft-07/schema'?"),
}


@pytest.mark.parametrize(("definition", "told"), SCHEMAS.values(), ids=SCHEMAS.keys())
def test_schemas_that_are_none(definition: Any, told: str) -> None:
    """The fault of the closest alternative, never that none fits."""
    with pytest.raises(InvalidSchema) as caught:
        Schema.parse(definition)
    assert told in str(caught.value)
    assert "any of the given schemas" not in str(caught.value)


@pytest.mark.parametrize(
    "keyword", ["type", "items", "dependencies", "additionalProperties", "enum", "required", "pattern"]
)
@pytest.mark.parametrize("value", [3, "nonsense", {"a": 1}, [1], None, {"a": {"type": 3}}], ids=repr)
@pytest.mark.parametrize("draft", ["04", "07"])
def test_no_fault_says_that_none_fits(draft: str, keyword: str, value: Any) -> None:
    """Whatever a keyword is given: the message tells what is wrong with the alternative that was meant."""
    told = ""
    try:
        Schema.parse({"$schema": f"http://json-schema.org/draft-{draft}/schema#", keyword: value})
    except InvalidSchema as error:
        told = str(error)
    assert "any of the given schemas" not in told


def test_limits_of_schemas_name_their_flag() -> None:
    """And the argument in process."""
    with pytest.raises(structgen.errors.SchemaLimit, match=r"--schema-limit max_enum=NUMBER.*limits="):
        Schema.parse({"enum": [1, 2, 3]}, limits=SchemaLimits(max_enum=2))


OPTIONS = {
    "temperature": "it belongs under sampling",
    "promt": "did you mean 'prompt'?",
    "max_tokns": "did you mean 'max_tokens', under sampling?",
}


@pytest.mark.parametrize(("name", "told"), OPTIONS.items(), ids=OPTIONS.keys())
@pytest.mark.parametrize("kind", ["client", "generator"])
def test_options_that_are_none(kind: str, name: str, told: str) -> None:
    """A `TypeError`, as for any function, which names no private class."""
    source: Any = Client("http://127.0.0.1:1") if kind == "client" else Generator(FakeEngine([]))
    with source, pytest.raises(TypeError) as caught:
        source.extract(True, "x", **{name: 1})
    assert told in str(caught.value)
    assert "__init__" not in str(caught.value)


def test_members_of_groups_in_process() -> None:
    """As the service tells them."""
    with Generator(FakeEngine([])) as generator:
        with pytest.raises(BadRequest, match="did you mean 'max_tokens'"):
            generator.extract(True, "x", sampling={"max_tokn": 1})
        with pytest.raises(BadRequest, match="belongs under limits"):
            generator.extract(True, "x", sampling={"deadline": 1})


def test_a_deadline_in_process_names_its_field() -> None:
    """That of the caller."""
    engine = FakeEngine([Reply('{"x":1}', delay=5)])
    with Generator(engine) as generator, pytest.raises(DeadlineExceeded, match=r"raise limits\.deadline"):
        generator.extract(True, "x", limits=Limits(deadline=0.1))


def test_a_refused_connection_names_the_address() -> None:
    """Without the password that it may hold."""
    with Client("http://me:secret@127.0.0.1:1", max_retries=0) as client:
        with pytest.raises(ConnectionFailed, match=r"http://127\.0\.0\.1:1: ") as caught:
            client.health()
        assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "told"),
    {
        "locl": "did you mean 'local'?",
        "foo": "choose one of: local, vllm",
        "outlines:tranformers": "'transformers'?",
    }.items(),
)
def test_engines_that_are_none(name: str, told: str) -> None:
    """The nearest, and all."""
    with pytest.raises(ConfigError) as caught:
        open_engine(name, "model")
    assert told in str(caught.value)


@pytest.mark.parametrize("given", [[1], 7], ids=["list", "number"])
def test_a_schema_of_another_type_is_named(given: Any) -> None:
    """It does not pass for a Python type."""
    with pytest.raises(InvalidSchema, match="a JSON Schema is an object, true or false, not a"):
        Schema.parse(given)


def test_an_unsatisfied_schema_names_its_first_violation() -> None:
    """With the pointer, in the words of the error itself."""
    schema = {"type": "object", "properties": {"total": {"minimum": 0}}}
    with (
        Generator(FakeEngine(['{"total":-3}'])) as generator,
        pytest.raises(Unsatisfied, match=r"1 violation \(/total: -3 is less than the minimum of 0\)"),
    ):
        generator.extract(schema, "Total: -3", limits={"max_attempts": 1})


@pytest.mark.parametrize("given", [None, 5, ["{}"], {"a": 1}], ids=repr)
@pytest.mark.parametrize("entry", ["library", "generator", "client"])
def test_repair_of_another_value_than_a_text_names_the_type(entry: str, given: Any) -> None:
    """And the argument, and what it takes; nothing is sent."""
    calls: dict[str, Callable[[Any], Any]] = {
        "library": repair,
        "generator": Generator(FakeEngine([])).repair,
        "client": Client("http://127.0.0.1:9").repair,
    }
    with pytest.raises(BadRequest, match=f"str, or bytes in UTF-8, not {type(given).__name__}") as raised:
        calls[entry](given)
    assert raised.value.violations[0].pointer == "/text"


class Named(str):
    """A text whose `str()` is another one."""

    __slots__ = ()

    def __str__(self) -> str:
        return "another"


@pytest.mark.parametrize(
    "given",
    [Named("{a: 1}"), b"{a: 1}", bytearray(b"{a: 1}"), memoryview(b"{a: 1}"), memoryview(b"{ a:  1 }")[::1]],
    ids=lambda given: type(given).__name__,
)
def test_repair_takes_every_kind_of_text(given: Any) -> None:
    """Subclasses of `str`, and everything that holds bytes."""
    assert repair(given).value == {"a": 1}
    with Generator(FakeEngine([])) as generator:
        assert generator.repair(given).value == {"a": 1}


@pytest.mark.parametrize("engine", [None, FakeEngine(["{}"])], ids=["rules", "engine"])
@pytest.mark.parametrize(("name", "choices"), [("on_loss", "error, accept"), ("max_risk", "lossless, ")])
def test_an_unknown_option_of_repair_is_named(name: str, choices: str, engine: FakeEngine | None) -> None:
    """With its choices, whoever repairs."""
    with pytest.raises(BadRequest, match=f"{name}: 'maybe' is not one of {choices}") as raised:
        repair("{", {"type": "object"}, engine=engine, **{name: "maybe"})  # type: ignore[arg-type]
    assert raised.value.violations[0].pointer == f"/{name}"


def test_names_of_schemas(post: Post) -> None:
    """The nearest, and all."""
    detail = post({"schema": "invoce", "document": "x"}).json()["detail"]
    assert "did you mean 'invoice'? Choose one of: contact" in detail


@pytest.mark.parametrize(
    ("name", "known", "expected"),
    [
        ("maxTokens", ["max_tokens", "top_k"], "max_tokens"),
        ("max-queue", ["max_queue"], "max_queue"),
        ("Invoice", ["invoice"], "invoice"),
        ("zebra", ["invoice"], None),
        ("a" * 10_000, ["a"], None),
        ("", ["a"], None),
        ("x", [], None),
    ],
)
def test_nearest(name: str, known: list[str], expected: str | None) -> None:
    """By letters alone, and only what is close."""
    assert nearest_name(name, known) == expected
    assert bool(did_you_mean(name, known)) == (expected is not None)


def test_counts_have_their_number() -> None:
    """One is one."""
    assert [counted(n, "violation") for n in (0, 1, 2)] == ["0 violations", "1 violation", "2 violations"]
    assert unknown_member("x", "a", {"a": ["y"]}) == "a has no member 'x'; choose one of: y"


def test_no_message_counts_one_thing_as_many() -> None:
    """`f"{count} violations"` says `1 violations` for one: `counted` does not."""
    unheeded = []
    for path in Path(structgen.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.JoinedStr):
                for value, text in zip(node.values, node.values[1:], strict=False):
                    if isinstance(value, ast.FormattedValue) and isinstance(text, ast.Constant):
                        word = str(text.value).lstrip().split(" ")[0].rstrip(",.:;)")
                        if word in ("violations", "attempts"):
                            unheeded.append(f"{path.name}:{node.lineno}")
    assert unheeded == []
