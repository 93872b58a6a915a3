"""The request for one object, as every strategy takes it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from structgen.errors import InvalidSchema
from structgen.evidence.source import Source
from structgen.schema import Schema
from structgen.strategies.deadline import deadline_at
from structgen.strategies.item_delivery import ItemDelivery
from structgen.types import (
    Conversation,
    EvidenceOptions,
    Example,
    Limits,
    Message,
    OnAbsent,
    OnShortfall,
    Sampling,
    StrategyName,
    TextFormat,
    Usage,
)


@dataclass(frozen=True, slots=True)
class Task:
    """A schema, the texts to fill it from, and what that may cost. At least one text is given."""

    schema: Schema
    """The schema of the answer: the caller's, or the one relaxed from it (`strict`)."""
    prompt: str | None = None
    document: str | None = None
    messages: tuple[Message, ...] = ()
    examples: tuple[Example, ...] = ()
    sampling: Sampling = field(default_factory=Sampling)
    limits: Limits = field(default_factory=Limits)
    n: int = 1
    report: bool = False
    """Whether the result lists which constraints were decoded and which validated."""
    strategy: StrategyName = "constrained"
    """`auto`: constrained where the engine decodes under grammars and the schema compiles, else `repair`."""
    grammar_error: InvalidSchema | None = None
    """Why the schema has no grammar, where the caller knows that already."""
    deadline_at: float | None = None
    """Time of the monotonic clock; None computes it from `limits.deadline` when the run starts."""
    text_format: TextFormat | None = None
    """A format of plain text in place of JSON; `schema` is that of a string then."""
    conversation: Conversation | None = None
    """The whole conversation of a first attempt, in place of one from the texts above."""
    evidence: EvidenceOptions | None = None
    """Whether the result has the evidence of its values, and what of it."""
    on_shortfall: OnShortfall = "incomplete"
    """Whether a list that lacks rows of the document is an error, or a result whose coverage tells it."""
    on_absent: OnAbsent = "error"
    """Whether required members may be null for what the document does not say."""
    strict: Schema | None = None
    """The caller's schema, where `schema` lets its required members be null."""
    source: Source | None = None
    """The document with its pages and layout, where it comes from a file; `document` is its text."""
    document_first: bool = False
    """Whether the document precedes the question: the prompt, or else the schema."""
    logprobs: bool = False
    """Whether the result has the log-probabilities of the answer's tokens."""
    delivery: ItemDelivery | None = None
    """Delivers the items of a list one by one, where the run emits events."""
    on_abandoned: Callable[[Usage], None] | None = None
    """Receives the usage of a run that was cancelled before it had a result."""

    @property
    def caller_schema(self) -> Schema:
        """The schema as the caller gave it."""
        return self.schema if self.strict is None else self.strict

    @property
    def wants_logprobs(self) -> bool:
        """Whether the task needs the log-probabilities of tokens."""
        return self.logprobs or self.evidence is not None

    def started(self) -> Task:
        """Return the task with its deadline on the monotonic clock."""
        if self.deadline_at is not None or self.limits.deadline is None:
            return self
        return replace(self, deadline_at=deadline_at(self.limits.deadline, time.monotonic()))
