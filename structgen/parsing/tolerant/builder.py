"""Build the value of a reading from its events, with the fixes and their places.

An event is a tuple of its kind and:
`PUT_VALUE` value · `PUT_KEY` key, start · `PUT_MEMBER` key, value · `OPEN` is_object, is_call, start ·
`CLOSE` end, own (by its own bracket) · `FIX` kind, start, end, text · `DROP` start, end, is_loss ·
`WRAP` (the last member becomes the first item of a list, which opens) · `CUT` start (the text ends: close
all) · `MARK_CUT` (the value to come was cut) · `PUT_STRING` raw string, is_added (to the string before) ·
`POP` (take back the last value) · `TURN` (a list without items is an object).
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from structgen.parsing.tolerant import readings as r
from structgen.parsing.tolerant.calls import call_value
from structgen.parsing.tolerant.open_container import OpenContainer
from structgen.parsing.tolerant.parse_result import (
    Alternative,
    ContainerSpan,
    Dropped,
    Fix,
    ParseError,
    ParseResult,
    ReplacedMember,
)
from structgen.parsing.tolerant.raw_string import RawString
from structgen.parsing.tolerant.readings import CLOSE, FIX, OPEN, PUT_KEY, PUT_MEMBER, PUT_STRING, PUT_VALUE
from structgen.schema.traversal import pointer

_NO_VALUE = object()
_new = tuple.__new__
"""Makes a named tuple in a third of the time that its class takes."""
_MAX_SPARE, _MAX_NAMES = 8, 100
"""Brackets that are noted as spare, and members before one that are looked at."""
_ESCAPES_COST = 0.5
"""Cost of another reading of the escapes of a string."""


class Builder:
    """Builds the value of one reading. `trusted`: the text is JSON, except that it may be cut."""

    __slots__ = (
        "_dropped", "_fixes", "_open", "_replaced", "_spans", "_text", "_trusted", "cut_at", "guessed",
        "other_strings", "root", "spare",
    )  # fmt: skip

    def __init__(self, text: str, *, trusted: bool = False) -> None:
        self._text, self._trusted = text, trusted
        self.guessed: list[tuple[str, dict[str, Any]]] = []
        """Objects whose closing bracket was inserted, with their pointers."""
        self.spare: list[tuple[str, dict[str, Any], str, list[str]]] = []
        """Objects in which a bracket was left out: pointer, object, a member before, the members between."""
        self.other_strings: list[Alternative] = []
        """The values of strings whose escapes can be read in another way."""
        self.root: Any = _NO_VALUE
        self.cut_at: str | None = None
        self._open: list[OpenContainer] = []
        self._fixes: list[Fix] = []
        self._dropped: list[Dropped] = []
        self._replaced: list[ReplacedMember] = []
        self._spans: list[ContainerSpan] = []

    def build(self, chunks: Iterable[tuple[list[r.Event], bool]], start: int, end: int) -> ParseResult:
        """Return the result for lists of events, each with whether its fixes are doubtful."""
        # One loop without calls for what most events do: many texts are short.
        open_, fixes, text = self._open, self._fixes, self._text
        inner: OpenContainer | None = None
        items: list[Any] | None = None
        members: dict[str, Any] | None = None
        for events, doubtful in chunks:
            for event in events:
                kind = event[0]
                if kind == PUT_MEMBER and members is not None and inner is not None:
                    _, key, value = event
                    inner.key = key
                    if key not in members:
                        members[key] = value
                        continue
                elif kind == PUT_KEY and inner is not None:
                    inner.key = event[1]
                    continue
                elif kind == FIX:
                    if event[1] == "bracket" and not event[4]:
                        self._note_spare()
                    is_doubtful = doubtful or (len(event) > 5 and event[5])
                    fixes.append(_new(Fix, (*event[1:5], is_doubtful)))
                    continue
                elif kind == PUT_STRING:
                    _, string, is_added = event
                    first, stop, last, quote, closed, _ = string
                    value = text[first:stop]
                    is_plain = closed and quote == '"' == text[last - 1] and not is_added
                    if not (is_plain and value.isprintable() and '"' not in value and "\\" not in value):
                        self._put_string(string, is_added=is_added, doubtful=doubtful)
                        continue
                elif kind == PUT_VALUE:
                    value = event[1]
                else:
                    if kind == OPEN:
                        open_.append(self._new_container(event))
                    elif kind == CLOSE:
                        if not event[2]:
                            self._note_guess()
                        self._close(event[1], own=event[2])
                    else:
                        self._apply(kind, event)
                    inner = open_[-1] if open_ else None
                    items, members = (None, None) if inner is None else (inner.items, inner.members)
                    continue
                if items is not None:
                    items.append(value)
                elif members is not None and inner is not None and (key := inner.key or "") not in members:
                    members[key] = value
                else:
                    self._put(value)
        if self.root is _NO_VALUE:
            raise ParseError("no value", start)
        return _new(ParseResult, (
            self.root, start, end, tuple(fixes), self.cut_at, tuple(self._replaced), tuple(self._spans),
            tuple(self._dropped), (),
        ))  # fmt: skip

    def _new_container(self, event: r.Event) -> OpenContainer:
        """Put a new container into the innermost one, or begin a call."""
        _, is_object, is_call, at = event
        if is_call:
            return OpenContainer([], at, len(self._fixes))
        container: dict[str, Any] | list[Any] = {} if is_object else []
        self._put(container)
        return OpenContainer(container, at, -1)

    def _apply(self, kind: int, event: r.Event) -> None:
        if kind == r.DROP:
            _, start, end, is_loss = event
            self._dropped.append(Dropped(start, end, self._text[start:end], self._neighbour(), is_loss))
        elif kind == r.WRAP:
            self._wrap(event[1])
        elif kind == r.CUT:
            self._cut(event[1])
        elif kind == r.MARK_CUT:
            self.cut_at = self._pointer()
        elif kind == r.POP:
            self._pop()
        elif kind == r.TURN:
            self._turn()

    def _put_string(self, string: RawString, *, is_added: bool, doubtful: bool) -> None:
        if not string.cut or not self._open:
            string.check(self._text, is_whole=not self._open)
        value, other, fix = string.read(self._text, trusted=self._trusted)
        if fix is not None:
            self._fixes.append(fix._replace(doubtful=True) if doubtful else fix)
        if is_added:
            self._replace_last(self._last() + value)
            return
        if other is not None:
            self.other_strings.append(Alternative(self._pointer(), other, _ESCAPES_COST))
        self._put(value)

    def _put(self, value: Any) -> None:
        if not self._open:
            self.root = value
            return
        inner = self._open[-1]
        if inner.items is not None:
            inner.items.append(value)
            return
        key, members = inner.key or "", inner.members
        assert members is not None
        if key in members:
            self._replaced.append(ReplacedMember(self._pointer(), members[key]))
        members[key] = value

    def _close(self, end: int, *, own: bool) -> None:
        inner = self._open.pop()
        self._spans.append(_new(ContainerSpan, (inner.container, inner.start, end)))
        if inner.call_fixes >= 0:
            self._put(self._call_value(inner, end, own=own))
        elif own and inner.items is None and self._text[end - 1] == ")" and self._text[inner.start] != "{":
            self._fixes.append(Fix("function", end - 1, end, "}"))  # of a call with names

    def _call_value(self, call: OpenContainer, end: int, *, own: bool) -> Any:
        """Return the value of a call, and account for what its text became."""
        if not isinstance(call.container, list) or not (call.container or self._open):
            raise ParseError("a call without a value", call.start)
        text = self._text[call.start : end]
        return call_value(text, call.container, self._fixes, call.call_fixes - 1, is_closed=own)

    def _wrap(self, at: int) -> None:
        inner = self._open[-1]
        members = inner.container
        assert isinstance(members, dict)
        key = inner.key or ""
        items = [members[key]]
        members[key] = items
        self._open.append(OpenContainer(items, at, -1))

    def _cut(self, start: int) -> None:
        if self.cut_at is None:
            self.cut_at = self._pointer()
        brackets = ("}" if inner.items is None else "]" for inner in self._open if inner.call_fixes < 0)
        fix = Fix("cut", start, len(self._text), "".join(brackets)[::-1])
        if len(self._open) == 1 and self._text[max(0, start - 20) : start].rstrip()[-1:] == "}":
            self._note_guess()
        while self._open:
            self._close(start, own=False)
        self._fixes.append(fix)

    def _note_guess(self) -> None:
        """Note an object whose bracket is missing: it may be that of its last member."""
        inner = self._open[-1]
        if isinstance(inner.container, dict) and isinstance(inner.container.get(inner.key or ""), dict):
            self.guessed.append((self._place(), inner.container))

    def _note_spare(self) -> None:
        """Note an object in which a bracket was left out: that of a member before may be the spare one."""
        members = self._open[-1].members if self._open else None
        if members and len(self.spare) < _MAX_SPARE:
            names = list(islice(reversed(members), _MAX_NAMES))[::-1]
            inner = next(
                (i for i in range(len(names) - 2, -1, -1) if isinstance(members[names[i]], dict)), None
            )
            if inner is not None:
                self.spare.append((self._place(), members, names[inner], names[inner + 1 :]))

    def _place(self) -> str:
        """Return the pointer of the innermost container."""
        place: list[str | int] = []
        for outer in self._open[:-1]:
            if isinstance(outer.container, list):
                place.append(len(outer.container) - 1)
            else:
                place.append(outer.key or "")
        return pointer(place)

    def _last(self) -> Any:
        if not self._open:
            return self.root
        inner = self._open[-1]
        container = inner.container
        return container[-1] if isinstance(container, list) else container[inner.key or ""]

    def _replace_last(self, value: Any) -> None:
        if not self._open:
            self.root = value
            return
        inner = self._open[-1]
        if isinstance(inner.container, list):
            inner.container[-1] = value
        else:
            inner.container[inner.key or ""] = value

    def _pop(self) -> None:
        inner = self._open[-1]
        if isinstance(inner.container, list):
            inner.container.pop()
        else:
            del inner.container[inner.key or ""]

    def _turn(self) -> None:
        turned = self._open.pop()
        members: dict[str, Any] = {}
        self._replace_last(members)
        self._open.append(OpenContainer(members, turned.start, turned.call_fixes))

    def _neighbour(self) -> str:
        """Return the pointer of the value before the place, or of the container if there is none."""
        path: list[str | int] = []
        for inner in self._open:
            if inner.call_fixes >= 0:
                break
            if isinstance(inner.container, list):
                if not inner.container:
                    break
                path.append(len(inner.container) - 1)
            elif inner.key is not None and inner.key in inner.container:
                path.append(inner.key)
            else:
                break
        return pointer(path)

    def _pointer(self) -> str:
        """Return the pointer of the value that is to come, or that came last in an object."""
        path = ""
        for inner in self._open:
            if inner.items is not None:
                path += f"/{len(inner.items) - (inner is not self._open[-1])}"
            elif inner.key is not None:
                path += "/" + inner.key.replace("~", "~0").replace("/", "~1")
        return path
