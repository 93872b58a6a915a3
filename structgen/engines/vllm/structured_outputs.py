"""Translate a constraint for vLLM."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from structgen.engines.base import AnyConstraint, Constraint, TextConstraint

TEXT_MARK = "text format:\n"
"""Precedes the grammar of a text format, whose limits differ from those of JSON."""


def structured_params(
    constraint: AnyConstraint, is_special: Callable[[str], bool], *, own_scheduler: bool
) -> Any:
    """Return `StructuredOutputsParams`: with our scheduler the very grammar that `prepare` compiles.

    vLLM's own backend takes no llguidance grammar: it gets the lowered schema, and writes compact JSON.
    """
    from vllm.sampling_params import StructuredOutputsParams

    from structgen.engines.guidance.grammars import grammar_of, text_of

    if own_scheduler and isinstance(constraint, TextConstraint):
        return StructuredOutputsParams(grammar=TEXT_MARK + grammar_of(constraint, is_special))
    if own_scheduler or not isinstance(constraint, Constraint):
        return StructuredOutputsParams(grammar=grammar_of(constraint, is_special))
    return StructuredOutputsParams(json=text_of(constraint.schema))
