"""Lower `properties`, `patternProperties` and `additionalProperties`."""

from __future__ import annotations

from structgen.schema.lowering import object_shape
from structgen.schema.lowering.node import NodeLowering


def lower_properties(lowering: NodeLowering) -> None:
    """Lower the schemas of members.

    Where a pattern is left out, so is `additionalProperties`, which would hold for names that match it.
    """
    source, node = lowering.source, lowering.node
    properties, patterns = object_shape.declared(
        source.get("properties", {}), source.get("patternProperties", {})
    )
    if properties or "properties" in source:
        node["properties"] = {name: lowering.lower(subschema) for name, subschema in properties.items()}
    translated = lowering.compilation.backend.translate_property_patterns(patterns)
    if translated or (patterns == {} and "patternProperties" in source):
        node["patternProperties"] = {
            name: lowering.lower(patterns[pattern]) for pattern, name in translated.items()
        }
    if "additionalProperties" in source and len(translated) == len(patterns):
        node["additionalProperties"] = lowering.lower(source["additionalProperties"])
