"""A call decides when it retries and when it ends; these tests drive it without a network."""

from __future__ import annotations

import pytest

from structgen.backoff import Backoff
from structgen.client.calls import get
from structgen.client.extraction import Extraction
from structgen.client.policy import CallPolicy
from structgen.client.protocol import (
    ConnectionLost,
    ReadChunk,
    Reply,
    ResponseHead,
    SendRequest,
    Sleep,
)
from structgen.errors import ConnectionFailed, DeadlineExceeded, EngineUnavailable


class Clock:
    """A clock that advances only when a call sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def sleeps(reply: Reply, policy: CallPolicy, clock: Clock) -> list[float]:
    """Return the sleeps of a call that always gets the same reply."""
    call, seconds = get("/health", policy), list[float]()
    step = next(call)
    try:
        while True:
            if isinstance(step, Sleep):
                seconds.append(step.seconds)
                clock.now += step.seconds
            step = call.send(
                reply if isinstance(step, SendRequest) else b"" if isinstance(step, ReadChunk) else None
            )
    except (ConnectionFailed, EngineUnavailable):
        return seconds


def test_waits_double_with_jitter() -> None:
    """Each wait is twice the one before, times a random factor between a half and one."""
    clock = Clock()
    for chance, expected in ((0.0, [0.5, 1.0, 2.0]), (0.5, [0.75, 1.5, 3.0])):
        backoff = Backoff(first=1.0, random=lambda chance=chance: chance)
        policy = CallPolicy(backoff=backoff, clock=clock)
        assert sleeps(ConnectionLost("reset"), policy, clock) == expected


def test_retry_after_is_added_to_the_wait() -> None:
    """The client waits for `Retry-After` and its own backoff together."""
    clock = Clock()
    policy = CallPolicy(max_retries=1, backoff=Backoff(first=1.0, random=lambda: 0.0), clock=clock)
    assert sleeps(ResponseHead(503, {"retry-after": "7"}), policy, clock) == [7.5]


def test_a_wait_that_is_too_long_ends_the_call() -> None:
    """A wait beyond the longest of the backoff, or past the deadline, ends the call at once."""
    clock = Clock()
    assert sleeps(ResponseHead(503, {"retry-after": "31"}), CallPolicy(clock=clock), clock) == []
    assert sleeps(ResponseHead(503, {"retry-after": "20"}), CallPolicy(timeout=10, clock=clock), clock) == []


def test_the_deadline_covers_all_retries() -> None:
    """Each retry gets the time that is left; then the call raises `DeadlineExceeded`, not the last failure."""
    clock = Clock()
    call = Extraction("invoice", "text").call(
        CallPolicy(timeout=10, clock=clock, backoff=Backoff(random=lambda: 0.0))
    )
    assert next(call) == SendRequest(
        "POST", "/v1/extract", b'{"schema":"invoice","document":"text","stream":false}', 10
    )
    clock.now = 4
    assert call.send(ConnectionLost("reset")) == Sleep(0.125)
    second = call.send(None)
    assert isinstance(second, SendRequest)
    assert second.timeout == 6
    clock.now = 10
    with pytest.raises(DeadlineExceeded, match="10 s"):
        call.send(ConnectionLost("timed out"))
