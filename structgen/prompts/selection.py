"""The prompt formats, and the choice among them by the model's name or by their own."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from structgen.errors import ConfigError
from structgen.prompts import chatml, hermes4, plain
from structgen.prompts.base import PromptFormat
from structgen.suggestions import name_choices

FORMATS: Mapping[str, PromptFormat] = MappingProxyType({"chatml": chatml, "hermes4": hermes4, "plain": plain})
"""All formats by name. The first one that names a model serves it; the last one names all."""


def format_for(model: str) -> PromptFormat:
    """Return the format whose `MODELS` matches the name of the model, or its folder's path."""
    return next(each for each in FORMATS.values() if each.MODELS.search(model))


def named_format(name: str) -> PromptFormat:
    """Return the format of that name; `ConfigError` with the nearest names for an unknown one."""
    if name not in FORMATS:
        raise ConfigError(f"no prompt format is named {name!r}{name_choices(name, list(FORMATS))}")
    return FORMATS[name]
