"""What both clients set up alike: settings checked, requests built, httpx's failures named."""

from __future__ import annotations

from typing import Any

import httpx

from structgen.client.steps import Ask, Head, Lost
from structgen.errors import ConfigError, ConnectionFailed

CONNECT = 10.0
"""Seconds to reach the service; one that does not even accept is not worth the whole timeout."""
LOSSES = (
    httpx.NetworkError, httpx.TimeoutException, httpx.RemoteProtocolError, httpx.ProxyError
)  # fmt: skip


def settings(base_url: str, api_key: str | None, **options: Any) -> dict[str, Any]:
    """Arguments of httpx's clients; `ConfigError` for an address or a key that cannot be sent."""
    try:
        url = httpx.URL(base_url)
    except (httpx.InvalidURL, TypeError) as error:
        raise ConfigError(
            f"no service address: {base_url!r} ({error}); give one as http://127.0.0.1:8000"
        ) from error
    if url.scheme not in ("http", "https") or not url.host:
        raise ConfigError(f"the service address must begin with http:// or https://, not {base_url!r}")
    if api_key and not (api_key.isascii() and api_key.isprintable()):
        raise ConfigError("the API key (STRUCTGEN_API_KEY) has characters that a header cannot carry")
    headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
    return {"base_url": url, "headers": headers, **options}


def request(http: httpx.Client | httpx.AsyncClient, ask: Ask) -> httpx.Request:
    """The request of a step, with its time."""
    headers = {"Content-Type": "application/json"} if ask.body is not None else {}
    timeout = httpx.Timeout(ask.timeout, connect=min(CONNECT, ask.timeout))
    return http.build_request(ask.method, ask.path, content=ask.body, headers=headers, timeout=timeout)


def head(response: httpx.Response) -> Head:
    return Head(response.status_code, {k.lower(): v for k, v in response.headers.items()})


def lost(error: httpx.RequestError) -> Lost:
    """The reply for a connection that failed; what another try cannot mend is raised."""
    url = error.request.url
    where = f"{url.scheme}://{url.netloc.decode('ascii', 'replace')}"  # without a user and password
    detail = f"{where}: {type(error).__name__}: {error}".rstrip(": ")
    if isinstance(error, LOSSES):
        return Lost(detail)
    raise ConnectionFailed(detail) from error
