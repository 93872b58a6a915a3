"""What a schema expects at each place of a value, for the prices of readings.

The expectations of a schema are computed when a place is first asked for, and memoised as long as it lives.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from threading import RLock
from typing import Any
from weakref import WeakKeyDictionary

from structgen.parsing.tolerant.asserted_types import ALL_TYPES, choices_of, types_of
from structgen.parsing.tolerant.expectation_algebra import Combinations, Mentioned
from structgen.parsing.tolerant.expected_value import ANYTHING as ANYTHING
from structgen.parsing.tolerant.expected_value import NOTHING as NOTHING
from structgen.parsing.tolerant.expected_value import UNKNOWN, Declaration, Lookup
from structgen.parsing.tolerant.expected_value import Expectation as Expectation
from structgen.schema import Schema
from structgen.schema.dialects import DIALECTS, LATEST
from structgen.schema.identity import IdentityDict
from structgen.schema.keywords import ALTERNATIVES, KEYWORDS
from structgen.schema.references import RootReferences
from structgen.schema.regex import PatternError, compiled

_MAX_DEPTH = 100
"""Levels of schemas for one value."""
_PATTERN_SECONDS = 0.02
_of_schemas: WeakKeyDictionary[Schema, Expectation] = WeakKeyDictionary()


def expectation_of(schema: Schema) -> Expectation:
    """Return what a schema expects of a whole value."""
    expectation = _of_schemas.get(schema)
    if expectation is None:
        expectation = _of_schemas[schema] = _Expectations(schema).root
    return expectation


class _Expectations(Combinations):
    """The expectations of all parts of one schema. It holds no reference to it, so that both can be freed."""

    def __init__(self, schema: Schema) -> None:
        super().__init__()
        dialect = next((dialect for dialect in DIALECTS if dialect.name == schema.dialect), LATEST)
        self._keywords = KEYWORDS[dialect.name]
        self._ref_siblings = dialect.ref_siblings
        self._references = RootReferences(schema.enforced, dialect)
        self._computed: IdentityDict[Expectation] = IdentityDict()
        self._slow_patterns: set[str] = set()
        self._lock = RLock()
        self.root = self.of(self._references.definition)

    def of(self, schema: Any, depth: int = 0) -> Expectation:
        """Return the expectation of a part of the schema; `depth` counts the levels for the same value."""
        if not isinstance(schema, dict) or depth > _MAX_DEPTH:
            return ANYTHING if schema is True else NOTHING if schema is False else UNKNOWN
        with self._lock:
            expectation = self._computed.get(schema)
            if expectation is None:
                self._computed[schema] = UNKNOWN  # meanwhile: `propertyNames` may refer to it
                expectation = self._computed[schema] = self._compute(schema, depth)
            return expectation

    def matches(self, pattern: str, key: str) -> bool | None:
        """Return whether a pattern matches a key; None for one that cannot be decided in short time."""
        if pattern in self._slow_patterns:
            return None
        try:
            return compiled(pattern).search(key, timeout=_PATTERN_SECONDS) is not None
        except (PatternError, TimeoutError):
            self._slow_patterns.add(pattern)
            return None

    def _compute(self, schema: dict[str, Any], depth: int) -> Expectation:
        reference = schema.get("$ref")
        if isinstance(reference, str) and not self._ref_siblings:
            return self.of(self._references.resolve(reference), depth + 1)
        keywords = {name: value for name, value in schema.items() if name in self._keywords}
        expectation = self.all_of([_Own(keywords, self, depth), *self._applied(keywords, depth)])
        if expectation is not NOTHING and "unevaluatedProperties" in keywords:
            rest = keywords["unevaluatedProperties"]
            return _Unevaluated(expectation, rest, self)
        return ANYTHING if expectation.is_open and not expectation.evaluates_all else expectation

    def _applied(self, keywords: dict[str, Any], depth: int) -> Iterator[Expectation]:
        """Yield the expectations of the schemas that apply to the same value."""
        if isinstance(reference := keywords.get("$ref"), str):
            yield self.of(self._references.resolve(reference), depth + 1)
        if "$dynamicRef" in keywords or "$recursiveRef" in keywords:
            yield UNKNOWN
        if isinstance(branches := keywords.get("allOf"), list):
            yield from (self.of(branch, depth + 1) for branch in branches)
        for keyword in ALTERNATIVES:
            if isinstance(branches := keywords.get(keyword), list):
                yield self.any_of([self.of(branch, depth + 1) for branch in branches])
        if "if" in keywords:
            yield Mentioned(self.of(keywords["if"], depth + 1))
            branches = [keywords.get("then", True), keywords.get("else", True)]
            yield self.any_of([self.of(branch, depth + 1) for branch in branches])
        for keyword in ("dependentSchemas", "dependencies"):
            if isinstance(dependents := keywords.get(keyword), dict):
                schemas = (one for one in dependents.values() if isinstance(one, dict))
                yield from (self.any_of([self.of(one, depth + 1), ANYTHING]) for one in schemas)


class _Own(Expectation):
    """What the keywords of one schema expect, without the schemas that it applies to the same value."""

    __slots__ = (
        "_expectations",
        "_first",
        "_members",
        "_name_choices",
        "_other_members",
        "_patterns",
        "_rest",
    )

    def __init__(self, keywords: dict[str, Any], expectations: _Expectations, depth: int) -> None:
        super().__init__(types_of(keywords))
        self._expectations = expectations
        self._members, self._patterns = (
            _mapping(keywords, "properties"),
            _mapping(keywords, "patternProperties"),
        )
        self._other_members = keywords.get("additionalProperties", True)
        names = expectations.of(keywords.get("propertyNames", True), depth + 1)
        self._name_choices = names.choices if names.types else frozenset()
        items = keywords.get("items", True)
        first = items if isinstance(items, list) else keywords.get("prefixItems")
        self._first: list[Any] = first if isinstance(first, list) else []
        self._rest = keywords.get("additionalItems", True) if isinstance(items, list) else items
        self.tuple_length = len(self._first)
        if "object" in self.types:
            self._set_names(keywords)
        if "string" in self.types:
            self.choices = choices_of(keywords)
        self.is_open = (
            self.types == ALL_TYPES
            and not (self.names or self.has_patterns or self.is_closed or self._first)
            and self._other_members in (True, {})
            and self._rest in (True, {})
        )

    def _set_names(self, keywords: dict[str, Any]) -> None:
        required, choices = keywords.get("required"), self._name_choices
        if isinstance(required, list):
            self.required = frozenset(name for name in required if isinstance(name, str))
        self.has_patterns = bool(self._patterns)
        self.evaluates_all = "additionalProperties" in keywords
        self.is_closed = self._other_members is False or choices is not None
        allowed = [name for name, schema in self._members.items() if schema is not False]
        if choices is not None:
            allowed = sorted(choices) if self._other_members is not False else allowed
            allowed = [name for name in allowed if name in choices and self._members.get(name) is not False]
        elif not self.is_closed:
            allowed += [name for name in sorted(self.required) if name not in self._members]
        self.properties = dict.fromkeys(allowed)
        self.names = dict.fromkeys([*allowed, *self._members, *(choices or ())])

    def _matching(self, key: str) -> list[Any] | None:
        """Return the schemas of the patterns that match a key; None where that is undecided."""
        matches = [(self._expectations.matches(pattern, key), s) for pattern, s in self._patterns.items()]
        return None if any(match is None for match, _ in matches) else [s for match, s in matches if match]

    def _look_up(self, key: str) -> Lookup:
        if self._name_choices is not None and key not in self._name_choices:
            return NOTHING, Declaration.NONE
        schemas = self._matching(key)
        if schemas is None:
            return ANYTHING, Declaration.NONE
        if key in self._members:
            schemas.append(self._members[key])
        if schemas:
            member = self._expectations.all_of([self._expectations.of(schema) for schema in schemas])
            return member, Declaration.NONE if member is NOTHING else Declaration.SURE
        return self._expectations.of(self._other_members), Declaration.NONE

    def _look_up_item(self, index: int) -> Expectation:
        return self._expectations.of(self._first[index] if index < len(self._first) else self._rest)

    def _declares_by_pattern(self, key: str) -> bool:
        if self._name_choices is not None and key not in self._name_choices:
            return False
        schemas = self._matching(key)
        if schemas is None:
            return True
        return bool(schemas) and False not in [*schemas, self._members.get(key, True)]


class _Unevaluated(Expectation):
    """What a schema with `unevaluatedProperties` expects; `rest` is the schema of members left over."""

    __slots__ = ("_expectations", "_inner", "_rest")

    def __init__(self, inner: Expectation, rest: Any, expectations: _Expectations) -> None:
        super().__init__(inner.types)
        self._inner, self._rest, self._expectations = inner, rest, expectations
        self.properties, self.names, self.required = inner.properties, inner.names, inner.required
        self.choices, self.has_patterns = inner.choices, inner.has_patterns
        self.tuple_length, self.height = inner.tuple_length, inner.height + 1
        self.evaluates_all = True
        self.is_open = inner.is_open and (rest is True or rest == {})
        self.is_closed = inner.is_closed or (rest is False and not inner.evaluates_all)

    def _look_up(self, key: str) -> Lookup:
        member, declaration = self._inner.lookup(key)
        if declaration is not Declaration.NONE or self._inner.evaluates_all or self._inner.declares(key):
            return member, declaration
        return self._expectations.all_of([member, self._expectations.of(self._rest)]), declaration

    def _look_up_item(self, index: int) -> Expectation:
        return self._inner.item(index)

    def _declares_by_pattern(self, key: str) -> bool:
        return self._inner.declares(key)


def _mapping(keywords: dict[str, Any], name: str) -> Mapping[str, Any]:
    value = keywords.get(name)
    return value if isinstance(value, dict) else {}
