"""Use of httpx that both clients share: options, requests, and the names of failures."""

from __future__ import annotations

from typing import Any

import httpx

from structgen.client.protocol import ConnectionLost, ResponseHead, SendRequest
from structgen.endpoint import Endpoint, validated_endpoint

CONNECT_TIMEOUT = 10.0
"""Seconds to connect, if the timeout of the call is longer."""
_LOST_CONNECTION = (
    httpx.NetworkError, httpx.TimeoutException, httpx.RemoteProtocolError, httpx.ProxyError
)  # fmt: skip


def service_endpoint(base_url: str, api_key: str | None) -> Endpoint:
    """Check the address of a service, and drop a trailing `/v1`, which the paths of the calls have."""
    known = validated_endpoint(base_url, api_key, setting="the service address (base_url, --url)")
    path = known.url.path.rstrip("/")
    return known.at(path.removesuffix("/v1")) if path.endswith("/v1") else known


def client_options(endpoint: Endpoint) -> dict[str, Any]:
    """Return the arguments of httpx's clients.

    httpx must not read the environment, because a `.netrc` would replace the API key.
    """
    headers = dict(endpoint.headers)
    return {"base_url": endpoint.url, "headers": headers, "trust_env": False, "follow_redirects": False}


def build_request(http: httpx.Client | httpx.AsyncClient, step: SendRequest) -> httpx.Request:
    """Build the request of a step, with its timeout."""
    headers = {"Content-Type": "application/json"} if step.body is not None else {}
    timeout = httpx.Timeout(step.timeout, connect=min(CONNECT_TIMEOUT, step.timeout))
    return http.build_request(step.method, step.path, content=step.body, headers=headers, timeout=timeout)


def response_head(response: httpx.Response) -> ResponseHead:
    """Return the head of a response, the reply to `SendRequest`."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    return ResponseHead(response.status_code, headers, "authorization" in response.request.headers)


def connection_lost(error: httpx.RequestError, endpoint: Endpoint) -> ConnectionLost:
    """Return the reply for a failed connection; raise an error that a retry cannot help."""
    failure = endpoint.connection_error(error)
    if isinstance(error, _LOST_CONNECTION):
        return ConnectionLost(str(failure))
    raise failure from error
