"""What is found out by asking: the model, whether the server follows a schema, and whether this one."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from structgen.engines.base import Constraint
from structgen.engines.remote.chat_completions import Chat
from structgen.engines.remote.errors import KeyRefused, Refused
from structgen.engines.remote.request_body import WAYS, Dialect
from structgen.errors import ConfigError, EngineFailed, EngineUnavailable, InvalidSchema
from structgen.suggestions import did_you_mean
from structgen.types import FinishReason, Message, Sampling, Violation, count

TURNS = (Message("user", "Say hello in one word. No JSON."),)
ENOUGH = Sampling(max_tokens=1024)
"""For the probe's answer, and some thoughts before it."""
SOME = Sampling(max_tokens=8)
"""Tokens that tell whether a grammar was built of a schema."""
FOLLOWED = "the server follows schemas in `{}`"
FREE = "the server follows no schema: answers are free, and validated"
RAN_AWAY = (
    FREE + " (it fills the budget with white space; for vLLM: --structured-outputs-config "
    '\'{"backend": "guidance", "disable_any_whitespace": true}\')'
)


def chosen(models: Sequence[Mapping[str, Any]], wanted: str, hint: str = "") -> tuple[str, Dialect]:
    """The model to ask for, and what the list tells of its server. No list, no check.

    `hint` says what else may be wrong where there is no list.
    """
    names = [model["id"] for model in models]
    if not wanted and len(names) != 1:
        raise ConfigError(f"give the model's name with --model: {_choice(names)}{'' if names else hint}")
    name = wanted or names[0]
    if names and name not in names:
        raise ConfigError(
            f"--model: the server has no model {name!r}{did_you_mean(name, names)} ({_choice(names)})"
        )
    entry: Mapping[str, Any] = next((model for model in models if model["id"] == name), {})
    owner, context = entry.get("owned_by"), entry.get("max_model_len") or entry.get("context_length")
    return name, Dialect(
        guided=owner == "vllm",
        open_top_k=owner in ("vllm", "sglang"),
        context=count(context) or None,
    )


def _choice(names: Sequence[str]) -> str:
    shown = ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
    return f"it serves {shown}" if names else "it serves no list of models"


async def grammar(chat: Chat) -> str:
    """Sets the way in which the server follows a schema, and tells the verdict.

    The schema's one value is a nonce, against what the prompt asks for: only a grammar yields it.
    """
    nonce = f"k{secrets.token_hex(8)}"
    answered, ran_away = False, False
    for way in WAYS:
        chat.dialect = replace(chat.dialect, way=way)
        try:
            text, finish = await chat.text(TURNS, ENOUGH, _schema(nonce))
        except KeyRefused:
            raise
        except (Refused, EngineFailed, EngineUnavailable):
            continue
        answered = True
        if "".join(text.split()) == f'{{"probe":"{nonce}"}}' and finish == "stop":
            return FOLLOWED.format(way)
        ran_away = ran_away or (finish == "length" and text.strip() in ("", "{"))
    chat.dialect = replace(chat.dialect, way=None)
    if not answered:  # so that what is wrong with any request is told here
        await chat.text(TURNS, SOME)
    return RAN_AWAY if ran_away else FREE


def _schema(nonce: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"probe": {"type": "string", "const": nonce}},
        "required": ["probe"],
        "additionalProperties": False,
    }


async def trial(chat: Chat, constraint: Constraint) -> None:
    """`InvalidSchema` where the server refuses the schema, or lets it go in silence."""
    if constraint.schema is False:
        raise refused_schema("the schema false allows no value")
    try:
        text, finish = await chat.text(TURNS, SOME, constraint.schema)
    except Refused as refused:
        raise refused_schema(f"the server refuses it: {refused.message}") from refused
    if not whole(text, finish):
        raise refused_schema("the server's answer ended and is no JSON")


def whole(text: str, finish: FinishReason) -> bool:
    """False for an answer that ended by itself and is no JSON: no grammar lets that happen."""
    if finish == "length":
        return True
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def refused_schema(reason: str) -> InvalidSchema:
    message = f"no grammar can be built: {reason}"
    return InvalidSchema(message, [Violation("", "grammar", message)])
