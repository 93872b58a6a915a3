"""Warn about keywords without an effect: misspelt, of another draft, for another type, without a partner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from structgen.schema import openapi
from structgen.schema.checks.format_hints import format_hint
from structgen.schema.checks.keyword_hints import nearest_keyword, replacement
from structgen.schema.checks.schema_warning import Code, SchemaWarning
from structgen.schema.dialects import Dialect
from structgen.schema.keywords import ANNOTATIONS, BY_NAME, KEYWORDS
from structgen.schema.traversal import constants, unescape
from structgen.suggestions import most_similar

_PLURALS = {"string": "strings", "number": "numbers", "array": "arrays", "object": "objects"}
_PARTNERS = {"then": "if", "else": "if", "minContains": "contains", "maxContains": "contains"}
_ANY_TYPE = frozenset({"format", "dependencies"})
"""Keywords that get no warning about the type. OpenAPI has formats of numbers."""
_UNDECLARED_TUPLE = (
    "draft2020-12, which holds without $schema, has no list for 'items': it is read as in draft2019-09; "
    "write 'prefixItems', or name that draft in $schema"
)
_MAX_COMPARISONS = 10_000
"""Pairs of names of one schema that are compared."""


class Context:
    """The draft, the checked formats and the references of the schema that a subschema belongs to."""

    def __init__(self, dialect: Dialect, formats: frozenset[str], schemas: Sequence[tuple[str, Any]]) -> None:
        self.draft, self.ref_siblings, self.formats = dialect.name, dialect.ref_siblings, formats
        self.keywords = KEYWORDS[dialect.name]
        self.comparisons_left = _MAX_COMPARISONS
        self._schemas = schemas
        root = schemas[0][1] if schemas else None
        self.names_draft = isinstance(root, dict) and "$schema" in root

    @cached_property
    def referenced(self) -> frozenset[str]:
        """The members of the root that references lead into: containers of definitions, not keywords."""
        names = set()
        for _, schema in self._schemas:
            reference = schema.get("$ref") if isinstance(schema, dict) else None
            if isinstance(reference, str) and reference.startswith("#/"):
                names.add(unescape(reference.split("/", 2)[1]))
        return frozenset(names)


def unknown_words(at: str, schema: dict[str, Any], context: Context) -> Iterator[SchemaWarning]:
    """Yield warnings about formats and keywords that the draft does not define."""
    format_name = schema.get("format")
    if isinstance(format_name, str) and format_name not in context.formats:
        message = f"{format_name[:80]!r} is not a format that is checked here: {format_hint(format_name)}"
        yield SchemaWarning(("format",), Code.UNKNOWN_FORMAT, message)
    for keyword in schema:
        if keyword in context.keywords:
            continue
        if (advice := replacement(keyword, context.draft)) is not None:
            yield SchemaWarning((keyword,), Code.FOREIGN_KEYWORD, advice)
        elif at or keyword not in context.referenced:
            message = f"{keyword[:80]!r} is not a keyword of JSON Schema and has no effect"
            if (near := nearest_keyword(keyword, context.draft)) is not None:
                message += f": did you mean {near!r}?"
            yield SchemaWarning((keyword,), Code.UNKNOWN_KEYWORD, message)
    has_tuple = isinstance(schema.get("items"), list)
    if has_tuple and not context.names_draft and context.draft == "draft2019-09":
        yield SchemaWarning(("items",), Code.FOREIGN_KEYWORD, _UNDECLARED_TUPLE)


def without_effect(schema: dict[str, Any], context: Context) -> Iterator[SchemaWarning]:
    """Yield warnings about keywords of the draft that have no effect beside the others."""
    if "$ref" in schema and not context.ref_siblings:
        message = f"{context.draft} ignores what stands beside '$ref': write 'allOf'"
        for keyword in schema:
            if keyword != "$ref" and keyword in context.keywords - ANNOTATIONS:
                yield SchemaWarning((keyword,), Code.NO_EFFECT, message)
        return
    yield from _beside_others(schema, context)
    yield from _openapi(schema)
    yield from _undeclared_names(schema, context)


def _beside_others(schema: dict[str, Any], context: Context) -> Iterator[SchemaWarning]:
    types = openapi.types(schema)
    instance_types = {"number" if name == "integer" else name for name in types or ()}
    for keyword in schema:
        if keyword not in context.keywords:
            continue
        applies_to = None if keyword in _ANY_TYPE else BY_NAME[keyword].applies_to
        if applies_to and instance_types and applies_to not in instance_types:
            named = " or ".join(types or ())
            message = f"{keyword!r} is about {_PLURALS[applies_to]}, and the type is {named}"
            yield SchemaWarning((keyword,), Code.NO_EFFECT, message)
        partner = _PARTNERS.get(keyword)
        if partner and partner not in schema:
            yield SchemaWarning((keyword,), Code.NO_EFFECT, f"{keyword!r} has no effect without {partner!r}")
    has_tuple = isinstance(schema.get("items"), list)
    if "additionalItems" in schema and "additionalItems" in context.keywords and not has_tuple:
        message = "'additionalItems' has no effect without a list for 'items'"
        yield SchemaWarning(("additionalItems",), Code.NO_EFFECT, message)


def _openapi(schema: dict[str, Any]) -> Iterator[SchemaWarning]:
    nullable = schema.get("nullable")
    if nullable is not None and not isinstance(nullable, bool):
        message = f"'nullable' is true or false, not {str(nullable)[:80]!r}"
        yield SchemaWarning(("nullable",), Code.NO_EFFECT, message)
    elif nullable:
        yield from _nullable(schema)
    if "discriminator" in schema and openapi.tag_of(schema) is None:
        message = "it has an effect only beside 'oneOf' or 'anyOf', and with a 'propertyName'"
        yield SchemaWarning(("discriminator",), Code.NO_EFFECT, message)


def _nullable(schema: dict[str, Any]) -> Iterator[SchemaWarning]:
    values = schema.get("enum", constants(schema))
    if isinstance(values, list):
        if None not in values:
            keyword = "enum" if "enum" in schema else "const"
            message = f"{keyword!r} has no null, and rules: add null to its values"
            yield SchemaWarning(("nullable",), Code.NO_EFFECT, message)
    elif "type" not in schema:
        if any(keyword in schema for keyword in openapi.COMBINED):
            code = Code.NULLABLE_WITHOUT_TYPE
            message = (
                "OpenAPI 3.0 gives it no effect without 'type': it is read as: null, or what stands beside it"
            )
        else:
            code, message = Code.NO_EFFECT, "'nullable' adds null to the 'type' beside it, and there is none"
        yield SchemaWarning(("nullable",), code, message)


def _undeclared_names(schema: dict[str, Any], context: Context) -> Iterator[SchemaWarning]:
    """Yield warnings about required names that are not declared, but similar to a declared one."""
    required, properties = schema.get("required"), schema.get("properties")
    if not isinstance(required, list) or not isinstance(properties, dict):
        return
    undeclared = [(index, name) for index, name in enumerate(required) if name not in properties]
    optional = list(properties.keys() - set(required)) if undeclared else []
    for index, name in undeclared:
        context.comparisons_left -= len(optional)
        if context.comparisons_left < 0:
            return
        if (near := most_similar(name[:60], optional, 0.75)) is not None:
            message = f"{name[:80]!r} is required and not declared: did you mean {near!r}?"
            yield SchemaWarning(("required", index), Code.UNDECLARED_NAME, message)
