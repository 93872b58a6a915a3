"""Schemas known by name: the `.json` files of a folder."""

from __future__ import annotations

from pathlib import Path

from structgen.distribution import SCHEMAS
from structgen.errors import NotFound, SchemaError
from structgen.schema.limits import SchemaLimits
from structgen.schema.schema import DEFAULT_LIMITS, Schema
from structgen.suggestions import among


class Registry:
    """Reads a schema when it is first asked for, and keeps it."""

    def __init__(self, directory: Path = SCHEMAS, limits: SchemaLimits = DEFAULT_LIMITS) -> None:
        self.directory, self.limits = directory, limits
        self._read: dict[str, Schema] = {}

    def names(self) -> list[str]:
        """All names, sorted."""
        return sorted(path.stem for path in self.directory.glob("*.json"))

    def known(self, name: str) -> Schema | None:
        """The schema of that name, where it has been read already."""
        return self._read.get(name)

    def get(self, name: str) -> Schema:
        """The schema of that name; `NotFound` tells the names there are."""
        if name not in self._read:
            if name not in self.names():
                text = ": a schema itself is sent as an object, not as text" if "{" in name else ""
                raise NotFound(f"no schema named {name[:80]!r}{text}{among(name, self.names())}")
            path = self.directory / f"{name}.json"
            try:
                self._read[name] = Schema.parse(path, limits=self.limits).named(name)
            except SchemaError as error:
                error.args = (f"{path.name}: {error}",)
                raise
        return self._read[name]
