"""Strict JSON text: reject what `json` accepts silently (NaN, 1e999, duplicate keys)."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any, NoReturn

import msgspec

MAX_DIGITS = 4300
BYTE_ORDER_MARK = "\ufeff"
_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


class TruncatedJson(ValueError):
    """The text ends before its JSON value does."""


class JsonError(ValueError):
    """The text is not JSON (RFC 8259), or a value cannot be represented; `keyword` names the kind."""

    def __init__(self, message: str, keyword: str = "json") -> None:
        super().__init__(message)
        self.keyword = keyword


def loads(text: str | bytes) -> Any:
    """Parse a JSON text, with or without a byte order mark. Integers keep every digit.

    Raises `JsonError` for bad syntax, duplicate keys, `NaN`, numbers beyond a double or 4,300 digits, nesting
    that is too deep, and unpaired surrogates. A number is the nearest double: `1e-400` is 0.
    """
    try:
        return loads_fast(text)
    except JsonError:
        raise
    except ValueError:
        return _parse_slowly(text)


def loads_prefix(text: str, at: int) -> tuple[Any, int]:
    """Parse the JSON value that begins exactly at a position; return it and its end.

    `ValueError` and `RecursionError` where no valid value begins there; what follows the value is not read.
    """
    value, end = _DECODER.raw_decode(text, at)
    if "\\u" in text and "\\u" in text[at:end]:
        dumps(value).encode()  # fails for an unpaired surrogate
    return value, end


def loads_fast(text: str | bytes) -> Any:
    """Parse as `loads`, in C; `ValueError` for texts that need the slow parser or its message.

    A duplicate key shows as fewer colons when the value is encoded again: strings keep their colons, unless
    one was an escape.
    """
    try:
        value = _decode(text)
        if isinstance(text, str):
            colons, escaped = text.count(":"), "\\" in text and "\\u003" in text
        else:
            colons, escaped = text.count(b":"), b"\\" in text and b"\\u003" in text
        if colons < 2 or (not escaped and _encode(value).count(b":") == colons):
            return value
    except (msgspec.MsgspecError, RecursionError) as error:
        raise _fault(str(error), text) from None
    return _parse_slowly(text)


def vanishes(literal: str, value: float) -> bool:
    """Whether a number that is not 0 is so small that the nearest double is 0."""
    return not value and _NOT_ZERO.match(literal) is not None


def _fault(message: str, text: str | bytes) -> ValueError:
    """Return `TruncatedJson` if the text ended too soon, also within a number (shown by the position)."""
    if "invalid number" in message:
        size = len(text.encode() if isinstance(text, str) else text)
        return (TruncatedJson if message.endswith(f"(byte {size})") else ValueError)(message)
    return (TruncatedJson if message.endswith("truncated") else ValueError)(message)


def _parse_slowly(text: str | bytes) -> Any:
    """Parse slowly, with a message for each fault."""
    try:
        decoded = text if isinstance(text, str) else text.decode("utf-8")
        decoded = decoded.removeprefix(BYTE_ORDER_MARK)
        if not decoded.strip():
            raise JsonError("not JSON: the text is empty")
        value = _DECODER.decode(decoded)
        if "\\u" in decoded:
            dumps(value).encode()
        return value
    except UnicodeEncodeError as error:
        raise JsonError("an unpaired surrogate is not a character", "surrogate") from error
    except JsonError:
        raise
    except json.JSONDecodeError as error:
        raise JsonError(f"not JSON: {error.msg} at position {error.pos}{_control(error)}") from error
    except UnicodeDecodeError as error:
        raise JsonError(f"not UTF-8 at byte {error.start}") from error
    except RecursionError as error:
        raise JsonError("nested too deeply", "depth") from error


def _control(error: json.JSONDecodeError) -> str:
    """Name a control character at the position of a fault, since it is invisible."""
    character = error.doc[error.pos : error.pos + 1]
    return f" (the control character U+{ord(character):04X})" if "" < character < " " else ""


def dumps(value: Any) -> str:
    """Return compact JSON in the order of the keys; `ValueError` for NaN and infinities.

    The grammars of llguidance 1.x accept U+007F as an escape only, and no exponent next to a bound: short
    numbers are written without one.
    """
    if isinstance(value, str) and value.isprintable():
        return encode_basestring(value)
    if value is None or value is True or value is False:
        return _CONSTANTS[value]
    text = _ENCODER.encode(value)
    if "\x7f" in text:
        text = text.replace("\x7f", "\\u007f")
    if "e-" in text or "e+" in text:
        text = _EXPONENTS.sub(_positional, text)
    return text


_CONSTANTS = {None: "null", True: "true", False: "false"}
_EXPONENTS = re.compile(r'"(?:[^"\\]|\\.)*"|-?[0-9.]+e([+-][0-9]+)')
_MAX_ZEROS = 64


def _positional(match: re.Match[str]) -> str:
    if match[1] is None or abs(int(match[1])) > _MAX_ZEROS:
        return match[0]
    digits = format(Decimal(match[0]), "f")
    return digits if "." in digits else f"{digits}.0"


def _unique_members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        keys = [key for key, _ in pairs]
        duplicate = next(key for key in members if keys.count(key) > 1)
        raise JsonError(f"duplicate key {duplicate!r} in an object", "duplicate-key")
    return members


def _float(literal: str) -> float:
    value = float(literal)
    if value in (float("inf"), float("-inf")):
        raise JsonError(f"the number {literal[:40]} is beyond the range of a double", "number")
    return value


def _int(literal: str) -> int:
    if len(literal.lstrip("-")) > MAX_DIGITS:
        raise JsonError(f"an integer of more than {MAX_DIGITS} digits", "number")
    return int(literal)


def _constant(literal: str) -> NoReturn:
    raise JsonError(f"{literal} is not JSON", "number")


_NOT_ZERO = re.compile(r"-?[0.]*[1-9]")
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique_members, parse_float=_float, parse_int=_int, parse_constant=_constant
)
