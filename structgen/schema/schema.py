"""`Schema`: what a caller means by a valid object."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from typing import Any

from jsonpointer import resolve_pointer
from pydantic import TypeAdapter, ValidationError
from referencing._core import Resolver

from structgen import json_text
from structgen.errors import InvalidSchema
from structgen.schema import dialects as drafts
from structgen.schema import python_types, references
from structgen.schema.checks.lint import bounded, warnings
from structgen.schema.checks.schema_warning import Code
from structgen.schema.declared_sizes import Extent, extent
from structgen.schema.formats import formats
from structgen.schema.limits import SchemaLimits
from structgen.schema.loading import canonical, load
from structgen.schema.lowering.base import GrammarRefused, Refusal, RefusedGrammar
from structgen.schema.lowering.llguidance.backend import LLGUIDANCE
from structgen.schema.lowering.llguidance.unsatisfiable import accepts_nothing
from structgen.schema.lowering.lower import Lowered, lower
from structgen.schema.lowering.pinning import targeted
from structgen.schema.lowering.report import Report
from structgen.schema.openapi import Rewriting
from structgen.schema.property_order import PropertyOrder
from structgen.schema.synthesis.instances import Witness
from structgen.schema.synthesis.patching import Mended, mended
from structgen.schema.traversal import pointers_of, subschemas
from structgen.schema.validation import fast_path
from structgen.schema.validation.schema_weight import weight_of
from structgen.schema.validation.validator import Validator
from structgen.types import Diagnostic, Violation

DEFAULT_LIMITS = SchemaLimits()


@dataclass(frozen=True, eq=False)
class Schema:
    """A checked JSON Schema. Made by `Schema.parse`; equal where the hash is."""

    definition: Any
    """The caller's schema, a plain JSON value; vendor keywords (`x-…`) are gone."""
    dialect: str
    name: str | None = None
    adapter: TypeAdapter[Any] | None = field(default=None, repr=False)
    """Validates and builds the Python type that the schema came from, where it came from one."""
    elsewhere: tuple[str, ...] = field(default=(), repr=False)
    """Pointers to the schemas that stand where only references look for them."""

    @classmethod
    def parse(cls, obj: Any, *, limits: SchemaLimits = DEFAULT_LIMITS) -> Schema:
        """From a dict, JSON text, a path, a Pydantic model, a dataclass, a TypedDict, any annotation.

        `InvalidSchema` with pointers to all that is wrong, `SchemaLimit` for what is too large.
        """
        if isinstance(obj, Schema):
            return obj
        loaded = load(obj, limits)
        at = pointers_of(loaded.definition, loaded.elsewhere)
        return cls(loaded.definition, loaded.dialect.name, loaded.title, loaded.adapter, at)

    def named(self, name: str) -> Schema:
        """The same schema under another name."""
        made = replace(self, name=name)
        if "_lowered" in self.__dict__:
            made.__dict__["_lowered"] = self._lowered
        return made

    @cached_property
    def text(self) -> str:
        """Compact JSON, as prompts show it."""
        return json_text.dumps(self.definition)

    @cached_property
    def hash(self) -> str:
        """SHA-256 (hex) of the canonical form: keys sorted, but those of `properties`, whose order counts."""
        return hashlib.sha256(json_text.dumps(canonical(self.definition)).encode()).hexdigest()

    def __getstate__(self) -> dict[str, Any]:
        """What was made of it goes along, but for the validator, which is built where it is needed."""
        return {
            name: made
            for name, made in self.__dict__.items()
            if name not in ("_validator", "_root", "_absolute", "_named", "_ordering", "_fast")
        }

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Schema) and other.hash == self.hash

    def __hash__(self) -> int:
        return hash(self.hash)

    @property
    def _drafted(self) -> drafts.Dialect:
        return next(d for d in drafts.DIALECTS if d.name == self.dialect)

    @property
    def grammar(self) -> dict[str, Any] | bool:
        """The lowered schema, of the keywords that the grammar backend enforces."""
        return self._lowered.grammar

    @property
    def report(self) -> Report:
        """Every constraint by its JSON Pointer: `decoded`, or `validated` with the reason."""
        return self._lowered.report

    @cached_property
    def warnings(self) -> list[Diagnostic]:
        """What the schema says in vain or cannot have meant, what cannot be satisfied, and what is slow."""
        return warnings(self._schemas(), self._drafted, formats(self._drafted))

    def diagnostics(self, *, decoded: bool = False) -> tuple[Diagnostic, ...]:
        """The warnings; where an answer was decoded under the grammar, also what that did not enforce."""
        return self._decoded_diagnostics if decoded else tuple(self.warnings)

    @cached_property
    def _decoded_diagnostics(self) -> tuple[Diagnostic, ...]:
        left = (
            Diagnostic(at, Code.VALIDATED_ONLY.value, self.report[at].reason) for at in self.report.validated
        )
        return tuple(bounded(chain(self.warnings, left)))

    @property
    def enforced(self) -> Any:
        """The schema in the words of its draft alone: what OpenAPI adds to them is rewritten."""
        return self._rewriting.schema

    def _schemas(self) -> list[tuple[str, Any]]:
        """All schemas inside, each with its pointer."""
        parts = ((at, resolve_pointer(self.definition, at)) for at in self.elsewhere)
        found = {id(schema): (at, schema) for at, schema in subschemas(self.definition)}
        for at, part in parts:
            for place, schema in subschemas(part, at):
                found.setdefault(id(schema), (place, schema))
        return list(found.values())

    @cached_property
    def _rewriting(self) -> Rewriting:
        siblings, root = self._drafted.ref_siblings, references.root_resolver(self.definition, self._drafted)
        return Rewriting(
            self.definition,
            self._schemas(),
            siblings=siblings,
            resolve=lambda name: references.contents(root, name),
        )

    @cached_property
    def extent(self) -> Extent:
        """The largest sizes of values that the schema names itself."""
        return extent(self.definition)

    @cached_property
    def _lowered(self) -> Lowered:
        return self._lower()

    def _lower(self, refused: RefusedGrammar | None = None) -> Lowered:
        lowered = lower(self.enforced, self._drafted, LLGUIDANCE, refused)
        if self.enforced is self.definition:
            return lowered
        return replace(lowered, report=lowered.report.renamed(self._rewriting.told))

    @property
    def key(self) -> str:
        """What identifies the grammar in caches: the hash, and more where the grammar was widened."""
        return f"{self.hash}-{self._lowered.widened}" if self._lowered.widened else self.hash

    def fitted(self, check: Refusal, checks: int | None = None) -> Schema:
        """The same schema with a grammar that a backend takes.

        `check` tells why the backend refuses a lowered schema, None where it does not. What it refuses is
        left out of the grammar, and the report says so. `InvalidSchema` where the backend takes nothing.
        """
        reason = check(self.grammar)
        if reason is None:
            return self
        refused = RefusedGrammar(check, reason)
        if checks is not None:
            refused = replace(refused, max_checks=checks)
        try:
            if accepts_nothing(self.grammar):
                raise GrammarRefused(reason)
            lowered = self._lower(refused)
        except GrammarRefused as error:
            message = f"no grammar can be built: {error}"
            raise InvalidSchema(message, [Violation("", "grammar", message)]) from error
        made = replace(self)
        made.__dict__["_lowered"] = lowered
        return made

    @cached_property
    def _validator(self) -> Validator:
        return Validator(self.enforced, self._drafted)

    @cached_property
    def _ordering(self) -> PropertyOrder:
        return PropertyOrder(self._absolute, self.resolved)

    @cached_property
    def fast_weight(self) -> int | None:
        """What the fast check of a value costs, in units of its size; None where there must be none."""
        return None if self.adapter is not None else weight_of(self.enforced, self._drafted)

    @cached_property
    def _fast(self) -> fast_path.FastPath | None:
        weight = self.fast_weight
        return None if weight is None else fast_path.compiled(self.enforced, self._drafted, weight)

    def surely_valid(self, value: Any) -> bool:
        """Whether a value that `json_text` read is valid, where that is decided in little time.

        False says nothing: `violations` judges.
        """
        return self._fast is not None and self._fast.surely_valid(value)

    def violations(self, value: Any) -> list[Violation]:
        """All violations; once there are none, those that the Python type's own validators find."""
        found = self._validator.violations(value)
        if found or self.adapter is None:
            return found
        try:
            self.load(value)
        except ValidationError as error:
            return python_types.violations(error, value)
        return []

    def accepts(self, subschema: Any, value: Any) -> bool:
        """Whether a value is valid under a part of this schema, or under one that refers to its parts."""
        return self._validator.accepts(subschema, value)

    def resolved(self, reference: str) -> Any:
        """The part of the schema that a `$ref` of its root names; True where it names none."""
        if reference not in self._named:
            self._named[reference] = references.contents(self._root, reference)
        return self._named[reference]

    @cached_property
    def _named(self) -> dict[str, Any]:
        """The parts that were looked up."""
        return {}

    @cached_property
    def _root(self) -> Resolver[Any]:
        return references.root_resolver(self._absolute, self._drafted)

    @cached_property
    def _absolute(self) -> Any:
        """The enforced schema with references that its root can resolve, also inside embedded resources."""
        return references.absolute(self.enforced, self._drafted)

    def info(self) -> dict[str, Any]:
        """Name, hash and dialect."""
        return {"name": self.name, "hash": self.hash, "dialect": self.dialect}

    def check(self, refusal: Exception | None = None) -> dict[str, Any]:
        """What is made of the schema, as JSON: `schema`, `report`, `warnings`. `refusal`: why no grammar."""
        warned = [warning.to_json() for warning in self.warnings]
        if refusal is not None:
            told = f"{refusal}: decoding under it is refused, strategies auto and repair take it"
            warned.insert(0, Diagnostic("", Code.NO_GRAMMAR.value, told).to_json())
        elif self._lowered.refused:
            told = f"{self._lowered.refused}: the report names what is validated only"
            warned.insert(0, Diagnostic("", Code.WIDENED_GRAMMAR.value, told).to_json())
        return {"schema": self.info(), "report": self.report.to_json(), "warnings": warned}

    def targeted(self, value: Any, violations: Sequence[Violation]) -> dict[str, Any] | None:
        """The grammar with what is sound in the value pinned; None where nothing can be."""
        pins = targeted(value, violations)
        if pins is None or not isinstance(self.grammar, dict):
            return None
        return {**self.grammar, "allOf": [*self.grammar.get("allOf", ()), pins]}

    def mended(self, value: Any, longest: int) -> Mended | None:
        """The value with what breaks the schema replaced by what is known not to; None where that fails.

        Of more than `longest` characters it becomes a new one, as short as is found.
        """
        witness = Witness(self.accepts, self.resolved)
        try:
            found = mended(self._absolute, value, longest, self._validator.error_paths, witness)
        except RecursionError:  # negations in circles: nothing is found in bounded depth
            return None
        if found is None or self.violations(found[0]):
            return None
        return self.arrange(found[0]), found[1]

    def load(self, value: Any) -> Any:
        """The typed object, or the value itself where the schema came from no type.

        Raises Pydantic's `ValidationError`, whatever the type's own validators raise.
        """
        if self.adapter is None:
            return value
        return python_types.load(self.adapter, json_text.dumps(value))

    def arrange(self, value: Any) -> Any:
        """The value with properties in declared order, extra ones after."""
        try:
            return self._ordering.arrange(value)
        except RecursionError:  # some hundred levels: as good in its own order
            return value
