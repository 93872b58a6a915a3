"""Read numbers without quotes: those of JSON and of other notations, grouped, or with words behind them."""

from __future__ import annotations

import re

from structgen import json_text
from structgen.parsing.tolerant import costs
from structgen.parsing.tolerant import readings as r
from structgen.parsing.tolerant.parse_result import FixKind
from structgen.parsing.tolerant.readings import Reading
from structgen.parsing.tolerant.scan import Scan

_NUMBER = re.compile(
    r"[-+−–]?(?:\d[\d_]*+(?:\.[\d_]*+)?|\.\d[\d_]*+)(?:[eE][+-]?\d*+)?"
    r"(?=\s*(?:[,，、；;\]}\n)]|/[/*]|#|\Z|[\"'\[{]| [\"A-Za-z_$]))"
)

_NUMBER_AND_MARK = re.compile(r"([-+]?(?:0|[1-9]\d*)(?:\.\d+)?)[:.;!*?\\|~^`\x00]{1,3}(?=\s*[,}\]\n])")

_PLAIN_NUMBER = re.compile(r"(-?(?:0|[1-9]\d{0,17}+)(\.\d{1,17}+)?)(?=[,\]}\n])")

_DIGITS = re.compile(r"[-+]?\d++")
_GROUP_MARKS = frozenset(",.' \t\u00a0\u202f")
"""Characters behind digits that more groups, or the next number of a row, may follow."""
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

_GROUPED_ITEM = re.compile(r"[-+]?[1-9]\d{0,2}(?:,\d{3})*,0\d\d(?:,\d{3})*(?:\.\d{1,6})?(?=\s*[,\]\n])")
"""A number in a list with a group that is no number of JSON."""
_JSON_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")

_LEADING_ZERO = re.compile(r"-?0\d")
_SHORT = 19
"""Digits of a number that may not fit into 64 bits."""
NUMBER_PARTS = re.compile(r"(-?)(\d*)(\.\d*)?([eE][+-]?\d*)?")

_UNIT = re.compile(
    r"[ \t]*(?![,;:，：、；])[^\s\d\"'{}\[\],:;/#(][^\n\"'{}\[\],:;=]{0,30}(?=\s*(?:[,}\]\n]|\Z))"
)
"""Words behind a number, up to the next comma or bracket."""

_STRAY_QUOTE = re.compile(r"""["'](?=\s*(?:[}\]]|\Z|,\s*["']))""")
"""A quote after a number."""


def read_number(scan: Scan, reading: Reading) -> bool:
    """Read a number; False for other text."""
    text, at = scan.text, reading.at
    if plain := _PLAIN_NUMBER.match(text, at):
        may_go_on = text[plain.end()] == "," and text[plain.end() + 1 : plain.end() + 2].isdigit()
        if not may_go_on or (reading.phase != r.VALUE and _GROUPED_ITEM.match(text, at) is None):
            scan.put(reading, float(plain[1]) if plain[2] else int(plain[1]), plain.end())
            return True
    digits = _DIGITS.match(text, at)
    after = text[digits.end() : digits.end() + 1] if digits else ""
    if (after in _GROUP_MARKS or after in ("x", "X")) and _read_grouped(scan, reading):
        return True
    match = _NUMBER.match(text, at)
    if match is None:
        marked = None if reading.frame is None else _NUMBER_AND_MARK.match(text, at)
        if marked is None:
            return False
        _put_number(scan, reading, marked[1], marked.end(1))
        scan.drop(reading, marked.end(), costs.STRAY_MARK)
        return True
    end = match.end()
    unit = None if text[end : end + 1] in ",]}\n" else _UNIT.match(text, end)
    if unit and unit[0].strip() not in ("", "-"):
        _fork_stray_unit(scan, reading, match)
        return False
    _put_number(scan, reading, match[0], end)
    return True


def _read_grouped(scan: Scan, reading: Reading) -> bool:
    """Read a number in groups, a row of numbers, or a hexadecimal number; False for others."""
    text, at = scan.text, reading.at
    is_member = reading.phase == r.VALUE
    grouped = (_GROUPED if is_member else _GROUPED_ITEM).match(text, at)
    if grouped:
        value = json_text.loads(grouped[0].replace(",", "").lstrip("+"))
        scan.put_replaced(reading, "grouped-number", grouped.end(), value, costs.MISSING_VALUE)
        return True
    if reading.phase == r.ITEM and _SPACED_SCALARS.match(text, at) and (word := _SPACED.match(text, at)):
        _put_number(scan, reading, word[0], word.end())
        return True
    if is_member and (european := _EUROPEAN.match(text, at)):
        plain_text = european[0].translate(_NO_GROUPS)
        number = json_text.loads(plain_text.replace(",", ".") if "," in plain_text else plain_text)
        scan.put_replaced(reading, "grouped-number", european.end(), number, costs.MISSING_VALUE)
        return True
    if hexadecimal := _HEX.match(text, at):
        value = int(hexadecimal[1] + hexadecimal[2], 16)
        scan.put_replaced(reading, "number", hexadecimal.end(), value, costs.NUMBER_NOTATION)
        return True
    return False


def _fork_stray_unit(scan: Scan, reading: Reading, match: re.Match[str]) -> None:
    """Let another reading take the number alone; words follow it."""
    other = scan.fork(reading, 0.0)
    _put_number(scan, other, match[0], match.end())


def _put_number(scan: Scan, reading: Reading, literal: str, end: int) -> None:
    is_json = _JSON_NUMBER.fullmatch(literal) is not None
    plain = literal if is_json else literal.replace("_", "").lstrip("+").replace("−", "-").replace("–", "-")
    value = number_of(literal) if is_json else lenient_number(plain)
    if value is None:  # digits such as 007 are a text; a number that no double holds becomes one
        kind: FixKind = "quotes" if _LEADING_ZERO.match(plain) else "number-word"
        scan.put_replaced(reading, kind, end, literal.strip(), costs.BARE_VALUE)
        return
    cut = end == scan.end and reading.frame is not None
    if plain[-1:] in "eE+-":
        scan.fix(reading, "cut", end, json_text.dumps(value), costs.NUMBER_NOTATION)
    elif not is_json:
        scan.fix(reading, "number", end, json_text.dumps(value), costs.NUMBER_NOTATION)
    elif cut:
        scan.fix(reading, "cut", end, literal, 0.0)
    if cut:
        reading.events.append((r.MARK_CUT,))
    scan.put(reading, value, end)
    stray = None if cut else _STRAY_QUOTE.match(scan.text, end)
    if stray and (stray[0] == '"' or reading.frame is not None):
        scan.replace(reading, "quotes", stray.end(), "", costs.STRAY_QUOTE)
        reading.doubt_last_fix()  # the number may be a string that lost its first quote


def lenient_number(plain: str) -> int | float | None:
    """Return a number with a part missing, such as `.5`, `1.` or `1e`; None for one with a leading zero."""
    parts = NUMBER_PARTS.fullmatch(plain)
    assert parts is not None
    sign, digits, fraction, exponent = (part or "" for part in parts.groups())
    if len(digits) > 1 and digits.startswith("0"):
        return None
    whole_exponent = exponent[-1:].isdigit()
    normal = sign + (digits or "0") + (fraction if len(fraction) > 1 else ".0" if fraction else "")
    value = number_of(normal + exponent if whole_exponent else normal)
    return float(value) if value is not None and not fraction and exponent and not whole_exponent else value


def number_of(literal: str) -> int | float | None:
    """Return the number, or None where no double holds it; one that is not 0 is not read as 0."""
    if len(literal) < _SHORT and literal.isdigit() and literal.isascii():
        return int(literal)
    try:
        value: int | float = json_text.loads(literal)
    except json_text.JsonError:
        return None
    return None if json_text.vanishes(literal, value) else value
