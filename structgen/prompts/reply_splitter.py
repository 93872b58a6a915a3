"""Split a model's reply into thoughts, tool calls and content while it streams.

The splitter reads decoded text and does no I/O:

    splitter = ReplySplitter()
    for text in stream:
        for event in splitter.feed(text):
            ...  # ReasoningText, ContentText or CallText
    for event in splitter.end():
        ...

Which text is what:

- A thought begins with `<think>` at the start of the reply, or after a thought or a call, white space aside;
  elsewhere `<think>` is text. `</think>` ends it. A call inside of a thought does not end the thought.
- A call begins with `<tool_call>`, in content and in thoughts, and ends with `</tool_call>`. A tag in a
  string of its JSON is text. Where its JSON breaks, the next tag ends it; the search begins at the string in
  or right behind which the fault is. The rest is read anew, so that a malformed call takes no other with it.
  Where the JSON is whole and no `</tool_call>` follows, the call ends with its JSON.
- `<tool_call>` with neither JSON behind it nor a `</tool_call>` before the next tag is text.
- A tag in a string of content that is JSON is text: content that begins with `{` or `[`.
- `<tool_response>` is for the caller to write. It ends a call whose JSON is broken or whole; the tag and what
  follows are text.
- White space between two tags, and at the beginning of the answer, is no text. Between two pieces of text,
  with a call between them, it stays. A reply without tags stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from structgen.prompts.json_scanner import JsonScanner, end_of_space
from structgen.prompts.open_call import OpenCall
from structgen.prompts.reply_events import (
    HERMES,
    CallText,
    ContentText,
    ReasoningText,
    Reply,
    ReplyEvent,
    ReplyTags,
)
from structgen.prompts.tag_pattern import reply_patterns

__all__ = [
    "HERMES",
    "CallText",
    "ContentText",
    "ReasoningText",
    "Reply",
    "ReplyEvent",
    "ReplySplitter",
    "ReplyTags",
    "split_reply",
]


class ReplySplitter:
    """Splits one reply, in time linear in its length; any pieces give the events of the whole, texts joined.

    Text is held back only as long as it may be the beginning of a tag, with white space before it: no more
    than the longest tag. A call comes as one event when it ends. `reasoning_open`: the reply begins inside of
    a thought. `calls=False`: `<tool_call>` is text, as for a request without tools.
    """

    def __init__(self, tags: ReplyTags = HERMES, *, reasoning_open: bool = False, calls: bool = True) -> None:
        self._tags, self._patterns = tags, reply_patterns(tags, calls)
        self._thinking = self._tagged = reasoning_open
        self._fresh = not reasoning_open
        """Whether nothing but white space was read since the start, or the last tag."""
        self._space = self._held = ""
        self._before_call = (self._fresh, self._space, self._tagged)
        self._json: JsonScanner | None = None
        self._call: OpenCall | None = None
        self._written: set[type[ReplyEvent]] = set()
        self._events: list[ReplyEvent] = []

    def feed(self, text: str) -> list[ReplyEvent]:
        """Read the next piece of the reply, and return what is certain now."""
        self._read(self._held + text)
        return self._take_events()

    def end(self) -> list[ReplyEvent]:
        """Return what was held back; the reply ends here."""
        while self._call is not None:
            if self._call.doubt(self._tags.call_close):
                self._read(self._held)
            else:
                self._cut_call(self._call)
        self._release()
        if not self._tagged:
            self._emit(self._space)
        self._space = ""
        return self._take_events()

    def _release(self) -> None:
        """Take what was held back as the text that it was."""
        if self._held:
            self._begin_text()
            self._emit(self._held)
            self._held = ""

    def _take_events(self) -> list[ReplyEvent]:
        events, self._events = list(_joined(self._events)), []
        return events

    def _read(self, text: str) -> None:
        self._held, at = "", 0
        while at < len(text) or (self._call is not None and self._call.awaits_search):
            if self._call is not None:
                text, at = self._read_call(self._call, text, at)
            elif self._fresh:
                at = self._read_space(text, at)
            elif self._json is not None:
                at = self._read_json(self._json, text, at)
            else:
                at = self._read_text(text, at)

    def _read_space(self, text: str, at: int) -> int:
        """Read white space up to a tag or the first character of a text."""
        end = end_of_space(text, at)
        self._space += text[at:end]
        excess = len(self._space) - self._patterns.longest_space
        if excess > 0:
            if self._keeps_space:
                self._emit(self._space[:excess])
            self._space = self._space[excess:]
        if end == len(text):
            return end
        pattern = self._patterns.in_thought if self._thinking else self._patterns.before_content
        if tag := pattern.match(text, end):
            return self._pass_tag(tag, end)
        if pattern.begins(text, end):
            self._held = text[end:]
            return len(text)
        self._begin_text()
        if not self._thinking and text[end] in "{[":
            self._json = JsonScanner()
        return end

    @property
    def _keeps_space(self) -> bool:
        """Whether white space before a text belongs to it."""
        return not self._tagged or self._kind in self._written

    def _begin_text(self) -> None:
        if self._keeps_space:
            self._emit(self._space)
        self._space, self._fresh = "", False

    def _read_json(self, scanner: JsonScanner, text: str, at: int) -> int:
        """Read content that is JSON, one value or several with white space between them."""
        end = scanner.scan(text, at)
        self._emit(text[at:end])
        if scanner.complete:
            at, end = end, end_of_space(text, end)
            self._emit(text[at:end])
            if end < len(text):
                self._json = JsonScanner() if text[end] in "{[" else None
        elif scanner.broken:
            self._json = None
        return end

    def _read_text(self, text: str, at: int) -> int:
        pattern = self._patterns.in_thought if self._thinking else self._patterns.in_content
        match = pattern.search(text, at)
        if match is None:
            end = pattern.start_of_partial(text, at)
            self._held = text[end:]
            self._emit(text[at:end])
            return len(text)
        self._emit(text[at : match.start()])
        return self._pass_tag(match[0], match.start())

    def _pass_tag(self, tag: str, at: int) -> int:
        """Pass a tag of a thought or an opening one; return the index behind it."""
        if tag == self._tags.call_open:
            self._call = OpenCall()
            self._before_call = (self._fresh, self._space, self._tagged)
        else:
            self._thinking = tag == self._tags.think_open
            self._fresh = not self._thinking
        self._space, self._json, self._tagged = "", None, True
        return at + len(tag)

    def _read_call(self, call: OpenCall, text: str, at: int) -> tuple[str, int]:
        """Read on in a call; return the text and the index from which to go on."""
        text, at, start = call.read(text, at)
        if start is None:
            return text, at
        pattern = self._patterns.in_thought_call if self._thinking else self._patterns.in_call
        match = pattern.search(text, start)
        if match is None:
            end = pattern.start_of_partial(text, start)
            self._held = text[end:]
            call.keep(text[at:end])
            return text, len(text)
        call.keep(text[at : match.start()])
        closes = match[0] == self._tags.call_close
        self._end_call(call, closes=closes, cut=False)
        return text, match.end() if closes else match.start()

    def _cut_call(self, call: OpenCall) -> None:
        call.keep(self._held)
        self._held = ""
        self._end_call(call, closes=False, cut=True)

    def _end_call(self, call: OpenCall, *, closes: bool, cut: bool) -> None:
        """End the call at its own tag, at another one (neither `closes` nor `cut`), or at the end (`cut`)."""
        self._call = None
        if not (closes or call.is_json or (cut and not call.text.strip())):
            self._fresh, self._space, self._tagged = self._before_call
            self._begin_text()
            self._emit(self._tags.call_open + call.text)
            return
        following = "" if closes else call.take_following(self._tags.call_close)
        self._events.append(CallText(call.text, closed=not cut or bool(following)))
        self._fresh, self._space = True, ""
        if following:
            self._read(following)
            if not cut:
                self._release()

    @property
    def _kind(self) -> type[ReasoningText] | type[ContentText]:
        return ReasoningText if self._thinking else ContentText

    def _emit(self, text: str) -> None:
        if text:
            self._written.add(self._kind)
            self._events.append(self._kind(text))


def split_reply(text: str, tags: ReplyTags = HERMES, *, reasoning_open: bool = False) -> Reply:
    """Split a whole reply into its thoughts, its answer and its calls."""
    splitter = ReplySplitter(tags, reasoning_open=reasoning_open)
    events = [*splitter.feed(text), *splitter.end()]
    reasoning = "".join(event.text for event in events if isinstance(event, ReasoningText))
    content = "".join(event.text for event in events if isinstance(event, ContentText))
    return Reply(reasoning, content, tuple(event for event in events if isinstance(event, CallText)))


def _joined(events: Iterable[ReplyEvent]) -> Iterator[ReplyEvent]:
    """Join neighbouring texts of one kind."""
    for kind, group in groupby(events, type):
        if kind is CallText:
            yield from group
        else:
            text = "".join(event.text for event in group)
            yield ReasoningText(text) if kind is ReasoningText else ContentText(text)
