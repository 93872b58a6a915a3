"""Signals of one value from the tokens that wrote it.

Tokens outside of the value, and tokens that the grammar forced, say nothing about the value: they are left
out. A value without any other token has no signals.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from structgen.evidence.answer_tokens import TokenSpan
from structgen.types import TokenLogprob

Signals = dict[str, float]


def token_signals(spans: Sequence[TokenSpan], content_start: int) -> Signals:
    """Return the signals of a value whose text, after its opening quote, begins at `content_start`.

    - `token_probability`: product of the probabilities of its tokens under the mask;
    - `first_token_probability`: that of the first token with a character of the content;
    - `free_probability`: the product before the mask, where the engine tells it;
    - `runner_up`: probability of the other token that came closest, at the least probable token;
    - `copied`: share of its characters that the engine's draft copied from the document.
    """
    chosen = [span for span in spans if _had_choice(span.token)]
    if not chosen:
        return {}
    tokens = [span.token for span in chosen]
    first = next((span.token for span in chosen if span.end > content_start), tokens[0])
    least = min(tokens, key=lambda token: token.logprob)
    signals = {
        "token_probability": math.exp(sum(token.logprob for token in tokens)),
        "first_token_probability": math.exp(first.logprob),
    }
    free = [token.free_logprob for token in tokens if token.free_logprob is not None]
    if len(free) == len(tokens):
        signals["free_probability"] = math.exp(min(0.0, sum(free)))
    if least.runner_up is not None:
        signals["runner_up"] = least.runner_up
    if all(token.choices is not None for token in tokens):
        written = sum(span.end - span.start for span in chosen)
        copied = sum(span.end - span.start for span in chosen if span.token.copied)
        signals["copied"] = copied / max(1, written)
    return signals


def _had_choice(token: TokenLogprob) -> bool:
    """Return whether another token was legal; where the engine does not tell, only certain ones had none."""
    return token.logprob < 0 if token.choices is None else token.choices > 1
