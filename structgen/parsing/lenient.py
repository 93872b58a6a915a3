"""A tolerant JSON parser: one pass, a stack instead of recursion, an offset for every fix.

It reads what people and models write for JSON: comments, unquoted and badly quoted strings, commas too
many or too few, the wrong bracket, Python's and JavaScript's words, calls around values, a text that was
cut. What was cut is given up as far as it is not complete, but for the beginning of a string.
"""

from __future__ import annotations

import re
import textwrap
from typing import Any, NoReturn

from structgen import jsontext
from structgen.parsing.quoted import BARE_KEY, KEY, QUOTES, Ends, Place, unescaped
from structgen.parsing.readings import Fix, Reading, Unreadable
from structgen.schema.walk import pointer

MAX_DEPTH = 500
"""Brackets open at once."""
_SPACE = re.compile(r"[\s\u200b\ufeff\u180e]*")
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|//[^\n]*|#[^\n]*", re.DOTALL)
_DOTS = re.compile(r"(?:\.\.\.|…)\s*,?")
_NUMBER = re.compile(
    r"[-+]?(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d*)?"
    r"(?=\s*(?:[,\]}\n)]|/[/*]|#|\Z|[\"'\[{]| [\"A-Za-z]))"
)
_JSON_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
_WORDS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
          "null": None, "None": None, "NULL": None, "undefined": None}  # fmt: skip
_WORD = re.compile(r"[A-Za-z]+(?=\s*(?:[,\]}\n):;]|/[/*]|#|\Z|[\"'] *[A-Za-z_\"']))")
_CALL = re.compile(r"[A-Za-z_$][\w$.]*\s*\((?=\s*(?:[\"'{\[\d)-]|/\*))")
_FENCE = re.compile(r"```[^\n`\"]*\n?")
_REGEX = re.compile(r"/(?![/*])(?:\\.|[^/\\\n])+/[a-z]*(?=\s*(?:[,\]}]|\Z))")
_BARE_STOP = re.compile(r"[,\]}\n()\[{]|\s//|/\*")
_SCALAR = r"(?:(?P<number>-?(?:0|[1-9]\d{0,17})(?P<real>\.\d{1,17})?)|(?P<word>true|false|null))"
_SOUND_MEMBER = re.compile(
    r'\s*"(?P<key>[^"\\\x00-\x1f]{0,100})"\s*:\s*(?:"(?P<text>[^"\\\x00-\x1f]*)"|' + _SCALAR + r")"
    r'\s*,(?=\s*"[^"\\\n]{0,100}"\s*:)'
)
_SOUND_ITEM = re.compile(r'\s*(?:"(?P<text>[^"\\\x00-\x1f]*)"|' + _SCALAR + r')\s*,(?=\s*["{\[\d-])')
"""Numbers that no double and no integer of 64 bits is too small for."""
_EMPTY = object()


class _Frame:
    __slots__ = ("comma", "key", "opening", "start", "value")

    def __init__(self, opening: str, value: Any, start: int) -> None:
        self.opening, self.value, self.start = opening, value, start
        self.key: str | None = None
        self.comma = True
        """Whether a comma, or the bracket, stands right before."""


class Lenient:
    """Reads one value of a text at a time. `Unreadable` where there is none.

    `strict`: only JSON that was cut; anything else that is wrong with it is `Unreadable`.
    """

    def __init__(self, text: str, *, strict: bool = False) -> None:
        self.text, self._strict = text, strict
        self._ends = Ends(text, strict)

    def read(self, at: int = 0) -> Reading:
        """The value that begins at or after `at`."""
        self.at = at
        self.fixes: list[Fix] = []
        self.cut_at: str | None = None
        self.removed: list[tuple[str, Any]] = []
        self.stack: list[_Frame] = []
        self.spans: dict[int, tuple[int, int]] = {}
        self.root: Any = _EMPTY
        self._space()
        start = self.at
        if not self._rest():
            raise Unreadable("nothing to read", at)
        self._value()
        while self.stack:
            self._step(self.stack[-1])
        if self.root is _EMPTY:
            raise Unreadable("no value", start)
        return Reading(
            self.root, start, self.at, tuple(self.fixes), self.cut_at, tuple(self.removed), self.spans
        )

    # What stands at the current place

    def _rest(self) -> str:
        return self.text[self.at : self.at + 1]

    def _space(self) -> None:
        """Pass over white space and comments."""
        while True:
            match = _SPACE.match(self.text, self.at)
            self.at = match.end() if match else self.at
            if self.text[self.at : self.at + 1] not in ("/", "#"):
                return
            comment = _COMMENT.match(self.text, self.at)
            if comment is None:
                return
            self._fix("comment", comment.end())

    def _fix(self, kind: str, end: int, text: str = "") -> None:
        """Note what stands in place of the text up to `end`, and go there."""
        self._note(kind, end, text)
        self.at = end

    def _note(self, kind: str, end: int, text: str) -> None:
        if self._strict and kind not in ("cut", "unquoted-end"):
            self._fail(kind)
        self.fixes.append(Fix(kind, self.at, end, text))

    def _place(self) -> Place:
        enclosing = "".join(frame.opening for frame in self.stack[-8:])
        if not self.stack:
            return Place("top", "")
        return Place({"{": "member", "[": "item", "(": "call"}[self.stack[-1].opening], enclosing)

    def _path(self, frames: list[_Frame]) -> str:
        path: list[str | int] = []
        for frame in frames:
            if frame.opening == "[":
                path.append(len(frame.value) - (frame is not frames[-1]))
            elif frame.opening == "{" and frame.key is not None:
                path.append(frame.key)
        return pointer(path)

    # Containers

    def _step(self, frame: _Frame) -> None:
        """One key, value, comma or bracket of the innermost container."""
        if self._sound(frame):
            return
        self._space()
        c = self._rest()
        if not c:
            self._cut()
        elif c in "]})":
            self._close(c, frame)
        elif c == ",":
            if frame.comma or frame.key is not None:
                self._spare_comma(frame)
            else:
                self.at += 1
                frame.comma = True
        elif c == ";" and frame.opening == "(":
            self._close(")", frame)
        elif (dots := _DOTS.match(self.text, self.at)) and frame.key is None and frame.opening != "(":
            self._fix("ellipsis", dots.end())
        elif frame.opening == "{" and frame.key is None:
            self._key(frame, c)
        elif c == ":" and frame.opening == "[":
            self._pair(frame)
        else:
            if not frame.comma and frame.opening == "[":
                self._note("comma", self.at, ",")
            self._value()

    def _sound(self, frame: _Frame) -> bool:
        """Pass over a member, or an item, that is JSON and leaves no doubt, with its comma."""
        if not frame.comma or frame.key is not None or frame.opening == "(":
            return False
        if frame.opening == "{":
            match = _SOUND_MEMBER.match(self.text, self.at)
            if match is None or match["key"] in frame.value:
                return False
            container: Any = frame.value
            key: Any = match["key"]
        else:
            match = _SOUND_ITEM.match(self.text, self.at)
            if match is None:
                return False
            container, key = frame.value, None
        value: Any = match["text"]
        if value is None:
            word = match["word"]
            value = (
                _WORDS[word] if word else float(match["number"]) if match["real"] else int(match["number"])
            )
        if key is None:
            container.append(value)
        else:
            container[key] = value
        self.at = match.end()
        return True

    def _spare_comma(self, frame: _Frame) -> None:
        if frame.key is not None:
            self._missing(frame)
        else:
            self._fix("comma", self.at + 1)

    def _missing(self, frame: _Frame) -> None:
        """A key and a colon, and no value."""
        self._note("missing-value", self.at, "null")
        self._put(None)

    def _key(self, frame: _Frame, c: str) -> None:
        if c in "{[" and len(self.stack) > 1 and self.stack[-2].opening == "[" and c == "{":
            self._note("bracket", self.at, "}")
            self._pop()
            return
        if c in "{[:":
            self._fail(f"{c!r} where a key should stand")
        if self.text.startswith("```", self.at):
            fence = _FENCE.match(self.text, self.at)
            self._fix("fence", fence.end() if fence else self.at + 3)
            return
        if not frame.comma:
            self._note("comma", self.at, ",")
        start = self.at
        key, quoted = self._quoted_key(frame) if c in QUOTES else self._bare_key()
        if key is None:
            self._cut()
            return
        frame.key, frame.comma = key, False
        self._space()
        if self._rest() == ":":
            self.at += 1
            self._after_colon(frame)
        elif not self._rest():
            self._cut()
        elif quoted or self._rest() in QUOTES:
            if self._rest() in ",]})":
                self._fail("a key without a value", start)
            self._note("colon", self.at, ":")
        else:
            self._fail("a key without a value", start)

    def _after_colon(self, frame: _Frame) -> None:
        self._space()
        c = self._rest()
        if c and c in ",}])":
            self._missing(frame)

    def _quoted_key(self, frame: _Frame) -> tuple[str | None, bool]:
        found = self._ends.find(self.at + 1, self._rest(), Place("key", "{"))
        if found.cut:
            return None, True
        return self._string(found, self._rest()), True

    def _bare_key(self) -> tuple[str | None, bool]:
        match = re.compile(r"[^:,{}\[\]\n]+").match(self.text, self.at)
        if match is None:
            self._fail("no key")
        if match.end() == len(self.text):
            return None, False
        raw = match.group().rstrip()
        spaced = re.match(r"([\w$-]+)\s+(?=[\"'\d\[{-])", match.group())
        if spaced and self.text[match.end()] != ":":
            raw = spaced.group(1)
        self._fix("key-quotes", self.at + len(raw), jsontext.dumps(raw.strip("\"'")))
        return raw.strip("\"'"), False

    def _pair(self, frame: _Frame) -> None:
        """`["key": 1]`: the object around the pair was forgotten."""
        if not frame.value or not isinstance(frame.value[-1], str):
            self._fail("':' where an item should stand")
        key = frame.value.pop()
        self._fix("bracket", self.at + 1, ":")
        made: dict[str, Any] = {}
        frame.value.append(made)
        inner = _Frame("{", made, self.at)
        inner.key, inner.comma = key, False
        self.stack.append(inner)
        self._after_colon(inner)

    def _close(self, c: str, frame: _Frame) -> None:
        if frame.opening == "{" and frame.key is not None:
            self._missing(frame)
        opening = {"]": "[", "}": "{", ")": "("}[c]
        if frame.opening == opening:
            if frame.comma and frame.value and opening != "(":
                self._note_trailing_comma()
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

    def _only_mistaken(self, opening: str) -> bool:
        """Whether the bracket is of the wrong kind and none is missing: the outer object goes on after it."""
        at = _SPACE.match(self.text, self.at + 1)
        if opening != "{" or at is None or self.text[at.end() : at.end() + 1] != ",":
            return False
        outer = [f.opening for f in self.stack]
        return outer == ["{", "["] and KEY.match(self.text, at.end() + 1) is not None

    def _note_trailing_comma(self) -> None:
        before = self.text.rfind(",", 0, self.at)
        if self._strict:
            self._fail("comma")
        self.fixes.append(Fix("comma", before, before + 1))

    def _pop(self) -> None:
        frame = self.stack.pop()
        self.spans[id(frame.value)] = frame.start, self.at
        if frame.opening == "(":
            if frame.value:
                self._put(frame.value[0])
            else:
                self._fail("a call without a value", frame.start)
        if self.stack:
            self._done(self.stack[-1])

    def _put(self, value: Any) -> None:
        if not self.stack:
            self.root = value
            return
        frame = self.stack[-1]
        if frame.opening == "{":
            assert frame.key is not None
            if frame.key in frame.value:
                self.removed.append((self._path(self.stack), frame.value[frame.key]))
            frame.value[frame.key] = value
        else:
            frame.value.append(value)
        if not isinstance(value, dict | list) or value is None:
            self._done(frame)

    def _done(self, frame: _Frame) -> None:
        frame.key, frame.comma = None, False

    def _open(self, c: str, end: int) -> None:
        if len(self.stack) >= MAX_DEPTH:
            self._fail(f"more than {MAX_DEPTH} brackets are open")
        value: Any = {} if c == "{" else []
        start = self.at
        self.at = end
        if c != "(":
            self._put(value)
        self.stack.append(_Frame(c, value, start))

    def _cut(self) -> None:
        """The end of the text: close what is open, and drop what is not complete."""
        self.at = len(self.text)
        if self.cut_at is None:
            self.cut_at = self._path(self.stack)
        closing = {"{": "}", "[": "]", "(": ")"}
        self._note("cut", self.at, "".join(closing[f.opening] for f in reversed(self.stack)))
        while self.stack:
            self.stack[-1].key = None
            self._pop()

    # Scalars

    def _value(self) -> None:
        text, c = self.text, self._rest()
        if c in "{[":
            self._open(c, self.at + 1)
        elif text.startswith('"""', self.at) and '"""' in text[self.at + 3 :]:
            self._block('"""')
        elif text.startswith("```", self.at):
            self._fenced()
        elif c in QUOTES:
            found = self._ends.find(self.at + 1, c, self._place())
            value = self._string(found, c)
            if found.cut:
                self.cut_at = self._path(self.stack)
            self._put(self._joined(value))
        elif match := _NUMBER.match(text, self.at):
            self._number(match)
        elif call := _CALL.match(text, self.at):
            self._fix("call", call.end())
            self._open("(", self.at)
        elif c == "/" and (regex := _REGEX.match(text, self.at)):
            self._fix("quotes", regex.end(), jsontext.dumps(regex.group()))
            self._put(regex.group())
        else:
            self._bare()

    def _string(self, found: Any, quote: str) -> str:
        raw = self.text[found.start : found.stop]
        value = unescaped(raw, found.start, found.cut)
        clean = found.closed and quote == '"' and self.text[found.end - 1] == '"'
        if clean and "\\" not in raw and not re.search(r'["\x00-\x1f]', raw):
            self.at = found.end
            return value
        dumped = jsontext.dumps(value)
        if found.cut:
            self._fix("cut", found.end, dumped)
        elif not found.closed:
            self._fix("unquoted-end", found.end, dumped)
        elif not clean or not _strict(self.text[found.start - 1 : found.end]):
            self._fix("quotes" if not clean else "escape", found.end, dumped)
        else:
            self.at = found.end
        return value

    def _joined(self, value: str) -> str:
        """`"a" + "b"`."""
        while (plus := re.compile(r"\s*\+\s*").match(self.text, self.at)) and (
            self.text[plus.end() : plus.end() + 1] or "x"
        ) in QUOTES:
            self._fix("concatenation", plus.end())
            value += self._string(self._ends.find(self.at + 1, self._rest(), self._place()), self._rest())
        return value

    def _block(self, marks: str) -> None:
        """A string between triple quotes."""
        stop = self.text.find(marks, self.at + 3)
        value = textwrap.dedent(self.text[self.at + 3 : stop].strip("\n")).strip("\n").rstrip()
        if "\n" not in self.text[self.at + 3 : stop]:
            value = self.text[self.at + 3 : stop]
        self._fix("quotes", stop + 3, jsontext.dumps(value))
        self._put(value)

    def _fenced(self) -> None:
        """A fence where a value should stand: around JSON it means nothing, around text it quotes."""
        fence = _FENCE.match(self.text, self.at)
        inside = fence.end() if fence else self.at + 3
        if self.text[inside:].lstrip()[:1] in ("{", "[") and "json" in self.text[self.at : inside]:
            self._fix("fence", inside)
            return
        stop = self.text.find("```", inside)
        end = stop + 3 if stop >= 0 else len(self.text)
        value = textwrap.dedent(self.text[inside : stop if stop >= 0 else end].rstrip())
        self._fix("quotes", end, jsontext.dumps(value))
        self._put(value)

    def _number(self, match: re.Match[str]) -> None:
        literal = match.group()
        plain = literal.replace("_", "").lstrip("+")
        whole = re.fullmatch(r"(-?)(\d*)(\.\d*)?([eE][+-]?\d*)?", plain)
        assert whole is not None
        sign, digits, fraction, exponent = (part or "" for part in whole.groups())
        if len(digits) > 1 and digits.startswith("0"):
            self._text_until(match.end())
            return
        cut = match.end() == len(self.text) and bool(self.stack)
        mended = sign + (digits or "0") + (fraction if len(fraction) > 1 else ".0" if fraction else "")
        mended += exponent if exponent[-1:].isdigit() else ""
        try:
            value = jsontext.loads(mended)
        except jsontext.JsonFault:
            self._text_until(match.end())
            return
        if not fraction and exponent and not exponent[-1:].isdigit():
            value = float(value)
        if not _JSON_NUMBER.fullmatch(literal):
            self._fix("number", match.end(), jsontext.dumps(value))
        elif cut:
            self._fix("cut", match.end(), literal)
        else:
            self.at = match.end()
        if cut:
            self.cut_at = self._path(self.stack)
        self._put(value)

    def _text_until(self, end: int) -> None:
        value = self.text[self.at : end].strip()
        self._fix("quotes", end, jsontext.dumps(value))
        self._put(value)

    def _bare(self) -> None:
        """A word of JSON, Python or JavaScript, or a string without quotes."""
        match = _WORD.match(self.text, self.at)
        if match and match.group() in _WORDS:
            known = _WORDS[match.group()]
            if match.group() in ("true", "false", "null"):
                self.at = match.end()
            else:
                self._fix("literal", match.end(), jsontext.dumps(known))
            self._put(known)
            return
        rest = self.text[self.at : self.at + 6]
        if self.at + len(rest) == len(self.text) and self._cut_word(rest):
            return
        if rest in ("-", "- ", "+"):
            self._cut() if self.stack else self._fail("a sign without a number")
            return
        end = self._bare_end()
        raw = self.text[self.at : end].rstrip()
        if not raw:
            self._fail(f"{self._rest()!r} where a value should stand")
        value = raw[:-1] if raw[-1] in "\"'" and raw[0] != raw[-1] else raw
        self._fix("quotes", self.at + len(raw), jsontext.dumps(value))
        if end == len(self.text) and self.stack:
            self.cut_at = self._path(self.stack)
        self._put(value)

    def _cut_word(self, rest: str) -> bool:
        for word in ("true", "false", "null"):
            if len(rest) > 1 and word.startswith(rest):
                self.cut_at = self._path(self.stack)
                self._fix("cut", len(self.text), word)
                self._put(_WORDS[word])
                return True
        return False

    def _bare_end(self) -> int:
        """Where a string without quotes ends: before what closes or goes on with its container."""
        text, at, depth = self.text, self.at, 0
        role = self._place().role
        for match in _BARE_STOP.finditer(text, at):
            c, here = match.group()[0], match.start()
            if c in "([{":
                depth += 1
            elif c in ")]}":
                if not depth:
                    if c != ")" or role == "call":
                        return here
                else:
                    depth -= 1
            elif depth and not (role == "member" and c == "\n" and _goes_on(text, here)):
                continue
            elif role == "item" or (role == "top" and c in "\n,") or (role == "call" and c == ","):
                if c in ",\n" or match.group()[0] != c or c.isspace() or c == "/":
                    return here
            elif role == "member" and (c not in ",\n" or _goes_on(text, here)):
                return here
        return len(text)

    def _fail(self, message: str, at: int | None = None) -> NoReturn:
        raise Unreadable(message, self.at if at is None else at)


def _goes_on(text: str, at: int) -> bool:
    """Whether a member, or the object's end, follows the comma or the end of a line."""
    after = at + 1
    if KEY.match(text, after) or BARE_KEY.match(text, after):
        return True
    following = _SPACE.match(text, after)
    c = text[following.end() : following.end() + 1] if following else ""
    return c == "}" or (text[at] == "," and c in ("", ",", "]", ".", "/"))


def _strict(literal: str) -> bool:
    try:
        return isinstance(jsontext.loads(literal), str)
    except jsontext.JsonFault:
        return False
