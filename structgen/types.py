"""The values that travel through structgen. Frozen, free of I/O, plain JSON at their edges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Self, TypeVar, cast

T = TypeVar("T")
Role = Literal["system", "user", "assistant", "tool"]
FinishReason = Literal["stop", "length"]
AttemptStatus = Literal["valid", "incomplete", "violations", "deadline", "error"]
OnEngineLoss = Literal["error", "retry"]
OnBudget = Literal["incomplete", "close"]
Strategy = Literal["constrained", "repair", "auto"]
RepairStatus = Literal["unchanged", "repaired", "model_repaired", "failed"]
AskModel = Literal["never", "if_needed"]
"""Whether the service's model is asked for what rules cannot decide."""
Risk = Literal["lossless", "coerced", "inferred", "model"]
RISKS: tuple[Risk, ...] = ("lossless", "coerced", "inferred", "model")
"""In order, as the contract has them: from what changes nothing to what a model wrote."""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A function the model asks to have called."""

    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation. The text is data: no special token ever comes of it."""

    role: Role
    content: str
    tool_calls: tuple[ToolCall, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """A document and the object that was meant (few-shot)."""

    document: str
    data: Any


@dataclass(frozen=True, slots=True)
class Violation:
    """One way in which a value misses its schema. `pointer` is RFC 6901, "" for the whole value."""

    pointer: str
    keyword: str
    message: str

    def to_json(self) -> dict[str, str]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(_of(str, data["pointer"]), _of(str, data["keyword"]), _of(str, data["message"]))


MAX_SHOWN = 100
"""Violations that one list of an answer holds."""


def shown(violations: Sequence[Violation]) -> dict[str, Any]:
    """The members of an answer: `violations`, and `violations_total` where these are not all of them."""
    members: dict[str, Any] = {"violations": [v.to_json() for v in violations[:MAX_SHOWN]]}
    if len(violations) > MAX_SHOWN:
        members["violations_total"] = len(violations)
    return members


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A warning about a schema or a result that is not an error.

    `pointer` is RFC 6901: into the schema where the warning is about the schema, into the data where it is
    about a value, "" for the whole. `code` is a stable kebab-case name that programs may compare.
    """

    pointer: str
    code: str
    message: str

    def to_json(self) -> dict[str, str]:
        """Return the members as the wire carries them."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        return cls(_of(str, data["pointer"]), _of(str, data["code"]), _of(str, data["message"]))


COLDEST, NARROWEST = 1e-5, 1e-6
"""The least temperature and `top_p` that arithmetic of half precision can tell from 0."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """How tokens are drawn. Greedy at temperature 0; top_k 0 means all tokens; no seed, no promise.

    A temperature below `COLDEST` is 0, and a `top_p` below `NARROWEST` is that.
    """

    temperature: float = 0.0
    top_p: float = 1.0
    top_k: int = 0
    max_tokens: int = 1024
    """Of the answer; what is thought before it does not count."""
    seed: int | None = None
    thinking_tokens: int | None = None
    """Tokens that the model may think before it answers; without them it answers at once."""

    def __post_init__(self) -> None:
        # Values of the wrong type are refused elsewhere, with their place.
        if isinstance(self.temperature, int | float) and 0 < self.temperature < COLDEST:
            object.__setattr__(self, "temperature", 0.0)
        if isinstance(self.top_p, int | float) and 0 < self.top_p < NARROWEST:
            object.__setattr__(self, "top_p", NARROWEST)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may cost over all its attempts. Seconds for `deadline`; None means no bound."""

    max_attempts: int = 3
    max_total_tokens: int | None = None
    deadline: float | None = None
    on_budget: OnBudget = "incomplete"
    on_engine_loss: OnEngineLoss = "error"
    """Where the engine dies under an attempt: tell the caller, or wait for it and try once more."""
    priority: int = 0
    """Lower ones go first where requests wait; those alike in their order."""
    max_digits: int | None = None
    max_string_length: int | None = None
    max_items: int | None = None
    """Of a number, of a string (in characters), of a list or an object: where the schema sets no larger bound
    itself, decoding ends a value there. Without them 100, 32,768 and 10,000."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens and steps. `forced_tokens` came from the grammar without a step of their own."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    forced_tokens: int = 0
    decode_steps: int = 0

    @property
    def total_tokens(self) -> int:
        return self.prompt_tokens + self.completion_tokens

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.cached_tokens + other.cached_tokens,
            self.forced_tokens + other.forced_tokens,
            self.decode_steps + other.decode_steps,
        )

    def to_json(self) -> dict[str, int]:
        return {
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "cached_tokens": self.cached_tokens,
            "forced_tokens": self.forced_tokens,
            "decode_steps": self.decode_steps,
            "total_tokens": self.total_tokens,
        }

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """Read what `to_json` wrote. A count of an odd form is 0: it spoils no object that is valid."""
        counts = data if isinstance(data, Mapping) else {}
        return cls(*(count(counts.get(name)) for name in cls.__dataclass_fields__))


@dataclass(frozen=True, slots=True)
class TokenLogprob:
    """A sampled token and its natural log-probability under the mask (forced tokens: 0.0)."""

    token: str
    logprob: float


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a generation. The last one has `finish` and the whole `usage`; others may tell it so far."""

    text: str = ""
    finish: FinishReason | None = None
    usage: Usage | None = None
    logprobs: tuple[TokenLogprob, ...] = ()
    thought: str = ""
    """Part of what the model thinks before its answer."""
    written: int | None = None
    """With the last chunk, where the budget forced the end of the answer: characters before that."""
    needed: int | None = None
    """Tokens that the shortest valid answer takes, where the budget is smaller."""
    unread: str = ""
    """With the last chunk: the characters of the prompt that the model cannot read, each once."""


@dataclass(frozen=True, slots=True)
class Completion:
    """A whole generation: the chunks put together."""

    text: str
    finish: FinishReason
    usage: Usage


@dataclass(frozen=True, slots=True)
class Attempt:
    """One generation and what became of it."""

    number: int
    strategy: str
    status: AttemptStatus
    usage: Usage = field(default_factory=Usage)
    violations: tuple[Violation, ...] = ()
    seconds: float = 0.0
    opened: tuple[str, ...] = ()
    """Pointers to what a retry was free to change, the rest being kept; none where all of it was."""

    def to_json(self) -> dict[str, Any]:
        body: dict[str, Any] = {
            "number": self.number,
            "strategy": self.strategy,
            "status": self.status,
            "usage": self.usage.to_json(),
            **shown(self.violations),
            "seconds": self.seconds,
        }
        if self.opened:
            body["opened"] = list(self.opened)
        return body

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote; `KeyError` or `TypeError` for anything else."""
        return cls(
            _of(int, data["number"]),
            _of(str, data["strategy"]),
            cast(AttemptStatus, _of(str, data["status"])),
            Usage.from_json(data["usage"]),
            tuple(Violation.from_json(v) for v in _of(list, data["violations"])),
            float(_of((int, float), data["seconds"])),
            tuple(_of(str, pointer) for pointer in _of(list, data.get("opened", []))),
        )


def count(value: Any) -> int:
    """Return a number of tokens as other programs tell it; 0 for anything that is no such number."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if type(value) is int and 0 <= value < 2**63 else 0


def _of(kind: type[T] | tuple[type[T], ...], value: Any) -> T:
    """Return the value of JSON; `TypeError` for one of another type."""
    if not isinstance(value, kind) or isinstance(value, bool):
        raise TypeError(f"a value of an unexpected type: {value!r:.60}")
    return value
