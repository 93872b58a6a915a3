"""The keywords of each draft, and what a word that is none of them was probably meant to be."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache, lru_cache

from structgen.schema.traversal import ANNOTATIONS

OPENAPI = frozenset({"nullable", "discriminator", "xml", "externalDocs", "example"})
"""Keywords of OpenAPI 3.0. The first two are understood, the others constrain nothing."""
DRAFTS = ("draft4", "draft6", "draft7", "draft2019-09", "draft2020-12")
_COMMON = frozenset(
    """$ref allOf anyOf oneOf not items properties patternProperties additionalProperties type enum multipleOf
    maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems minItems
    uniqueItems maxProperties minProperties required format""".split()
)
_SINCE_2019 = frozenset(
    """$anchor dependentSchemas dependentRequired unevaluatedItems unevaluatedProperties maxContains
    minContains""".split()
)
_SINCE_6 = frozenset({"const", "contains", "propertyNames"})
_CONDITIONS = frozenset({"if", "then", "else"})
_TUPLES = frozenset({"additionalItems"})
_ADDED: dict[str, frozenset[str]] = {
    "draft4": _TUPLES | {"dependencies"},
    "draft6": _SINCE_6 | _TUPLES | {"dependencies"},
    "draft7": _SINCE_6 | _CONDITIONS | _TUPLES | {"dependencies"},
    "draft2019-09": _SINCE_6 | _CONDITIONS | _SINCE_2019 | _TUPLES | {"$recursiveRef", "$recursiveAnchor"},
    "draft2020-12": _SINCE_6 | _CONDITIONS | _SINCE_2019 | {"prefixItems", "$dynamicRef", "$dynamicAnchor"},
}
_IDENTIFIERS = frozenset({"id", "$id"})
# Annotations are welcome in every draft: they constrain nothing in any.
_ANYWHERE = ANNOTATIONS - _IDENTIFIERS - {"$anchor", "$dynamicAnchor", "$recursiveAnchor"}
KEYWORDS: dict[str, frozenset[str]] = {
    draft: _COMMON | added | _ANYWHERE | OPENAPI | {"id" if draft == "draft4" else "$id"}
    for draft, added in _ADDED.items()
}
"""All keywords that have a meaning in a draft, by its name."""
_DRAFT_3 = {
    "extends": "write 'allOf' with a list",
    "disallow": "write 'not' with a schema",
    "divisibleBy": "write 'multipleOf'",
}
_EVERY = frozenset().union(*KEYWORDS.values())
ASSERTING = _EVERY - ANNOTATIONS - OPENAPI - {"format"}
"""Keywords that show that a body is meant as a schema."""

_INSTEAD = {
    "additionalItems": "write 'items' beside 'prefixItems'",
    "dependencies": "write 'dependentRequired' for lists of names, 'dependentSchemas' for schemas",
    "$recursiveRef": "write '$dynamicRef', or a plain '$ref'",
    "$recursiveAnchor": "write '$dynamicAnchor'",
    "prefixItems": "write 'items' with a list of schemas",
    "$dynamicRef": "write a plain '$ref'",
    "$dynamicAnchor": "name the schema in 'definitions'",
    "$anchor": "name the schema in 'definitions'",
    "const": "write 'enum' with one value",
    "dependentRequired": "write 'dependencies'",
    "dependentSchemas": "write 'dependencies'",
    "id": "write '$id'",
    "$id": "write 'id'",
}
_MEANT = {
    "min": "minimum", "max": "maximum", "regex": "pattern", "regexp": "pattern", "values": "enum",
    "choices": "enum", "options": "enum", "fields": "properties", "props": "properties",
    "desc": "description", "attributes": "properties", "minlen": "minLength", "maxlen": "maxLength",
    "minsize": "minItems", "maxsize": "maxItems", "extraproperties": "additionalProperties",
    "additional": "additionalProperties", "unique": "uniqueItems", "value": "const", "elements": "items",
}  # fmt: skip


def foreign(keyword: str, draft: str) -> str | None:
    """Say what to write in place of a keyword that another draft has; None where none has it."""
    if keyword in KEYWORDS[draft]:
        return None
    if keyword in _DRAFT_3:
        return f"{keyword!r} is a keyword of draft 3 and has no effect in {draft}: {_DRAFT_3[keyword]}"
    having = [name for name in DRAFTS if keyword in KEYWORDS[name]]
    if not having:
        return None
    instead = _INSTEAD.get(keyword)
    later = f'give "$schema": "{_uri(having[-1])}"'
    mend = f"{instead}, or {later}" if instead else later
    return f"{keyword!r} is a keyword of {having[0]}{_to(having)} and has no effect in {draft}: {mend}"


@lru_cache(maxsize=1024)
def nearest(word: str, draft: str) -> str | None:
    """Return the keyword that a misspelt one was probably meant to be."""
    bare = _bare(word)
    known = KEYWORDS[draft]
    if (same := _by_bare(draft).get(bare)) is not None:
        return same
    if (meant := _MEANT.get(bare)) in known:
        return meant
    near = get_close_matches(word[:60], sorted(known), 1, 0.75) or [
        _by_bare(draft)[found] for found in get_close_matches(bare[:60], sorted(_by_bare(draft)), 1, 0.8)
    ]
    return near[0] if near else None


@cache
def _by_bare(draft: str) -> dict[str, str]:
    return {_bare(keyword): keyword for keyword in sorted(KEYWORDS[draft])}


def _bare(word: str) -> str:
    return "".join(character for character in word.lower() if character.isalnum())


def _to(having: list[str]) -> str:
    return f" to {having[-1]}" if len(having) > 1 else ""


def _uri(draft: str) -> str:
    if draft.startswith("draft20"):
        return f"https://json-schema.org/draft/{draft.removeprefix('draft')}/schema"
    return f"http://json-schema.org/draft-0{draft.removeprefix('draft')}/schema#"
