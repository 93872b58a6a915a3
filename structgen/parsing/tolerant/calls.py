"""Read calls around values: of constructors, of JSONP, of Python's `repr`."""

from __future__ import annotations

import re
from typing import Any

from structgen import json_text
from structgen.parsing.tolerant import costs
from structgen.parsing.tolerant.parse_result import Fix, FixKind
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


def call_value(text: str, arguments: list[Any], fixes: list[Fix], opening: int, *, is_closed: bool) -> Any:
    """Return the value of a call by its text and its arguments, and let the fixes make that value.

    That is the one argument, an object of its pairs, all arguments as a list, or the text. `opening` is the
    index of the fix of the name and the bracket behind it; the fixes after it are those of the arguments.
    `is_closed`: the text ends with the closing bracket.
    """
    first = fixes[opening]
    end = first.start + len(text)
    if len(arguments) > 1 and any(isinstance(value, dict | list) for value in arguments):
        fixes[opening] = first._replace(text="[")
        fixes.append(Fix("several-values", end - is_closed, end, "]"))
        return arguments
    if len(arguments) != 1:  # the fixes of the arguments are those of one text now
        kind: FixKind = "quotes" if arguments else "unquoted-end"
        fixes[opening:] = [Fix(kind, first.start, end, json_text.dumps(text))]
        return text
    [argument] = arguments
    if _MAPPING.match(text) and isinstance(argument, list) and argument != (members := _members(argument)):
        fixes[opening:] = [first._replace(end=end, text=json_text.dumps(members))]
        return members
    if is_closed:
        fixes.append(first._replace(start=end - 1, end=end))
    return argument


def _members(pairs: list[Any]) -> Any:
    """Return the object that pairs of a key and a value make; the list where they are none."""
    if all(isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str) for pair in pairs):
        return dict(pairs)
    return pairs
