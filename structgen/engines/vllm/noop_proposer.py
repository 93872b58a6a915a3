"""A proposer that proposes nothing: it makes vLLM ready for drafts, which the scheduler then writes."""

from __future__ import annotations

from typing import Any


class NoopProposer:
    """Instantiated by vLLM's worker (`method: custom_class`)."""

    def __init__(self, vllm_config: Any) -> None:
        from structgen.engines.vllm.plugin import mend_cpu_sampling

        mend_cpu_sampling()

    def propose(self, sampled_token_ids: list[list[int]], *_: Any, **__: Any) -> list[list[int]]:
        """No token for any request of the batch."""
        return [[] for _ in sampled_token_ids]

    def load_model(self, *_: Any, **__: Any) -> None:
        """Nothing to load."""
