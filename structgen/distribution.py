"""Name the distribution, which is not called as the package is: PyPI's `structgen` is another project."""

from __future__ import annotations

NAME = "structgen-server"
VERSION = "0.1.0"


def install_command(extra: str, *packages: str) -> str:
    """Return the command that adds an extra to this installation, and packages beside it.

    pip takes the installed distribution as it is, from an index or from a checkout, and adds what the
    extra names.
    """
    return " ".join(["pip install", f"'{NAME}[{extra}]'", *packages])
