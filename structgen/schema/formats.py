"""Check the formats of JSON Schema, by regular expressions that grammars share or by `jsonschema_rs`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from jsonschema import FormatChecker

from structgen.schema.dialects import Dialect

_YEAR = "(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
_FOURTH = "(?:0[48]|[2468][048]|[13579][26])"
_DATE = (
    f"(?:{_YEAR}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    f"|02-(?:0[1-9]|1[0-9]|2[0-8]))|(?:[0-9]{{2}}{_FOURTH}|{_FOURTH}00)-02-29)"
)
_FRACTION = "(?:[.][0-9]+)?"
_CLOCK = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"


def _leap(hour: int) -> str:
    """Return the pattern of a leap second (23:59:60 in UTC) at a local hour, for offsets in quarter hours.

    No zone has had another offset since leap seconds exist (1972), and each makes the grammar larger.
    """
    second, plus, minus = f"60{_FRACTION}", f"{hour:02d}", f"{23 - hour:02d}"
    return (
        f"{plus}:(?:59:{second}(?:[+]{(hour + 1) % 24:02d}|-{minus}):00"
        f"|14:{second}(?:[+]{plus}:15|-{minus}:45)"
        f"|29:{second}(?:[+]{plus}|-{minus}):30"
        f"|44:{second}(?:[+]{plus}:45|-{minus}:15))"
    )


_COMMON_TIME = f"{_CLOCK}:[0-5][0-9]{_FRACTION}(?:[Zz]|[+-]{_CLOCK})"
_TIME = f"(?:{_COMMON_TIME}|23:59:60{_FRACTION}[Zz]|{'|'.join(map(_leap, range(24)))})"
# RFC 5321, 4.1.2: a dotted or quoted local part, and a domain's labels or an address in brackets.
_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]"
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_QUOTED = r'"(?:[ !#-\[\]-~]|\\[ -~])*"'
_PLAIN, _DOMAIN = rf"{_ATEXT}+(?:[.]{_ATEXT}+)*", rf"{_LABEL}(?:[.]{_LABEL})*"
_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_FOUR = rf"{_OCTET}(?:[.]{_OCTET}){{3}}"
# RFC 3986, 3.2.2: eight groups of 16 bits, the last two as IPv4 perhaps, one run of them left out perhaps.
_GROUP = "[0-9A-Fa-f]{1,4}"
_LAST = f"(?:{_GROUP}:{_GROUP}|{_FOUR})"
_SIX = (
    f"(?:(?:{_GROUP}:){{6}}{_LAST}"
    + "".join(
        f"|(?:{f'(?:{_GROUP}:){{0,{before - 1}}}{_GROUP}' if before else ''})"
        f"{'?' if before else ''}::(?:{_GROUP}:){{{5 - before}}}{_LAST}"
        for before in range(6)
    )
    + f"|(?:(?:{_GROUP}:){{0,5}}{_GROUP})?::{_GROUP}|(?:(?:{_GROUP}:){{0,6}}{_GROUP})?::)"
)
_EMAIL = rf"(?:{_PLAIN}|{_QUOTED})@(?:{_DOMAIN}|\[(?:{_FOUR}|IPv6:{_SIX})\])"
_POINTER = "(?:/(?:[^~/]|~[01])*)*"
_COUNT = "(?:0|[1-9][0-9]*)"
_MOVED = rf"{_COUNT}(?:[+-]{_COUNT})?(?:#|{_POINTER})"

PATTERNS = {
    "date": f"^{_DATE}$",
    "time": f"^{_TIME}$",
    "date-time": f"^{_DATE}[Tt]{_TIME}$",
    "email": f"^{_EMAIL}$",
}
"""Formats that both validation and the grammar check by the same regular expression."""
_COMMON = {"time": _COMMON_TIME, "date-time": f"{_DATE}[Tt]{_COMMON_TIME}"}
"""Small patterns for times without leap seconds."""

_EVERY = ("date-time", "email", "idn-email", "hostname", "ipv4", "ipv6", "regex", "uri")
_SIX_ON = (*_EVERY, "json-pointer", "uri-reference", "uri-template")
_SEVEN_ON = (
    *_SIX_ON, "date", "time", "idn-hostname", "iri", "iri-reference", "relative-json-pointer",
)  # fmt: skip
_LATEST = (*_SEVEN_ON, "duration", "uuid")
_NAMES = {
    "draft4": _EVERY,
    "draft6": _SIX_ON,
    "draft7": _SEVEN_ON,
    "draft2019-09": _LATEST,
    "draft2020-12": _LATEST,
}


@cache
def checker(dialect: Dialect) -> FormatChecker:
    """Return the checker of the formats that a draft defines, for `jsonschema`."""
    format_checker = FormatChecker(formats=())
    format_checker.checkers = {name: (_check(name, dialect), ()) for name in _NAMES[dialect.name]}
    return format_checker


def formats(dialect: Dialect) -> frozenset[str]:
    """Return the names of the formats that validation checks."""
    return frozenset(_NAMES[dialect.name])


def _check(name: str, dialect: Dialect) -> Callable[[object], bool]:
    if name in PATTERNS:
        whole = _PatternCheck(PATTERNS[name][1:-1])
        return _TimeCheck(_PatternCheck(_COMMON[name]), whole) if name in _COMMON else whole
    if name == "idn-email":
        return _is_idn_email
    if name == "relative-json-pointer" and dialect.ref_siblings:  # since 2019-09 an index can be moved
        return _PatternCheck(_MOVED)
    return _LibraryCheck(name, dialect)


class _PatternCheck:
    """Accepts strings that match a regular expression as a whole, and all other values."""

    def __init__(self, pattern: str) -> None:
        self._text = pattern

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(self._text)

    def __call__(self, value: object) -> bool:
        return not isinstance(value, str) or self._pattern.fullmatch(value) is not None


@dataclass(frozen=True, slots=True)
class _TimeCheck:
    """Checks a time, with the large expression compiled only for a leap second."""

    common: _PatternCheck
    whole: _PatternCheck

    def __call__(self, value: object) -> bool:
        return self.common(value) or (":60" in str(value) and self.whole(value))


class _LibraryCheck:
    """Checks a format with `jsonschema_rs`, which is imported on first use."""

    def __init__(self, name: str, dialect: Dialect) -> None:
        self._schema = {"$schema": dialect.uri, "format": name}

    @cached_property
    def _validator(self) -> Any:
        import jsonschema_rs

        return jsonschema_rs.validator_for(self._schema, validate_formats=True)

    def __call__(self, value: object) -> bool:
        try:
            return not isinstance(value, str) or self._validator.is_valid(value)
        except ValueError:  # half a surrogate pair
            return False


@cache
def _email() -> _PatternCheck:
    return _PatternCheck(_EMAIL)


def _is_idn_email(value: object) -> bool:
    """Return whether a value is an address of RFC 6531: letters of all scripts in place of ASCII letters."""
    return not isinstance(value, str) or _email()(re.sub(r"[^\x00-\x7f]", "x", value))
