"""One schema while it is lowered, with all that its passes need."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from referencing._core import Resolved, Resolver
from referencing.exceptions import Unresolvable

from structgen.schema.dialects import Dialect
from structgen.schema.formats import formats
from structgen.schema.lowering import object_shape
from structgen.schema.lowering.base import GrammarBackend, Node
from structgen.schema.lowering.branch_budget import BranchBudget
from structgen.schema.lowering.definitions import Definitions
from structgen.schema.lowering.draft_schemas import DraftSchemas
from structgen.schema.lowering.source_map import SourceMap

_MAX_FOLLOWED = 512


@dataclass(frozen=True, slots=True)
class LoweredSchema:
    """The node of one schema. `uncounted`: a bound on the number of members was left out in it."""

    node: Any
    uncounted: bool = False


class Compilation:
    """One document on its way to a grammar: what all schemas of it share."""

    def __init__(self, dialect: Dialect, backend: GrammarBackend) -> None:
        self.dialect, self.backend = dialect, backend
        self.draft_schemas = DraftSchemas(dialect)
        self.formats = backend.formats & formats(dialect)
        self.definitions = Definitions()
        self.source_map = SourceMap()


LowerSchema = Callable[[Compilation, Any, Resolver[Any], BranchBudget, bool], LoweredSchema]


@dataclass(slots=True)
class NodeLowering:
    """One schema while it is lowered: its keywords, the node that they become, and its surroundings."""

    compilation: Compilation
    source: dict[str, Any]
    """In the syntax of its draft."""
    resolver: Resolver[Any]
    branch_budget: BranchBudget
    """Shared by all schemas that apply to the same instance location."""
    sole_object_schema: bool
    """Whether no other schema at the location declares properties."""
    lower_schema: LowerSchema
    node: Node = field(default_factory=dict)
    uncounted: bool = False
    """Whether a bound on the number of members was left out, here or in a subschema."""
    countable: bool = field(init=False)
    """Whether every property name is known from this schema, so that members can be counted."""

    def __post_init__(self) -> None:
        self.countable = self.sole_object_schema and object_shape.declares_all_names(self.source)

    def lower(self, subschema: Any) -> Any:
        """Lower a schema of a member or an item."""
        return self._lowered(subschema, BranchBudget(), True).node

    def lower_branch(self, branch: Any, sole_object_schema: bool) -> LoweredSchema:
        """Lower a schema that applies to the same value as this one."""
        return self._lowered(branch, self.branch_budget, sole_object_schema)

    def _lowered(self, schema: Any, budget: BranchBudget, sole_object_schema: bool) -> LoweredSchema:
        lowered = self.lower_schema(self.compilation, schema, self.resolver, budget, sole_object_schema)
        self.uncounted = self.uncounted or lowered.uncounted
        return lowered

    def add_conjunct(self, node: Node) -> None:
        """Add a node that must hold as well."""
        self.node.setdefault("allOf", []).append(node)

    def claim(self, keyword: str, node_keyword: str) -> None:
        """Record that this node enforces a keyword of the source by one of its own."""
        self.compilation.source_map.claim(self.source, keyword, self.node, node_keyword)

    def lookup(self, reference: str) -> Resolved[Any] | None:
        """Look a reference up; None where it leads nowhere."""
        try:
            return self.resolver.lookup(reference)
        except Unresolvable:  # pragma: no cover - refused before
            return None

    def bounded_resolve(self) -> Callable[[str], Any]:
        """Return a function that follows references within the document, a bounded number of times."""
        remaining = _MAX_FOLLOWED

        def resolve(reference: str) -> Any:
            nonlocal remaining
            remaining -= 1
            resolved = self.lookup(reference) if remaining >= 0 else None
            if resolved is None or resolved.resolver._base_uri != self.resolver._base_uri:
                return None
            return self.compilation.draft_schemas(resolved.contents)

        return resolve
