"""A warning about one keyword of a subschema, and the codes of all diagnostics of schemas."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from structgen.schema.traversal import JsonPath


class Code(StrEnum):
    """Codes of the diagnostics of schemas."""

    COSTLY = "costly"
    DUPLICATE_VALUE = "duplicate-value"
    FOREIGN_KEYWORD = "foreign-keyword"
    IMPOSSIBLE = "impossible"
    MORE_WARNINGS = "more-warnings"
    NO_EFFECT = "no-effect"
    NO_GRAMMAR = "no-grammar"
    NULLABLE_WITHOUT_TYPE = "nullable-without-type"
    UNDECLARED_NAME = "undeclared-name"
    UNKNOWN_FORMAT = "unknown-format"
    UNKNOWN_KEYWORD = "unknown-keyword"
    VALIDATED_ONLY = "validated-only"
    WIDENED_GRAMMAR = "widened-grammar"


class SchemaWarning(NamedTuple):
    """A warning with its path from the subschema that it is about."""

    path: JsonPath
    code: Code
    message: str
