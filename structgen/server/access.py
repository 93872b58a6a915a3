"""Access control: API keys with their rights; without keys, no requests from pages of other sites."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import lru_cache
from urllib.parse import urlsplit

from litestar.types import HTTPScope

from structgen.config import ApiKey, ServerConfig
from structgen.errors import Forbidden, Unauthorized, UnsupportedMedia
from structgen.loopback import names_loopback
from structgen.types import Limits

_WITHOUT_KEY = ("/health", "/ready", "/docs", "/openapi.json", "/problems/", "/favicon.ico")
_PROBES = ("/health", "/ready")
_SAFE = ("GET", "HEAD")
CALLER_NAME, KEY_NAME, PRIORITY = "caller", "key_name", "priority"
"""Keys in a request scope's state: the caller, its API key's name, and the lowest priority it may use."""


class Access:
    """Admit or refuse requests, and put the caller into the scope's state.

    `state["caller"]` is the name of the API key, or the client's `host:port` if the service has no keys.
    """

    def __init__(self, config: ServerConfig) -> None:
        # A lookup by digest takes the same time for every wrong key.
        self._keys = {hashlib.sha256(key.secret.encode()).digest(): key for key in config.keys}
        self._is_own_host = lru_cache(maxsize=256)(self._names_this_machine)
        self._hosts = {name.lower() for name in (config.host, *config.allowed_hosts)}
        self._origins = {origin.lower().rstrip("/") for origin in config.allowed_origins}

    def admit(self, scope: HTTPScope) -> None:
        """Raise `Unauthorized` or `Forbidden` to refuse a request."""
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        state = scope.setdefault("state", {})
        host, port = scope.get("client") or ("?", 0)
        state[CALLER_NAME], state[PRIORITY] = f"{host}:{port}", 0
        path = scope["path"]
        if not self._keys:
            if not path.startswith(_PROBES):
                self._check_browser(headers, scope)
        elif path != "/" and not path.startswith(_WITHOUT_KEY):
            key = self._key(headers.get(b"authorization", ""))
            state[CALLER_NAME] = state[KEY_NAME] = key.name
            state[PRIORITY] = key.priority

    def _key(self, header: str) -> ApiKey:
        scheme, _, given = header.strip().partition(" ")
        if not scheme:
            raise Unauthorized("the request has no API key: send the header Authorization: Bearer KEY")
        if scheme.lower() != "bearer" or not given.strip():
            raise Unauthorized("the header Authorization is not of the form: Bearer KEY")
        key = self._keys.get(hashlib.sha256(given.strip().encode("latin-1")).digest())
        if key is None:
            raise Unauthorized(
                "the API key is wrong: use one of the service's keys (its STRUCTGEN_API_KEY, its --keys-file)"
            )
        return key

    def _check_browser(self, headers: dict[bytes, str], scope: HTTPScope) -> None:
        """Refuse requests that a page of another site makes a browser send.

        A service without keys trusts every other request that reaches it.
        """
        host = headers.get(b"host")
        if host is not None and not self._is_own_host(host):
            raise Forbidden(
                f"the header Host names {host[:80]!r}, not this machine: use 127.0.0.1 or localhost, start "
                "the service with --allow-host NAME, or give it an API key"
            )
        origin = headers.get(b"origin")
        if origin is not None and origin.lower() in self._origins:
            return
        if origin is not None and (not host or _authority(origin) != host.lower()):
            raise Forbidden(
                f"a page of {origin[:80]!r} may not use this service: start it with --allow-origin ORIGIN"
            )
        is_navigation = scope["method"] in _SAFE and headers.get(b"sec-fetch-mode") == "navigate"
        if headers.get(b"sec-fetch-site", "none") not in ("none", "same-origin") and not is_navigation:
            raise Forbidden("a page of another site may not use this service: see --allow-origin")

    def _names_this_machine(self, host: str) -> bool:
        """Return whether the header Host names this machine: a foreign page can point its own name here."""
        try:
            name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
        except ValueError:
            return False
        return name in self._hosts or names_loopback(name)


def _authority(origin: str) -> str:
    """Return host and port of an origin, or "" if it has none."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def permitted(limits: Limits, scope: HTTPScope) -> Limits:
    """Return the limits with the priority number raised to the lowest that the caller's key allows."""
    priority = max(limits.priority, scope["state"][PRIORITY])
    return limits if priority == limits.priority else replace(limits, priority=priority)


def check_media(scope: HTTPScope, *, forms: bool = False) -> None:
    """Raise `UnsupportedMedia` if the body is not declared as JSON, or as a form where `forms` allows it.

    A body without a Content-Type counts as JSON, except from a browser: a page of another site can send one
    without a preflight.
    """
    headers = dict(scope["headers"])
    content_type = headers.get(b"content-type")
    media_type = (content_type or b"").partition(b";")[0].strip().lower()
    browser = b"origin" in headers or b"sec-fetch-site" in headers
    if media_type == b"application/json" or (
        media_type.startswith(b"application/") and media_type.endswith(b"+json")
    ):
        return
    if content_type is None and not browser:
        return
    if forms and media_type == b"multipart/form-data":
        return  # `check` has refused the pages of other sites
    declared = (
        "no Content-Type"
        if content_type is None
        else f"the Content-Type {media_type.decode('latin-1')[:80]!r}"
    )
    raise UnsupportedMedia(f"the body has {declared}: send Content-Type: application/json")
