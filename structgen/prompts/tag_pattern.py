"""Find tags in streamed text: whole ones, and the beginning of one at the end of what has arrived."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from structgen.prompts.reply_events import ReplyTags


class TagPattern:
    """Finds any of some tags, of which none holds another one."""

    def __init__(self, *tags: str) -> None:
        self._any = re.compile("|".join(map(re.escape, tags)) or r"(?!)")
        self._partial = frozenset(tag[:size] for tag in tags for size in range(1, len(tag)))
        self._longest = max(map(len, tags), default=1)

    def search(self, text: str, at: int) -> re.Match[str] | None:
        """Find the first whole tag from index `at` on."""
        return self._any.search(text, at)

    def match(self, text: str, at: int) -> str | None:
        """Return the tag that stands at index `at`."""
        match = self._any.match(text, at)
        return match and match[0]

    def begins(self, text: str, at: int) -> bool:
        """Return whether all text from index `at` on may be the beginning of a tag."""
        return len(text) - at < self._longest and text[at:] in self._partial

    def start_of_partial(self, text: str, at: int) -> int:
        """Return where the text, from index `at` on, ends in what may be the beginning of a tag."""
        starts = range(max(at, len(text) - self._longest + 1), len(text))
        return next((start for start in starts if text[start:] in self._partial), len(text))


@dataclass(frozen=True, slots=True)
class ReplyPatterns:
    """The tags that count, by the place in a reply."""

    before_content: TagPattern
    in_content: TagPattern
    in_thought: TagPattern
    in_call: TagPattern
    """In a broken call."""
    in_thought_call: TagPattern
    """In a broken call inside of a thought."""
    longest_space: int
    """White space that is held back: with the beginning of a tag, as much as the longest tag."""


@lru_cache(maxsize=16)
def reply_patterns(tags: ReplyTags, calls: bool) -> ReplyPatterns:
    """Return the patterns of these tags; without `calls`, no tag opens a call."""
    call_open = (tags.call_open,) if calls else ()
    call_ends = (tags.call_close, tags.call_open, tags.response_open)
    longest_opening = max(map(len, (tags.think_open, tags.think_close, tags.call_open)))
    return ReplyPatterns(
        before_content=TagPattern(tags.think_open, *call_open),
        in_content=TagPattern(*call_open),
        in_thought=TagPattern(tags.think_close, *call_open),
        in_call=TagPattern(*call_ends),
        in_thought_call=TagPattern(tags.think_close, *call_ends),
        longest_space=max(map(len, tags.all)) - longest_opening + 1,
    )
