"""Whether the service can listen where it is told to, before anything costly starts."""

from __future__ import annotations

import errno
import socket

from structgen.errors import ConfigError

_REASONS = {
    errno.EADDRINUSE: "port {port} on {host} is in use: stop what listens there, or take another with --port "
    "(0 takes a free one)",
    errno.EACCES: "port {port} is for the administrator alone: take one from 1024 on with --port",
    errno.EADDRNOTAVAIL: "{host} is not an address of this machine: give another --host",
}


def check_address(host: str, port: int) -> None:
    """Raise `ConfigError` where no socket can listen on the address."""
    try:
        addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError) as error:
        raise ConfigError(f"--host {host}: no such address ({error})") from error
    for family, kind, protocol, _, address in addresses:
        try:
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
                probe.listen(1)
        except OSError as error:
            reason = _REASONS.get(error.errno or 0, "cannot listen on {host}:{port}: {error}")
            raise ConfigError(reason.format(host=host, port=port, error=error.strerror)) from error
