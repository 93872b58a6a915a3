"""Render and encode conversations; a checkpoint's own chat template takes precedence over our formats."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from structgen.errors import BadRequest, PromptTooLong
from structgen.prompts import hermes4, text_length
from structgen.prompts.base import Segment
from structgen.prompts.selection import format_for
from structgen.types import Conversation, Message

_MARK = re.compile("\ue000(\\d+)\ue001")
_SPECIAL = re.compile(
    r"<(?=[|｜][^<>\s]{1,40}[|｜]>|/?(?:think|tool_call|tool_response)>|(?:start|end)_of_turn>)|\[(?=/?INST\])"
)


def render(messages: Sequence[Message], apply: Callable[[list[dict[str, str]]], str]) -> tuple[Segment, ...]:
    """Render a conversation by `apply`, the template, and separate its markup from the texts.

    The template gets a placeholder for each text, so that it can neither change the text nor turn it into
    markup. Raises `BadRequest` where the template refuses the conversation, or leaves a turn out.
    """
    pieces = _MARK.split(_apply(messages, apply))
    if sorted(map(int, pieces[1::2])) != list(range(len(messages))):
        raise BadRequest("the model's chat template does not write each turn of the conversation once")
    markup = [Segment(text, True) for text in pieces[::2]]
    texts = [Segment(messages[int(index)].content, False) for index in pieces[1::2]]
    segments = [segment for pair in zip(markup, texts, strict=False) for segment in pair]
    return (*segments, *markup[len(texts) :])


def _apply(messages: Sequence[Message], apply: Callable[[list[dict[str, str]]], str]) -> str:
    """Apply the template, twice if need be.

    Hermes 4's published template fails on an earlier answer without thoughts: such answers then get its
    placeholder for them.
    """
    marked = [{"role": m.role, "content": f"\ue000{i}\ue001"} for i, m in enumerate(messages)]
    try:
        return apply(marked)
    except Exception as first:
        for turn in marked:
            if turn["role"] == "assistant":
                turn["content"] = hermes4.EMPTY_THOUGHT + turn["content"]
        try:
            return apply(marked)
        except Exception:
            reason = f"the model's chat template refuses the conversation: {first}"
            raise BadRequest(reason[:500]) from first


def chat_message(message: Message) -> dict[str, str]:
    """Return the turn for a server that renders the prompt itself; tool results are turns of the user."""
    role = "user" if message.role == "tool" else message.role
    return {"role": role, "content": escape_special_tokens(message.content)}


def escape_special_tokens(text: str) -> str:
    """Break special tokens in a text by a zero-width space, so that a server's tokenizer reads them as text.

    Covers the tokens of Llama 3, ChatML and Hermes, and the turns of Gemma and Mistral; `<s>` stays, as it is
    HTML too.
    """
    return _SPECIAL.sub("\\g<0>\u200b", text)


class PromptEncoder:
    """Encode prompts to token ids, from any thread: a lock guards the tokenizer's global switches.

    A text that cannot fit the context is refused by its length, or as soon as the count of its tokens
    exceeds the context: the context bounds the cost of a prompt. `alphabet` holds the characters that the
    model was trained to read; without it, the vocabulary decides.
    """

    def __init__(self, tokenizer: Any, context: int | None, alphabet: frozenset[str] | None = None) -> None:
        self.context = context
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
            return encode(self._tokenizer, prompt)


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


def encode(tokenizer: Any, conversation: Conversation) -> list[int]:
    """Return the token ids of a conversation for a Hugging Face tokenizer.

    The checkpoint's own template where there is one, else the format for its name. The caller's text is
    encoded with `split_special_tokens`, and in pieces where it holds words that the checkpoint added
    without calling it special (`<think>`, often): it stays as it is and never becomes one of these tokens.
    """
    if getattr(tokenizer, "chat_template", None):

        def apply(turns: list[dict[str, str]]) -> str:
            text = tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True)
            return str(text)

        segments = render(conversation.messages, apply)
    else:
        segments = format_for(str(getattr(tokenizer, "name_or_path", ""))).render(conversation)
    added = _added(tokenizer)
    ids: list[int] = []
    for segment in segments:
        for text in [segment.text] if segment.markup else _split_added_tokens(segment.text, added):
            ids += tokenizer.encode(text, add_special_tokens=False, split_special_tokens=not segment.markup)
    return ids


@lru_cache(maxsize=4)
def _added(tokenizer: Any) -> re.Pattern[str] | None:
    """Return a pattern of the added words that the checkpoint does not call special, but for white space."""
    known = getattr(tokenizer, "added_tokens_decoder", {}).values()
    words = sorted({t.content for t in known if not t.special and len(t.content.strip()) > 1}, key=len)
    return re.compile("|".join(map(re.escape, reversed(words)))) if words else None


def _split_added_tokens(text: str, added: re.Pattern[str] | None) -> list[str]:
    """Cut the text after the first character of each added word."""
    cuts, at = [0], 0
    while added is not None and (match := added.search(text, at)):
        at = match.start() + 1
        cuts.append(at)
    return [text[a:b] for a, b in pairwise([*cuts, len(text)]) if a < b]
