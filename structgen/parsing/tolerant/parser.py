"""Parse malformed JSON: one pass, a stack instead of recursion, and a position for every fix.

The parser accepts comments, missing and wrong quotes, missing and spare commas, wrong brackets, the literals
of Python and JavaScript, calls around values, and a text that was cut. From a cut text it drops incomplete
members and items, but keeps the beginning of a string.
"""

from __future__ import annotations

import re

from structgen import json_text
from structgen.parsing.tolerant.brackets import read_closing_bracket
from structgen.parsing.tolerant.containers import NO_VALUE, ContainerStack, Frame
from structgen.parsing.tolerant.context import QUOTES
from structgen.parsing.tolerant.lookahead import EQUALS_KEY, continues_object
from structgen.parsing.tolerant.parse_result import ParseError, ParseResult
from structgen.parsing.tolerant.scalar_reader import CONSTANTS, ScalarReader
from structgen.parsing.tolerant.scanner import Scanner
from structgen.parsing.tolerant.string_reader import FENCE, StringReader
from structgen.parsing.tolerant.valid_members import VALID

_ELLIPSIS = re.compile(r"(?:\.\.\.|…)\s*,?")
_JSON_KEY = re.compile(r'"([^"\\\x00-\x1f]*+)"[ \t\n\r]*+:(?!:)')
_BARE_KEY = re.compile(r"[^:,{}\[\]\n]+")
_KEY_AND_SPACE = re.compile(r"([\w$-]+)\s+(?=[\"'\d\[{-])")
_COLON = re.compile(r"[:：]+|=>?|->|:=")
_PREFIX = re.compile(r"[bBrRuUfF]{1,2}(?=(?:\"[^\"\n]*\"|'[^'\n]*')\s*[,\]})])")
"""Before a string in Python."""
_CALL = re.compile(r"(?!not\b)[A-Za-z_$][\w$.]*\s*\((?=\s*(?:[\"'{\[\d)-]|/\*))")
_CONSTRUCTOR = re.compile(
    r"(?:new\s+)?(?:\w+\.)*(?:ObjectId|ISODate|Date|NumberLong|NumberInt|NumberDecimal|BinData|Timestamp|UUID|Decimal|"
    r"datetime|date|time|set|frozenset|list|tuple|dict|OrderedDict|defaultdict|array|u?int\d*|float\d*|str|bool|String|"
    r"Number|Boolean|Array|Object|parse|Path|PosixPath|Fraction|deque)\s*\("
)
"""Calls that stand for their argument as it is."""
_ITEM = (
    r"(?:\"[^\"\\\n]{0,200}+\"|'[^'\\\n]{0,200}+'|-?\d[\d.eE+-]{0,30}+|True|False|None|true|false|null)\s*+"
)
TUPLE = re.compile(rf"\(\s*+(?:(?:{_ITEM},\s*+)++(?:{_ITEM})?+)?+\)(?=\s*(?:[,\]}}]|\Z))")
"""A tuple of Python, not one value in parentheses."""


class TolerantParser:
    """Parse the values of one text, one at a time.

    `strict`: accept only valid JSON that was cut; `ParseError` for every other fault.
    """

    __slots__ = ("_containers", "_scalars", "_scanner", "_strings")

    def __init__(self, text: str, *, strict: bool = False) -> None:
        self._scanner = Scanner(text, strict=strict)
        self._containers = ContainerStack(self._scanner)
        self._strings = StringReader(self._scanner, self._containers)
        self._scalars = ScalarReader(self._scanner, self._containers)

    def parse(self, at: int = 0) -> ParseResult:
        """Parse the value that begins at or after a position; `ParseError` where there is none."""
        scanner, containers = self._scanner, self._containers
        scanner.begin(at)
        containers.begin()
        c, start = scanner.skip_space(), scanner.at
        if not c:
            raise ParseError("an empty text", at)
        self._read_value(c)
        frames = containers.frames
        while frames:
            self._step(frames[-1])
        if containers.root is NO_VALUE:
            raise ParseError("no value", start)
        return ParseResult(
            containers.root, start, scanner.at, tuple(scanner.fixes), containers.cut_at,
            tuple(containers.replaced), tuple(containers.spans),
        )  # fmt: skip

    def _step(self, frame: Frame) -> None:
        """Read one key, value, comma or bracket of the innermost container."""
        scanner = self._scanner
        if frame.comma and frame.key is None and frame.opening != "(" and self._read_valid(frame):
            return
        c = scanner.skip_space()
        if not c:
            self._containers.close_cut()
        elif c == ",":
            if frame.key is None and not frame.comma:
                frame.comma, frame.comma_at = True, scanner.at
                scanner.at += 1
            else:
                self._read_spare_comma(frame)
        elif c in "]})":
            self._close(c, frame)
        elif c == "，":
            self._read_substitute_comma(frame)
        elif c == ";" and frame.opening == "(":
            self._close(")", frame)
        elif c == ";" and frame.key is None and not frame.comma:
            self._read_substitute_comma(frame)
        elif c in ".…" and frame.key is None and frame.opening != "(" and self._skip_ellipsis():
            pass
        elif frame.opening == "{" and frame.key is None:
            self._read_member(frame, c)
        elif c == ":" and frame.opening == "[":
            self._read_pair(frame)
        else:
            if not frame.comma and frame.opening == "[":
                scanner.note("comma", scanner.at, ",")
            self._read_value(c)

    def _read_valid(self, frame: Frame) -> bool:
        """Read a member or item that is valid JSON beyond doubt, with the comma or bracket after it."""
        scanner, containers = self._scanner, self._containers
        match = VALID[frame.opening].match(scanner.text, scanner.at)
        if match is None:
            return False
        key, value, closes_string, number, fraction, constant, closes_scalar, opening = match.groups()
        closes, end = closes_string or closes_scalar, match.end()
        if frame.opening == "{":
            if key in frame.value:
                return False
            if closes and len(containers.frames) == 1 and continues_object(scanner.text, end - 1):
                return False
            frame.key = key
        if opening:
            scanner.at = end - 1
            containers.open(opening, end)
            frame.comma = False
            return True
        scanner.at = end
        if value is None:
            value = CONSTANTS[constant] if constant else float(number) if fraction else int(number)
        containers.put(value)
        if closes:
            containers.close()
        else:
            frame.comma, frame.comma_at = True, end - 1
        return True

    def _read_value(self, c: str) -> None:
        """Read the value that begins with `c`, the next character; only open it if it is a container."""
        scanner = self._scanner
        text, at = scanner.text, scanner.at
        if c in "{[":
            self._containers.open(c, at + 1)
        elif c in QUOTES:
            self._strings.read(c)
        elif self._scalars.read_number(c):
            pass
        elif c in "bBrRuUfF" and (prefix := _PREFIX.match(text, at)):
            scanner.replace("quotes", prefix.end())
            if "r" in prefix[0].lower():
                self._strings.read_raw()
            else:
                self._strings.read(scanner.peek())
        elif (c in "_$" or c.isalpha()) and (call := _CALL.match(text, at)):
            self._open_call(call)
        elif c == "(" and TUPLE.match(text, at):
            scanner.replace("tuple", at + 1, "[")
            self._containers.open("(", scanner.at).start = at
        else:
            self._scalars.read_bare()

    def _open_call(self, call: re.Match[str]) -> None:
        scanner, containers = self._scanner, self._containers
        start, fix_count = scanner.at, len(scanner.fixes)
        stands_for_argument = not containers.frames or _CONSTRUCTOR.match(call[0])
        scanner.replace("call" if stands_for_argument else "function", call.end())
        frame = containers.open("(", scanner.at)
        frame.start, frame.fix_count = start, fix_count

    def _skip_ellipsis(self) -> bool:
        scanner = self._scanner
        if ellipsis := _ELLIPSIS.match(scanner.text, scanner.at):
            scanner.replace("ellipsis", ellipsis.end())
        return ellipsis is not None

    def _read_spare_comma(self, frame: Frame) -> None:
        if frame.key is not None:
            self._put_missing_value()
        else:
            self._scanner.replace("comma", self._scanner.at + 1)

    def _read_substitute_comma(self, frame: Frame) -> None:
        frame.comma, frame.comma_at = True, self._scanner.at
        self._scanner.replace("comma", self._scanner.at + 1, ",")

    def _put_missing_value(self) -> None:
        """Put null for a key without a value."""
        self._scanner.note("missing-value", self._scanner.at, "null")
        self._containers.put(None)

    def _close(self, c: str, frame: Frame) -> None:
        if frame.opening == "{" and frame.key is not None:
            self._put_missing_value()
        read_closing_bracket(self._scanner, self._containers, c)

    def _read_member(self, frame: Frame, c: str) -> None:
        """Read a key and its colon, and begin to read its value."""
        scanner, containers = self._scanner, self._containers
        if c == "{" and len(containers.frames) > 1 and containers.frames[-2].opening == "[":
            scanner.note("bracket", scanner.at, "}")
            containers.close()
            return
        if c in "{[:":
            scanner.fail(f"{c!r} in place of a key")
        if scanner.text.startswith("```", scanner.at):
            fence = FENCE.match(scanner.text, scanner.at)
            scanner.replace("fence", fence.end() if fence else scanner.at + 3)
            return
        if not frame.comma:
            scanner.note("comma", scanner.at, ",")
        if c == '"' and (valid := _JSON_KEY.match(scanner.text, scanner.at)):
            frame.key_at = scanner.at
            frame.key, frame.comma, scanner.at = valid[1], False, valid.end()
            self._read_member_value()
            return
        start, quoted = scanner.at, c in QUOTES
        key = self._strings.read_key(c) if quoted else self._read_bare_key()
        if key is None:
            containers.close_cut()
            return
        frame.key, frame.comma, frame.key_at = key, False, start
        self._read_colon(start, quoted)

    def _read_colon(self, key_at: int, quoted: bool) -> None:
        scanner = self._scanner
        c = scanner.skip_space()
        if colon := _COLON.match(scanner.text, scanner.at):
            if colon[0] == ":":
                scanner.at += 1
            else:
                scanner.replace("colon", colon.end(), ":")
            self._read_member_value()
        elif not c:
            self._containers.close_cut()
        elif (quoted or c in QUOTES) and c not in ",]})":
            scanner.note("colon", scanner.at, ":")
        else:
            scanner.fail("a key without a value", key_at)

    def _read_member_value(self) -> None:
        c = self._scanner.skip_space()
        if not c:
            return
        if c in ",}])":
            self._put_missing_value()
        else:
            self._read_value(c)

    def _read_bare_key(self) -> str | None:
        """Read a key without quotes; None where the text was cut within it."""
        scanner = self._scanner
        if equals := EQUALS_KEY.match(scanner.text, scanner.at):
            scanner.replace("key-quotes", equals.end(1), json_text.dumps(equals[1]))
            return equals[1]
        match = _BARE_KEY.match(scanner.text, scanner.at)
        if match is None:
            scanner.fail("no key")
        if match.end() == len(scanner.text):
            return None
        raw = match[0].rstrip()
        spaced = _KEY_AND_SPACE.match(match[0])
        if spaced and scanner.text[match.end()] != ":":
            raw = spaced[1]
        key = raw.strip("\"'")
        scanner.replace("key-quotes", scanner.at + len(raw), json_text.dumps(key))
        return key

    def _read_pair(self, frame: Frame) -> None:
        """Read `["key": 1]` as an array of an object without its brackets."""
        scanner = self._scanner
        if not frame.value or not isinstance(frame.value[-1], str):
            scanner.fail("':' in place of an item")
        key = frame.value.pop()
        scanner.replace("bracket", scanner.at + 1, ":")
        members: dict[str, object] = {}
        frame.value.append(members)
        inner = self._containers.enter("{", members, scanner.at)
        inner.key, inner.comma = key, False
        self._read_member_value()
