"""The client sends an object back that the validators of its type reject."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, field_validator
from scripted_service import ATTEMPT, USAGE, Connect, answer, json, problem

from structgen.errors import BadRequest, Incomplete, Unsatisfied


class Even(BaseModel):
    n: int

    @field_validator("n")
    @classmethod
    def even(cls, n: int) -> int:
        if n % 2:
            raise ValueError("n must be even")
        return n


def test_a_rejected_object_is_sent_back(connect: Connect) -> None:
    """The second request has the object and the message of the type's validator; the result has both attempts."""
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


def test_ask_again_bounds_the_requests(connect: Connect) -> None:
    """After the last request the client raises `Unsatisfied` with the attempts and usage of all."""
    client, service = connect(*[json(200, answer({"n": 3}))] * 2)
    with pytest.raises(Unsatisfied, match="n must be even") as caught:
        client.extract(Even, "text")
    assert len(service.bodies) == 2
    assert caught.value.last == {"n": 3}
    assert caught.value.usage.total_tokens == 18
    assert [a.status for a in caught.value.attempts] == ["violations", "violations"]


def test_ask_again_zero_sends_one_request(connect: Connect) -> None:
    """The client raises `Unsatisfied` for the first rejected object."""
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
def test_further_requests_stay_within_the_callers_limits(connect: Connect, limits: Any, sent: Any) -> None:
    """The second request has what the first left of the limits; if that is nothing, there is none."""
    client, service = connect(*[json(200, answer({"n": 3}))] * 2)
    with pytest.raises(Unsatisfied, match="n must be even"):
        client.extract(Even, "text", limits=limits)
    assert [body["limits"] for body in service.bodies] == sent


@pytest.mark.parametrize(
    ("options", "pointer"),
    [
        ({"limits": 5}, "/limits"),
        ({"sampling": "x"}, "/sampling"),
        ({"messages": "hi"}, "/messages/0"),
        ({"examples": [("a", {})]}, "/examples/0"),
        ({"document": b"x"}, "/document"),
    ],
    ids=str,
)
def test_a_wrong_argument_is_refused_with_its_pointer(connect: Connect, options: Any, pointer: str) -> None:
    """The client sends no request."""
    client, service = connect(json(200, answer({"n": 2})))
    with pytest.raises(BadRequest) as caught:
        client.extract(Even, **{"document": "x", **options})
    assert [v.pointer for v in caught.value.violations] == [pointer]
    assert not service.bodies


def test_an_error_of_the_second_request_has_the_attempts_of_the_first(connect: Connect) -> None:
    """Attempts are numbered through, and the usage is the sum."""
    cut = problem("incomplete", partial=None, cut_at="", attempts=[ATTEMPT], usage=USAGE)
    client, _ = connect(json(200, answer({"n": 3})), json(422, cut))
    with pytest.raises(Incomplete) as caught:
        client.extract(Even, "text")
    assert [a.number for a in caught.value.attempts] == [1, 2]
    assert caught.value.usage.total_tokens == 18
