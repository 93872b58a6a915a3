"""Scalars of a broken text: strings, numbers, words, and what stands there without quotes."""

from __future__ import annotations

import re
import textwrap

from structgen import json_text
from structgen.parsing.tolerant.lookahead import BARE_KEY, EQUALS_KEY, KEY
from structgen.parsing.tolerant.state import SPACE, Cursor
from structgen.parsing.tolerant.strings import QUOTES, Quoted, unescaped

_NUMBER = re.compile(
    r"[-+]?(?:\d[\d_]*+(?:\.[\d_]*+)?|\.\d[\d_]*+)(?:[eE][+-]?\d*+)?"
    r"(?=\s*(?:[,，;\]}\n)]|/[/*]|#|\Z|[\"'\[{]| [\"A-Za-z]))"
)
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:,\d{3}){1,4}(?:\.\d{1,6})?(?=\s*(?:[}\n]|\Z|,\s*[\"'A-Za-z]))")
_JSON_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
_PARTS = re.compile(r"(-?)(\d*)(\.\d*)?([eE][+-]?\d*)?")
_SPECIAL = re.compile(r'[\\"\x00-\x1f]')
_STRICT = re.compile(r'"(?:[^"\\\x00-\x1f]++|\\["\\/bfnrt])*+"')
_PLUS = re.compile(r"\s*\+\s*")
_STRAY = re.compile(r"""["'](?=\s*(?:\}|\Z|,\s*["'][\w $-]{1,60}["']\s*:))""")
"""A quote after a number."""
_NO_NUMBERS = frozenset(("NaN", "Infinity", "-Infinity", "+Infinity", "inf", "-inf", "nan"))
WORDS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
          "null": None, "None": None, "NULL": None, "undefined": None}  # fmt: skip
_WORD = re.compile(r"[A-Za-z]+(?=\s*(?:[,，\]}\n):;]|/[/*]|#|\Z|[\"'] *[A-Za-z_\"']))")
_CALL = re.compile(r"(?!not\b)[A-Za-z_$][\w$.]*\s*\((?=\s*(?:[\"'{\[\d)-]|/\*))")
_ITEM = (
    r"(?:\"[^\"\\\n]{0,200}+\"|'[^'\\\n]{0,200}+'|-?\d[\d.eE+-]{0,30}+|True|False|None|true|false|null)\s*+"
)
TUPLE = re.compile(rf"\(\s*+(?:(?:{_ITEM},\s*+)++(?:{_ITEM})?+)?+\)(?=\s*(?:[,\]}}]|\Z))")
"""Python's: not one value alone, which parentheses only hold together."""
_CONSTRUCTOR = re.compile(
    r"(?:new\s+)?(?:\w+\.)*(?:ObjectId|ISODate|Date|NumberLong|NumberInt|NumberDecimal|BinData|Timestamp|UUID|Decimal|"
    r"datetime|date|time|set|frozenset|list|tuple|dict|OrderedDict|defaultdict|array|u?int\d*|float\d*|str|bool|String|"
    r"Number|Boolean|Array|Object|parse|Path|PosixPath|Fraction|deque)\s*\("
)
"""What calls for a value as it stands in the call."""
FENCE = re.compile(r"```[^\n`\"]*\n?")
_SWALLOWED = re.compile(r"""(?<!\\)"\s*[,;]\s*["']?[\w $-]{0,40}["']?\s*[:=]""")
"""A quote, and what may be the next member, within a string."""
_PREFIX = re.compile(r"[bBrRuUfF]{1,2}(?=(?:\"[^\"\n]*\"|'[^'\n]*')\s*[,\]})])")
"""Before a string of Python's."""
_ONE = r"(?:-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]+)?|true|false|null)"
_SCALARS = re.compile(rf"{_ONE}(?:[ \t]+{_ONE})+")
_REGEX = re.compile(r"/(?![/*])(?:\\.|[^/\\\n])+/[a-z]*(?=\s*(?:[,\]}]|\Z))")
_DOUBTFUL = re.compile(r"""[\w"']["']?\s*:\s|["']\s*[,;:=]|[,;:=]\s*["']""")
"""What may be another member, taken for the end of a string."""
_BARE_STOP = re.compile(r"[,\]}\n()\[{]|\s//|/\*")


class Literals(Cursor):
    """Reads what is no container; opens what is one."""

    def _value(self, c: str) -> None:
        """What begins with `c`, the character here."""
        text = self.text
        if c in "{[":
            self._open(c, self.at + 1)
        elif c in QUOTES:
            self._quoted(c)
        elif c.isdigit() and self._place().role == "member" and (grouped := _GROUPED.match(text, self.at)):
            value = json_text.loads(grouped[0].replace(",", ""))
            self._fix("grouped-number", grouped.end(), json_text.dumps(value))
            self._put(value)
        elif (c in "+-." or c.isdigit()) and (match := _NUMBER.match(text, self.at)):
            self._number(match)
        elif c in "bBrRuUfF" and (prefix := _PREFIX.match(text, self.at)):
            raw = "r" in prefix[0].lower()
            self._fix("quotes", prefix.end())
            self._raw() if raw else self._quoted(text[self.at])
        elif (c in "_$" or c.isalpha()) and (call := _CALL.match(text, self.at)):
            start, fixes = self.at, len(self.fixes)
            known = not self.stack or _CONSTRUCTOR.match(call[0])
            self._fix("call" if known else "function", call.end())
            self._open("(", self.at)
            self.stack[-1].start, self.stack[-1].fixes = start, fixes
        elif c == "(" and TUPLE.match(text, self.at):
            start = self.at
            self._fix("tuple", start + 1, "[")
            self._open("(", self.at)
            self.stack[-1].start = start
        elif c == "/" and (regex := _REGEX.match(text, self.at)):
            self._fix("quotes", regex.end(), json_text.dumps(regex.group()))
            self._put(regex.group())
        else:
            self._bare()

    def _quoted(self, c: str) -> None:
        text = self.text
        if c == '"' and text.startswith('"""', self.at) and self.at + 3 <= self._last_block:
            self._block('"""')
        elif c == "`" and text.startswith("```", self.at):
            self._fenced()
        else:
            found = self._ends.find(self.at + 1, c, self._place())
            value = self._string(found, c)
            if found.cut:
                self.cut_at = self._path(self.stack)
            self._put(self._joined(value))

    def _raw(self) -> None:
        """A string in which a backslash means itself."""
        end = self.text.index(self.text[self.at], self.at + 1)
        value = self.text[self.at + 1 : end]
        self._fix("quotes", end + 1, json_text.dumps(value))
        self._put(value)

    def _string(self, found: Quoted, quote: str) -> str:
        raw = self.text[found.start : found.stop]
        clean = found.closed and quote == '"' and self.text[found.end - 1] == '"'
        if clean and not _SPECIAL.search(raw):
            self.at = found.end
            return raw
        value = unescaped(raw, found.start, found.cut)
        dumped = json_text.dumps(value)
        if found.cut:
            self._fix("cut", found.end, dumped)
        elif not found.closed:
            self._fix("unquoted-end", found.end, dumped)
        elif not clean or not _strict(self.text[found.start - 1 : found.end]):
            lost = "\ufffd" in value and "\ufffd" not in raw  # half a surrogate pair is no character
            doubtful = found.closed and quote not in "'`" and _SWALLOWED.search(raw)
            kind = "encoding" if lost else "unquoted-end" if doubtful else "quotes" if not clean else "escape"
            self._fix(kind, found.end, dumped)
        else:
            self.at = found.end
        return value

    def _joined(self, value: str) -> str:
        """`"a" + "b"`."""
        while (plus := _PLUS.match(self.text, self.at)) and (
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
        self._fix("quotes", stop + 3, json_text.dumps(value))
        self._put(value)

    def _fenced(self) -> None:
        """A fence where a value should stand: around JSON it means nothing, around text it quotes."""
        fence = FENCE.match(self.text, self.at)
        inside = fence.end() if fence else self.at + 3
        after = SPACE.match(self.text, inside)
        begins = self.text[after.end() : after.end() + 1] if after else ""
        if begins in ("{", "[") and "json" in self.text[self.at : inside]:
            self._fix("fence", inside)
            return
        stop = self.text.find("```", inside)
        end = stop + 3 if stop >= 0 else len(self.text)
        value = textwrap.dedent(self.text[inside : stop if stop >= 0 else end].rstrip())
        self._fix("quotes", end, json_text.dumps(value))
        self._put(value)

    def _number(self, match: re.Match[str]) -> None:
        literal = match.group()
        plain = literal.replace("_", "").lstrip("+")
        whole = _PARTS.fullmatch(plain)
        assert whole is not None
        sign, digits, fraction, exponent = (part or "" for part in whole.groups())
        if len(digits) > 1 and digits.startswith("0"):
            self._text_until(match.end())
            return
        cut = match.end() == len(self.text) and bool(self.stack)
        mended = sign + (digits or "0") + (fraction if len(fraction) > 1 else ".0" if fraction else "")
        mended += exponent if exponent[-1:].isdigit() else ""
        try:
            value = json_text.loads(mended)
        except json_text.JsonFault:
            self._text_until(match.end())
            return
        if not fraction and exponent and not exponent[-1:].isdigit():
            value = float(value)
        if plain[-1:] in "eE+-":
            self._fix("cut", match.end(), json_text.dumps(value))
        elif not _JSON_NUMBER.fullmatch(literal):
            self._fix("number", match.end(), json_text.dumps(value))
        elif cut:
            self._fix("cut", match.end(), literal)
        else:
            self.at = match.end()
        if cut:
            self.cut_at = self._path(self.stack)
        self._put(value)
        if (stray := _STRAY.match(self.text, self.at)) and self._place().role == "member":
            self._fix("quotes", stray.end())

    def _text_until(self, end: int) -> None:
        value = self.text[self.at : end].strip()
        self._fix("quotes", end, json_text.dumps(value))
        self._put(value)

    def _bare(self) -> None:
        """A word of JSON, Python or JavaScript, or a string without quotes."""
        match = _WORD.match(self.text, self.at)
        if match and match.group() in WORDS:
            known = WORDS[match.group()]
            if match.group() in ("true", "false", "null"):
                self.at = match.end()
            else:
                self._fix("literal", match.end(), json_text.dumps(known))
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
        if self._place().role == "item" and _SCALARS.fullmatch(raw):
            self._row(raw)
            return
        value = raw[:-1] if raw[-1] in "\"'" and raw.count(raw[-1]) % 2 else raw
        kind = "number-word" if raw in _NO_NUMBERS else "unquoted-end" if _DOUBTFUL.search(raw) else "quotes"
        self._fix(kind, self.at + len(raw), json_text.dumps(value))
        if end == len(self.text) and self.stack:
            self.cut_at = self._path(self.stack)
        self._put(value)

    def _row(self, raw: str) -> None:
        """Items with nothing but spaces between them, or one text of several: a guess."""
        values = [json_text.loads(word) for word in raw.split()]
        self._fix("several-values", self.at + len(raw), ",".join(map(json_text.dumps, values)))
        for value in values:
            self._put(value)

    def _cut_word(self, rest: str) -> bool:
        for word in ("true", "false", "null", "True", "False", "None"):
            least = 1 if self.stack and word.islower() else 2  # `F` may be a grade
            if len(rest) >= least and word.startswith(rest):
                self.cut_at = self._path(self.stack)
                self._fix("cut", len(self.text), json_text.dumps(WORDS[word]))
                self._put(WORDS[word])
                return True
        return False

    def _bare_end(self) -> int:
        """Where a string without quotes ends: before what closes or goes on with its container."""
        text, at, depth = self.text, self.at, 0
        role = self._place().role
        if role == "member" and text[max(0, at - 20) : at].rstrip().endswith("="):
            role = "pair"
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
            elif depth and not (role in ("member", "pair") and c == "\n" and _goes_on(text, here)):
                continue
            elif _stops(text, here, c, role):
                return here
        return len(text)


def _stops(text: str, at: int, c: str, role: str) -> bool:
    """Whether a comma, a line's end or a comment ends a string without quotes."""
    match role:
        case "item":
            return True
        case "member":
            return c not in ",\n" or _goes_on(text, at)
        case "pair":  # `{a = foo, b = bar}`
            return c not in ",\n" or _goes_on(text, at) or EQUALS_KEY.match(text, at + 1) is not None
        case "call":
            return c == ","
    return c in "\n,"


def _goes_on(text: str, at: int) -> bool:
    """Whether a member, or the object's end, follows the comma or the end of a line."""
    after = at + 1
    if KEY.match(text, after) or BARE_KEY.match(text, after):
        return True
    following = SPACE.match(text, after)
    c = text[following.end() : following.end() + 1] if following else ""
    return c == "}" or (text[at] == "," and c in ("", ",", "]", ".", "/"))


def _strict(literal: str) -> bool:
    if "\\u" not in literal:
        return _STRICT.fullmatch(literal) is not None
    try:
        return isinstance(json_text.loads(literal), str)
    except json_text.JsonFault:
        return False
