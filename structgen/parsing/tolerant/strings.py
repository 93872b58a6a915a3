"""Strings of a broken text: where one ends, and what its escapes mean."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from structgen.parsing.tolerant.lookahead import BARE_KEY, CUT_KEY, KEY, LITERAL, NO_COLON, NUMBER, OPEN_KEY
from structgen.parsing.tolerant.parse_result import Unreadable

OPENING = {"]": "[", "}": "{", ")": "("}
QUOTES = "\"'`´‘’‚“”„"
_DOUBLE, _SINGLE = '“”„"', "'‘’‚`´"
_WORD = re.compile(r"[^\s,\"'\]\[{}]+\s*[,\]]")
_BARE_BEFORE = re.compile(r",\s*[A-Za-z_$][\w$-]*\s*:$")
_COMMENT = re.compile(r"/\*.*?\*/\s*$", re.DOTALL)
_PATH = re.compile(r"[A-Za-z]:\\|\\\\?\w+\\")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|[\s\S]|$)")
_OPEN_ESCAPE = re.compile(r"(\\+)(?:u[0-9a-fA-F]{0,3})?\Z")
_FIRST_HALF = re.compile(r"(\\+)u[dD][89abAB][0-9a-fA-F]{2}\Z")
"""Of a character that takes two escapes."""
_PLAIN = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "/": "/", "\\": "\\", "\n": "\n"}
_FORBIDDEN = re.compile(r"[\x00-\x07\x0e-\x1a\x1c-\x1f]")
_NAME_AFTER_U = re.compile(r"(?=[a-z]{3})[a-f]{0,3}[g-z]")
"""`\\users`, `\\underline`: no escape was meant."""


_MARKS = {
    marks: re.compile(rf"\\.|[{re.escape(marks)}]", re.DOTALL) for marks in ('"', "'", _DOUBLE, _SINGLE)
}


class Place(NamedTuple):
    """Where a string stands: `role` is key, member, item, top or call; what encloses it, outermost first."""

    role: str
    enclosing: str
    """Opening brackets."""


TOP, IN_KEY = Place("top", ""), Place("key", "{")


@cache
def place(enclosing: str) -> Place:
    """Right within the last of the brackets."""
    return Place({"{": "member", "[": "item", "(": "call"}[enclosing[-1]], enclosing)


class Quoted(NamedTuple):
    """The raw text from `start` to `stop`, reading goes on at `end`."""

    start: int
    stop: int
    end: int
    closed: bool
    """Whether a quote was there to end it."""
    cut: bool = False
    """Whether the text ended in the middle of it."""


def closers(quote: str) -> str:
    """The quotes that can end a string begun with that one."""
    if quote in "\"'":
        return quote
    return _DOUBLE if quote in _DOUBLE else _SINGLE


class Ends:
    """Finds the ends of strings in one text. Looking ahead is rationed, so that all of it is linear.

    `strict`: the first quote without a backslash ends a string, as in JSON.
    """

    def __init__(self, text: str, strict: bool = False) -> None:
        self.text, self._strict = text, strict
        self._ration = 8 * len(text) + 10_000

    def find(self, start: int, quote: str, place: Place) -> Quoted:
        """The string whose opening quote stands right before `start`."""
        text, candidates = self.text, 0
        for match in _MARKS[closers(quote)].finditer(text, start):
            if match.group()[0] == "\\":
                continue
            at = match.start()
            self._ration -= 40 + (at - start if not candidates else 0)
            candidates += 1
            if self._strict or self._ration < 0 or self._closes(at, place):
                return Quoted(start, at, at + 1, True)
            if (stop := self._ended_before(start, at, place)) is not None:
                return Quoted(start, stop, stop, False)
            if place.role == "key" and candidates == 1 and (found := self._open_key(start)):
                return found
        self._ration -= len(text) - start
        return (place.role == "key" and self._open_key(start)) or self._unended(start, place)

    def _open_key(self, start: int) -> Quoted | None:
        """A key that ends at its colon, for no quote does; a text that ends in brackets was not cut there."""
        found = OPEN_KEY.match(self.text, start - 1)
        if found is None:
            return None
        if self._strict:
            if self.text.rstrip().endswith(("}", "]")):
                raise Unreadable("a key without its second quote", start)
            return None
        return Quoted(start, found.end(1), found.end(1), False)

    def _closes(self, at: int, place: Place) -> bool:
        after = self._skip(at + 1)
        c = self.text[after : after + 1]
        if not c:
            return True
        if place.role == "key":
            return self._ends_key(at, after, c)
        if place.role == "top":
            return c in ",+;" or "\n" in self.text[at + 1 : after]
        if self.text.startswith(("/*", "//", "```"), after) or (c == "#" and after > at + 1):
            return True
        if c == "+":
            beyond = self._skip(after + 1)
            return self.text[beyond : beyond + 1] in tuple(QUOTES)
        if c in "}])":
            return self._ends_before_bracket(after, place)
        if c == ";":
            return self._ends_before_semicolon(after + 1, place)
        if c in ",，":
            return self._ends_before_comma(after + 1, place)
        if place.role == "member":
            spaced = "\n" in self.text[at + 1 : after]
            return bool(KEY.match(self.text, after) or (spaced and BARE_KEY.match(self.text, after)))
        return self._ends_item(at, after, c)

    def _ends_key(self, at: int, after: int, c: str) -> bool:
        if c in ":,}]：=":
            return True
        return (after > at + 1 or c in QUOTES) and (c in QUOTES or c in "-{[tfn" or c.isdigit())

    def _ends_before_bracket(self, after: int, place: Place) -> bool:
        opening = OPENING[self.text[after]]
        if opening not in place.enclosing:
            return place.role != "member" and opening != "("
        if place.enclosing[-1] != opening:
            return True
        rest = self._skip(after + 1)
        c, outer = self.text[rest : rest + 1], place.enclosing[:-1]
        if not c or c in "}])`;/#" or "\n" in self.text[after + 1 : rest]:
            return True
        if not outer:
            beyond = self._skip(rest + 1) if c == "," else rest
            if self.text[beyond : beyond + 1] in ("{", "[", '"', ""):
                return True
            tail = self.text[rest : rest + 4000].rstrip()
            return not tail.endswith(("}", "]"))
        if c == ",":
            inner = Place("member" if outer[-1] == "{" else "item", outer)
            following = self._skip(rest + 1)
            return self._ends_before_comma(rest + 1, inner) or self.text[following : following + 1] in (
                "[",
                "{",
            )
        return c in "{[" or c in QUOTES

    def _ends_before_comma(self, after: int, place: Place) -> bool:
        """Whether what follows the comma is another member or item, and no prose."""
        text, at = self.text, self._skip(after)
        c = text[at : at + 1]
        if not c or c in "]})," or text.startswith(("//", "/*", "...", "```"), at) or c == "#":
            return True
        if place.role == "member":
            if any(key.match(text, at) for key in (KEY, BARE_KEY, NO_COLON, OPEN_KEY)):
                return True
            return bool(CUT_KEY.match(text, at)) or (c == "{" and "[" in place.enclosing)
        if c in QUOTES or c in "{[" or NUMBER.match(text, at) or LITERAL.match(text, at):
            return True
        if _WORD.match(text, at):
            return True
        bracket = text.find("]", at)
        quote = text.find('"', at, bracket if bracket >= 0 else at + 200)
        return quote < 0

    def _ends_before_semicolon(self, after: int, place: Place) -> bool:
        """As before a comma, but in code and in prose one stands more often."""
        text, at = self.text, self._skip(after)
        c = text[at : at + 1]
        if not c or c == ",":
            return True
        if c in "}])":
            return OPENING[c] == place.enclosing[-1] and self._ends_before_bracket(at, place)
        if place.role == "member":
            return bool(KEY.match(text, at) or NO_COLON.match(text, at))
        return c in QUOTES or c in "{[" or bool(NUMBER.match(text, at) or LITERAL.match(text, at))

    def _ends_item(self, at: int, after: int, c: str) -> bool:
        text = self.text
        if c == ":":
            return True
        if c in QUOTES:
            beyond = self._skip(after + 1)
            if text[beyond : beyond + 1] in ("", ",", "]", "}"):
                return False
            return bool(re.compile(rf"[^{c}]{{0,200}}{c}\s*(?:[,\]\}}]|$)").match(text, after + 1))
        if after == at + 1:
            return False
        return bool(c in "{[" or NUMBER.match(text, after) or LITERAL.match(text, after))

    def _ended_before(self, start: int, at: int, place: Place) -> int | None:
        """At a quote that opens the next string: this one lacks its own, and ended at a comma or a line."""
        if place.role not in ("member", "item"):
            return None
        head = self.text[max(start, at - 200) : at].rstrip(" \t\r")
        head = _COMMENT.sub("", head).rstrip(" \t\r")
        stop = max(start, at - 200) + len(head)
        bare = head.rstrip()
        if place.role == "member" and (key := _BARE_BEFORE.search(bare)):
            c = re.escape(self.text[at])
            if re.compile(rf"{c}[^{c}\n]{{0,200}}{c}\s*[,}}]").match(self.text, at):
                return max(start, max(start, at - 200) + key.start())
        if not bare.endswith(",") and not head.endswith("\n"):
            return None
        if place.role == "member":
            opens = KEY.match(self.text, at)
        else:
            c = re.escape(self.text[at])
            whole = re.compile(rf"{c}[^{c}]{{0,200}}{c}\s*[,\]]")
            opens = whole.match(self.text, at) if bare.endswith(",") else None
        if not opens:
            return None
        return max(start, stop - (len(head) - len(bare)) - bare.endswith(","))

    def _unended(self, start: int, place: Place) -> Quoted:
        """No quote ends it: cut, or its quote forgotten, which brackets at the very end tell."""
        text = self.text
        whole = text.rstrip().rstrip("`").rstrip()
        closing = "".join({"{": "}", "[": "]"}.get(opening, "") for opening in place.enclosing)
        brackets = len(whole) - len(whole.rstrip(f"{closing} \n\t\r"))
        if place.role in ("top", "key") or not brackets or len(whole) - brackets < start:
            backslash = text.endswith("\\") and not text.endswith("\\\\")
            return Quoted(start, len(text) - backslash, len(text), False, True)
        if place.role == "member":
            stop = len(whole) - brackets
            for match in re.compile(r",").finditer(text, start):
                if KEY.match(text, match.end()) or BARE_KEY.match(text, match.end()):
                    stop = min(stop, match.start())
                    break
        else:
            match_end = re.compile(r"[,\]\n]").search(text, start)
            stop = match_end.start() if match_end else len(whole) - brackets
        raw = text[start:stop]
        return Quoted(start, start + len(raw.rstrip()), stop, False)

    def _skip(self, at: int) -> int:
        text, end = self.text, len(self.text)
        while at < end and text[at].isspace():
            at += 1
        return at


def _without_half(raw: str) -> str:
    """Without the escape that was cut, or the half of one; backslashes in pairs are no escapes of others."""
    for half in (_OPEN_ESCAPE, _FIRST_HALF):
        if (found := half.search(raw)) and len(found[1]) % 2:
            raw = raw[: found.end(1) - 1]
    return raw


def unescaped(raw: str, at: int, cut: bool) -> str:
    """What a raw string means. A backslash before what needs none stays: it may be a path's or a pattern's.

    `Unreadable` for characters and `\\u` escapes that mean nothing; `at` is where the string begins.
    """
    if found := _FORBIDDEN.search(raw):
        raise Unreadable("a control character in a string", at + found.start())
    if "\\" not in raw:
        return raw
    if cut:
        raw = _without_half(raw)
    path = bool(_PATH.match(raw)) and any(
        len(m.group(1)) < 5 and m.group(1) not in '"\\/bfnrt' for m in _ESCAPE.finditer(raw)
    )
    if path:
        return raw.replace("\\\\", "\\")

    if any(m[1] == "u" and _NAME_AFTER_U.match(raw, m.end()) for m in _ESCAPE.finditer(raw)):
        return re.sub(r'\\(["\\/])', r"\1", raw)  # no backslash before a letter is an escape there

    def meaning(match: re.Match[str]) -> str:
        escape = match.group(1)
        if len(escape) == 5:
            return chr(int(escape[1:], 16))
        if escape == "u":
            raise Unreadable("a \\u escape without four hexadecimal digits", at + match.start())
        if escape in _PLAIN:
            return _PLAIN[escape]
        return escape if escape in QUOTES else match.group()

    text = _ESCAPE.sub(meaning, raw)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
