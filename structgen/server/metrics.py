"""Prometheus metrics, in one registry for each application."""

from __future__ import annotations

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from structgen.errors import StructgenError
from structgen.types import Attempt, Usage

_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)
_COMPILES = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5)


class Metrics:
    """Counters, gauges and histograms of the service."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self.requests = Counter(
            "structgen_requests", "Requests answered.", ["route", "status"], registry=registry
        )
        self.callers = Counter(
            "structgen_caller_requests",
            "Requests answered, by the name of the API key.",
            ["caller", "status"],
            registry=registry,
        )
        self.seconds = Histogram(
            "structgen_extract_seconds", "Time of an extraction.", buckets=_SECONDS, registry=registry
        )
        self.running = Gauge(
            "structgen_running", "Extractions and chat turns in progress.", registry=registry
        )
        self.waiting = Gauge(
            "structgen_queue_length", "Extractions and chat turns in the queue.", registry=registry
        )
        self.tokens = Counter("structgen_tokens", "Tokens by kind.", ["kind"], registry=registry)
        kinds = ("prompt", "completion", "cached", "forced")
        self._kinds = {kind: self.tokens.labels(kind) for kind in kinds}
        self.steps = Counter("structgen_decode_steps", "Decode steps.", registry=registry)
        self.attempts = Counter(
            "structgen_attempts", "Generations by outcome.", ["status"], registry=registry
        )
        self.first_pass = Counter(
            "structgen_first_pass", "First attempts by validity.", ["valid"], registry=registry
        )
        self.outcomes = Counter(
            "structgen_extractions", "Extractions by outcome.", ["outcome"], registry=registry
        )
        self.turns = Counter("structgen_chat_turns", "Chat turns by outcome.", ["outcome"], registry=registry)
        self.turn_seconds = Histogram(
            "structgen_chat_seconds", "Time of a chat turn.", buckets=_SECONDS, registry=registry
        )
        self.repairs = Counter("structgen_repairs", "Repairs by outcome.", ["status"], registry=registry)
        self.compiles = Histogram(
            "structgen_schema_seconds",
            "Time to check a schema given in a request, where it was not known.",
            buckets=_COMPILES,
            registry=registry,
        )
        self.checks = Gauge(
            "structgen_checks_waiting",
            "Checks of schemas and values that wait for a worker, by cost lane.",
            ["lane"],
            registry=registry,
        )
        self.grammars = Histogram(
            "structgen_grammar_seconds",
            "Time until the engine had the grammar of a request, compiled or known.",
            buckets=_COMPILES,
            registry=registry,
        )

    def count_extraction(self, attempts: tuple[Attempt, ...], usage: Usage, outcome: str) -> None:
        """Count one finished extraction with its attempts and usage."""
        self.outcomes.labels(outcome).inc()
        self._count_attempts(attempts, usage)

    def count_turn(self, attempts: tuple[Attempt, ...], usage: Usage, outcome: str) -> None:
        """Count one finished chat turn with its attempts and usage."""
        self.turns.labels(outcome).inc()
        self._count_attempts(attempts, usage)

    def _count_attempts(self, attempts: tuple[Attempt, ...], usage: Usage) -> None:
        for attempt in attempts:
            self.attempts.labels(attempt.status).inc()
            if attempt.number == 1:
                self.first_pass.labels(str(attempt.status == "valid").lower()).inc()
        self.add_usage(usage)

    def add_usage(self, usage: Usage) -> None:
        """Count tokens and decode steps of the engine."""
        for kind, tokens in self._kinds.items():
            tokens.inc(getattr(usage, f"{kind}_tokens"))
        self.steps.inc(usage.decode_steps)

    def count_failure(self, error: StructgenError) -> None:
        """Count one extraction that ended with an error."""
        if error.attempts:
            self.count_extraction(error.attempts, error.usage, error.name)
        else:
            self.outcomes.labels(error.name).inc()

    def exposition(self) -> bytes:
        """Return the exposition format, including metrics of the process and of an engine in it."""
        return generate_latest(self.registry) + generate_latest(REGISTRY)
