"""Encode the segments of a prompt for a Hugging Face tokenizer: no text becomes a special token."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby, pairwise
from typing import Any

from structgen.prompts.base import Segment


def encode_segments(tokenizer: Any, segments: Sequence[Segment]) -> list[int]:
    """Return the token ids of a prompt.

    A text is encoded with `split_special_tokens`, and in pieces where it holds words that the checkpoint
    added without calling them special (`<think>`, often): it stays as it is and never becomes one of these.
    """
    added = _added_words(tokenizer, special=False)
    ids: list[int] = []
    for segment in join_inline(segments, _added_words(tokenizer, special=True)):
        for text in [segment.text] if segment.markup else _split_added_words(segment.text, added):
            ids += tokenizer.encode(text, add_special_tokens=False, split_special_tokens=not segment.markup)
    return ids


def join_inline(segments: Sequence[Segment], tokens: re.Pattern[str] | None) -> list[Segment]:
    """Join each inline text with the markup beside it, up to the next line or one of the `tokens`.

    Markup between two inline texts is joined as a whole where it has no token.
    """
    pieces: list[Segment] = []
    for index, segment in enumerate(segments):
        before = index > 0 and segments[index - 1].inline
        after = index + 1 < len(segments) and segments[index + 1].inline
        if segment.markup and (before or after):
            pieces += _parts(segment.text, before, after, tokens)
        else:
            pieces.append(segment)
    return [
        joined
        for inline, group in groupby(pieces, lambda piece: piece.inline)
        for joined in ([Segment("".join(s.text for s in group), False)] if inline else group)
    ]


def _parts(text: str, before: bool, after: bool, tokens: re.Pattern[str] | None) -> Iterable[Segment]:
    """Cut markup into what is joined to the inline text before it, what stays, and what is joined behind."""
    breaks = [match.span() for match in tokens.finditer(text)] if tokens is not None else []
    if not (before and after and not breaks):
        breaks += [match.span() for match in re.finditer("\n", text)]
    if not breaks:
        return [Segment(text, False, inline=True)]
    first = min(start for start, _ in breaks) if before else 0
    last = max(end for _, end in breaks) if after else len(text)
    parts = (
        Segment(text[:first], False, True),
        Segment(text[first:last], True),
        Segment(text[last:], False, True),
    )
    return [part for part in parts if part.text]


@lru_cache(maxsize=8)
def _added_words(tokenizer: Any, *, special: bool) -> re.Pattern[str] | None:
    """Return a pattern of the added words but for white space, with or without those that are `special`."""
    known = getattr(tokenizer, "added_tokens_decoder", {}).values()
    words = {t.content for t in known if (special or not t.special) and len(t.content.strip()) > 1}
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True)))) if words else None


def _split_added_words(text: str, added: re.Pattern[str] | None) -> list[str]:
    """Cut the text after the first character of each added word."""
    cuts, at = [0], 0
    while added is not None and (match := added.search(text, at)):
        at = match.start() + 1
        cuts.append(at)
    return [text[a:b] for a, b in pairwise([*cuts, len(text)]) if a < b]
