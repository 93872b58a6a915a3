"""The client retries passing failures of network and service, and raises lasting ones at once."""

from __future__ import annotations

import httpx
import pytest
from scripted_service import ATTEMPT, USAGE, Connect, answer, json, problem, sse

from structgen.client import Client
from structgen.errors import (
    BadRequest,
    BadResponse,
    ConfigError,
    ConnectionFailed,
    DeadlineExceeded,
    Incomplete,
    InvalidSchema,
    NotFound,
    Overloaded,
    StructgenError,
    Unauthorized,
)  # fmt: skip

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
def test_passing_failures_are_retried(connect: Connect, fault: httpx.Response | Exception) -> None:
    """The client sends the request again after lost connections, 429 and 503."""
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
    "a proxy's 502": (httpx.Response(502, text="<html>"), BadResponse),
    "moved": (httpx.Response(302, headers={"Location": "/elsewhere"}), BadResponse),
    "not JSON": (httpx.Response(200, text="hello"), BadResponse),
    "another service": (json(200, {"choices": []}), BadResponse),
    "a list": (json(200, [1]), BadResponse),
    "a problem without its members": (json(422, problem("schema-limit")), BadResponse),
}


@pytest.mark.parametrize(("fault", "error"), LASTING.values(), ids=LASTING.keys())
def test_lasting_failures_are_raised_at_once(
    connect: Connect, fault: httpx.Response, error: type[StructgenError]
) -> None:
    """A failure that a retry cannot help raises its error after one request."""
    client, service = connect(fault)
    with pytest.raises(error) as caught:
        client.extract("invoice", "text")
    assert type(caught.value) is error
    assert len(service.bodies) == 1


def test_the_last_failure_is_raised_after_max_retries(connect: Connect) -> None:
    """The error has the wait that the service asked for."""
    fault = json(429, problem("overloaded", retry_after=0.5), **{"Retry-After": "0"})
    client, service = connect(*[fault] * 3, max_retries=2)
    with pytest.raises(Overloaded) as caught:
        client.extract("invoice", "text")
    assert len(service.bodies) == 3
    assert caught.value.retry_after == 0


def test_an_unreachable_service_raises_connection_failed(connect: Connect) -> None:
    """The error quotes the reason that httpx gives."""
    client, _ = connect(httpx.ConnectError("refused"), max_retries=0)
    with pytest.raises(ConnectionFailed, match="refused"):
        client.health()


def test_integers_keep_every_digit(connect: Connect) -> None:
    """Large integers of request and response are not converted to floats."""
    big = 12345678901234567890123
    client, service = connect(json(200, answer({"n": big})))
    assert client.extract({"const": big}, "text") == {"n": big}
    assert service.bodies[0]["schema"] == {"const": big}


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://x", "", "http://", "http://x:port"])
def test_a_wrong_address_is_refused(url: str) -> None:
    """The constructor raises `ConfigError`."""
    with pytest.raises(ConfigError):
        Client(url)


def test_a_schema_with_nan_is_not_sent(connect: Connect) -> None:
    """JSON cannot represent NaN: the client raises `BadRequest`."""
    client, service = connect()
    with pytest.raises(BadRequest):
        client.extract({"const": float("nan")}, "text")
    assert service.bodies == []


def test_a_stream_that_ends_without_a_result_fails(connect: Connect) -> None:
    """The client does not retry after it has yielded an object."""
    client, service = connect(sse(("partial", {"data": {}})))
    stream = client.stream("invoice", "text")
    assert next(stream) == {}
    with pytest.raises(ConnectionFailed):
        next(stream)
    assert len(service.bodies) == 1


def test_a_stream_that_fails_before_its_first_object_is_retried(connect: Connect) -> None:
    """The caller sees the objects of the last stream alone."""
    busy = sse(("problem", problem("overloaded", retry_after=0)))
    client, _ = connect(httpx.ReadError("reset"), sse(), busy, sse(("result", answer({"a": 1}))))
    assert list(client.stream("invoice", "text")) == [{"a": 1}]


def test_a_problem_in_the_stream_is_raised(connect: Connect) -> None:
    """The client raises the error of a problem event."""
    client, _ = connect(sse(("text", {"delta": "{"}), ("problem", problem("engine-failed"))))
    with pytest.raises(StructgenError, match="it was engine-failed"):
        list(client.stream("invoice", "text"))
