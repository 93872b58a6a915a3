"""A constraint as vLLM is told of it, and as its answer is checked."""

from __future__ import annotations

from typing import Any

from structgen.engines.base import Constraint
from structgen.errors import EngineFailed


def structured(constraint: Constraint, *, tuned: bool) -> Any:
    """`StructuredOutputsParams`: with our scheduler the very grammar that `prepare` compiles.

    vLLM's own backend takes no compiled grammar: it gets the lowered schema, and is set to compact JSON.
    """
    from vllm.sampling_params import StructuredOutputsParams

    from structgen.engines.guidance.grammar_cache import serialized, text_of

    if tuned:
        return StructuredOutputsParams(grammar=serialized(constraint.schema))
    return StructuredOutputsParams(json=text_of(constraint.schema))


def replay(matcher: Any, answer: list[int]) -> None:
    """The answer once more through the grammar: an engine's failure can look like an end."""
    from structgen.engines.guidance.grammar_cache import failure

    again = matcher.deep_copy()
    if again.consume_tokens(answer) and (again.is_stopped() or again.is_accepting()):
        return
    again.compute_bitmask()  # where the grammar is too complex, it fails here and not before
    raise failure(again) if again.is_error() else EngineFailed("vLLM's answer ends before the grammar does")
