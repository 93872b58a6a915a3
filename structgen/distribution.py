"""Name the distribution and find its files. PyPI's `structgen` is another project."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent

NAME = "structgen-server"
VERSION = "0.1.0"
SCHEMAS = next(
    (folder for folder in (_PACKAGE / "schemas", _PACKAGE.parent / "schemas") if folder.is_dir()),
    _PACKAGE / "schemas",
)
"""The folder of the shipped schemas: inside an installed package, beside it in a checkout."""


def install_command(extra: str, *packages: str) -> str:
    """Return the command that adds an extra, and further packages, to this installation.

    pip keeps the installed distribution, from an index or a checkout, and adds the packages of the extra.
    """
    return " ".join(["pip install", f"'{NAME}[{extra}]'", *packages])
