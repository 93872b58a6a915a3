"""Encode conversations; a checkpoint's own chat template takes precedence over our formats."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from structgen.errors import BadRequest, PromptTooLong
from structgen.prompts import template_rendering, text_length
from structgen.prompts.base import PromptFormat, Segment
from structgen.prompts.segment_encoding import encode_segments
from structgen.prompts.selection import format_for
from structgen.prompts.server_messages import escape_special_tokens as escape_special_tokens
from structgen.types import Conversation


class PromptEncoder:
    """Encode prompts to token ids, from any thread: a lock guards the tokenizer's global switches.

    A text that cannot fit the context is refused by its length, or as soon as the count of its tokens
    exceeds the context: the context bounds the cost of a prompt. `alphabet` holds the characters that the
    model was trained to read; without it, the vocabulary decides. `prompt_format` serves a checkpoint without
    a chat template; None chooses it by the model's name.
    """

    def __init__(
        self,
        tokenizer: Any,
        context: int | None,
        alphabet: frozenset[str] | None = None,
        prompt_format: PromptFormat | None = None,
    ) -> None:
        self.context, self.prompt_format = context, prompt_format
        self._tokenizer, self._lock = tokenizer, threading.Lock()
        longest = None if context is None else text_length.characters_per_token(tokenizer)
        self.characters = None if context is None or longest is None else context * longest
        """Characters above which no text fits, None where the vocabulary sets no bound."""
        self._unknown = getattr(tokenizer, "unk_token_id", None)
        self._readable: dict[str, bool] = {}
        """Cache of `_reads` by character."""
        self._alphabet = alphabet

    def unreadable_characters(self, prompt: Conversation) -> str:
        """Return the characters of a conversation that the model cannot read, each once, in their order."""
        if self._unknown is None and self._alphabet is None:
            return ""
        characters = dict.fromkeys("".join(prompt.texts()))
        with self._lock:
            return "".join(character for character in characters if not self._reads(character))

    def _reads(self, character: str) -> bool:
        if self._alphabet is not None:
            return character in self._alphabet
        if character not in self._readable:
            ids = self._tokenizer.encode(character, add_special_tokens=False, split_special_tokens=True)
            self._readable[character] = self._unknown not in ids
        return self._readable[character]

    def count(self, prompt: Conversation, ended: threading.Event | None = None) -> int:
        """Count the tokens of a conversation; return a lower bound where it does not fit the context."""
        try:
            return len(self.encode(prompt, ended))
        except PromptTooLong as error:
            return error.tokens

    def encode(self, prompt: Conversation, ended: threading.Event | None = None) -> list[int]:
        """Return the token ids of a conversation.

        Raises `PromptTooLong` where the context has no room for another token, `BadRequest` for a prompt
        without a token, and `InterruptedError` soon after `ended` is set.
        """
        if not prompt.messages:
            raise BadRequest("the prompt is empty: give at least one message")
        self.check_length(prompt.characters)
        ids = self._encode(prompt, ended or threading.Event())
        if self.context is not None and len(ids) >= self.context:
            raise too_long(f"{len(ids)} tokens", len(ids), self.context)
        return ids

    def count_text(self, text: str) -> int:
        """Count the tokens of a text that the model wrote."""
        with self._lock:
            return len(self._tokenizer.encode(text, add_special_tokens=False))

    def check_length(self, characters: int) -> None:
        """Raise `PromptTooLong` for a text of so many characters where none of that length fits."""
        if self.context is not None and self.characters is not None and characters > self.characters:
            raise too_many_characters(characters, self.characters, self.context)

    def _encode(self, prompt: Conversation, ended: threading.Event) -> list[int]:
        contents = prompt.texts()
        with self._lock:
            if self.context is not None and sum(map(len, contents)) > text_length.MAX_UNCOUNTED:
                tokens = text_length.count_beyond(self._tokenizer, contents, self.context, ended)
                if tokens is not None:
                    raise too_long(f"more than {tokens} tokens", tokens, self.context)
            if ended.is_set():
                raise InterruptedError
            return encode(self._tokenizer, prompt, self.prompt_format)


def too_many_characters(characters: int, most: int, context: int) -> PromptTooLong:
    """Return the error for a text of more than `most` characters."""
    least = -(-characters * context // most)
    return too_long(f"{characters} characters, which are {least} tokens or more", least, context)


def too_long(has: str, tokens: int, context: int) -> PromptTooLong:
    """Return the error for a prompt that does not fit the context."""
    detail = (
        f"the prompt has {has}, the context holds {context - 1}: shorten the document, or give the engine "
        "a larger `context` (--context) where the model has one"
    )
    return PromptTooLong(detail, tokens, context - 1)


def encode(
    tokenizer: Any, conversation: Conversation, prompt_format: PromptFormat | None = None
) -> list[int]:
    """Return the token ids of a conversation for a Hugging Face tokenizer.

    The checkpoint's own template renders it where there is one, else the given format, or the one for the
    checkpoint's name.
    """
    prompt_format = prompt_format or format_for(str(getattr(tokenizer, "name_or_path", "")))
    try:
        if getattr(tokenizer, "chat_template", None):
            return encode_segments(tokenizer, _by_template(tokenizer, conversation, prompt_format))
        segments = prompt_format.render(conversation)
        return _begin(tokenizer, segments[0]) + encode_segments(tokenizer, segments)
    except RecursionError as error:
        detail = "the arguments of a call, or the schema of a tool, are nested too deeply for a prompt"
        raise BadRequest(detail) from error


def _by_template(
    tokenizer: Any, conversation: Conversation, prompt_format: PromptFormat
) -> tuple[Segment, ...]:
    def apply(turns: list[dict[str, Any]], variables: Mapping[str, Any]) -> str:
        return str(
            tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True, **variables)
        )

    source = tokenizer.chat_template
    if isinstance(source, dict):  # several templates by name: the tokenizer chooses by the presence of tools
        source = tokenizer.get_chat_template(tools=[{}] if conversation.tools else None)
    return template_rendering.render(conversation, str(source), apply, prompt_format.THINKING)


def _begin(tokenizer: Any, first: Segment) -> list[int]:
    """Return the token that begins every text of this tokenizer, unless the format writes it."""
    token, begin = getattr(tokenizer, "bos_token_id", None), getattr(tokenizer, "bos_token", None)
    if token is None or (first.markup and first.text.startswith(str(begin))):
        return []
    return [token] if list(tokenizer.encode(""))[:1] == [token] else []
