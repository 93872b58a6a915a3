"""Detect requests without text to extract from."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any


def missing_text_reason(prompt: Any, document: Any, messages: Any) -> str | None:
    """Return why a request has no text to extract from, None if it has some.

    Without text the model would invent an object. `messages` are `Message` values or mappings. System
    messages are instructions and do not count as text.
    """
    turns = [_turn(message) for message in messages] if isinstance(messages, list | tuple) else []
    texts = [prompt, document, *(content for role, content in turns if role != "system")]
    if any(_holds_text(text) for text in texts if text is not None):
        return None
    if prompt is None and document is None and not turns:
        return "give at least one of document, file, prompt and messages"
    if turns and all(role == "system" for role, _ in turns) and not (prompt or document):
        return "a system message has no text to extract from: add a user turn, a prompt or a document"
    return "the text is empty: there is nothing to extract from"


_INVISIBLE = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
"""Unicode categories of control and format characters, and of white space."""


def _turn(message: Any) -> tuple[Any, Any]:
    """Return role and content of a message; a value of another type counts as content."""
    if isinstance(message, Mapping):
        return message.get("role"), message.get("content", message)
    return getattr(message, "role", None), getattr(message, "content", message)


def _holds_text(text: Any) -> bool:
    """Return whether a text has a visible character. Other checks refuse values that are not text."""
    if not isinstance(text, str):
        return True
    return any(unicodedata.category(character) not in _INVISIBLE for character in text.strip())
