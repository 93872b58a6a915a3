"""Lower the keywords that hold no schemas: assertions, bounds of numbers, and constraints on strings."""

from __future__ import annotations

from typing import Any

from structgen.schema.formats import PATTERNS
from structgen.schema.keywords import COUNTS, LENGTHS
from structgen.schema.lowering import object_shape
from structgen.schema.lowering.node import NodeLowering


def copy_assertions(lowering: NodeLowering) -> None:
    """Copy the keywords that the backend accepts as they are."""
    source = lowering.source
    for keyword in lowering.compilation.backend.assertions:
        if keyword in source:
            lowering.node[keyword] = source[keyword]


def copy_property_counts(lowering: NodeLowering) -> None:
    """Copy `minProperties` and `maxProperties` where all other members have undeclared names.

    A backend counts only these. Desugaring handles other counts of a schema that declares all names.
    """
    counts = [keyword for keyword in object_shape.PROPERTY_COUNTS if keyword in lowering.source]
    if not lowering.countable:
        lowering.uncounted = lowering.uncounted or bool(counts)
    elif counts and object_shape.all_required(lowering.source):
        for keyword in counts:
            lowering.node[keyword] = lowering.source[keyword]


def normalize_integers(lowering: NodeLowering) -> None:
    """Write `2.0` as `2` where only an integer is meant; drop other values of an integer `enum`."""
    node = lowering.node
    for keyword in (*LENGTHS, *COUNTS):
        if keyword in node:
            node[keyword] = int(node[keyword])
    if node.get("type") == "integer" and "enum" in node:
        node["enum"] = [int(value) for value in node["enum"] if _is_integer(value)]


def _is_integer(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == int(value)


def lower_numbers(lowering: NodeLowering) -> None:
    """Rewrite the boolean exclusive bounds of draft 4; apply the limits of the backend."""
    source, node = lowering.source, lowering.node
    for exclusive, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(source.get(exclusive), bool):
            del node[exclusive]
            if source[exclusive] and bound in node:
                node[exclusive] = node.pop(bound)
                lowering.claim(bound, exclusive)
            lowering.claim(exclusive, exclusive if exclusive in node else "type")
    divided = lowering.compilation.backend.adapt_numbers(node)
    if divided is not None:
        lowering.add_conjunct(divided)
        exact = source["multipleOf"] == 1
        lowering.compilation.source_map.claim(source, "multipleOf", divided, "anyOf", exact=exact)


def lower_strings(lowering: NodeLowering) -> None:
    """Translate `pattern` and `format`; a format beside a pattern is a conjunct of its own."""
    source, node, backend = lowering.source, lowering.node, lowering.compilation.backend
    pattern, name = source.get("pattern"), source.get("format")
    translated = backend.translate_pattern(pattern) if isinstance(pattern, str) else None
    if translated is not None:
        node["pattern"] = translated
        backend.limit_pattern(node)
    if name not in lowering.compilation.formats:
        return
    keyword, value = ("pattern", PATTERNS[name]) if name in PATTERNS else ("format", name)
    if translated is None:
        node[keyword] = value
        if keyword != "format":
            lowering.claim("format", keyword)
    else:
        conjunct = {keyword: value}
        lowering.add_conjunct(conjunct)
        lowering.compilation.source_map.claim(source, "format", conjunct, keyword, exact=True)
