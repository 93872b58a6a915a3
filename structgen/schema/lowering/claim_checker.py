"""Decide which claims of the source map the finished grammar fulfils."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from structgen.schema.identity import IdentitySet
from structgen.schema.lowering.asserted_keywords import DEFINITIONS, OPAQUE, constraints, default_reason
from structgen.schema.lowering.base import Losses
from structgen.schema.lowering.report import DECODED, Enforcement
from structgen.schema.lowering.source_map import Claim, SourceMap
from structgen.schema.traversal import children


class ClaimChecker:
    """Decide whether the grammar enforces a keyword of a source schema.

    Args:
        source_map: The claims that lowering made.
        grammar: The finished grammar.
        loosened: Nodes that accept more values than lowering claimed.
        losses: The keywords that nodes lost to the backend's refusal.
        formats: Values of `format` that validation checks.
    """

    def __init__(
        self,
        source_map: SourceMap,
        grammar: Any,
        loosened: IdentitySet,
        losses: Losses,
        formats: frozenset[str],
    ) -> None:
        self._source_map, self._losses, self._formats = source_map, losses, formats
        self._loosened, self._contained = loosened, _objects_in(grammar)

    def enforcement(self, source: dict[str, Any]) -> dict[str, Enforcement]:
        """Return the enforcement of each constraint of a source schema, by keyword."""
        return {keyword: self.of_keyword(source, keyword) for keyword in constraints(source, self._formats)}

    def of_keyword(self, source: Any, keyword: str) -> Enforcement:
        """Return the enforcement of one keyword."""
        return self._of_keyword(source, keyword, IdentitySet())

    def accepts_nothing(self, source: Any) -> bool:
        """Whether the `$ref` of a source schema became a node that accepts no value."""
        claim = self._source_map.claim_of(source, "$ref")
        return claim is not None and claim.node.get("enum") == []

    def _of_keyword(self, source: Any, keyword: str, seen: IdentitySet) -> Enforcement:
        claim = self._source_map.claim_of(source, keyword)
        if claim is None:
            return Enforcement("validated", default_reason(keyword))
        if lost := self._losses.get(claim.node, {}).get(claim.keyword):
            return Enforcement("validated", lost)
        if self._is_intact(claim) and all(self._is_decoded(one, seen) for one in claim.alternatives):
            return DECODED
        return Enforcement("validated", claim.reason or default_reason(keyword))

    def _is_intact(self, claim: Claim) -> bool:
        """Whether the claim was exact, and the finished grammar has its node with its keyword."""
        node = claim.node
        is_in_place = node in self._contained and node not in self._loosened
        return claim.exact and is_in_place and claim.keyword in node

    def _is_decoded(self, source: Any, seen: IdentitySet) -> bool:
        """Whether all constraints of an alternative that desugaring made are decoded."""
        if not isinstance(source, dict) or not seen.add(source):
            return True
        keywords = constraints(source, self._formats)
        if not all(self._of_keyword(source, keyword, seen).decoded for keyword in keywords):
            return False
        return all(self._is_decoded(subschema, seen) for subschema in self._applying(source))

    def _applying(self, source: dict[str, Any]) -> Iterator[Any]:
        """Yield the target of a reference, and the subschemas that are not reported as a whole."""
        yield self._source_map.targets.get(source)
        for path, subschema in children(source):
            if path[0] not in OPAQUE and path[0] not in DEFINITIONS:
                yield subschema


def _objects_in(grammar: Any) -> IdentitySet:
    """Return all objects inside a JSON value."""
    objects = IdentitySet()
    stack = [grammar]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            if objects.add(value):
                stack += value.values()
        elif isinstance(value, list):
            stack += value
    return objects
