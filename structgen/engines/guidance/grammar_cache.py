"""Grammars compiled once, off the event loop, and copied for each request."""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from itertools import islice
from typing import Any

import numpy as np
from llguidance import LLMatcher, LLTokenizer

from structgen.engines.base import Constraint
from structgen.errors import EngineFailed, EngineUnavailable, InvalidSchema
from structgen.schema.lowering.llguidance.wide_choices import MANY, crowded
from structgen.types import Violation

# No free whitespace: a model that may emit it can do so until the budget ends.
_OPTIONS: Any = {"whitespace_flexible": False, "lenient": True, "coerce_one_of": True}


PROBED = 16
"""Masks that are tried of a fresh grammar."""
SMALL = 10 * MANY
"""Characters of a schema that cannot have so many members."""
MOST_CROWDED = 8
"""Objects inside of a schema that are tried alone."""


class GrammarCache:
    """Pristine matchers by schema hash, the least recently used dropped first.

    Requests that ask for the same schema at once share one compile; a refusal is kept too.
    """

    def __init__(self, tokenizer: LLTokenizer, size: int = 256) -> None:
        self._tokenizer, self._size = tokenizer, size
        self._compiled: OrderedDict[str, Future[LLMatcher]] = OrderedDict()
        self._pool = ThreadPoolExecutor(2, "grammar")
        self._closed = False

    async def matcher(self, constraint: Constraint) -> LLMatcher:
        """A matcher at the start of the grammar; `InvalidSchema` where none can be built."""
        future = self._compiled.get(constraint.key)
        if future is None:
            if self._closed:  # whose prompt was still being encoded then
                raise EngineUnavailable("the engine was closed")
            future = self._pool.submit(self._compile, constraint)
            self._compiled[constraint.key] = future
            while len(self._compiled) > self._size:
                self._compiled.popitem(last=False)
        self._compiled.move_to_end(constraint.key)
        try:
            return (await asyncio.shield(asyncio.wrap_future(future))).deep_copy()
        except asyncio.CancelledError:
            if future.cancelled():  # by `close`, not by the caller
                raise EngineUnavailable("the engine was closed") from None
            raise

    def _compile(self, constraint: Constraint) -> LLMatcher:
        return compile_grammar(self._tokenizer, constraint.schema)

    def close(self) -> None:
        self._closed = True
        self._pool.shutdown(wait=False, cancel_futures=True)


def check(schema: Mapping[str, Any] | bool) -> None:
    """`InvalidSchema` where no grammar can be built, told without a model's vocabulary."""
    compile_grammar(_bytes(), schema)


def refusal(schema: Mapping[str, Any] | bool) -> str | None:
    """Why no grammar can be built of a lowered schema, None where one can."""
    try:
        check(schema)
    except InvalidSchema as error:
        return str(error).removeprefix(_REFUSED)
    return None


@cache
def _bytes() -> LLTokenizer:
    """A vocabulary of the 256 bytes."""
    return LLTokenizer("byte")


def compile_grammar(tokenizer: LLTokenizer, schema: Mapping[str, Any] | bool) -> LLMatcher:
    """The matcher of a lowered schema; `InvalidSchema` where llguidance refuses it.

    Objects with very many members are tried alone too: their grammar fails only once a text comes to them.
    """
    text = serialized(schema)
    matcher = _tried(tokenizer, text)
    if len(text) > SMALL:
        for part in islice(crowded(schema), MOST_CROWDED):
            _tried(tokenizer, serialized(part))
    return matcher


def _tried(tokenizer: LLTokenizer, grammar: str) -> LLMatcher:
    matcher = LLMatcher(tokenizer, grammar, log_level=0)
    if matcher.is_error():
        raise _refused(matcher.get_error())
    _probe(tokenizer, matcher.deep_copy())
    return matcher


def serialized(schema: Mapping[str, Any] | bool) -> str:
    """The grammar in llguidance's own format, for any engine that embeds it."""
    try:
        grammar: str = LLMatcher.grammar_from_json_schema(text_of(schema), defaults=_OPTIONS)
    except ValueError as error:  # a number, or a depth, that its reader does not take
        raise _refused(str(error)) from error
    return grammar


def text_of(schema: Mapping[str, Any] | bool) -> str:
    """The lowered schema as the grammar's backend takes it; `InvalidSchema` for one that allows nothing."""
    if schema is False:
        raise _refused("the schema false allows no value")
    return json.dumps({} if schema is True else schema)


def _probe(tokenizer: LLTokenizer, matcher: LLMatcher) -> None:
    """Walk some way in: some grammars compile and fail at their first masks."""
    for _ in range(PROBED):
        matcher.consume_tokens(matcher.compute_ff_tokens())
        if matcher.is_stopped():
            break
        mask = np.frombuffer(matcher.compute_bitmask(), dtype=np.uint8)
        allowed = np.flatnonzero(np.unpackbits(mask, bitorder="little"))
        allowed = allowed[~np.isin(allowed, tokenizer.eos_tokens)]
        if not len(allowed) or matcher.is_error():
            break
        matcher.consume_token(int(allowed[-1]))
    if matcher.is_error():
        raise _refused(matcher.get_error())


def failure(matcher: LLMatcher) -> Exception:
    """Why it failed on the way: a grammar beyond llguidance's limits is the schema's fault."""
    if matcher.stop_reason().endswith("TooComplex") or "TooComplex" in matcher.get_error():
        return _refused(matcher.get_error())
    return EngineFailed(f"the grammar failed: {matcher.get_error()}"[:500])


_REFUSED = "no grammar can be built: "


def _refused(reason: str) -> InvalidSchema:
    lines = reason.strip().splitlines()
    told = f"{lines[0]} {lines[-1]}" if len(lines) > 1 and lines[0].endswith(":") else lines[0]
    message = f"{_REFUSED}{told[:300]}"
    return InvalidSchema(message, [Violation("", "grammar", message)])
