"""Compile grammars with llguidance once, off the event loop, and copy them for each request."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache, partial
from itertools import islice
from math import inf
from typing import Any

import numpy as np
from llguidance import LLMatcher, LLParserLimits, LLTokenizer

from structgen.caching import SingleFlightCache
from structgen.engines.base import AnyConstraint, CallConstraint, Constraint, TextConstraint
from structgen.engines.guidance import lark_text
from structgen.engines.guidance.grammars import (
    arguments_schema,
    grammar_of,
    grammar_of_schema,
    of_tool,
    special_tokens,
)
from structgen.engines.guidance.refusal import REFUSED, refused
from structgen.errors import EngineFailed, EngineUnavailable, InvalidSchema
from structgen.schema.lowering.llguidance.wide_objects import MAX_MEMBERS, wide_objects

PROBED_MASKS = 16
"""Token masks that are computed to try a fresh grammar."""
SMALL = 10 * MAX_MEMBERS
"""Characters of a serialized schema that is too short to have an object of very many members."""
TEXT_LIMITS = LLParserLimits(max_items_in_row=500, max_lexer_states=50_000)
"""Limits of a text format. The items bound the time of one token, which is quadratic in them where a grammar
is ambiguous: 20 ms. The states bound the memory: some 100 MB."""
MOST_CROWDED = 8
"""Objects with very many members that are compiled alone, of one schema."""


class GrammarCache:
    """Pristine matchers by schema hash; the least recently used leave first.

    Concurrent requests for one schema share one compilation, and a refusal is kept like a matcher.
    """

    def __init__(self, tokenizer: LLTokenizer, size: int = 256) -> None:
        self._tokenizer = tokenizer
        self._matchers = SingleFlightCache[str, LLMatcher](size, error_lifetime=_refusal_lifetime)
        self._pool = ThreadPoolExecutor(2, "grammar")
        self._closed = False

    async def matcher(self, constraint: AnyConstraint) -> LLMatcher:
        """Return a matcher at the start of the grammar; `InvalidSchema` where none can be built."""
        pristine = await self._matchers.get(constraint.key, partial(self._compile, constraint))
        return pristine.deep_copy()

    async def _compile(self, constraint: AnyConstraint) -> LLMatcher:
        if self._closed:  # while the request's prompt was still being encoded
            raise EngineUnavailable("the engine was closed")
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._pool, compile_constraint, self._tokenizer, constraint)
        except asyncio.CancelledError:
            if self._closed:  # `close` cancelled the job, and not the caller
                raise EngineUnavailable("the engine was closed") from None
            raise

    def close(self) -> None:
        """End the compilations that wait with `EngineUnavailable`."""
        self._closed = True
        self._pool.shutdown(wait=False, cancel_futures=True)


def _refusal_lifetime(error: Exception) -> float:
    return inf if isinstance(error, InvalidSchema) else 0.0


def check_grammar(schema: Mapping[str, Any] | bool) -> None:
    """Raise `InvalidSchema` where no grammar can be built; needs no model's vocabulary."""
    compile_grammar(_byte_tokenizer(), schema)


def grammar_refusal(schema: Mapping[str, Any] | bool) -> str | None:
    """Return why no grammar can be built of a lowered schema, None where one can."""
    try:
        check_grammar(schema)
    except InvalidSchema as error:
        return str(error).removeprefix(REFUSED)
    return None


@cache
def _byte_tokenizer() -> LLTokenizer:
    """Return a tokenizer whose vocabulary is the 256 bytes."""
    return LLTokenizer("byte")


def byte_matcher(constraint: AnyConstraint) -> LLMatcher:
    """Build the matcher of a constraint over bytes; it ignores limits that count a model's tokens."""
    if isinstance(constraint, TextConstraint) and constraint.kind == "lark":
        lark_text.check(constraint.definition)
        constraint = replace(constraint, definition=lark_text.without_token_limits(constraint.definition))
    return compile_constraint(_byte_tokenizer(), constraint)


def compile_constraint(tokenizer: LLTokenizer, constraint: AnyConstraint) -> LLMatcher:
    """Build the matcher of a constraint; `InvalidSchema` where llguidance refuses it."""
    match constraint:
        case Constraint():
            return compile_grammar(tokenizer, constraint.schema)
        case TextConstraint():
            grammar = grammar_of(constraint, special_tokens(tokenizer))
            return _compile_and_probe(tokenizer, grammar, TEXT_LIMITS)
        case CallConstraint():
            return _compile_calls(tokenizer, constraint)


def _compile_calls(tokenizer: LLTokenizer, constraint: CallConstraint) -> LLMatcher:
    """Build the matcher of calls, and each tool's own before: an error names the tool."""
    for tool in constraint.tools:
        try:
            compile_grammar(tokenizer, arguments_schema(tool))
        except InvalidSchema as error:
            raise of_tool(tool, error) from error
    if constraint.response is not None and not constraint.required:
        compile_grammar(tokenizer, constraint.response.schema)
    return _compile_and_probe(tokenizer, grammar_of(constraint, special_tokens(tokenizer)))


def compile_grammar(tokenizer: LLTokenizer, schema: Mapping[str, Any] | bool) -> LLMatcher:
    """Build the matcher of a lowered schema; `InvalidSchema` where llguidance refuses it.

    Objects with very many members are compiled alone too: inside a grammar they fail only when the text
    reaches them.
    """
    is_special = special_tokens(tokenizer)
    text = grammar_of_schema(schema, is_special)
    matcher = _compile_and_probe(tokenizer, text)
    if len(text) > SMALL:
        for subschema in islice(wide_objects(schema), MOST_CROWDED):
            _compile_and_probe(tokenizer, grammar_of_schema(subschema, is_special))
    return matcher


def _compile_and_probe(
    tokenizer: LLTokenizer, grammar: str, limits: LLParserLimits | None = None
) -> LLMatcher:
    matcher = LLMatcher(tokenizer, grammar, log_level=0, limits=limits)
    if matcher.is_error():
        raise refused(matcher.get_error())
    _probe(tokenizer, matcher.deep_copy())
    return matcher


def _probe(tokenizer: LLTokenizer, matcher: LLMatcher) -> None:
    """Compute the first token masks: some grammars compile and fail only there."""
    for _ in range(PROBED_MASKS):
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
        raise refused(matcher.get_error())


_FAULTS_OF_A_GRAMMAR = ("TooComplex", "NoExtensionBias", "Current row has")


def failure(matcher: LLMatcher) -> Exception:
    """Return the error of a failed matcher.

    A grammar beyond llguidance's limits, or one that leads to a dead end, is the schema's fault.
    """
    reason = f"{matcher.stop_reason()} {matcher.get_error()}"
    if any(mark in reason for mark in _FAULTS_OF_A_GRAMMAR):
        return refused(matcher.get_error())
    return EngineFailed(f"the grammar failed: {matcher.get_error()}"[:500])
