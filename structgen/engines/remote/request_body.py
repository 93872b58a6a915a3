"""What is sent: the body of a chat completion, in the dialect that a server was found to speak."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from structgen.engines.remote.errors import Refused
from structgen.prompts.chat_template import turn
from structgen.types import Message, Sampling

Way = Literal["response_format", "structured_outputs"]
"""The member that carries a schema: OpenAI's, or vLLM's own."""
WAYS: tuple[Way, ...] = ("response_format", "structured_outputs")
OPTIONAL = ("top_k", "logprobs", "seed", "stream_options")
"""Members that a server may refuse and do without."""
# Read by llguidance wherever it compiles the schema: compact JSON, as our own engines decode it. The other
# one, which nothing refers to, has a keyword that makes vLLM's `auto` take `guidance` over xgrammar.
_GUIDANCE = {"x-guidance": {"whitespace_flexible": False, "lenient": True, "coerce_one_of": True}}
_STEER = {"structgen:guidance": {"type": "integer", "multipleOf": 1}}


@dataclass(frozen=True, slots=True)
class Dialect:
    """What is known of a server."""

    way: Way | None = None
    """How it takes a schema and follows it; None where it does not."""
    guided: bool = False
    """It is vLLM, whose grammars llguidance can make: schemas carry what steers that."""
    open_top_k: bool = False
    """It takes top_k -1 for all tokens, and would take the model's own default for none."""
    refused: frozenset[str] = frozenset()
    """Members that it does not take."""
    context: int | None = None


def body(
    model: str,
    messages: Sequence[Message],
    sampling: Sampling,
    dialect: Dialect,
    schema: Mapping[str, Any] | bool | None = None,
    logprobs: bool = False,
) -> dict[str, Any]:
    """The JSON of one streamed completion."""
    made: dict[str, Any] = {
        "model": model,
        "messages": [turn(message) for message in messages],
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": min(sampling.max_tokens, dialect.context or sampling.max_tokens),
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
    }
    if sampling.top_k or dialect.open_top_k:
        made["top_k"] = sampling.top_k or -1
    if sampling.seed is not None:
        made["seed"] = sampling.seed
    if logprobs:
        made["logprobs"] = True
    if schema is not None and dialect.way is not None:
        made.update(_carried(dialect.way, _guided(schema) if dialect.guided else schema))
    return {name: value for name, value in made.items() if name not in dialect.refused}


def adapted(body: dict[str, Any], refused: Refused) -> dict[str, Any] | None:
    """The body without a member that the server does not take, or with a budget that fits its context.

    None where neither helps.
    """
    if refused.context:
        room = refused.room
        if room is None and refused.names("max_tokens") and refused.allowed is not None:
            room = refused.allowed
        return {**body, "max_tokens": room} if room is not None and 0 < room < body["max_tokens"] else None
    for member in OPTIONAL:
        if member in body and refused.names(member):
            return {name: value for name, value in body.items() if name != member}
    return None


def _carried(way: Way, schema: Mapping[str, Any] | bool) -> dict[str, Any]:
    given = {} if schema is True else schema
    if way == "structured_outputs":
        return {way: {"json": given}}
    return {way: {"type": "json_schema", "json_schema": {"name": "answer", "schema": given, "strict": True}}}


def _guided(schema: Mapping[str, Any] | bool) -> Mapping[str, Any]:
    given = {} if isinstance(schema, bool) else schema
    return {**given, **_GUIDANCE, "$defs": {**given.get("$defs", {}), **_STEER}}
