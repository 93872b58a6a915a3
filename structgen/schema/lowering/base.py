"""The contract between lowering and a grammar backend. Each backend has a sub-package that fulfils it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from structgen.schema.identity import IdentityDict, IdentitySet

Node = dict[str, Any]
"""A schema of the lowered grammar."""
Refusal = Callable[[Any], str | None]
"""Return why a backend refuses a lowered schema, None for one that it accepts."""
Losses = IdentityDict[dict[str, str]]
"""Reasons by keyword, of all keywords that a node of the grammar lost."""


@dataclass(frozen=True, slots=True)
class RefusedGrammar:
    """A lowered schema that the backend refused: `refusal` tests others, `reason` is of this one."""

    refusal: Refusal
    reason: str
    max_checks: int = 96
    """How often `refusal` may be called."""


class GrammarRefused(Exception):
    """The backend refuses even the schema that accepts everything. The message is its reason."""


class GrammarBackend(Protocol):
    """What a grammar backend accepts, and the rewrites that it needs.

    Lowering calls the methods in the order in which they are listed here: `rewrite`, `widen` and `compact`
    once for the whole grammar, those before for each schema. Pinning calls `writes_exactly`.
    """

    @property
    def assertions(self) -> tuple[str, ...]:
        """Keywords without subschemas that are copied, in the order in which a node has them."""

    @property
    def formats(self) -> frozenset[str]:
        """Values of `format` that are lowered: by `formats.PATTERNS`, or else by the backend itself."""

    def adapt_numbers(self, node: Node) -> Node | None:
        """Drop numeric keywords that the backend cannot read exactly.

        Returns the node that replaces `multipleOf` and is to stand beside this one, None without need.
        """

    def translate_pattern(self, pattern: str) -> str | None:
        """Return the pattern in the backend's syntax, None for one that it would read differently."""

    def limit_pattern(self, node: Node) -> None:
        """Drop keywords beside `pattern` that would make its automaton too large."""

    def translate_property_patterns(self, patterns: Iterable[str]) -> dict[str, str]:
        """Return those patterns of `patternProperties` that can stand together, each with its translation."""

    def finish_node(self, source: dict[str, Any], node: Node) -> dict[str, str]:
        """Apply the last changes to a node whose subschemas are lowered.

        Returns the reason for each keyword of `source` that the node enforces only in part.
        """

    def rewrite(self, root: Node) -> IdentitySet:
        """Apply the passes over the whole grammar. Returns the nodes that accept more values than before."""

    def widen(self, root: Node, refused: RefusedGrammar) -> Losses:
        """Leave out as little as makes the backend accept the grammar.

        Raises `GrammarRefused` where it accepts no grammar at all.
        """

    def compact(self, root: Node) -> None:
        """Rewrite a grammar that is complete, without a change of meaning, so that it compiles faster."""

    def writes_exactly(self, value: Any) -> bool:
        """Whether `const` with this value accepts the JSON text of each number in it."""
