"""From the caller's schema to the one a grammar enforces: equivalent or wider, never narrower.

What is left out here is enforced by validation afterwards.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import prod
from typing import Any

from referencing._core import Resolver
from referencing.exceptions import Unresolvable

from structgen import json_text
from structgen.schema.dialects import Dialect
from structgen.schema.formats import PATTERNS, formats
from structgen.schema.lowering import object_keywords
from structgen.schema.lowering.conditionals import switch
from structgen.schema.lowering.desugar import MOST_ALTERNATIVES, groups, within_budget
from structgen.schema.lowering.dialect_keywords import Known
from structgen.schema.lowering.llguidance import integer_intervals, keywords, recursion, unsatisfiable
from structgen.schema.lowering.llguidance.shared_patterns import share
from structgen.schema.lowering.llguidance.widening import Backend, widen
from structgen.schema.lowering.report import Ledger, Report
from structgen.schema.references import inside, root_resolver, targets

# Formats that llguidance 1.x knows as the checker does, or by the patterns that say the same.
_FORMATS = frozenset({"date", "date-time", "time", "uuid", "ipv4", "email"})
_KEPT = (
    "type", "enum", "const", "required", "minItems", "maxItems", "minLength", "maxLength", "minimum",
    "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
)  # fmt: skip
_MOST_FOLLOWED = 512
_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]")


@dataclass(frozen=True, slots=True)
class Lowered:
    """The schema for the grammar: self-contained, of 2020-12, of the keywords that llguidance enforces."""

    grammar: dict[str, Any] | bool
    report: Report
    widened: str = ""
    """What identifies the grammar where the backend refused a part of it, which is left out; else empty."""
    refused: str = ""
    """Why it did."""


def lower(definition: Any, dialect: Dialect, backend: Backend | None = None) -> Lowered:
    """Never narrower: every valid value has a text (compact, in declared order) in the grammar.

    For a `backend` that refused the result, so much is left out that it does not; `Refused` where nothing
    helps.
    """
    if isinstance(definition, bool):
        return Lowered(definition, Report())
    lowering = _Lowering(dialect)
    resolver, known = root_resolver(definition, dialect), lowering.known(definition)
    root: dict[str, Any] = lowering.schema(known, resolver)
    while lowering.waiting:
        name, target, place = lowering.waiting.pop()
        lowering.definitions[name] = lowering.schema(target, place, alone=False)
    if lowering.definitions:
        root["$defs"] = lowering.definitions
        unsatisfiable.impossible(root)
        recursion.circular(root)
    changed = unsatisfiable.numbers(root)
    unsatisfiable.divisors(root)
    integer_intervals.settle(root)
    lost = widen(root, backend) if backend else {}
    followed = partial(targets, known, resolver, dialect, lowering.known)
    report = lowering.ledger.report(definition, root, changed, lowering.known.copies, lost, followed)
    share(root)
    if backend is None:
        return Lowered(root, report)
    identity = hashlib.sha256(json_text.dumps(root).encode()).hexdigest()[:16]
    return Lowered(root, report, identity, backend.reason)


class _Place:
    """What the alternatives of one value come to, of all the schemas that hold for it together."""

    def __init__(self) -> None:
        self.ways = 1


class _Lowering:
    def __init__(self, dialect: Dialect) -> None:
        self.dialect, self.known = dialect, Known(dialect)
        self.formats = _FORMATS & formats(dialect)
        self.ledger = Ledger(formats(dialect))
        self.definitions: dict[str, Any] = {}
        self.names: dict[int, str] = {}
        self.taken: dict[str, int] = {}
        self.waiting: list[tuple[str, Any, Resolver[Any]]] = []
        self.uncounted = 0
        """Bounds on the number of members that were left out."""

    def schema(
        self, schema: Any, resolver: Resolver[Any], place: _Place | None = None, alone: bool = True
    ) -> Any:
        """`place` is that of the schemas around that hold for the same value; `alone` where no other
        of them names members."""
        if not isinstance(schema, dict):
            return schema
        place = place or _Place()
        resolver = inside(resolver, schema, self.dialect)
        made: dict[str, Any] = {}
        if isinstance(reference := schema.get("$ref"), str):
            made |= self._reference(schema, reference, resolver)
            self.ledger.claim(schema, "$ref", made, "$ref")
            if not self.dialect.ref_siblings:
                return made
        made |= {keyword: schema[keyword] for keyword in _KEPT if keyword in schema}
        if self.dialect.name == "draft4":
            made.pop("const", None)
        counted = [keyword for keyword in object_keywords.COUNTS if keyword in schema]
        countable = (
            alone and object_keywords.NAMING.isdisjoint(schema) and not object_keywords.spelled(schema)
        )
        if countable and object_keywords.only_required(schema):
            # llguidance counts these, and members without a name in the schema
            made |= {keyword: schema[keyword] for keyword in counted}
        elif not countable:
            self.uncounted += len(counted)
        keywords.lengths(made)
        keywords.values(made)
        self._bounds(schema, made)
        self._text(schema, made)
        self._object(schema, made, resolver)
        self._array(schema, made, resolver)
        for keyword in ("allOf", "anyOf"):
            if keyword in schema:
                inner = alone and object_keywords.sole(schema, keyword)
                parts = schema[keyword]
                if keyword == "allOf":
                    parts = self._switched(schema, made, resolver, place)
                lowered = [self.schema(part, resolver, place, inner) for part in parts]
                made.setdefault(keyword, []).extend(lowered)
        self._expanded(schema, made, resolver, place, alone, countable)
        keywords.merged(made)
        loose = keywords.loose(schema, made)
        for keyword in made:
            if keyword in schema and keyword not in ("$ref", "allOf"):
                reason = loose.get(keyword, "")
                self.ledger.claim(schema, keyword, made, keyword, not reason, reason)
        return made

    def _switched(
        self, schema: dict[str, Any], made: dict[str, Any], resolver: Resolver[Any], place: _Place
    ) -> list[Any]:
        """Conditions on the values of one member as one choice; the parts that are left."""
        parts: list[Any] = schema["allOf"]
        found = switch(schema, self._resolve(resolver)) if self.dialect.name != "draft4" else None
        if found is None or place.ways * len(found.alternatives) > MOST_ALTERNATIVES:
            return parts
        place.ways *= len(found.alternatives)
        before = self.uncounted
        way = {"anyOf": [self.schema(part, resolver, place, False) for part in found.alternatives]}
        made.setdefault("allOf", []).append(way)
        exact = found.exact and self.uncounted == before
        for part in found.parts:
            self.ledger.claim(part, "if", way, "anyOf", exact, "" if exact else "a part of it is validated")
        taken = {id(part) for part in found.parts}
        return [part for part in parts if id(part) not in taken]

    def _expanded(
        self,
        schema: dict[str, Any],
        made: dict[str, Any],
        resolver: Resolver[Any],
        place: _Place,
        alone: bool,
        countable: bool,
    ) -> None:
        """Keywords without a counterpart, as alternatives."""
        closed = schema.get("additionalProperties") is False and "patternProperties" not in schema
        every = list(groups(schema, self._resolve(resolver), self.dialect, closed=closed, counted=countable))
        kept = within_budget(every, place.ways)
        place.ways *= prod(max(1, len(group.alternatives)) for group in kept)
        # One keyword may have several groups, and is decoded only where all of them are.
        loose = {group.keyword: group.reason for group in every if group not in kept or not group.exact}
        ways: dict[str, dict[str, Any]] = {}
        parts: dict[str, list[Any]] = {}
        for group in kept:
            before, inner = self.uncounted, alone and object_keywords.sole(schema, group.keyword)
            lowered = [self.schema(part, resolver, place, inner) for part in group.alternatives]
            if self.uncounted > before:
                loose.setdefault(group.keyword, "members are counted afterwards")
            if any(part is True or part == {} for part in lowered):
                loose.setdefault(group.keyword, group.reason)
                continue
            way = {"anyOf": lowered} if lowered else {"enum": []}
            made.setdefault("allOf", []).append(way)
            ways[group.keyword] = way
            parts.setdefault(group.keyword, []).extend(group.alternatives)
        for keyword, way in ways.items():
            exact = keyword not in loose
            self.ledger.claim(
                schema, keyword, way, next(iter(way)), exact, loose.get(keyword, ""), parts[keyword]
            )

    def _resolve(self, resolver: Resolver[Any]) -> Callable[[str], Any]:
        """Follows references within the same document a bounded number of times."""
        left = _MOST_FOLLOWED

        def resolve(reference: str) -> Any:
            nonlocal left
            left -= 1
            if left < 0:
                return None
            try:
                found = resolver.lookup(reference)
            except Unresolvable:  # pragma: no cover - refused before
                return None
            same = found.resolver._base_uri == resolver._base_uri
            return self.known(found.contents) if same else None

        return resolve

    def _reference(self, schema: Any, reference: str, resolver: Resolver[Any]) -> dict[str, Any]:
        try:
            found = resolver.lookup(reference)
        except Unresolvable:  # pragma: no cover - refused before
            return {}
        if isinstance(found.contents, bool):
            return {} if found.contents else {"enum": []}
        contents = self.known(found.contents)
        self.ledger.targets[id(schema)] = contents
        name = self.names.get(id(contents))
        if name is None:
            name = _UNSAFE.sub("_", reference.rsplit("/", 1)[-1].lstrip("#")) or "root"
            name = self.names[id(contents)] = self._free(name)
            self.waiting.append((name, contents, found.resolver))
        return {"$ref": f"#/$defs/{name}"}

    def _free(self, name: str) -> str:
        """The name, or with a number after it where it is taken."""
        free, count = name, self.taken.get(name, 1)
        while free in self.taken:
            count += 1
            free = f"{name}_{count}"
        self.taken[name], self.taken[free] = count, 1
        return free

    def _bounds(self, schema: dict[str, Any], made: dict[str, Any]) -> None:
        """Draft 4 says with a boolean that a bound is exclusive."""
        for exclusive, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
            if isinstance(schema.get(exclusive), bool):
                del made[exclusive]
                if schema[exclusive] and bound in made:
                    made[exclusive] = made.pop(bound)
                    self.ledger.claim(schema, bound, made, exclusive)
                self.ledger.claim(schema, exclusive, made, exclusive if exclusive in made else "type")
        keywords.bounds(made)
        if signed := keywords.signed(made):
            made.setdefault("allOf", []).append(signed)
            self.ledger.claim(schema, "multipleOf", signed, "anyOf", exact=schema["multipleOf"] == 1)

    def _text(self, schema: dict[str, Any], made: dict[str, Any]) -> None:
        pattern = schema.get("pattern")
        if isinstance(pattern, str) and keywords.pattern_fits(pattern):
            made["pattern"] = keywords.spaced(pattern)
            keywords.repeats(made)
        named = schema.get("format")
        if named in self.formats and "pattern" not in made:  # both: may not compile
            if named in PATTERNS:
                made["pattern"] = PATTERNS[named]
                self.ledger.claim(schema, "format", made, "pattern")
            else:
                made["format"] = named

    def _object(self, schema: dict[str, Any], made: dict[str, Any], resolver: Resolver[Any]) -> None:
        properties, patterns = object_keywords.named(
            schema.get("properties", {}), schema.get("patternProperties", {})
        )
        if properties or "properties" in schema:
            made["properties"] = {name: self.schema(part, resolver) for name, part in properties.items()}
        fitting = keywords.fitting(patterns)
        if fitting or (patterns == {} and "patternProperties" in schema):
            made["patternProperties"] = {
                keywords.spaced(name): self.schema(patterns[name], resolver) for name in fitting
            }
        if "additionalProperties" in schema and len(fitting) == len(patterns):
            made["additionalProperties"] = self.schema(schema["additionalProperties"], resolver)

    def _array(self, schema: dict[str, Any], made: dict[str, Any], resolver: Resolver[Any]) -> None:
        """Tuples stood in `items` before 2020-12, their rest in `additionalItems`."""
        items = schema.get("items")
        if isinstance(items, list):
            made["prefixItems"] = [self.schema(part, resolver) for part in items]
            if "additionalItems" in schema:
                made["items"] = self.schema(schema["additionalItems"], resolver)
            return
        if "prefixItems" in schema and self.dialect.name == "draft2020-12":
            made["prefixItems"] = [self.schema(part, resolver) for part in schema["prefixItems"]]
        if items is not None:
            made["items"] = self.schema(items, resolver)
