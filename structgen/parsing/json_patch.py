"""Structural changes as RFC 6902 operations, each with its reason and its risk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from structgen.schema.traversal import escape
from structgen.types import Risk

_NONE = object()


@dataclass(frozen=True, slots=True)
class Change:
    """One operation on the value that the ones before it left. `from_` is of `move` alone."""

    op: Literal["add", "remove", "replace", "move"]
    path: str
    reason: str
    risk: Risk
    value: Any = _NONE
    from_: str | None = None

    def under(self, *tokens: str | int) -> Change:
        """The same, where the value stands deeper."""
        head = "".join(f"/{escape(str(token))}" for token in tokens)
        source = None if self.from_ is None else head + self.from_
        return replace(self, path=head + self.path, from_=source)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Change:
        """What `to_json` gave."""
        value = data.get("value", _NONE)
        return cls(data["op"], data["path"], data["reason"], data["risk"], value, data.get("from"))

    def to_json(self) -> dict[str, Any]:
        made: dict[str, Any] = {"op": self.op, "path": self.path}
        if self.from_ is not None:
            made["from"] = self.from_
        if self.op in ("add", "replace"):
            made["value"] = self.value
        return {**made, "reason": self.reason, "risk": self.risk}


def applied(value: Any, changes: Iterable[Change]) -> Any:
    """The value after the operations; the one given stays as it is."""
    root = [_copied(value)]
    for change in changes:
        if change.op == "move":
            assert change.from_ is not None
            moved = _take(root, change.from_)
            _set(root, change.path, moved, insert=True)
        elif change.op == "remove":
            _take(root, change.path)
        else:
            _set(root, change.path, _copied(change.value), insert=change.op == "add")
    return root[0]


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(member) for key, member in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value


def _parent(root: list[Any], path: str) -> tuple[Any, Any]:
    tokens = [t.replace("~1", "/").replace("~0", "~") for t in path.split("/")[1:]]
    inside: Any = root
    key: Any = 0
    for token in tokens:
        inside = inside[key]
        key = (len(inside) if token == "-" else int(token)) if isinstance(inside, list) else token
    return inside, key


def _take(root: list[Any], path: str) -> Any:
    inside, key = _parent(root, path)
    return inside.pop(key)


def _set(root: list[Any], path: str, value: Any, *, insert: bool) -> None:
    inside, key = _parent(root, path)
    if insert and path and isinstance(inside, list):
        inside.insert(key, value)
    else:
        inside[key] = value
