"""HTTP exchanges of one call: retries and deadline. This module does no I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from structgen.client.policy import CallPolicy
from structgen.client.protocol import (
    Call,
    ConnectionLost,
    Emit,
    ReadChunk,
    ResponseHead,
    SendRequest,
    Sleep,
)
from structgen.client.responses import decoding, error_of, json_object, partial_objects
from structgen.errors import ConnectionFailed, DeadlineExceeded, StructgenError, Unavailable
from structgen.http_responses import BodyDecoder, EventParser, ServerSentEvent, response_too_large
from structgen.types import Usage


class Exchange:
    """Send requests under one deadline and one count of retries."""

    def __init__(self, policy: CallPolicy) -> None:
        self._policy = policy
        self._deadline = policy.clock() + policy.timeout
        self._retries = 0
        self._decoder = BodyDecoder()

    def request(self, method: str, path: str, body: bytes | None = None) -> Call[dict[str, Any]]:
        """Send a request and return the JSON object of the response."""
        while True:
            try:
                yield from self._open(SendRequest(method, path, body, self._time_left()))
                return json_object((yield from self._read_body()))
            except (Unavailable, ConnectionFailed) as error:
                yield Sleep(self._wait_before_retry(error))

    def stream(
        self, path: str, body: bytes, values_of: Callable[[ServerSentEvent], list[Any]] = partial_objects
    ) -> Call[dict[str, Any]]:
        """Emit the values of a stream's events, its partial objects by default, and return its result.

        Events of other names are passed over: a later service may have more of them.

        A failure after the first emitted object is not retried.
        """
        emitted = False
        while True:
            try:
                yield from self._open(SendRequest("POST", path, body, self._time_left()))
                parser = EventParser(self._policy.max_response_bytes)
                while pieces := (yield from self._read_pieces()):
                    for event in _events(parser, pieces):
                        if event.name == "result":
                            return json_object(event.data)
                        for value in values_of(event):
                            emitted = True
                            yield Emit(value)
                raise ConnectionFailed("the stream ended without a result")
            except (Unavailable, ConnectionFailed) as error:
                if emitted:
                    raise
                yield Sleep(self._wait_before_retry(error))

    def _open(self, request: SendRequest) -> Call[None]:
        """Send a request; leave the body of a success to be read, raise the error of any other response."""
        head = yield request
        if not isinstance(head, ResponseHead):
            raise self._failure(head)
        with decoding():
            self._decoder = BodyDecoder(head.headers.get("content-encoding", ""))
        if not 200 <= head.status < 300:
            raise error_of(head, (yield from self._read_body()))

    def _read_pieces(self) -> Call[Iterator[bytes] | None]:
        """Return the decoded pieces of the next chunk, None at the end of the body."""
        chunk = yield ReadChunk(self._time_left())
        if not isinstance(chunk, bytes):
            raise self._failure(chunk)
        pieces = self._decoder.feed(chunk)
        if chunk:
            return pieces
        with decoding():
            any(pieces)  # raises if the body was cut off
        return None

    def _read_body(self) -> Call[bytes]:
        chunks, size = [], 0
        while pieces := (yield from self._read_pieces()):
            with decoding():
                for piece in pieces:
                    chunks.append(piece)
                    size += len(piece)
                    if size > self._policy.max_response_bytes:
                        raise response_too_large(self._policy.max_response_bytes)
        return b"".join(chunks)

    def _failure(self, reply: object) -> StructgenError:
        self._time_left()  # raises if the deadline has passed
        return ConnectionFailed(
            reply.detail if isinstance(reply, ConnectionLost) else "the response broke off"
        )

    def _time_left(self) -> float:
        left = self._deadline - self._policy.clock()
        if left <= 0:
            detail = (
                f"the service did not answer within {self._policy.timeout:g} s, the client's timeout: "
                "give it a larger `timeout`"
            )
            raise DeadlineExceeded(detail, (), Usage())
        return left

    def _wait_before_retry(self, error: Unavailable | ConnectionFailed) -> float:
        """Return the seconds until the next retry; raise the error if there is none."""
        retry_after = error.retry_after if isinstance(error, Unavailable) else 0.0
        wait = retry_after + self._policy.backoff.delay(self._retries)
        self._retries += 1
        if self._retries > self._policy.max_retries or retry_after > self._policy.backoff.longest:
            raise error
        if wait >= self._time_left():
            raise error
        return wait


def _events(parser: EventParser, pieces: Iterator[bytes]) -> Iterator[ServerSentEvent]:
    with decoding():
        for piece in pieces:
            yield from parser.feed(piece)
