"""Engines: the contract in `base`, one package per adapter, opened by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from structgen.engines.base import AnyConstraint as AnyConstraint
from structgen.engines.base import CallableTool as CallableTool
from structgen.engines.base import CallConstraint as CallConstraint
from structgen.engines.base import Capabilities as Capabilities
from structgen.engines.base import Constraint as Constraint
from structgen.engines.base import Engine as Engine
from structgen.engines.base import EngineRequest as EngineRequest
from structgen.engines.base import Health as Health
from structgen.engines.base import TextConstraint as TextConstraint
from structgen.errors import ConfigError
from structgen.suggestions import name_choices


@dataclass(frozen=True, slots=True)
class EngineEntry:
    """One engine of `ENGINES`."""

    open: Callable[..., Engine]
    """Opens a model; an engine with kinds takes the kind first."""
    model: Literal["shipped", "chosen by the server", "required"] = "shipped"
    """The model that it uses if none is given."""
    label: str = ""
    """The name with its kind, if the engine has kinds."""


def _open_local(model: str, **options: Any) -> Engine:
    from structgen.engines.local import LocalEngine

    return LocalEngine(model, **options)


def _open_vllm(model: str, **options: Any) -> Engine:
    from structgen.engines.vllm.adapter import VllmEngine

    return VllmEngine(model, **options)


def _open_remote(model: str, **options: Any) -> Engine:
    from structgen.engines.remote import RemoteEngine

    return RemoteEngine(model, **options)


def _open_outlines(kind: str, model: str, **options: Any) -> Engine:
    from structgen.engines.outlines import open_outlines

    engine: Engine = open_outlines(kind or "transformers", model, **options)
    return engine


ENGINES: Mapping[str, EngineEntry] = {
    "local": EngineEntry(_open_local),
    "vllm": EngineEntry(_open_vllm),
    "remote": EngineEntry(_open_remote, "chosen by the server"),
    "outlines": EngineEntry(_open_outlines, "required", "outlines:KIND"),
}
"""All engines by their names. An adapter is imported when it opens."""


def engine_labels() -> list[str]:
    """Return the names of the engines as a user gives them."""
    return [entry.label or name for name, entry in ENGINES.items()]


def open_engine(name: str, model: str, **options: Any) -> Engine:
    """Return the engine of that name, not yet started.

    Names are those of `ENGINES`: `remote` is any OpenAI-compatible server, with its `url` and `api_key`, and
    `outlines:KIND` any Outlines model. `model` is a folder, a file or a name, as the engine takes it.
    `ConfigError` for an unknown name.
    """
    kind, _, detail = name.partition(":")
    if (entry := ENGINES.get(kind)) is None:
        raise ConfigError(f"no engine {name!r}{name_choices(name, engine_labels())}")
    return entry.open(detail, model, **options) if entry.label else entry.open(model, **options)
