"""Check that the service can listen on its address, before a model is loaded."""

from __future__ import annotations

import errno
import socket

from structgen.errors import ConfigError

_REASONS = {
    errno.EADDRINUSE: "port {port} on {host} is in use: stop the program that listens there, or give another "
    "--port (0 chooses a free one)",
    errno.EACCES: "only the administrator can use port {port}: give a --port of 1024 or more",
    errno.EADDRNOTAVAIL: "{host} is not an address of this machine: give another --host",
}


def check_address(host: str, port: int) -> None:
    """Raise `ConfigError` if no socket can listen on the address."""
    try:
        addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError) as error:
        raise ConfigError(f"--host {host}: the address cannot be resolved ({error})") from error
    for family, kind, protocol, _, address in addresses:
        try:
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
                probe.listen(1)
        except OSError as error:
            reason = _REASONS.get(error.errno or 0, "cannot listen on {host}:{port}: {error}")
            raise ConfigError(reason.format(host=host, port=port, error=error.strerror)) from error
