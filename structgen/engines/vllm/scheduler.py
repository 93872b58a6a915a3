"""vLLM's scheduler with drafts of our own, answers closed in time, and an account of each request.

`scheduler_cls` is no public interface: this file is written for the release that the extra `vllm` pins,
and `launch.tuned` leaves it out elsewhere.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from vllm.platforms import current_platform
from vllm.v1.core.sched.output import GrammarOutput, SchedulerOutput
from vllm.v1.core.sched.scheduler import Scheduler
from vllm.v1.engine import EngineCoreOutputs
from vllm.v1.outputs import DraftTokenIds, ModelRunnerOutput
from vllm.v1.request import Request

from structgen.engines.guidance.shortest_completion import Ways
from structgen.engines.speculative.acceptance import ON_CPU, ON_GPU
from structgen.engines.speculative.prompt_lookup import Drafter
from structgen.engines.vllm.guidance_backend import CompiledOnce
from structgen.engines.vllm.request_protocol import DecodingOptions
from structgen.engines.vllm.request_state import Ledger

log = logging.getLogger("vllm.structgen")


class DraftingScheduler(Scheduler):
    """Takes part in three places: drafts after a step, the mask before sampling, and the output."""

    def __init__(self, vllm_config: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(vllm_config, *args, **kwargs)
        manager = self.structured_output_manager
        vocabulary = vllm_config.model_config.get_vocab_size()
        backend = CompiledOnce(vllm_config, tokenizer=manager.tokenizer, vocab_size=vocabulary)
        manager.backend = backend
        costs = ON_CPU if current_platform.is_cpu() else ON_GPU
        self._drafter = Drafter(backend.ll_tokenizer, self.num_spec_tokens, costs)
        self._ways = Ways(backend.ll_tokenizer)
        self._ledgers: dict[str, Ledger] = {}

    def add_request(self, request: Request) -> None:
        super().add_request(request)
        params = request.sampling_params
        options = DecodingOptions.from_extra_args(params.extra_args) if params else None
        if options is not None:
            self._guarded(request.request_id, partial(self._open, request, options))

    def _open(self, request: Request, options: DecodingOptions) -> None:
        self._ledgers[request.request_id] = Ledger(request, options, self._drafter, self._ways)

    def _free_request(self, request: Request, delay_free_blocks: bool = False) -> Any:
        self._ledgers.pop(request.request_id, None)
        return super()._free_request(request, delay_free_blocks)

    def get_grammar_bitmask(self, scheduler_output: SchedulerOutput) -> GrammarOutput | None:
        """As vLLM's; who still thinks may not end the turn, for the answer would be missing."""
        made = super().get_grammar_bitmask(scheduler_output)
        row = 0
        for request_id in made.structured_output_request_ids if made is not None else ():
            rows = 1 + len(scheduler_output.scheduled_spec_decode_tokens.get(request_id, ()))
            ledger = self._ledgers.get(request_id)
            if ledger is not None and ledger.thinking:
                for stop in ledger.stops:
                    made.grammar_bitmask[row : row + rows, stop // 32] &= ~np.uint32(1 << stop % 32).view(
                        np.int32
                    )
            row += rows
        return made

    def update_draft_token_ids(self, draft_token_ids: DraftTokenIds) -> None:
        """The carrier's drafts are empty: ours take their place, valid under the grammar by their making."""
        for request_id in draft_token_ids.req_ids:
            request, ledger = self.requests.get(request_id), self._ledgers.get(request_id)
            if request is None or ledger is None or request.is_finished():
                continue
            work = partial(ledger.draft, len(self.running))
            drafted = [] if request.is_prefill_chunk else self._guarded(request_id, work)
            request.spec_token_ids = drafted or []

    def _guarded(self, request_id: str, work: Callable[[], list[int] | None]) -> list[int] | None:
        """What is ours may fail, and then goes without: it never takes the engine with it."""
        try:
            return work()
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException:  # a panic in Rust code is no Exception
            log.exception("no more drafts for request %s", request_id)
            self._ledgers.pop(request_id, None)
            return None

    def update_from_output(
        self, scheduler_output: SchedulerOutput, model_runner_output: ModelRunnerOutput
    ) -> dict[int, EngineCoreOutputs]:
        met = []
        for request_id, index in model_runner_output.req_id_to_index.items():
            ledger = self._ledgers.get(request_id)
            if ledger is not None and model_runner_output.sampled_token_ids:
                sampled = model_runner_output.sampled_token_ids[index]
                drafted = len(scheduler_output.scheduled_spec_decode_tokens.get(request_id, ()))
                ended = self._guarded(request_id, partial(ledger.take, sampled, drafted))
                if ended is not None:  # no pass of the model's is needed for the rest
                    model_runner_output.sampled_token_ids[index] = ended
                    scheduler_output.scheduled_spec_decode_tokens.pop(request_id, None)
                met.append((request_id, ledger))
        outputs: dict[int, EngineCoreOutputs] = super().update_from_output(
            scheduler_output, model_runner_output
        )
        accounts = dict(met)
        for made in outputs.values():
            for output in made.outputs:
                if (ledger := accounts.get(output.request_id)) is not None:
                    output.kv_transfer_params = ledger.account().to_transfer_params()
        return outputs
