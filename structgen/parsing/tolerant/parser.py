"""A tolerant JSON parser: one pass, a stack instead of recursion, an offset for every fix.

It reads what people and models write for JSON: comments, unquoted and badly quoted strings, commas too
many or too few, the wrong bracket, Python's and JavaScript's words, calls around values, a text that was
cut. What was cut is given up as far as it is not complete, but for the beginning of a string.
"""

from __future__ import annotations

import re
from typing import Any

from structgen import json_text
from structgen.parsing.tolerant.lookahead import EQUALS_KEY, KEY
from structgen.parsing.tolerant.parse_result import Fix, Reading, Unreadable
from structgen.parsing.tolerant.scalars import FENCE, WORDS, Literals
from structgen.parsing.tolerant.state import EMPTY, SPACE, Frame
from structgen.parsing.tolerant.strings import IN_KEY, OPENING, QUOTES

_DOTS = re.compile(r"(?:\.\.\.|…)\s*,?")
_TEXT = r'"(?P<text>[^"\\\x00-\x1f]*+)"'
_SCALAR = r"(?:(?P<number>-?(?:0|[1-9]\d{0,17})(?P<real>\.\d{1,17})?)|(?P<word>true|false|null))"
"""Numbers that no double and no integer of 64 bits is too small for."""
_WS = r"[ \t\n\r]*+"
_NEXT_KEY = rf'{_WS}"[^"\\\n]{{0,100}}+"{_WS}:'
_DONE = rf"[ \t\r]*+(?:[\n}}\])`;/#]|\Z|,(?:{_WS}[{{\[]|{_NEXT_KEY}))"
"""What after a closing bracket leaves no doubt that the quote before it ended a string."""
_SOUND = {
    opening: re.compile(
        rf"{before}(?:{_TEXT}(?:{_WS},(?={after})|{_WS}(?P<last>{closing})(?={_DONE}))"
        rf"|{_SCALAR}{_WS}(?:,(?={more})|(?P<end>{closing}))|(?P<opening>[{{\[]))"
    )
    for opening, before, after, more, closing in (
        ("{", rf'{_WS}"(?P<key>[^"\\\x00-\x1f]*+)"{_WS}:{_WS}', _NEXT_KEY, rf'{_WS}"', r"\}"),
        ("[", rf"(?P<key>){_WS}", rf'{_WS}["{{\[\d-]', "", r"\]"),
    )
}
_PLAIN_KEY = re.compile(rf'"([^"\\\x00-\x1f]*+)"{_WS}:(?!:)')
_DOUBLED = re.compile(r'"{1,2}([^"\\\n:,]{1,100})"{1,2}(?=\s*[:：])')
_BARE_KEY = re.compile(r"[^:,{}\[\]\n]+")
_KEY_AND_SPACE = re.compile(r"([\w$-]+)\s+(?=[\"'\d\[{-])")
_COLON = re.compile(r"[:：]+|=>?|->|:=")
_MEMBER_AFTER = re.compile(r"[}\]]\s*,\s*(?=[\"'])")
_ITEM_AFTER = re.compile(r"\}\s*,\s*\{")


class Lenient(Literals):
    """Reads one value of a text at a time. `Unreadable` where there is none.

    `strict`: only JSON that was cut; anything else that is wrong with it is `Unreadable`.
    """

    def read(self, at: int = 0) -> Reading:
        """The value that begins at or after `at`."""
        self._begin(at)
        c, start = self._space(), self.at
        if not c:
            raise Unreadable("nothing to read", at)
        self._value(c)
        stack = self.stack
        while stack:
            self._step(stack[-1])
        if self.root is EMPTY:
            raise Unreadable("no value", start)
        return Reading(
            self.root, start, self.at, tuple(self.fixes), self.cut_at, tuple(self.removed), self.spans
        )

    def _step(self, frame: Frame) -> None:
        """One key, value, comma or bracket of the innermost container."""
        if frame.comma and frame.key is None and frame.opening != "(" and self._sound(frame):
            return
        c = self._space()
        if not c:
            self._cut()
        elif c == ",":
            if frame.comma or frame.key is not None:
                self._spare_comma(frame)
            else:
                frame.comma, frame.comma_at = True, self.at
                self.at += 1
        elif c in "]})":
            self._close(c, frame)
        elif c == "，":
            frame.comma, frame.comma_at = True, self.at
            self._fix("comma", self.at + 1, ",")
        elif c == ";" and frame.opening == "(":
            self._close(")", frame)
        elif c == ";" and frame.key is None and not frame.comma:
            frame.comma, frame.comma_at = True, self.at
            self._fix("comma", self.at + 1, ",")
        elif c in ".…" and frame.key is None and frame.opening != "(" and self._dots():
            pass
        elif frame.opening == "{" and frame.key is None:
            self._key(frame, c)
        elif c == ":" and frame.opening == "[":
            self._pair(frame)
        else:
            if not frame.comma and frame.opening == "[":
                self._note("comma", self.at, ",")
            self._value(c)

    def _sound(self, frame: Frame) -> bool:
        """Pass over a member, or an item, that is JSON and leaves no doubt, with what follows it."""
        match = _SOUND[frame.opening].match(self.text, self.at)
        if match is None:
            return False
        key, text, number, real, word, last, end, opening = match.group(
            "key", "text", "number", "real", "word", "last", "end", "opening"
        )
        if frame.opening == "{":
            if key in frame.value:
                return False
            if (last or end) and len(self.stack) == 1 and self._more(match.end() - 1):
                return False
            frame.key = key
        if opening:
            self.at = match.end() - 1
            self._open(opening, match.end())
            frame.comma = False
            return True
        self.at = match.end()
        if text is None:
            text = WORDS[word] if word else float(number) if real else int(number)
        self._put(text)
        if last or end:
            self._pop()
        else:
            frame.comma, frame.comma_at = True, match.end() - 1
        return True

    def _dots(self) -> bool:
        """Pass over an ellipsis."""
        if dots := _DOTS.match(self.text, self.at):
            self._fix("ellipsis", dots.end())
        return dots is not None

    def _spare_comma(self, frame: Frame) -> None:
        if frame.key is not None:
            self._missing(frame)
        else:
            self._fix("comma", self.at + 1)

    def _missing(self, frame: Frame) -> None:
        """A key and a colon, and no value."""
        self._note("missing-value", self.at, "null")
        self._put(None)

    def _key(self, frame: Frame, c: str) -> None:
        if c in "{[" and len(self.stack) > 1 and self.stack[-2].opening == "[" and c == "{":
            self._note("bracket", self.at, "}")
            self._pop()
            return
        if c in "{[:":
            self._fail(f"{c!r} where a key should stand")
        if self.text.startswith("```", self.at):
            fence = FENCE.match(self.text, self.at)
            self._fix("fence", fence.end() if fence else self.at + 3)
            return
        if not frame.comma:
            self._note("comma", self.at, ",")
        if c == '"' and (plain := _PLAIN_KEY.match(self.text, self.at)):
            frame.key_at = self.at
            frame.key, frame.comma, self.at = plain.group(1), False, plain.end()
            self._after_colon(frame)
            return
        start = self.at
        key, quoted = self._quoted_key(c) if c in QUOTES else self._bare_key()
        if key is None:
            self._cut()
            return
        frame.key, frame.comma, frame.key_at = key, False, start
        c = self._space()
        if colon := _COLON.match(self.text, self.at):
            if colon.group() == ":":
                self.at += 1
            else:
                self._fix("colon", colon.end(), ":")
            self._after_colon(frame)
        elif not c:
            self._cut()
        elif quoted or c in QUOTES:
            if c in ",]})":
                self._fail("a key without a value", start)
            self._note("colon", self.at, ":")
        else:
            self._fail("a key without a value", start)

    def _after_colon(self, frame: Frame) -> None:
        c = self._space()
        if not c:
            return
        if c in ",}])":
            self._missing(frame)
        else:
            self._value(c)

    def _quoted_key(self, quote: str) -> tuple[str | None, bool]:
        doubled = _DOUBLED.match(self.text, self.at)
        if doubled and doubled[0].count('"') > 2:
            self._fix("quotes", doubled.end(), json_text.dumps(doubled[1]))
            return doubled[1], True
        found = self._ends.find(self.at + 1, quote, IN_KEY)
        if found.cut:
            return None, True
        return self._string(found, quote), True

    def _bare_key(self) -> tuple[str | None, bool]:
        if equals := EQUALS_KEY.match(self.text, self.at):
            self._fix("key-quotes", equals.end(1), json_text.dumps(equals[1]))
            return equals[1], False
        match = _BARE_KEY.match(self.text, self.at)
        if match is None:
            self._fail("no key")
        if match.end() == len(self.text):
            return None, False
        raw = match.group().rstrip()
        spaced = _KEY_AND_SPACE.match(match.group())
        if spaced and self.text[match.end()] != ":":
            raw = spaced.group(1)
        self._fix("key-quotes", self.at + len(raw), json_text.dumps(raw.strip("\"'")))
        return raw.strip("\"'"), False

    def _pair(self, frame: Frame) -> None:
        """`["key": 1]`: the object around the pair was forgotten."""
        if not frame.value or not isinstance(frame.value[-1], str):
            self._fail("':' where an item should stand")
        key = frame.value.pop()
        self._fix("bracket", self.at + 1, ":")
        made: dict[str, Any] = {}
        frame.value.append(made)
        inner = self._enter("{", made, self.at)
        inner.key, inner.comma = key, False
        self._after_colon(inner)

    def _close(self, c: str, frame: Frame) -> None:
        if frame.opening == "{" and frame.key is not None:
            self._missing(frame)
        opening = OPENING[c]
        if self._spare(frame):
            return
        if frame.opening == opening:
            if frame.comma and frame.value and opening != "(":
                self._note_trailing_comma(frame.comma_at)
            if opening == "(" and self.text[frame.start] == "(":
                self._note("tuple", self.at + 1, "]")
            self.at += 1
            self._pop()
            return
        if any(f.opening == opening for f in self.stack) and not self._only_mistaken(opening):
            while self.stack[-1].opening != opening:
                self._note("bracket", self.at, "}" if self.stack[-1].opening == "{" else "]")
                self._pop()
            self.at += 1
            self._pop()
        elif frame.opening == "(" or c == ")":
            self._fix("bracket", self.at + 1)
        else:
            self._fix("bracket", self.at + 1, "}" if frame.opening == "{" else "]")
            self._pop()

    def _spare(self, frame: Frame) -> bool:
        """Pass over a bracket that would close the root, where another member of it follows, or a `}` in a
        list of objects that goes on."""
        objects = frame.opening == "[" and bool(frame.value) and isinstance(frame.value[-1], dict)
        rows = [f.opening for f in self.stack[-3:-1]] == ["[", "{"]  # whose next one may be meant
        in_list = objects and not rows and _ITEM_AFTER.match(self.text, self.at) is not None
        at_root = len(self.stack) == 1 and frame.opening == "{" and self._more(self.at)
        if self._strict or not (in_list or at_root):
            return False
        self._fix("bracket", self.at + 1)
        return True

    def _more(self, at: int) -> bool:
        """Whether a comma and another member follow the bracket there."""
        more = _MEMBER_AFTER.match(self.text, at)
        return more is not None and KEY.match(self.text, more.end()) is not None

    def _only_mistaken(self, opening: str) -> bool:
        """Whether the bracket is of the wrong kind and none is missing: the outer object goes on after it."""
        at = SPACE.match(self.text, self.at + 1)
        if opening != "{" or at is None or self.text[at.end() : at.end() + 1] != ",":
            return False
        outer = [f.opening for f in self.stack]
        return outer == ["{", "["] and KEY.match(self.text, at.end() + 1) is not None

    def _note_trailing_comma(self, at: int) -> None:
        if self._strict:
            self._fail("comma")
        if self.fixes and self.fixes[-1][:3] == ("comma", at, at + 1):  # a comma of another script
            self.fixes.pop()
        self.fixes.append(Fix("comma", at, at + 1))
