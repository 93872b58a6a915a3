"""A request as the decode loop takes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from llguidance import LLMatcher

from structgen.engines.guidance.shortest_completion import ShortestCompletions
from structgen.engines.guidance.value_sizes import ValueSizeMask
from structgen.engines.json_regions import JsonRegions
from structgen.engines.local.thought import ThinkingPlan
from structgen.engines.speculative.prompt_lookup import DraftState
from structgen.schema.declared_sizes import DeclaredSizes
from structgen.types import Chunk, Sampling

Deliver = Callable[[Chunk | Exception], None]


@dataclass(slots=True, eq=False)
class Job:
    """One generation. `deliver` may be called from any thread."""

    prompt: list[int]
    sampling: Sampling
    room: int
    """Positions of the context after the prompt."""
    matcher: LLMatcher | None
    """At the start of the answer's grammar; the sequence advances a copy."""
    regions: JsonRegions | None
    """The parts of the answer that are JSON; None where all of it is."""
    free_text: bool
    """Whether the grammar leaves the end of the answer open: a text that it accepts may have been cut."""
    logprobs: bool
    token_signals: bool
    """Whether log-probabilities come with the choices that the tokens were sampled from."""
    deliver: Deliver
    thinking: ThinkingPlan | None
    """Given where a thought precedes the answer."""
    completions: ShortestCompletions | None
    """Given where the answer has to end within its budget."""
    grammar_key: str
    """Identifies the grammar in the cache of completions."""
    draft_state: DraftState | None
    """Given where the answer may be drafted."""
    size_mask: ValueSizeMask
    bounds: DeclaredSizes | None
    """Given where the sizes of values are bounded."""
    cancelled: bool = False
