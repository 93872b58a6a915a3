"""Schemas by name: the `.json` files of a directory."""

from __future__ import annotations

from pathlib import Path

from structgen.distribution import SCHEMAS
from structgen.errors import NotFound, SchemaError
from structgen.schema.limits import SchemaLimits
from structgen.schema.schema import DEFAULT_LIMITS, Schema
from structgen.suggestions import name_choices


class Registry:
    """Loads schemas by name on first use, and keeps them."""

    def __init__(self, directory: Path = SCHEMAS, limits: SchemaLimits = DEFAULT_LIMITS) -> None:
        self.directory, self.limits = directory, limits
        self._loaded: dict[str, Schema] = {}

    def names(self) -> list[str]:
        """Return all names, sorted."""
        return sorted(path.stem for path in self.directory.glob("*.json"))

    def known(self, name: str) -> Schema | None:
        """Return the schema of that name, or None where it has not been loaded yet."""
        return self._loaded.get(name)

    def get(self, name: str) -> Schema:
        """Return the schema of that name; raise `NotFound` with the existing names for an unknown one."""
        if name not in self._loaded:
            if name not in self.names():
                hint = ": a schema itself is sent as an object, not as text" if "{" in name else ""
                raise NotFound(f"no schema named {name[:80]!r}{hint}{name_choices(name, self.names())}")
            path = self.directory / f"{name}.json"
            try:
                self._loaded[name] = Schema.parse(path, limits=self.limits).named(name)
            except SchemaError as error:
                error.args = (f"{path.name}: {error}",)
                raise
        return self._loaded[name]
