"""Whether a schema is well-formed, told fast.

A validator spends nearly all of its time on the references by which a meta-schema comes back to itself.
Here each keyword's part of it stands alone, subschemas left open, and is asked for every subschema in
turn. Only a yes is relied upon: of what is wrong, and where, the meta-schema itself has the say.
"""

from __future__ import annotations

from functools import cache
from typing import Any, TypeAlias
from urllib.parse import urljoin

from jsonschema.protocols import Validator
from jsonschema_specifications import REGISTRY

from structgen.schema.traversal import subschemas

_ITSELF = ({"$dynamicRef": "#meta"}, {"$recursiveRef": "#"}, {"$ref": "#"})
_ELSEWHERE = frozenset(
    {"properties", "allOf", "$defs", "definitions", "$id", "id", "$schema", "$dynamicAnchor"}
)
Meta: TypeAlias = dict[str, Any]


def well_formed(definition: Any, validator: type[Validator]) -> bool:
    """Whether the draft's meta-schema accepts the definition; False also where that is not clear.

    Values that stand twice in a list are let through.
    """
    whole, keywords = _pieces(validator)
    return isinstance(definition, dict) and all(
        whole.is_valid(schema)
        and all(keywords[name].is_valid(part) for name, part in schema.items() if name in keywords)
        for _, schema in subschemas(definition)
        if not isinstance(schema, bool)  # what holds it has been asked whether one may stand there
    )


@cache
def _pieces(validator: type[Validator]) -> tuple[Validator, dict[str, Validator]]:
    """What holds for a schema as a whole, and for the value of each keyword."""
    meta: Meta = dict(validator.META_SCHEMA)
    whole = {name: part for name, part in meta.items() if name not in _ELSEWHERE}
    sources = [*(_other(meta, part["$ref"]) for part in meta.get("allOf", ())), meta]
    keywords = {
        name: validator(_alone(part, source, {"type": meta["type"]}))
        for source in sources
        for name, part in source["properties"].items()
    }
    return validator(whole), keywords


def _alone(part: Any, source: Meta, schema: Meta) -> Any:
    """The part with definitions put in, and `schema` where the meta-schema comes again."""
    if part in _ITSELF:
        return schema
    if isinstance(part, list):
        return [_alone(inner, source, schema) for inner in part]
    if not isinstance(part, dict):
        return part
    made = {
        name: _alone(inner, source, schema)
        for name, inner in part.items()
        if name != "$ref" and not (name == "uniqueItems" and inner is True)
    }
    if reference := part.get("$ref"):
        document, _, fragment = reference.partition("#")
        source = _other(source, document)
        _, holder, name = fragment.split("/")
        made["allOf"] = [_alone(source[holder][name], source, schema)]
    return made


def _other(source: Meta, reference: str) -> Meta:
    """The meta-schema that one refers to: itself where the reference is empty."""
    if not reference:
        return source
    found: Meta = REGISTRY.contents(urljoin(source["$id"], reference))
    return found
