"""Map keywords of source schemas to the nodes of the grammar that enforce them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from structgen.schema.identity import IdentityDict
from structgen.schema.lowering.base import Node


@dataclass(frozen=True, slots=True)
class Claim:
    """A node enforces a keyword of the source by one of its own.

    The claim holds only for a node that the finished grammar contains, and that still has its keyword.
    """

    node: Node
    keyword: str
    exact: bool
    reason: str
    """Why the node enforces only a part of the keyword, for a claim that is not exact."""
    alternatives: Sequence[Any]
    """Schemas that the node was lowered from, where desugaring made them."""


@dataclass(slots=True)
class SourceMap:
    """What lowering did with each source schema, which is known by its identity."""

    targets: IdentityDict[Any] = field(default_factory=IdentityDict)
    """The schemas that references lead to, by the schema that has the `$ref`."""
    _claims: IdentityDict[dict[str, Claim]] = field(default_factory=IdentityDict)

    def claim(
        self,
        source: Any,
        keyword: str,
        node: Node,
        node_keyword: str,
        *,
        exact: bool = True,
        reason: str = "",
        alternatives: Sequence[Any] = (),
    ) -> None:
        """Record that `node_keyword` of a node enforces a keyword. A later claim replaces an earlier one."""
        claim = Claim(node, node_keyword, exact, reason, alternatives)
        self._claims.setdefault(source, {})[keyword] = claim

    def claim_of(self, source: Any, keyword: str) -> Claim | None:
        """Return the claim for a keyword."""
        claims = self._claims.get(source)
        return claims.get(keyword) if claims else None
