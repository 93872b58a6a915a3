"""Build the request body of a chat completion for a server's profile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from structgen.engines.remote.errors import RequestRefused
from structgen.prompts.chat_template import chat_message
from structgen.types import Message, Sampling

SchemaMember = Literal["response_format", "structured_outputs"]
"""The request member that carries a schema: OpenAI's, or vLLM's own."""
SCHEMA_MEMBERS: tuple[SchemaMember, ...] = ("response_format", "structured_outputs")
OPTIONAL = ("top_k", "logprobs", "seed", "stream_options")
"""Members that a request can leave out where the server refuses them."""
# llguidance reads these options from the schema: compact JSON, as our own engines decode it. Nothing refers
# to the definition `_STEER`; its keyword makes vLLM's `auto` choose `guidance` over xgrammar.
_GUIDANCE = {"x-guidance": {"whitespace_flexible": False, "lenient": True, "coerce_one_of": True}}
_STEER = {"structgen:guidance": {"type": "integer", "multipleOf": 1}}


@dataclass(frozen=True, slots=True)
class ServerProfile:
    """The known properties of a server."""

    schema_member: SchemaMember | None = None
    """The member by which it follows a schema; None where it follows none."""
    uses_llguidance: bool = False
    """The server is vLLM, which can compile grammars with llguidance: schemas carry options for that."""
    explicit_top_k: bool = False
    """It takes top_k -1 for all tokens, and without top_k it uses the model's own default."""
    refused_members: frozenset[str] = frozenset()
    """Request members that it refuses."""
    context: int | None = None


def body(
    model: str,
    messages: Sequence[Message],
    sampling: Sampling,
    profile: ServerProfile,
    schema: Mapping[str, Any] | bool | None = None,
    logprobs: bool = False,
) -> dict[str, Any]:
    """Return the JSON body of one streamed completion."""
    members: dict[str, Any] = {
        "model": model,
        "messages": [chat_message(message) for message in messages],
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": min(sampling.max_tokens, profile.context or sampling.max_tokens),
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
    }
    if sampling.top_k or profile.explicit_top_k:
        members["top_k"] = sampling.top_k or -1
    if sampling.seed is not None:
        members["seed"] = sampling.seed
    if logprobs:
        members["logprobs"] = True
    if schema is not None and profile.schema_member is not None:
        carried = _with_llguidance_options(schema) if profile.uses_llguidance else schema
        members.update(_schema_member(profile.schema_member, carried))
    return {name: value for name, value in members.items() if name not in profile.refused_members}


def adapted(body: dict[str, Any], refused: RequestRefused) -> dict[str, Any] | None:
    """Leave out a member that the server refuses, or reduce the budget to its context.

    Returns None where neither helps.
    """
    if refused.about_context:
        room = refused.room
        if room is None and refused.names("max_tokens") and refused.allowed is not None:
            room = refused.allowed
        return {**body, "max_tokens": room} if room is not None and 0 < room < body["max_tokens"] else None
    for member in OPTIONAL:
        if member in body and refused.names(member):
            return {name: value for name, value in body.items() if name != member}
    return None


def _schema_member(member: SchemaMember, schema: Mapping[str, Any] | bool) -> dict[str, Any]:
    definition = {} if schema is True else schema
    if member == "structured_outputs":
        return {member: {"json": definition}}
    named = {"name": "answer", "schema": definition, "strict": True}
    return {member: {"type": "json_schema", "json_schema": named}}


def _with_llguidance_options(schema: Mapping[str, Any] | bool) -> Mapping[str, Any]:
    definition = {} if isinstance(schema, bool) else schema
    return {**definition, **_GUIDANCE, "$defs": {**definition.get("$defs", {}), **_STEER}}
