"""Models, health, metrics, problems, and the documentation."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from litestar import MediaType, Request, Response, get, route
from litestar.datastructures import State
from litestar.params import FromPath

from structgen import json_text
from structgen.errors import EngineUnavailable, NotFound
from structgen.server.docs_page import page
from structgen.server.errors import MEANING, STATUS, json_response
from structgen.server.openapi import Bounds, bounds_of, document
from structgen.suggestions import did_you_mean

_HOST = re.compile(r"[\w.-]+(:\d+)?|\[[0-9a-fA-F:.]+\](:\d+)?")
_NOTHING_ELSE = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"


@get("/v1/models")
async def models(state: State) -> Response[bytes]:
    """The model served, in the form that OpenAI clients expect."""
    engine = state.service.engine
    entry = {"id": engine.model, "object": "model", "created": 0, "owned_by": "structgen"}
    if engine.card.demo:
        entry |= {"demo": True, "description": engine.card.warning}
    return json_response({"object": "list", "data": [entry]})


@get("/v1/schemas")
async def schemas(state: State) -> Response[bytes]:
    """The names that a request may give in place of a schema."""
    return json_response({"schemas": state.service.registry.names()})


@route("/health", http_method=["GET", "HEAD"])
async def health() -> Response[bytes]:
    """The process is alive."""
    return json_response({"status": "ok"})


@route("/ready", http_method=["GET", "HEAD"])
async def ready(state: State) -> Response[bytes]:
    """Requests can be served now; 503 otherwise."""
    found = await state.service.engine.health()
    if not found.ready:
        raise EngineUnavailable(f"the engine is not ready: {found.detail}", retry_after=2.0)
    return json_response({"status": "ready", "running": found.running, "waiting": found.waiting})


@get("/metrics", media_type=MediaType.TEXT)
async def metrics(state: State) -> Response[bytes]:
    """Prometheus' exposition format."""
    text = state.service.metrics.text()
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")


@get("/problems/{name:str}")
async def problem_type(name: FromPath[str]) -> Response[bytes]:
    """What a problem's type means."""
    if name not in MEANING:
        hint = did_you_mean(name, MEANING) or f"; there are: {', '.join(MEANING)}"
        raise NotFound(f"no problem is called {name[:80]!r}{hint}")
    title = name.replace("-", " ").capitalize()
    return json_response({"title": title, "status": STATUS[name], "meaning": MEANING[name]})


@get("/openapi.json")
async def openapi(state: State) -> Response[bytes]:
    """This interface, as OpenAPI 3.1."""
    return Response(_document_text(bounds_of(state.service.config)), media_type=MediaType.JSON)


@lru_cache(maxsize=4)
def _document_text(bounds: Bounds) -> bytes:
    return json_text.dumps(document(bounds)).encode()


@get(["/", "/docs"], media_type=MediaType.HTML)
async def docs(request: Request[Any, Any, Any], state: State) -> Response[bytes]:
    """The same, to read: one page that runs no script and loads nothing from elsewhere."""
    text = page(bounds_of(state.service.config), _address(request)).encode()
    headers = {"content-security-policy": _NOTHING_ELSE}
    return Response(text, media_type=MediaType.HTML, headers=headers)


def _address(request: Request[Any, Any, Any]) -> str:
    """Where the caller found the service; the socket's own address where the header names no host."""
    host = request.headers.get("host", "")
    if not _HOST.fullmatch(host):
        name, port = request.scope.get("server") or ("127.0.0.1", 8000)
        host = f"[{name}]:{port}" if ":" in name else f"{name}:{port}"
    return f"{request.scope['scheme']}://{host}"
