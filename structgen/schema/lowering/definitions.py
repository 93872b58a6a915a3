"""Lower `$ref`: each target becomes a definition of the grammar, with a name of its own."""

from __future__ import annotations

import re
from typing import Any

from referencing._core import Resolver

from structgen.schema.identity import IdentityDict

_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]")


class Definitions:
    """The definitions of a grammar. Targets wait until the schema that refers to them is lowered."""

    def __init__(self) -> None:
        self.lowered: dict[str, Any] = {}
        self._names: IdentityDict[str] = IdentityDict()
        self._counts: dict[str, int] = {}
        self._pending: list[tuple[str, Any, Resolver[Any]]] = []

    def reference(self, target: Any, reference: str, resolver: Resolver[Any]) -> dict[str, Any]:
        """Return the node that refers to a target. `resolver` is that of the target."""
        if isinstance(target, bool):
            return {} if target else {"enum": []}
        if target not in self._names:
            suffix = _UNSAFE.sub("_", reference.rsplit("/", 1)[-1].lstrip("#"))
            self._names[target] = self._unique(suffix or "root")
            self._pending.append((self._names[target], target, resolver))
        return {"$ref": f"#/$defs/{self._names[target]}"}

    def next_pending(self) -> tuple[str, Any, Resolver[Any]] | None:
        """Take a target that is not lowered yet, the latest first, with its name and its resolver."""
        return self._pending.pop() if self._pending else None

    def _unique(self, name: str) -> str:
        """Return the name, with a number after it if the name is in use."""
        unique, count = name, self._counts.get(name, 1)
        while unique in self._counts:
            count += 1
            unique = f"{name}_{count}"
        self._counts[name], self._counts[unique] = count, 1
        return unique
