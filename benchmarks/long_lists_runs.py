"""Reads generated documents with an engine, and says of each what came of it."""

import json
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from long_lists_engines import TOKEN, TruthEngine
from long_lists_faults import FAULTS
from long_lists_scoring import Score, has_other_parents, scalar_faults, score, short_and_complete
from long_lists_writing import Document

from structgen import Generator
from structgen.errors import StructgenError

ENGINES = ("oracle", *FAULTS, "shipped")


@dataclass
class Outcome:
    """`completed` says whether the answer is a result without a word about any row."""

    document: Document
    score: Score
    completed: bool
    kind: str
    """`right`, `told` where the result says what is wrong, `false alarm` where it says so and nothing is,
    or what is wrong in silence: `missing`, `surplus`, `wrong rows` (as many items as rows, but not
    theirs), `wrong parents` (rows in another item than theirs), `wrong values`, `wrong scalars`.
    `missing, unknown`: rows are missing, and no list that lacks some is called complete.

    In a document whose rows cannot be counted, what is wrong is marked so.
    """
    tokens: int
    seconds: float
    short: tuple[str, ...] = ()
    """Pointers of lists that lack rows and are called complete."""
    detail: str = ""
    """What the result or the error says of its lists."""


@dataclass
class Tally:
    """Outcomes of many documents."""

    score: Score = field(default_factory=Score)
    kinds: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    """Documents by style whose results lack rows, and call every list complete."""
    short: Counter[str] = field(default_factory=Counter)
    """Documents by style that have a list which lacks rows and is called complete."""
    tokens: int = 0
    needed: int = 0
    """Tokens of the documents and their objects alone, as the scripted engines count them."""
    seconds: float = 0.0

    def add(self, outcome: Outcome) -> None:
        self.score.add(outcome.score)
        self.kinds[outcome.kind] += 1
        is_silent = outcome.kind.startswith("missing") and "unknown" not in outcome.kind
        self.missing[outcome.document.style] += is_silent
        self.short[outcome.document.style] += bool(outcome.short)
        self.tokens += outcome.tokens
        gold = json.dumps(outcome.document.gold, ensure_ascii=False, separators=(",", ":"))
        self.needed += (len(outcome.document.text) + len(gold)) // TOKEN
        self.seconds += outcome.seconds


def engine_of(name: str, **options: Any) -> TruthEngine | None:
    """Return the engine of a name; None for the shipped model."""
    if name == "shipped":
        return None
    return TruthEngine(None if name == "oracle" else name, **options)


def read(generator: Generator, document: Document, **options: Any) -> Outcome:
    """Read a document, and compare the answer with the truth."""
    if isinstance(generator.engine, TruthEngine):
        generator.engine.read(document)
    began, told, error, detail = time.process_time(), False, "", ""
    answered_complete, coverage = False, {}
    answer: Any = None
    try:
        result = generator.result(document.schema, document.text, **options)
        answer, tokens, told = result.data, result.usage.total_tokens, _tells(result)
        coverage, detail = result.coverage, f"{result.coverage} {result.warnings}"
        answered_complete = all(one.complete for one in result.coverage.values())
    except StructgenError as failure:
        error, answer, detail = failure.name, getattr(failure, "partial", None), str(failure)
        coverage = getattr(failure, "coverage", None) or {}
        usage = getattr(failure, "usage", None)
        tokens, told = usage.total_tokens if usage else 0, True
    seconds = time.process_time() - began
    scored = score(document.gold, answer)
    kind = _kind(document, scored, answer, told, error)
    if kind == "missing" and not answered_complete:
        kind = "missing, unknown"
    if not document.countable and kind != "right":
        kind += " of no known number"
    short = short_and_complete(document.gold, answer, coverage)
    return Outcome(document, scored, not told, kind, tokens, seconds, tuple(short), detail)


def _tells(result: Any) -> bool:
    """Say whether a result tells of rows that are missing, or of items that no row supports."""
    coverage = result.coverage or {}
    if any(one.unclaimed or one.unsupported for one in coverage.values()):
        return True
    return any(warning.code.startswith(("unread", "total", "count")) for warning in result.warnings)


def _kind(document: Document, scored: Score, answer: Any, told: bool, error: str) -> str:
    scalars = scalar_faults(document.gold, answer)
    moved = has_other_parents(document.gold, answer)
    if told and answer is not None and scored.is_perfect and not scalars and not moved:
        return f"false alarm ({error})" if error else "false alarm"
    if told:
        return f"told ({error})" if error else "told"
    if scored.items < scored.rows:
        return "missing"
    if scored.items > scored.rows:
        return "surplus"
    if scored.found < scored.rows:
        return "wrong rows"
    if not scored.is_perfect:
        return "wrong values"
    if moved:
        return "wrong parents"
    return "wrong scalars" if scalars else "right"


def run(generator: Generator, documents: Iterable[Document], show: str | None, **options: Any) -> Tally:
    """Read documents; print those whose outcome begins with `show`."""
    tally = Tally()
    for document in documents:
        outcome = read(generator, document, **options)
        tally.add(outcome)
        if show is not None and (outcome.kind.startswith(show) or (show == "short" and outcome.short)):
            print(f"  {document.style}, {outcome.kind}: {outcome.score}")
            print(f"    {outcome.short} {outcome.detail[:600]}")
    return tally
