"""Of all readings of a text, the one that costs least under the schema."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from structgen import json_text
from structgen.parsing.coercion.coerce import Aligner
from structgen.parsing.coercion.scalars import Aligned, Words
from structgen.parsing.extraction.candidates import readings
from structgen.parsing.extraction.json_repair_fallback import second_opinion
from structgen.parsing.tolerant.parse_result import Fix, Reading, Unreadable
from structgen.schema import Schema
from structgen.types import RISKS, Risk, Violation


@dataclass(frozen=True, slots=True)
class Best:
    """A reading and what the schema makes of it."""

    reading: Reading
    aligned: Aligned
    violations: tuple[Violation, ...]

    @property
    def cost(self) -> float:
        guesses = {fix.kind for fix in self.reading.fixes if fix.risk == "inferred"}
        return self.aligned.cost + 3 * len(guesses) + 10_000 * bool(self.violations)


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for, and in what. `decoded`: how the text came of the bytes that were given."""

    text: str
    schema: Schema
    most: Risk
    decoded: tuple[Fix, ...]
    defaults: bool

    def best(self, sound: Reading | None, found: Iterable[Reading]) -> Best:
        """`sound` is the strict reading, where there is one; `found` what tolerance finds."""
        best = None
        if sound is not None:
            violations = self.schema.violations(sound.value)
            if not violations:
                return Best(sound, Aligned(sound.value), ())
            best = self._cheapest([sound])
            if best is None or not best.violations or isinstance(sound.value, dict | list):
                found = ()
        return self._among(best, found)

    def _among(self, best: Best | None, found: Iterable[Reading]) -> Best:
        """The cheapest; the text itself, and another's reading, where none will do."""
        try:
            best = self._cheapest(found, best)
        except Unreadable:
            if best is None and self.most == "lossless":
                raise
        for kind in ("unquoted", "second-opinion"):
            if best is not None and not best.violations:
                break
            value = self.text if kind == "unquoted" else second_opinion(self.text)
            fix = Fix(kind, 0, len(self.text), json_text.dumps(value))
            if value is not None and RISKS.index(fix.risk) <= RISKS.index(self.most):
                other = self._cheapest([Reading(value, 0, len(self.text), (*self.decoded, fix))])
                best = other if best is None or (other is not None and not other.violations) else best
        if best is None:
            raise Unreadable(f"nothing can be read by what is {self.most} at most", 0)
        return best

    def _cheapest(self, found: Iterable[Reading], best: Best | None = None) -> Best | None:
        """Of the readings and the best one so far."""
        for reading in found:
            value = reading.value
            if isinstance(value, str) and any(fix.kind == "unquoted" for fix in reading.fixes):
                value = Words(value)
            source = partial(self._source, reading)
            aligner = Aligner(self.schema, self.most, defaults=self.defaults, source=source, text=self.text)
            aligned = aligner.align(value)
            if best is not None and aligned.cost > best.cost:
                continue
            tried = Best(reading, aligned, tuple(self.schema.violations(aligned.value)))
            if best is None or tried.cost < best.cost:
                best = tried
            if best.cost < 1:
                break
        return best

    def _source(self, reading: Reading, value: Any) -> str | None:
        span = reading.spans.get(id(value))
        return None if span is None else self.text[slice(*span)]


def allowed(text: str, cut: bool, decoded: tuple[Fix, ...], most: Risk) -> Iterator[Reading]:
    """Readings with no fix above what may be taken. `cut`: it is JSON, as far as it goes."""
    for reading in readings(text, cut=cut):
        if most == "inferred" or RISKS.index(reading.risk) <= RISKS.index(most):
            yield reading._replace(fixes=decoded + reading.fixes) if decoded else reading
