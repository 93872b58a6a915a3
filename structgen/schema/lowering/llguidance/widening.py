"""Find what llguidance refuses in a lowered schema, and leave out as little as helps.

All nodes that may be at fault are relaxed at once, one relaxation after another, until the schema is
accepted. Bisection then finds which of them were needed (as QuickXplain, Junker 2004). The number of checks
and the processor time are bounded: beyond them more stays relaxed than was needed.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from structgen.schema.identity import IdentityDict, IdentitySet
from structgen.schema.lowering.base import GrammarRefused, Losses, Node, RefusedGrammar
from structgen.schema.lowering.grammar_nodes import inner_nodes
from structgen.schema.lowering.llguidance import relaxations
from structgen.schema.lowering.llguidance.losses import record_loss
from structgen.schema.lowering.llguidance.relaxations import Relaxation
from structgen.schema.lowering.llguidance.shared_patterns import share_patterns
from structgen.schema.lowering.llguidance.tree import Tree

SECONDS = 1.0
"""Processor time of this thread after which bisection ends."""
_MAX_MILDER = 8
"""Edits for which a milder form is tried."""
_RELAXATIONS: tuple[Relaxation, ...] = (
    relaxations.drop_length, relaxations.drop_pattern, relaxations.drop_sizes,
    relaxations.drop_property_patterns, relaxations.keep_members(200), relaxations.keep_members(50),
    relaxations.drop_values, relaxations.drop_required, relaxations.drop_reference, relaxations.drop_choice,
    relaxations.drop_conjunct,
)  # fmt: skip
"""Ordered from the least to the most lossy."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Nodes with their relaxed forms: several nodes where these apply to one value together."""

    forms: tuple[tuple[Node, Node], ...]


NeededEdits = list[tuple[Edit, str]]
"""Edits, each with the reason why the schema is refused without it."""


def widen(root: Node, refused: RefusedGrammar) -> Losses:
    """Change a refused schema in place so that it is accepted, and return what its nodes lost.

    Raises `GrammarRefused` where even the schema that accepts everything is refused.
    """
    losses = Losses()
    search = _Search(root, refused)
    while search.reason is not None:
        edits = search.edits()
        definitions = dict(root.get("$defs", {}))
        for edit, reason in edits:
            for node, relaxed in edit.forms:
                message = f"the grammar's backend refuses it: {reason}"
                record_loss(node, relaxed, message, definitions, losses)
        for edit, _ in edits:
            for node, relaxed in edit.forms:
                node.clear()
                node.update(relaxed)
    return losses


class _Search:
    """The search for edits with which the schema is accepted."""

    def __init__(self, root: Node, refused: RefusedGrammar) -> None:
        self._root, self._refusal, self._checks_left = root, refused.refusal, refused.max_checks
        self._deadline = time.thread_time() + SECONDS
        self.reason: str | None = refused.reason
        """Why the root is refused with the latest edits; None where it is accepted."""

    def edits(self) -> NeededEdits:
        """Return edits with which the schema is accepted, or is refused for another reason."""
        tree, reason = Tree(self._root), str(self.reason)
        changing_reason = []
        for relaxation in _RELAXATIONS:
            candidates = _largest_first(_edits(relaxation, tree))
            if not candidates or self._is_spent():
                continue
            outcome = self._check(candidates)
            if outcome is None:
                return self._minimal(candidates, reason, _is_accepted)
            if _differ(outcome, reason):
                changing_reason.append(candidates)
        if changing_reason and not self._is_spent():
            return self._minimal(
                changing_reason[0], reason, lambda outcome: outcome is None or _differ(outcome, reason)
            )
        everywhere = _edits(relaxations.anything, tree)
        if self._check(everywhere) is None:
            return self._milder(self._minimal(everywhere, reason, _is_accepted), tree)
        bare = Edit(((self._root, {}),))
        self.reason = self._check([bare])
        if self.reason is not None:
            raise GrammarRefused(self.reason)
        return [(bare, reason)]

    def _is_spent(self) -> bool:
        return self._checks_left <= 0 or time.thread_time() > self._deadline

    def _check(self, edits: Sequence[Edit]) -> str | None:
        """Return why the schema with the edits is refused, None where it is accepted."""
        self._checks_left -= 1
        forms: IdentityDict[Node] = IdentityDict()
        for edit in edits:
            for node, relaxed in edit.forms:
                forms[node] = relaxed
        candidate = _copy(self._root, forms)
        share_patterns(candidate)
        return self._refusal(candidate)

    def _minimal(
        self, candidates: list[Edit], reason: str, is_good: Callable[[str | None], bool]
    ) -> NeededEdits:
        """Return the candidates that a good outcome needs. All of them together have such an outcome."""
        needed: NeededEdits = []
        while candidates:
            needed_edits = [edit for edit, _ in needed]
            if needed and not self._is_spent() and is_good(self._check(needed_edits)):
                break
            low, high, last_reason = 0, len(candidates), reason
            while high - low > 1 and not self._is_spent():
                middle = (low + high) // 2
                outcome = self._check([*needed_edits, *candidates[:middle]])
                if is_good(outcome):
                    high = middle
                else:
                    low, last_reason = middle, outcome or reason
            if self._is_spent():  # the good edits so far are wider than need be
                needed += [(edit, last_reason) for edit in candidates[:high]]
                break
            needed.append((candidates[high - 1], last_reason))
            candidates = candidates[: high - 1]
        self.reason = self._check([edit for edit, _ in needed])
        return needed

    def _milder(self, needed: NeededEdits, tree: Tree) -> NeededEdits:
        """Replace edits that relax everything by the first milder relaxation that is enough."""
        for index, (edit, reason) in enumerate(needed[:_MAX_MILDER]):
            for relaxation in _RELAXATIONS:
                forms = ((node, relaxation(node, tree)) for node, _ in edit.forms)
                milder = tuple((node, relaxed) for node, relaxed in forms if relaxed is not None)
                if not milder or self._is_spent():
                    continue
                changed = [*needed[:index], (Edit(milder), reason), *needed[index + 1 :]]
                if self._check([edit for edit, _ in changed]) is None:
                    needed = changed
                    break
        return needed


def _is_accepted(reason: str | None) -> bool:
    return reason is None


def _differ(reason: str, other: str) -> bool:
    """Whether two reasons name different faults."""
    return re.sub(r"\d+", "", reason) != re.sub(r"\d+", "", other)


def _edits(relaxation: Relaxation, tree: Tree) -> list[Edit]:
    """Return an edit for each node that the relaxation changes, and for groups of nodes of one value."""
    forms = ((node, relaxation(node, tree)) for node in tree.nodes)
    edits = [Edit(((node, relaxed),)) for node, relaxed in forms if relaxed is not None and relaxed != node]
    if relaxation in (relaxations.anything, relaxations.drop_reference):
        groups = IdentitySet(tree.shared.values())
        edits = [*(Edit(tuple(relaxations.types_only(group))) for group in groups), *edits]
    return edits


def _largest_first(edits: list[Edit]) -> list[Edit]:
    """Sort edits so that the largest nodes go first where many are too much together."""
    return sorted(edits, key=lambda edit: -sum(len(str(node)) for node, _ in edit.forms))


def _copy(node: Any, forms: IdentityDict[Node]) -> Any:
    """Return the schema with some nodes in other forms. Values that are not schemas are shared."""
    if not isinstance(node, dict):
        return node
    copy = dict(forms.get(node, node))
    for keyword in {keyword for keyword, _ in inner_nodes(copy)}:
        inner = copy[keyword]
        if isinstance(inner, list):
            copy[keyword] = [_copy(item, forms) for item in inner]
        elif keyword in ("properties", "patternProperties", "$defs"):
            copy[keyword] = {name: _copy(member, forms) for name, member in inner.items()}
        else:
            copy[keyword] = _copy(inner, forms)
    return copy
