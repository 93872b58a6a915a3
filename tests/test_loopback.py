"""The three meanings of "this machine": to connect to, to listen on, and in the header Host."""

from __future__ import annotations

import pytest

from structgen.loopback import listens_on_loopback_only, names_loopback, reaches_this_machine


@pytest.mark.parametrize(
    ("host", "connect", "listen", "header"),
    [
        ("127.0.0.1", True, True, True),
        ("127.1", True, True, True),
        ("::1", True, True, True),
        ("[::1]", True, True, True),
        ("::ffff:127.0.0.1", True, True, True),
        ("localhost", True, True, True),
        ("app.localhost", True, False, True),
        ("LOCALHOST.", True, False, False),
        ("0.0.0.0", True, False, False),
        ("::", True, False, False),
        ("", False, False, False),
        ("::ffff:10.0.0.1", False, False, False),
        ("10.0.0.1", False, False, False),
        ("fe80::1%eth0", False, False, False),
        ("127.0.0.1.example.org", False, False, False),
        ("localhost.example.org", False, False, False),
    ],
)
def test_a_host_is_this_machine(host: str, connect: bool, listen: bool, header: bool) -> None:
    """An unspecified address is reached on this machine, but is no safe place to listen on."""
    assert (reaches_this_machine(host), listens_on_loopback_only(host), names_loopback(host)) == (
        connect,
        listen,
        header,
    )
