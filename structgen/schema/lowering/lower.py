"""Lower the caller's schema to the one that a grammar enforces: equivalent or wider, never narrower.

What a grammar leaves out, validation enforces afterwards. The order of the passes is fixed:

1. `draft_schemas`: drop keywords that the schema's draft does not define.
2. `NODE_PASSES`: lower each schema, from the root on, with its subschemas.
3. `GrammarBackend.rewrite`: the backend's own passes over the whole grammar.
4. `GrammarBackend.widen`: only for a grammar that the backend refused.
5. `enforcement_report`: report which keywords the grammar enforces.
6. `GrammarBackend.compact`: rewrite for speed, with no change of meaning.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import partial
from typing import Any

from referencing._core import Resolver

from structgen import json_text
from structgen.schema.dialects import Dialect
from structgen.schema.formats import formats
from structgen.schema.identity import IdentityDict
from structgen.schema.lowering import alternatives, array_items, object_properties, scalar_assertions
from structgen.schema.lowering.base import GrammarBackend, Losses, RefusedGrammar
from structgen.schema.lowering.branch_budget import BranchBudget
from structgen.schema.lowering.claim_checker import ClaimChecker
from structgen.schema.lowering.enforcement import enforcement_report
from structgen.schema.lowering.node import Compilation, LoweredSchema, NodeLowering
from structgen.schema.lowering.reference_targets import reference_targets
from structgen.schema.lowering.report import Report
from structgen.schema.references import inside, root_resolver
from structgen.schema.traversal import everywhere

NODE_PASSES = (
    scalar_assertions.copy_assertions,
    scalar_assertions.copy_property_counts,
    scalar_assertions.normalize_integers,
    scalar_assertions.lower_numbers,
    scalar_assertions.lower_strings,
    object_properties.lower_properties,
    array_items.lower_items,
    alternatives.lower_branches,
    alternatives.lower_desugared,
)
"""The passes over one schema. Each adds keywords to the node and may read those that are already there."""


@dataclass(frozen=True, slots=True)
class Lowered:
    """A self-contained schema of 2020-12 with the keywords that the backend enforces, and its report."""

    grammar: dict[str, Any] | bool
    report: Report
    widened: str = ""
    """Identifies a grammar of which the backend refused a part, which is left out; else empty."""
    refused: str = ""
    """The reason of that refusal."""


def lower(
    definition: Any, dialect: Dialect, backend: GrammarBackend, refused: RefusedGrammar | None = None
) -> Lowered:
    """Lower a schema. The grammar has a text (compact, in declared order) of every valid value.

    With `refused`, the keywords that the backend refused are left out of the grammar. Raises `GrammarRefused`
    where it accepts no grammar at all.
    """
    if isinstance(definition, bool):
        return Lowered(definition, Report())
    compilation = Compilation(dialect, backend)
    source, resolver = compilation.draft_schemas(definition), root_resolver(definition, dialect)
    root: dict[str, Any] = _lower_schema(compilation, source, resolver, BranchBudget(), True).node
    definitions = compilation.definitions
    while (pending := definitions.next_pending()) is not None:
        name, target, target_resolver = pending
        lowered = _lower_schema(compilation, target, target_resolver, BranchBudget(), False)
        definitions.lowered[name] = lowered.node
    if definitions.lowered:
        root["$defs"] = definitions.lowered
    loosened = backend.rewrite(root)
    losses = backend.widen(root, refused) if refused else Losses()
    report = _report(
        definition,
        compilation,
        ClaimChecker(compilation.source_map, root, loosened, losses, formats(dialect)),
    )
    backend.compact(root)
    if refused is None:
        return Lowered(root, report)
    identity = hashlib.sha256(json_text.dumps(root).encode()).hexdigest()[:16]
    return Lowered(root, report, identity, refused.reason)


def _lower_schema(
    compilation: Compilation,
    schema: Any,
    resolver: Resolver[Any],
    branch_budget: BranchBudget,
    sole_object_schema: bool,
) -> LoweredSchema:
    """Run all passes over one schema. A schema of `true` or `false` stays as it is."""
    if not isinstance(schema, dict):
        return LoweredSchema(schema)
    resolver = inside(resolver, schema, compilation.dialect)
    lowering = NodeLowering(compilation, schema, resolver, branch_budget, sole_object_schema, _lower_schema)
    if isinstance(schema.get("$ref"), str):
        _lower_reference(lowering)
        if not compilation.dialect.ref_siblings:
            return LoweredSchema(lowering.node)
    for lower_keywords in NODE_PASSES:
        lower_keywords(lowering)
    inexact = compilation.backend.finish_node(schema, lowering.node)
    for keyword in lowering.node:
        if keyword in schema and keyword not in ("$ref", "allOf"):
            reason = inexact.get(keyword, "")
            compilation.source_map.claim(
                schema, keyword, lowering.node, keyword, exact=not reason, reason=reason
            )
    return LoweredSchema(lowering.node, lowering.uncounted)


def _report(definition: Any, compilation: Compilation, checker: ClaimChecker) -> Report:
    """Report on the copies of the caller's schemas, by the pointers of the originals."""
    draft_schemas, dialect = compilation.draft_schemas, compilation.dialect
    pointers: IdentityDict[str] = IdentityDict()
    for at, value in everywhere(definition):
        if isinstance(value, dict):
            pointers[draft_schemas.copy_of(value)] = at
    root = draft_schemas.copy_of(definition)
    resolver = root_resolver(definition, dialect)
    all_targets = partial(reference_targets, root, resolver, dialect, draft_schemas)
    return enforcement_report(root, pointers, checker, compilation.source_map.targets, all_targets)


def _lower_reference(lowering: NodeLowering) -> None:
    """Refer to the definition that the target becomes."""
    compilation, reference = lowering.compilation, lowering.source["$ref"]
    resolved = lowering.lookup(reference)
    if resolved is None:  # pragma: no cover - refused before
        return
    target = resolved.contents
    if not isinstance(target, bool):
        target = compilation.source_map.targets[lowering.source] = compilation.draft_schemas(target)
    lowering.node |= compilation.definitions.reference(target, reference, resolved.resolver)
    lowering.claim("$ref", "$ref")
