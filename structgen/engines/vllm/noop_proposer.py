"""No-op proposer: it enables vLLM's speculative decoding; `DraftingScheduler` supplies the draft tokens."""

from __future__ import annotations

from typing import Any


class NoopProposer:
    """Proposes no tokens. vLLM's worker instantiates it (`method: custom_class`)."""

    def __init__(self, vllm_config: Any) -> None:
        from structgen.engines.vllm.plugin import patch_cpu_sampling

        patch_cpu_sampling()

    def propose(self, sampled_token_ids: list[list[int]], *_: Any, **__: Any) -> list[list[int]]:
        """Return an empty draft for each request of the batch."""
        return [[] for _ in sampled_token_ids]

    def load_model(self, *_: Any, **__: Any) -> None:
        """Load nothing: there is no draft model."""
