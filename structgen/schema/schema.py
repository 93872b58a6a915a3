"""`Schema`: a JSON Schema with its grammar, report, warnings, validation and property order."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from structgen import json_text
from structgen.errors import InvalidSchema
from structgen.schema import python_types, references
from structgen.schema.checks.lint import bounded, warnings
from structgen.schema.checks.schema_warning import Code
from structgen.schema.declared_sizes import DeclaredSizes, declared_sizes
from structgen.schema.dialects import DIALECTS, Dialect
from structgen.schema.formats import formats
from structgen.schema.limits import SchemaLimits
from structgen.schema.loading import canonical, load, without_vendor_keywords
from structgen.schema.lowering.backends import DEFAULT
from structgen.schema.lowering.base import GrammarRefused, Refusal, RefusedGrammar
from structgen.schema.lowering.lower import Lowered, lower
from structgen.schema.lowering.pinning import pin_valid_parts
from structgen.schema.lowering.report import Report
from structgen.schema.lowering.unsatisfiable import accepts_nothing
from structgen.schema.openapi import Rewriting
from structgen.schema.property_order import PropertyOrder
from structgen.schema.synthesis.instances import InstanceGenerator
from structgen.schema.synthesis.patching import PatchedValue, patched
from structgen.schema.traversal import pointers_of, reachable_subschemas
from structgen.schema.validation import fast_path
from structgen.schema.validation.schema_weight import weight_of
from structgen.schema.validation.validator import Validator
from structgen.types import Diagnostic, Violation

DEFAULT_LIMITS = SchemaLimits()
T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Schema:
    """A checked JSON Schema, created by `Schema.parse`. Schemas with equal hashes are equal."""

    definition: Any
    """The caller's schema, a plain JSON value; of vendor keywords (`x-…`) it has `x-structgen-key` alone."""
    dialect: str
    name: str | None = None
    adapter: TypeAdapter[Any] | None = field(default=None, repr=False)
    """Validates and builds the Python type that the schema came from, if it came from one."""
    detached: tuple[str, ...] = field(default=(), repr=False)
    """Pointers to the schemas at places that only references reach."""

    @classmethod
    def parse(cls, obj: Any, *, limits: SchemaLimits = DEFAULT_LIMITS) -> Schema:
        """Load and check a schema.

        Args:
            obj: a dict, JSON text, a path, a Pydantic model, a dataclass, a TypedDict or any annotation; or a
                compiled pattern, for strings that it matches as a whole.
            limits: the limits on its size.

        Raises:
            InvalidSchema: with the pointers to all violations.
            SchemaLimit: for a schema that is too large.
        """
        if isinstance(obj, Schema):
            return obj
        loaded = load(obj, limits)
        detached = pointers_of(loaded.definition, loaded.detached)
        return cls(loaded.definition, loaded.dialect.name, loaded.title, loaded.adapter, detached)

    def named(self, name: str) -> Schema:
        """Return the same schema under another name."""
        renamed = replace(self, name=name)
        if "_lowered" in self.__dict__:
            renamed.__dict__["_lowered"] = self._lowered
        return renamed

    @cached_property
    def text(self) -> str:
        """The schema as compact JSON, as prompts show it: without `x-structgen-key`."""
        return json_text.dumps(without_vendor_keywords(self.definition))

    @cached_property
    def hash(self) -> str:
        """SHA-256 (hex) of the canonical form: sorted keys, except for `properties`, whose order counts."""
        return hashlib.sha256(json_text.dumps(canonical(self.definition)).encode()).hexdigest()

    def __getstate__(self) -> dict[str, Any]:
        """Return the fields and what was computed from them, without the compiled validators."""
        return {name: value for name, value in self.__dict__.items() if name not in _UNPICKLED}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Schema) and other.hash == self.hash

    def __hash__(self) -> int:
        return hash(self.hash)

    @property
    def _dialect(self) -> Dialect:
        return next(dialect for dialect in DIALECTS if dialect.name == self.dialect)

    @property
    def grammar(self) -> dict[str, Any] | bool:
        """The lowered schema, of keywords that the grammar backend enforces."""
        return self._lowered.grammar

    @property
    def report(self) -> Report:
        """Every constraint by its JSON Pointer: `decoded`, or `validated` with the reason."""
        return self._lowered.report

    @cached_property
    def warnings(self) -> list[Diagnostic]:
        """Keywords without an effect, contradictions, duplicates and costly bounds."""
        return warnings(self._subschemas, self._dialect, formats(self._dialect))

    def diagnostics(self, *, decoded: bool = False) -> tuple[Diagnostic, ...]:
        """Return the warnings, and for a decoded answer also the constraints that the grammar lacked."""
        return self._decoded_diagnostics if decoded else tuple(self.warnings)

    @cached_property
    def _decoded_diagnostics(self) -> tuple[Diagnostic, ...]:
        code, report = Code.VALIDATED_ONLY.value, self.report
        unenforced = (Diagnostic(at, code, report[at].reason) for at in report.validated)
        return tuple(bounded(chain(self.warnings, unenforced)))

    @property
    def enforced(self) -> Any:
        """The schema in keywords of its draft alone: those of OpenAPI are rewritten."""
        return self._rewriting.schema

    @property
    def _subschemas(self) -> list[tuple[str, Any]]:
        return reachable_subschemas(self.definition, self.detached)

    @cached_property
    def _rewriting(self) -> Rewriting:
        root = references.root_resolver(self.definition, self._dialect)
        return Rewriting(
            self.definition,
            self._subschemas,
            siblings=self._dialect.ref_siblings,
            resolve=lambda name: references.contents(root, name),
        )

    @cached_property
    def declared_sizes(self) -> DeclaredSizes:
        """The largest sizes of values that the schema declares."""
        return declared_sizes(self.definition)

    @cached_property
    def _lowered(self) -> Lowered:
        return self._lower()

    def _lower(self, refused: RefusedGrammar | None = None) -> Lowered:
        lowered = lower(self.enforced, self._dialect, DEFAULT, refused)
        if self.enforced is self.definition:
            return lowered
        return replace(lowered, report=lowered.report.renamed(self._rewriting.original_pointer))

    @property
    def key(self) -> str:
        """The key of the grammar in caches: the hash, and how the grammar was widened."""
        return f"{self.hash}-{self._lowered.widened}" if self._lowered.widened else self.hash

    def fitted(self, refusal: Refusal, max_checks: int | None = None) -> Schema:
        """Return the same schema with a grammar that a backend accepts.

        What the backend rejects is left out of the grammar, and the report names it.

        Args:
            refusal: returns why the backend rejects a lowered schema, None where it accepts it.
            max_checks: the largest number of calls of `refusal`, None for the default.

        Raises:
            InvalidSchema: where the backend accepts no grammar.
        """
        reason = refusal(self.grammar)
        if reason is None:
            return self
        refused = RefusedGrammar(refusal, reason)
        if max_checks is not None:
            refused = replace(refused, max_checks=max_checks)
        try:
            if accepts_nothing(self.grammar):
                raise GrammarRefused(reason)
            lowered = self._lower(refused)
        except GrammarRefused as error:
            message = f"no grammar can be built: {error}"
            raise InvalidSchema(message, [Violation("", "grammar", message)]) from error
        fitted = replace(self)
        fitted.__dict__["_lowered"] = lowered
        return fitted

    @cached_property
    def _validator(self) -> Validator:
        return Validator(self.enforced, self._dialect)

    @cached_property
    def _property_order(self) -> PropertyOrder:
        return PropertyOrder(self._references.definition, self.resolve)

    @cached_property
    def fast_weight(self) -> int | None:
        """The cost of the fast check per unit of a value's size; None where it must not be used."""
        return None if self.adapter is not None else weight_of(self.enforced, self._dialect)

    @cached_property
    def _fast_path(self) -> fast_path.FastPath | None:
        weight = self.fast_weight
        return None if weight is None else fast_path.compiled(self.enforced, self._dialect, weight)

    def surely_valid(self, value: Any) -> bool:
        """Return whether a value that `json_text` read is valid, if little time decides it.

        False means invalid or undecided: call `violations`.
        """
        return self._fast_path is not None and self._fast_path.surely_valid(value)

    def violations(self, value: Any) -> list[Violation]:
        """Return all violations; without any, those that the Python type's own validators report."""
        violations = self._validator.violations(value)
        if violations or self.adapter is None:
            return violations
        try:
            self.to_python(value)
        except ValidationError as error:
            return python_types.violations(error, value)
        return []

    def accepts(self, subschema: Any, value: Any) -> bool:
        """Return whether a value is valid under a schema that is, or refers to, a part of this one."""
        return self._validator.accepts(subschema, value)

    def resolve(self, reference: str) -> Any:
        """Return the part of the schema that a `$ref` at its root names; True where it names none."""
        return self._references.resolve(reference)

    @cached_property
    def _references(self) -> references.RootReferences:
        return references.RootReferences(self.enforced, self._dialect)

    def memoised(self, build: Callable[[Schema], T]) -> T:
        """Return what a function computes from this schema; it is called once."""
        memo = self._memo.get(build)
        if memo is None:
            memo = self._memo[build] = build(self)
        return cast("T", memo)

    @cached_property
    def _memo(self) -> dict[Callable[[Schema], Any], Any]:
        return {}

    def info(self) -> dict[str, Any]:
        """Return name, hash and dialect."""
        return {"name": self.name, "hash": self.hash, "dialect": self.dialect}

    def check(self, refusal: Exception | None = None) -> dict[str, Any]:
        """Return `schema`, `report` and `warnings` as JSON. `refusal` is why no grammar can be built."""
        warned = [warning.to_json() for warning in self.warnings]
        if refusal is not None:
            message = f"{refusal}: strategy constrained rejects this schema; use auto or repair"
            warned.insert(0, Diagnostic("", Code.NO_GRAMMAR.value, message).to_json())
        elif self._lowered.refused:
            message = f"{self._lowered.refused}: the report names what is validated only"
            warned.insert(0, Diagnostic("", Code.WIDENED_GRAMMAR.value, message).to_json())
        return {"schema": self.info(), "report": self.report.to_json(), "warnings": warned}

    def pinned_grammar(self, value: Any, violations: Sequence[Violation]) -> dict[str, Any] | None:
        """Return the grammar with the valid parts of the value pinned; None where nothing can be pinned."""
        pins = pin_valid_parts(value, violations, DEFAULT)
        if pins is None or not isinstance(self.grammar, dict):
            return None
        return {**self.grammar, "allOf": [*self.grammar.get("allOf", ()), pins]}

    def patched(self, value: Any, max_length: int) -> PatchedValue | None:
        """Return a valid value with the invalid parts replaced by generated ones; None where that fails.

        Its JSON text has at most `max_length` characters: a longer value is replaced as a whole.
        """
        generator = InstanceGenerator(self.accepts, self.resolve)
        definition, error_paths = self._references.definition, self._validator.error_paths
        try:
            result = patched(definition, value, max_length, error_paths, generator)
        except RecursionError:  # circular negations: bounded depth decides nothing
            return None
        if result is None or self.violations(result[0]):
            return None
        return self.arrange(result[0]), result[1]

    def to_python(self, value: Any) -> Any:
        """Return the typed object, or the value itself where the schema came from no type.

        Raises Pydantic's `ValidationError`, whatever the type's own validators raise.
        """
        if self.adapter is None:
            return value
        return python_types.load(self.adapter, json_text.dumps(value))

    def arrange(self, value: Any) -> Any:
        """Return the value with properties in declared order, undeclared ones after."""
        try:
            return self._property_order.arrange(value)
        except RecursionError:  # some hundred levels: its own order is as good
            return value


_UNPICKLED = ("_validator", "_references", "_property_order", "_fast_path", "_memo")
