"""Weigh a schema for the fast path: its expanded size, if all its keywords are cheap and agreed upon."""

from __future__ import annotations

import re
from typing import Any

from structgen import json_text
from structgen.schema.dialects import Dialect
from structgen.schema.formats import checker
from structgen.schema.identity import IdentityDict
from structgen.schema.keywords import ANNOTATIONS, BOUNDS, BY_NAME, KEYWORDS, NUMERIC

MAX_WEIGHT = 1_500
"""Units of a schema: about one for each keyword, references expanded."""
LINEAR_FORMATS = frozenset(
    {"date", "time", "date-time", "email", "ipv4", "ipv6", "uuid", "uri", "uri-reference"}
)
"""Formats whose checks take linear time."""
_SINGLE = frozenset({"not", "if", "then", "else", "additionalProperties", "contains", "propertyNames"})
_LISTS = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
_MAPS = frozenset({"properties", "patternProperties", "dependentSchemas"})
_COUNTS = NUMERIC - {*BOUNDS, "multipleOf"} | {"uniqueItems"}
_SINCE_2019 = frozenset({"dependentSchemas", "dependentRequired", "minContains", "maxContains"})
_NOT_COMPARED = frozenset({
    "$id", "id", "$anchor", "$dynamicAnchor", "$recursiveAnchor", "$vocabulary", "contentMediaType",
    "contentEncoding", "contentSchema",
})  # fmt: skip
"""Annotations that may assert something in one of the packages."""
_IGNORED = (ANNOTATIONS | {"xml", "externalDocs", "example"}) - _NOT_COMPARED
_EXACT = 2**53
"""Numbers up to here are the same whether they are read as integers or as doubles."""

_ATOM = (
    r"(?:[A-Za-z0-9 _:;,@#%&=<>!~\"'/`-]|\\[dw.\-/+*?()\[\]{}|^$\\]"
    r"|\[\^?(?:[A-Za-z0-9 _:;,@#%&=<>!~\"'/`.+*?(){}|$]|-|\\[dw.\-/+*?()\[\]{}|^$\\])+\])"
)
_REPEATED = r"(?:[*+?]|\{[0-9]{1,2}(?:,(?:[0-9]{1,2})?)?\})?"
_FLAT = rf"(?:{_ATOM}{_REPEATED})*"
_PATTERN = re.compile(rf"\^?{_FLAT}(?:\((?:\?:)?{_FLAT}(?:\|{_FLAT})*\)[*+?]?{_FLAT})*\$?")
"""Regular expressions that both packages read alike, of linear time and small automata."""


def weight_of(definition: Any, dialect: Dialect) -> int | None:
    """Return the expanded size of a schema; None where the fast path must not be used for it."""
    try:
        return _Weigher(definition, dialect).weight(definition)
    except (_Unsuited, RecursionError):
        return None


class _Unsuited(Exception):
    """Raised for a keyword that only the full validator decides."""


class _Weigher:
    """Weighs each subschema once, and rejects those that are not known to be cheap and agreed upon."""

    def __init__(self, root: Any, dialect: Dialect) -> None:
        self._root, self._dialect = root, dialect
        self._checked_formats = checker(dialect).checkers.keys()
        self._weights: IdentityDict[int] = IdentityDict()
        self._in_progress: IdentityDict[None] = IdentityDict()

    def weight(self, schema: Any) -> int:
        if isinstance(schema, bool):
            return 1
        if not isinstance(schema, dict) or schema in self._in_progress:
            raise _Unsuited
        if schema not in self._weights:
            self._in_progress[schema] = None
            weight = 1 + sum(self._keyword(keyword, value, schema) for keyword, value in schema.items())
            if weight > MAX_WEIGHT:
                raise _Unsuited
            self._weights[schema] = weight
            del self._in_progress[schema]
        return self._weights[schema]

    def _keyword(self, keyword: str, value: Any, schema: dict[str, Any]) -> int:
        if keyword in _SINCE_2019 and keyword not in KEYWORDS[self._dialect.name]:
            raise _Unsuited
        if keyword in _IGNORED or keyword not in BY_NAME:
            return 0
        if keyword in ("$id", "id") and schema is self._root and isinstance(value, str):
            return 0
        if keyword in ("type", "required"):
            return 1 if isinstance(value, str) else len(value)
        if keyword in _COUNTS or (keyword in BOUNDS and _is_exact(value)):
            return 1
        if keyword in ("enum", "const") and _all_exact(value):
            return 1 + len(json_text.dumps(value)) // 8
        if keyword == "format" and (value in LINEAR_FORMATS or value not in self._checked_formats):
            return 8
        if keyword == "pattern" and _is_agreed(value):
            return 1 + len(value)
        return self._subschemas(keyword, value)

    def _subschemas(self, keyword: str, value: Any) -> int:
        if keyword == "$ref" and isinstance(value, str):
            return 1 + self.weight(self._target(value))
        if keyword in _SINGLE or (keyword == "items" and isinstance(value, dict | bool)):
            return self.weight(value)
        if keyword in _LISTS and isinstance(value, list):
            if keyword == "prefixItems" and self._dialect.name != "draft2020-12":
                raise _Unsuited
            return sum(self.weight(subschema) for subschema in value)
        if keyword in _MAPS and isinstance(value, dict):
            if keyword == "patternProperties" and not all(_is_agreed(name) for name in value):
                raise _Unsuited
            return sum(1 + self.weight(subschema) for subschema in value.values())
        if keyword == "dependentRequired":
            return sum(1 + len(names) for names in value.values())
        raise _Unsuited

    def _target(self, reference: str) -> Any:
        """Return the part of the document that a pointer without escapes names."""
        if reference != "#" and not re.fullmatch(r"#(?:/[A-Za-z0-9_.$-]+)+", reference):
            raise _Unsuited
        target = self._root
        for name in reference.split("/")[1:]:
            if not isinstance(target, dict) or name not in target:
                raise _Unsuited
            target = target[name]
        return target


def _is_agreed(pattern: Any) -> bool:
    return isinstance(pattern, str) and len(pattern) <= 200 and _PATTERN.fullmatch(pattern) is not None


def _is_exact(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _EXACT


def _all_exact(value: Any) -> bool:
    if isinstance(value, dict):
        return all(_all_exact(member) for member in value.values())
    if isinstance(value, list):
        return all(_all_exact(item) for item in value)
    return value is None or isinstance(value, str | bool) or _is_exact(value)
