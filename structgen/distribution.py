"""Name and version of the distribution. On PyPI the name `structgen` belongs to another project."""

from __future__ import annotations

NAME = "structgen-server"
VERSION = "0.1.0"


def install_command(extra: str, *packages: str) -> str:
    """Return the command that adds an extra, and further packages, to this installation.

    pip keeps the installed distribution, from an index or a checkout, and adds the packages of the extra.
    """
    return " ".join(["pip install", f"'{NAME}[{extra}]'", *packages])
