"""What every engine offers: one stream of chunks for one request, under an optional grammar."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from structgen.engines.model_card import ModelCard
from structgen.prompts.chat_template import longer_than
from structgen.types import Chunk, Completion, FinishReason, Message, Sampling, Usage

if TYPE_CHECKING:
    from structgen.schema.declared_sizes import Extent


@dataclass(frozen=True, slots=True)
class Constraint:
    """A JSON Schema that decoding must follow.

    `schema` is the lowered one, its keywords all known to the grammar; `key` identifies it in caches.
    """

    schema: Mapping[str, Any] | bool
    key: str


@dataclass(frozen=True, slots=True)
class EngineRequest:
    """One generation: the conversation that the model continues, and the limits of its answer."""

    prompt: tuple[Message, ...]
    constraint: Constraint | None = None
    sampling: Sampling = field(default_factory=Sampling)
    logprobs: bool = False
    close: bool = False
    """End within `max_tokens` by the shortest valid way, where the answer would be cut."""
    priority: int = 0
    """Lower goes first, on engines that know priorities."""
    bounds: Extent | None = None
    """The largest sizes of values, on engines that bound them: what the grammar lets end ends there."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an engine can do; what it cannot is declared here, never hidden."""

    constrained: bool = True
    streaming: bool = True
    logprobs: bool = False
    closes: bool = False
    """Whether answers can be closed within the budget."""
    bounds: bool = False
    """Whether `EngineRequest.bounds` are held."""
    thinks: bool = False
    """Whether the model may think before it answers under a grammar."""
    token_counts: bool = True
    """Whether usage counts tokens, or leaves them at 0."""
    concurrency: int = 1
    """Generations that run at once; more wait their turn."""
    context: int | None = None
    """Positions for prompt and answer together, where known."""
    characters: int | None = None
    """Characters of a prompt above which it certainly does not fit the context, where known."""

    def check_length(self, characters: int) -> None:
        """Raise `PromptTooLong` for a prompt of so many characters where none of that length fits."""
        if self.characters is not None and self.context is not None and characters > self.characters:
            raise longer_than(characters, self.characters, self.context)


@dataclass(frozen=True, slots=True)
class Health:
    """Whether requests can be served now, how many run and how many wait."""

    ready: bool
    running: int = 0
    waiting: int = 0
    detail: str = ""
    closed: bool = False
    """Not started, or closed: there is nothing to wait for."""


class Engine(ABC):
    """One model, ready to generate. `start` before the first request, `close` after the last.

    `generate` yields chunks; exactly the last has `finish`, and the whole `usage`. Closing the generator
    early (`aclose`, or the cancellation of the task that runs it) stops the work at the next step. Errors:
    `PromptTooLong`, `InvalidSchema` (the grammar refuses the schema), `Overloaded`,
    `EngineUnavailable` and `EngineFailed`.
    """

    model: str
    capabilities: Capabilities
    card: ModelCard = ModelCard()
    """What the model says of itself, where it says something."""

    @abstractmethod
    async def start(self) -> None:
        """Load what is needed, once: a second call changes nothing. `ConfigError` says what to change."""

    @abstractmethod
    def generate(self, request: EngineRequest) -> AsyncGenerator[Chunk, None]:
        """The chunks of one generation."""

    @abstractmethod
    async def health(self) -> Health:
        """Cheap: called by probes."""

    @abstractmethod
    async def close(self) -> None:
        """End running generations with `EngineUnavailable` and free everything. Idempotent."""

    async def prepare(self, constraint: Constraint) -> None:
        """Compile the grammar ahead of its first use; `InvalidSchema` where it cannot be."""
        return

    async def count(self, prompt: tuple[Message, ...]) -> int | None:
        """Tokens of the prompt as `generate` encodes it; None where only its answer tells."""
        return None

    async def complete(self, request: EngineRequest) -> Completion:
        """The whole generation at once."""
        parts: list[str] = []
        finish: FinishReason = "stop"
        usage = Usage()
        async for chunk in self.generate(request):
            parts.append(chunk.text)
            if chunk.finish is not None and chunk.usage is not None:
                finish, usage = chunk.finish, chunk.usage
        return Completion("".join(parts), finish, usage)
