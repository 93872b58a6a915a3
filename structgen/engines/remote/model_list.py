"""Select the model from a server's list, and say what to do where it has none of that name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from structgen.engines.remote.server_profile import ServerProfile, family_of
from structgen.errors import ConfigError
from structgen.suggestions import did_you_mean
from structgen.types import token_count

_OLLAMA_LACKS = re.compile(r"model ['\"].*['\"] not found")
_DEFAULT_TAG = ":latest"
"""The tag that Ollama adds to a name without one."""


def select_model(
    models: Sequence[Mapping[str, Any]], requested: str, hint: str = "", *, is_ollama: bool = False
) -> tuple[str, ServerProfile]:
    """Return the model's name, and the profile of its server as far as the list of models shows it.

    A server without a list is not checked; `hint` says what else may be wrong with it.
    """
    names = [model["id"] for model in models]
    if not requested and len(names) != 1:
        raise ConfigError(f"give the model's name with --model: {_choice(names)}{'' if names else hint}")
    name = requested or names[0]
    if name + _DEFAULT_TAG in names:
        name += _DEFAULT_TAG
    is_ollama = is_ollama or any(family_of(model.get("owned_by")) == "ollama" for model in models)
    if names and name not in names:
        advice = pull_advice(name) if is_ollama else did_you_mean(name, names)
        raise ConfigError(f"--model: the server has no model {name!r}{advice} ({_choice(names)})")
    entry: Mapping[str, Any] = next((model for model in models if model["id"] == name), {})
    context = entry.get("max_model_len") or entry.get("context_length")
    family = "ollama" if is_ollama else family_of(entry.get("owned_by"))
    return name, ServerProfile(family=family, context=token_count(context) or None)


def missing_model(name: str, message: str, *, is_ollama: bool) -> str:
    """Return what to do where the server answers that it has no such model; empty for another message."""
    words = message.lower()
    if is_ollama or _OLLAMA_LACKS.match(words):
        return pull_advice(name)
    if "lms load" in words or "no models loaded" in words:
        return f": load it in LM Studio, or run `lms load {name}`"
    return ""


def pull_advice(name: str) -> str:
    """Return the command that downloads a model for Ollama."""
    return f": run `ollama pull {name}` first"


def _choice(names: Sequence[str]) -> str:
    shown = ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
    return f"it serves {shown}" if names else "it serves no list of models"
