"""Check Lark grammars of callers before llguidance reads them."""

from __future__ import annotations

import re

from structgen.engines.guidance.refusal import refused

MAX_CHARACTERS = 100_000
"""Length of a grammar. It bounds the time of its compilation, which is linear."""
_OPAQUE = re.compile(r'"(?:\\.|[^"\\\n])*"|/(?!/)(?:\\.|[^/\\\n])+/|//[^\n]*|#[^\n]*')
"""Strings, regular expressions and comments, in which other characters mean nothing."""
_TOKEN_REFERENCE = re.compile(r"<[^<>\s]+>")
_MAX_TOKENS = re.compile(r"\bmax_tokens\s*=\s*\d+\s*,?")


def check(definition: str) -> None:
    """Raise `InvalidSchema` for a grammar that is too long, is not Lark, or writes special tokens.

    Special tokens end turns and open new ones: a text holds none of them, and a tag in it is a string.
    """
    if len(definition) > MAX_CHARACTERS:
        raise refused(f"it has {len(definition)} characters, {MAX_CHARACTERS} are allowed")
    if definition.lstrip()[:1] in ("{", "["):
        raise refused("a Lark grammar begins with a rule, not with JSON")
    if (reference := _TOKEN_REFERENCE.search(_OPAQUE.sub(" ", definition))) is not None:
        tag = reference[0]
        raise refused(f'it refers to the special token {tag}: write it as a string, "{tag}"')


def from_gbnf(definition: str) -> str:
    """Return a grammar of GBNF, which vLLM and llama.cpp take too, as Lark; any other one as it is."""
    if len(definition) > MAX_CHARACTERS or "::=" not in _OPAQUE.sub(" ", definition):
        return definition
    try:
        from llguidance.gbnf_to_lark import gbnf_to_lark
    except ImportError:  # no engine here decodes with it either
        return definition
    try:
        return str(gbnf_to_lark(definition))
    except Exception as error:  # of several kinds, a bare one among them: all are about the grammar
        raise refused(f"it cannot be read as GBNF: {error}"[:300]) from error


def without_token_limits(definition: str) -> str:
    """Return the grammar without `max_tokens`, whose tokens depend on the model's vocabulary."""
    pieces, end = [], 0
    for opaque in _OPAQUE.finditer(definition):
        pieces += [_MAX_TOKENS.sub("", definition[end : opaque.start()]), opaque[0]]
        end = opaque.end()
    return "".join([*pieces, _MAX_TOKENS.sub("", definition[end:])])
