"""The address of an HTTP service: its checks, its headers, and the proxy that leads to it.

A loopback address is never asked through a proxy, whatever the environment says: the proxy would see the key
and every document of a service on this machine.
"""

from __future__ import annotations

import importlib.util
import ipaddress
import socket
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import httpx

from structgen.errors import ConfigError, ConnectionFailed


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A checked address, and the headers that every request to it carries."""

    url: httpx.URL
    headers: Mapping[str, str] = field(repr=False)
    proxy: str | None = field(repr=False)
    """Address of the proxy that the environment names for it."""

    def at(self, path: str) -> Endpoint:
        """Return the same endpoint with another path."""
        return replace(self, url=self.url.copy_with(path=path))

    @property
    def secure(self) -> bool:
        """Whether TLS is spoken on the way; loading its certificates takes tens of milliseconds."""
        return "https" in (self.url.scheme, (self.proxy or "").partition(":")[0].lower())

    @property
    def shown(self) -> str:
        """The address for messages, without user name and password."""
        return str(self.url.copy_with(username=None, password=None)).rstrip("/")

    def unreachable(self, error: Exception) -> ConnectionFailed:
        """Return the error of a connection that failed, with the address and the proxy in between."""
        through = f" through the proxy {httpx.URL(self.proxy).host}" if self.proxy else ""
        said = f"{type(error).__name__}: {error}".rstrip(": ")
        if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
            return ConnectionFailed(f"cannot connect to {self.shown}{through}: is it running? ({said})")
        return ConnectionFailed(f"the connection to {self.shown}{through} failed: {said}")


def endpoint(url: str, api_key: str | None, *, setting: str) -> Endpoint:
    """Check an address and a key; `ConfigError` names the `setting` that holds a wrong address."""
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, TypeError, ValueError) as error:
        raise ConfigError(f"{setting} is not an address: {url!r} ({error})") from error
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise ConfigError(f"{setting} must begin with http:// or https://: {url!r}")
    if parsed.query or parsed.fragment:
        raise ConfigError(f"{setting} takes no query and no fragment: {url!r}")
    if api_key and not (api_key.isascii() and api_key.isprintable()):
        raise ConfigError("the API key has characters that a header cannot carry")
    if api_key and parsed.userinfo:
        raise ConfigError(
            f"{setting} has a user name in it, which would replace the API key: give one of both"
        )
    # Compressed answers could grow a thousandfold in memory.
    headers = {"Accept-Encoding": "identity"}
    if api_key:
        headers["Authorization"] = f"Bearer {api_key}"
    return Endpoint(parsed, headers, proxy_for(parsed))


def proxy_for(url: httpx.URL) -> str | None:
    """Return the proxy that HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY name for an address."""
    if is_loopback(url.host):
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
            f"NO_PROXY={url.host} goes without"
        )
    if scheme.startswith("socks") and importlib.util.find_spec("socksio") is None:
        raise ConfigError(f"the environment names a {scheme} proxy, which needs: pip install 'httpx[socks]'")
    return proxy


def _bypassed(host: str) -> bool:
    return bool(urllib.request.proxy_bypass(host))


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address can only mean this machine."""
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    address: ipaddress.IPv4Address | ipaddress.IPv6Address
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        try:
            address = ipaddress.IPv4Address(socket.inet_aton(name))  # short forms such as 127.1
        except OSError:
            return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback or (mapped or address).is_unspecified
