"""Find where a string of a malformed text ends: quotes may be missing, doubled, or part of the string."""

from __future__ import annotations

import re
from typing import NamedTuple

from structgen.parsing.tolerant.context import CLOSING, OPENING, QUOTES, Context
from structgen.parsing.tolerant.lookahead import BARE_KEY, CUT_KEY, KEY, LITERAL, NO_COLON, NUMBER, OPEN_KEY
from structgen.parsing.tolerant.parse_result import ParseError

_DOUBLE_QUOTES, _SINGLE_QUOTES = '“”„"', "'‘’‚`´"
_BARE_ITEM = re.compile(r"[^\s,\"'\]\[{}]+\s*[,\]]")
_BARE_KEY_BEFORE = re.compile(r",\s*[A-Za-z_$][\w$-]*\s*:$")
_COMMENT = re.compile(r"/\*.*?\*/\s*$", re.DOTALL)
_QUOTES_AND_ESCAPES = {
    quotes: re.compile(rf"\\.|[{re.escape(quotes)}]", re.DOTALL)
    for quotes in ('"', "'", _DOUBLE_QUOTES, _SINGLE_QUOTES)
}


class StringSpan(NamedTuple):
    """A string whose raw text lies between `start` and `stop`; parsing continues at `end`."""

    start: int
    stop: int
    end: int
    closed: bool
    """Whether a quote closes the string."""
    cut: bool = False
    """Whether the text ends within the string."""


class StringEndFinder:
    """Find the ends of strings in one text. A budget for the lookahead keeps the total time linear.

    `strict`: the first quote without a backslash ends a string, as in JSON.
    """

    __slots__ = ("_budget", "_strict", "_text")

    def __init__(self, text: str, *, strict: bool) -> None:
        self._text, self._strict = text, strict
        self._budget = 8 * len(text) + 10_000
        """Characters of lookahead that are left."""

    def find(self, start: int, quote: str, context: Context) -> StringSpan:
        """Return the span of the string whose opening quote directly precedes `start`."""
        text, candidates = self._text, 0
        for match in _QUOTES_AND_ESCAPES[_closing_quotes(quote)].finditer(text, start):
            if match.group()[0] == "\\":
                continue
            at = match.start()
            self._budget -= 40 + (at - start if not candidates else 0)
            candidates += 1
            if self._strict or self._budget < 0 or self._closes(at, context):
                return StringSpan(start, at, at + 1, True)
            if (stop := self._missing_quote(start, at, context)) is not None:
                return StringSpan(start, stop, stop, False)
            if context.position == "key" and candidates == 1 and (span := self._open_key(start)):
                return span
        self._budget -= len(text) - start
        return (context.position == "key" and self._open_key(start)) or self._unclosed(start, context)

    def _open_key(self, start: int) -> StringSpan | None:
        """Return the span of a key that lacks its closing quote and ends before its colon."""
        match = OPEN_KEY.match(self._text, start - 1)
        if match is None:
            return None
        if self._strict:
            if self._text.rstrip().endswith(("}", "]")):  # the text was not cut in the key
                raise ParseError("a key without its second quote", start)
            return None
        return StringSpan(start, match.end(1), match.end(1), False)

    def _closes(self, at: int, context: Context) -> bool:
        """Whether the quote at `at` closes the string, judged by what follows it."""
        after = self._skip(at + 1)
        c = self._text[after : after + 1]
        if not c:
            return True
        if context.position == "key":
            return self._ends_key(at, after, c)
        if context.position == "top":
            return c in ",+;" or "\n" in self._text[at + 1 : after]
        if self._text.startswith(("/*", "//", "```"), after) or (c == "#" and after > at + 1):
            return True
        if c == "+":
            following_at = self._skip(after + 1)
            return self._text[following_at : following_at + 1] in tuple(QUOTES)
        if c in "}])":
            return self._ends_before_bracket(after, context)
        if c == ";":
            return self._ends_before_semicolon(after + 1, context)
        if c in ",，":
            return self._ends_before_comma(after + 1, context)
        if context.position == "member":
            spaced = "\n" in self._text[at + 1 : after]
            return bool(KEY.match(self._text, after) or (spaced and BARE_KEY.match(self._text, after)))
        return self._ends_item(at, after, c)

    def _ends_key(self, at: int, after: int, c: str) -> bool:
        if c in ":,}]：=":
            return True
        return (after > at + 1 or c in QUOTES) and (c in QUOTES or c in "-{[tfn" or c.isdigit())

    def _ends_before_bracket(self, after: int, context: Context) -> bool:
        opening = OPENING[self._text[after]]
        if opening not in context.enclosing:
            return context.position != "member" and opening != "("
        if context.enclosing[-1] != opening:
            return True
        rest = self._skip(after + 1)
        c, outer = self._text[rest : rest + 1], context.enclosing[:-1]
        if not c or c in "}])`;/#" or "\n" in self._text[after + 1 : rest]:
            return True
        if not outer:
            following_at = self._skip(rest + 1) if c == "," else rest
            if self._text[following_at : following_at + 1] in ("{", "[", '"', ""):
                return True
            tail = self._text[rest : rest + 4000].rstrip()
            return not tail.endswith(("}", "]"))
        if c == ",":
            inner = Context("member" if outer[-1] == "{" else "item", outer)
            following_at = self._skip(rest + 1)
            opens = self._text[following_at : following_at + 1] in ("[", "{")
            return opens or self._ends_before_comma(rest + 1, inner)
        return c in "{[" or c in QUOTES

    def _ends_before_comma(self, after: int, context: Context) -> bool:
        """Whether another member or item follows the comma, not prose."""
        text, at = self._text, self._skip(after)
        c = text[at : at + 1]
        if not c or c in "]})," or text.startswith(("//", "/*", "...", "```"), at) or c == "#":
            return True
        if context.position == "member":
            if any(key.match(text, at) for key in (KEY, BARE_KEY, NO_COLON, OPEN_KEY)):
                return True
            return bool(CUT_KEY.match(text, at)) or (c == "{" and "[" in context.enclosing)
        if c in QUOTES or c in "{[" or NUMBER.match(text, at) or LITERAL.match(text, at):
            return True
        if _BARE_ITEM.match(text, at):
            return True
        bracket = text.find("]", at)
        quote = text.find('"', at, bracket if bracket >= 0 else at + 200)
        return quote < 0

    def _ends_before_semicolon(self, after: int, context: Context) -> bool:
        """Whether another member or item follows the semicolon. Code and prose have many, so be stricter."""
        text, at = self._text, self._skip(after)
        c = text[at : at + 1]
        if not c or c == ",":
            return True
        if c in "}])":
            return OPENING[c] == context.enclosing[-1] and self._ends_before_bracket(at, context)
        if context.position == "member":
            return bool(KEY.match(text, at) or NO_COLON.match(text, at))
        return c in QUOTES or c in "{[" or bool(NUMBER.match(text, at) or LITERAL.match(text, at))

    def _ends_item(self, at: int, after: int, c: str) -> bool:
        text = self._text
        if c == ":":
            return True
        if c in QUOTES:
            following_at = self._skip(after + 1)
            if text[following_at : following_at + 1] in ("", ",", "]", "}"):
                return False
            return bool(re.compile(rf"[^{c}]{{0,200}}{c}\s*(?:[,\]\}}]|$)").match(text, after + 1))
        if after == at + 1:
            return False
        return bool(c in "{[" or NUMBER.match(text, after) or LITERAL.match(text, after))

    def _missing_quote(self, start: int, at: int, context: Context) -> int | None:
        """Return the end of a string that lacks its quote, where the quote at `at` opens the next string."""
        if context.position not in ("member", "item"):
            return None
        head = self._text[max(start, at - 200) : at].rstrip(" \t\r")
        head = _COMMENT.sub("", head).rstrip(" \t\r")
        stop = max(start, at - 200) + len(head)
        bare = head.rstrip()
        if context.position == "member" and (key := _BARE_KEY_BEFORE.search(bare)):
            c = re.escape(self._text[at])
            if re.compile(rf"{c}[^{c}\n]{{0,200}}{c}\s*[,}}]").match(self._text, at):
                return max(start, max(start, at - 200) + key.start())
        if not bare.endswith(",") and not head.endswith("\n"):
            return None
        if context.position == "member":
            opens = KEY.match(self._text, at)
        else:
            c = re.escape(self._text[at])
            whole = re.compile(rf"{c}[^{c}]{{0,200}}{c}\s*[,\]]")
            opens = whole.match(self._text, at) if bare.endswith(",") else None
        if not opens:
            return None
        return max(start, stop - (len(head) - len(bare)) - bare.endswith(","))

    def _unclosed(self, start: int, context: Context) -> StringSpan:
        """Return the span of a string that no quote closes: the text was cut, or the quote is missing."""
        text = self._text
        whole = text.rstrip().rstrip("`").rstrip()
        closing = "".join(CLOSING[opening] for opening in context.enclosing if opening != "(")
        brackets = len(whole) - len(whole.rstrip(f"{closing} \n\t\r"))
        if context.position in ("top", "key") or not brackets or len(whole) - brackets < start:
            backslash = text.endswith("\\") and not text.endswith("\\\\")
            return StringSpan(start, len(text) - backslash, len(text), False, True)
        if context.position == "member":
            stop = len(whole) - brackets
            for match in re.compile(r",").finditer(text, start):
                if KEY.match(text, match.end()) or BARE_KEY.match(text, match.end()):
                    stop = min(stop, match.start())
                    break
        else:
            end = re.compile(r"[,\]\n]").search(text, start)
            stop = end.start() if end else len(whole) - brackets
        raw = text[start:stop]
        return StringSpan(start, start + len(raw.rstrip()), stop, False)

    def _skip(self, at: int) -> int:
        text, end = self._text, len(self._text)
        while at < end and text[at].isspace():
            at += 1
        return at


def _closing_quotes(quote: str) -> str:
    """Return the quotes that can close a string which `quote` opened."""
    if quote in "\"'":
        return quote
    return _DOUBLE_QUOTES if quote in _DOUBLE_QUOTES else _SINGLE_QUOTES
