"""Who may call: API keys and the rights that go with them; without keys, no web page of another site."""

from __future__ import annotations

import hashlib
import ipaddress
from functools import lru_cache
from urllib.parse import urlsplit

from litestar.types import HTTPScope

from structgen.config import ApiKey, ServerConfig
from structgen.errors import Forbidden, Unauthorized, UnsupportedMedia

_OPEN = ("/health", "/ready", "/docs", "/openapi.json", "/problems/", "/favicon.ico")
_PROBES = ("/health", "/ready")
_SAFE = ("GET", "HEAD")
CALLER, KEY_NAME, PRIORITY = "caller", "key_name", "priority"
"""Names in the state of a request's scope: who calls, by which key if any, and the most urgent priority that
the caller gets."""


class Access:
    """Decides whether a request may go on, and notes the caller in the scope's state.

    `state["caller"]` is the name of the caller's key, or the other end of the connection (`host:port`)
    where the service has no keys.
    """

    def __init__(self, config: ServerConfig) -> None:
        # A lookup by digest takes the same time for a wrong key, whatever it has in common with a right one.
        self._keys = {hashlib.sha256(key.secret.encode()).digest(): key for key in config.keys}
        self._serves = lru_cache(maxsize=256)(self._names_this_machine)  # callers name the same few hosts
        self._hosts = {name.lower() for name in (config.host, *config.allowed_hosts)}
        self._origins = {origin.lower().rstrip("/") for origin in config.allowed_origins}

    def admit(self, scope: HTTPScope) -> None:
        """Raise `Unauthorized` or `Forbidden` where the request may not go on."""
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        state = scope.setdefault("state", {})
        host, port = scope.get("client") or ("?", 0)
        state[CALLER], state[PRIORITY] = f"{host}:{port}", 0
        path = scope["path"]
        if not self._keys:
            if not path.startswith(_PROBES):
                self._check_browser(headers, scope)
        elif path != "/" and not path.startswith(_OPEN):
            key = self._key(headers.get(b"authorization", ""))
            state[CALLER] = state[KEY_NAME] = key.name
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
                "the API key is wrong: the service has others (its STRUCTGEN_API_KEY, its --keys-file)"
            )
        return key

    def _check_browser(self, headers: dict[bytes, str], scope: HTTPScope) -> None:
        """Refuse what a web page of another site makes a browser send: a service without a key trusts all
        that reaches it."""
        host = headers.get(b"host")
        if host is not None and not self._serves(host):
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
        opened = scope["method"] in _SAFE and headers.get(b"sec-fetch-mode") == "navigate"
        if headers.get(b"sec-fetch-site", "none") not in ("none", "same-origin") and not opened:
            raise Forbidden("a page of another site may not use this service: see --allow-origin")

    def _names_this_machine(self, host: str) -> bool:
        """Whether the header Host names this machine: a page elsewhere can point its own name here."""
        try:
            name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
        except ValueError:
            return False
        if name in self._hosts or name == "localhost" or name.endswith(".localhost"):
            return True
        try:
            return ipaddress.ip_address(name).is_loopback
        except ValueError:
            return False


def _authority(origin: str) -> str:
    """Host and port of an origin, "" where it has none."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def check_media(scope: HTTPScope) -> None:
    """Raise `UnsupportedMedia` where the body is not declared as JSON.

    A body without a type is read as JSON, unless a browser sends it: a page of another site can send one
    without a preflight.
    """
    headers = dict(scope["headers"])
    given = headers.get(b"content-type")
    kind = (given or b"").partition(b";")[0].strip().lower()
    browser = b"origin" in headers or b"sec-fetch-site" in headers
    if kind == b"application/json" or (kind.startswith(b"application/") and kind.endswith(b"+json")):
        return
    if given is None and not browser:
        return
    has = "no Content-Type" if given is None else f"the Content-Type {kind.decode('latin-1')[:80]!r}"
    raise UnsupportedMedia(f"the body has {has}: send Content-Type: application/json")
