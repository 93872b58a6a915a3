"""vLLM's scheduler with our drafts, shortest completions, and counts of each request.

`scheduler_cls` is not a public interface: this file is written for the release that the extra `vllm` pins,
and `launch.is_supported_release` leaves it out elsewhere.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import numpy as np
from vllm.platforms import current_platform
from vllm.v1.core.sched.output import GrammarOutput, SchedulerOutput
from vllm.v1.core.sched.scheduler import Scheduler
from vllm.v1.engine import EngineCoreOutputs
from vllm.v1.outputs import DraftTokenIds, ModelRunnerOutput
from vllm.v1.request import Request

from structgen.engines.guidance.shortest_completion import ShortestCompletions
from structgen.engines.speculative.acceptance import ON_CPU, ON_GPU
from structgen.engines.speculative.prompt_lookup import Drafter
from structgen.engines.vllm.guidance_backend import CachingGuidanceBackend
from structgen.engines.vllm.request_protocol import DecodingOptions
from structgen.engines.vllm.request_state import RequestState

log = logging.getLogger("vllm.structgen")
T = TypeVar("T")


class DraftingScheduler(Scheduler):
    """Adds drafts after a step, narrows the token mask before sampling, and completes outputs."""

    def __init__(self, vllm_config: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(vllm_config, *args, **kwargs)
        manager = self.structured_output_manager
        vocabulary = vllm_config.model_config.get_vocab_size()
        backend = CachingGuidanceBackend(vllm_config, tokenizer=manager.tokenizer, vocab_size=vocabulary)
        manager.backend = backend
        cost = ON_CPU if current_platform.is_cpu() else ON_GPU
        self._drafter = Drafter(backend.ll_tokenizer, self.num_spec_tokens, cost)
        self._completions = ShortestCompletions(backend.ll_tokenizer)
        self._states: dict[str, RequestState] = {}

    def add_request(self, request: Request) -> None:
        super().add_request(request)
        params = request.sampling_params
        options = DecodingOptions.from_extra_args(params.extra_args) if params else None
        if options is not None:
            self._guarded(request.request_id, partial(self._track, request, options))

    def _track(self, request: Request, options: DecodingOptions) -> None:
        state = RequestState(request, options, self._drafter, self._completions)
        self._states[request.request_id] = state

    def _free_request(self, request: Request, delay_free_blocks: bool = False) -> Any:
        self._states.pop(request.request_id, None)
        return super()._free_request(request, delay_free_blocks)

    def get_grammar_bitmask(self, scheduler_output: SchedulerOutput) -> GrammarOutput | None:
        """Compute vLLM's mask, without end-of-turn tokens during a thought: the answer would be missing."""
        for request_id in scheduler_output.num_scheduled_tokens:
            if (state := self._states.get(request_id)) is not None:
                self._guarded(request_id, state.begin)
        output = super().get_grammar_bitmask(scheduler_output)
        row = 0
        for request_id in output.structured_output_request_ids if output is not None else ():
            rows = 1 + len(scheduler_output.scheduled_spec_decode_tokens.get(request_id, ()))
            state = self._states.get(request_id)
            if state is not None and state.thinking:
                for stop in state.stops:
                    bit = ~np.uint32(1 << stop % 32).view(np.int32)
                    output.grammar_bitmask[row : row + rows, stop // 32] &= bit
            row += rows
        return output

    def update_draft_token_ids(self, draft_token_ids: DraftTokenIds) -> None:
        """Replace the proposer's empty drafts by ours, which the grammar allows already."""
        for request_id in draft_token_ids.req_ids:
            request, state = self.requests.get(request_id), self._states.get(request_id)
            if request is None or state is None or request.is_finished():
                continue
            work = partial(state.draft, len(self.running))
            draft = [] if request.is_prefill_chunk else self._guarded(request_id, work)
            request.spec_token_ids = draft or []

    def _guarded(self, request_id: str, work: Callable[[], T]) -> T | None:
        """Run our own work; after an error the request goes on as in vLLM, and the engine lives."""
        try:
            return work()
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException:  # a panic in Rust code is no Exception
            log.exception("no more drafts for request %s", request_id)
            self._states.pop(request_id, None)
            return None

    def update_from_output(
        self, scheduler_output: SchedulerOutput, model_runner_output: ModelRunnerOutput
    ) -> dict[int, EngineCoreOutputs]:
        """Replace sampled tokens by the known rest of an answer, and attach each request's counts."""
        states: dict[str, RequestState] = {}
        for request_id, index in model_runner_output.req_id_to_index.items():
            state = self._states.get(request_id)
            if state is not None and model_runner_output.sampled_token_ids:
                sampled = model_runner_output.sampled_token_ids[index]
                drafted = len(scheduler_output.scheduled_spec_decode_tokens.get(request_id, ()))
                rest = self._guarded(request_id, partial(state.finish_early, sampled, drafted))
                if rest is not None:
                    model_runner_output.sampled_token_ids[index] = rest
                    scheduler_output.scheduled_spec_decode_tokens.pop(request_id, None)
                states[request_id] = state
        outputs: dict[int, EngineCoreOutputs] = super().update_from_output(
            scheduler_output, model_runner_output
        )
        for core_outputs in outputs.values():
            for output in core_outputs.outputs:
                if (state := states.get(output.request_id)) is not None:
                    output.kv_transfer_params = state.account().to_transfer_params()
        return outputs
