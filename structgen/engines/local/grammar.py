"""Grammars compiled once, off the event loop, and copied for each request."""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from llguidance import LLMatcher, LLTokenizer

from structgen.engines.base import Constraint
from structgen.errors import InvalidSchema
from structgen.types import Violation

# No free whitespace: a model that may emit it can do so until the budget ends.
_OPTIONS: Any = {"whitespace_flexible": False, "lenient": True, "coerce_one_of": True}


class GrammarCache:
    """Pristine matchers by schema hash, the least recently used dropped first.

    Requests that ask for the same schema at once share one compile; a refusal is kept too.
    """

    def __init__(self, tokenizer: LLTokenizer, size: int = 256) -> None:
        self._tokenizer, self._size = tokenizer, size
        self._compiled: OrderedDict[str, Future[LLMatcher]] = OrderedDict()
        self._pool = ThreadPoolExecutor(2, "grammar")

    async def matcher(self, constraint: Constraint) -> LLMatcher:
        """A matcher at the start of the grammar; `InvalidSchema` where none can be built."""
        future = self._compiled.get(constraint.key)
        if future is None:
            future = self._pool.submit(self._compile, constraint)
            self._compiled[constraint.key] = future
            while len(self._compiled) > self._size:
                self._compiled.popitem(last=False)
        self._compiled.move_to_end(constraint.key)
        return (await asyncio.shield(asyncio.wrap_future(future))).deep_copy()

    def _compile(self, constraint: Constraint) -> LLMatcher:
        schema = constraint.schema
        text = json.dumps(schema if schema is not True else {})
        if schema is False:
            raise _refused("the schema false allows no value")
        grammar = LLMatcher.grammar_from_json_schema(text, defaults=_OPTIONS)
        matcher = LLMatcher(self._tokenizer, grammar, log_level=0)
        if not matcher.is_error():
            probe = matcher.deep_copy()  # some grammars compile and fail at their first mask
            probe.compute_bitmask()
            if probe.is_error():
                raise _refused(probe.get_error())
            return matcher
        raise _refused(matcher.get_error())

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)


def _refused(reason: str) -> InvalidSchema:
    message = f"no grammar can be built: {reason.strip().splitlines()[0][:300]}"
    return InvalidSchema(message, [Violation("", "grammar", message)])
