"""The evidence of an answer: the place of each value in the source, its signals, and its score."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from pydantic_core import to_jsonable_python

from structgen.errors import BadRequest, InputLimit
from structgen.evidence.alignment import align
from structgen.evidence.calibration.calibration import Calibration
from structgen.evidence.calibration.files import CalibrationInput, calibration_of
from structgen.evidence.cycle_collection import paused_collector
from structgen.evidence.grounding.ground import ground_leaves
from structgen.evidence.grounding.leaves import leaves
from structgen.evidence.scoring.scored import scored_leaves
from structgen.evidence.source import Source
from structgen.evidence.token_signals import Signals
from structgen.schema import Schema
from structgen.schema.json_value import representation_violations
from structgen.types import MAX_SHOWN
from structgen.types.evidence import Evidence


@dataclass(frozen=True)
class EvidenceTask:
    """A value whose evidence is looked for, and what is known of it. It can be pickled for a worker."""

    value: Any
    source: str | tuple[str, ...] | Source
    """The text that the value came from, the texts of its pages, or what was read from a file."""
    signals: Mapping[str, Signals] = field(default_factory=dict)
    """Signals of the leaves by their pointers, from the engine and the attempts."""
    prompt: str = ""
    """What else the model read: the question and examples. A value may come from there."""
    readings: tuple[Any, ...] = ()
    """The values that further readings of the source gave."""
    list_signals: bool = False
    """Whether the evidence lists the signals of each score."""
    max_leaves: int | None = 100_000
    """Scalars that the value may have; None for any number."""
    calibration: Calibration | None = None
    """What makes the scores confidences: that of the schema."""

    def evidence(self, schema: Schema | None) -> dict[str, Evidence]:
        """Return the evidence of each leaf by its pointer, in document order.

        Raises `InputLimit` for a value of too many leaves.
        """
        self._check_leaves()
        with paused_collector():
            return self._evidence(schema)

    def _evidence(self, schema: Schema | None) -> dict[str, Evidence]:
        found, source = tuple(leaves(self.value, schema)), Source.of(self.source)
        places = ground_leaves(found, source)
        evidence = scored_leaves(found, places, source, self.prompt, self._known_signals())
        if self.calibration is not None:
            evidence = self.calibration.applied(evidence, self.value)
        if self.list_signals:
            return evidence
        return {at: each.with_signals(None, each.score) for at, each in evidence.items()}

    def _known_signals(self) -> dict[str, Signals]:
        """Return the signals that are known beside those of the source, by pointers."""
        known = {at: dict(signals) for at, signals in self.signals.items()}
        for at, agreement in agreements(self.value, self.readings).items():
            known.setdefault(at, {})["second_reading"] = agreement
        return known

    def _check_leaves(self) -> None:
        if self.max_leaves is None:
            return
        count = sum(1 for _ in islice(leaves(self.value), self.max_leaves + 1))
        if count > self.max_leaves:
            detail = (
                f"the data has more than {self.max_leaves:,} scalars, max_leaves allows no more: ground a "
                "part of it at a time, or raise limits.max_leaves"
            )
            raise InputLimit(detail, "max_leaves", count, self.max_leaves)


def ground(
    value: Any,
    schema: Any,
    source: str | Sequence[str] | Source,
    *,
    calibration: CalibrationInput | None = None,
) -> dict[str, Evidence]:
    r"""Return where a source says each scalar of a JSON value, by its JSON Pointer, in document order.

    The values are searched: the model that wrote them is not asked. Positions are code points of the source.

    Args:
        value: an object from any model, or an instance of a Pydantic model or dataclass, valid or not.
        schema: what `Schema.parse` takes, or None: choices, formats and descriptions then help nothing.
        source: the text that the value came from, the texts of its pages, which are joined by `\f`, or
            what `structgen.read_file` returned: each place then has its page, and of a PDF its rectangle.
        calibration: a calibration of the schema, as its file's path or contents: each place then has a
            `confidence`, unless the calibration cannot rank. `BadRequest` for that of another schema.
    """
    pages = _checked_source(source)
    parsed = None if schema is None else Schema.parse(schema)
    fitted = None if calibration is None else calibration_of(calibration)
    if fitted is not None:
        fitted.check_schema(None if parsed is None else parsed.hash)
    plain = _json_value(value)
    return EvidenceTask(plain, pages, max_leaves=None, calibration=fitted).evidence(parsed)


def _json_value(value: Any) -> Any:
    """Return a value as JSON holds it; `BadRequest` for what JSON cannot hold."""
    try:
        plain = to_jsonable_python(value, by_alias=True)
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"value: this is no JSON value: {error}") from error
    if faults := list(islice(representation_violations(plain), MAX_SHOWN)):
        raise BadRequest.from_violations(faults, "the value")
    return plain


def _checked_source(source: Any) -> str | tuple[str, ...] | Source:
    """Return a source, or its pages; `BadRequest` for anything but texts."""
    if isinstance(source, str | Source):
        return source
    if not isinstance(source, Iterable) or isinstance(source, bytes | bytearray | Mapping):
        raise BadRequest(
            f"source: a text or the texts of its pages, not {type(source).__name__}: decode bytes first"
        )
    pages = tuple(source)
    for number, page in enumerate(pages, 1):
        if not isinstance(page, str):
            raise BadRequest(f"source: page {number} is not a text, but {type(page).__name__}")
    return pages


def response_members(evidence: Mapping[str, Evidence]) -> dict[str, Any]:
    """Return the members of a response: the evidence by pointers, and how many leaves have a place."""
    return {
        "evidence": {at: each.to_json() for at, each in evidence.items()},
        "leaves": len(evidence),
        "grounded": sum(each.kind != "none" for each in evidence.values()),
    }


def agreements(value: Any, readings: Sequence[Any]) -> dict[str, float]:
    """Return the share of the readings that agree with each leaf of a value, by its pointer.

    Lists are aligned item by item. There is none without a reading.
    """
    agreed: dict[str, float] = {}
    for reading in readings:
        for pair in align(reading, value):
            if (at := pair.answer_pointer) is not None:
                agreed[at] = agreed.get(at, 0.0) + pair.is_right / len(readings)
    return agreed
