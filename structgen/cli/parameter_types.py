"""Types of parameters that the shell completes: schema names, engines, and files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.types import StringParamType

from structgen.distribution import SCHEMAS

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def schema_names(folder: Path | None = None) -> list[str]:
    """Return the names of the schemas in the folder, by default the shipped ones."""
    return sorted(path.stem for path in (folder or SCHEMAS).glob("*.json"))


class SchemaType(StringParamType):
    """The name of a schema, its file, or JSON text."""

    name = "name_or_file"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Return the placeholder that the help shows."""
        return "NAME_OR_FILE"

    def get_missing_message(self, param: click.Parameter, ctx: click.Context | None) -> str:
        """Return the choices for a missing schema."""
        names = ", ".join(schema_names(ctx.params.get("folder") if ctx else None)) or "none"
        return f"Give a schema file, JSON text, or the name of a schema ({names})."

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Complete names, or files if no name begins like this."""
        matches = [n for n in schema_names(ctx.params.get("folder")) if n.startswith(incomplete)]
        return _items(matches) or _files(incomplete)


class EngineType(StringParamType):
    """The name of an engine."""

    name = "engine"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Return the placeholder that the help shows."""
        return "NAME"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Complete the engines, and each kind of Outlines."""
        from structgen.engines import ENGINES
        from structgen.engines.outlines.model_kinds import OUTLINES_KINDS

        plain = [name for name, entry in ENGINES.items() if not entry.label]
        names = [*plain, *(f"outlines:{kind}" for kind in OUTLINES_KINDS)]
        return _items([name for name in names if name.startswith(incomplete)])


class ModelType(StringParamType):
    """The folder, file or name of a model."""

    name = "model"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Return the placeholder that the help shows."""
        return "MODEL"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Complete files and folders."""
        return _files(incomplete)


def _items(values: list[str]) -> list[Any]:
    from click.shell_completion import CompletionItem

    return [CompletionItem(value) for value in values]


def _files(incomplete: str) -> list[Any]:
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="file")]
