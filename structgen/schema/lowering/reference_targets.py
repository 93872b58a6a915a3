"""Find what the references of a document lead to, also where lowering did not come."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from referencing._core import Resolved, Resolver
from referencing.exceptions import NoSuchResource, Unresolvable

from structgen.schema.dialects import Dialect
from structgen.schema.identity import IdentityDict, IdentitySet
from structgen.schema.references import inside
from structgen.schema.traversal import children


def reference_targets(
    definition: Any, resolver: Resolver[Any], dialect: Dialect, draft_schemas: Callable[[Any], Any]
) -> IdentityDict[Any]:
    """Return the target of each `$ref` that the definition reaches, by the schema that has the `$ref`.

    `draft_schemas` gives the copy of a target in which the definition has its schemas.
    """
    targets: IdentityDict[Any] = IdentityDict()
    seen = IdentitySet()
    stack = [(definition, resolver)]
    while stack:
        schema, resolver = stack.pop()
        if not isinstance(schema, dict) or not seen.add(schema):
            continue
        resolver = inside(resolver, schema, dialect)
        if isinstance(reference := schema.get("$ref"), str):
            resolved = _lookup(resolver, reference)
            if resolved is not None and isinstance(resolved.contents, dict | bool):
                targets[schema] = draft_schemas(resolved.contents)
                stack.append((targets[schema], resolved.resolver))
        stack += [(subschema, resolver) for _, subschema in children(schema)]
    return targets


def _lookup(resolver: Resolver[Any], reference: str) -> Resolved[Any] | None:
    try:
        return resolver.lookup(reference)
    except (Unresolvable, NoSuchResource, ValueError, TypeError, AttributeError):  # the last two: by a scalar
        return None
