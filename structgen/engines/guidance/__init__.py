"""Constrained decoding with llguidance: grammars, shortest completions and token masks."""

from __future__ import annotations

from importlib.util import find_spec

from structgen.engines.base import TextConstraint
from structgen.errors import InvalidSchema
from structgen.schema import Schema


def fit_grammar(schema: Schema) -> tuple[Schema, InvalidSchema | None]:
    """Return the schema with a grammar that llguidance builds, or the reason why it builds none.

    Keywords that llguidance refuses are left out of the grammar, and the enforcement report lists them.
    Without llguidance installed the schema is returned unchanged.
    """
    if find_spec("llguidance"):
        from structgen.engines.guidance.grammar_cache import grammar_refusal

        try:
            return schema.fitted(grammar_refusal), None
        except InvalidSchema as error:
            return schema, error
    return schema, None


def check_lark_grammar(grammar: str) -> None:
    """Raise `InvalidSchema` where llguidance, if it is installed, refuses a Lark grammar."""
    if find_spec("llguidance"):
        from structgen.engines.guidance.grammar_cache import check_text_grammar

        check_text_grammar(TextConstraint("lark", grammar, ""))
