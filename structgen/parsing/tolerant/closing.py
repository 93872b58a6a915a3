"""Read closing brackets: of the right kind, of another kind, spare, too early, or standing for several."""

from __future__ import annotations

import re

from structgen.parsing.tolerant import costs
from structgen.parsing.tolerant import readings as r
from structgen.parsing.tolerant.frames import Frame
from structgen.parsing.tolerant.readings import Reading
from structgen.parsing.tolerant.scan import Scan

_MEMBER_FOLLOWS = re.compile(
    r"""\s*,\s*(?:"[^"\n]{0,100}"|'[^'\n]{0,100}'|[A-Za-z_$][\w$-]{0,60})\s*:|\s*"[^"\n]{0,100}"\s*:"""
)
_VALUE_FOLLOWS = re.compile(r"\s*,\s*[\"'{\[\d-]|\s*[{\[]\s*[\"'{\[\d\]}-]")
KEY_FOLLOWS = re.compile(r"\s*+,\s*+\"[^\"\n]{0,100}+\"\s*+:")
ITEM_FOLLOWS = re.compile(r"\s*+,\s*+(?:[{\[]|(?:\"[^\"\n]{0,200}+\"|-?\d[\d.]{0,30}+)\s*+[,\]])")
_CLOSERS = re.compile(r"[\s]*([}\])])")
_QUOTE_FOLLOWS = re.compile(r"[ \t]*[\"']\s*(?:[,}\]]|\Z)")
_MAX_CLOSERS = 4


def read_closing(scan: Scan, reading: Reading, c: str) -> None:
    """Close the containers that the bracket `c`, the next character, closes."""
    frame = reading.frame
    assert frame is not None
    if frame.closing == c:
        if reading.comma_at >= 0 and reading.phase != r.AFTER:
            comma_at = reading.comma_at
            if scan.text[comma_at] == ",":  # a substitute has its own fix
                scan.fix(reading, "comma", comma_at + 1, "", costs.TRAILING_COMMA, start=comma_at)
        _weigh_end(scan, reading, frame)
        scan.close(reading, reading.at + 1, True)
        return
    if not frame.closing:  # a list without brackets ends with the object around it
        scan.close(reading, reading.at, False)
        return
    _read_other(scan, reading, frame, c)


def _weigh_end(scan: Scan, reading: Reading, frame: Frame) -> None:
    """Let another reading leave out the bracket at the place, where it may be spare."""
    if frame.parent is None:
        after = _cost_after_end(scan, reading.at + 1, frame)
        if after:
            other = scan.fork(reading, 0.0)
            scan.replace(other, "bracket", other.at + 1, "", costs.SPARE_BRACKET)
            reading.cost += after
    elif frame.parent.is_object is not frame.is_object:
        follows = KEY_FOLLOWS if frame.is_object else ITEM_FOLLOWS
        if follows.match(scan.text, reading.at + 1):
            other = scan.fork(reading, 0.0)
            scan.replace(other, "bracket", other.at + 1, "", costs.SPARE_BRACKET)


def _read_other(scan: Scan, reading: Reading, frame: Frame, c: str) -> None:
    """Read a bracket that does not close the innermost container."""
    open_frame: Frame | None = frame
    between = 0
    while open_frame is not None and open_frame.closing != c:
        between += open_frame.closing != ""
        open_frame = open_frame.parent
    if open_frame is not None:
        other = scan.fork(reading, costs.MISSING_CLOSING_BRACKET * between)
        scan.close_up_to(other, open_frame, other.at)
        other.phase = r.AFTER
    if c == "]" and frame.is_object and frame.count and reading.phase == r.AFTER:
        _fork_list_of_one(scan, reading, frame)
    if c != ")":
        swapped = scan.fork(reading, 0.0)
        scan.fix(swapped, "bracket", swapped.at + 1, frame.closing, costs.OTHER_BRACKET)
        if frame.parent is None:
            swapped.cost += _cost_after_end(scan, swapped.at + 1, frame)
        scan.close(swapped, swapped.at + 1, False)
    scan.replace(
        reading, "bracket", reading.at + 1, "", costs.SPARE_BRACKET if c != ")" else costs.STRAY_MARK
    )


def _fork_list_of_one(scan: Scan, reading: Reading, frame: Frame) -> None:
    """Let another reading take the last value for the item of a list that lacks its first bracket."""
    key = reading.key or ""
    wanted = frame.expect is not None and frame.expect.member(key).allows("array")
    cost = costs.EVIDENT_CLOSING_BRACKET if wanted else costs.MISSING_FIRST_LIST_BRACKET
    other = scan.fork(reading, cost)
    other.events += [(r.WRAP, other.at), (r.FIX, "bracket", other.at, other.at, "[")]
    expect = None if frame.expect is None else frame.expect.member(key)
    inner = scan.frames.open(frame, key, "]", other.at, expect, False)
    inner.count = 1
    other.frame = inner


def _cost_after_end(scan: Scan, at: int, frame: Frame) -> float:
    """Return what it costs that the whole value ends here: more of it may follow."""
    text, cost = scan.text, 0.0
    if at == scan.end:
        return 0.0
    for _ in range(_MAX_CLOSERS):
        closer = _CLOSERS.match(text, at)
        if closer is None:
            break
        cost += costs.SPARE_BRACKET
        at = closer.end()
    if frame.is_object and _MEMBER_FOLLOWS.match(text, at):
        return cost + costs.MEMBERS_AFTER_END
    if frame.is_object and _VALUE_FOLLOWS.match(text, at):
        cost += costs.SEVERAL_VALUES
    if not frame.is_object and _VALUE_FOLLOWS.match(text, at) and text.find("]", at) >= 0:
        return cost + costs.MEMBERS_AFTER_END
    if _QUOTE_FOLLOWS.match(text, at):
        cost += costs.STRAY_QUOTE + costs.SPARE_BRACKET
    return cost


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
