"""What llguidance does for every engine: grammars compiled once, ways to the end, the text as it grows."""

from __future__ import annotations

from importlib.util import find_spec

from structgen.errors import InvalidSchema
from structgen.schema import Schema


def fitted(schema: Schema) -> tuple[Schema, InvalidSchema | None]:
    """The schema with a grammar that llguidance builds, and why there is none, where there is none.

    What llguidance refuses is left out of the grammar, and the report says so. The schema stays as it is
    where llguidance is not installed.
    """
    if find_spec("llguidance"):
        from structgen.engines.guidance.grammar_cache import refusal

        try:
            return schema.fitted(refusal), None
        except InvalidSchema as error:
            return schema, error
    return schema, None
