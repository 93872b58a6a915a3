"""Give evidence that is there already the confidences of a calibration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from structgen.evidence.calibration.calibration import Calibration
from structgen.evidence.grounding.ground import ground
from structgen.evidence.scoring.scored import scored
from structgen.evidence.source import Source
from structgen.schema import Schema
from structgen.types.evidence import Evidence


def with_confidence(
    calibration: Calibration,
    evidence: Mapping[str, Evidence],
    value: Any,
    schema: Any,
    source: Source,
    prompt: str = "",
) -> dict[str, Evidence]:
    """Return the evidence of a value with the confidence of each leaf, and none where it cannot rank.

    Signals and scores that the evidence lacks are found here, as they are for labelled rows.
    """
    known = dict(evidence)
    if any(proof.signals is None or proof.score is None for proof in known.values()):
        parsed = None if schema is None else Schema.parse(schema)
        own = scored(ground(value, parsed, source), value, parsed, source, prompt=prompt)
        for at, proof in known.items():
            if at in own:
                signals = {**(own[at].signals or {}), **(proof.signals or {})}
                score = own[at].score if proof.score is None else proof.score
                known[at] = replace(proof, signals=signals, score=score)
    told = calibration.applied({at: replace(proof, confidence=None) for at, proof in known.items()}, value)
    return {at: replace(proof, confidence=told[at].confidence) for at, proof in evidence.items()}
