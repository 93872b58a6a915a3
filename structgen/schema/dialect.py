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
from structgen.schema.closest import cause
from structgen.schema.walk import pointer, subschemas
from structgen.schema.wellformed import well_formed
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


def detect(definition: Any) -> Dialect:
    """The draft that `$schema` names; without it 2020-12, or draft 4 where only that can be meant.

    `InvalidSchema` for a `$schema` that is no known draft.
    """
    named = definition.get("$schema") if isinstance(definition, dict) else None
    if named is None:
        return DIALECTS[0] if _only_draft4(definition) else LATEST
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
    """`InvalidSchema` with everything that the meta-schema finds wrong."""
    if well_formed(definition, dialect.validator):
        _check_foreign(definition, dialect)
        return
    meta = dialect.validator(dialect.validator.META_SCHEMA)
    faults = []
    for error in meta.iter_errors(definition):
        fault = cause(error)
        faults.append(Violation(pointer(fault.absolute_path), str(fault.validator), _message(fault)))
    if faults:
        first = faults[0]
        raise InvalidSchema(f"{first.pointer or 'the schema'}: {first.message}", faults)


def _message(fault: ValidationError) -> str:
    """The message, not too long, with the value that a misspelt one may mean."""
    message = fault.message if len(fault.message) < 200 else f"{fault.message[:200]}…"
    if fault.validator == "enum" and isinstance(fault.instance, str):
        values: Any = fault.validator_value
        known = [value for value in values if isinstance(value, str)]
        meant = _TYPES.get(fault.instance.lower())
        message += f"; did you mean {meant!r}?" if meant in known else did_you_mean(fault.instance, known)
    return message


_TYPES = {
    "int": "integer", "long": "integer", "float": "number", "double": "number", "decimal": "number",
    "str": "string", "text": "string", "date": "string", "datetime": "string", "bool": "boolean",
    "dict": "object", "map": "object", "struct": "object", "list": "array", "tuple": "array",
    "set": "array", "none": "null", "nil": "null",
}  # fmt: skip
"""How other languages call the types of JSON Schema."""


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


def _only_draft4(definition: Any) -> bool:
    """Boolean exclusive bounds exist in draft 4 alone."""
    return any(
        isinstance(schema, dict)
        and (
            isinstance(schema.get("exclusiveMinimum"), bool)
            or isinstance(schema.get("exclusiveMaximum"), bool)
        )
        for _, schema in subschemas(definition)
    )
