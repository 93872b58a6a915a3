"""Text formats as constraints, and the check of a text against one."""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
from functools import lru_cache
from typing import TYPE_CHECKING

from structgen.engines.base import TextConstraint
from structgen.engines.guidance import lark_text
from structgen.engines.guidance.refusal import refused
from structgen.engines.guidance.text_regex import whole_text_regex
from structgen.errors import MissingExtra
from structgen.schema.limits import SchemaLimits
from structgen.types import TextFormat

if TYPE_CHECKING:
    from llguidance import LLMatcher

_SLICE, _SECONDS = 64, 5.0
"""Bytes that are checked without a look at the clock, and the time of a check."""
_CACHED = 256
"""Byte-level matchers in the cache."""


def text_constraint(text_format: TextFormat) -> TextConstraint:
    """Return the constraint of a text format.

    Where llguidance is installed, the grammar is compiled, which takes milliseconds. Raises
    `InvalidSchema` with the reason where no grammar can be built.
    """
    kind = text_format.kind
    match kind:
        case "regex":
            definition = whole_text_regex(text_format.regex or "")
        case "choice":
            definition = _choices(text_format.choices)
        case "lark":
            definition = lark_text.from_gbnf(text_format.lark or "")
            lark_text.check(definition)
    try:
        digest = hashlib.sha256(definition.encode()).hexdigest()
    except UnicodeEncodeError as error:
        raise refused("it has half of a surrogate pair, which no text can have") from error
    constraint = TextConstraint(kind, definition, f"{kind}:{digest}")
    with contextlib.suppress(MissingExtra):  # no engine here decodes with it either
        _matcher(constraint)
    return constraint


def text_matches(constraint: TextConstraint, text: str) -> bool:
    """Return whether the whole text follows the constraint; decided by a matcher of bytes.

    Raises `InvalidSchema` for a constraint without a grammar, or one that is too complex for the text, and
    `MissingExtra` without llguidance.
    """
    if constraint.kind == "choice":
        return text in json.loads(constraint.definition)
    try:
        data = text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return False
    matcher = _matcher(constraint).deep_copy()
    from structgen.engines.guidance.grammar_cache import failure

    began = time.monotonic()
    for start in range(0, len(data), _SLICE):
        piece = list(data[start : start + _SLICE])
        if matcher.try_consume_tokens(piece) < len(piece):
            if matcher.is_error():
                raise failure(matcher)
            return False
        if time.monotonic() - began > _SECONDS:
            raise refused(f"it takes more than {_SECONDS} s to check {start} bytes of text: it is ambiguous")
    return bool(matcher.is_accepting())


@lru_cache(_CACHED)
def _matcher(constraint: TextConstraint) -> LLMatcher:
    """Return a pristine matcher over bytes; it is copied, never advanced."""
    try:
        from structgen.engines.guidance.grammar_cache import byte_matcher
    except ImportError as error:
        raise MissingExtra("local", error) from error
    return byte_matcher(constraint)


def _choices(choices: tuple[str, ...]) -> str:
    """Return the JSON list of the distinct choices."""
    distinct = list(dict.fromkeys(choices))
    if not distinct:
        raise refused("there is no choice: give at least one text")
    if len(distinct) > (most := SchemaLimits().max_enum):
        raise refused(f"there are {len(distinct)} choices, {most} are allowed")
    return json.dumps(distinct, ensure_ascii=False)
