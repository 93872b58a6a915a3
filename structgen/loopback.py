"""Whether a host is this machine: as an address to connect to, to listen on, or in the header Host.

The three uses differ. A connection to 0.0.0.0 reaches this machine, but a service that listens there is open
to others, and a page of another site may send requests to it.
"""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address


def reaches_this_machine(host: str) -> bool:
    """Return whether connections to a host name or address always end on this machine."""
    name = host.rstrip(".").lower()
    address = _address(name)
    return _is_localhost(name) or (address is not None and (address.is_loopback or address.is_unspecified))


def listens_on_loopback_only(host: str) -> bool:
    """Return whether a service that listens on the host is out of reach of other machines."""
    address = _address(host)
    return host == "localhost" or (address is not None and address.is_loopback)


def names_loopback(host: str) -> bool:
    """Return whether the name in a header Host, without its port, is one of loopback."""
    address = _address(host)
    return _is_localhost(host) or (address is not None and address.is_loopback)


def _is_localhost(name: str) -> bool:
    return name == "localhost" or name.endswith(".localhost")


def _address(host: str) -> IPv4Address | IPv6Address | None:
    """Return the address that a host is written as (a mapped one as IPv4), None for a name."""
    text = host.strip("[]").partition("%")[0]
    try:
        address = ip_address(text)
    except ValueError:
        try:
            return IPv4Address(socket.inet_aton(text))  # short forms such as 127.1
        except (OSError, ValueError):
            return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
