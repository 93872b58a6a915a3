"""For any response, a client returns a result of the right types or raises a structgen error."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from odd import RETRY_AFTER, STATUSES, mutated
from pydantic import BaseModel

from structgen import AsyncClient, Client, json_text
from structgen.client import ExtractResult
from structgen.client.policy import CallPolicy
from structgen.client.problems import from_problem
from structgen.errors import BadResponse, Overloaded, StructgenError, Unavailable
from structgen.types import Attempt, Usage, Violation

USAGE = {"prompt_tokens": 7, "completion_tokens": 2, "total_tokens": 9, "cached_tokens": 0, "forced_tokens": 1, "decode_steps": 1}  # fmt: skip
VIOLATION = {"pointer": "/a", "keyword": "type", "message": "not so"}
ATTEMPT = {"number": 1, "strategy": "constrained", "status": "violations", "usage": USAGE, "violations": [VIOLATION], "seconds": 0.5, "opened": ["/a"]}  # fmt: skip
RESULT: dict[str, Any] = {
    "id": "1",
    "status": "completed",
    "data": {"a": 1},
    "attempts": [ATTEMPT, {**ATTEMPT, "number": 2, "status": "valid", "violations": []}],
    "usage": USAGE,
    "schema": {"name": None, "hash": "0" * 64, "dialect": "draft2020-12"},
    "model": "m",
    "reasoning": "so",
    "warnings": [{"pointer": "", "code": "unknown-keyword", "message": "typo"}],
    "candidates": [{"status": "valid", "data": {"a": 1}, "attempts": [ATTEMPT]}],
}
PROBLEMS = tuple(
    {"type": f"/problems/{name}", "title": name, "status": 422, "detail": "so", "instance": "1", "attempts": [ATTEMPT], "usage": USAGE, **members}
    for name, members in {
        "bad-request": {"violations": [VIOLATION]},
        "schema-limit": {"limit": "depth", "value": 9, "allowed": 3},
        "prompt-too-long": {"tokens": 9, "allowed": 3},
        "too-large": {"allowed": 3},
        "incomplete": {"partial": {"a": 1}, "cut_at": "/a"},
        "unsatisfied": {"violations": [VIOLATION], "last": 1},
        "deadline": {},
        "overloaded": {"retry_after": 0.5},
        "engine-unavailable": {"retry_after": 0.5},
        "unauthorized": {},
    }.items()
)  # fmt: skip
REPAIRED = {
    "results": [
        {
            "value": {"a": 1},
            "status": "repaired",
            "fixes": [{"kind": "comma", "start": 0, "end": 1, "text": ","}],
            "changes": [{"op": "replace", "path": "/a", "value": 1, "reason": "so", "risk": "coerced"}],
            "violations": [VIOLATION],
            "usage": USAGE,
        }
    ]
}
BODIES = mutated((RESULT, RESULT, REPAIRED, {"violations": [VIOLATION]}, {"data": [{"id": "m"}]}, *PROBLEMS))


class Odd(BaseModel):
    a: int


CALLS: dict[str, Callable[[Any], Any]] = {
    "result": lambda client: client.result("invoice", "text"),
    "typed": lambda client: client.result(Odd, "text"),
    "repair": lambda client: client.repair("{a:1}", {"type": "object"}),
    "validate": lambda client: client.validate({}, 1),
    "models": lambda client: client.models(),
    "health": lambda client: client.health(),
}
QUICK = CallPolicy(timeout=5.0, max_retries=0)


def check(value: Any) -> None:
    """Assert that all members of a result can be read and have their types."""
    if isinstance(value, ExtractResult):
        assert isinstance(value.id, str)
        assert isinstance(value.model, str)
        assert isinstance(dict(value.schema), dict)
        assert value.reasoning is None or isinstance(value.reasoning, str)
        assert all(isinstance(w.code, str) for w in value.warnings)
        assert all(isinstance(c, dict) for c in value.candidates)
        check_account(value)
        json_text.dumps(value.to_json())
    elif isinstance(value, list):
        assert all(isinstance(entry, Violation | str) for entry in value)


def check_account(holder: Any) -> None:
    """Assert that attempts and usage have their types."""
    assert all(isinstance(a, Attempt) and isinstance(a.number, int) for a in holder.attempts)
    assert all(isinstance(a.seconds, float) and isinstance(a.status, str) for a in holder.attempts)
    usages = [holder.usage, *(a.usage for a in holder.attempts)]
    assert all(isinstance(u, Usage) for u in usages)
    assert all(type(getattr(u, f.name)) is int and getattr(u, f.name) >= 0 for u in usages for f in fields(u))


def check_error(error: StructgenError) -> None:
    """Its words, members and account can be holder."""
    assert str(error)
    check_account(error)
    json_text.dumps(error.problem_members())
    if isinstance(error, Unavailable):
        assert 0 <= error.retry_after <= 86_400


def answers(response: Callable[[], httpx.Response], call: Callable[[Any], Any]) -> None:
    """Give both clients the same response, and check the results."""
    with Client("http://service", transport=httpx.MockTransport(lambda _: response())) as client:
        client.policy = QUICK
        try:
            check(call(client))
        except StructgenError as error:
            check_error(error)

    async def ask() -> None:
        transport = httpx.MockTransport(lambda _: response())
        async with AsyncClient("http://service", transport=transport) as client:
            client.policy = QUICK
            check(await call(client))

    try:
        asyncio.run(ask())
    except StructgenError as error:
        check_error(error)


@settings(max_examples=200, deadline=None)
@given(BODIES, STATUSES, RETRY_AFTER, st.sampled_from(sorted(CALLS)))
@example(b'{"results":[]}', 200, "", "repair")
@example(b'{"data":5}', 200, "", "models")
@example(b'{"type":"/problems/overloaded","retry_after":"soon"}', 429, "", "health")
def test_any_response_gives_a_result_or_a_structgen_error(
    body: bytes, status: int, retry_after: str, call: str
) -> None:
    """This holds for both clients and each of their calls."""
    headers = {"Retry-After": retry_after.encode()} if retry_after else {}
    answers(lambda: httpx.Response(status, content=body, headers=headers), CALLS[call])


def event(name: str, data: bytes) -> bytes:
    return b"event: " + name.encode() + b"\ndata: " + data + b"\n\n"


NAMES = st.sampled_from(["attempt", "text", "partial", "partial", "result", "result", "problem", "other"])


@settings(max_examples=120, deadline=None)
@given(st.lists(st.tuples(NAMES, BODIES), max_size=4), st.integers(0, 5))
def test_any_stream_gives_a_result_or_a_structgen_error(events: list[tuple[str, bytes]], cut: int) -> None:
    """The events have odd bodies, and the end may be cut off."""
    body = b"".join(event(*e) for e in events)
    body = body[: len(body) - cut]

    def call(client: Any) -> Any:
        if isinstance(client, Client):
            return list(client.stream("invoice", "text"))[:0]

        async def read() -> list[Any]:
            return [item async for item in client.stream("invoice", "text")][:0]

        return read()

    answers(lambda: httpx.Response(200, content=body), call)


@pytest.mark.parametrize(
    "odd", ["soon", None, True, -1, 1e308, [], [1], {}, 10**400, float("nan")], ids=lambda odd: f"{odd!r:.20}"
)
def test_an_odd_retry_after_becomes_one_second(odd: Any) -> None:
    """The error has the default wait if the problem has no number of seconds."""
    error = from_problem({"type": "/problems/overloaded", "detail": "full", "retry_after": odd})
    assert isinstance(error, Overloaded)
    assert error.retry_after == 1.0


@pytest.mark.parametrize(
    ("odd", "tokens"),
    [(None, 0), ("x", 0), ([], 0), ({}, 0), ({"prompt_tokens": None}, 0), ({"prompt_tokens": "7"}, 0),
     ({"prompt_tokens": -7}, 0), ({"prompt_tokens": 7.0}, 7), ({"prompt_tokens": 7.5}, 0), ({"prompt_tokens": True}, 0),
     ({"prompt_tokens": 10**30}, 0), ({"prompt_tokens": 7}, 7)],
    ids=str,
)  # fmt: skip
def test_an_odd_usage_does_not_fail_a_valid_object(odd: Any, tokens: int) -> None:
    """Counts that are not numbers become 0."""
    body = json_text.dumps({**RESULT, "usage": odd}).encode()
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=body))
    with Client("http://service", transport=transport) as client:
        result = client.result("invoice", "text")
    assert result.data == {"a": 1}
    assert result.usage.prompt_tokens == tokens


@pytest.mark.parametrize(
    ("member", "odd"),
    [("attempts", 5), ("attempts", [5]), ("attempts", []), ("warnings", "x"), ("warnings", [{}]), ("id", None), ("schema", []), ("candidates", {"a": 1})],
    ids=str,
)  # fmt: skip
def test_a_response_that_breaks_the_contract_is_refused(member: str, odd: Any) -> None:
    """The call raises `BadResponse`, before the caller reads the member."""
    body = json_text.dumps({**RESULT, "candidates": [], member: odd}).encode()
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=body))
    with (
        Client("http://service", transport=transport) as client,
        pytest.raises(BadResponse, match="structgen's"),
    ):
        client.result("invoice", "text")
