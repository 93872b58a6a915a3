"""Coerce values to objects: match keys, coerce members, wrap and unwrap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from structgen import json_text
from structgen.parsing.coercion.coerced import COST, MISMATCH, Coerce, Coerced, Pricing, loses_words
from structgen.parsing.coercion.embedded_json import embedded_risk, parse_embedded
from structgen.parsing.coercion.key_matching import KeyMatch, Likeness, match_keys, near_keys
from structgen.parsing.coercion.subschema import Subschema
from structgen.parsing.json_patch import Change
from structgen.parsing.tolerant.parse_result import Alternative
from structgen.schema import Schema
from structgen.schema.traversal import pointer
from structgen.types import Risk


@dataclass(slots=True)
class _Members:
    """The members of an object that were coerced so far, and the cost and changes of all."""

    value: dict[str, Any] = field(default_factory=dict)
    cost: float = 0.0
    inner_changes: list[Change] = field(default_factory=list)
    """Changes within members, under their original keys. They precede changes of the object itself."""
    changes: list[Change] = field(default_factory=list)
    alternatives: list[Alternative] = field(default_factory=list)

    def add(self, key: str, name: str, coerced: Coerced) -> None:
        """Add the member that stood at `key` as `name`."""
        self.value[name] = coerced.value
        self.cost += coerced.cost
        self.inner_changes += [change.under(key) for change in coerced.changes]
        self.alternatives += coerced.alternatives_under(name)


class ObjectCoercer:
    """Coerce values to objects; `coerce` coerces their members."""

    def __init__(self, schema: Schema, coerce: Coerce, pricing: Pricing) -> None:
        self._schema, self._coerce, self._pricing = schema, coerce, pricing

    def to_object(self, value: Any, subschema: Subschema, depth: int) -> Coerced:
        """Return an object: the value, the JSON in it, its one item, or an object of its one property."""
        if isinstance(value, dict):
            return self.members(value, subschema, depth)
        if isinstance(value, str) and (embedded := parse_embedded(value, "{")) is not None:
            coerced = self.members(embedded.value, subschema, depth)
            if not coerced.is_mismatch:
                risk = embedded_risk(embedded)
                return self._pricing.replace_whole(value, coerced, risk, "JSON in a text", 20)
        if isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict):
            coerced = self.members(value[0], subschema, depth)
            return self._pricing.replace_whole(value, coerced, "inferred", "the one item of a list", 50)
        properties = subschema.properties
        if len(properties) == 1 and isinstance(value, bool | int | float):
            [(name, property_schema)] = properties.items()
            coerced = _as_member(name, self._coerce(value, property_schema, depth + 1))
            return self._pricing.replace_whole(
                value, coerced, "inferred", "a value for the one property", 100
            )
        return Coerced(value, MISMATCH)

    def members(self, value: dict[str, Any], subschema: Subschema, depth: int) -> Coerced:
        """Coerce an object, its one member in place of it, or an object around it: whatever costs least."""
        coerced = self._coerce_members(value, subschema, depth)
        if not coerced.is_mismatch:
            return coerced
        options = [coerced]
        properties = subschema.properties
        if len(value) == 1:
            [(name, member)] = value.items()
            if isinstance(member, dict) and name not in properties:
                inner = self._coerce_members(member, subschema, depth)
                options.append(
                    self._pricing.replace_whole(value, inner, "inferred", "unwrapped one level", 50)
                )
        required = list(subschema.required)
        if value and len(required) == 1 and required[0] not in value and required[0] in properties:
            inner = self._coerce(value, properties[required[0]], depth + 1)
            if not loses_words(value, inner.value):
                inner = _as_member(required[0], inner)
                options.append(
                    self._pricing.replace_whole(value, inner, "inferred", "wrapped one level", 100)
                )
        return min(options, key=lambda option: option.cost)

    def _coerce_members(self, value: dict[str, Any], subschema: Subschema, depth: int) -> Coerced:
        matches = self._match_keys(value, subschema)
        near = near_keys(list(value), subschema.properties, matches)
        members = _Members()
        for key, member in value.items():
            self._coerce_member(members, key, member, matches.get(key), subschema, near, depth)
        for name in subschema.required:
            if name not in members.value:
                self._add_null(members, name, subschema.properties.get(name))
        if not members.inner_changes and not members.changes:
            return Coerced(value, members.cost)
        changes = (*members.inner_changes, *members.changes)
        return Coerced(members.value, members.cost, changes, tuple(members.alternatives))

    def _match_keys(self, value: dict[str, Any], subschema: Subschema) -> dict[str, KeyMatch]:
        """Match keys with properties. A key that is allowed where it stands is not renamed.

        The exception is a key that spells an absent property which the schema requires.
        """
        properties, required = subschema.properties, subschema.required
        forbidden = {key for key in value if key not in properties and subschema.additional(key) is False}
        if not forbidden and value.keys() >= required.keys():
            return {key: KeyMatch(key, Likeness.EXACT) for key in value if key in properties}
        return {
            key: match
            for key, match in match_keys(list(value), properties).items()
            if match.likeness == Likeness.EXACT
            or key in forbidden
            or (match.name in required and key not in required)
        }

    def _coerce_member(
        self,
        members: _Members,
        key: str,
        member: Any,
        match: KeyMatch | None,
        subschema: Subschema,
        near: set[str],
        depth: int,
    ) -> None:
        name = key if match is None else match.name
        declared = None if match is None else self._coerce(member, subschema.properties[name], depth + 1)
        renamed = key != name
        additional = True if match is not None and not renamed else subschema.additional(key)
        if (
            member is None
            and declared is not None
            and declared.is_mismatch
            and self._may_remove_null(name, subschema)
        ):
            members.changes.append(Change("remove", pointer([key]), "null for an absent value", "inferred"))
            members.cost += COST["inferred"]
            return
        if renamed and declared is not None and declared.is_mismatch and additional is not False:
            declared, name, renamed = None, key, False  # the key may be right after all
        if declared is None and additional is False:
            if self._pricing.allows("inferred") and key not in near:
                reason = f"a key that the schema forbids, with the value {json_text.dumps(member)}"
                members.changes.append(Change("remove", pointer([key]), reason, "inferred"))
                members.cost += COST["inferred"] + 20
            else:
                members.add(key, name, Coerced(member, MISMATCH))
            return
        if declared is None:
            declared = self._coerce(member, additional, depth + 1)
        if renamed and match is not None:
            risk: Risk = "inferred" if match.likeness == Likeness.SIMILAR else "coerced"
            if self._pricing.allows(risk):
                move = Change("move", pointer([name]), "a key spelt differently", risk, from_=pointer([key]))
                members.changes.append(move)
                members.cost += COST[risk]
            else:
                declared, name = Coerced(member, MISMATCH), key
        members.add(key, name, declared)

    def _may_remove_null(self, name: str, subschema: Subschema) -> bool:
        return name not in subschema.required and self._pricing.allows("inferred")

    def _add_null(self, members: _Members, name: str, schema: Any) -> None:
        """Add null for a required member that is absent, where the schema declares null as its default."""
        is_default = isinstance(schema, Mapping) and schema.get("default", False) is None
        if is_default and self._pricing.allows("inferred") and self._schema.accepts(schema, None):
            members.value[name] = None
            reason = "a required property that is absent and null by default"
            members.changes.append(Change("add", pointer([name]), reason, "inferred", None))
            members.cost += 5
        else:
            members.cost += MISMATCH


def _as_member(name: str, coerced: Coerced) -> Coerced:
    alternatives = tuple(coerced.alternatives_under(name))
    return Coerced({name: coerced.value}, coerced.cost, coerced.changes, alternatives)
