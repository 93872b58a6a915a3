"""Probe a server: its models, whether it follows schemas, and whether it accepts a given one."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from structgen.engines.base import Constraint
from structgen.engines.remote.chat_completions import ChatCompletions
from structgen.engines.remote.errors import ApiKeyRefused, RequestRefused
from structgen.engines.remote.request_body import SCHEMA_MEMBERS, ServerProfile
from structgen.errors import ConfigError, EngineFailed, EngineUnavailable, InvalidSchema
from structgen.suggestions import did_you_mean
from structgen.types import FinishReason, Message, Sampling, Violation, token_count

PROMPT = (Message("user", "Say hello in one word. No JSON."),)
PROBE_SAMPLING = Sampling(max_tokens=1024)
"""Room for the probe's answer, and for a thought before it."""
TRIAL_SAMPLING = Sampling(max_tokens=8)
"""Enough tokens to show whether the server built a grammar."""
FOLLOWED = "the server follows schemas in `{}`"
NO_SCHEMA_SUPPORT = "the server follows no schema: answers are free, and validated"
FILLED_WITH_WHITE_SPACE = (
    NO_SCHEMA_SUPPORT + " (it fills the budget with white space; for vLLM: --structured-outputs-config "
    '\'{"backend": "guidance", "disable_any_whitespace": true}\')'
)


def select_model(
    models: Sequence[Mapping[str, Any]], requested: str, hint: str = ""
) -> tuple[str, ServerProfile]:
    """Return the model's name, and the profile of its server as far as the list of models shows it.

    A server without a list is not checked; `hint` says what else may be wrong with it.
    """
    names = [model["id"] for model in models]
    if not requested and len(names) != 1:
        raise ConfigError(f"give the model's name with --model: {_choice(names)}{'' if names else hint}")
    name = requested or names[0]
    if names and name not in names:
        raise ConfigError(
            f"--model: the server has no model {name!r}{did_you_mean(name, names)} ({_choice(names)})"
        )
    entry: Mapping[str, Any] = next((model for model in models if model["id"] == name), {})
    owner, context = entry.get("owned_by"), entry.get("max_model_len") or entry.get("context_length")
    return name, ServerProfile(
        uses_llguidance=owner == "vllm",
        explicit_top_k=owner in ("vllm", "sglang"),
        context=token_count(context) or None,
    )


def _choice(names: Sequence[str]) -> str:
    shown = ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
    return f"it serves {shown}" if names else "it serves no list of models"


async def probe_schema_support(chat: ChatCompletions) -> str:
    """Set the member by which the server follows a schema, and return the verdict as a sentence.

    The schema's only value is a nonce, which the prompt does not ask for: only a grammar yields it.
    """
    nonce = f"k{secrets.token_hex(8)}"
    answered, filled = False, False
    for member in SCHEMA_MEMBERS:
        chat.profile = replace(chat.profile, schema_member=member)
        try:
            text, finish = await chat.complete(PROMPT, PROBE_SAMPLING, _schema(nonce))
        except ApiKeyRefused:
            raise
        except (RequestRefused, EngineFailed, EngineUnavailable):
            continue
        answered = True
        if "".join(text.split()) == f'{{"probe":"{nonce}"}}' and finish == "stop":
            return FOLLOWED.format(member)
        filled = filled or (finish == "length" and text.strip() in ("", "{"))
    chat.profile = replace(chat.profile, schema_member=None)
    if not answered:  # raises an error that concerns every request
        await chat.complete(PROMPT, TRIAL_SAMPLING)
    return FILLED_WITH_WHITE_SPACE if filled else NO_SCHEMA_SUPPORT


def _schema(nonce: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"probe": {"type": "string", "const": nonce}},
        "required": ["probe"],
        "additionalProperties": False,
    }


async def try_schema(chat: ChatCompletions, constraint: Constraint) -> None:
    """Raise `InvalidSchema` where the server refuses the schema, or silently ignores it."""
    if constraint.schema is False:
        raise refused_schema("the schema false allows no value")
    try:
        text, finish = await chat.complete(PROMPT, TRIAL_SAMPLING, constraint.schema)
    except RequestRefused as refused:
        raise refused_schema(f"the server refuses it: {refused.message}") from refused
    if not is_possible_end(text, finish):
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
