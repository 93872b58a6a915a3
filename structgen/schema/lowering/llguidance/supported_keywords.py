"""The keywords that grammars of llguidance 1.x enforce.

To let lowering use one more keyword of llguidance:

- without subschemas: add it to `ASSERTIONS`, a value of `format` to `FORMATS`;
- with subschemas: add a pass to `NODE_PASSES` in `lowering/lower.py`.

Then remove its desugaring in `lowering/desugar/groups.py`, and its reason in `lowering/asserted_keywords.py`,
where it has one. What a draft defines is in `schema/keywords.py`.
"""

ASSERTIONS = (
    "type", "enum", "const", "required", "minItems", "maxItems", "minLength", "maxLength", "minimum",
    "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
)  # fmt: skip
"""Keywords that are copied as they are, in the order in which a node has them."""
FORMATS = frozenset({"date", "date-time", "time", "uuid", "ipv4", "email"})
"""Values of `format` that are copied, or lowered to a pattern of `schema/formats.py`."""
