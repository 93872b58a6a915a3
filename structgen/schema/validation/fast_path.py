"""Decide cheaply that a value is valid: `jsonschema-rs`, for schemas whose cost has a small static bound.

The `jsonschema` package stays the judge. This check only ever answers "surely valid" or "not known": a schema
takes part when each of its keywords is one on which both packages agree (a test compares them), it refers to
no remote part and to no part of itself in a circle, and its expanded size is small. The time of a check is
then bounded by that size and the size of the value, so it may run in the process that serves requests.
"""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable
from typing import Any

from structgen import json_text
from structgen.schema.dialects import DIALECTS, Dialect
from structgen.schema.formats import checker
from structgen.schema.formats import formats as formats_of
from structgen.schema.traversal import ANNOTATIONS

MAX_WEIGHT = 1_500
"""Units of a schema: about one for each keyword, references expanded."""
MAX_WORK = 200_000
"""Units of a schema times units of a value (eight bytes each) that one check may cost."""
MAX_CONTAINERS = 500
"""Objects and lists of a value: no value with fewer is nested too deeply for the judge."""

_FORMATS = frozenset({"date", "time", "date-time", "email", "ipv4", "ipv6", "uuid", "uri", "uri-reference"})
"""Formats whose checks take linear time. Others that the judge checks leave the value to it."""
_VALIDATORS = {
    "draft4": "Draft4Validator",
    "draft6": "Draft6Validator",
    "draft7": "Draft7Validator",
    "draft2019-09": "Draft201909Validator",
    "draft2020-12": "Draft202012Validator",
}
"""Names in `jsonschema_rs`, which is imported when a value is first checked."""
_SINGLE = frozenset({"not", "if", "then", "else", "additionalProperties", "contains", "propertyNames"})
_LISTS = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
_MAPS = frozenset({"properties", "patternProperties", "dependentSchemas"})
_COUNTS = frozenset(
    {"minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "minContains"}
    | {"maxContains", "uniqueItems"}
)
_BOUNDS = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"})
_SINCE_2019 = frozenset({"dependentSchemas", "dependentRequired", "minContains", "maxContains"})
_TO_THE_JUDGE = frozenset({
    "$id", "id", "$anchor", "$dynamicAnchor", "$recursiveAnchor", "$vocabulary", "$dynamicRef",
    "$recursiveRef", "additionalItems", "dependencies", "unevaluatedItems", "unevaluatedProperties",
    "multipleOf", "format", "contentMediaType", "contentEncoding", "contentSchema", "divisibleBy", "disallow",
    "extends", "nullable", "discriminator",
})  # fmt: skip
"""What asserts something, in some draft or in OpenAPI, and is not compared here."""
_IGNORED = ANNOTATIONS - _TO_THE_JUDGE
_KNOWN = _SINGLE | _LISTS | _MAPS | _COUNTS | _BOUNDS | _SINCE_2019 | _TO_THE_JUDGE | {
    "$ref", "items", "type", "required", "enum", "const", "pattern",
}  # fmt: skip
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


class FastCheck:
    """One schema, compiled. `weight` is what `weight_of` says of it."""

    def __init__(self, definition: Any, dialect: Dialect, weight: int) -> None:
        import jsonschema_rs

        known = checker(dialect).checkers
        formats: dict[str, Callable[[str], bool]] = dict.fromkeys(
            formats_of(DIALECTS[-1]) - known.keys(), _ignored
        )
        formats |= {name: _format(*known[name]) for name in _FORMATS & known.keys()}
        self._weight = weight
        compiled = getattr(jsonschema_rs, _VALIDATORS[dialect.name])
        self._valid: Callable[[Any], bool] = compiled(
            definition, formats=formats, validate_formats=True, offline=True
        ).is_valid

    def surely_valid(self, value: Any) -> bool:
        """Whether a value read by `json_text` is valid; False also where that would cost too much."""
        try:
            pickled = pickle.dumps(value, 5)
            if self._weight * len(pickled) > 8 * MAX_WORK:
                return False
            # Each container has its opcode: counting those (and the same bytes in strings) takes no walk.
            if pickled.count(b"}") + pickled.count(b"]") > MAX_CONTAINERS:
                return False
            return self._valid(value)
        except (ValueError, TypeError, RecursionError):  # lone surrogates, say: the judge names them
            return False


def compiled(definition: Any, dialect: Dialect, weight: int) -> FastCheck | None:
    """The fast check; None where the package refuses the schema."""
    try:
        return FastCheck(definition, dialect, weight)
    except Exception:  # whatever it has against the schema, the judge takes it
        return None


def weight_of(definition: Any, dialect: Dialect) -> int | None:
    """The expanded size of a schema; None where the fast check must not be used for it."""
    if dialect.name not in _VALIDATORS:
        return None
    try:
        return _Weigher(definition, dialect).weight(definition)
    except (_Unsuited, RecursionError):
        return None


class _Unsuited(Exception):
    """The schema has a part that is left to the judge."""


class _Weigher:
    """Weighs subschemas, each once, and refuses those that are not known to be cheap and agreed upon."""

    def __init__(self, root: Any, dialect: Dialect) -> None:
        self._root, self._dialect = root, dialect
        self._checked = checker(dialect).checkers.keys()
        self._recent = dialect.name in ("draft2019-09", "draft2020-12")
        self._known: dict[int, int] = {}
        self._open: set[int] = set()

    def weight(self, schema: Any) -> int:
        if isinstance(schema, bool):
            return 1
        if not isinstance(schema, dict) or id(schema) in self._open:
            raise _Unsuited
        if id(schema) not in self._known:
            self._open.add(id(schema))
            self._known[id(schema)] = self._bounded(
                1 + sum(self._keyword(keyword, value, schema) for keyword, value in schema.items())
            )
            self._open.discard(id(schema))
        return self._known[id(schema)]

    def _keyword(self, keyword: str, value: Any, schema: dict[str, Any]) -> int:
        if keyword in _SINCE_2019 and not self._recent:
            raise _Unsuited
        if keyword in _IGNORED:
            return 0
        if keyword in ("$id", "id") and schema is self._root and isinstance(value, str):
            return 0
        if keyword in ("type", "required"):
            return 1 if isinstance(value, str) else len(value)
        if keyword in _COUNTS or (keyword in _BOUNDS and _exact(value)):
            return 1
        if keyword in ("enum", "const") and _all_exact(value):
            return 1 + len(json_text.dumps(value)) // 8
        if keyword == "format" and (value in _FORMATS or value not in self._checked):
            return 8
        if keyword == "pattern" and _agreed(value):
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
            return sum(self.weight(part) for part in value)
        if keyword in _MAPS and isinstance(value, dict):
            if keyword == "patternProperties" and not all(_agreed(name) for name in value):
                raise _Unsuited
            return sum(1 + self.weight(part) for part in value.values())
        if keyword == "dependentRequired":
            return sum(1 + len(names) for names in value.values())
        if keyword in _KNOWN:
            raise _Unsuited
        return 0

    def _target(self, reference: str) -> Any:
        """The part of the document that a pointer without escapes names."""
        if reference != "#" and not re.fullmatch(r"#(?:/[A-Za-z0-9_.-]+)+", reference):
            raise _Unsuited
        part = self._root
        for step in reference.split("/")[1:]:
            if not isinstance(part, dict) or step not in part:
                raise _Unsuited
            part = part[step]
        return part

    def _bounded(self, weight: int) -> int:
        if weight > MAX_WEIGHT:
            raise _Unsuited
        return weight


def _agreed(pattern: Any) -> bool:
    return isinstance(pattern, str) and len(pattern) <= 200 and _PATTERN.fullmatch(pattern) is not None


def _exact(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _EXACT


def _all_exact(value: Any) -> bool:
    if isinstance(value, dict):
        return all(_all_exact(part) for part in value.values())
    if isinstance(value, list):
        return all(_all_exact(part) for part in value)
    return value is None or isinstance(value, str | bool) or _exact(value)


def _ignored(text: str) -> bool:
    """A format that the judge does not check in this draft."""
    return True


def _format(check: Callable[[object], bool], raised: Any) -> Callable[[str], bool]:
    """A format of the judge's as the other package calls it."""

    def conforms(text: str) -> bool:
        try:
            return bool(check(text))
        except raised:
            return False

    return conforms
