"""Leaves of answers with what is known of each: its evidence, and whether it is right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from structgen.evidence.alignment import align
from structgen.evidence.comparison import is_empty
from structgen.evidence.grounding.ground import ground
from structgen.evidence.scoring.scored import scored
from structgen.evidence.source import Source
from structgen.schema.traversal import JsonPath, escape
from structgen.types.evidence import Evidence


@dataclass(frozen=True)
class LabelledLeaf:
    """A leaf of an answer, its evidence with signals and score, and whether it is right."""

    pointer: str
    field: str
    value: Any
    evidence: Evidence
    is_right: bool
    has_gold: bool
    """Whether a leaf of the gold object stands for it; without one it is right only if it is empty."""

    @property
    def is_empty(self) -> bool:
        """Whether the value is null or an empty text."""
        return is_empty(self.value)


def field_of(path: JsonPath) -> str:
    """Return the field of a leaf: its JSON Pointer with `*` for the index of each list."""
    return "".join("/*" if isinstance(step, int) else f"/{escape(step)}" for step in path)


def labelled_leaves(
    source: str | Sequence[str] | Source,
    schema: Any,
    value: Any,
    gold: Any,
    *,
    evidence: Mapping[str, Evidence] | None = None,
    prompt: str = "",
) -> list[LabelledLeaf]:
    """Return the leaves of an answer; leaves that it lacks are not among them.

    Lists are aligned item by item. A leaf is right where it equals its gold leaf but for notation; an empty
    leaf is right where the gold object has no value there. Evidence that is not given, or has no signals, is
    found and scored here.
    """
    text = Source.of(source)
    if evidence is None or any(proof.signals is None for proof in evidence.values()):
        known = ground(value, schema, text) if evidence is None else evidence
        evidence = scored(known, value, schema, text, prompt=prompt)
    return [
        LabelledLeaf(
            pair.answer_pointer or "",
            field_of(pair.answer_path),
            pair.answer,
            evidence.get(pair.answer_pointer or "", Evidence("none")),
            pair.is_right,
            pair.gold_path is not None,
        )
        for pair in align(gold, value)
        if pair.answer_path is not None
    ]
