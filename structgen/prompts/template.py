"""Conversations rendered by the chat template that a checkpoint brings, which wins over our formats."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from structgen.errors import BadRequest, PromptTooLong
from structgen.prompts import hermes4
from structgen.prompts.base import Segment
from structgen.types import Message

_MARK = re.compile("\ue000(\\d+)\ue001")
_SPECIAL = re.compile(
    r"<(?=[|｜][^<>\s]{1,40}[|｜]>|/?(?:think|tool_call|tool_response)>|(?:start|end)_of_turn>)|\[(?=/?INST\])"
)


def render(messages: Sequence[Message], apply: Callable[[list[dict[str, str]]], str]) -> tuple[Segment, ...]:
    """Segments of the text that `apply` (the template) makes of the conversation.

    The template sees a mark in place of each text, so that it can neither change the text nor let it
    pass for markup. `BadRequest` where it refuses the conversation, or leaves a turn out.
    """
    pieces = _MARK.split(_applied(messages, apply))
    if sorted(map(int, pieces[1::2])) != list(range(len(messages))):
        raise BadRequest("the model's chat template does not write each turn of the conversation once")
    markup = [Segment(text, True) for text in pieces[::2]]
    texts = [Segment(messages[int(index)].content, False) for index in pieces[1::2]]
    segments = [segment for pair in zip(markup, texts, strict=False) for segment in pair]
    return (*segments, *markup[len(texts) :])


def _applied(messages: Sequence[Message], apply: Callable[[list[dict[str, str]]], str]) -> str:
    """What the template writes. Hermes 4's published one fails on an earlier answer without thoughts: then
    such answers get what it writes in place of thoughts."""
    marked = [{"role": m.role, "content": f"\ue000{i}\ue001"} for i, m in enumerate(messages)]
    try:
        return apply(marked)
    except Exception as first:
        for turn in marked:
            if turn["role"] == "assistant":
                turn["content"] = hermes4.THOUGHTLESS + turn["content"]
        try:
            return apply(marked)
        except Exception:
            reason = f"the model's chat template refuses the conversation: {first}"
            raise BadRequest(reason[:500]) from first


def turn(message: Message) -> dict[str, str]:
    """A turn for a server that makes the prompt itself. As in Hermes 4's format, results of tools are
    the user's."""
    role = "user" if message.role == "tool" else message.role
    return {"role": role, "content": neutral(message.content)}


def neutral(text: str) -> str:
    """The text with an invisible space in what a server's tokenizer could take for a special token: those
    of Llama 3, ChatML and Hermes, and the turns of Gemma and Mistral; `<s>` stays, as it is HTML too."""
    return _SPECIAL.sub("\\g<0>\u200b", text)


class Encoder:
    """Prompts to token ids, from any thread: the tokenizer's switch for special tokens is one for all."""

    def __init__(self, tokenizer: Any, context: int) -> None:
        self.context = context
        self._tokenizer, self._lock = tokenizer, threading.Lock()

    def count(self, messages: Sequence[Message]) -> int:
        """Tokens of the conversation, whether it fits or not."""
        with self._lock:
            return len(encode(self._tokenizer, messages))

    def encode(self, prompt: Sequence[Message | int]) -> list[int]:
        """Token ids of a conversation, or those given. `PromptTooLong` where no token more would fit,
        `BadRequest` for a prompt of no token: there is nothing that an answer could follow."""
        texts = [part for part in prompt if isinstance(part, Message)]
        ids = [part for part in prompt if isinstance(part, int)]
        if texts:
            with self._lock:
                ids = encode(self._tokenizer, texts)
        if not ids:
            raise BadRequest("the prompt is empty: give at least one message, or one token id")
        if len(ids) >= self.context:
            detail = (
                f"the prompt has {len(ids)} tokens, the context holds {self.context - 1}: shorten the "
                "document, or give the engine a larger `context` (--context) where the model has one"
            )
            raise PromptTooLong(detail, len(ids), self.context - 1)
        return ids


def encode(tokenizer: Any, messages: Sequence[Message]) -> list[int]:
    """Token ids of the conversation for a Hugging Face tokenizer.

    The checkpoint's own template where there is one, Hermes 4's otherwise. The caller's text is encoded
    with `split_special_tokens`, and in pieces where it holds what the checkpoint adds to its vocabulary
    without calling it special (`<think>`, often): it stays as it is and never becomes one of these tokens.
    """
    if getattr(tokenizer, "chat_template", None):

        def apply(turns: list[dict[str, str]]) -> str:
            text = tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True)
            return str(text)

        segments = render(messages, apply)
    else:
        segments = hermes4.render(messages)
    added = _added(tokenizer)
    ids: list[int] = []
    for segment in segments:
        for text in [segment.text] if segment.markup else _apart(segment.text, added):
            ids += tokenizer.encode(text, add_special_tokens=False, split_special_tokens=not segment.markup)
    return ids


@lru_cache(maxsize=4)
def _added(tokenizer: Any) -> re.Pattern[str] | None:
    """What the checkpoint added to its vocabulary and does not call special, but for white space."""
    known = getattr(tokenizer, "added_tokens_decoder", {}).values()
    words = sorted({t.content for t in known if not t.special and len(t.content.strip()) > 1}, key=len)
    return re.compile("|".join(map(re.escape, reversed(words)))) if words else None


def _apart(text: str, added: re.Pattern[str] | None) -> list[str]:
    """The text cut after the first character of each such word."""
    cuts, at = [0], 0
    while added is not None and (found := added.search(text, at)):
        at = found.start() + 1
        cuts.append(at)
    return [text[a:b] for a, b in pairwise([*cuts, len(text)]) if a < b]
