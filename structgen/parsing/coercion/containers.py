"""Lists and objects under a schema: their members aligned, wrapped, unwrapped, renamed."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

from structgen.parsing.coercion.key_matching import EXACT, SIMILAR, matched
from structgen.parsing.coercion.scalars import COST, WRONG, Aligned, ScalarAligner, Words
from structgen.parsing.extraction.candidates import readings
from structgen.parsing.json_patch import Change
from structgen.parsing.tolerant.parse_result import Reading, Unreadable
from structgen.schema import Schema
from structgen.schema.regex import hits
from structgen.schema.traversal import escape
from structgen.types import RISKS, Risk


class ContainerAligner(ScalarAligner):
    """Aligns lists and objects. `defaults`: whether the schema's are filled in."""

    def __init__(
        self, schema: Schema, most: Risk, source: Callable[[Any], str | None], text: str, defaults: bool
    ) -> None:
        super().__init__(schema, most, source, text)
        self._defaults = defaults

    @abstractmethod
    def _align(self, value: Any, schema: Any, depth: int) -> Aligned:
        """A member under its own schema."""

    def _to_list(self, value: Any, schema: Mapping[str, Any], depth: int) -> Aligned:
        if isinstance(value, list):
            return self._list(value, schema, depth)
        if isinstance(value, str) and (inner := _parsed(value, "[")) is not None:
            made = self._list(inner.value, schema, depth)
            if not made.wrong:
                return self._whole(value, made, _at_least(inner.risk), "JSON in a text", 20)
        best = Aligned(value, WRONG)
        if (
            isinstance(value, dict)
            and len(value) == 1
            and isinstance(inner := next(iter(value.values())), list)
        ):
            made = self._list(inner, schema, depth)
            best = self._whole(value, made, "inferred", "the one member of an object", 50)
        if value is None or (isinstance(value, Words) and _free_text(schema.get("items"))):
            return best
        if schema.get("prefixItems"):
            return best
        wrapped = self._list([value], schema, depth)
        made = self._whole(value, wrapped, "inferred", "a single value as a list", 20)
        return made if made.cost < best.cost else best

    def _list(self, value: list[Any], schema: Mapping[str, Any], depth: int) -> Aligned:
        first = schema.get(
            "prefixItems", schema.get("items") if isinstance(schema.get("items"), list) else []
        )
        rest = (
            schema.get("items", True)
            if "prefixItems" in schema or not first
            else schema.get("additionalItems", True)
        )
        items, cost, changes = [], 0.0, []
        for index, item in enumerate(value):
            wanted = first[index] if index < len(first) else rest
            made = self._align(item, wanted, depth + 1)
            items.append(made.value)
            cost += made.cost
            changes += [change.under(index) for change in made.changes]
        if not all(a is b for a, b in zip(items, value, strict=True)):
            value = items
        if len(items) < schema.get("minItems", 0) or len(items) > schema.get("maxItems", len(items)):
            cost += WRONG
        return Aligned(value, cost, tuple(changes))

    def _to_object(self, value: Any, schema: Mapping[str, Any], depth: int) -> Aligned:
        if isinstance(value, dict):
            return self._object(value, schema, depth)
        if isinstance(value, str) and (inner := _parsed(value, "{")) is not None:
            made = self._object(inner.value, schema, depth)
            if not made.wrong:
                return self._whole(value, made, _at_least(inner.risk), "JSON in a text", 20)
        if isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict):
            return self._whole(
                value, self._object(value[0], schema, depth), "inferred", "the one item of a list", 50
            )
        properties = schema.get("properties", {})
        if len(properties) == 1 and isinstance(value, bool | int | float):
            [(name, wanted)] = properties.items()
            made = self._align(value, wanted, depth + 1)
            return self._whole(
                value,
                Aligned({name: made.value}, made.cost, made.changes),
                "inferred",
                "a value for the one property",
                100,
            )
        return Aligned(value, WRONG)

    def _object(self, value: dict[str, Any], schema: Mapping[str, Any], depth: int) -> Aligned:
        made = self._members(value, schema, depth)
        if not made.wrong:
            return made
        ways = [made]
        if len(value) == 1:
            [(name, inner)] = value.items()
            if isinstance(inner, dict) and name not in schema.get("properties", {}):
                deeper = self._members(inner, schema, depth)
                ways.append(self._whole(value, deeper, "inferred", "unwrapped one level", 50))
        required = schema.get("required", [])
        if len(required) == 1 and required[0] not in value and required[0] in schema.get("properties", {}):
            inside = self._align(value, schema["properties"][required[0]], depth + 1)
            if not isinstance(inside.value, dict | list):  # a whole object is no text for one property
                return min(ways, key=lambda way: way.cost)
            wrapped = Aligned({required[0]: inside.value}, inside.cost, inside.changes)
            ways.append(self._whole(value, wrapped, "inferred", "wrapped one level", 100))
        return min(ways, key=lambda way: way.cost)

    def _members(self, value: dict[str, Any], schema: Mapping[str, Any], depth: int) -> Aligned:
        properties = schema.get("properties", {})
        names = matched(list(value), properties)
        if self._extra("", schema) is not False:  # what may be there is not renamed for looking similar
            names = {
                key: (name, manner)
                for key, (name, manner) in names.items()
                if manner != SIMILAR or name in schema.get("required", ())
            }
        made: dict[str, Any] = {}
        cost, changes, late = 0.0, [], []
        for key, member in value.items():
            name, manner = names.get(key, (key, EXACT))
            part = self._align(member, properties[name], depth + 1) if key in names else None
            extra = True if part is not None and key == name else self._extra(key, schema)
            if member is None and part is not None and part.wrong and self._may_go(name, schema):
                late.append(Change("remove", f"/{escape(key)}", "null for an absent value", "coerced"))
                cost += COST["coerced"]
                continue
            if part is not None and part.wrong and extra is not False:
                part, name = (part, name) if key == name else (None, key)  # it may be what it says
            if part is None and extra is False:
                part = self._forbidden(member)
                if not part.wrong:
                    late.append(
                        Change("remove", f"/{escape(key)}", "a key that the schema forbids", "inferred")
                    )
                    cost += part.cost
                    continue
            elif part is None:
                part = self._align(member, extra, depth + 1)
            if key != name and (move := self._move(key, name, manner)) is not None:
                late.append(move)
                cost += COST[move.risk]
            elif key != name:
                part, name = Aligned(member, WRONG), key
            made[name] = part.value
            cost += part.cost
            changes += [change.under(key) for change in part.changes]
        late += self._absent(made, schema, properties)
        cost += sum(5 for change in late if change.op == "add")
        cost += sum(WRONG for name in schema.get("required", ()) if name not in made)
        if not changes and not late:
            return Aligned(value, cost)
        return Aligned(made, cost, (*changes, *late))

    def _move(self, key: str, name: str, manner: int) -> Change | None:
        """A key renamed, where that risk may be taken."""
        risk: Risk = "inferred" if manner == SIMILAR else "coerced"
        if RISKS.index(risk) > self._most:
            return None
        return Change("move", f"/{escape(name)}", "a key in other words", risk, from_=f"/{escape(key)}")

    def _may_go(self, name: str, schema: Mapping[str, Any]) -> bool:
        """Whether a null may be dropped: the property need not be there."""
        return name not in schema.get("required", ()) and self._most >= RISKS.index("coerced")

    def _forbidden(self, member: Any) -> Aligned:
        """The price of dropping a member."""
        allowed = self._most >= RISKS.index("inferred")
        return Aligned(member, COST["inferred"] + 20 if allowed else WRONG)

    def _absent(
        self, made: dict[str, Any], schema: Mapping[str, Any], properties: Mapping[str, Any]
    ) -> list[Change]:
        """`null` where it is required and nullable; defaults where they are asked for."""
        added = []
        for name, wanted in properties.items():
            if name in made:
                continue
            if self._defaults and isinstance(wanted, Mapping) and "default" in wanted:
                made[name] = wanted["default"]
                added.append(
                    Change("add", f"/{escape(name)}", "the schema's default", "inferred", made[name])
                )
            elif (
                name in schema.get("required", ())
                and self._nullable(wanted)
                and self._most >= RISKS.index("inferred")
            ):
                made[name] = None
                added.append(
                    Change("add", f"/{escape(name)}", "required, and nothing was given", "inferred", None)
                )
        return added

    def _nullable(self, schema: Any) -> bool:
        """Whether null is one of several things that it may be."""
        return schema not in (True, {}) and self._schema.accepts(schema, None)

    def _extra(self, key: str, schema: Mapping[str, Any]) -> Any:
        """The schema for a key that is no property: False where it may not be there."""
        for pattern, wanted in schema.get("patternProperties", {}).items():
            if hits(pattern, key):
                return wanted
        return schema.get("additionalProperties", schema.get("unevaluatedProperties", True))


def _free_text(schema: Any) -> bool:
    """Whether any text would do."""
    return not isinstance(schema, Mapping) or (
        schema.get("type", "string") == "string" and not schema.keys() & {"enum", "const", "anyOf", "$ref"}
    )


def _at_least(risk: Risk) -> Risk:
    return max("coerced", risk, key=RISKS.index)


def _parsed(text: str, opening: str) -> Reading | None:
    """The container that a text holds, if it is nothing else."""
    if text.lstrip()[:1] != opening or len(text) > 1_000_000:
        return None
    try:
        found = next(readings(text))
    except Unreadable:
        return None
    alone = not any(fix.kind == "prose" for fix in found.fixes)
    return found if alone and isinstance(found.value, dict if opening == "{" else list) else None
