"""llguidance 1.x as the target of lowering. What it supports is in `supported_keywords`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from structgen.schema.identity import IdentitySet
from structgen.schema.lowering.base import GrammarBackend, Losses, Node, RefusedGrammar
from structgen.schema.lowering.grammar_nodes import BRANCH_KEYWORDS
from structgen.schema.lowering.llguidance import numbers, regex
from structgen.schema.lowering.llguidance.integer_intervals import drop_empty_intervals
from structgen.schema.lowering.llguidance.recursion import merge_siblings_of_recursive_references
from structgen.schema.lowering.llguidance.shared_patterns import share_patterns
from structgen.schema.lowering.llguidance.supported_keywords import ASSERTIONS, FORMATS
from structgen.schema.lowering.llguidance.unsatisfiable_references import inline_unsatisfiable
from structgen.schema.lowering.llguidance.widening import widen

_MAX_STATES = 2_000
"""Largest product of a pattern's largest repetition count and of `maxLength` beside it."""


class LLGuidance:
    """What llguidance 1.x refuses, or enforces more narrowly than JSON Schema says, is dropped."""

    assertions = ASSERTIONS
    formats = FORMATS

    def writes_exactly(self, value: Any) -> bool:
        """Whether the grammar writes all numbers of a value as JSON text has them."""
        return numbers.is_exact(value)

    def adapt_numbers(self, node: Node) -> Node | None:
        """Drop numbers that compile to a wrong expression; split `multipleOf` by sign."""
        numbers.limit_numbers(node)
        return numbers.split_multiple_of(node)

    def translate_pattern(self, pattern: str) -> str | None:
        """Return the pattern in Rust's syntax, None for one that Rust reads differently."""
        return regex.translated(pattern) if regex.is_supported(pattern) else None

    def limit_pattern(self, node: Node) -> None:
        """Drop `maxLength` beside a pattern that counts: the product of both is too large for its lexer."""
        if "maxLength" in node and regex.max_count(node["pattern"]) * node["maxLength"] > _MAX_STATES:
            del node["maxLength"]

    def translate_property_patterns(self, patterns: Iterable[str]) -> dict[str, str]:
        """Return the patterns that match no name in common, each with its translation."""
        return {pattern: regex.translated(pattern) for pattern in regex.disjoint_patterns(patterns)}

    def finish_node(self, source: dict[str, Any], node: Node) -> dict[str, str]:
        """Drop patterns for names in several conjuncts: they may match names in common."""
        if _max_occurrences(node, "patternProperties") > 1:
            for inner in _with_branches(node):
                inner.pop("patternProperties", None)
                inner.pop("additionalProperties", None)
        return _inexact_keywords(source, node)

    def rewrite(self, root: Node) -> IdentitySet:
        """Remove what llguidance refuses, crashes on, or reads inexactly. The order of the passes matters."""
        if "$defs" in root:
            inline_unsatisfiable(root)
            merge_siblings_of_recursive_references(root)
        loosened = numbers.drop_inexact(root)
        numbers.keep_one_divisor(root)
        drop_empty_intervals(root)
        return loosened

    def widen(self, root: Node, refused: RefusedGrammar) -> Losses:
        """Leave out as little as helps, by bisection."""
        return widen(root, refused)

    def compact(self, root: Node) -> None:
        """Share equal patterns."""
        share_patterns(root)


def _inexact_keywords(source: dict[str, Any], node: Node) -> dict[str, str]:
    """Return the keywords of which the grammar accepts more, with the reasons."""
    inexact = {}
    if "pattern" in node:
        pattern = source.get("pattern")
        if not isinstance(pattern, str) or node["pattern"] != regex.translated(pattern):
            inexact["pattern"] = "the grammar cannot read this regular expression as JSON Schema does"
        elif regex.excludes_escaped(pattern):
            inexact["pattern"] = (
                "the grammar cannot exclude quotes and backslashes, because JSON escapes them"
            )
    for exclusive, opposite in (("exclusiveMinimum", "max"), ("exclusiveMaximum", "min")):
        opposites = (f"{opposite}imum", f"exclusive{opposite.title()}imum")
        bounds = [node[keyword] for keyword in opposites if keyword in node]
        if exclusive in node and any(abs(bound - node[exclusive]) < 1 for bound in bounds):
            inexact[exclusive] = (
                "the grammar cannot express an exclusive bound less than 1 from the other bound"
            )
    return inexact


def _max_occurrences(node: Any, keyword: str) -> int:
    """Return how often a keyword can apply to one value."""
    if not isinstance(node, dict):
        return 0
    conjuncts = sum(_max_occurrences(inner, keyword) for inner in node.get("allOf", ()))
    branches = (_max_occurrences(inner, keyword) for inner in node.get("anyOf", ()))
    return (keyword in node) + conjuncts + max(branches, default=0)


def _with_branches(node: Any) -> Iterator[Node]:
    """Yield the node and its branches."""
    if isinstance(node, dict):
        yield node
        for keyword in BRANCH_KEYWORDS:
            for inner in node.get(keyword, ()):
                yield from _with_branches(inner)


LLGUIDANCE: GrammarBackend = LLGuidance()
