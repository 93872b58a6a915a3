"""References: resolved inside the document, never fetched."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

from jsonschema_specifications import REGISTRY as META_SCHEMAS
from referencing import Registry
from referencing._core import Resolved, Resolver
from referencing.exceptions import NoSuchResource, Unresolvable

from structgen.errors import InvalidSchema
from structgen.schema.dialects import Dialect
from structgen.schema.keywords import DATA, IN_PLACE, REFERENCES, SCHEMA_MAPS
from structgen.schema.traversal import children, pointer, subschemas
from structgen.types import Violation

_BASE = "urn:structgen:schema"


def registry_of(definition: Any, dialect: Dialect) -> Registry[Any]:
    """The document and the drafts' meta-schemas; nothing else can ever be reached."""
    resource = dialect.specification.create_resource(definition)
    registry: Registry[Any] = META_SCHEMAS.with_resource(resource.id() or _BASE, resource).with_resource(
        _BASE, resource
    )
    return registry


def root_resolver(definition: Any, dialect: Dialect) -> Resolver[Any]:
    """The resolver for the document's root."""
    resource = dialect.specification.create_resource(definition)
    return registry_of(definition, dialect).resolver(resource.id() or _BASE)


def inside(resolver: Resolver[Any], schema: Any, dialect: Dialect) -> Resolver[Any]:
    """The resolver for a subschema, which may have an identifier of its own."""
    if isinstance(schema, bool):  # no schema to drafts before 6, whose rules look inside
        return resolver
    return resolver.in_subresource(dialect.specification.create_resource(schema))


def absolute(definition: Any, dialect: Dialect) -> Any:
    """Write references of embedded resources with their base URI, so that the root resolves all of them."""
    root = root_resolver(definition, dialect)
    parts = (part for at, part in subschemas(definition) if at and isinstance(part, dict))
    if not any("$id" in part or "id" in part for part in parts):
        return definition
    return _absolute(definition, root, root, dialect)


def _absolute(schema: Any, resolver: Resolver[Any], root: Resolver[Any], dialect: Dialect) -> Any:
    if isinstance(schema, list):
        return [_absolute(part, resolver, root, dialect) for part in schema]
    if not isinstance(schema, dict):
        return schema
    resolver = inside(resolver, schema, dialect)
    made = {}
    for keyword, part in schema.items():
        if keyword in DATA:
            made[keyword] = part
        elif keyword == "$ref" and isinstance(part, str) and resolver._base_uri != root._base_uri:
            made[keyword] = urljoin(resolver._base_uri, part)
        elif keyword in SCHEMA_MAPS and isinstance(part, dict):
            made[keyword] = {name: _absolute(one, resolver, root, dialect) for name, one in part.items()}
        else:
            made[keyword] = _absolute(part, resolver, root, dialect)
    return made


def check(definition: Any, dialect: Dialect) -> list[Any]:
    """`InvalidSchema` for references that lead nowhere, leave the document, or never end.

    Gives the schemas that only references reach, at places where no schema stands by itself.
    """
    standing = {id(schema) for _, schema in subschemas(definition)}
    elsewhere: dict[int, Any] = {}
    faults: list[Violation] = []
    edges: dict[int, list[int]] = {}
    places: dict[int, str] = {}
    stack = [("", definition, root_resolver(definition, dialect))]
    while stack:
        at, schema, resolver = stack.pop()
        if not isinstance(schema, dict):
            continue
        if id(schema) in places:
            continue
        try:
            resolver = inside(resolver, schema, dialect) if at else resolver
            urljoin(_BASE, str(schema.get("$id", "")))
        except (ValueError, AttributeError) as error:
            faults.append(Violation(f"{at}/$id", "$id", f"{schema['$id']!r} is no URI reference: {error}"))
            continue
        places[id(schema)] = at
        edges[id(schema)] = targets = [id(part) for part in _in_place(schema)]
        if not isinstance(schema.get("$ref", ""), str):  # draft 4's meta-schema does not look at it
            faults.append(Violation(f"{at}/$ref", "$ref", "must be a string, such as '#/definitions/x'"))
            continue
        for keyword in REFERENCES:
            if isinstance(schema.get(keyword), str):
                target, fault = _lookup(resolver, schema[keyword], f"{at}/{keyword}")
                faults += [fault] if fault else []
                if target is None:
                    continue
                targets += [id(target.contents)] if keyword == "$ref" else []
                if id(target.contents) not in standing and isinstance(target.contents, dict):
                    elsewhere[id(target.contents)] = target.contents
                    stack.append((f"{at}/{keyword}", target.contents, target.resolver))
        stack += [(at + pointer(path), part, resolver) for path, part in children(schema)]
    faults += _endless(edges, places)
    if faults:
        raise InvalidSchema(f"{faults[0].pointer}: {faults[0].message}", faults)
    return list(elsewhere.values())


def contents(resolver: Resolver[Any], reference: str) -> Any:
    """Return what a reference names; True where it names nothing."""
    try:
        return resolver.lookup(reference).contents
    except (Unresolvable, ValueError, TypeError, AttributeError):  # the last two: through a scalar
        return True


def _lookup(
    resolver: Resolver[Any], reference: str, at: str
) -> tuple[Resolved[Any] | None, Violation | None]:
    try:
        found = resolver.lookup(reference)
        if isinstance(found.contents, dict | bool):
            return found, None
        return None, Violation(at, "$ref", f"{reference!r} leads to what is no schema")
    except (Unresolvable, NoSuchResource, ValueError, TypeError, AttributeError):  # the last two: by a scalar
        remote = "://" in reference and not reference.startswith("#")
        message = (
            f"{reference!r} leaves the document; remote references are never fetched: put it in $defs"
            if remote
            else f"{reference!r} leads nowhere in this schema"
        )
        return None, Violation(at, "$ref", message)


def _in_place(schema: dict[str, Any]) -> list[Any]:
    """Return the subschemas that apply to the same instance as the schema."""
    return [inner for path, inner in children(schema) if path[0] in IN_PLACE and isinstance(inner, dict)]


def _endless(edges: dict[int, list[int]], places: dict[int, str]) -> list[Violation]:
    """References that come back to themselves without a step into the value."""
    done: set[int] = set()
    for start in edges:
        path: list[int] = []
        stack = [(start, False)]
        on_path: set[int] = set()
        while stack:
            node, leaving = stack.pop()
            if leaving:
                on_path.discard(path.pop())
                done.add(node)
            elif node in on_path:
                at = places.get(node, "")
                message = "refers to itself without end: no value could ever be checked against it"
                return [Violation(at, "$ref", message)]
            elif node not in done:
                path.append(node)
                on_path.add(node)
                stack.append((node, True))
                stack += [(target, False) for target in edges.get(node, ())]
    return []
