"""Replay an answer through its grammar."""

from __future__ import annotations

from collections.abc import Sequence

from llguidance import LLMatcher

from structgen.engines.guidance.grammar_cache import failure
from structgen.errors import EngineFailed


def replay(matcher: LLMatcher, answer: Sequence[int]) -> None:
    """Raise the error of an answer that its grammar does not accept: a failure can look like an end.

    `matcher` is at the start of the grammar and does not change; `answer` is without the end of the turn.
    """
    again = matcher.deep_copy()
    if again.consume_tokens(list(answer)) and (again.is_stopped() or again.is_accepting()):
        return
    again.compute_bitmask()  # a grammar that is too complex fails only here
    raise failure(again) if again.is_error() else EngineFailed("the answer ends before its grammar does")
