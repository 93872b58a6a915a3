"""Read calls around values: of constructors, of JSONP, of Python's `repr`."""

from __future__ import annotations

import re
from typing import Any

from structgen.parsing.tolerant import costs
from structgen.parsing.tolerant.parse_result import FixKind
from structgen.parsing.tolerant.readings import Reading
from structgen.parsing.tolerant.scan import Scan

CALL = re.compile(
    r"(?!not\b)(?:new\s+)?[A-Za-z_$][\w$.]*\s*\((?=\s*(?:[\"'{\[(\d)-]|/\*|[A-Za-z_]\w*\s*=(?!=)|[A-Za-z_][\w.]*\())"
)
_CONSTRUCTOR = re.compile(
    r"(?:new\s+)?(?:\w+\.)*(?:ObjectId|ISODate|Date|NumberLong|NumberInt|NumberDecimal|BinData|Timestamp|UUID|Decimal|"
    r"datetime|date|time|set|frozenset|list|tuple|dict|array|u?int\d*|float\d*|str|bool|String|"
    r"Number|Boolean|Array|Object|parse|Path|PosixPath|Fraction|deque)\s*\("
)
"""Calls that stand for their argument as it is."""
_KEYWORD_ARGUMENT = re.compile(r"\s*[A-Za-z_]\w*\s*=(?!=)")
_MAPPING = re.compile(r"(?:\w+\.)*(?:OrderedDict|dict|Map)\s*\(|new\s+Map\s*\(")
"""Calls that make an object of pairs."""


def open_call(scan: Scan, reading: Reading, call: re.Match[str]) -> None:
    """Open the arguments of a call: an object where they have names."""
    start = reading.at
    if _KEYWORD_ARGUMENT.match(scan.text, call.end()):
        scan.replace(reading, "function", call.end(), "{", costs.CALL)
        reading.at = start
        scan.open(reading, ")", call.end(), is_object=True)
        return
    makes_object = _MAPPING.match(call[0]) is not None
    stands_for_argument = not makes_object and (reading.frame is None or _CONSTRUCTOR.match(call[0]))
    scan.replace(reading, "call" if stands_for_argument else "function", call.end(), "", costs.CALL)
    reading.at = start
    scan.open(reading, ")", call.end(), is_object=False, is_call=True)


def call_value(text: str, arguments: list[Any]) -> tuple[Any, FixKind | None]:
    """Return the value of a call by its text and its arguments, and the kind of the fix, if any.

    That is the one argument, an object of its pairs, all arguments as a list, or the text.
    """
    if not arguments:
        return text, "unquoted-end"
    if len(arguments) == 1:
        [argument] = arguments
        return (_members(argument) if _MAPPING.match(text) and isinstance(argument, list) else argument), None
    if any(isinstance(value, dict | list) for value in arguments):
        return arguments, "several-values"
    return text, "quotes"


def _members(pairs: list[Any]) -> Any:
    """Return the object that pairs of a key and a value make; the list where they are none."""
    if all(isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str) for pair in pairs):
        return dict(pairs)
    return pairs
