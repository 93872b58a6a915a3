"""Take a key into an object, and see from it whether a bracket before it was lost."""

from __future__ import annotations

from structgen.parsing.tolerant import costs
from structgen.parsing.tolerant import readings as r
from structgen.parsing.tolerant.frames import Frame
from structgen.parsing.tolerant.patterns import indent_at
from structgen.parsing.tolerant.readings import Reading
from structgen.parsing.tolerant.scan import Scan

_MAX_CHUNKS = 1000
"""Chunks of a reading in which a repeated key is looked for."""


def take_key(scan: Scan, reading: Reading) -> None:
    """Take the key that was read, and see whether a bracket before it was lost."""
    frame, key = reading.frame, reading.key or ""
    assert frame is not None
    reading.phase = r.VALUE
    _weigh_key(scan, reading, frame, key)
    frame.keys.setdefault(key, reading.key_at)
    reading.events.append((r.PUT_KEY, key, reading.key_at))


def _weigh_key(scan: Scan, reading: Reading, frame: Frame, key: str) -> None:
    """Add what speaks against a key in this object, and fork where one around it suits better."""
    repeated = frame.keys.get(key, reading.key_at) < reading.key_at and _has_read(reading, key)
    indent = indent_at(scan.text, reading.key_at) if frame.indent is not None or not frame.keys else None
    if frame.indent is None and not frame.keys:
        frame.indent = indent
    undented = frame.indent is not None and indent is not None and indent < frame.indent
    undeclared = frame.expect is not None and not frame.expect.declares(key)
    unlike = frame.shape is not None and key not in frame.shape
    if not (repeated or undented or undeclared or unlike):
        return
    belongs_outside = False
    if reading.comma_at != r.FIRST:
        place = indent if undented else None
        belongs_outside = _fork_to_outer(scan, reading, frame, key, place, repeated=repeated)
    if repeated:
        reading.cost += costs.REPEATED_KEY
        is_row = frame.parent is not None and not frame.parent.is_object
        if is_row and next(iter(frame.keys), None) == key:
            _fork_row(scan, reading, frame)
    if undented:
        reading.cost += costs.OTHER_INDENT
    if undeclared and frame.expect is not None:
        reading.cost += costs.FORBIDDEN_KEY if frame.expect.is_closed else costs.UNDECLARED_KEY
    elif unlike and belongs_outside:
        reading.cost += costs.UNLIKE_OTHERS


def _has_read(reading: Reading, key: str) -> bool:
    """Whether this very reading has read a key in the innermost object: frames know those of all readings."""
    depth, events, chunk = 0, reading.events, reading.chunk
    for _ in range(_MAX_CHUNKS):
        for event in reversed(events):
            kind = event[0]
            if kind == r.CLOSE:
                depth += 1
            elif kind == r.OPEN or kind == r.WRAP:
                if depth == 0:
                    return False
                depth -= 1
            elif depth == 0 and (kind == r.PUT_MEMBER or kind == r.PUT_KEY) and event[1] == key:
                return True
        if chunk is None:
            return False
        events, chunk = chunk.events, chunk.previous
    return True


def _fork_to_outer(
    scan: Scan, reading: Reading, frame: Frame, key: str, indent: int | None, *, repeated: bool
) -> bool:
    """Let another reading close the object before a key that suits an object around it; whether one does."""
    outer, levels = frame.parent, 1
    while outer is not None:
        if outer.is_object and key not in outer.keys and _suits(outer, key, indent, repeated=repeated):
            other = scan.fork(reading, costs.EVIDENT_CLOSING_BRACKET * levels)
            _close_before_key(scan, other, outer)
            return True
        outer, levels = outer.parent, levels + 1
    return False


def _suits(outer: Frame, key: str, indent: int | None, *, repeated: bool) -> bool:
    if indent is not None:
        return outer.indent == indent
    if outer.expect is not None and outer.expect.properties:
        return outer.expect.declares(key)
    return key in outer.shape if outer.shape is not None else repeated


def _close_before_key(scan: Scan, reading: Reading, outer: Frame) -> None:
    """Close containers up to `outer` before the key that was just read, and read on with the key in it."""
    key, key_at, after_colon = reading.key, reading.key_at, reading.at
    at = reading.comma_at if reading.comma_at >= 0 else key_at
    scan.close_up_to(reading, outer, at)
    reading.key, reading.key_at, reading.at, reading.phase = key, key_at, after_colon, r.VALUE
    outer.keys.setdefault(key or "", key_at)
    reading.events.append((r.PUT_KEY, key, key_at))


def _fork_row(scan: Scan, reading: Reading, frame: Frame) -> None:
    """Let another reading begin a new row with a key that repeats the first one."""
    other = scan.fork(reading, costs.MISSING_ROW_BRACKETS)
    at = other.comma_at if other.comma_at >= 0 else other.key_at
    key, key_at, after_colon = other.key, other.key_at, other.at
    scan.close_up_to(other, frame.parent, at)
    other.at = key_at
    scan.fix(other, "bracket", key_at, "{", 0.0)
    scan.open(other, "}", after_colon, True)
    other.key, other.key_at, other.phase = key, key_at, r.VALUE
    other.comma_at = r.FIRST
    inner = other.frame
    assert inner is not None
    inner.keys[key or ""] = key_at
    other.events.append((r.PUT_KEY, key, key_at))
