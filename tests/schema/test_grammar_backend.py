"""Lowering depends on its target only by the contract of `GrammarBackend`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from structgen.schema.dialects import detect
from structgen.schema.identity import IdentitySet
from structgen.schema.lowering.base import GrammarBackend, Losses, Node, RefusedGrammar
from structgen.schema.lowering.lower import lower
from structgen.schema.lowering.pinning import pin_value


class TypesOnly:
    """A backend that supports types and choices, but no other assertion and no pattern."""

    assertions = ("type",)
    formats: frozenset[str] = frozenset()

    def adapt_numbers(self, node: Node) -> Node | None:
        return None

    def translate_pattern(self, pattern: str) -> str | None:
        return None

    def limit_pattern(self, node: Node) -> None:
        raise AssertionError("no pattern is translated")

    def translate_property_patterns(self, patterns: Iterable[str]) -> dict[str, str]:
        return {}

    def finish_node(self, source: dict[str, Any], node: Node) -> dict[str, str]:
        return {}

    def rewrite(self, root: Node) -> IdentitySet:
        return IdentitySet()

    def widen(self, root: Node, refused: RefusedGrammar) -> Losses:
        root.clear()
        return Losses()

    def compact(self, root: Node) -> None:
        pass

    def writes_exactly(self, value: Any) -> bool:
        return "." not in str(value)


BACKEND: GrammarBackend = TypesOnly()
DEFINITION = {
    "type": "object",
    "properties": {"name": {"type": "string", "pattern": "^a", "minLength": 2}, "size": {"enum": [1, 2]}},
}


def test_a_second_backend_decides_what_its_grammar_has_and_what_the_report_says() -> None:
    """Keywords that a backend does not take are left out, and the report calls them validated."""
    lowered = lower(DEFINITION, detect(DEFINITION), BACKEND)
    assert lowered.grammar == {
        "type": "object",
        "properties": {"name": {"type": "string"}, "size": {}},
    }
    assert {at: found.by for at, found in lowered.report.items()} == {
        "/type": "decoded",
        "/properties/name/type": "decoded",
        "/properties/name/pattern": "validated",
        "/properties/name/minLength": "validated",
        "/properties/size/enum": "validated",
    }


def test_a_backend_widens_the_grammar_that_it_refused() -> None:
    """Keywords that a widened grammar lost are validated, and the grammar has a key of its own."""
    refused = RefusedGrammar(lambda _: None, "too large")
    lowered = lower(DEFINITION, detect(DEFINITION), BACKEND, refused)
    assert (lowered.grammar, lowered.refused) == ({}, "too large")
    assert lowered.widened
    assert lowered.report["/type"].by == "validated"


def test_a_pinned_value_has_the_type_of_numbers_that_the_backend_does_not_write_exactly() -> None:
    """Pinning decides by the backend which numbers are constants."""
    assert pin_value([1, 0.5], BACKEND)["prefixItems"] == [{"const": 1}, {"type": "number"}]
