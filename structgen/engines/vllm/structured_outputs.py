"""Translate a constraint for vLLM, and replay its answer through the grammar."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from structgen.engines.base import AnyConstraint, CallConstraint, Constraint, TextConstraint
from structgen.errors import EngineFailed

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


def schemas_of(constraint: AnyConstraint) -> list[Mapping[str, Any] | bool]:
    """Return the schemas of the JSON in an answer."""
    match constraint:
        case Constraint():
            return [constraint.schema]
        case CallConstraint():
            response = [] if constraint.response is None else [constraint.response.schema]
            return [*(tool.parameters for tool in constraint.tools), *response]
        case TextConstraint():
            return []


def replay(matcher: Any, answer: list[int]) -> None:
    """Raise the error of an answer that ends before its grammar does: a failure can look like an end."""
    from structgen.engines.guidance.grammar_cache import failure

    again = matcher.deep_copy()
    if again.consume_tokens(answer) and (again.is_stopped() or again.is_accepting()):
        return
    again.compute_bitmask()  # a grammar that is too complex fails only here
    raise failure(again) if again.is_error() else EngineFailed("vLLM's answer ends before the grammar does")
