"""Read a thought from a streamed reply, whether the server separates it or the model writes tags."""

from __future__ import annotations

from structgen.prompts.tag_pattern import TagPattern

OPEN, CLOSE = "<think>", "</think>"
_CLOSING = TagPattern(CLOSE)


class ThoughtReader:
    """Reads the reply to a request for a thought.

    The thought is what the server sends as reasoning, or the text up to `</think>`. A model that writes no
    tags thinks in plain text: all of it is the thought.
    """

    def __init__(self) -> None:
        self.thought = ""
        self.ended = False
        """Whether the thought is over, and what follows is an answer."""
        self._separated = self._begun = False
        self._held = ""

    def feed(self, reasoning: str, text: str) -> str:
        """Take the next piece; return what it adds to the thought."""
        if self.ended:
            return ""
        added = ""
        if reasoning:
            self._separated, added = True, reasoning
        if self._separated:
            self.ended = bool(text.strip())
        else:
            added = self._read(text)
        self.thought += added
        return added

    def end(self) -> str:
        """Return what was held back as the possible beginning of a tag; the reply ends here."""
        added, self._held = ("" if self.ended else self._held), ""
        self.thought += added
        return added

    def _read(self, text: str) -> str:
        held = self._held + text
        if not self._begun:
            held = held.lstrip()
            if OPEN.startswith(held):
                self._held = held
                return ""
            self._begun, held = True, held.removeprefix(OPEN)
        if not self.thought:
            held = held.lstrip()
        thought, close, _ = held.partition(CLOSE)
        if close:
            self._held, self.ended = "", True
            return thought
        start = _CLOSING.start_of_partial(held, 0)
        self._held = held[start:]
        return held[:start]
