"""What the client does when the network, the service or something in front of it fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from pydantic import BaseModel, field_validator

from structgen import json_text
from structgen.client import Client
from structgen.client.calls import Extraction, fetching
from structgen.client.protocol import Ask, Head, Lost, Read, Reply, Wait
from structgen.client.retry import Patience
from structgen.errors import (
    BadAnswer,
    BadRequest,
    ConfigError,
    ConnectionFailed,
    DeadlineExceeded,
    EngineUnavailable,
    Incomplete,
    InvalidSchema,
    NotFound,
    Overloaded,
    StructgenError,
    Unauthorized,
    Unsatisfied,
)  # fmt: skip

USAGE = {
    "prompt_tokens": 7,
    "completion_tokens": 2,
    "total_tokens": 9,
    "cached_tokens": 0,
    "forced_tokens": 1,
    "decode_steps": 1,
}
ATTEMPT = {
    "number": 1,
    "strategy": "constrained",
    "status": "valid",
    "usage": USAGE,
    "violations": [],
    "seconds": 0.5,
}


def answer(data: Any) -> dict[str, Any]:
    schema = {"name": None, "hash": "0" * 64, "dialect": "draft2020-12"}
    return {
        "id": "1",
        "status": "completed",
        "data": data,
        "attempts": [ATTEMPT],
        "usage": USAGE,
        "schema": schema,
        "model": "m",
    }


def problem(name: str, **members: Any) -> dict[str, Any]:
    return {"type": f"/problems/{name}", "title": name, "detail": f"it was {name}", **members}


def json(status: int, body: Any, **headers: str) -> httpx.Response:
    return httpx.Response(status, content=json_text.dumps(body).encode(), headers=headers)


class Service:
    """Answers in turn from a script, errors included; keeps the bodies it was sent."""

    def __init__(self, *script: httpx.Response | Exception) -> None:
        self.script = list(script)
        self.bodies: list[Any] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.bodies.append(json_text.loads(request.content) if request.content else None)
        step = self.script.pop(0)
        if isinstance(step, Exception):
            raise step
        return step


Connect = Callable[..., tuple[Client, Service]]


@pytest.fixture
def connect(monkeypatch: pytest.MonkeyPatch) -> Iterator[Connect]:
    """A client of a scripted service, whose waits are short."""
    opened: list[Client] = []

    def make(*script: httpx.Response | Exception, **options: Any) -> tuple[Client, Service]:
        service = Service(*script)
        client = Client("http://service", transport=httpx.MockTransport(service), **options)
        client.patience = Patience(client.patience.timeout, client.patience.max_retries, first_wait=0.001)
        opened.append(client)
        return client, service

    yield make
    for client in opened:
        client.close()


PASSING = {
    "connection refused": httpx.ConnectError("refused"),
    "connection reset": httpx.ReadError("reset"),
    "broken off": httpx.RemoteProtocolError("the peer closed the connection"),
    "queue full": json(429, problem("overloaded"), **{"Retry-After": "0"}),
    "engine restarting": json(503, problem("engine-unavailable"), **{"Retry-After": "0"}),
    "a proxy's 503": httpx.Response(
        503, text="<html>", headers={"Retry-After": "Sat, 01 Jan 2000 00:00:00 GMT"}
    ),
}


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING.keys())
def test_passing_faults_are_tried_again(connect: Connect, fault: httpx.Response | Exception) -> None:
    """Lost connections, 429 and 503 cost the caller nothing but time."""
    client, service = connect(fault, fault, json(200, answer({"a": 1})))
    assert client.extract("invoice", "text") == {"a": 1}
    assert len(service.bodies) == 3


LASTING = {
    "bad request": (json(400, problem("bad-request", violations=[])), BadRequest),
    "no key": (json(401, problem("unauthorized")), Unauthorized),
    "no such schema": (json(404, problem("not-found")), NotFound),
    "not a schema": (json(422, problem("invalid-schema", violations=[])), InvalidSchema),
    "budget": (
        json(422, problem("incomplete", partial={}, cut_at="/a", attempts=[ATTEMPT], usage=USAGE)),
        Incomplete,
    ),
    "deadline": (json(504, problem("deadline", attempts=[], usage=USAGE)), DeadlineExceeded),
    "internal": (json(500, problem("internal")), StructgenError),
    "a proxy's 502": (httpx.Response(502, text="<html>"), BadAnswer),
    "moved": (httpx.Response(302, headers={"Location": "/elsewhere"}), BadAnswer),
    "not JSON": (httpx.Response(200, text="hello"), BadAnswer),
    "another service": (json(200, {"choices": []}), BadAnswer),
    "a list": (json(200, [1]), BadAnswer),
    "a problem without its members": (json(422, problem("schema-limit")), BadAnswer),
}


@pytest.mark.parametrize(("fault", "error"), LASTING.values(), ids=LASTING.keys())
def test_lasting_faults_are_raised_at_once(
    connect: Connect, fault: httpx.Response, error: type[StructgenError]
) -> None:
    """What another try cannot mend is raised from the first answer, as the error of the tree."""
    client, service = connect(fault)
    with pytest.raises(error) as caught:
        client.extract("invoice", "text")
    assert type(caught.value) is error
    assert len(service.bodies) == 1


def test_retries_end(connect: Connect) -> None:
    """After `max_retries` the last fault is raised, with the service's wait."""
    fault = json(429, problem("overloaded", retry_after=0.5), **{"Retry-After": "0"})
    client, service = connect(*[fault] * 3, max_retries=2)
    with pytest.raises(Overloaded) as caught:
        client.extract("invoice", "text")
    assert len(service.bodies) == 3
    assert caught.value.retry_after == 0


def test_a_service_that_cannot_be_reached(connect: Connect) -> None:
    """The loss is told as `ConnectionFailed`, with what httpx said."""
    client, _ = connect(httpx.ConnectError("refused"), max_retries=0)
    with pytest.raises(ConnectionFailed, match="refused"):
        client.health()


def test_integers_keep_every_digit(connect: Connect) -> None:
    """Numbers of request and answer pass without a float in between."""
    big = 12345678901234567890123
    client, service = connect(json(200, answer({"n": big})))
    assert client.extract({"const": big}, "text") == {"n": big}
    assert service.bodies[0]["schema"] == {"const": big}


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://x", "", "http://", "http://x:port"])
def test_an_address_that_is_none(url: str) -> None:
    """A wrong address is told when the client is made."""
    with pytest.raises(ConfigError):
        Client(url)


def test_what_json_cannot_say(connect: Connect) -> None:
    """A schema with NaN never reaches the service."""
    client, service = connect()
    with pytest.raises(BadRequest):
        client.extract({"const": float("nan")}, "text")
    assert service.bodies == []


class Even(BaseModel):
    n: int

    @field_validator("n")
    @classmethod
    def even(cls, n: int) -> int:
        if n % 2:
            raise ValueError("n must be even")
        return n


def test_rejected_objects_are_asked_for_again(connect: Connect) -> None:
    """A type's own validators send the object back with their words; the account has both answers."""
    client, service = connect(json(200, answer({"n": 3})), json(200, answer({"n": 4})))
    result = client.result(Even, "three or four")
    assert result.data == Even(n=4)
    first, second = service.bodies
    assert second["document"].startswith("three or four\n\n")
    assert '{"n":3}' in second["document"]
    assert "/n: Value error, n must be even" in second["document"]
    assert {**second, "document": ""} == {**first, "document": ""}
    assert [(a.number, a.status) for a in result.attempts] == [(1, "violations"), (2, "valid")]
    assert result.usage.total_tokens == 18
    assert result.to_json()["usage"]["total_tokens"] == 18


def test_asking_again_is_bounded(connect: Connect) -> None:
    """Once the bound is reached the object is `Unsatisfied`, with all it cost."""
    client, service = connect(*[json(200, answer({"n": 3}))] * 2)
    with pytest.raises(Unsatisfied, match="n must be even") as caught:
        client.extract(Even, "text")
    assert len(service.bodies) == 2
    assert caught.value.last == {"n": 3}
    assert caught.value.usage.total_tokens == 18
    assert [a.status for a in caught.value.attempts] == ["violations", "violations"]


def test_not_asking_again(connect: Connect) -> None:
    """`ask_again=0` raises from the first object."""
    client, service = connect(json(200, answer({"n": 3})))
    with pytest.raises(Unsatisfied):
        client.extract(Even, "text", ask_again=0)
    assert len(service.bodies) == 1


@pytest.mark.parametrize(
    ("limits", "sent"),
    [
        ({"max_attempts": 1}, [{"max_attempts": 1}]),
        ({"max_total_tokens": 9}, [{"max_total_tokens": 9}]),
        ({"max_attempts": 3, "priority": 2}, [{"max_attempts": 3, "priority": 2}, {"max_attempts": 2, "priority": 2}]),
        ({"max_total_tokens": 50}, [{"max_total_tokens": 50}, {"max_total_tokens": 41}]),
    ],
    ids=str,
)  # fmt: skip
def test_asking_again_stays_within_the_callers_limits(connect: Connect, limits: Any, sent: Any) -> None:
    """What the first answer took is gone; where nothing is left, its violations are told."""
    client, service = connect(*[json(200, answer({"n": 3}))] * 2)
    with pytest.raises(Unsatisfied, match="n must be even"):
        client.extract(Even, "text", limits=limits)
    assert [body["limits"] for body in service.bodies] == sent


@pytest.mark.parametrize(
    ("options", "at"),
    [
        ({"limits": 5}, "/limits"),
        ({"sampling": "x"}, "/sampling"),
        ({"messages": "hi"}, "/messages/0"),
        ({"examples": [("a", {})]}, "/examples/0"),
        ({"document": b"x"}, "/document"),
    ],
    ids=str,
)
def test_what_cannot_be_sent_is_told_with_its_place(connect: Connect, options: Any, at: str) -> None:
    """Before anything is."""
    client, service = connect(json(200, answer({"n": 2})))
    with pytest.raises(BadRequest) as caught:
        client.extract(Even, **{"document": "x", **options})
    assert [v.pointer for v in caught.value.violations] == [at]
    assert not service.bodies


def test_an_error_of_the_second_answer_tells_of_the_first(connect: Connect) -> None:
    """Attempts and usage of what was sent back are in the error too."""
    cut = problem("incomplete", partial=None, cut_at="", attempts=[ATTEMPT], usage=USAGE)
    client, _ = connect(json(200, answer({"n": 3})), json(422, cut))
    with pytest.raises(Incomplete) as caught:
        client.extract(Even, "text")
    assert [a.number for a in caught.value.attempts] == [1, 2]
    assert caught.value.usage.total_tokens == 18


def sse(*events: tuple[str, Any]) -> httpx.Response:
    text = "".join(f"event: {name}\ndata: {json_text.dumps(data)}\n\n" for name, data in events)
    return httpx.Response(200, content=text.encode(), headers={"Content-Type": "text/event-stream"})


def test_a_stream_that_just_ends(connect: Connect) -> None:
    """Without result and problem the stream broke off; what was shown is not asked for again."""
    client, service = connect(sse(("partial", {"data": {}})))
    stream = client.stream("invoice", "text")
    assert next(stream) == {}
    with pytest.raises(ConnectionFailed):
        next(stream)
    assert len(service.bodies) == 1


def test_a_stream_that_breaks_before_anything_was_shown(connect: Connect) -> None:
    """As long as the caller saw nothing, another try is safe."""
    busy = sse(("problem", problem("overloaded", retry_after=0)))
    client, _ = connect(httpx.ReadError("reset"), sse(), busy, sse(("result", answer({"a": 1}))))
    assert list(client.stream("invoice", "text")) == [{"a": 1}]


def test_a_problem_in_the_stream(connect: Connect) -> None:
    """The problem event is raised as the error of the tree."""
    client, _ = connect(sse(("text", {"delta": "{"}), ("problem", problem("engine-failed"))))
    with pytest.raises(StructgenError, match="it was engine-failed"):
        list(client.stream("invoice", "text"))


class Clock:
    """Time that passes when a wait is performed."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def waits(reply: Reply, patience: Patience, clock: Clock) -> list[float]:
    """The waits of a call that always gets the same reply; raises what the call raises."""
    call, waited = fetching("/health", patience), list[float]()
    step = next(call)
    try:
        while True:
            if isinstance(step, Wait):
                waited.append(step.seconds)
                clock.now += step.seconds
            step = call.send(reply if isinstance(step, Ask) else b"" if isinstance(step, Read) else None)
    except (ConnectionFailed, EngineUnavailable):
        return waited


def test_waits_double_with_jitter() -> None:
    """Half of a wait is sure, half is chance; each is twice the one before."""
    clock = Clock()
    for chance, expected in ((0.0, [0.5, 1.0, 2.0]), (0.5, [0.75, 1.5, 3.0])):
        patience = Patience(first_wait=1.0, clock=clock, chance=lambda chance=chance: chance)
        assert waits(Lost("reset"), patience, clock) == expected


def test_the_service_says_when() -> None:
    """`Retry-After` is waited for, on top of it the own spread."""
    clock = Clock()
    patience = Patience(max_retries=1, first_wait=1.0, clock=clock, chance=lambda: 0.0)
    assert waits(Head(503, {"retry-after": "7"}), patience, clock) == [7.5]


def test_too_long_a_wait_is_not_waited() -> None:
    """A wait beyond `max_wait`, or past the deadline, ends the call at once."""
    clock = Clock()
    assert waits(Head(503, {"retry-after": "31"}), Patience(clock=clock), clock) == []
    assert waits(Head(503, {"retry-after": "20"}), Patience(timeout=10, clock=clock), clock) == []


def test_the_deadline_covers_all_tries() -> None:
    """Each try gets what is left; after that comes `DeadlineExceeded`, not the last fault."""
    clock = Clock()
    call = Extraction("invoice", "text").call(Patience(timeout=10, clock=clock, chance=lambda: 0.0))
    assert next(call) == Ask(
        "POST", "/v1/extract", b'{"schema":"invoice","document":"text","stream":false}', 10
    )
    clock.now = 4
    assert call.send(Lost("reset")) == Wait(0.125)
    second = call.send(None)
    assert isinstance(second, Ask)
    assert second.timeout == 6
    clock.now = 10
    with pytest.raises(DeadlineExceeded, match="10 s"):
        call.send(Lost("timed out"))
