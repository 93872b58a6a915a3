"""Resolve references inside the document; remote ones are never fetched."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

from jsonschema_specifications import REGISTRY as META_SCHEMAS
from referencing import Registry
from referencing._core import Resolved, Resolver
from referencing.exceptions import NoSuchResource, Unresolvable

from structgen.errors import InvalidSchema
from structgen.schema.dialects import Dialect
from structgen.schema.identity import IdentityDict
from structgen.schema.keywords import DATA, IN_PLACE, REFERENCES, SCHEMA_MAPS
from structgen.schema.traversal import children, pointer, subschemas
from structgen.types import Violation

_BASE = "urn:structgen:schema"


def registry_of(definition: Any, dialect: Dialect) -> Registry[Any]:
    """Return a registry of the document and the drafts' meta-schemas, the only documents it can reach."""
    resource = dialect.specification.create_resource(definition)
    registry: Registry[Any] = META_SCHEMAS.with_resource(resource.id() or _BASE, resource).with_resource(
        _BASE, resource
    )
    return registry


def root_resolver(definition: Any, dialect: Dialect) -> Resolver[Any]:
    """Return the resolver of the document's root."""
    resource = dialect.specification.create_resource(definition)
    return registry_of(definition, dialect).resolver(resource.id() or _BASE)


def inside(resolver: Resolver[Any], schema: Any, dialect: Dialect) -> Resolver[Any]:
    """Return the resolver of a subschema, which may have an identifier of its own."""
    if isinstance(schema, bool):  # before draft 6 not a schema, and the rules look inside
        return resolver
    return resolver.in_subresource(dialect.specification.create_resource(schema))


class RootReferences:
    """Resolves all references of a document from its root, each once."""

    def __init__(self, definition: Any, dialect: Dialect) -> None:
        self.definition = absolute(definition, dialect)
        """The document with absolute references in embedded resources."""
        self._root = root_resolver(self.definition, dialect)
        self._resolved: dict[str, Any] = {}

    def resolve(self, reference: str) -> Any:
        """Return the schema that a reference names; True where it names nothing."""
        if reference not in self._resolved:
            self._resolved[reference] = contents(self._root, reference)
        return self._resolved[reference]


def absolute(definition: Any, dialect: Dialect) -> Any:
    """Return the document with absolute references in embedded resources, which its root can resolve."""
    root = root_resolver(definition, dialect)
    embedded = (schema for at, schema in subschemas(definition) if at and isinstance(schema, dict))
    if not any("$id" in schema or "id" in schema for schema in embedded):
        return definition
    return _absolute(definition, root, root, dialect)


def _absolute(schema: Any, resolver: Resolver[Any], root: Resolver[Any], dialect: Dialect) -> Any:
    if isinstance(schema, list):
        return [_absolute(item, resolver, root, dialect) for item in schema]
    if not isinstance(schema, dict):
        return schema
    resolver = inside(resolver, schema, dialect)
    result = {}
    for keyword, value in schema.items():
        if keyword in DATA:
            result[keyword] = value
        elif keyword == "$ref" and isinstance(value, str) and resolver._base_uri != root._base_uri:
            result[keyword] = urljoin(resolver._base_uri, value)
        elif keyword in SCHEMA_MAPS and isinstance(value, dict):
            result[keyword] = {
                name: _absolute(inner, resolver, root, dialect) for name, inner in value.items()
            }
        else:
            result[keyword] = _absolute(value, resolver, root, dialect)
    return result


def check(definition: Any, dialect: Dialect) -> list[Any]:
    """Return the schemas at places that only references reach.

    Raises `InvalidSchema` for references that lead nowhere, leave the document, or never end.
    """
    checker = _ReferenceCheck(definition, dialect)
    checker.run()
    if violations := [*checker.violations, *_endless(checker.edges, checker.pointers)]:
        raise InvalidSchema(f"{violations[0].pointer}: {violations[0].message}", violations)
    return list(checker.detached)


class _ReferenceCheck:
    """One walk over all schemas that a document holds or refers to."""

    def __init__(self, definition: Any, dialect: Dialect) -> None:
        self._dialect = dialect
        self._attached = {id(schema) for _, schema in subschemas(definition)}
        self._stack = [("", definition, root_resolver(definition, dialect))]
        self.detached: IdentityDict[None] = IdentityDict()
        self.pointers: IdentityDict[str] = IdentityDict()
        self.edges: IdentityDict[list[Any]] = IdentityDict()
        """The schemas that apply to the same instance as a schema."""
        self.violations: list[Violation] = []

    def run(self) -> None:
        """Visit each schema once."""
        while self._stack:
            at, schema, resolver = self._stack.pop()
            if isinstance(schema, dict) and schema not in self.pointers:
                self._visit(at, schema, resolver)

    def _visit(self, at: str, schema: dict[str, Any], resolver: Resolver[Any]) -> None:
        try:
            resolver = inside(resolver, schema, self._dialect) if at else resolver
            urljoin(_BASE, str(schema.get("$id", "")))
        except (ValueError, AttributeError) as error:
            message = f"{schema['$id']!r} is not a URI reference: {error}"
            self.violations.append(Violation(f"{at}/$id", "$id", message))
            return
        self.pointers[schema] = at
        self.edges[schema] = _in_place(schema)
        if not isinstance(schema.get("$ref", ""), str):  # draft 4's meta-schema does not look at it
            message = "must be a string, such as '#/definitions/x'"
            self.violations.append(Violation(f"{at}/$ref", "$ref", message))
            return
        for keyword in REFERENCES:
            if isinstance(schema.get(keyword), str):
                self._follow(keyword, at, schema, resolver)
        self._stack += [(at + pointer(path), inner, resolver) for path, inner in children(schema)]

    def _follow(self, keyword: str, at: str, schema: dict[str, Any], resolver: Resolver[Any]) -> None:
        target, violation = _lookup(resolver, schema[keyword], f"{at}/{keyword}")
        if violation is not None:
            self.violations.append(violation)
        if target is None:
            return
        if keyword == "$ref":
            self.edges[schema].append(target.contents)
        if id(target.contents) not in self._attached and isinstance(target.contents, dict):
            self.detached[target.contents] = None
            self._stack.append((f"{at}/{keyword}", target.contents, target.resolver))


def contents(resolver: Resolver[Any], reference: str) -> Any:
    """Return the schema that a reference names; True where it names nothing."""
    try:
        return resolver.lookup(reference).contents
    except (Unresolvable, ValueError, TypeError, AttributeError):  # the last two: through a scalar
        return True


def _lookup(
    resolver: Resolver[Any], reference: str, at: str
) -> tuple[Resolved[Any] | None, Violation | None]:
    try:
        resolved = resolver.lookup(reference)
        if isinstance(resolved.contents, dict | bool):
            return resolved, None
        return None, Violation(at, "$ref", f"{reference!r} leads to a value that is not a schema")
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


def _endless(edges: IdentityDict[list[Any]], pointers: IdentityDict[str]) -> list[Violation]:
    """Return a violation for schemas that refer back to themselves for the same instance."""
    done: IdentityDict[None] = IdentityDict()
    for start in edges:
        path: list[Any] = []
        on_path: IdentityDict[None] = IdentityDict()
        stack = [(start, False)]
        while stack:
            schema, leaving = stack.pop()
            if leaving:
                del on_path[path.pop()]
                done[schema] = None
            elif schema in on_path:
                message = "refers to itself without end: no value could ever be checked against it"
                return [Violation(pointers.get(schema, ""), "$ref", message)]
            elif schema not in done:
                path.append(schema)
                on_path[schema] = None
                stack.append((schema, True))
                stack += [(target, False) for target in edges.get(schema, ())]
    return []
