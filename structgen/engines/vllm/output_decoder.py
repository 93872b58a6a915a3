"""Turn vLLM's outputs of one request into chunks."""

from __future__ import annotations

from typing import Any

from structgen.engines.vllm.detokenizer import Detokenizer
from structgen.engines.vllm.request_protocol import DecodingAccount
from structgen.errors import EngineFailed
from structgen.types import Chunk, FinishReason, Usage


class OutputDecoder:
    """Decodes one generation; `matcher` is the pristine one of its grammar, None without a grammar."""

    def __init__(self, tokenizer: Any, detokenizer: Detokenizer, matcher: Any, prompt_tokens: int) -> None:
        self._tokenizer, self._detokenizer = tokenizer, detokenizer
        self._matcher, self._prompt_tokens = matcher, prompt_tokens

    def chunk(self, output: Any, unreadable: str) -> Chunk:
        """Return the chunk of a `RequestOutput`; the last one has the finish, the usage and `unreadable`."""
        completion, detokenizer = output.outputs[0], self._detokenizer
        logprobs = detokenizer.logprobs(completion.logprobs, completion.token_ids)
        thought, text = detokenizer.decode(completion.token_ids, last=output.finished)
        cached = output.num_cached_tokens or 0
        if not output.finished:
            usage = Usage(self._prompt_tokens, detokenizer.tokens, cached)
            return Chunk(text, usage=usage, logprobs=logprobs, reasoning=thought)
        finish = self._finish(completion.finish_reason)
        account = DecodingAccount.from_transfer_params(output.kv_transfer_params)
        return Chunk(
            text,
            finish,
            Usage(self._prompt_tokens, detokenizer.tokens, cached, account.forced, account.steps),
            logprobs,
            reasoning=thought,
            written_before_completion=self._written(account.closed_at),
            unreadable_characters=unreadable,
        )

    def _finish(self, reason: str) -> FinishReason:
        """Check the end of the generation, and return its reason."""
        if reason not in ("stop", "length"):
            raise EngineFailed(f"vLLM ended the request with {reason!r}")
        if reason == "length":
            return "length"
        if self._matcher is not None and not self._detokenizer.thinking:
            from structgen.engines.guidance.replay import replay

            replay(self._matcher, self._detokenizer.answer)
        return "stop"

    def _written(self, closed_at: int | None) -> int | None:
        """Count the characters of the answer before its shortest completion, where there is one."""
        if closed_at is None:
            return None
        answer = self._detokenizer.answer
        before = answer[: max(0, closed_at - (self._detokenizer.tokens - len(answer)))]
        return len(self._tokenizer.decode_bytes(before).decode("utf-8", "ignore")) if before else 0
