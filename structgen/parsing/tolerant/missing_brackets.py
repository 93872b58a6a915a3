"""Read members where brackets are missing: of a list, or of the object before."""

from __future__ import annotations

from structgen.parsing.tolerant import costs
from structgen.parsing.tolerant import readings as r
from structgen.parsing.tolerant.frames import Frame
from structgen.parsing.tolerant.quotes import QUOTES
from structgen.parsing.tolerant.readings import Reading
from structgen.parsing.tolerant.scan import Scan


def can_wrap(scan: Scan, reading: Reading, c: str) -> bool:
    """Whether the last member's value may be the first item of a list whose next item begins with `c`."""
    frame = reading.frame
    if frame is None or not frame.is_object or frame.count == 0 or reading.comma_at < 0:
        return False
    last = scan.text[max(0, reading.comma_at - 20) : reading.comma_at].rstrip()[-1:]
    if c in "{[":
        return last == ("}" if c == "{" else "]")
    return last in QUOTES if c in QUOTES else last.isalnum()


def wrap(scan: Scan, reading: Reading) -> None:
    """Take the last member's value for the first item of a list without brackets, which is open now."""
    frame = reading.frame
    assert frame is not None
    key = next(reversed(frame.keys), "")
    expect = None if frame.expect is None else frame.expect.member(key)
    wanted = expect is not None and not expect.is_open and expect.allows("array")
    reading.cost += costs.EVIDENT_CLOSING_BRACKET if wanted else costs.MISSING_LIST_BRACKETS
    reading.events.append((r.WRAP, reading.at))
    reading.events.append((r.FIX, "bracket", reading.at, reading.at, "["))
    inner = scan.frames.open(frame, key, "", reading.at, expect if wanted else None, False)
    inner.count = 1
    reading.frame, reading.phase = inner, r.ITEM


def read_bracket_for_key(scan: Scan, reading: Reading, c: str) -> None:
    """Read `{` or `[` where a key should stand."""
    frame = reading.frame
    assert frame is not None
    outer = frame.parent
    if outer is not None and reading.comma_at != r.FIRST:
        closed: Frame | None = outer
        cost, levels = costs.MISSING_CLOSING_BRACKET, 1
        while closed is not None and closed.is_object:
            closed, levels = closed.parent, levels + 1
        if closed is not None:
            other = scan.fork(reading, cost * levels - 0.5)
            _close_before_comma(scan, other, closed)
    if can_wrap(scan, reading, c):
        other = scan.fork(reading, 0.0)
        wrap(scan, other)
    scan.replace(reading, "bracket", reading.at + 1, "", costs.SPARE_BRACKET)


def _close_before_comma(scan: Scan, reading: Reading, outer: Frame) -> None:
    """Close containers up to `outer`, before the comma that precedes the place."""
    here = reading.at
    at = reading.comma_at if reading.comma_at >= 0 else here
    scan.close_up_to(reading, outer, at)
    comma_at = reading.comma_at
    reading.at = here
    if at != here:
        reading.phase, reading.comma_at = (r.KEY if outer.is_object else r.ITEM), at
    else:
        reading.phase, reading.comma_at = r.AFTER, comma_at
