"""Report which constraints of the caller's schema the grammar enforces."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from structgen.schema.identity import IdentityDict, IdentitySet
from structgen.schema.lowering.asserted_keywords import CHOICES, CONDITIONAL, DEFINITIONS, OPAQUE
from structgen.schema.lowering.claim_checker import ClaimChecker
from structgen.schema.lowering.report import DECODED, Enforcement, Report
from structgen.schema.traversal import children, pointer


@dataclass(slots=True, eq=False)
class _AppliedSchema:
    """A source schema that applies to values, with the enforcement of its constraints by keyword."""

    pointer: str
    source: dict[str, Any]
    enforcement: dict[str, Enforcement]
    target: _AppliedSchema | None = None
    subschemas: dict[str, list[_AppliedSchema]] = field(default_factory=dict)
    """The subschemas that apply to values too, by keyword."""
    decoded: bool = True
    """Whether the grammar enforces all constraints, those of subschemas and of the target included."""

    def nested(self) -> Iterator[_AppliedSchema]:
        """Yield the target and all subschemas, those of definitions included."""
        if self.target is not None:
            yield self.target
        for subschemas in self.subschemas.values():
            yield from subschemas

    def update_decoded(self) -> bool:
        """Compute `decoded` from that of the nested schemas. Return whether it changed."""
        for keyword in CHOICES:
            branches = self.subschemas.get(keyword, ())
            if self.enforcement.get(keyword) == DECODED and not all(b.decoded for b in branches):
                reason = "a branch has constraints that are validated"
                self.enforcement[keyword] = Enforcement("validated", reason)
        before = self.decoded
        self.decoded = (
            before
            and all(enforcement.decoded for enforcement in self.enforcement.values())
            and (self.target is None or self.target.decoded)
            and all(
                schema.decoded
                for keyword, subschemas in self.subschemas.items()
                if keyword not in DEFINITIONS
                for schema in subschemas
            )
        )
        return before and not self.decoded


def enforcement_report(
    root: dict[str, Any],
    pointers: IdentityDict[str],
    checker: ClaimChecker,
    targets: IdentityDict[Any],
    all_targets: Callable[[], IdentityDict[Any]],
) -> Report:
    """Report each constraint of a source schema by its pointer.

    Args:
        root: The schema, without keywords that its draft does not define.
        pointers: The pointers of all its subschemas.
        checker: Decides what the grammar enforces.
        targets: What references lead to, as far as lowering followed them; further ones are added.
        all_targets: Returns what every reference leads to.
    """
    unfollowed = list(_unfollowed(root, checker, targets, all_targets))
    applied = _applied_schemas(root, pointers, checker, targets)
    _update_decoded(applied.values())
    for schema in applied.values():  # a condition that is decoded in part makes its branches so
        condition = schema.enforcement.get("if", DECODED)
        if condition != DECODED:
            _weaken([*schema.subschemas.get("then", ()), *schema.subschemas.get("else", ())], condition)
    for target, enforcement in unfollowed:
        if target in applied:
            _weaken([applied[target]], enforcement)
    _update_decoded(applied.values())
    return Report(
        {
            f"{schema.pointer}{pointer([keyword])}": enforcement
            for schema in applied.values()
            for keyword, enforcement in schema.enforcement.items()
        }
    )


def _unfollowed(
    root: Any,
    checker: ClaimChecker,
    targets: IdentityDict[Any],
    all_targets: Callable[[], IdentityDict[Any]],
) -> Iterator[tuple[Any, Enforcement]]:
    """Yield targets that always apply where the grammar does not follow the reference, with the reason.

    The grammar may follow another reference to the same target.
    """
    resolved: IdentityDict[Any] | None = None
    stack, seen = [root], IdentitySet()
    while stack:
        schema = stack.pop()
        if not isinstance(schema, dict) or not seen.add(schema):
            continue
        if isinstance(schema.get("$ref"), str):
            target = targets.get(schema)
            if target is None:
                resolved = all_targets() if resolved is None else resolved
                target = resolved.get(schema)
            if isinstance(target, dict):
                targets[schema] = target
                stack.append(target)
                enforcement = checker.of_keyword(schema, "$ref")
                if enforcement != DECODED and not checker.accepts_nothing(schema):
                    yield target, enforcement
        stack += [subschema for path, subschema in children(schema) if path[0] not in CONDITIONAL]


def _applied_schemas(
    root: dict[str, Any], pointers: IdentityDict[str], checker: ClaimChecker, targets: IdentityDict[Any]
) -> IdentityDict[_AppliedSchema]:
    """Return the schemas that apply to values: none inside a negation, no definitions without a reference."""
    applied: IdentityDict[_AppliedSchema] = IdentityDict()
    stack: list[tuple[str, Any]] = [("", root)]
    while stack:
        at, schema = stack.pop()
        if not isinstance(schema, dict) or schema in applied:
            continue
        applied[schema] = _AppliedSchema(at, schema, checker.enforcement(schema))
        if (target := targets.get(schema)) is not None:
            stack.append((pointers.get(target, ""), target))
        for path, subschema in children(schema):
            if path[0] not in OPAQUE and path[0] not in DEFINITIONS:
                stack.append((at + pointer(path), subschema))
    for parent in applied.values():
        parent.target = applied.get(targets.get(parent.source))
        for path, subschema in children(parent.source):
            if (nested := applied.get(subschema)) is not None:
                parent.subschemas.setdefault(path[0], []).append(nested)
    return applied


def _weaken(schemas: Sequence[_AppliedSchema], enforcement: Enforcement) -> None:
    """Report all decoded constraints of the schemas, and of all inside them, with this enforcement."""
    stack, seen = list(schemas), IdentitySet()
    while stack:
        schema = stack.pop()
        if seen.add(schema):
            for keyword, current in schema.enforcement.items():
                if current == DECODED:
                    schema.enforcement[keyword] = enforcement
            stack += schema.nested()


def _update_decoded(schemas: Collection[_AppliedSchema]) -> None:
    """Report a choice as decoded only where all of its branches are, down to the targets of references."""
    for schema in schemas:
        schema.decoded = all(enforcement.decoded for enforcement in schema.enforcement.values())
    changed = True
    while changed:
        changed = False
        for schema in schemas:
            changed = schema.update_decoded() or changed
