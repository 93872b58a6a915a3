"""Rewrite `nullable` and `discriminator` of OpenAPI 3.0 in JSON Schema.

`nullable: true` adds `null` to the `type` beside it, and to nothing else: an `enum` without `null` still
refuses it (the clarification in OpenAPI 3.0.3). Without a `type` it adds `null` to what `$ref`, `allOf`,
`anyOf` and `oneOf` beside it allow, as the tools that write OpenAPI mean it.

`discriminator` requires its property in each branch of the `oneOf` or `anyOf` beside it. In a branch that
refers to a schema, the values of that property are the names that `mapping` gives the schema, or else the
schema's own name. A schema that lists these values itself (`const`, `enum`) keeps them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import unquote

from structgen import json_text
from structgen.schema.duplicates import deduplicated, duplicates
from structgen.schema.identity import IdentityDict
from structgen.schema.traversal import Resolve, escape, type_names, unescape

COMBINED = ("$ref", "allOf", "anyOf", "oneOf")
_UNIONS = ("oneOf", "anyOf")
Schemas = Iterable[tuple[str, Any]]
_MAX_DEPTH = 8


def types(schema: dict[str, Any]) -> list[str] | None:
    """Return the types that `type` and `nullable` allow; None without a `type`."""
    names = type_names(schema)
    if names is None:
        return None
    return [*names, "null"] if schema.get("nullable") is True and "null" not in names else list(names)


def tag_of(schema: dict[str, Any]) -> str | None:
    """Return the property that `discriminator` names; None without a union that it could discriminate."""
    discriminator = schema.get("discriminator")
    name = discriminator.get("propertyName") if isinstance(discriminator, dict) else discriminator
    if not isinstance(name, str):
        return None
    return name if any(isinstance(schema.get(keyword), list) for keyword in _UNIONS) else None


class _Tagged(NamedTuple):
    """A branch that a discriminator changed."""

    discriminator: str
    """The pointer of the discriminator."""
    tag: str
    keywords: frozenset[str]
    """The keywords that the branch had before."""


class Rewriting:
    """A copy of a schema in plain JSON Schema, with the original pointer of each pointer into it."""

    def __init__(self, definition: Any, schemas: Schemas, *, siblings: bool, resolve: Resolve) -> None:
        """`schemas`: all subschemas with their pointers. `siblings`: whether keywords beside `$ref` count."""
        self._siblings, self._resolve = siblings, resolve
        self._copies: IdentityDict[dict[str, Any]] = IdentityDict()
        self._tag_values: dict[str, IdentityDict[_TagValues]] = {}
        self._wrapped: set[str] = set()
        """Pointers of the schemas whose applicators were moved into an `anyOf`."""
        self._tagged: dict[str, _Tagged] = {}
        changed = [(at, s) for at, s in schemas if isinstance(s, dict) and _needs_rewriting(s)]
        self.schema = self._copy(definition) if changed else definition
        targets = _reference_targets(definition) if changed else frozenset()
        for at, schema in changed:
            copy = self._copies[schema]
            copy.update(deduplicated(copy))
            if (tag := tag_of(schema)) is not None:
                self._discriminate(at, copy, tag)
            if schema.get("nullable") is True:
                self._make_nullable(at, copy, targets)
        del self._resolve, self._copies, self._tag_values  # not pickled: used only in this constructor

    def original_pointer(self, pointer: str) -> str:
        """Return the pointer into the original schema for one into the copy."""
        if not self._wrapped and not self._tagged:
            return pointer
        tokens, at, index = pointer.split("/")[1:], "", 0
        while index < len(tokens):
            rest = tokens[index:]
            if at in self._wrapped and rest[0] == "anyOf":
                if rest[1:2] != ["0"]:
                    return f"{at}/nullable"
                index += 2
                rest = tokens[index:]
            if (tagged := self._tagged.get(at)) is not None:
                if rest[:2] == ["allOf", "0"] and "$ref" in tagged.keywords and not self._siblings:
                    index += 2
                    continue
                added = (["required"], ["allOf"], ["properties", escape(tagged.tag)])
                if any(rest[: len(path)] == path for path in added) and rest[0] not in tagged.keywords:
                    return tagged.discriminator
            at, index = (f"{at}/{rest[0]}" if rest else at), index + 1
        return at

    def _copy(self, value: Any) -> Any:
        """Return a deep copy; a schema that occurs at two places is copied once."""
        if isinstance(value, list):
            return [self._copy(item) for item in value]
        if not isinstance(value, dict):
            return value
        if value not in self._copies:
            self._copies[value] = {name: self._copy(inner) for name, inner in value.items()}
        return self._copies[value]

    def _make_nullable(self, at: str, copy: dict[str, Any], targets: frozenset[str]) -> None:
        if "type" in copy:
            copy["type"] = types(copy)
            return
        moved = {keyword: copy[keyword] for keyword in COMBINED if keyword in copy}
        if not moved or ("$ref" in moved and not self._siblings):
            return
        if any(f"#{at}/{keyword}" in targets for keyword in moved):  # references would break
            return
        for keyword in moved:
            del copy[keyword]
        copy["anyOf"] = [moved, {"type": "null"}]
        self._wrapped.add(at)

    def _discriminate(self, at: str, copy: dict[str, Any], tag: str) -> None:
        tags = _tags_by_target(copy.get("discriminator"))
        for keyword in _UNIONS:
            for index, branch in enumerate(copy.get(keyword) or ()):
                if isinstance(branch, dict) and (constraint := self._tag_constraint(branch, tag, tags)):
                    place = f"{at}/{keyword}/{index}"
                    self._tagged[place] = _Tagged(f"{at}/discriminator", tag, frozenset(branch))
                    if "$ref" in branch and not self._siblings:
                        copy[keyword][index] = {"allOf": [branch, constraint]}
                        continue
                    branch["required"] = list(dict.fromkeys([*branch.get("required", ()), tag]))
                    if "properties" in constraint:
                        branch["properties"] = {**branch.get("properties", {}), **constraint["properties"]}

    def _tag_constraint(
        self, branch: dict[str, Any], tag: str, tags: dict[str, list[str]]
    ) -> dict[str, Any] | None:
        """Return the schema that the discriminator adds to a branch."""
        reference = branch.get("$ref")
        if not isinstance(reference, str):
            return {"required": [tag]}
        name = unescape(unquote(reference.rsplit("/", 1)[-1]))
        mapped = [*tags.get(reference, ()), *(tags.get(name, ()) if name != reference else ())]
        declared = self._values(branch, tag)
        if declared.values == []:
            return None
        if declared.values is None and not declared.constrained:
            return {"required": [tag], "properties": {tag: {"enum": mapped or [name]}}}
        own = declared.values or []
        both = [value for value in own if _mapping_key(value) in mapped]
        if not both or len(both) == len(own):
            return {"required": [tag]}
        return {"required": [tag], "properties": {tag: {"enum": both}}}

    def _values(self, schema: Any, tag: str, depth: int = 0) -> _TagValues:
        if not isinstance(schema, dict) or depth > _MAX_DEPTH:
            return _UNCONSTRAINED
        known = self._tag_values.setdefault(tag, IdentityDict())
        if schema not in known:
            known[schema] = _UNCONSTRAINED  # meanwhile: a schema may refer to itself
            known[schema] = self._computed_values(schema, tag, depth)
        return known[schema]

    def _computed_values(self, schema: dict[str, Any], tag: str, depth: int) -> _TagValues:
        properties = schema.get("properties")
        own = properties.get(tag) if isinstance(properties, dict) else None
        if isinstance(own, dict):
            if "const" in own or isinstance(own.get("enum"), list):
                return _TagValues(True, own.get("enum", [own.get("const")]))
            if "$ref" in own and isinstance(target := self._resolve(str(own["$ref"])), dict):
                if depth >= _MAX_DEPTH:
                    return _TagValues(True, None)
                return self._computed_values({"properties": {tag: target}}, tag, depth + 1)
            names = types(own)
            if names is not None and "string" not in names:
                return _TagValues(True, None)
        elif schema.get("additionalProperties") is False:
            return _TagValues(True, [])
        target = [self._resolve(schema["$ref"])] if isinstance(schema.get("$ref"), str) else []
        for inner in (*target, *(schema.get("allOf") or ())):
            values = self._values(inner, tag, depth + 1)
            if values.constrained:
                return values
        for keyword in _UNIONS:
            if isinstance(branches := schema.get(keyword), list):
                listed = [self._values(branch, tag, depth + 1).values for branch in branches]
                if listed and all(values is not None for values in listed):
                    return _TagValues(True, [value for values in listed for value in values or ()])
        return _UNCONSTRAINED


class _TagValues(NamedTuple):
    """The values that a branch allows for its tag."""

    constrained: bool
    values: list[Any] | None
    """None where the branch does not list them; empty where it cannot have a tag."""


_UNCONSTRAINED = _TagValues(False, None)


def _needs_rewriting(schema: dict[str, Any]) -> bool:
    return schema.get("nullable") is True or tag_of(schema) is not None or any(duplicates(schema))


def _mapping_key(value: Any) -> str:
    """Return the key of a mapping for the value of a tag."""
    return value if isinstance(value, str) else json_text.dumps(value)


def _tags_by_target(discriminator: Any) -> dict[str, list[str]]:
    """Return the values of the tag by the schema, or its name, that `mapping` gives them."""
    mapping = discriminator.get("mapping") if isinstance(discriminator, dict) else None
    tags: dict[str, list[str]] = {}
    for value, target in mapping.items() if isinstance(mapping, dict) else ():
        if isinstance(target, str):
            tags.setdefault(target, []).append(value)
    return tags


def _reference_targets(definition: Any) -> frozenset[str]:
    """Return the pointers that references lead to or through, as `#/…`."""
    targets: set[str] = set()
    stack = [definition]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            reference = value.get("$ref")
            if isinstance(reference, str) and reference.startswith("#/"):
                tokens = reference.split("/")
                targets |= {"/".join(tokens[:end]) for end in range(2, len(tokens) + 1)}
            stack += value.values()
        elif isinstance(value, list):
            stack += value
    return frozenset(targets)
