"""Read scalars of a malformed text that stand without quotes: numbers, words, and bare strings."""

from __future__ import annotations

import re
from typing import Literal

from structgen import json_text
from structgen.parsing.tolerant.containers import ContainerStack
from structgen.parsing.tolerant.context import Position
from structgen.parsing.tolerant.lookahead import BARE_KEY, EQUALS_KEY, KEY
from structgen.parsing.tolerant.parse_result import FixKind
from structgen.parsing.tolerant.scanner import SPACE, Scanner

_NUMBER = re.compile(
    r"[-+]?(?:\d[\d_]*+(?:\.[\d_]*+)?|\.\d[\d_]*+)(?:[eE][+-]?\d*+)?"
    r"(?=\s*(?:[,，;\]}\n)]|/[/*]|#|\Z|[\"'\[{]| [\"A-Za-z]))"
)
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:,\d{3}){1,4}(?:\.\d{1,6})?(?=\s*(?:[}\n]|\Z|,\s*[\"'A-Za-z]))")
_JSON_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
_NUMBER_PARTS = re.compile(r"(-?)(\d*)(\.\d*)?([eE][+-]?\d*)?")
_STRAY_QUOTE = re.compile(r"""["'](?=\s*(?:\}|\Z|,\s*["'][\w $-]{1,60}["']\s*:))""")
"""A quote after a number."""
_NUMBER_WORDS = frozenset(("NaN", "Infinity", "-Infinity", "+Infinity", "inf", "-inf", "nan"))
CONSTANTS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
             "null": None, "None": None, "NULL": None, "undefined": None}  # fmt: skip
"""The words for true, false and null in JSON, Python and JavaScript."""
_WORD = re.compile(r"[A-Za-z]+(?=\s*(?:[,，\]}\n):;]|/[/*]|#|\Z|[\"'] *[A-Za-z_\"']))")
_SCALAR = r"(?:-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]+)?|true|false|null)"
_SPACED_SCALARS = re.compile(rf"{_SCALAR}(?:[ \t]+{_SCALAR})+")
_REGEX = re.compile(r"/(?![/*])(?:\\.|[^/\\\n])+/[a-z]*(?=\s*(?:[,\]}]|\Z))")
_SWALLOWED_MEMBER = re.compile(r"""[\w"']["']?\s*:\s|["']\s*[,;:=]|[,;:=]\s*["']""")
"""A sign of another member within a bare string."""
_BARE_STOP = re.compile(r"[,\]}\n()\[{]|\s//|/\*")
_MAX_CUT_CONSTANT = 6
"""Characters at the end of a text that may be the beginning of a constant."""
_BarePosition = Position | Literal["equals-member"]
"""`equals-member`: the value of `key = value`."""


class ScalarReader:
    """Read the scalar without quotes at the scanner's position."""

    __slots__ = ("_containers", "_scanner")

    def __init__(self, scanner: Scanner, containers: ContainerStack) -> None:
        self._scanner, self._containers = scanner, containers

    def read_number(self, first: str) -> bool:
        """Read a number that begins with the character `first`; False for other text."""
        scanner = self._scanner
        text, at, digit = scanner.text, scanner.at, first.isdigit()
        if digit and self._containers.context.position == "member" and (grouped := _GROUPED.match(text, at)):
            value = json_text.loads(grouped[0].replace(",", ""))
            scanner.replace("grouped-number", grouped.end(), json_text.dumps(value))
            self._containers.put(value)
        elif (digit or first in "+-.") and (match := _NUMBER.match(text, at)):
            self._read_number(match)
        else:
            return False
        return True

    def read_bare(self) -> None:
        """Read a constant, a regular expression, or a string without quotes."""
        scanner, containers = self._scanner, self._containers
        if scanner.peek() == "/" and (regex := _REGEX.match(scanner.text, scanner.at)):
            self._replace("quotes", regex.end(), regex[0])
            return
        if self._read_constant() or self._read_cut_constant():
            return
        if scanner.text[scanner.at : scanner.at + 3] in ("-", "- ", "+"):
            containers.close_cut() if containers.frames else scanner.fail("a sign without a number")
            return
        end = self._bare_end()
        raw = scanner.text[scanner.at : end].rstrip()
        if not raw:
            scanner.fail(f"{scanner.peek()!r} in place of a value")
        if containers.context.position == "item" and _SPACED_SCALARS.fullmatch(raw):
            self._read_spaced_items(raw)
            return
        value = raw[:-1] if raw[-1] in "\"'" and raw.count(raw[-1]) % 2 else raw
        kind: FixKind = "unquoted-end" if _SWALLOWED_MEMBER.search(raw) else "quotes"
        scanner.replace(
            "number-word" if raw in _NUMBER_WORDS else kind, scanner.at + len(raw), json_text.dumps(value)
        )
        if end == len(scanner.text) and containers.frames:
            containers.mark_cut()
        containers.put(value)

    def _replace(self, kind: FixKind, end: int, value: object) -> None:
        """Put a value, and record that it replaces the characters up to `end`."""
        self._scanner.replace(kind, end, json_text.dumps(value))
        self._containers.put(value)

    def _read_number(self, match: re.Match[str]) -> None:
        scanner, containers = self._scanner, self._containers
        literal, end = match[0], match.end()
        plain = literal.replace("_", "").lstrip("+")
        parts = _NUMBER_PARTS.fullmatch(plain)
        assert parts is not None
        sign, digits, fraction, exponent = (part or "" for part in parts.groups())
        whole_exponent = exponent[-1:].isdigit()
        normal = sign + (digits or "0") + (fraction if len(fraction) > 1 else ".0" if fraction else "")
        normal += exponent if whole_exponent else ""
        leading_zero = len(digits) > 1 and digits.startswith("0")
        value = None if leading_zero else _number(normal)
        if value is None:
            self._replace("quotes", end, literal.strip())
            return
        if not fraction and exponent and not whole_exponent:
            value = float(value)
        cut = end == len(scanner.text) and bool(containers.frames)
        if plain[-1:] in "eE+-":
            scanner.replace("cut", end, json_text.dumps(value))
        elif not _JSON_NUMBER.fullmatch(literal):
            scanner.replace("number", end, json_text.dumps(value))
        elif cut:
            scanner.replace("cut", end, literal)
        else:
            scanner.at = end
        if cut:
            containers.mark_cut()
        containers.put(value)
        stray = _STRAY_QUOTE.match(scanner.text, scanner.at)
        if stray and containers.context.position == "member":
            scanner.replace("quotes", stray.end())

    def _read_constant(self) -> bool:
        scanner = self._scanner
        match = _WORD.match(scanner.text, scanner.at)
        if match is None or match[0] not in CONSTANTS:
            return False
        value = CONSTANTS[match[0]]
        if match[0] in ("true", "false", "null"):
            scanner.at = match.end()
            self._containers.put(value)
        else:
            self._replace("literal", match.end(), value)
        return True

    def _read_cut_constant(self) -> bool:
        """Read the beginning of a constant at the end of the text."""
        scanner, containers = self._scanner, self._containers
        rest = scanner.text[scanner.at : scanner.at + _MAX_CUT_CONSTANT + 1]
        if len(rest) > _MAX_CUT_CONSTANT:
            return False
        for word in ("true", "false", "null", "True", "False", "None"):
            shortest = 1 if containers.frames and word.islower() else 2  # `F` may be a grade
            if len(rest) >= shortest and word.startswith(rest):
                containers.mark_cut()
                self._replace("cut", len(scanner.text), CONSTANTS[word])
                return True
        return False

    def _read_spaced_items(self, raw: str) -> None:
        """Read items that spaces alone separate: a guess, since it could be one text."""
        scanner = self._scanner
        values = [json_text.loads(word) for word in raw.split()]
        replacement = ",".join(map(json_text.dumps, values))
        scanner.replace("several-values", scanner.at + len(raw), replacement)
        for value in values:
            self._containers.put(value)

    def _bare_end(self) -> int:
        """Return the end of a string without quotes: before what closes or continues its container."""
        text, at, depth = self._scanner.text, self._scanner.at, 0
        position: _BarePosition = self._containers.context.position
        if position == "member" and text[max(0, at - 20) : at].rstrip().endswith("="):
            position = "equals-member"
        members = position in ("member", "equals-member")
        for match in _BARE_STOP.finditer(text, at):
            c, stop = match[0][0], match.start()
            if c in "([{":
                depth += 1
            elif c in ")]}":
                if not depth:
                    if c != ")" or position == "argument":
                        return stop
                else:
                    depth -= 1
            elif depth and not (members and c == "\n" and _continues(text, stop)):
                continue
            elif _ends_bare(text, stop, c, position):
                return stop
        return len(text)


def _number(literal: str) -> int | float | None:
    """Return the number, or None where JSON cannot represent it."""
    try:
        value: int | float = json_text.loads(literal)
    except json_text.JsonError:
        return None
    return value


def _ends_bare(text: str, at: int, c: str, position: _BarePosition) -> bool:
    """Whether the comma, line end or comment `c` ends a string without quotes."""
    match position:
        case "item":
            return True
        case "member":
            return c not in ",\n" or _continues(text, at)
        case "equals-member":  # `{a = foo, b = bar}`
            return c not in ",\n" or _continues(text, at) or EQUALS_KEY.match(text, at + 1) is not None
        case "argument":
            return c == ","
    return c in "\n,"


def _continues(text: str, at: int) -> bool:
    """Whether a member, or the object's end, follows the comma or line end at `at`."""
    after = at + 1
    if KEY.match(text, after) or BARE_KEY.match(text, after):
        return True
    following = SPACE.match(text, after)
    c = text[following.end() : following.end() + 1] if following else ""
    return c == "}" or (text[at] == "," and c in ("", ",", "]", ".", "/"))
