"""Which constraints a grammar enforces while decoding, and which validation enforces afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from structgen.schema.traversal import children, everywhere, pointer

_ASSERTIONS = frozenset({
    "type", "enum", "const", "required", "minLength", "maxLength", "pattern", "format", "minimum", "maximum",
    "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minItems", "maxItems", "uniqueItems", "contains",
    "minContains", "maxContains", "minProperties", "maxProperties", "propertyNames", "additionalProperties",
    "additionalItems", "anyOf", "oneOf", "not", "if", "dependentRequired", "dependentSchemas", "dependencies",
    "unevaluatedProperties", "unevaluatedItems", "$dynamicRef", "$recursiveRef",
})  # fmt: skip
_OPAQUE = frozenset({"not", "if", "contains", "propertyNames", "contentSchema"})
"""What stands in these belongs to the one keyword."""
_ELSEWHERE = frozenset({"$defs", "definitions"})
_CONDITIONAL = _OPAQUE | _ELSEWHERE | {"anyOf", "oneOf", "then", "else", "dependentSchemas", "dependencies"}
"""What stands in these need not apply, or belongs to the one keyword."""
_REASONS = {
    "$ref": "the grammar does not follow each reference to it",
    "uniqueItems": "a grammar does not remember the items before",
    **dict.fromkeys(("contains", "minContains", "maxContains"), "a grammar does not count items of a kind"),
    "format": "the grammar does not know this format, or not beside a pattern",
    "pattern": "the grammar cannot read this regular expression as JSON Schema does",
    "propertyNames": "names are checked afterwards",
    "unevaluatedProperties": "what other keywords leave over is known afterwards",
    "unevaluatedItems": "what other keywords leave over is known afterwards",
    "multipleOf": "the grammar knows it for numbers from 0 on, whole divisors and decimal places only",
    "maxLength": "the length beside a pattern that counts is too large a grammar",
    "additionalProperties": "the patterns for names may have names in common",
}


@dataclass(frozen=True, slots=True)
class Enforcement:
    """`by` is `decoded` (no decoded text breaks it) or `validated`, with the reason why not before."""

    by: str
    reason: str = ""

    def to_json(self) -> dict[str, str]:
        return {"by": self.by, **({"reason": self.reason} if self.reason else {})}


DECODED = Enforcement("decoded")


class Report(dict[str, Enforcement]):
    """Every constraint of a schema by its JSON Pointer."""

    def to_json(self) -> dict[str, Any]:
        return {at: found.to_json() for at, found in self.items()}

    def unsteered(self) -> Report:
        """The same where the text was decoded without a grammar."""
        free = Enforcement("validated", "this answer was decoded without a grammar")
        return Report(dict.fromkeys(self, free))

    def renamed(self, told: Callable[[str], str]) -> Report:
        """The same by other pointers; of several that become one, the least that is enforced."""
        made = Report()
        for at, found in self.items():
            name = told(at)
            if name not in made or found.by == "validated":
                made[name] = found
        return made

    @property
    def validated(self) -> list[str]:
        """Pointers to what only validation enforces."""
        return [at for at, found in self.items() if found.by == "validated"]


@dataclass(slots=True)
class _Claim:
    """`made[keyword]` enforces what stands at a pointer, where `made` is part of the grammar in the end."""

    made: dict[str, Any]
    keyword: str
    exact: bool = True
    reason: str = ""
    parts: Sequence[Any] = ()
    """The schemas that its alternatives were made from, where these are not the caller's own branches."""


@dataclass(slots=True)
class Ledger:
    """What lowering says it did, by the identity of the caller's subschemas."""

    formats: frozenset[str]
    claims: dict[int, dict[str, _Claim]] = field(default_factory=dict)
    targets: dict[int, Any] = field(default_factory=dict)
    """The schema that a subschema's reference stands for."""
    lost: dict[int, dict[str, str]] = field(default_factory=dict)

    def claim(
        self,
        schema: Any,
        keyword: str,
        made: dict[str, Any],
        key: str,
        exact: bool = True,
        reason: str = "",
        parts: Sequence[Any] = (),
    ) -> None:
        self.claims.setdefault(id(schema), {})[keyword] = _Claim(made, key, exact, reason, parts)

    def report(
        self,
        definition: Any,
        grammar: Any,
        changed: set[int],
        copies: dict[int, Any],
        lost: dict[int, dict[str, str]],
        followed: Callable[[], dict[int, Any]],
    ) -> Report:
        """`changed`: schemas of the grammar that say less than was claimed of them; `lost`: what the backend
        refused, by schema of the grammar and keyword, with the reason; `followed` gives what references lead
        to by the identity of their schemas, also where lowering did not come."""
        self.lost = lost
        if not isinstance(definition, dict):
            return Report()
        places = {id(copies.get(id(part), part)): at for at, part in everywhere(definition)}
        alive = _alive(grammar) - changed
        loose = list(self._loose(copies[id(definition)], alive, followed))
        nodes = {id(s): (at, s) for at, s in self._reachable(copies[id(definition)], places)}
        own: dict[int, dict[str, Enforcement]] = {}
        for key, (_, schema) in nodes.items():
            found = _constraints(schema, self.formats)
            own[key] = {keyword: self._enforced(key, keyword, alive) for keyword in found}
        _settle(nodes, own, self.targets)
        _soften(nodes, own, self.targets)
        for target, reason in loose:
            _weaken([target], reason, own, self.targets)
        _settle(nodes, own, self.targets)
        return Report(
            {f"{at}{pointer([word])}": own[key][word] for key, (at, _) in nodes.items() for word in own[key]}
        )

    def _enforced(self, key: int, keyword: str, alive: set[int], seen: set[int] | None = None) -> Enforcement:
        seen = set() if seen is None else seen
        claim = self.claims.get(key, {}).get(keyword)
        refused = self.lost.get(id(claim.made), {}).get(claim.keyword) if claim else None
        if refused:
            return Enforcement("validated", refused)
        reason = (claim.reason if claim else "") or _REASONS.get(keyword, "the grammar cannot say it")
        sound = claim and claim.exact and claim.keyword in claim.made and id(claim.made) in alive
        if sound and claim and all(self._whole(part, alive, seen) for part in claim.parts):
            return DECODED
        return Enforcement("validated", reason)

    def _whole(self, schema: Any, alive: set[int], seen: set[int]) -> bool:
        """Whether all that an alternative of our own making asks for is decoded."""
        if not isinstance(schema, dict) or id(schema) in seen:
            return True
        seen.add(id(schema))
        found = (self._enforced(id(schema), word, alive, seen) for word in _constraints(schema, self.formats))
        inner = [
            self.targets.get(id(schema)),
            *(p for path, p in children(schema) if path[0] not in _OPAQUE | _ELSEWHERE),
        ]
        return all(e.by == "decoded" for e in found) and all(self._whole(p, alive, seen) for p in inner)

    def _loose(
        self, root: Any, alive: set[int], followed: Callable[[], dict[int, Any]]
    ) -> Iterator[tuple[Any, Enforcement]]:
        """What references lead to that always apply and that the grammar does not follow there, with the
        reason. What they lead to may be decoded elsewhere."""
        everywhere: dict[int, Any] | None = None
        stack, seen = [root], set()
        while stack:
            schema = stack.pop()
            if not isinstance(schema, dict) or id(schema) in seen:
                continue
            seen.add(id(schema))
            if isinstance(schema.get("$ref"), str):
                if (target := self.targets.get(id(schema))) is None:
                    everywhere = followed() if everywhere is None else everywhere
                    target = everywhere.get(id(schema))
                held = self._enforced(id(schema), "$ref", alive)
                if isinstance(target, dict):
                    self.targets[id(schema)] = target
                    stack.append(target)
                    if held != DECODED and not self._never(schema):
                        yield target, held
            stack += [part for path, part in children(schema) if path[0] not in _CONDITIONAL]

    def _never(self, schema: Any) -> bool:
        """Whether the grammar takes no value there at all."""
        claim = self.claims.get(id(schema), {}).get("$ref")
        return claim is not None and claim.made.get("enum") == []

    def _reachable(self, definition: Any, places: dict[int, str]) -> Iterator[tuple[str, dict[str, Any]]]:
        """Subschemas that apply to values: not those inside a negation, nor definitions nobody refers to."""
        stack, seen = [("", definition)], set()
        while stack:
            at, schema = stack.pop()
            if not isinstance(schema, dict) or id(schema) in seen:
                continue
            seen.add(id(schema))
            yield at, schema
            if (target := self.targets.get(id(schema))) is not None:
                stack.append((places.get(id(target), ""), target))
            for path, part in children(schema):
                if path[0] not in _OPAQUE | _ELSEWHERE:
                    stack.append((at + pointer(path), part))


def _constraints(schema: dict[str, Any], formats: frozenset[str]) -> list[str]:
    found = []
    for keyword, value in schema.items():
        free = keyword in ("additionalProperties", "additionalItems") and isinstance(value, dict | bool)
        if keyword not in _ASSERTIONS or (free and value is not False):
            continue
        if keyword == "format" and value not in formats:
            continue
        if keyword == "uniqueItems" and not value:
            continue
        if keyword in ("minContains", "maxContains") and "contains" not in schema:
            continue
        if keyword == "if" and "then" not in schema and "else" not in schema:
            continue
        found.append(keyword)
    return found


def _alive(grammar: Any) -> set[int]:
    """Identities of all objects of the grammar."""
    found, stack = set(), [grammar]
    while stack:
        part = stack.pop()
        if isinstance(part, dict):
            if id(part) in found:
                continue
            found.add(id(part))
            stack += part.values()
        elif isinstance(part, list):
            stack += part
    return found


_CHOICES = ("anyOf", "oneOf", "if")


def _soften(nodes: dict[int, Any], own: dict[int, dict[str, Enforcement]], targets: dict[int, Any]) -> None:
    """What stands under a condition that the grammar knows in part alone, it enforces in part alone."""
    for key, (_, schema) in nodes.items():
        condition = own[key].get("if", DECODED)
        if condition != DECODED:
            _weaken([schema.get("then"), schema.get("else")], condition, own, targets)


def _weaken(
    schemas: list[Any], reason: Enforcement, own: dict[int, dict[str, Enforcement]], targets: dict[int, Any]
) -> None:
    """What the schemas and all inside of them ask for is not decoded, for this reason."""
    stack, seen = schemas, set()
    while stack:
        part = stack.pop()
        if not isinstance(part, dict) or id(part) not in own or id(part) in seen:
            continue
        seen.add(id(part))
        own[id(part)] = {word: e if e != DECODED else reason for word, e in own[id(part)].items()}
        stack += [targets.get(id(part)), *(inner for _, inner in children(part))]


def _settle(nodes: dict[int, Any], own: dict[int, dict[str, Enforcement]], targets: dict[int, Any]) -> None:
    """A choice is decoded only where each of its branches is, down to what they refer to."""
    inside = {
        key: [id(p) for path, p in children(schema) if path[0] not in _ELSEWHERE and isinstance(p, dict)]
        + ([id(targets[key])] if key in targets else [])
        for key, (_, schema) in nodes.items()
    }
    whole = {key: all(e.by == "decoded" for e in own[key].values()) for key in nodes}
    changed = True
    while changed:
        changed = False
        for key, (_, schema) in nodes.items():
            for word in _CHOICES:
                if own[key].get(word) == DECODED and not all(
                    whole.get(id(part), True) for part in _branches(schema, word)
                ):
                    own[key][word] = Enforcement("validated", "a branch has constraints that are validated")
            now = all(e.by == "decoded" for e in own[key].values()) and all(
                whole.get(i, True) for i in inside[key]
            )
            if whole[key] and not now:
                whole[key], changed = False, True


def _branches(schema: dict[str, Any], word: str) -> list[Any]:
    found = schema[word]
    return found if isinstance(found, list) else [found]
