"""Read values without quotes: numbers, constants, and text."""

from __future__ import annotations

import re

from structgen import json_text
from structgen.parsing.tolerant import costs
from structgen.parsing.tolerant import readings as r
from structgen.parsing.tolerant.escapes import read_escapes
from structgen.parsing.tolerant.parse_result import FixKind
from structgen.parsing.tolerant.readings import Reading
from structgen.parsing.tolerant.scan import Scan
from structgen.parsing.tolerant.strings import _AFTER, _NEXT_KEY

_NUMBER = re.compile(
    r"[-+−–]?(?:\d[\d_]*+(?:\.[\d_]*+)?|\.\d[\d_]*+)(?:[eE][+-]?\d*+)?"
    r"(?=\s*(?:[,，、；;\]}\n)]|/[/*]|#|\Z|[\"'\[{]| [\"A-Za-z_$]))"
)
_NUMBER_AND_MARK = re.compile(r"([-+]?(?:0|[1-9]\d*)(?:\.\d+)?)[:.;!*?\\|~^`]{1,3}(?=\s*[,}\]\n])")
_PLAIN_NUMBER = re.compile(r"(-?(?:0|[1-9]\d{0,17}+)(\.\d{1,17}+)?)(?=[,\]}\n])")
_SPACED = re.compile(r"-?(?:0|[1-9][0-9]{0,17}+)(?:\.[0-9]+)?")
_SPACED_SCALARS = re.compile(
    rf"{_SPACED.pattern}(?:[ \t]+(?:{_SPACED.pattern}|true|false|null))+(?=[ \t]*[,\]\n])"
)
_EUROPEAN = re.compile(
    r"-?(?:[1-9]\d{0,2}(?:\.\d{3})+,\d{1,6}|(?:0|[1-9]\d*),\d{1,2}"
    r"|[1-9]\d{0,2}(?:(?:'\d{3})+|(?:[ \u00a0\u202f]\d{3})+)(?:[.,]\d{1,6})?)"
    r"(?=\s*(?:[}\n]|\Z|,\s*[\"'A-Za-z]))"
)
"""Numbers with a decimal comma, or with spaces or apostrophes between groups."""
_NO_GROUPS = str.maketrans("", "", ".' \u00a0\u202f")
_HEX = re.compile(r"([-+]?)0[xX]([0-9a-fA-F]{1,16})(?=\s*(?:[,;\]}\n)]|/[/*]|\Z))")
_GROUPED = re.compile(
    r"[-+]?[1-9]\d{0,2}(?:,\d{3}){1,4}(?:\.\d{1,6})?(?=\s*(?:[}\n]|\Z|,\s*[\"'A-Za-z]|,\s*\Z))"
)
_JSON_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
_NUMBER_PARTS = re.compile(r"(-?)(\d*)(\.\d*)?([eE][+-]?\d*)?")
_UNIT = re.compile(
    r"[ \t]*(?![,;:，：、；])[^\s\d\"'{}\[\],:;/#(][^\n\"'{}\[\],:;=]{0,30}(?=\s*(?:[,}\]\n]|\Z))"
)
"""Words behind a number, up to the next comma or bracket."""
_STRAY_QUOTE = re.compile(r"""["'](?=\s*(?:[}\]]|\Z|,\s*["']))""")
"""A quote after a number."""
_NUMBER_WORDS = frozenset(("NaN", "Infinity", "-Infinity", "+Infinity", "inf", "-inf", "nan"))
CONSTANTS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
             "null": None, "None": None, "NULL": None, "Null": None, "nil": None, "Nil": None, "NIL": None,
             "undefined": None}  # fmt: skip
"""The words for true, false and null in JSON, Python and JavaScript."""
_WORD = re.compile(r"[A-Za-z]+(?=\s*(?:[,，、；\]}\n):;.]|/[/*]|#|\Z|[\"'\[{]|[ \t]+[A-Za-z_$\"']))")
_WORD_AND_MARK = re.compile(r"([A-Za-z]+)[^\w\s,}\]\"'{\[(]{1,3}(?=\s*[,}\]\n])")
_REGEX = re.compile(r"/(?![/*])(?:\\.|[^/\\\n])+/[a-z]*(?=\s*(?:[,\]}]|\Z))")
_SIMPLE = re.compile(r"[^\s\"'{}\[\],;]+|[^\W\d_]+(?: [^\W\d_]+)*")
"""Text without quotes that can hardly be anything but a string: one token, or words of letters alone."""
_STOP = re.compile(r"[,;\]}\n()\[{\"'`”’]|\s//|\s#|/\*|<\|")
_CLEAN_MEMBER = re.compile(
    rf"(?:,{_NEXT_KEY}|\}}{_AFTER}|\n{_NEXT_KEY}|\n\s*\}}|,\s*+\}}|,\s*\Z|;{_NEXT_KEY})"
)
_CLEAN_AFTER_QUOTE = re.compile(rf"\s*+(?:,{_NEXT_KEY}|\}}{_AFTER}|\n{_NEXT_KEY}|,\s*\}}|,\s*\Z)")
_CLEAN_ITEM_AFTER_QUOTE = re.compile(rf"\s*+(?:,\s*+[\"'{{\[\d-]|\]{_AFTER}|,\s*\])")
_EQUALS_MEMBER = re.compile(r"[,\n]\s*[A-Za-z_$][\w.$-]*\s*=(?![=>])")
_STRAY_BEFORE_VALUE = re.compile(
    r"(?P<mark>(?:[^\w\s\"'{}\[\](\\]{1,4}|\d{1,4}[.):]|[a-z]\))\s*(?=[\"'{\[]))"
    r"|[^\W\d_][^\n\"'{}\[\],:;=()]{0,120}(?:[ \t:.\-]+|\s*\n\s*)(?=[\"{\[])"
    r"|[^\W\d_][^\n\"'{}\[\]=()]{0,160}\s*(?=\{)"
)
"""A mark, a number or words before a value."""
_MAX_CUT_CONSTANT = 6
"""Characters at the end of a text that may be the beginning of a constant."""
_SKIP_COSTS = {",": 0.8, "\n": 1.0, ";": 0.6}
_SKIP_BRACKET = 2.5


def read_number(scan: Scan, reading: Reading) -> bool:
    """Read a number; False for other text."""
    text, at = scan.text, reading.at
    if plain := _PLAIN_NUMBER.match(text, at):
        after = text[plain.end()]
        if after != "," or reading.phase != r.VALUE or not text[plain.end() + 1 : plain.end() + 2].isdigit():
            scan.put(reading, float(plain[1]) if plain[2] else int(plain[1]), plain.end())
            return True
    if reading.phase == r.VALUE and not scan.strict and (grouped := _GROUPED.match(text, at)):
        value = json_text.loads(grouped[0].replace(",", "").lstrip("+"))
        scan.replace(reading, "grouped-number", grouped.end(), json_text.dumps(value), costs.MISSING_VALUE)
        scan.put(reading, value, grouped.end())
        return True
    if reading.phase == r.ITEM and _SPACED_SCALARS.match(text, at) and (word := _SPACED.match(text, at)):
        _put_number(scan, reading, word[0], word.end())
        return True
    if reading.phase == r.VALUE and not scan.strict and (european := _EUROPEAN.match(text, at)):
        plain_text = european[0].translate(_NO_GROUPS)
        number = json_text.loads(plain_text.replace(",", ".") if "," in plain_text else plain_text)
        scan.replace(reading, "grouped-number", european.end(), json_text.dumps(number), costs.MISSING_VALUE)
        scan.put(reading, number, european.end())
        return True
    if hexadecimal := _HEX.match(text, at):
        value = int(hexadecimal[1] + hexadecimal[2], 16)
        scan.replace(reading, "number", hexadecimal.end(), json_text.dumps(value), costs.NUMBER_NOTATION)
        scan.put(reading, value, hexadecimal.end())
        return True
    match = _NUMBER.match(text, at)
    if match is None:
        marked = None if scan.strict or reading.frame is None else _NUMBER_AND_MARK.match(text, at)
        if marked is None:
            return False
        _put_number(scan, reading, marked[1], marked.end(1))
        scan.drop(reading, marked.end(), costs.STRAY_MARK)
        return True
    end = match.end()
    unit = None if scan.strict or text[end : end + 1] in ",]}\n" else _UNIT.match(text, end)
    if unit and unit[0].strip() not in ("", "-"):
        _fork_stray_unit(scan, reading, match)
        return False
    _put_number(scan, reading, match[0], end)
    return True


def _fork_stray_unit(scan: Scan, reading: Reading, match: re.Match[str]) -> None:
    """Let another reading take the number alone; words follow it."""
    other = scan.fork(reading, 0.0)
    _put_number(scan, other, match[0], match.end())


def _put_number(scan: Scan, reading: Reading, literal: str, end: int) -> None:
    plain = literal.replace("_", "").lstrip("+").replace("−", "-").replace("–", "-")
    parts = _NUMBER_PARTS.fullmatch(plain)
    assert parts is not None
    sign, digits, fraction, exponent = (part or "" for part in parts.groups())
    whole_exponent = exponent[-1:].isdigit()
    normal = sign + (digits or "0") + (fraction if len(fraction) > 1 else ".0" if fraction else "")
    normal += exponent if whole_exponent else ""
    leading_zero = len(digits) > 1 and digits.startswith("0")
    value = None if leading_zero else _number(normal)
    if value is None:
        _replace(scan, reading, "quotes", end, literal.strip(), costs.BARE_VALUE)
        return
    if not fraction and exponent and not whole_exponent:
        value = float(value)
    cut = end == scan.end and reading.frame is not None
    if plain[-1:] in "eE+-":
        scan.fix(reading, "cut", end, json_text.dumps(value), costs.NUMBER_NOTATION)
    elif not _JSON_NUMBER.fullmatch(literal):
        scan.fix(reading, "number", end, json_text.dumps(value), costs.NUMBER_NOTATION)
    elif cut:
        scan.fix(reading, "cut", end, literal, 0.0)
    if cut:
        reading.events.append((r.MARK_CUT,))
    scan.put(reading, value, end)
    stray = None if cut else _STRAY_QUOTE.match(scan.text, end)
    if stray and (stray[0] == '"' or reading.frame is not None):
        scan.replace(reading, "quotes", stray.end(), "", costs.STRAY_QUOTE)


def read_bare(scan: Scan, reading: Reading) -> None:
    """Read a constant, a regular expression, or text without quotes."""
    text, at = scan.text, reading.at
    if text[at] == "/" and (regex := _REGEX.match(text, at)):
        _replace(scan, reading, "quotes", regex.end(), regex[0], costs.CALL)
        return
    if _read_constant(scan, reading) or _read_cut_constant(scan, reading):
        return
    if text[at : at + 3] in ("-", "- ", "+"):
        if reading.frame is None:
            reading.cost = costs.UNREAD
        else:
            end_text(scan, reading)
        return
    reading.cost += fork_stray(scan, reading)
    reading.start, reading.back, reading.phase = at, reading.phase, r.BARE
    reading.inner_open = False
    read_on(scan, reading)


def read_on(scan: Scan, reading: Reading) -> None:
    """Read to the next place where the text without quotes may end, and end it there, or fork."""
    text, depth = scan.text, 0
    is_member = reading.back == r.VALUE
    for match in _STOP.finditer(text, reading.at):
        c, stop = match[0][0], match.start()
        if c in "([{":
            depth += 1
        elif depth and c in ")]}":
            depth -= 1
        elif c == ")" or (depth and c != "\n"):
            if c == ")" and reading.frame is not None and reading.frame.closing == ")":
                _end(scan, reading, stop, stop)
                return
        elif c in "\"'`”’":
            if stop > reading.start and _fork_lost_quote(scan, reading, stop):
                return
        elif _stops(scan, reading, stop, c, is_member=is_member):
            return
    _end(scan, reading, scan.end, scan.end)


def _fork_lost_quote(scan: Scan, reading: Reading, at: int) -> bool:
    """End the text at a quote whose opening one was lost; whether it ended there."""
    if reading.frame is None:
        return False
    clean = _CLEAN_AFTER_QUOTE if reading.frame.is_object else _CLEAN_ITEM_AFTER_QUOTE
    if clean.match(scan.text, at + 1) is None:
        return False
    if scan.text.count(scan.text[at], reading.start, at) % 2:  # the second quote of a pair
        return False
    reading.cost += costs.MISSING_OPENING_QUOTE
    _end(scan, reading, at, at + 1)
    return True


def _stops(scan: Scan, reading: Reading, stop: int, c: str, *, is_member: bool) -> bool:
    """End the text before `c`, and let another reading go on behind it where that is possible."""
    text, frame = scan.text, reading.frame
    if frame is None:
        if c in "\n,":
            _end(scan, reading, stop, stop)
            return True
        return False
    if c == ";" and not (is_member and _CLEAN_MEMBER.match(text, stop)):
        return False
    if is_member:
        clean = c in "]" or _CLEAN_MEMBER.match(text, stop) is not None or c not in ",\n}"
        if (
            not clean
            and c in ",\n"
            and text[max(0, reading.start - 9) : reading.start].rstrip()[-1:] == "="
            and _EQUALS_MEMBER.match(text, stop)
        ):
            clean = True
        if c == "\n" and not clean:
            return _goes_on_after_line(scan, reading, stop)
    else:
        clean = True
    if not clean:
        other = scan.fork(reading, _SKIP_COSTS.get(c, _SKIP_BRACKET))
        other.at = stop + 1
    _end(scan, reading, stop, stop)
    return True


def _goes_on_after_line(scan: Scan, reading: Reading, stop: int) -> bool:
    """Go on behind a line end that no member follows; False, since the text did not end."""
    reading.cost += _SKIP_COSTS["\n"]
    return False


def _end(scan: Scan, reading: Reading, stop: int, end: int) -> None:
    """Take the text up to `stop` for the value, and go on at `end`."""
    text, start = scan.text, reading.start
    raw = text[start:stop].rstrip()
    reading.phase = reading.back
    if not raw:
        reading.cost = costs.UNREAD
        return
    lost_quote = end > stop
    reading.at = start
    if not lost_quote:
        end = start + len(raw)
        if raw in CONSTANTS and reading.frame is not None:
            _replace(scan, reading, "literal", end, CONSTANTS[raw], costs.LITERAL)
            return
    elif _NUMBER_PARTS.fullmatch(raw) and (number := _number(raw)) is not None:
        _replace(scan, reading, "quotes", end, number, costs.STRAY_QUOTE)
        return
    string = raw[:-1] if raw[-1] in "\"'" and raw.count(raw[-1]) % 2 and not lost_quote else raw
    if lost_quote or string != raw:
        string = read_escapes(string).value
    kind: FixKind = "quotes" if _SIMPLE.fullmatch(raw) or lost_quote else "unquoted-end"
    if raw in _NUMBER_WORDS:
        kind = "number-word"
    cost = costs.BARE_VALUE + (costs.BARE_WORDS if " " in raw else 0)
    if stop == scan.end and reading.frame is not None:
        reading.events.append((r.MARK_CUT,))
    _replace(scan, reading, kind, end, string, cost)


def fork_stray(scan: Scan, reading: Reading) -> float:
    """Let another reading leave out what stands before a value; return what it costs to read it as text."""
    stray = _STRAY_BEFORE_VALUE.match(scan.text, reading.at)
    if stray is None or scan.strict or reading.frame is None:
        return 0.0
    if "," in stray[0] and not reading.frame.count:
        return 0.0
    if stray["mark"]:
        other = scan.fork(reading, 0.0)
        scan.drop(other, stray.end(), costs.STRAY_MARK)
        return costs.VALUE_IN_TEXT
    several = " " in stray[0].strip() and scan.text[stray.end()] not in "{[" and reading.phase == r.VALUE
    other = scan.fork(reading, 0.0)
    scan.drop(other, stray.end(), costs.STRAY_WORD + (costs.BARE_WORDS if several else 0.0))
    return 0.0 if several else costs.VALUE_IN_TEXT


def _replace(scan: Scan, reading: Reading, kind: FixKind, end: int, value: object, cost: float) -> None:
    scan.replace(reading, kind, end, json_text.dumps(value), cost)
    scan.put(reading, value, end)


def _read_constant(scan: Scan, reading: Reading) -> bool:
    match = _WORD.match(scan.text, reading.at)
    is_inner = match is None and not scan.strict and reading.frame is not None
    marked = _WORD_AND_MARK.match(scan.text, reading.at) if is_inner else None
    if marked and marked[1] in CONSTANTS:
        _replace(scan, reading, "literal", marked.end(1), CONSTANTS[marked[1]], costs.LITERAL)
        scan.drop(reading, marked.end(), costs.STRAY_MARK)
        return True
    if match is None or match[0] not in CONSTANTS:
        return False
    value = CONSTANTS[match[0]]
    if match[0] in ("true", "false", "null"):
        scan.put(reading, value, match.end())
    else:
        _replace(scan, reading, "literal", match.end(), value, costs.LITERAL)
    return True


def _read_cut_constant(scan: Scan, reading: Reading) -> bool:
    """Read the beginning of a constant at the end of the text."""
    rest = scan.text[reading.at : reading.at + _MAX_CUT_CONSTANT + 1]
    if len(rest) > _MAX_CUT_CONSTANT:
        return False
    for word in ("true", "false", "null", "True", "False", "None"):
        shortest = 1 if reading.frame is not None and word.islower() else 2  # `F` may be a grade
        if len(rest) >= shortest and word.startswith(rest):
            reading.events.append((r.MARK_CUT,))
            _replace(scan, reading, "cut", scan.end, CONSTANTS[word], 0.0)
            return True
    return False


def _number(literal: str) -> int | float | None:
    """Return the number, or None where JSON cannot represent it."""
    try:
        value: int | float = json_text.loads(literal)
    except json_text.JsonError:
        return None
    return value


def end_text(scan: Scan, reading: Reading) -> None:
    """Leave out what the end of the text cut, and close every container."""
    frame = reading.frame
    assert frame is not None
    if reading.key is not None and reading.key_at >= 0 and reading.phase in (r.COLON, r.VALUE):
        start = reading.key_at
    elif reading.comma_at >= 0:
        start = reading.comma_at
    elif reading.phase == r.KEY and reading.key_at > (
        reading.comma_at if reading.comma_at > 0 else frame.start
    ):
        start = reading.key_at
    else:
        start = min(reading.at, scan.end)
    depth = frame.depth
    reading.cost += costs.UNCLOSED_AT_END * min(depth, 4)
    reading.events.append((r.CUT, start))
    reading.at, reading.frame, reading.phase = scan.end, None, r.DONE
