"""Build the value: the stack of open containers, and what was put into them."""

from __future__ import annotations

from typing import Any

from structgen import json_text
from structgen.parsing.tolerant.context import CLOSING, TOP, Context, context_within
from structgen.parsing.tolerant.parse_result import ContainerSpan, Fix, ReplacedMember
from structgen.parsing.tolerant.scanner import Scanner
from structgen.schema.traversal import pointer

MAX_DEPTH = 500
"""Containers that may be open at once."""
_CONTEXT_DEPTH = 8
"""Innermost containers that a context names."""
NO_VALUE = object()


class Frame:
    """An open container: an object, an array, or the arguments of a call (`opening` is "(")."""

    __slots__ = ("comma", "comma_at", "context", "fix_count", "key", "key_at", "opening", "start", "value")

    def __init__(self, opening: str, value: Any, start: int, context: Context) -> None:
        self.opening, self.value, self.start, self.context = opening, value, start, context
        self.key: str | None = None
        """The key that awaits its value."""
        self.comma = True
        """Whether a comma, or the opening bracket, directly precedes the position."""
        self.comma_at = self.key_at = self.fix_count = -1
        """Positions of the last comma and the last key; for a call, the number of fixes before it."""


class ContainerStack:
    """The containers that are open at the scanner's position, and the value as far as it was read."""

    __slots__ = ("_scanner", "cut_at", "frames", "replaced", "root", "spans")

    def __init__(self, scanner: Scanner) -> None:
        self._scanner = scanner

    def begin(self) -> None:
        """Begin a value, without open containers. Call this first."""
        self.root: Any = NO_VALUE
        self.frames: list[Frame] = []
        self.cut_at: str | None = None
        self.replaced: list[ReplacedMember] = []
        self.spans: list[ContainerSpan] = []

    @property
    def context(self) -> Context:
        """The context of the next value."""
        return self.frames[-1].context if self.frames else TOP

    def has_open(self, opening: str) -> bool:
        """Whether a container with this opening bracket is open."""
        return any(frame.opening == opening for frame in self.frames)

    def put(self, value: Any) -> None:
        """Add a value to the innermost container, or make it the root."""
        if not self.frames:
            self.root = value
            return
        frame = self.frames[-1]
        if frame.opening == "{":
            assert frame.key is not None
            if frame.key in frame.value:
                self.replaced.append(ReplacedMember(self._pointer(), frame.value[frame.key]))
            frame.value[frame.key] = value
        else:
            frame.value.append(value)
        if not isinstance(value, dict | list):
            frame.key, frame.comma = None, False

    def open(self, opening: str, end: int) -> Frame:
        """Open a container at the position, and move to `end`. A call's value is put when it closes."""
        scanner = self._scanner
        if len(self.frames) >= MAX_DEPTH:
            scanner.fail(f"more than {MAX_DEPTH} brackets are open")
        value: Any = {} if opening == "{" else []
        start, scanner.at = scanner.at, end
        if opening != "(":
            self.put(value)
        return self.enter(opening, value, start)

    def enter(self, opening: str, value: Any, start: int) -> Frame:
        """Open a container whose value is already in its place."""
        enclosing = (self.context.enclosing + opening)[-_CONTEXT_DEPTH:]
        frame = Frame(opening, value, start, context_within(enclosing))
        self.frames.append(frame)
        return frame

    def close(self) -> None:
        """Close the innermost container at the position."""
        frame = self.frames.pop()
        self.spans.append(ContainerSpan(frame.value, frame.start, self._scanner.at))
        if frame.opening == "(":
            self.put(self._call_value(frame))
        if self.frames:
            outer = self.frames[-1]
            outer.key, outer.comma = None, False

    def mark_cut(self) -> None:
        """Record that the text was cut within the value that is being read."""
        self.cut_at = self._pointer()

    def close_cut(self) -> None:
        """Close all containers at the end of the text, and drop the member or item that is incomplete."""
        scanner = self._scanner
        if self.cut_at is None:
            self.mark_cut()
        frame = self.frames[-1]
        if frame.key is not None and frame.key_at >= 0:
            scanner.at = frame.key_at
        if frame.comma and frame.value and frame.comma_at >= 0:
            scanner.at = frame.comma_at
        brackets = "".join(CLOSING[open_frame.opening] for open_frame in reversed(self.frames))
        scanner.replace("cut", len(scanner.text), brackets)
        while self.frames:
            self.frames[-1].key = None
            self.close()

    def _call_value(self, frame: Frame) -> Any:
        """Return a call's one argument, or its text for several scalars; for a tuple, the list of items."""
        scanner = self._scanner
        if scanner.text[frame.start] == "(":
            return frame.value
        if not frame.value:
            scanner.fail("a call without a value", frame.start)
        if len(frame.value) == 1:
            return frame.value[0]
        if any(isinstance(value, dict | list) for value in frame.value):
            scanner.fixes.append(Fix("several-values", frame.start, scanner.at))
            return frame.value[0]
        del scanner.fixes[frame.fix_count :]
        text = scanner.text[frame.start : scanner.at]
        scanner.fixes.append(Fix("quotes", frame.start, scanner.at, json_text.dumps(text)))
        return text

    def _pointer(self) -> str:
        path: list[str | int] = []
        for frame in self.frames:
            if frame.opening == "[":
                path.append(len(frame.value) - (frame is not self.frames[-1]))
            elif frame.opening == "{" and frame.key is not None:
                path.append(frame.key)
        return pointer(path)
