"""What a value has to be so that some schemas accept it and others do not: one plain choice after another.

Alternatives (`anyOf`, `oneOf`, `if`, a negation of several keywords) are gone through one by one; what is
left of a world are keywords that hold, and things that there must be.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from structgen.schema.algebra.negation import Resolve
from structgen.schema.traversal import ANNOTATIONS

Demand = tuple[Any, bool]
"""A schema, and whether it is to accept the value."""
Fact = tuple[str, Any]
"""`holds` a schema of plain keywords; or what there must be: `kind` (a type), `member` (name, demands),
`name` (demands on a name, on its value), `item` (demands), `every` (a demand on all items), `without`
(a name), `least` (how many items or members), `twins`, and `against` (a schema that refuses the value)."""
_DEEPEST = 40
_IN_PLACE = frozenset({
    "$ref", "allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas", "dependentRequired",
    "dependencies",
})  # fmt: skip


def worlds(demands: list[Demand], resolve: Resolve) -> Iterator[list[Fact]]:
    """One list of facts for each way to meet the demands."""
    yield from _split(list(demands), [], resolve, 0)


def _split(todo: list[Demand], facts: list[Fact], resolve: Resolve, depth: int) -> Iterator[list[Fact]]:
    if not todo:
        yield facts
        return
    (schema, wanted), rest = todo[0], todo[1:]
    if isinstance(schema, bool):
        if schema is wanted:
            yield from _split(rest, facts, resolve, depth)
        return
    if depth > _DEEPEST:
        return
    for more, new in _held(schema, resolve) if wanted else _refused(schema, resolve):
        yield from _split([*more, *rest], [*facts, *new], resolve, depth + 1)


Option = tuple[list[Demand], list[Fact]]


def _held(schema: dict[str, Any], resolve: Resolve) -> Iterator[Option]:
    """The ways in which the schema can hold."""
    always: list[Demand] = [(part, True) for part in schema.get("allOf", ())]
    if isinstance(reference := schema.get("$ref"), str):
        always.append((resolve(reference), True))
    if "not" in schema:
        always.append((schema["not"], False))
    choices: list[list[list[Demand]]] = []
    if "anyOf" in schema:
        choices.append([[(way, True)] for way in schema["anyOf"]])
    if "oneOf" in schema:
        ways = schema["oneOf"]
        choices.append([[(w, True), *((o, False) for o in ways if o is not w)] for w in ways])
    if "if" in schema:
        there, other = schema.get("then", True), schema.get("else", True)
        choices.append([[(schema["if"], False), (other, True)], [(schema["if"], True), (there, True)]])
    for keyword in ("dependentRequired", "dependentSchemas", "dependencies"):
        for name, part in schema.get(keyword, {}).items():
            then = {"required": part} if isinstance(part, list) else part
            choices.append([[({"required": [name]}, False)], [({"required": [name]}, True), (then, True)]])
    plain = {k: v for k, v in schema.items() if k not in _IN_PLACE and k not in ANNOTATIONS}
    facts: list[Fact] = [("holds", plain)] if plain else []
    for chosen in _chosen(choices):
        yield [*always, *chosen], facts


def _chosen(choices: list[list[list[Demand]]]) -> Iterator[list[Demand]]:
    if not choices:
        yield []
        return
    for way in choices[0]:
        for others in _chosen(choices[1:]):
            yield [*way, *others]


def _refused(schema: dict[str, Any], resolve: Resolve) -> Iterator[Option]:
    """The ways in which a keyword can refuse."""
    for keyword, value in schema.items():
        if keyword in ANNOTATIONS:
            continue
        match keyword:
            case "$ref":
                yield [(resolve(value), False)], []
            case "allOf":
                yield from (([(part, False)], []) for part in value)
            case "anyOf":
                yield [(part, False) for part in value], []
            case "oneOf":
                yield [(part, False) for part in value], []
                yield from (([(one, True), (other, True)], []) for one, other in combinations(value, 2))
            case "not":
                yield [(value, True)], []
            case "if":
                yield [(value, True), (schema.get("then", True), False)], []
                yield [(value, False), (schema.get("else", True), False)], []
            case "then" | "else":
                continue
            case _:
                yield from (([], facts) for facts in _against(keyword, value, schema))


def _against(keyword: str, value: Any, schema: dict[str, Any]) -> Iterator[list[Fact]]:
    """What there must be for the keyword to refuse the value."""
    match keyword:
        case "required":
            yield from ([("kind", "object"), ("without", name)] for name in value)
        case "properties":
            yield from ([("member", (name, [(part, False)]))] for name, part in value.items())
        case "patternProperties":
            for pattern, part in value.items():
                name: Demand = ({"type": "string", "pattern": pattern}, True)
                yield [("name", ([name], [(part, False)]))]
        case "propertyNames":
            yield [("name", ([(value, False), ({"type": "string"}, True)], []))]
        case "additionalProperties":
            known: list[Demand] = [({"enum": list(schema.get("properties", {}))}, False)]
            known += [({"pattern": pattern}, False) for pattern in schema.get("patternProperties", ())]
            yield [("name", ([({"type": "string"}, True), *known], [(value, False)]))]
        case "items" if not isinstance(value, list):
            yield [("item", [(value, False)])]
        case "contains":
            yield [("kind", "array"), ("every", (value, False))]
        case "dependentRequired":
            for name, others in value.items():
                yield from ([("member", (name, [])), ("without", other)] for other in others)
        case "minItems" | "minProperties" | "maxItems" | "maxProperties":
            kind = "array" if keyword.endswith("Items") else "object"
            yield [("kind", kind), *([("least", int(value) + 1)] if keyword.startswith("max") else [])]
        case "uniqueItems" if value is True:
            yield [("kind", "array"), ("twins", True)]
        case _:
            yield [("against", {keyword: value})]
