"""uvicorn's HTTP protocol with time-outs and a bound on connections.

uvicorn's protocols have one time-out, for an idle connection. `guarded_protocol` adds those for slow headers,
slow bodies and unread responses.
"""

from __future__ import annotations

import asyncio
import uuid
from contextlib import suppress
from typing import Any

from structgen import json_text
from structgen.errors import EngineUnavailable, Overloaded, RequestTimeout, StructgenError, Unavailable
from structgen.server.connections import CHECK_INTERVAL, Connections
from structgen.server.errors import problem
from structgen.server.openai_errors import envelope, is_openai_path

MIN_BYTES_PER_SECOND = 32 * 2**10
"""Rate at which a client must send or read what takes longer than its time-out."""
LINGER_SECONDS, LINGER_BYTES = 2.0, 2**18
"""How long and how much a client may still send after an early response. It is discarded: to close at once
would reset the connection, and the client might never see the response."""


class _Transport:
    """A transport whose `close` lets the protocol linger."""

    def __init__(self, transport: asyncio.Transport, protocol: Guarded) -> None:
        self._transport, self._protocol, self._closing = transport, protocol, False
        self.write = transport.write

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def close(self) -> None:
        if not self._closing:
            self._closing = True
            self._protocol.finish()

    def is_closing(self) -> bool:
        return self._closing or self._transport.is_closing()


class Guarded(asyncio.Protocol):
    """The methods that `guarded_protocol` puts in front of those of uvicorn's protocol."""

    registry: Connections
    # Attributes of uvicorn's protocols:
    loop: asyncio.AbstractEventLoop
    transport: Any
    flow: Any
    cycle: Any

    _began = 0.0
    """Start of the connection's current state."""
    _received = 0
    """Bytes received in this state."""
    _arriving = True
    """Whether the headers of a request are due: of the first one, or of one that has begun to arrive."""
    _lingering = False
    _unread: tuple[float, int] | None = None
    """Since when the client has not read, and the bytes in the buffer at that time."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Register the connection, or refuse it if there are too many."""
        self._raw, self._began = transport, self.loop.time()
        super().connection_made(_Transport(transport, self))  # type: ignore[arg-type]
        self.registry.open.add(self)
        if self.registry.make_room():
            self.registry.fresh[self] = None
        else:
            self._respond(Overloaded("too many connections are open", retry_after=2.0))

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self.registry.open.discard(self)
        self.registry.fresh.pop(self, None)
        self.registry.idle.pop(self, None)
        self._unset_keepalive_if_required()  # type: ignore[attr-defined]
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Pass bytes on, and note where a request begins and where its headers end."""
        self._received += len(data)
        if self.transport.is_closing():
            if self._received > LINGER_BYTES:
                self.flow.pause_reading()  # the client blocks until the connection ends
            return
        before = self.cycle
        if not self._arriving and self._is_idle():
            self._arriving, self._began, self._received = True, self.loop.time(), len(data)
        super().data_received(data)
        if self.cycle is not before:
            self._arriving, self._began, self._received = False, self.loop.time(), len(data)
            self.registry.fresh.pop(self, None)
            self.registry.idle.pop(self, None)

    def on_response_complete(self) -> None:
        """Note that the connection is idle, or close it after an early response."""
        super().on_response_complete()  # type: ignore[misc]
        if not self._is_idle():  # a pipelined request follows
            self._began = self.loop.time()
            return
        if self.transport.is_closing():
            return
        if self.cycle.more_body:  # an early response: the rest of the body is not read
            self.transport.close()
        else:
            self.registry.idle[self] = None

    def pause_writing(self) -> None:
        """Note when the client stopped reading."""
        self._unread = self.loop.time(), self._raw.get_write_buffer_size()
        super().pause_writing()

    def resume_writing(self) -> None:
        """Note that the client reads again."""
        self._unread = None
        super().resume_writing()

    def shutdown(self) -> None:
        """End the connection when the service stops. Complete requests still get their responses."""
        if self.transport.is_closing():  # refused already, and perhaps lingering
            return
        if self._is_receiving_body():
            self._respond(EngineUnavailable("the service is stopping", retry_after=2.0))
        else:
            super().shutdown()  # type: ignore[misc]

    def check(self, now: float) -> None:
        """Close the connection if its client exceeds a time-out."""
        timeouts, waited = self.registry.timeouts, now - self._began
        if self._lingering:
            if waited > LINGER_SECONDS:
                self._raw.abort()
        elif self._unread is not None or self.transport.is_closing():
            self._check_reader(now)
        elif self._is_receiving_body():
            if self.flow.read_paused:  # the service is slow, not the client
                self._began += CHECK_INTERVAL
            elif waited > timeouts.body + self._received / MIN_BYTES_PER_SECOND:
                detail = f"{self._received} bytes of the request came in {waited:.0f} s, and not its end"
                self._respond(RequestTimeout(detail))
        elif self._arriving and self._is_idle() and waited > timeouts.header:
            self.transport.close()

    def _check_reader(self, now: float) -> None:
        """Abort a response, or the end of one, that the client does not read."""
        left = self._raw.get_write_buffer_size()
        if self._unread is None:
            self._unread = now, left
        began, waiting = self._unread
        if now - began > self.registry.timeouts.write + max(0, waiting - left) / MIN_BYTES_PER_SECOND:
            self._raw.abort()

    def finish(self) -> None:
        """Close after the written bytes; discard for a moment what the client still sends."""
        if self not in self.registry.open or not self._is_receiving_body() or not self._raw.can_write_eof():
            self._raw.close()
            return
        self._lingering, self._began, self._received = True, self.loop.time(), 0
        with suppress(OSError, RuntimeError):  # the client is gone
            self._raw.write_eof()
        self.flow.resume_reading()

    def _is_idle(self) -> bool:
        """Return whether no response is due."""
        return self.cycle is None or bool(self.cycle.response_complete)

    def _is_receiving_body(self) -> bool:
        """Return whether the headers of a request have come, but not the end of its body."""
        return self.cycle is not None and bool(self.cycle.more_body)

    def _respond(self, error: StructgenError) -> None:
        """Respond in place of the application, and close."""
        if self.cycle is not None and not self.cycle.response_complete:
            if self.cycle.response_started:
                self._raw.abort()
                return
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        instance = uuid.uuid4().hex
        lines = [
            f"HTTP/1.1 {error.status} {error.name}",
            f"x-request-id: {instance}",
            "connection: close",
        ]
        if isinstance(error, Unavailable):
            lines.append(f"retry-after: {error.retry_after:.0f}")
        members, media_type = self._error_body(error, instance)
        body = json_text.dumps(members).encode()
        lines += [f"content-type: {media_type}", f"content-length: {len(body)}"]
        self._raw.write("\r\n".join([*lines, "", ""]).encode() + body)
        self.transport.close()

    def _error_body(self, error: StructgenError, instance: str) -> tuple[dict[str, Any], str]:
        """Return the body and the media type of an error.

        On a connection without a request the route is not known: the problem has OpenAI's envelope in it.
        """
        if self.cycle is None or self.cycle.response_complete:
            return {**problem(error, instance), **envelope(error)}, "application/problem+json"
        if is_openai_path(self.cycle.scope["path"]):
            return envelope(error), "application/json"
        return problem(error, instance), "application/problem+json"


def guarded_protocol(connections: Connections) -> type[asyncio.Protocol]:
    """Return uvicorn's protocol (on httptools if installed), guarded by the bounds of `connections`."""
    from uvicorn.protocols.http.auto import AutoHTTPProtocol

    return type("GuardedProtocol", (Guarded, AutoHTTPProtocol), {"registry": connections})
