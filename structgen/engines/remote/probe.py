"""Probe a server: whether it follows schemas, text formats and grammars of calls, and a given constraint.

Each probe asks for a nonce that the prompt does not name: only a grammar yields it.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from importlib.util import find_spec
from typing import Any

from structgen.engines.base import AnyConstraint, CallConstraint, Constraint, TextConstraint
from structgen.engines.remote.chat_completions import Answer, ChatCompletions
from structgen.engines.remote.errors import ApiKeyRefused, RequestRefused
from structgen.engines.remote.request_body import CompletionRequest
from structgen.engines.remote.server_profile import (
    SCHEMA_MEMBERS,
    TAGS,
    SchemaMember,
    ServerProfile,
    ThinkingSwitch,
)
from structgen.errors import EngineFailed, EngineUnavailable, InvalidSchema
from structgen.types import Conversation, FinishReason, Message, Sampling, Violation

PROMPT = Conversation((Message("user", "Say hello in one word. No JSON."),))
PROBE_SAMPLING = Sampling(max_tokens=1024)
"""Room for the probe's answer, and for a thought before it."""
TRIAL_SAMPLING = Sampling(max_tokens=8)
"""Enough tokens to show whether the server built a grammar."""
SWITCHES: Sequence[ThinkingSwitch] = ("reasoning_effort", "chat_template_kwargs")
FOLLOWED = "the server follows schemas in `{}`"
NO_SCHEMA_SUPPORT = "the server follows no schema: answers are free, and validated"
FILLED_WITH_WHITE_SPACE = (
    NO_SCHEMA_SUPPORT + " (it fills the budget with white space; for vLLM: --structured-outputs-config "
    '\'{"backend": "guidance", "disable_any_whitespace": true}\')'
)
THINKS_TOO_LONG = NO_SCHEMA_SUPPORT + " (the model thinks beyond the probe's budget, and nothing stops it)"
_UNANSWERED = (RequestRefused, EngineFailed, EngineUnavailable)


async def probe_schema_support(chat: ChatCompletions) -> str:
    """Set the profile's members on schemas and thoughts, and return the verdict as a sentence."""
    nonce = f"k{secrets.token_hex(8)}"
    answers: list[Answer] = []
    for member in SCHEMA_MEMBERS:
        async for profile, answer in _tries(chat, nonce, member):
            answers.append(answer)
            if _is_nonce(answer.text, nonce) and answer.finish == "stop":
                chat.profile = profile
                return FOLLOWED.format(member)
            if not answer.text.strip() and _is_nonce(answer.reasoning, nonce):
                chat.profile = replace(profile, answers_as_reasoning=True)
                return FOLLOWED.format(member) + ", and sends the answer as reasoning"
    chat.profile = replace(chat.profile, schema_member=None)
    if not answers:  # raises an error that concerns every request
        await chat.complete(CompletionRequest(PROMPT, TRIAL_SAMPLING))
    cut = [answer for answer in answers if answer.finish == "length"]
    if any(answer.reasoning and not answer.text.strip() for answer in cut):
        return THINKS_TOO_LONG
    return FILLED_WITH_WHITE_SPACE if any(a.text.strip() in ("", "{") for a in cut) else NO_SCHEMA_SUPPORT


async def _tries(
    chat: ChatCompletions, nonce: str, member: SchemaMember
) -> AsyncIterator[tuple[ServerProfile, Answer]]:
    """Yield profiles of the server with their answers: first one that turns off its default thoughts."""
    first = await _try(chat, replace(chat.profile, schema_member=member), nonce)
    if first is None:
        return
    profile, answer = first
    if not answer.reasoning:
        yield profile, answer
        return
    for switch in SWITCHES:
        silent = await _try(chat, replace(profile, thinking_switch=switch), nonce)
        if silent is not None and switch not in silent[0].refused and not silent[1].reasoning:
            yield silent
    patient = await _try(chat, replace(profile, always_thinks=True), nonce)
    yield (profile, answer) if patient is None else patient


async def _try(
    chat: ChatCompletions, profile: ServerProfile, nonce: str
) -> tuple[ServerProfile, Answer] | None:
    """Return the answer under a profile, and what it taught; None where the server gave none."""
    attempt = ChatCompletions(chat.transport, chat.model, profile)
    constraint = Constraint(_schema(nonce), nonce)
    try:
        answer = await attempt.complete(CompletionRequest(PROMPT, PROBE_SAMPLING, constraint))
    except ApiKeyRefused:
        raise
    except _UNANSWERED:
        return None
    return attempt.profile, answer


def _is_nonce(text: str, nonce: str) -> bool:
    return "".join(text.split()) == f'{{"probe":"{nonce}"}}'


def _schema(nonce: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"probe": {"type": "string", "const": nonce}},
        "required": ["probe"],
        "additionalProperties": False,
    }


async def probe_text_formats(chat: ChatCompletions) -> None:
    """Set the profile's members on text formats and grammars of calls; only vLLM is asked."""
    if not chat.profile.is_vllm:
        return
    nonce = f"k{secrets.token_hex(8)}"
    embedded = f"%llguidance {{}}\nstart: %json {json.dumps({'const': nonce, 'type': 'string'})}\n"
    asked = {
        nonce: TextConstraint("regex", nonce, nonce),
        f'"{nonce}"': TextConstraint("lark", embedded, nonce),
        **{f"{tag}{nonce}": TextConstraint("lark", f'start: {tag} "{nonce}"\n', nonce) for tag in TAGS},
    }
    attempt = ChatCompletions(chat.transport, chat.model, replace(chat.profile, follows_text_formats=True))
    answers = await asyncio.gather(
        *(_follows(attempt, constraint, text) for text, constraint in asked.items())
    )
    regex, grammar, *special = answers
    tags = frozenset(tag for tag, is_special in zip(TAGS, special, strict=True) if is_special)
    follows_calls = grammar and find_spec("llguidance") is not None
    chat.profile = replace(
        chat.profile, follows_text_formats=regex and grammar, special_tags=tags if follows_calls else None
    )


async def _follows(chat: ChatCompletions, constraint: TextConstraint, expected: str) -> bool:
    request = CompletionRequest(PROMPT, replace(PROBE_SAMPLING, max_tokens=64), constraint, keeps_tags=True)
    try:
        answer = await chat.complete(request)
    except ApiKeyRefused:
        raise
    except _UNANSWERED:
        return False
    return answer.text == expected and answer.finish == "stop"


async def try_constraint(chat: ChatCompletions, constraint: AnyConstraint) -> None:
    """Raise `InvalidSchema` where the server refuses the constraint, or silently ignores a schema."""
    if isinstance(constraint, Constraint) and constraint.schema is False:
        raise refused_schema("the schema false allows no value")
    if isinstance(constraint, CallConstraint) and chat.profile.special_tags is None:
        return
    try:
        answer = await chat.complete(CompletionRequest(PROMPT, TRIAL_SAMPLING, constraint))
    except RequestRefused as refused:
        raise refused_schema(f"the server refuses it: {refused.message}") from refused
    text = answer.reasoning if chat.profile.answers_as_reasoning else answer.text
    if isinstance(constraint, Constraint) and not is_possible_end(text, answer.finish):
        raise refused_schema("the server's answer ended and is not JSON")


def is_possible_end(text: str, finish: FinishReason) -> bool:
    """Return whether a grammar allows this end: an answer that stopped by itself must be JSON."""
    if finish == "length":
        return True
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def refused_schema(reason: str) -> InvalidSchema:
    """Return the error for a schema that the server does not take."""
    message = f"no grammar can be built: {reason}"
    return InvalidSchema(message, [Violation("", "grammar", message)])
