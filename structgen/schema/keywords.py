"""The table of all keywords: drafts, types of instances, what the value holds, and whether it asserts.

To add a keyword, add a line to `TABLE`. Most other names here are selections from it, in the table's order;
the rest are fixed groups. What a grammar enforces is in `lowering/llguidance/supported_keywords.py` instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Flag, auto

DRAFTS = ("draft4", "draft6", "draft7", "draft2019-09", "draft2020-12")
"""Supported drafts, oldest first."""
_HISTORY = ("draft3", *DRAFTS)
LIST_KEY = "x-structgen-key"
"""The keyword of structgen's own: members by which the items of a list are told apart."""
TYPES = ("string", "integer", "number", "boolean", "object", "array", "null")
"""All names that `type` accepts."""


class Holds(Flag):
    """What the value of a keyword consists of."""

    OTHER = auto()
    """A scalar, a list of names, or something that is not read."""
    DATA = auto()
    """JSON values in which no keyword has a meaning."""
    NUMBER = auto()
    SCHEMA = auto()
    SCHEMA_LIST = auto()
    SCHEMA_MAP = auto()
    """Schemas by name."""
    NAME_MAP = auto()
    """Lists of property names by property name."""


@dataclass(frozen=True, slots=True)
class Keyword:
    """One keyword, with the first and the last draft that define it."""

    name: str
    since: str = DRAFTS[0]
    until: str = DRAFTS[-1]
    applies_to: str | None = None
    """The type of the instances that it constrains, `number` including integers; None for any type."""
    holds: Holds = Holds.OTHER
    in_place: bool = False
    """Whether its schemas apply to the instance itself rather than to a member or an item."""
    asserts: bool = True
    """Whether it can reject an instance."""
    transparent: bool = False
    """Whether it only applies schemas: their keywords reject the instance, and reports name those instead."""
    openapi: bool = False
    """Whether it comes from OpenAPI 3.0 rather than from a draft."""

    def defined_in(self, draft: str) -> bool:
        """Return whether the draft defines the keyword."""
        return _HISTORY.index(self.since) <= _HISTORY.index(draft) <= _HISTORY.index(self.until)


_SCHEMA, _LIST, _MAP, _NUMBER = Holds.SCHEMA, Holds.SCHEMA_LIST, Holds.SCHEMA_MAP, Holds.NUMBER
TABLE = (
    # The order of keywords that hold schemas is the order in which subschemas are visited.
    Keyword("$ref", in_place=True, transparent=True),
    Keyword("$dynamicRef", since="draft2020-12", in_place=True),
    Keyword("$recursiveRef", since="draft2019-09", until="draft2019-09", in_place=True),
    Keyword("allOf", holds=_LIST, in_place=True, transparent=True),
    Keyword("anyOf", holds=_LIST, in_place=True),
    Keyword("oneOf", holds=_LIST, in_place=True),
    Keyword("not", holds=_SCHEMA, in_place=True),
    Keyword("if", since="draft7", holds=_SCHEMA, in_place=True),
    Keyword("then", since="draft7", holds=_SCHEMA, in_place=True, transparent=True),
    Keyword("else", since="draft7", holds=_SCHEMA, in_place=True, transparent=True),
    Keyword("additionalProperties", applies_to="object", holds=_SCHEMA),
    Keyword("prefixItems", since="draft2020-12", applies_to="array", holds=_LIST, transparent=True),
    Keyword("items", applies_to="array", holds=_SCHEMA | _LIST, transparent=True),
    Keyword("contains", since="draft6", applies_to="array", holds=_SCHEMA),
    Keyword("propertyNames", since="draft6", applies_to="object", holds=_SCHEMA),
    Keyword("unevaluatedItems", since="draft2019-09", applies_to="array", holds=_SCHEMA),
    Keyword("unevaluatedProperties", since="draft2019-09", applies_to="object", holds=_SCHEMA),
    Keyword("additionalItems", until="draft2019-09", applies_to="array", holds=_SCHEMA),
    Keyword("contentSchema", holds=_SCHEMA, asserts=False),
    Keyword("properties", applies_to="object", holds=_MAP, transparent=True),
    Keyword("patternProperties", applies_to="object", holds=_MAP, transparent=True),
    Keyword("$defs", holds=_MAP, asserts=False),
    Keyword("definitions", holds=_MAP, asserts=False),
    Keyword("dependentSchemas", since="draft2019-09", applies_to="object", holds=_MAP, in_place=True),
    Keyword("dependencies", until="draft7", applies_to="object", holds=_MAP | Holds.NAME_MAP, in_place=True),
    Keyword("dependentRequired", since="draft2019-09", applies_to="object", holds=Holds.NAME_MAP),
    Keyword("required", applies_to="object"),
    Keyword("minProperties", applies_to="object", holds=_NUMBER),
    Keyword("maxProperties", applies_to="object", holds=_NUMBER),
    Keyword("minItems", applies_to="array", holds=_NUMBER),
    Keyword("maxItems", applies_to="array", holds=_NUMBER),
    Keyword("uniqueItems", applies_to="array"),
    Keyword("minContains", since="draft2019-09", applies_to="array", holds=_NUMBER),
    Keyword("maxContains", since="draft2019-09", applies_to="array", holds=_NUMBER),
    Keyword("minLength", applies_to="string", holds=_NUMBER),
    Keyword("maxLength", applies_to="string", holds=_NUMBER),
    Keyword("pattern", applies_to="string"),
    Keyword("format", applies_to="string"),
    Keyword("minimum", applies_to="number", holds=_NUMBER),
    Keyword("maximum", applies_to="number", holds=_NUMBER),
    Keyword("exclusiveMinimum", applies_to="number", holds=_NUMBER),
    Keyword("exclusiveMaximum", applies_to="number", holds=_NUMBER),
    Keyword("multipleOf", applies_to="number", holds=_NUMBER),
    Keyword("type"),
    Keyword("enum", holds=Holds.DATA),
    Keyword("const", since="draft6", holds=Holds.DATA),
    # Annotations reject nothing, so that they are accepted in every draft. Identifiers are not.
    Keyword("id", until="draft4", asserts=False),
    Keyword("$id", since="draft6", asserts=False),
    Keyword("$anchor", since="draft2019-09", asserts=False),
    Keyword("$dynamicAnchor", since="draft2020-12", asserts=False),
    Keyword("$recursiveAnchor", since="draft2019-09", until="draft2019-09", asserts=False),
    Keyword("$schema", asserts=False),
    Keyword("$vocabulary", asserts=False),
    Keyword("$comment", asserts=False),
    Keyword("title", asserts=False),
    Keyword("description", asserts=False),
    Keyword("default", holds=Holds.DATA, asserts=False),
    Keyword("examples", holds=Holds.DATA, asserts=False),
    Keyword("deprecated", asserts=False),
    Keyword("readOnly", asserts=False),
    Keyword("writeOnly", asserts=False),
    Keyword("contentMediaType", asserts=False),
    Keyword("contentEncoding", asserts=False),
    Keyword(LIST_KEY, asserts=False),
    Keyword("nullable", openapi=True),
    Keyword("discriminator", openapi=True),
    Keyword("xml", asserts=False, openapi=True),
    Keyword("externalDocs", asserts=False, openapi=True),
    Keyword("example", asserts=False, openapi=True),
    Keyword("extends", since="draft3", until="draft3", in_place=True),
    Keyword("disallow", since="draft3", until="draft3"),
    Keyword("divisibleBy", since="draft3", until="draft3", applies_to="number", holds=_NUMBER),
)
BY_NAME = {keyword.name: keyword for keyword in TABLE}


def _names(keywords: Iterable[Keyword]) -> tuple[str, ...]:
    return tuple(keyword.name for keyword in keywords)


def holding(kind: Holds) -> tuple[str, ...]:
    """Return the names of the keywords of any supported draft whose values hold the kind."""
    return _names(keyword for keyword in TABLE if kind in keyword.holds and keyword.until != "draft3")


KEYWORDS = {
    draft: frozenset(_names(keyword for keyword in TABLE if keyword.defined_in(draft))) for draft in DRAFTS
}
"""Names that have a meaning in each draft, OpenAPI's included."""
SCHEMA_VALUED = holding(Holds.SCHEMA)
SCHEMA_LISTS = holding(Holds.SCHEMA_LIST)
SCHEMA_MAPS = holding(Holds.SCHEMA_MAP)
NAME_KEYED = (*SCHEMA_MAPS, *(name for name in holding(Holds.NAME_MAP) if name not in SCHEMA_MAPS))
"""Keywords whose members are named by property names, patterns or definitions: these are no keywords."""
DATA = frozenset(holding(Holds.DATA))
NUMERIC = frozenset(holding(Holds.NUMBER))
BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
LENGTHS = ("minLength", "maxLength")
COUNTS = ("minItems", "maxItems", "minProperties", "maxProperties")
RANGES = (("minimum", "maximum"), LENGTHS, COUNTS[:2], COUNTS[2:])
"""Pairs of a lower and an upper bound, both inclusive."""
IN_PLACE = frozenset(_names(keyword for keyword in TABLE if keyword.in_place))
ALTERNATIVES = ("anyOf", "oneOf")
REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")
ANNOTATIONS = frozenset(_names(k for k in TABLE if not k.asserts and not k.openapi))
"""Keywords that reject nothing."""
ASSERTING = frozenset(
    _names(k for k in TABLE if k.asserts and not k.openapi and k.name != "format" and k.until != "draft3")
)
"""Keywords that show that a body is meant as a schema. `format` also names a member of plain data."""
ASSERTED = frozenset(
    _names(k for k in TABLE if k.asserts and not (k.transparent or k.openapi) and k.until != "draft3")
)
"""Keywords that reject an instance by themselves: enforcement reports have an entry for each."""
