"""The OpenAPI document, its HTML page, and the descriptions of problems."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from litestar import Controller, MediaType, Request, Response, get
from litestar.params import FromPath

from structgen import json_text
from structgen.errors import PROBLEMS, NotFound
from structgen.problem_details import title
from structgen.server.dependencies import ServiceDependency
from structgen.server.docs_page import page
from structgen.server.openapi import Bounds, bounds_of, document
from structgen.server.responses import json_response
from structgen.suggestions import did_you_mean

_HOST = re.compile(r"[\w.-]+(:\d+)?|\[[0-9a-fA-F:.]+\](:\d+)?")
_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
)


class DocumentationController(Controller):
    """Documentation for programs and for readers."""

    @get("/problems/{name:str}")
    async def problem_type(self, name: FromPath[str]) -> Response[bytes]:
        """Describe the type of a problem."""
        if (kind := PROBLEMS.get(name)) is None:
            hint = did_you_mean(name, PROBLEMS) or f"; there are: {', '.join(PROBLEMS)}"
            raise NotFound(f"no problem is called {name[:80]!r}{hint}")
        return json_response({"title": title(name), "status": kind.status, "meaning": kind.meaning})

    @get("/openapi.json")
    async def openapi(self, service: ServiceDependency) -> Response[bytes]:
        """Return the OpenAPI 3.1 document."""
        return Response(_document_text(bounds_of(service.config)), media_type=MediaType.JSON)

    @get(["/", "/docs"], media_type=MediaType.HTML)
    async def docs(self, request: Request[Any, Any, Any], service: ServiceDependency) -> Response[bytes]:
        """Return the document as one HTML page that runs no script and loads nothing from elsewhere."""
        text = page(bounds_of(service.config), _address(request)).encode()
        headers = {"content-security-policy": _CONTENT_SECURITY_POLICY}
        return Response(text, media_type=MediaType.HTML, headers=headers)


@lru_cache(maxsize=4)
def _document_text(bounds: Bounds) -> bytes:
    return json_text.dumps(document(bounds)).encode()


def _address(request: Request[Any, Any, Any]) -> str:
    """Return the service's address as the caller sees it; the socket's own if the header Host is invalid."""
    host = request.headers.get("host", "")
    if not _HOST.fullmatch(host):
        name, port = request.scope.get("server") or ("127.0.0.1", 8000)
        host = f"[{name}]:{port}" if ":" in name else f"{name}:{port}"
    return f"{request.scope['scheme']}://{host}"
