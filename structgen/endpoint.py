"""Address, headers and proxy of an HTTP service.

Requests to loopback addresses never use a proxy, whatever the environment names: the proxy would see the API
key and every document of a service on this machine.
"""

from __future__ import annotations

import importlib.util
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import httpx

from structgen.errors import ConfigError, ConnectionFailed
from structgen.loopback import reaches_this_machine


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A validated address, and the headers of every request to it."""

    url: httpx.URL
    headers: Mapping[str, str] = field(repr=False)
    proxy: str | None = field(repr=False)
    """Address of the proxy that the environment names for this address."""

    def at(self, path: str) -> Endpoint:
        """Return the same endpoint with another path."""
        return replace(self, url=self.url.copy_with(path=path))

    @property
    def secure(self) -> bool:
        """Whether a connection uses TLS, whose certificates take tens of milliseconds to load."""
        return "https" in (self.url.scheme, (self.proxy or "").partition(":")[0].lower())

    @property
    def public_url(self) -> str:
        """The address without user name and password, for messages."""
        return str(self.url.copy_with(username=None, password=None)).rstrip("/")

    def connection_error(self, error: Exception) -> ConnectionFailed:
        """Return the error of a failed connection, with the address and the proxy."""
        through = f" through the proxy {httpx.URL(self.proxy).host}" if self.proxy else ""
        reason = f"{type(error).__name__}: {error}".rstrip(": ")
        if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
            return ConnectionFailed(
                f"cannot connect to {self.public_url}{through}: is it running? ({reason})"
            )
        return ConnectionFailed(f"the connection to {self.public_url}{through} failed: {reason}")


def validated_endpoint(url: str, api_key: str | None, *, setting: str) -> Endpoint:
    """Validate an address and an API key; `ConfigError` names the `setting` with a wrong address."""
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, TypeError, ValueError) as error:
        raise ConfigError(f"{setting} is not an address: {url!r} ({error})") from error
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise ConfigError(f"{setting} must begin with http:// or https://: {url!r}")
    if parsed.query or parsed.fragment:
        raise ConfigError(f"{setting} must have no query and no fragment: {url!r}")
    if api_key and not (api_key.isascii() and api_key.isprintable()):
        raise ConfigError("the API key has characters that an HTTP header cannot have: give another key")
    if api_key and parsed.userinfo:
        raise ConfigError(
            f"{setting} has a user name, which would replace the API key: give only one of them"
        )
    # Compressed responses could grow a thousandfold in memory.
    headers = {"Accept-Encoding": "identity"}
    if api_key:
        headers["Authorization"] = f"Bearer {api_key}"
    return Endpoint(parsed, headers, proxy_for(parsed))


def proxy_for(url: httpx.URL) -> str | None:
    """Return the proxy that HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY name for an address."""
    if reaches_this_machine(url.host):
        return None
    proxies = urllib.request.getproxies()
    port = f":{url.port}" if url.port else ""
    if _bypassed(url.host) or _bypassed(f"{url.host}{port}"):
        return None
    proxy = proxies.get(url.scheme) or proxies.get("all")
    if not proxy:
        return None
    proxy = proxy if "://" in proxy else f"http://{proxy}"
    try:
        scheme = httpx.URL(proxy).scheme
    except httpx.InvalidURL as error:
        raise ConfigError(f"{url.scheme.upper()}_PROXY or ALL_PROXY is not an address: {error}") from error
    if scheme not in ("http", "https", "socks5", "socks5h"):
        raise ConfigError(
            f"{url.scheme.upper()}_PROXY or ALL_PROXY names a {scheme} proxy, which is not supported; "
            f"set NO_PROXY={url.host} to connect without a proxy"
        )
    if scheme.startswith("socks") and importlib.util.find_spec("socksio") is None:
        raise ConfigError(f"the environment names a {scheme} proxy, which needs: pip install 'httpx[socks]'")
    return proxy


def _bypassed(host: str) -> bool:
    return bool(urllib.request.proxy_bypass(host))
