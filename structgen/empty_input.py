"""Refuse a request that gives no text to answer to."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any


def no_text(prompt: Any, document: Any, messages: Any) -> str | None:
    """Say what is wrong where nothing is given to answer to: an object would be invented.

    `messages` are `Message` values or mappings. A system turn is an instruction and no text to extract from.
    """
    turns = [_turn(message) for message in messages] if isinstance(messages, list | tuple) else []
    texts = [prompt, document, *(content for role, content in turns if role != "system")]
    if any(_holds_text(text) for text in texts if text is not None):
        return None
    if prompt is None and document is None and not turns:
        return "give at least one of prompt, document and messages"
    if turns and all(role == "system" for role, _ in turns) and not (prompt or document):
        return "a system turn alone has no text to extract from: add a user turn, a prompt or a document"
    return "the text is empty: there is nothing to extract from"


_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
"""Unicode's categories of control and format characters, and of white space."""


def _turn(message: Any) -> tuple[Any, Any]:
    """Return role and content of a turn; content that is never empty for what is no turn at all."""
    if isinstance(message, Mapping):
        return message.get("role"), message.get("content", message)
    return getattr(message, "role", None), getattr(message, "content", message)


def _holds_text(text: Any) -> bool:
    """Return whether there is anything to see; what is no text is left to other checks."""
    if not isinstance(text, str):
        return True
    return any(unicodedata.category(character) not in _UNSEEN for character in text.strip())
