"""A loopback server that sends scripted bytes and records the requests."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

Script = Callable[[], Iterable[bytes | float]]
"""Yields the bytes of one answer; a number is a pause in seconds."""


class RawServer(socketserver.ThreadingTCPServer):
    """Answer every request with the script, then close the connection."""

    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, script: Script) -> None:
        self.script = script
        self.heads: list[str] = []
        """Return request line and headers of each request so far."""
        self.stopped = threading.Event()
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class _Handler(socketserver.StreamRequestHandler):
    timeout = 20
    server: RawServer

    def handle(self) -> None:
        with suppress(OSError):
            lines = [self.rfile.readline().decode("latin-1")]
            while lines[-1] not in ("", "\r\n"):
                lines.append(self.rfile.readline().decode("latin-1"))
            if lines == [""]:
                return
            self.server.heads.append("".join(lines))
            sizes = [line.split(":")[1] for line in lines if line.lower().startswith("content-length:")]
            self.rfile.read(int(sizes[0]) if sizes else 0)
            for step in self.server.script():
                if self.server.stopped.wait(0 if isinstance(step, bytes) else step):
                    return
                if isinstance(step, bytes):
                    self.wfile.write(step)


@contextmanager
def raw_server(script: Script) -> Iterator[RawServer]:
    """Serve the script until the end of the block."""
    with RawServer(script) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server
        finally:
            server.stopped.set()
            server.shutdown()
            thread.join()


def whole(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """Return the bytes of one complete answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode() + body
