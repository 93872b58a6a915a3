"""Signals of a value's place: how the source says it, how often, and what stands around it."""

from __future__ import annotations

import math

from structgen.evidence.grounding.leaves import Leaf
from structgen.evidence.scoring.answer import Answer
from structgen.evidence.scoring.source_words import words
from structgen.evidence.scoring.surroundings import begins_clean, ends_clean, label_share
from structgen.types.evidence import MATCH_KINDS, Evidence


def place_signals(leaf: Leaf, answer: Answer) -> dict[str, float]:
    """Return the signals of a leaf's place; those of a place that is not there are 0."""
    proof = answer.evidence.get(leaf.pointer, Evidence("none"))
    own = words(leaf.value) if isinstance(leaf.value, str) else []
    is_grounded = float(proof.kind != "none")
    signals = {f"kind_{kind}": float(proof.kind == kind) for kind in MATCH_KINDS}
    signals |= {
        "candidates": math.log1p(proof.candidates),
        "words_found": answer.words.share(own) if own else is_grounded,
        "pairs_found": answer.words.pair_share(own) if own else is_grounded,
        "in_prompt_only": float(bool(own) and not is_grounded and answer.prompt_words.pair_share(own) == 1),
        "begins_clean": 0.0,
        "ends_clean": 0.0,
        "label_near": 0.0,
        "shared_place": float(leaf.pointer in answer.overlapped),
    }
    if proof.start is None or proof.end is None:
        return signals
    text = answer.source.text
    signals["begins_clean"] = begins_clean(text, proof.start)
    signals["ends_clean"] = ends_clean(text, proof.end)
    signals["label_near"] = label_share(text, proof.start, proof.end, leaf.name_words)
    return signals
