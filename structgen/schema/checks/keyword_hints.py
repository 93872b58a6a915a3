"""Suggest a keyword of the schema's draft for one that is misspelt, or that only another draft defines."""

from __future__ import annotations

from functools import cache, lru_cache

from structgen.schema.keywords import BY_NAME, DRAFTS, KEYWORDS
from structgen.suggestions import most_similar

_REPLACEMENTS = {
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
    "extends": "write 'allOf' with a list",
    "disallow": "write 'not' with a schema",
    "divisibleBy": "write 'multipleOf'",
}
_SYNONYMS = {
    "min": "minimum", "max": "maximum", "regex": "pattern", "regexp": "pattern", "values": "enum",
    "choices": "enum", "options": "enum", "fields": "properties", "props": "properties",
    "desc": "description", "attributes": "properties", "minlen": "minLength", "maxlen": "maxLength",
    "minsize": "minItems", "maxsize": "maxItems", "extraproperties": "additionalProperties",
    "additional": "additionalProperties", "unique": "uniqueItems", "value": "const", "elements": "items",
}  # fmt: skip
_MAX_COMPARED = 60
"""Characters of a word that are compared."""


def replacement(keyword: str, draft: str) -> str | None:
    """Return what to write in place of a keyword that another draft defines; None where none defines it."""
    if keyword in KEYWORDS[draft] or keyword not in BY_NAME:
        return None
    instead = _REPLACEMENTS.get(keyword)
    if BY_NAME[keyword].until == "draft3":
        return f"{keyword!r} is a keyword of draft 3 and has no effect in {draft}: {instead}"
    defining = [name for name in DRAFTS if keyword in KEYWORDS[name]]
    other_draft = f'give "$schema": "{_uri(defining[-1])}"'
    advice = f"{instead}, or {other_draft}" if instead else other_draft
    drafts = defining[0] if len(defining) == 1 else f"{defining[0]} to {defining[-1]}"
    return f"{keyword!r} is a keyword of {drafts} and has no effect in {draft}: {advice}"


@lru_cache(maxsize=1024)
def nearest_keyword(word: str, draft: str) -> str | None:
    """Return the keyword of the draft that an unknown word probably stands for; None where none is near."""
    letters = _letters(word)
    by_letters = _by_letters(draft)
    if letters in by_letters:
        return by_letters[letters]
    if (synonym := _SYNONYMS.get(letters)) in KEYWORDS[draft]:
        return synonym
    if (near := most_similar(word[:_MAX_COMPARED], sorted(KEYWORDS[draft]), 0.75)) is not None:
        return near
    near = most_similar(letters[:_MAX_COMPARED], sorted(by_letters), 0.8)
    return None if near is None else by_letters[near]


@cache
def _by_letters(draft: str) -> dict[str, str]:
    return {_letters(keyword): keyword for keyword in sorted(KEYWORDS[draft])}


def _letters(word: str) -> str:
    return "".join(character for character in word.lower() if character.isalnum())


def _uri(draft: str) -> str:
    if draft.startswith("draft20"):
        return f"https://json-schema.org/draft/{draft.removeprefix('draft')}/schema"
    return f"http://json-schema.org/draft-0{draft.removeprefix('draft')}/schema#"
