"""Drop keywords that the schema's draft does not define."""

from __future__ import annotations

from typing import Any

from structgen.schema.dialects import Dialect
from structgen.schema.identity import IdentityDict
from structgen.schema.keywords import DATA, NAME_KEYED

_SINCE_2019 = frozenset({
    "dependentRequired", "dependentSchemas", "unevaluatedProperties", "unevaluatedItems", "$dynamicRef",
    "$recursiveRef", "minContains", "maxContains",
})  # fmt: skip
_UNDEFINED = {
    "draft4": frozenset({"const", "contains", "propertyNames", "if"}) | _SINCE_2019,
    "draft6": frozenset({"if"}) | _SINCE_2019,
    "draft7": _SINCE_2019,
    "draft2019-09": frozenset({"$dynamicRef", "dependencies"}),
    "draft2020-12": frozenset({"$recursiveRef", "additionalItems", "dependencies"}),
}
"""Keywords that lowering would read although the draft does not define them."""
_BESIDE_REF = ("$ref", "$defs", "definitions", "$id", "id")


class DraftSchemas:
    """Copies of schemas without keywords that the draft does not define, one copy for each schema.

    Before 2019-09, keywords beside `$ref` are dropped too. References are looked up in the caller's document,
    because they may lead into what the copies leave out.
    """

    def __init__(self, dialect: Dialect) -> None:
        self._undefined = _UNDEFINED.get(dialect.name, frozenset())
        self._ref_siblings = dialect.ref_siblings
        self._copies: IdentityDict[dict[str, Any]] = IdentityDict()

    def __call__(self, schema: Any) -> Any:
        """Return the copy of a schema, and a list of copies for a list."""
        if isinstance(schema, list):
            return [self(item) for item in schema]
        if not isinstance(schema, dict):
            return schema
        copy = self._copies.get(schema)
        if copy is None:
            copy = self._copies[schema] = self._copy(schema)
        return copy

    def copy_of(self, schema: Any) -> Any:
        """Return the copy of a schema that was copied before, else the value itself."""
        return self._copies.get(schema, schema)

    def _copy(self, schema: dict[str, Any]) -> dict[str, Any]:
        defined = [keyword for keyword in schema if keyword not in self._undefined]
        if not self._ref_siblings and isinstance(schema.get("$ref"), str):
            defined = [keyword for keyword in defined if keyword in _BESIDE_REF]
        copy: dict[str, Any] = {}
        for keyword in defined:
            value = schema[keyword]
            if keyword in DATA:
                copy[keyword] = value
            elif keyword in NAME_KEYED and isinstance(value, dict):
                copy[keyword] = {name: self(member) for name, member in value.items()}
            else:
                copy[keyword] = self(value)
        return copy
