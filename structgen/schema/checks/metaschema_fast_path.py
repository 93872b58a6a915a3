"""Decide cheaply that a schema is well-formed, keyword by keyword.

A validator spends nearly all of its time on the references by which a meta-schema refers to itself. Here the
subschema of each keyword is a validator of its own that accepts any object in place of a nested schema, and
every nested schema is checked in turn. Only a positive answer counts: `metaschema` reports what is wrong.
"""

from __future__ import annotations

from functools import cache
from typing import Any, TypeAlias
from urllib.parse import urljoin

from jsonschema.protocols import Validator
from jsonschema_specifications import REGISTRY

from structgen.schema.traversal import subschemas

_SELF_REFERENCES = ({"$dynamicRef": "#meta"}, {"$recursiveRef": "#"}, {"$ref": "#"})
_SEPARATE = frozenset(
    {"properties", "allOf", "$defs", "definitions", "$id", "id", "$schema", "$dynamicAnchor"}
)
"""Keywords of a meta-schema that are checked keyword by keyword, or identify it."""
MetaSchema: TypeAlias = dict[str, Any]


def well_formed(definition: Any, validator: type[Validator]) -> bool:
    """Return whether the draft's meta-schema surely accepts the definition; False also where it is unclear.

    Duplicates in a list are accepted.
    """
    whole, keywords = _validators(validator)
    return isinstance(definition, dict) and all(
        whole.is_valid(schema)
        and all(keywords[name].is_valid(value) for name, value in schema.items() if name in keywords)
        for _, schema in subschemas(definition)
        if not isinstance(schema, bool)  # the keyword that holds it decides whether booleans are allowed
    )


@cache
def _validators(validator: type[Validator]) -> tuple[Validator, dict[str, Validator]]:
    """Return the validator of a schema as a whole, and that of the value of each keyword."""
    meta: MetaSchema = dict(validator.META_SCHEMA)
    whole = {name: value for name, value in meta.items() if name not in _SEPARATE}
    vocabularies = [_document(meta, reference["$ref"]) for reference in meta.get("allOf", ())]
    any_schema = {"type": meta["type"]}
    keywords = {
        name: validator(_standalone(subschema, source, any_schema))
        for source in [*vocabularies, meta]
        for name, subschema in source["properties"].items()
    }
    return validator(whole), keywords


def _standalone(part: Any, source: MetaSchema, any_schema: MetaSchema) -> Any:
    """Return the part with definitions inlined, and `any_schema` where the meta-schema refers to itself."""
    if part in _SELF_REFERENCES:
        return any_schema
    if isinstance(part, list):
        return [_standalone(item, source, any_schema) for item in part]
    if not isinstance(part, dict):
        return part
    standalone = {
        name: _standalone(value, source, any_schema)
        for name, value in part.items()
        if name != "$ref" and not (name == "uniqueItems" and value is True)
    }
    if reference := part.get("$ref"):
        document, _, fragment = reference.partition("#")
        source = _document(source, document)
        _, container, name = fragment.split("/")
        standalone["allOf"] = [_standalone(source[container][name], source, any_schema)]
    return standalone


def _document(source: MetaSchema, reference: str) -> MetaSchema:
    """Return the meta-schema that a reference names; an empty one names `source` itself."""
    if not reference:
        return source
    document: MetaSchema = REGISTRY.contents(urljoin(source["$id"], reference))
    return document
