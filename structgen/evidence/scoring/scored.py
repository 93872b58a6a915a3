"""Give the evidence of an object its signals and its score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from structgen.evidence.grounding.leaves import Leaf, leaves
from structgen.evidence.scoring.answer import Answer
from structgen.evidence.scoring.model import score
from structgen.evidence.scoring.signals import signals
from structgen.evidence.source import Source
from structgen.schema import Schema
from structgen.types.evidence import Evidence

EngineSignals = Mapping[str, Mapping[str, float]]
"""What an engine tells of leaves, such as `token_probability`, by JSON Pointer and name."""


def scored(
    evidence: Mapping[str, Evidence],
    value: Any,
    schema: Any,
    source: str | Sequence[str] | Source,
    *,
    prompt: str = "",
    engine: EngineSignals | None = None,
) -> dict[str, Evidence]:
    """Return the evidence of `ground` with the signals and the score of each leaf.

    Args:
        evidence: what `ground` returned for the same value, schema and source.
        value: the object.
        schema: what `Schema.parse` takes, or None.
        source: the text that the value came from.
        prompt: all else that the model read: the instruction, examples.
        engine: signals of an engine; leaves that it tells nothing of are scored without.
    """
    parsed = None if schema is None else Schema.parse(schema)
    return scored_leaves(tuple(leaves(value, parsed)), evidence, Source.of(source), prompt, engine or {})


def scored_leaves(
    found: Sequence[Leaf], evidence: Mapping[str, Evidence], source: Source, prompt: str, told: EngineSignals
) -> dict[str, Evidence]:
    """Return what `scored` does for the leaves of an object."""
    rated = {}
    for pointer, own in signals(Answer(found, evidence, source, prompt)).items():
        if (proof := evidence.get(pointer)) is not None:
            known = {**own, **told[pointer]} if pointer in told else own
            rated[pointer] = proof.with_signals(known, score(known))
    return rated
