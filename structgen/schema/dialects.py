"""Which draft a schema is written in, and what that draft's validator and meta-schema say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jsonschema
import jsonschema.protocols
from jsonschema.exceptions import ValidationError
from referencing import Specification
from referencing.jsonschema import (
    DRAFT4,
    DRAFT6,
    DRAFT7,
    DRAFT201909,
    DRAFT202012,
)  # fmt: skip

from structgen.errors import InvalidSchema
from structgen.schema.checks import duplicates, metaschema_hints, not_a_schema
from structgen.schema.checks.metaschema import well_formed
from structgen.schema.traversal import pointer, subschemas
from structgen.schema.validation.closest_branch import cause
from structgen.suggestions import did_you_mean
from structgen.types import Violation


@dataclass(frozen=True, slots=True)
class Dialect:
    """One draft: its name, its `$schema`, the `jsonschema` validator, the `referencing` rules."""

    name: str
    uri: str
    validator: type[jsonschema.protocols.Validator]
    specification: Specification[Any]

    @property
    def ref_siblings(self) -> bool:
        """Whether keywords beside `$ref` count (they are ignored before 2019-09)."""
        return self.name in ("draft2019-09", "draft2020-12")


_V = jsonschema
DIALECTS = (
    Dialect("draft4", "http://json-schema.org/draft-04/schema", _V.Draft4Validator, DRAFT4),
    Dialect("draft6", "http://json-schema.org/draft-06/schema", _V.Draft6Validator, DRAFT6),
    Dialect("draft7", "http://json-schema.org/draft-07/schema", _V.Draft7Validator, DRAFT7),
    Dialect(
        "draft2019-09",
        "https://json-schema.org/draft/2019-09/schema",
        _V.Draft201909Validator,
        DRAFT201909,
    ),
    Dialect(
        "draft2020-12",
        "https://json-schema.org/draft/2020-12/schema",
        _V.Draft202012Validator,
        DRAFT202012,
    ),
)
LATEST = DIALECTS[-1]
_EXCLUSIVE = ("exclusiveMinimum", "exclusiveMaximum")


def detect(definition: Any) -> Dialect:
    """The draft that `$schema` names; without it 2020-12, or an older one where only that can be meant:
    draft 4 for boolean bounds, 2019-09 for `items` with a list.

    `InvalidSchema` for a `$schema` that is no known draft.
    """
    named = definition.get("$schema") if isinstance(definition, dict) else None
    if named is None:
        return _meant(definition)
    for dialect in DIALECTS:
        bare = str(named).rstrip("#").replace("https://", "http://")
        if bare == dialect.uri.replace("https://", "http://"):
            return dialect
    if str(named).rstrip("#") == "http://json-schema.org/schema":
        return LATEST
    known = ", ".join(d.uri for d in DIALECTS)
    hint = did_you_mean(str(named), (d.uri for d in DIALECTS), 0.8)
    fault = Violation("/$schema", "$schema", f"{named!r} is no known draft; known: {known}{hint}")
    raise InvalidSchema(f"/$schema: {fault.message}", [fault])


def check(definition: Any, dialect: Dialect) -> None:
    """`InvalidSchema` with everything that the meta-schema finds wrong, but for values that stand twice."""
    if not well_formed(definition, dialect.validator) and (faults := _faults(definition, dialect)):
        first = faults[0]
        example = not_a_schema.looks_like_example(definition, dialect.name)
        raise InvalidSchema(f"{first.pointer or 'the schema'}: {first.message}{example}", faults)
    _check_foreign(definition, dialect)


def _faults(definition: Any, dialect: Dialect) -> list[Violation]:
    meta = dialect.validator(dialect.validator.META_SCHEMA)
    faults = []
    for error in meta.iter_errors(without_doubles(definition)):
        faults.append(_fault(definition, cause(error)))
    return list(dict.fromkeys(faults))


def _fault(definition: Any, fault: ValidationError) -> Violation:
    """Return the violation with what to write instead, where that is known."""
    place = tuple(fault.absolute_path)
    message = fault.message if len(fault.message) < 200 else f"{fault.message[:200]}…"
    if mend := metaschema_hints.mend(definition, place):
        message = f"{message}: {mend}"
    elif fault.validator == "enum" and isinstance(fault.instance, str):
        values: Any = fault.validator_value
        message += did_you_mean(fault.instance, [value for value in values if isinstance(value, str)])
    return Violation(pointer(place), str(fault.validator), message)


def without_doubles(schema: Any) -> Any:
    """A copy without what real schemas have and the meta-schema forbids although it changes nothing.

    Places are the same but for those behind a doubled value of a list of values.
    """
    if isinstance(schema, list):
        return [without_doubles(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    once = duplicates.dropped(schema)
    if isinstance(needs := once.get("dependencies"), dict):
        once = {**once, "dependencies": {name: part for name, part in needs.items() if part != []}}
    return {
        keyword: part if keyword in ("enum", "const", "default", "examples") else without_doubles(part)
        for keyword, part in once.items()
        if not (keyword == "required" and part == [])
    }


_SHAPES: dict[str, tuple[str, type | tuple[type, ...]]] = {
    **dict.fromkeys(("dependentSchemas", "dependentRequired", "dependencies"), ("an object", dict)),
    **dict.fromkeys(("if", "then", "else", "contains", "propertyNames", "additionalItems", "unevaluatedItems",
                     "unevaluatedProperties"), ("a schema", (dict, bool))),
    "prefixItems": ("an array", list),
}  # fmt: skip


def _check_foreign(definition: Any, dialect: Dialect) -> None:
    """Keywords of other drafts mean nothing here, but must be what they are there: tools look at them."""
    faults = [
        Violation(f"{at}/{keyword}", keyword, f"must be {shape}, also in {dialect.name}, which ignores it")
        for at, schema in subschemas(definition)
        if isinstance(schema, dict)
        for keyword, (shape, types) in _SHAPES.items()
        if keyword in schema and not isinstance(schema[keyword], types)
    ]
    if faults:
        raise InvalidSchema(f"{faults[0].pointer}: {faults[0].message}", faults)


def _meant(definition: Any) -> Dialect:
    """The draft of a schema that does not name it."""
    schemas = [schema for _, schema in subschemas(definition) if isinstance(schema, dict)]
    if any(isinstance(schema.get(bound), bool) for schema in schemas for bound in _EXCLUSIVE):
        return DIALECTS[0]
    tuples = any(_is_tuple(schema.get("items")) for schema in schemas)
    modern = any("prefixItems" in schema or "$dynamicRef" in schema for schema in schemas)
    return DIALECTS[3] if tuples and not modern else LATEST


def _is_tuple(items: Any) -> bool:
    return isinstance(items, list) and all(isinstance(part, dict | bool) for part in items)
