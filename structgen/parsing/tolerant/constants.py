"""Read the words for true, false and null: whole, cut, or with a mark behind them."""

from __future__ import annotations

import re

from structgen.parsing.tolerant import costs
from structgen.parsing.tolerant import readings as r
from structgen.parsing.tolerant.readings import Reading
from structgen.parsing.tolerant.scan import Scan

CONSTANTS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
             "null": None, "None": None, "NULL": None, "Null": None, "nil": None, "Nil": None, "NIL": None,
             "undefined": None}  # fmt: skip
"""The words for true, false and null in JSON, Python and JavaScript."""

_WORD = re.compile(r"[A-Za-z]+(?=\s*(?:[,，、；\]}\n):;.]|/[/*]|#|\Z|[\"'\[{]|[ \t]+[A-Za-z_$\"']))")

_WORD_AND_MARK = re.compile(r"([A-Za-z]+)[^\w\s,}\]\"'{\[(]{1,3}(?=\s*[,}\]\n])")

_MAX_CUT_CONSTANT = 6
"""Characters at the end of a text that may be the beginning of a constant."""


def read_constant(scan: Scan, reading: Reading) -> bool:
    """Read a constant; False for other text."""
    if not scan.text[reading.at].isalpha():
        return False
    match = _WORD.match(scan.text, reading.at)
    is_inner = match is None and reading.frame is not None
    marked = _WORD_AND_MARK.match(scan.text, reading.at) if is_inner else None
    if marked and marked[1] in CONSTANTS:
        scan.put_replaced(reading, "literal", marked.end(1), CONSTANTS[marked[1]], costs.LITERAL)
        scan.drop(reading, marked.end(), costs.STRAY_MARK)
        return True
    if match is None or match[0] not in CONSTANTS:
        return False
    value = CONSTANTS[match[0]]
    if match[0] in ("true", "false", "null"):
        scan.put(reading, value, match.end())
    else:
        scan.put_replaced(reading, "literal", match.end(), value, costs.LITERAL)
    return True


def read_cut_constant(scan: Scan, reading: Reading) -> bool:
    """Read the beginning of a constant at the end of the text."""
    if scan.end - reading.at > _MAX_CUT_CONSTANT:
        return False
    rest = scan.text[reading.at :]
    for word in ("true", "false", "null", "True", "False", "None"):
        shortest = 1 if reading.frame is not None and word.islower() else 2  # `F` may be a grade
        if len(rest) >= shortest and word.startswith(rest):
            reading.events.append((r.MARK_CUT,))
            scan.put_replaced(reading, "cut", scan.end, CONSTANTS[word], 0.0)
            return True
    return False
