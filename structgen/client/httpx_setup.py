"""What both clients set up alike: settings checked, requests built, httpx's failures named."""

from __future__ import annotations

from typing import Any

import httpx

from structgen.client.protocol import Ask, Head, Lost
from structgen.endpoint import Endpoint, endpoint

CONNECT = 10.0
"""Seconds to reach the service; one that does not even accept is not worth the whole timeout."""
LOSSES = (
    httpx.NetworkError, httpx.TimeoutException, httpx.RemoteProtocolError, httpx.ProxyError
)  # fmt: skip


def service(base_url: str, api_key: str | None) -> Endpoint:
    """Check the address of a service; one that was given with `/v1` is taken without: paths have it."""
    known = endpoint(base_url, api_key, setting="the service address (base_url, --url)")
    path = known.url.path.rstrip("/")
    return known.at(path.removesuffix("/v1")) if path.endswith("/v1") else known


def settings(endpoint: Endpoint) -> dict[str, Any]:
    """Arguments of httpx's clients.

    The environment is not trusted further: a `.netrc` would replace the key. A redirect is never followed.
    """
    headers = dict(endpoint.headers)
    return {"base_url": endpoint.url, "headers": headers, "trust_env": False, "follow_redirects": False}


def request(http: httpx.Client | httpx.AsyncClient, ask: Ask) -> httpx.Request:
    """The request of a step, with its time."""
    headers = {"Content-Type": "application/json"} if ask.body is not None else {}
    timeout = httpx.Timeout(ask.timeout, connect=min(CONNECT, ask.timeout))
    return http.build_request(ask.method, ask.path, content=ask.body, headers=headers, timeout=timeout)


def head(response: httpx.Response) -> Head:
    """The head of an answer, as a reply."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Head(response.status_code, headers, "authorization" in response.request.headers)


def lost(error: httpx.RequestError, endpoint: Endpoint) -> Lost:
    """The reply for a connection that failed; what another try cannot mend is raised."""
    failure = endpoint.unreachable(error)
    if isinstance(error, LOSSES):
        return Lost(str(failure))
    raise failure from error
