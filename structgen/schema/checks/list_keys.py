"""Check the keywords `x-structgen-key`: members by which the items of a list are told apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from structgen.errors import InvalidSchema
from structgen.schema.dialects import Dialect
from structgen.schema.keywords import LIST_KEY
from structgen.schema.references import RootReferences
from structgen.schema.traversal import applying, item_schemas, root_target, subschemas, type_names
from structgen.suggestions import name_choices
from structgen.types import Violation

_MAX_DEPTH = 8
"""References that are followed at one place."""
_SHAPE = 'must be the name of a member of the items, or an array of such names: "id" or ["date", "number"]'


def check(definition: Any, dialect: Dialect) -> None:
    """Raise `InvalidSchema` for keys that name no members of a list's items."""
    keyed = [
        (at, schema)
        for at, schema in subschemas(definition)
        if isinstance(schema, dict) and LIST_KEY in schema
    ]
    if not keyed:
        return
    references = RootReferences(definition, dialect)
    violations = [
        Violation(f"{at}/{LIST_KEY}", LIST_KEY, message)
        for at, schema in keyed
        if (message := _fault(schema, references.resolve)) is not None
    ]
    if violations:
        raise InvalidSchema(f"{violations[0].pointer}: {violations[0].message}", violations)


def key_names(schema: dict[str, Any]) -> tuple[str, ...]:
    """Return the members that `x-structgen-key` of a checked schema names."""
    key = schema.get(LIST_KEY, ())
    return (key,) if isinstance(key, str) else tuple(key)


def _fault(schema: dict[str, Any], resolve: Callable[[str], Any]) -> str | None:
    """Return what is wrong with the key of a list's schema; None for a sound one."""
    key = schema[LIST_KEY]
    names = [key] if isinstance(key, str) else key
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        return _SHAPE
    if len(set(names)) < len(names):
        return "names a member twice"
    target = root_target(resolve)
    lists = applying([schema], target, _MAX_DEPTH)
    if not any(_takes_lists(each) for each in lists):
        return "belongs beside the `items` of a list, and this schema takes no list"
    known = _known_names(applying(item_schemas(lists, 0), target, _MAX_DEPTH))
    unknown = next((name for name in names if known and name not in known), None)
    return (
        None
        if unknown is None
        else f"{unknown[:80]!r} is no member of the items{name_choices(unknown, known)}"
    )


def _takes_lists(schema: dict[str, Any]) -> bool:
    names = type_names(schema)
    return "array" in names if names is not None else "items" in schema or "prefixItems" in schema


def _known_names(items: Sequence[dict[str, Any]]) -> list[str]:
    """Return the names of the members of items; none where they may have others."""
    names = list(dict.fromkeys(_declared(items)))
    is_open = any(
        "patternProperties" in each or isinstance(each.get("additionalProperties"), dict) for each in items
    )
    return [] if is_open else names


def _declared(items: Sequence[dict[str, Any]]) -> Iterator[str]:
    for each in items:
        yield from each.get("properties", ())
