"""What of a schema has no effect: misspelt and foreign keywords, unknown formats, bounds for another type."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from typing import Any

from structgen.schema import openapi
from structgen.schema.checks.keyword_hints import nearest_keyword, replacement
from structgen.schema.dialects import Dialect
from structgen.schema.keywords import KEYWORDS, constraining
from structgen.schema.traversal import ANNOTATIONS
from structgen.suggestions import most_similar

Path = tuple[str | int, ...]
Lint = tuple[Path, str, str]
_KIND_OF = {
    keyword: kind
    for kind in ("string", "number", "array", "object")
    for keyword in constraining(kind) - {"format", "dependencies"}
}
"""Without `format`, since OpenAPI has formats of numbers."""
_PLURAL = {"string": "strings", "number": "numbers", "array": "arrays", "object": "objects"}
_PARTNERS = {
    "then": "if", "else": "if", "minContains": "contains", "maxContains": "contains",
}  # fmt: skip
_MEANT = {
    "datetime": "date-time", "timestamp": "date-time", "iso8601": "date-time", "url": "uri", "guid": "uuid",
    "ip": "ipv4", "ipaddress": "ipv4", "regexp": "regex", "host": "hostname", "domain": "hostname",
    "mail": "email", "emailaddress": "email",
}  # fmt: skip
_OF_OPENAPI = {
    "int32": 'write "minimum": -2147483648, "maximum": 2147483647',
    "int64": 'write "minimum" and "maximum" for the bounds of 64 bits',
    **dict.fromkeys(("float", "double"), "numbers have no width here: leave it out"),
    **dict.fromkeys(("byte", "binary", "base64"), "any string is taken: leave it out, or write a pattern"),
    "password": "it says how to show a value, not what it may be: leave it out",
}

_TUPLE = (
    "draft2020-12, which holds without $schema, has no list for 'items': it is read as in draft2019-09; "
    "write 'prefixItems', or name that draft in $schema"
)


_COMPARISONS = 10_000


class Context:
    """What a part of a schema is seen in."""

    def __init__(self, dialect: Dialect, formats: frozenset[str], schemas: Sequence[tuple[str, Any]]) -> None:
        self.draft, self.siblings, self.formats = dialect.name, dialect.ref_siblings, formats
        self._schemas = schemas
        self.comparisons = _COMPARISONS
        """How many more names may be compared with each other."""
        root = schemas[0][1] if schemas else None
        self.declared = isinstance(root, dict) and "$schema" in root
        """Whether the schema names its draft itself."""

    @cached_property
    def referenced(self) -> frozenset[str]:
        """The members of the root that references lead into."""
        found = set()
        for _, schema in self._schemas:
            reference = schema.get("$ref") if isinstance(schema, dict) else None
            if isinstance(reference, str) and reference.startswith("#/"):
                found.add(reference.split("/", 2)[1].replace("~1", "/").replace("~0", "~"))
        return frozenset(found)


def unread(at: str, schema: dict[str, Any], context: Context) -> Iterator[Lint]:
    """Yield what says nothing to a validator: it may be a slip of the pen."""
    named = schema.get("format")
    if isinstance(named, str) and named not in context.formats:
        yield (
            ("format",),
            "unknown-format",
            f"{named[:80]!r} is not a format that is checked here: {_format(named)}",
        )
    for keyword in schema:
        if keyword in KEYWORDS[context.draft]:
            continue
        if (instead := replacement(keyword, context.draft)) is not None:
            yield (keyword,), "foreign-keyword", instead
        elif at or keyword not in context.referenced:
            message = f"{keyword[:80]!r} is not a keyword of JSON Schema and has no effect"
            near = nearest_keyword(keyword, context.draft)
            yield (keyword,), "unknown-keyword", f"{message}: did you mean {near!r}?" if near else message
    if isinstance(schema.get("items"), list) and not context.declared and context.draft == "draft2019-09":
        yield ("items",), "foreign-keyword", _TUPLE


def idle(schema: dict[str, Any], context: Context) -> Iterator[Lint]:
    """Yield keywords that are known, and have no effect where they stand."""
    if "$ref" in schema and not context.siblings:
        for keyword in schema:
            if keyword != "$ref" and keyword in KEYWORDS[context.draft] - ANNOTATIONS:
                yield (
                    (keyword,),
                    "no-effect",
                    f"{context.draft} ignores what stands beside '$ref': write 'allOf'",
                )
        return
    types = openapi.types(schema)
    kinds = {"number" if name == "integer" else name for name in types} if types else None
    for keyword in schema:
        kind = _KIND_OF.get(keyword)
        if kind and kinds and kind not in kinds and keyword in KEYWORDS[context.draft]:
            named = " or ".join(types or ())
            yield (keyword,), "no-effect", f"{keyword!r} is about {_PLURAL[kind]}, and the type is {named}"
        partner = _PARTNERS.get(keyword)
        if partner and partner not in schema and keyword in KEYWORDS[context.draft]:
            yield (keyword,), "no-effect", f"{keyword!r} has no effect without {partner!r}"
    tuple_form = isinstance(schema.get("items"), list)
    if "additionalItems" in schema and "additionalItems" in KEYWORDS[context.draft] and not tuple_form:
        yield ("additionalItems",), "no-effect", "'additionalItems' has no effect without a list for 'items'"
    yield from _openapi(schema)
    yield from _undeclared(schema, context)


def _openapi(schema: dict[str, Any]) -> Iterator[Lint]:
    nullable = schema.get("nullable")
    if nullable is not None and not isinstance(nullable, bool):
        yield ("nullable",), "no-effect", f"'nullable' is true or false, not {str(nullable)[:80]!r}"
    elif nullable and (listed := _listed(schema)) is not None:
        if None not in listed:
            word = "enum" if "enum" in schema else "const"
            yield ("nullable",), "no-effect", f"{word!r} has no null, and rules: add null to its values"
    elif nullable and "type" not in schema:
        if any(word in schema for word in openapi.COMBINED):
            message = (
                "OpenAPI 3.0 gives it no effect without 'type': it is read as: null, or what stands beside it"
            )
            yield ("nullable",), "nullable-without-type", message
        else:
            yield (
                ("nullable",),
                "no-effect",
                "'nullable' adds null to the 'type' beside it, and there is none",
            )
    if "discriminator" in schema and openapi.tag_of(schema) is None:
        message = "it has an effect only beside 'oneOf' or 'anyOf', and with a 'propertyName'"
        yield ("discriminator",), "no-effect", message


def _listed(schema: dict[str, Any]) -> list[Any] | None:
    """All values that a schema allows, where it lists them."""
    listed = schema.get("enum", [schema["const"]] if "const" in schema else None)
    return listed if isinstance(listed, list) else None


def _undeclared(schema: dict[str, Any], context: Context) -> Iterator[Lint]:
    """Required names that are near a declared one, and not declared themselves."""
    required, properties = schema.get("required"), schema.get("properties")
    if not isinstance(required, list) or not isinstance(properties, dict):
        return
    missing = [(index, name) for index, name in enumerate(required) if name not in properties]
    free = list(properties.keys() - set(required)) if missing else []
    for index, name in missing:
        context.comparisons -= len(free)
        if context.comparisons < 0:
            return
        if (near := most_similar(name[:60], free, 0.75)) is not None:
            message = f"{name[:80]!r} is required and not declared: did you mean {near!r}?"
            yield ("required", index), "undeclared-name", message


@lru_cache(maxsize=1024)
def _format(name: str) -> str:
    bare = "".join(character for character in name.lower() if character.isalnum())
    if bare in _OF_OPENAPI:
        return _OF_OPENAPI[bare]
    near = _MEANT.get(bare) or most_similar(name[:60], _STANDARD, 0.75)
    return f"did you mean {near!r}?" if near else "any string has it"


_STANDARD = (
    "date-time", "date", "time", "duration", "email", "idn-email", "hostname", "idn-hostname", "ipv4",
    "ipv6", "uri", "uri-reference", "iri", "iri-reference", "uuid", "uri-template", "json-pointer",
    "relative-json-pointer", "regex",
)  # fmt: skip
