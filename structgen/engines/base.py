"""The engine contract: a stream of chunks for each request, under an optional grammar."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from structgen.engines.model_card import ModelCard
from structgen.errors import Overloaded
from structgen.messages import counted
from structgen.prompts.base import PromptFormat
from structgen.prompts.chat_template import too_many_characters
from structgen.types import Chunk, Completion, Conversation, FinishReason, Sampling, TextKind, Usage

if TYPE_CHECKING:
    from structgen.schema.declared_sizes import DeclaredSizes


@dataclass(frozen=True, slots=True)
class Constraint:
    """A JSON Schema that decoding must follow.

    `schema` is lowered: the grammar knows all of its keywords. `key` identifies it in caches.
    """

    schema: Mapping[str, Any] | bool
    key: str


@dataclass(frozen=True, slots=True)
class TextConstraint:
    """A text format that the whole answer must follow.

    `definition` is a regular expression, a Lark grammar of llguidance, or the JSON list of the choices. `key`
    identifies it in caches.
    """

    kind: TextKind
    definition: str
    key: str


@dataclass(frozen=True, slots=True)
class CallableTool:
    """A tool whose calls decoding must keep valid; `parameters` is the lowered schema of its arguments."""

    name: str
    parameters: Mapping[str, Any] | bool


@dataclass(frozen=True, slots=True)
class CallConstraint:
    """Tool calls that decoding must keep valid, from the tag that opens a call to the tag that closes it.

    With `required` the answer consists of calls. Otherwise it is free text in which calls may stand, or
    either calls or JSON under `response`. `key` identifies it in caches.
    """

    tools: tuple[CallableTool, ...]
    key: str
    required: bool = False
    parallel: bool = True
    """Whether the answer may have more than one call."""
    response: Constraint | None = None


AnyConstraint = Constraint | TextConstraint | CallConstraint


@dataclass(frozen=True, slots=True)
class EngineRequest:
    """One generation: the conversation that the model continues, and the limits of its answer."""

    prompt: Conversation
    constraint: AnyConstraint | None = None
    sampling: Sampling = field(default_factory=Sampling)
    logprobs: bool = False
    token_signals: bool = False
    """Whether log-probabilities come with what else the engine knows of the choice; needs `logprobs`."""
    complete_in_budget: bool = False
    """End within `max_tokens` by the shortest valid completion, where the answer would be cut."""
    priority: int = 0
    """Scheduling priority, on engines that have one: lower goes first."""
    value_limits: DeclaredSizes | None = None
    """Largest sizes of values, on engines with `Capabilities.bounds_values`."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Abilities of an engine. Callers check them; an engine never ignores a request silently."""

    constrained: bool = True
    streaming: bool = True
    logprobs: bool = False
    completes_in_budget: bool = False
    """Whether `EngineRequest.complete_in_budget` is supported."""
    bounds_values: bool = False
    """Whether `EngineRequest.value_limits` is supported."""
    supports_thinking: bool = False
    """Whether the model may think before it answers under a grammar."""
    constrains_text: bool = False
    """Whether `TextConstraint` is supported."""
    constrains_calls: bool = False
    """Whether `CallConstraint` is supported."""
    native_tools: bool = False
    """Whether the engine itself presents tools to the model and reads its calls, without a grammar."""
    token_counts: bool = True
    """Whether usage has token counts; otherwise they are 0."""
    concurrency: int = 1
    """Number of generations that run at once; more wait."""
    context: int | None = None
    """Positions of prompt and answer together, where known."""
    characters: int | None = None
    """Characters of a prompt above which it certainly does not fit the context, where known."""

    def check_length(self, characters: int) -> None:
        """Raise `PromptTooLong` for a prompt of so many characters where none of that length fits."""
        if self.characters is not None and self.context is not None and characters > self.characters:
            raise too_many_characters(characters, self.characters, self.context)


@dataclass(frozen=True, slots=True)
class Health:
    """Readiness of an engine, and its numbers of running and waiting requests."""

    ready: bool
    running: int = 0
    waiting: int = 0
    detail: str = ""
    closed: bool = False
    """The engine is not started, or closed for good."""


def queue_full(waiting: int) -> Overloaded:
    """Return the error for a request that comes while the queue is full."""
    return Overloaded(f"{counted(waiting, 'request')} in the queue already: send fewer at once")


class Engine(ABC):
    """One model. Call `start` before the first request and `close` after the last.

    `generate` yields chunks; exactly the last has `finish`, and the whole `usage`. Closing the generator
    early (`aclose`, or the cancellation of the task that runs it) stops the work at the next step. Errors:
    `PromptTooLong`, `InvalidSchema` (the grammar refuses the schema), `Overloaded`,
    `EngineUnavailable` and `EngineFailed`.
    """

    model: str
    capabilities: Capabilities
    card: ModelCard = ModelCard()
    """The model's card; an empty one where it has none."""
    prompt_format: PromptFormat | None = None
    """Renders prompts for a checkpoint without a chat template; None chooses it by the checkpoint's name.

    It is set before `start`.
    """

    @abstractmethod
    async def start(self) -> None:
        """Load the model; a second call changes nothing. `ConfigError` names the setting to change."""

    @abstractmethod
    def generate(self, request: EngineRequest) -> AsyncGenerator[Chunk, None]:
        """Yield the chunks of one generation."""

    @abstractmethod
    async def health(self) -> Health:
        """Return the state of the engine; cheap, for liveness probes."""

    @abstractmethod
    async def close(self) -> None:
        """End running generations with `EngineUnavailable` and free everything. Idempotent."""

    async def prepare(self, constraint: AnyConstraint) -> None:
        """Compile the grammar ahead of its first use; `InvalidSchema` where that is impossible."""
        return

    async def count(self, prompt: Conversation) -> int | None:
        """Count the tokens of the prompt as `generate` encodes it; None where only a generation shows it."""
        return None

    async def complete(self, request: EngineRequest) -> Completion:
        """Run a generation to its end, and return it whole."""
        texts: list[str] = []
        finish: FinishReason = "stop"
        usage = Usage()
        async for chunk in self.generate(request):
            texts.append(chunk.text)
            if chunk.finish is not None and chunk.usage is not None:
                finish, usage = chunk.finish, chunk.usage
        return Completion("".join(texts), finish, usage)
