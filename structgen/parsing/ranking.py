"""Choose the reading of a text that costs least under a schema."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from structgen import json_text
from structgen.parsing.coercion.coerce import Coercer
from structgen.parsing.coercion.coerced import BareText, Coerced
from structgen.parsing.coercion.source_text import SourceText
from structgen.parsing.extraction.candidates import parse_candidates
from structgen.parsing.extraction.json_repair_fallback import parse_with_json_repair
from structgen.parsing.tolerant.parse_result import Fix, FixKind, ParseError, ParseResult
from structgen.parsing.tolerant.parser import TolerantParser
from structgen.schema import Schema
from structgen.types import Risk, Violation, exceeds

_GUESS_COST = 3
"""Cost of each kind of fix that took a guess."""
_LOSS_COST = 1_000
"""Cost of a reading that leaves out a key, a value or a row."""
_VIOLATION_COST = 10_000
_CHEAP_ENOUGH = 1
"""Cost below which no other reading is tried."""


@dataclass(frozen=True, slots=True)
class RankedReading:
    """A reading, its value coerced to the schema, and the violations that remain."""

    reading: ParseResult
    coerced: Coerced
    violations: tuple[Violation, ...] = ()

    @property
    def cost(self) -> float:
        """The cost of the changes, the guesses and the violations."""
        guesses = {fix.kind for fix in self.reading.fixes if fix.risk == "inferred"}
        losses = _LOSS_COST * any(text.is_loss for text in self.reading.dropped)
        violations = _VIOLATION_COST * bool(self.violations)
        return self.coerced.cost + _GUESS_COST * len(guesses) + losses + violations


@dataclass(frozen=True, slots=True)
class Ranking:
    """Rank the readings of a text. `decoding_fixes` are those that decoding the text took."""

    text: str
    schema: Schema
    max_risk: Risk
    decoding_fixes: tuple[Fix, ...]

    def best(self, valid: ParseResult | None, candidates: Iterable[ParseResult]) -> RankedReading:
        """Return the cheapest reading: of valid JSON (`valid`), and of what else the text may hold.

        `ParseError` where `max_risk` allows none.
        """
        best = None
        if valid is not None:
            if not self._violations(valid.value):
                return RankedReading(valid, Coerced(valid.value))
            best = self._cheapest([valid], None)
            if best is None or not best.violations or isinstance(valid.value, dict | list):
                candidates = ()
        try:
            best = self._cheapest(candidates, best)
        except ParseError:
            if best is None and self.max_risk == "lossless":
                raise
        return self._with_fallbacks(best)

    def _with_fallbacks(self, best: RankedReading | None) -> RankedReading:
        """Try the text itself as a string, and then json-repair, while every reading violates the schema."""
        kinds: tuple[FixKind, ...] = ("unquoted", "second-opinion")
        for kind in kinds:
            if best is not None and not best.violations:
                break
            if kind == "unquoted" and best is not None and _has_type_of_schema(best):
                continue  # the text of an object or a list is not a string
            value = self.text if kind == "unquoted" else parse_with_json_repair(self.text)
            fix = Fix(kind, 0, len(self.text), json_text.dumps(value))
            if value is None or exceeds(fix.risk, self.max_risk):
                continue
            reading = ParseResult(value, 0, len(self.text), (*self.decoding_fixes, fix))
            fallback = self._cheapest([reading], None)
            if kind == "unquoted" and _is_container(best) and not _is_text(fallback):
                continue  # a text is not taken apart where it is an object or a list
            if best is None or (fallback is not None and not fallback.violations):
                best = fallback
        if best is None:
            raise no_reading(self.max_risk)
        return best

    def _cheapest(self, readings: Iterable[ParseResult], best: RankedReading | None) -> RankedReading | None:
        """Return the cheapest of the readings and the best one so far."""
        for reading in readings:
            source = SourceText(self.text, reading.containers)
            coerced = Coercer(self.schema, self.max_risk, source).coerce(_marked_bare(reading))
            if best is not None and coerced.cost > best.cost:
                continue
            ranked = RankedReading(reading, coerced, self._violations(coerced.value))
            if best is None or (ranked.cost < best.cost and not (best.violations and ranked.violations)):
                best = ranked
            if best.cost < _CHEAP_ENOUGH:
                break
        return best

    def _violations(self, value: Any) -> tuple[Violation, ...]:
        return () if self.schema.surely_valid(value) else tuple(self.schema.violations(value))


def _is_container(ranked: RankedReading | None) -> bool:
    return ranked is not None and isinstance(ranked.reading.value, dict | list)


def _is_text(ranked: RankedReading | None) -> bool:
    return ranked is not None and isinstance(ranked.coerced.value, str)


def _has_type_of_schema(ranked: RankedReading) -> bool:
    """Whether a reading is an object or a list, and the schema wants one."""
    is_container = isinstance(ranked.reading.value, dict | list)
    return is_container and not any(v.pointer == "" and v.keyword == "type" for v in ranked.violations)


def allowed_candidates(
    text: str,
    schema: Schema | None,
    *,
    plain: bool,
    decoding_fixes: tuple[Fix, ...],
    max_risk: Risk,
    parser: TolerantParser,
) -> Iterator[ParseResult]:
    """Yield the candidates without a fix above the highest risk; others as for `parse_candidates`."""
    for candidate in parse_candidates(text, plain=plain, schema=schema, parser=parser):
        if max_risk == "inferred" or not exceeds(candidate.risk, max_risk):
            if decoding_fixes:
                candidate = candidate._replace(fixes=decoding_fixes + candidate.fixes)
            yield candidate


def no_reading(max_risk: Risk) -> ParseError:
    """Return the error for a text of which every reading takes a higher risk."""
    return ParseError(f"every reading of the text takes a higher risk than {max_risk}", 0)


def _marked_bare(reading: ParseResult) -> Any:
    """Return the value, as `BareText` where it is a text without JSON syntax."""
    if isinstance(reading.value, str) and any(fix.kind == "unquoted" for fix in reading.fixes):
        return BareText(reading.value)
    return reading.value
