"""Engines: the contract in `base`, one package per adapter, opened by name."""

from __future__ import annotations

from typing import Any

from structgen.engines.base import Capabilities as Capabilities
from structgen.engines.base import Constraint as Constraint
from structgen.engines.base import Engine as Engine
from structgen.engines.base import EngineRequest as EngineRequest
from structgen.engines.base import Health as Health
from structgen.errors import ConfigError
from structgen.suggestions import name_choices


def open_engine(name: str, model: str, **options: Any) -> Engine:
    """Return the engine of that name, not yet started.

    Names are `local`, `vllm`, `remote` (any OpenAI-compatible server, with its `url` and `api_key`) and
    `outlines:KIND` for any Outlines model. `model` is a folder, a file or a name, as the engine takes it.
    `ConfigError` for an unknown name.
    """
    kind, _, detail = name.partition(":")
    if kind == "local":
        from structgen.engines.local import LocalEngine

        return LocalEngine(model, **options)
    if kind == "vllm":
        from structgen.engines.vllm.adapter import VllmEngine

        return VllmEngine(model, **options)
    if kind == "remote":
        from structgen.engines.remote import RemoteEngine

        return RemoteEngine(model, **options)
    if kind == "outlines":
        from structgen.engines.outlines import open_outlines

        engine: Engine = open_outlines(detail or "transformers", model, **options)
        return engine
    raise ConfigError(f"no engine {name!r}{name_choices(name, ('local', 'vllm', 'remote', 'outlines:KIND'))}")
