"""structgen: a JSON Schema and a document in, a validated object out.

The names below are the promised API. Each is imported when it is first used: a client needs no torch.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from structgen import errors as errors

if TYPE_CHECKING:
    from structgen.client.aio import AsyncClient as AsyncClient
    from structgen.client.sync import Client as Client
    from structgen.evidence.answer_evidence import ground as ground
    from structgen.files.isolated import read_file as read_file
    from structgen.generator import Generator as Generator
    from structgen.schema import Schema as Schema
    from structgen.text_repair import repair as repair
    from structgen.types import Grammar as Grammar

    __version__: str

__all__ = [
    "AsyncClient",
    "Client",
    "Generator",
    "Grammar",
    "Schema",
    "__version__",
    "errors",
    "ground",
    "read_file",
    "repair",
]

_HOMES = {
    "AsyncClient": "structgen.client.aio",
    "Client": "structgen.client.sync",
    "Generator": "structgen.generator",
    "Grammar": "structgen.types",
    "Schema": "structgen.schema",
    "ground": "structgen.evidence.answer_evidence",
    "read_file": "structgen.files.isolated",
    "repair": "structgen.text_repair",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from structgen.distribution import VERSION

        return VERSION
    if name not in _HOMES:
        raise AttributeError(f"module 'structgen' has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return found


def __dir__() -> list[str]:
    return __all__
