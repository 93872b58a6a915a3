"""Read closing brackets: of the right kind, of the wrong kind, spare, or standing for several."""

from __future__ import annotations

import re

from structgen.parsing.tolerant.containers import ContainerStack
from structgen.parsing.tolerant.context import CLOSING, OPENING
from structgen.parsing.tolerant.lookahead import KEY, continues_object
from structgen.parsing.tolerant.parse_result import Fix
from structgen.parsing.tolerant.scanner import SPACE, Scanner

_OBJECT_AFTER = re.compile(r"\}\s*,\s*\{")


def read_closing_bracket(scanner: Scanner, containers: ContainerStack, c: str) -> None:
    """Close the containers that the bracket `c`, the next character, closes."""
    frame, opening = containers.frames[-1], OPENING[c]
    if _skip_spare(scanner, containers):
        return
    if frame.opening == opening:
        if frame.comma and frame.value and opening != "(":
            _note_trailing_comma(scanner, frame.comma_at)
        if opening == "(" and scanner.text[frame.start] == "(":
            scanner.note("tuple", scanner.at + 1, "]")
        scanner.at += 1
        containers.close()
    elif containers.has_open(opening) and not _is_mistyped(scanner, containers, opening):
        while containers.frames[-1].opening != opening:
            scanner.note("bracket", scanner.at, "}" if containers.frames[-1].opening == "{" else "]")
            containers.close()
        scanner.at += 1
        containers.close()
    elif frame.opening == "(" or c == ")":
        scanner.replace("bracket", scanner.at + 1)
    else:
        scanner.replace("bracket", scanner.at + 1, CLOSING[frame.opening])
        containers.close()


def _skip_spare(scanner: Scanner, containers: ContainerStack) -> bool:
    """Skip a bracket that closes the root before another member, or a `}` between objects of an array."""
    if scanner.strict:
        return False
    frames = containers.frames
    frame = frames[-1]
    if frame.opening == "[":
        in_row = [outer.opening for outer in frames[-3:-1]] == ["[", "{"]  # the next row may follow
        in_objects = bool(frame.value) and isinstance(frame.value[-1], dict)
        spare = in_objects and not in_row and _OBJECT_AFTER.match(scanner.text, scanner.at) is not None
    else:
        spare = frame.opening == "{" and len(frames) == 1 and continues_object(scanner.text, scanner.at)
    if spare:
        scanner.replace("bracket", scanner.at + 1)
    return spare


def _is_mistyped(scanner: Scanner, containers: ContainerStack, opening: str) -> bool:
    """Whether the bracket is of the wrong kind, not a later one: the outer object continues after it."""
    text = scanner.text
    space = SPACE.match(text, scanner.at + 1)
    if opening != "{" or space is None or text[space.end() : space.end() + 1] != ",":
        return False
    openings = [frame.opening for frame in containers.frames]
    return openings == ["{", "["] and KEY.match(text, space.end() + 1) is not None


def _note_trailing_comma(scanner: Scanner, at: int) -> None:
    if scanner.strict:
        scanner.fail("comma")
    if scanner.fixes and scanner.fixes[-1][:3] == ("comma", at, at + 1):  # a substitute for a comma
        scanner.fixes.pop()
    scanner.fixes.append(Fix("comma", at, at + 1))
