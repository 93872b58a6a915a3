"""Connections with time-outs and a bound: silent, dripping and unread ones are closed, none is read in vain.

uvicorn's protocols have one time-out, for a connection between two requests. `guarded` adds the others.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from structgen import json_text
from structgen.config import Timeouts
from structgen.errors import EngineUnavailable, Overloaded, RequestTimeout, StructgenError, Unavailable
from structgen.server.errors import STATUS, problem

SLOWEST = 32 * 2**10
"""Bytes a second at which a client must send or read whatever takes longer than its time-out."""
LINGER, LINGER_BYTES = 2.0, 2**18
"""Seconds and bytes for which what a client still sends is thrown away after an early answer: to close at
once would reset the connection, and the client might never see the answer."""
SWEEP = 0.5
"""Seconds between two looks at all connections."""
log = logging.getLogger("structgen.server")


@dataclass(slots=True)
class Connections:
    """What all connections of a server share: their bound, and who is closed first to keep it."""

    most: int
    timeouts: Timeouts
    fresh: dict[Guarded, None] = field(default_factory=dict)
    """Those that never sent a whole request, the oldest first."""
    idle: dict[Guarded, None] = field(default_factory=dict)
    """Those between two requests, the one that waits longest first."""
    open: set[Guarded] = field(default_factory=set)
    turned_away: int = 0

    def make_room(self) -> bool:
        """Close the connection that is silent for longest where there are too many; false where none is."""
        if len(self.open) <= self.most:
            return True
        for silent in (self.fresh, self.idle):
            for connection in silent:
                if not connection.transport.is_closing():
                    del silent[connection]
                    connection.transport.close()
                    return True
        self.turned_away += 1
        return False

    async def watch(self) -> None:
        """Close those that exceed a time-out, until cancelled."""
        home = asyncio.get_running_loop()
        turned_away = 0
        while True:
            await asyncio.sleep(SWEEP)
            now = home.time()
            for connection in list(self.open):
                connection.check(now)
            if self.turned_away > turned_away:
                more = self.turned_away - turned_away
                log.warning("%d connections turned away: %d are open", more, self.most)
                turned_away = self.turned_away


class _Transport:
    """A transport whose `close` asks the protocol, which may linger."""

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
    """What `guarded` puts before uvicorn's protocol."""

    guard: Connections
    # What uvicorn's protocols have:
    loop: asyncio.AbstractEventLoop
    transport: Any
    flow: Any
    cycle: Any

    _began = 0.0
    """When the state began that the connection is in."""
    _received = 0
    """Bytes of it."""
    _arriving = True
    """Whether the headers of a request are awaited and have begun to come; so is the first request."""
    _lingering = False
    _unread: tuple[float, int] | None = None
    """When the client ceased to read, and how many bytes waited then."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._raw, self._began = transport, self.loop.time()
        super().connection_made(_Transport(transport, self))  # type: ignore[arg-type]
        self.guard.open.add(self)
        if self.guard.make_room():
            self.guard.fresh[self] = None
        else:
            self._answer(Overloaded("too many connections are open", retry_after=2.0))

    def connection_lost(self, exc: Exception | None) -> None:
        self.guard.open.discard(self)
        self.guard.fresh.pop(self, None)
        self.guard.idle.pop(self, None)
        self._unset_keepalive_if_required()  # type: ignore[attr-defined]
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._received += len(data)
        if self.transport.is_closing():
            if self._received > LINGER_BYTES:
                self.flow.pause_reading()  # whoever sends on waits for the end of the connection
            return
        before = self.cycle
        if not self._arriving and self._at_rest():
            self._arriving, self._began, self._received = True, self.loop.time(), len(data)
        super().data_received(data)
        if self.cycle is not before:
            self._arriving, self._began, self._received = False, self.loop.time(), len(data)
            self.guard.fresh.pop(self, None)
            self.guard.idle.pop(self, None)

    def on_response_complete(self) -> None:
        super().on_response_complete()  # type: ignore[misc]
        if not self._at_rest():  # the next request came along with this one
            self._began = self.loop.time()
            return
        if self.transport.is_closing():
            return
        if self.cycle.more_body:  # an answer before the end of the body: the rest is not waited for
            self.transport.close()
        else:
            self.guard.idle[self] = None

    def pause_writing(self) -> None:
        self._unread = self.loop.time(), self._raw.get_write_buffer_size()
        super().pause_writing()

    def resume_writing(self) -> None:
        self._unread = None
        super().resume_writing()

    def shutdown(self) -> None:
        """End at a stop of the service. Requests that are there in whole are answered."""
        if self._halfway():
            self._answer(EngineUnavailable("the service is stopping", retry_after=2.0))
        elif not self.transport.is_closing():
            super().shutdown()  # type: ignore[misc]

    def check(self, now: float) -> None:
        """Close the connection where its client takes longer than a time-out."""
        timeouts, waited = self.guard.timeouts, now - self._began
        if self._lingering:
            if waited > LINGER:
                self._raw.abort()
        elif self._unread is not None or self.transport.is_closing():
            self._check_reader(now)
        elif self._halfway():
            if self.flow.read_paused:  # it is not the client who is slow
                self._began += SWEEP
            elif waited > timeouts.body + self._received / SLOWEST:
                detail = f"{self._received} bytes of the request came in {waited:.0f} s, and not its end"
                self._answer(RequestTimeout(detail))
        elif self._arriving and self._at_rest() and waited > timeouts.header:
            self.transport.close()

    def _check_reader(self, now: float) -> None:
        """Give up an answer, or the end of one, that the client does not read."""
        left = self._raw.get_write_buffer_size()
        if self._unread is None:
            self._unread = now, left
        began, waiting = self._unread
        if now - began > self.guard.timeouts.write + max(0, waiting - left) / SLOWEST:
            self._raw.abort()

    def finish(self) -> None:
        """Close after what was written; where the client still sends, throw that away for a moment."""
        if self not in self.guard.open or not self._halfway() or not self._raw.can_write_eof():
            self._raw.close()
            return
        self._lingering, self._began, self._received = True, self.loop.time(), 0
        with suppress(OSError, RuntimeError):  # the client is gone
            self._raw.write_eof()
        self.flow.resume_reading()

    def _at_rest(self) -> bool:
        """Whether no request is being answered."""
        return self.cycle is None or bool(self.cycle.response_complete)

    def _halfway(self) -> bool:
        """Whether the headers of a request have come and the end of its body has not."""
        return self.cycle is not None and bool(self.cycle.more_body)

    def _answer(self, error: StructgenError) -> None:
        """Answer in place of the application, and close."""
        if self.cycle is not None and not self.cycle.response_complete:
            if self.cycle.response_started:
                self._raw.abort()
                return
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        body = json_text.dumps(problem(error, uuid.uuid4().hex)).encode()
        lines = [
            f"HTTP/1.1 {STATUS[error.name]} {error.name}",
            "content-type: application/problem+json",
            f"content-length: {len(body)}",
            "connection: close",
        ]
        if isinstance(error, Unavailable):
            lines.append(f"retry-after: {error.retry_after:.0f}")
        self._raw.write("\r\n".join([*lines, "", ""]).encode() + body)
        self.transport.close()


def guarded(guard: Connections) -> type[asyncio.Protocol]:
    """uvicorn's protocol, on httptools where it is installed, with the guard."""
    from uvicorn.protocols.http.auto import AutoHTTPProtocol

    return type("GuardedProtocol", (Guarded, AutoHTTPProtocol), {"guard": guard})
