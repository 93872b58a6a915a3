"""Suggest a standard format for an unknown one."""

from __future__ import annotations

from functools import lru_cache

from structgen.suggestions import most_similar

_STANDARD = (
    "date-time", "date", "time", "duration", "email", "idn-email", "hostname", "idn-hostname", "ipv4",
    "ipv6", "uri", "uri-reference", "iri", "iri-reference", "uuid", "uri-template", "json-pointer",
    "relative-json-pointer", "regex",
)  # fmt: skip
_SYNONYMS = {
    "datetime": "date-time", "timestamp": "date-time", "iso8601": "date-time", "url": "uri", "guid": "uuid",
    "ip": "ipv4", "ipaddress": "ipv4", "regexp": "regex", "host": "hostname", "domain": "hostname",
    "mail": "email", "emailaddress": "email",
}  # fmt: skip
_OPENAPI = {
    "int32": 'write "minimum": -2147483648, "maximum": 2147483647',
    "int64": 'write "minimum" and "maximum" for the bounds of 64 bits',
    **dict.fromkeys(("float", "double"), "numbers have no width here: leave it out"),
    **dict.fromkeys(("byte", "binary", "base64"), "any string is accepted: leave it out, or write a pattern"),
    "password": "it says how to show a value, not what it may be: leave it out",
}


@lru_cache(maxsize=1024)
def format_hint(name: str) -> str:
    """Return what to write in place of a format that is not checked."""
    letters = "".join(character for character in name.lower() if character.isalnum())
    if letters in _OPENAPI:
        return _OPENAPI[letters]
    near = _SYNONYMS.get(letters) or most_similar(name[:60], _STANDARD, 0.75)
    return f"did you mean {near!r}?" if near else "any string has it"
