"""Check the options of engines, and prepare the arguments with which an engine opens."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from structgen.cli import console

if TYPE_CHECKING:
    from structgen.engines import Engine


def model_or_shipped(engine: str, model: str | None) -> str:
    """Return the given model, or the shipped one for the engines that can load it."""
    if model is not None:
        return model
    from structgen.engines import ENGINES

    entry = ENGINES.get(engine.partition(":")[0])
    if entry is not None and entry.model == "required":
        raise click.UsageError(f"--engine {engine} needs --model MODEL")
    if entry is None or entry.model != "shipped":
        return ""  # opening an unknown engine raises, and suggests the right name
    from structgen.models import DEMO_MODEL

    return str(DEMO_MODEL)


def remote_arguments(engine: str, url: str | None) -> dict[str, Any]:
    """Return address and API key of the remote engine's server; refuse an address for other engines."""
    if engine == "remote":
        if not url:
            raise click.UsageError("--engine remote needs --url ADDRESS, such as http://HOST:8000/v1")
        return {"url": url, "api_key": os.environ.get("STRUCTGEN_REMOTE_KEY") or None}
    if url:
        raise click.UsageError(f"--url is only for --engine remote; the engine is {engine}")
    return {}


def note_demo_model(engine: Engine) -> None:
    """Print on a terminal that the model is a demo. Programs read it in the warnings of results."""
    if engine.card.demo and console.is_terminal():
        console.note(engine.card.warning)
