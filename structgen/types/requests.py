"""Values that a request carries, with the bounds that service, library and command line enforce."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

from structgen.types.wire_fields import WireValue

OnEngineLoss = Literal["error", "retry"]
OnBudget = Literal["incomplete", "close"]
StrategyName = Literal["constrained", "repair", "auto"]
OnShortfall = Literal["incomplete", "report"]
"""Whether a list that lacks rows of the document is an error, or a result whose `coverage` tells it."""
OnAbsent = Literal["error", "null"]
"""Whether a required member may be null for what the document does not say."""
RepairStatus = Literal["unchanged", "repaired", "model_repaired", "failed"]
ModelUse = Literal["never", "if_needed"]
"""Whether the model repairs what rules cannot decide."""
OnLoss = Literal["error", "accept"]
"""Whether a repair that leaves out a key, a value or a row is `failed` or accepted."""
ON_LOSS: tuple[OnLoss, ...] = ("error", "accept")
Risk = Literal["lossless", "coerced", "inferred", "model"]
RISKS: tuple[Risk, ...] = ("lossless", "coerced", "inferred", "model")
"""Risks in ascending order, from changes of notation to text that a model wrote."""


def exceeds(risk: Risk, max_risk: Risk) -> bool:
    """Return whether a risk is higher than the highest one that is allowed."""
    return RISKS.index(risk) > RISKS.index(max_risk)


@dataclass(frozen=True, slots=True)
class Example(WireValue):
    """A document and its expected object."""

    document: str
    data: Any


DEFAULT_MAX_TOKENS = 1024
"""Tokens of an answer where the caller sets no bound."""
MIN_TEMPERATURE, MIN_TOP_P = 1e-5, 1e-6
"""The smallest temperature and `top_p` that half-precision arithmetic can tell from 0."""


@dataclass(frozen=True, slots=True)
class Sampling(WireValue):
    """How tokens are sampled.

    A temperature below `MIN_TEMPERATURE` becomes 0, and a `top_p` below `MIN_TOP_P` becomes `MIN_TOP_P`.
    """

    temperature: float = field(default=0.0, metadata={"description": "0 is greedy.", "ge": 0, "le": 5})
    top_p: float = field(default=1.0, metadata={"gt": 0, "le": 1})
    top_k: int = field(default=0, metadata={"description": "0: all tokens.", "ge": 0})
    max_tokens: int | None = field(
        default=None,
        metadata={
            "description": "Maximum for one attempt. A number that is given binds. Without one it is 1024, "
            "or more where the rows of a document that are read at once need it.",
            "ge": 1,
            "le": 131_072,
            "json_schema_extra": {"default": DEFAULT_MAX_TOKENS},
        },
    )
    seed: int | None = field(
        default=None,
        metadata={
            "description": "Reproduces a result for the same engine, model, request and batch shape.",
            "ge": 0,
            "lt": 2**63,
        },
    )
    thinking_tokens: int | None = field(
        default=None,
        metadata={
            "description": "Maximum reasoning tokens before the answer, apart from max_tokens; null: none.",
            "ge": 1,
            "le": 131_072,
        },
    )

    @property
    def answer_tokens(self) -> int:
        """The maximum for one attempt: `max_tokens`, or its default."""
        return DEFAULT_MAX_TOKENS if self.max_tokens is None else self.max_tokens

    def __post_init__(self) -> None:
        """Round values that engines cannot tell from 0. Other code refuses values of a wrong type."""
        if isinstance(self.temperature, int | float) and 0 < self.temperature < MIN_TEMPERATURE:
            object.__setattr__(self, "temperature", 0.0)
        if isinstance(self.top_p, int | float) and 0 < self.top_p < MIN_TOP_P:
            object.__setattr__(self, "top_p", MIN_TOP_P)


@dataclass(frozen=True, slots=True)
class RequestSampling(Sampling):
    """How tokens are sampled, and how many candidates there are."""

    n: int = field(
        default=1,
        metadata={
            "description": "Candidates; `data` is the first valid one. A stream has only the result.",
            "ge": 1,
            "le": 16,
        },
    )


@dataclass(frozen=True, slots=True)
class EvidenceOptions(WireValue):
    """What the evidence of an extraction has beside the place of each value."""

    readings: int = field(
        default=1,
        metadata={
            "description": "How often the model reads the document. Each further reading is one attempt "
            "more, within the same deadline and tokens; the second one has the document before the question, "
            "where there is one, and the others are sampled. How many agree is a signal of the score.",
            "ge": 1,
            "le": 4,
        },
    )
    signals: bool = field(default=False, metadata={"description": "List the signals of each score."})

    @classmethod
    def of(cls, given: Any) -> Any:
        """Return the options that `True` or `False` stand for; any other value as it is."""
        return {True: cls(), False: None}[given] if isinstance(given, bool) else given


@dataclass(frozen=True, slots=True)
class GroundLimits(WireValue):
    """The limits of a search for the places of an object's values."""

    max_leaves: int = field(
        default=10_000,
        metadata={"description": "Scalars of the data.", "ge": 1, "le": 100_000},
    )
    deadline: float | None = field(
        default=None,
        metadata={"description": "Seconds; at most the service's --max-deadline (300 by default).", "gt": 0},
    )


@dataclass(frozen=True, slots=True)
class Limits(WireValue):
    """The limits of a request over all its attempts."""

    max_attempts: int = field(default=3, metadata={"ge": 1, "le": 10})
    max_total_tokens: int | None = field(
        default=None,
        metadata={
            "description": "Maximum for the prompts and answers of all candidates together. The first prompt "
            "is counted before it is sent, except with a remote engine.",
            "ge": 1,
        },
    )
    deadline: float | None = field(
        default=None,
        metadata={"description": "Seconds; at most the service's --max-deadline (300 by default).", "gt": 0},
    )
    on_budget: OnBudget = field(
        default="incomplete",
        metadata={
            "description": "When max_tokens is reached: return an error with the complete members, or write "
            "the shortest valid end."
        },
    )
    on_engine_loss: OnEngineLoss = field(
        default="error",
        metadata={
            "description": "If the engine dies during an attempt: return a 503, or wait and try again."
        },
    )
    priority: int = field(
        default=0,
        metadata={
            "description": "Among waiting requests, lower numbers go first; callers with equal numbers take "
            "turns. The API key sets the lowest number of its requests (default: 0); lower ones are raised "
            "to it.",
            "ge": -100,
            "le": 100,
        },
    )
    max_digits: int | None = field(
        default=None,
        metadata={
            "description": "Maximum digits of a number, if the schema sets no bound. Default: 100.",
            "ge": 1,
        },
    )
    max_string_length: int | None = field(
        default=None,
        metadata={
            "description": "Characters of a string that the schema does not bound. Default: 32,768.",
            "ge": 1,
        },
    )
    max_items: int | None = field(
        default=None,
        metadata={
            "description": "Maximum items of a list or members of an object, likewise. Default: 10,000.",
            "ge": 1,
        },
    )
    segment_tokens: int | None = field(
        default=None,
        metadata={
            "description": "Tokens of a document above which it is read in segments. Default: what the "
            "model's card says, and at most what the context holds.",
            "ge": 16,
        },
    )
    rows_per_segment: int | None = field(
        default=None,
        metadata={
            "description": "Rows of a list that the model reads at once: a document with more of them is "
            "read in segments. Default: what the model's card says, else 50.",
            "ge": 1,
            "le": 10_000,
        },
    )

    def within(self, max_deadline: float) -> Limits:
        """Return the same limits with a deadline of at most that many seconds."""
        return replace(self, deadline=min(self.deadline or max_deadline, max_deadline))
