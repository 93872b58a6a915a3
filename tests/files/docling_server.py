"""A server that speaks the part of docling-serve's API which converts one file."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import multipart


@dataclass
class Exchange:
    """What the server answers, and what it got."""

    status: int = 200
    body: Any = None
    """JSON, or bytes; None for the text of the file, its lines as pages."""
    headers: dict[str, str] = field(default_factory=dict)
    silent: bool = False
    """Whether it never answers."""
    requests: list[dict[str, Any]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)


def converted(text: str, status: str = "success", errors: list[str] | None = None) -> dict[str, Any]:
    """Return the body for a converted file."""
    faults = [
        {"component_type": "pipeline", "module_name": "", "error_message": each} for each in errors or ()
    ]
    document = {"filename": "x", "md_content": text, "json_content": None, "text_content": None}
    return {"document": document, "status": status, "errors": faults, "processing_time": 0.1, "timings": {}}


@contextmanager
def docling_server(exchange: Exchange) -> Iterator[str]:
    """Yield the address of a running server."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            _, options = multipart.parse_options_header(self.headers["Content-Type"])
            parts = list(multipart.MultipartParser(io.BytesIO(content), options["boundary"], len(content)))
            form = {part.name: part.value for part in parts if not part.filename}
            (file,) = [part for part in parts if part.filename]
            exchange.requests.append(
                {"path": self.path, "form": form, "file": (file.name, file.filename, file.content_type, file.raw),
                 "key": self.headers["X-Api-Key"]}
            )  # fmt: skip
            if exchange.silent:
                exchange.released.wait(60)
                return
            body = exchange.body
            if body is None:
                body = converted(form["md_page_break_placeholder"].join(file.raw.decode().splitlines()))
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(exchange.status)
            for name, value in {"Content-Type": "application/json", **exchange.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *arguments: object) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        exchange.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
