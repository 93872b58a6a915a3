"""Translate a constraint for vLLM."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from structgen.engines.base import AnyConstraint, Constraint, TextConstraint

TEXT_MARK = "text format:\n"
"""Precedes the grammar of a text format, whose limits differ from those of JSON."""


def structured_params(
    constraint: AnyConstraint, is_special: Callable[[str], bool], *, own_scheduler: bool
) -> Any:
    """Return `StructuredOutputsParams`: with our scheduler the very grammar that `prepare` compiles.

    vLLM's own backend takes no JSON form of a grammar: it gets the lowered schema, and writes compact JSON.
    It gets a text format as it is.
    """
    from vllm.sampling_params import StructuredOutputsParams

    from structgen.engines.guidance.grammars import grammar_of, text_of

    if isinstance(constraint, TextConstraint):
        if own_scheduler:
            return StructuredOutputsParams(grammar=TEXT_MARK + grammar_of(constraint, is_special))
        return StructuredOutputsParams(**_text_format(constraint))
    if own_scheduler or not isinstance(constraint, Constraint):
        return StructuredOutputsParams(grammar=grammar_of(constraint, is_special))
    return StructuredOutputsParams(json=text_of(constraint.schema))


def _text_format(constraint: TextConstraint) -> dict[str, Any]:
    match constraint.kind:
        case "regex":
            return {"regex": constraint.definition}
        case "choice":
            return {"choice": json.loads(constraint.definition)}
        case "lark":
            return {"grammar": constraint.definition}
