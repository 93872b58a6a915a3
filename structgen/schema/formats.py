"""Formats that are checked: those of the `jsonschema` package, and IRIs by way of their URIs."""

from __future__ import annotations

import re
from functools import cache
from ipaddress import ip_address
from urllib.parse import quote

from jsonschema import FormatChecker
from rfc3986_validator import validate_rfc3986

from structgen.schema.dialect import Dialect

# RFC 3987, 2.2: `ucschar`, and `iprivate`, which a query may hold.
_UCS = "\xa0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef" + "".join(
    f"{chr(plane << 16)}-{chr((plane << 16) + 0xFFFD)}" for plane in range(1, 15)
)
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
_IRI = re.compile(rf"[\x21-\x7e{_UCS}]*(\?[\x21-\x7e{_UCS}{_PRIVATE}]*)?")

_YEAR = "(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
_FOURTH = "(?:0[48]|[2468][048]|[13579][26])"
_DATE = (
    f"(?:{_YEAR}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    f"|02-(?:0[1-9]|1[0-9]|2[0-8]))|(?:[0-9]{{2}}{_FOURTH}|{_FOURTH}00)-02-29)"
)
_TIME = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]+)?(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
# RFC 5321, 4.1.2: a dotted or quoted local part, and a domain's labels or an address in brackets.
_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]"
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_QUOTED = r'"(?:[ !#-\[\]-~]|\\[ -~])*"'
_PLAIN, _DOMAIN = rf"{_ATEXT}+(?:[.]{_ATEXT}+)*", rf"{_LABEL}(?:[.]{_LABEL})*"
_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_FOUR = rf"\[{_OCTET}(?:[.]{_OCTET}){{3}}\]"
_EMAIL = re.compile(rf"(?:{_PLAIN}|{_QUOTED})@(?:{_DOMAIN}|{_FOUR}|\[IPv6:(?P<six>[0-9A-Fa-f:.]+)\])")

PATTERNS = {
    "date": f"^{_DATE}$",
    "time": f"^{_TIME}$",
    "date-time": f"^{_DATE}[Tt]{_TIME}$",
    "email": f"^{_PLAIN}@(?:{_DOMAIN}|{_FOUR})$",
}
"""Formats as regular expressions, to the letter of their checks (leap years, no leap seconds); of addresses
those without quotes and without IPv6."""


@cache
def checker(dialect: Dialect) -> FormatChecker:
    """The formats of a draft."""
    known = dialect.validator.FORMAT_CHECKER.checkers
    made = FormatChecker(formats=())
    made.checkers = dict(known)
    for name in ("email", "idn-email"):
        if name in known:
            made.checkers[name] = (_is_email if name == "email" else _is_idn_email, ())
    if "regex" in known:
        made.checkers["regex"] = (known["regex"][0], (re.error, OverflowError, RecursionError))
    if "uri" in known and dialect.name not in ("draft4", "draft6"):
        made.checkers["iri"] = (lambda value: _is_iri(value, "URI"), ())
        made.checkers["iri-reference"] = (lambda value: _is_iri(value, "URI_reference"), ())
    return made


def formats(dialect: Dialect) -> frozenset[str]:
    """The formats that are really checked."""
    return frozenset(checker(dialect).checkers)


def _is_email(value: object) -> bool:
    """The `jsonschema` package is content with an `@`."""
    if not isinstance(value, str):
        return True
    found = _EMAIL.fullmatch(value)
    if found is None:
        return False
    try:
        return found["six"] is None or bool(ip_address(found["six"]))
    except ValueError:
        return False


def _is_idn_email(value: object) -> bool:
    """RFC 6531: letters of all scripts, wherever an address of ASCII has letters."""
    return not isinstance(value, str) or _is_email(re.sub(r"[^\x00-\x7f]", "x", value))


def _is_iri(value: object, rule: str) -> bool:
    """An IRI is one whose URI (RFC 3987, 3.1) is a URI."""
    if not isinstance(value, str):
        return True
    if not _IRI.fullmatch(value):
        return False
    ascii_only = re.sub(r"[^\x00-\x7f]", lambda found: quote(found[0]), value)
    return bool(validate_rfc3986(ascii_only, rule=rule))
