"""Strict JSON text: what `json` lets pass in silence (NaN, 1e999, duplicate keys) is a fault here."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any, NoReturn

import msgspec

MAX_DIGITS = 4300
BYTE_ORDER_MARK = "\ufeff"
_read = msgspec.json.Decoder().decode
_written = msgspec.json.Encoder().encode


class Truncated(ValueError):
    """JSON that is sound as far as it goes."""


class JsonFault(ValueError):
    """Not the JSON of RFC 8259, or a value that cannot be represented; `keyword` names the kind."""

    def __init__(self, message: str, keyword: str = "json") -> None:
        super().__init__(message)
        self.keyword = keyword


def loads(text: str | bytes) -> Any:
    """The value of a JSON text, without a byte order mark before it. Integers keep every digit.

    `JsonFault` for bad syntax, duplicate keys, `NaN`, numbers beyond a double or 4,300 digits, and
    nesting too deep to read, halves of surrogate pairs.
    """
    try:
        return quick(text)
    except JsonFault:
        raise
    except ValueError:
        return _thorough(text)


def quick(text: str | bytes) -> Any:
    """As `loads`, in C; `ValueError` for all that deserves a closer look.

    Keys that stand twice are told by the colons that are missing when the value is written again:
    strings keep theirs, unless one was an escape.
    """
    try:
        value = _read(text)
        if isinstance(text, str):
            colons, escaped = text.count(":"), "\\" in text and "\\u003" in text
        else:
            colons, escaped = text.count(b":"), b"\\" in text and b"\\u003" in text
        if colons < 2 or (not escaped and _written(value).count(b":") == colons):
            return value
    except (msgspec.MsgspecError, RecursionError) as error:
        raise _fault(str(error), text) from None
    return _thorough(text)


def _fault(message: str, text: str | bytes) -> ValueError:
    """`Truncated` where the text ended too soon: also with half a number, which is told by its place."""
    if "invalid number" in message:
        size = len(text.encode() if isinstance(text, str) else text)
        return (Truncated if message.endswith(f"(byte {size})") else ValueError)(message)
    return (Truncated if message.endswith("truncated") else ValueError)(message)


def _thorough(text: str | bytes) -> Any:
    """The same, and what is wrong in words."""
    try:
        decoded = text if isinstance(text, str) else text.decode("utf-8")
        decoded = decoded.removeprefix(BYTE_ORDER_MARK)
        if not decoded.strip():
            raise JsonFault("not JSON: the text is empty")
        value = _DECODER.decode(decoded)
        if "\\u" in decoded:
            dumps(value).encode()
        return value
    except UnicodeEncodeError as error:
        raise JsonFault("half a surrogate pair is no character", "surrogate") from error
    except JsonFault:
        raise
    except json.JSONDecodeError as error:
        raise JsonFault(f"not JSON: {error.msg} at position {error.pos}{_control(error)}") from error
    except UnicodeDecodeError as error:
        raise JsonFault(f"not UTF-8 at byte {error.start}") from error
    except RecursionError as error:
        raise JsonFault("nested too deeply", "depth") from error


def _control(error: json.JSONDecodeError) -> str:
    """Name a control character that stands there: nobody sees it."""
    character = error.doc[error.pos : error.pos + 1]
    return f" (the control character U+{ord(character):04X})" if "" < character < " " else ""


def dumps(value: Any) -> str:
    """Compact UTF-8 JSON in the order of the keys; `ValueError` for NaN and infinities.

    What the grammars of llguidance 1.x take in one form alone is written so: U+007F as an escape, numbers
    without an exponent where that stays short, for beside a bound they know none.
    """
    text = _ENCODER.encode(value)
    if "\x7f" in text:
        text = text.replace("\x7f", "\\u007f")
    if "e-" in text or "e+" in text:
        text = _EXPONENTS.sub(_positional, text)
    return text


_EXPONENTS = re.compile(r'"(?:[^"\\]|\\.)*"|-?[0-9.]+e([+-][0-9]+)')
_MOST_ZEROS = 64


def _positional(found: re.Match[str]) -> str:
    if found[1] is None or abs(int(found[1])) > _MOST_ZEROS:
        return found[0]
    digits = format(Decimal(found[0]), "f")
    return digits if "." in digits else f"{digits}.0"


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in members if keys.count(key) > 1)
        raise JsonFault(f"the key {twice!r} stands twice in one object", "duplicate-key")
    return members


def _float(literal: str) -> float:
    value = float(literal)
    if value in (float("inf"), float("-inf")):
        raise JsonFault(f"the number {literal[:40]} is beyond the range of a double", "number")
    return value


def _int(literal: str) -> int:
    if len(literal.lstrip("-")) > MAX_DIGITS:
        raise JsonFault(f"an integer of more than {MAX_DIGITS} digits", "number")
    return int(literal)


def _constant(literal: str) -> NoReturn:
    raise JsonFault(f"{literal} is not JSON", "number")


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
_DECODER = json.JSONDecoder(
    object_pairs_hook=_members, parse_float=_float, parse_int=_int, parse_constant=_constant
)
