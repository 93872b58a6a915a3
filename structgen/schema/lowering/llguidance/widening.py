"""Find what of a lowered schema the grammar's backend refuses, and leave out as little as helps.

Everything that may be at fault is weakened at once, kind by kind, until the backend takes the schema; then
bisection finds what of it was needed (as QuickXplain, Junker 2004). The number of tries and the processor
time are bounded: after them more stays weakened than was needed.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from structgen.schema.lowering.llguidance import relaxations
from structgen.schema.lowering.llguidance.lowered_tree import Node, Tree
from structgen.schema.lowering.llguidance.shared_patterns import share
from structgen.schema.traversal import children

Check = Callable[[Any], str | None]
"""Why the backend refuses a lowered schema, None where it does not."""

SECONDS = 1.0
"""Of this thread's processor time, after which bisection ends."""
Kind = Callable[[Node, Tree], Node | None]
"""The weaker form of a node, None where there is none."""
_KINDS: tuple[Kind, ...] = (
    relaxations.no_length, relaxations.no_text, relaxations.no_size, relaxations.no_names,
    relaxations.first_members(200),
    relaxations.first_members(50), relaxations.no_values, relaxations.no_required, relaxations.no_reference,
    relaxations.no_choice,
    relaxations.no_part,
)  # fmt: skip
"""From what costs least on."""


@dataclass(frozen=True, slots=True)
class Backend:
    """What a grammar's backend says: `check` of any lowered schema, `reason` of the one at hand."""

    check: Check
    reason: str
    checks: int = 96
    """How often `check` may be asked."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Nodes, and what they become: several where they speak of one value together."""

    forms: tuple[tuple[Node, Node], ...]


class Refused(Exception):
    """Not even the schema that accepts everything is taken; the reason is the message."""


def widen(root: Node, backend: Backend) -> dict[int, dict[str, str]]:
    """Change a refused schema in place so that the backend takes it.

    Returns the reasons by the identity of a node and its keyword, for all that is gone. `Refused` where the
    backend takes nothing at all.
    """
    lost: dict[int, dict[str, str]] = {}
    search = _Search(root, backend)
    while search.reason is not None:
        edits = search.edits()
        definitions = dict(root.get("$defs", {}))
        for edit, reason in edits:
            _lose(edit, f"the grammar's backend refuses it: {reason}", definitions, lost)
        for edit, _ in edits:
            for node, form in edit.forms:
                node.clear()
                node.update(form)
    return lost


Needed = list[tuple[Edit, str]]
"""Edits, each with the reason why the backend refuses the schema without it."""


class _Search:
    def __init__(self, root: Node, backend: Backend) -> None:
        self._root, self._check, self._left = root, backend.check, backend.checks
        self._ends = time.thread_time() + SECONDS
        self.reason: str | None = backend.reason
        """Why the backend refuses the root with the edits that were given last; None where it does not."""

    def edits(self) -> Needed:
        """What is to be changed so that the backend takes the schema, or refuses it for another reason."""
        tree, refused = Tree(self._root), str(self.reason)
        others = []
        for kind in _KINDS:
            atoms = _largest_first(_atoms(kind, tree))
            if not atoms or self._spent():
                continue
            found = self._asked(atoms)
            if found is None:
                return self._minimal(atoms, refused, _passes)
            if _differ(found, refused):
                others.append(atoms)
        if others and not self._spent():
            return self._minimal(others[0], refused, lambda found: found is None or _differ(found, refused))
        everywhere = _atoms(relaxations.anything, tree)
        if self._asked(everywhere) is None:
            return self._milder(self._minimal(everywhere, refused, _passes), tree)
        bare = Edit(((self._root, {}),))
        self.reason = self._asked([bare])
        if self.reason is not None:
            raise Refused(self.reason)
        return [(bare, refused)]

    def _spent(self) -> bool:
        return self._left <= 0 or time.thread_time() > self._ends

    def _asked(self, edits: Sequence[Edit]) -> str | None:
        self._left -= 1
        candidate = _copy(self._root, {id(n): form for edit in edits for n, form in edit.forms})
        share(candidate)
        return self._check(candidate)

    def _minimal(self, atoms: list[Edit], refused: str, good: Callable[[str | None], bool]) -> Needed:
        """Those of the atoms that the good outcome needs, which all of them together have."""
        needed: Needed = []
        while atoms:
            kept = [edit for edit, _ in needed]
            if needed and not self._spent() and good(self._asked(kept)):
                break
            low, high, why = 0, len(atoms), refused
            while high - low > 1 and not self._spent():
                middle = (low + high) // 2
                found = self._asked([*kept, *atoms[:middle]])
                if good(found):
                    high = middle
                else:
                    low, why = middle, found or refused
            if self._spent():  # what is good so far is wider than need be
                needed += [(edit, why) for edit in atoms[:high]]
                break
            needed.append((atoms[high - 1], why))
            atoms = atoms[: high - 1]
        self.reason = self._asked([edit for edit, _ in needed])
        return needed

    def _milder(self, needed: Needed, tree: Tree) -> Needed:
        """A weaker form in the place of no form at all, where one is enough."""
        for index, (edit, reason) in enumerate(needed[:8]):
            for kind in _KINDS:
                forms = ((node, kind(node, tree)) for node, _ in edit.forms)
                milder = tuple((node, form) for node, form in forms if form is not None)
                if not milder or self._spent():
                    continue
                tried = [*needed[:index], (Edit(milder), reason), *needed[index + 1 :]]
                if self._asked([one for one, _ in tried]) is None:
                    needed = tried
                    break
        return needed


def _passes(reason: str | None) -> bool:
    return reason is None


def _differ(one: str, other: str) -> bool:
    """Whether two reasons name different faults."""
    return re.sub(r"\d+", "", one) != re.sub(r"\d+", "", other)


def _atoms(kind: Kind, tree: Tree) -> list[Edit]:
    forms = ((node, kind(node, tree)) for node in tree.nodes)
    made = [Edit(((node, form),)) for node, form in forms if form is not None and form != node]
    if kind in (relaxations.anything, relaxations.no_reference):
        groups = {id(group[0]): group for group in tree.shared.values()}
        made = [*(Edit(tuple(relaxations.released(group))) for group in groups.values()), *made]
    return made


def _largest_first(atoms: list[Edit]) -> list[Edit]:
    """Where many are too much together, the largest go."""
    return sorted(atoms, key=lambda edit: -sum(len(str(node)) for node, _ in edit.forms))


def _copy(node: Any, forms: dict[int, Node]) -> Any:
    """The schema with some nodes in other forms; what is no schema is shared."""
    if not isinstance(node, dict):
        return node
    made = dict(forms.get(id(node), node))
    for path, part in children(made):
        if len(path) == 1:
            made[path[0]] = _copy(part, forms)
    for keyword in ("allOf", "anyOf", "prefixItems"):
        if keyword in made:
            made[keyword] = [_copy(part, forms) for part in made[keyword]]
    for keyword in ("properties", "patternProperties", "$defs"):
        if keyword in made:
            made[keyword] = {name: _copy(part, forms) for name, part in made[keyword].items()}
    return made


def _lose(edit: Edit, reason: str, definitions: dict[str, Any], lost: dict[int, dict[str, str]]) -> None:
    """Note what the nodes say no longer: keywords, all that stood inside, and what references led to."""
    for node, form in edit.forms:
        gone = {word for word, value in node.items() if form.get(word) is not value}
        lost.setdefault(id(node), {}).update(dict.fromkeys(gone, reason))
        kept = {id(part) for part in _inside(form, {})}
        for part in _inside(node, {} if "$ref" in form else definitions):
            if part is not node and id(part) not in kept:
                lost.setdefault(id(part), {}).update(dict.fromkeys(part, reason))


def _inside(node: Node, definitions: dict[str, Any]) -> list[Node]:
    """The node and all nodes inside of it, and inside of the definitions that these refer to."""
    found: dict[int, Node] = {}
    stack: list[Any] = [node]
    while stack:
        one = stack.pop()
        if isinstance(one, dict) and id(one) not in found:
            found[id(one)] = one
            stack += [part for path, part in children(one) if path[0] != "$defs"]
            stack.append(definitions.get(str(one.get("$ref", "")).removeprefix("#/$defs/")))
    return [*found.values()]
