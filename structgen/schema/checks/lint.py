"""Warn about contradictions, costly bounds, duplicates and ineffective keywords in a valid schema."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from structgen.schema.checks import ineffective_keywords
from structgen.schema.checks.satisfiability import contradictions
from structgen.schema.checks.schema_warning import Code, SchemaWarning
from structgen.schema.checks.type_shorthand import shown
from structgen.schema.declared_sizes import repetition_counts
from structgen.schema.dialects import Dialect
from structgen.schema.duplicates import duplicates
from structgen.schema.traversal import pointer
from structgen.types import Diagnostic

MAX_WARNINGS = 100
"""Warnings that are reported of one schema."""
_MANY = 1_000


def warnings(
    schemas: Sequence[tuple[str, Any]], dialect: Dialect, formats: frozenset[str]
) -> list[Diagnostic]:
    """Return the first `MAX_WARNINGS` warnings, each with its code and the pointer to the keyword.

    Args:
        schemas: all subschemas with their pointers, the root first.
        dialect: the draft of the schema.
        formats: the formats that validation checks.
    """
    context = ineffective_keywords.Context(dialect, formats, schemas)
    return bounded(
        Diagnostic(at + pointer(warning.path), warning.code.value, warning.message)
        for at, schema in schemas
        if isinstance(schema, dict)
        for warning in _warnings_of(at, schema, context)
    )


def bounded(diagnostics: Iterator[Diagnostic]) -> list[Diagnostic]:
    """Return at most `MAX_WARNINGS` diagnostics; where there are more, the last one is `more-warnings`."""
    first = list(islice(diagnostics, MAX_WARNINGS))
    if next(diagnostics, None) is not None:
        first[-1] = Diagnostic(
            "", Code.MORE_WARNINGS.value, f"there are more than the {MAX_WARNINGS - 1} warnings before"
        )
    return first


def _warnings_of(
    at: str, schema: dict[str, Any], context: ineffective_keywords.Context
) -> Iterator[SchemaWarning]:
    for path, message in contradictions(schema):
        yield SchemaWarning(path, Code.IMPOSSIBLE, message)
    yield from _costly(schema)
    for path, values in duplicates(schema):
        yield SchemaWarning(path, Code.DUPLICATE_VALUE, f"{shown(values)[1:-1]} stands in it more than once")
    yield from ineffective_keywords.unknown_words(at, schema, context)
    yield from ineffective_keywords.without_effect(schema, context)


def _costly(schema: dict[str, Any]) -> Iterator[SchemaWarning]:
    for keyword in ("minItems", "minLength", "minProperties"):
        if isinstance(least := schema.get(keyword), int | float) and least > _MANY:
            message = f"every answer has at least {int(least)}: it takes as many decode steps, or more"
            yield SchemaWarning((keyword,), Code.COSTLY, message)
    if isinstance(most := schema.get("maxItems"), int | float) and most > _MANY:
        message = f"a model may go on for {int(most)} items: bound what an answer needs"
        yield SchemaWarning(("maxItems",), Code.COSTLY, message)
    if isinstance(enum := schema.get("enum"), list) and len(enum) > _MANY:
        yield SchemaWarning(
            ("enum",), Code.COSTLY, f"{len(enum)} values: the grammar is large and slow to build"
        )
    pattern = schema.get("pattern")
    count = max(repetition_counts(pattern), default=0) if isinstance(pattern, str) else 0
    if count > _MANY:
        yield SchemaWarning(("pattern",), Code.COSTLY, f"counts to {count}: the grammar is large and slow")
