"""Say in JSON Schema what OpenAPI 3.0 says with `nullable` and `discriminator`.

`nullable: true` adds `null` to the `type` beside it, and to nothing else: an `enum` without `null` still
refuses it (the clarification in OpenAPI 3.0.3). Without a `type` it adds `null` to what `$ref`, `allOf`,
`anyOf` and `oneOf` beside it allow, which is what tools that write OpenAPI mean by it.

`discriminator` requires its property in each branch of the `oneOf` or `anyOf` beside it. In a branch that
refers to a schema, the values of that property are the names that `mapping` gives the schema, or else the
schema's own name. A schema that lists these values itself (`const`, `enum`) keeps them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote

from structgen import json_text
from structgen.schema.duplicates import deduplicated, duplicates
from structgen.schema.traversal import escape

COMBINED = ("$ref", "allOf", "anyOf", "oneOf")
UNIONS = ("oneOf", "anyOf")
Resolve = Callable[[str], Any]
Schemas = Iterable[tuple[str, Any]]
_DEEPEST = 8


def types(schema: dict[str, Any]) -> list[str] | None:
    """Return the types that a schema allows by `type` and `nullable`; None where it names none."""
    named = schema.get("type")
    if named is None:
        return None
    found = [named] if isinstance(named, str) else list(named)
    return [*found, "null"] if schema.get("nullable") is True and "null" not in found else found


def tag_of(schema: dict[str, Any]) -> str | None:
    """Return the name of the property that tells the branches of a schema apart, where one is given."""
    given = schema.get("discriminator")
    name = given.get("propertyName") if isinstance(given, dict) else given
    return (
        name if isinstance(name, str) and any(isinstance(schema.get(word), list) for word in UNIONS) else None
    )


class Rewriting:
    """A copy of a schema in plain JSON Schema, and what its pointers are in the schema that was given."""

    def __init__(self, definition: Any, schemas: Schemas, *, siblings: bool, resolve: Resolve) -> None:
        """`schemas`: all subschemas with their pointers. `siblings`: whether keywords beside `$ref` count."""
        self._siblings, self._resolve = siblings, resolve
        self._twins: dict[int, Any] = {}
        self._known: dict[tuple[int, str], tuple[bool, list[Any] | None]] = {}
        self._wrapped: set[str] = set()
        self._tagged: dict[str, tuple[str, str, frozenset[str]]] = {}
        """Of each branch that was changed: the pointer of the discriminator, the tag, the keywords it had."""
        changed = [(at, schema) for at, schema in schemas if isinstance(schema, dict) and _concerns(schema)]
        self.schema = self._copy(definition) if changed else definition
        targets = _targets(definition) if changed else frozenset()
        for at, schema in changed:
            twin = self._twins[id(schema)]
            twin.update(deduplicated(twin))
            if (tag := tag_of(schema)) is not None:
                self._discriminate(at, twin, tag)
            if schema.get("nullable") is True:
                self._nullable(at, twin, targets)
        del self._resolve, self._twins, self._known  # of use only here, and no part of a pickle

    def original_pointer(self, place: str) -> str:
        """Return the pointer into the given schema for one into the copy."""
        if not self._wrapped and not self._tagged:
            return place
        tokens, at, index = place.split("/")[1:], "", 0
        while index < len(tokens):
            rest = tokens[index:]
            if at in self._wrapped and rest[0] == "anyOf":
                if rest[1:2] != ["0"]:
                    return f"{at}/nullable"
                index += 2
                rest = tokens[index:]
            if at in self._tagged:
                discriminator, tag, had = self._tagged[at]
                if rest[:2] == ["allOf", "0"] and "$ref" in had and not self._siblings:
                    index += 2
                    continue
                new = (
                    rest[:1] == ["required"]
                    or rest[:2] == ["properties", escape(tag)]
                    or rest[:1] == ["allOf"]
                )
                if new and rest[0] not in had:
                    return discriminator
            at, index = (f"{at}/{rest[0]}" if rest else at), index + 1
        return at

    def _copy(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._copy(part) for part in value]
        if not isinstance(value, dict):
            return value
        if id(value) not in self._twins:
            self._twins[id(value)] = {name: self._copy(part) for name, part in value.items()}
        return self._twins[id(value)]

    def _nullable(self, at: str, twin: dict[str, Any], targets: frozenset[str]) -> None:
        if "type" in twin:
            twin["type"] = types(twin)
            return
        inner = {word: twin[word] for word in COMBINED if word in twin}
        if not inner or ("$ref" in inner and not self._siblings):
            return
        if any(f"#{at}/{word}" in targets for word in inner):  # references lead to what would be moved
            return
        for word in inner:
            del twin[word]
        twin["anyOf"] = [inner, {"type": "null"}]
        self._wrapped.add(at)

    def _discriminate(self, at: str, twin: dict[str, Any], tag: str) -> None:
        names = _by_target(twin.get("discriminator"))
        for word in UNIONS:
            for index, branch in enumerate(twin.get(word) or ()):
                if isinstance(branch, dict) and (added := self._tag(branch, tag, names)):
                    place = f"{at}/{word}/{index}"
                    self._tagged[place] = (f"{at}/discriminator", tag, frozenset(branch))
                    if "$ref" in branch and not self._siblings:
                        twin[word][index] = {"allOf": [branch, added]}
                        continue
                    branch["required"] = list(dict.fromkeys([*branch.get("required", ()), tag]))
                    if "properties" in added:
                        branch["properties"] = {**branch.get("properties", {}), **added["properties"]}

    def _tag(self, branch: dict[str, Any], tag: str, names: dict[str, list[str]]) -> dict[str, Any] | None:
        """What the discriminator adds to a branch."""
        reference = branch.get("$ref")
        if not isinstance(reference, str):
            return {"required": [tag]}
        name = unquote(reference.rsplit("/", 1)[-1]).replace("~1", "/").replace("~0", "~")
        mapped = [*names.get(reference, ()), *(names.get(name, ()) if name != reference else ())]
        known, own = self._values(branch, tag)
        if own == []:
            return None
        if own is None and not known:
            return {"required": [tag], "properties": {tag: {"enum": mapped or [name]}}}
        both = [value for value in own or () if _spelled(value) in mapped]
        if own is None or not both or len(both) == len(own):
            return {"required": [tag]}
        return {"required": [tag], "properties": {tag: {"enum": both}}}

    def _values(self, schema: Any, tag: str, depth: int = 0) -> tuple[bool, list[Any] | None]:
        """Whether a branch says what its tag may be, and the values where it lists them: none where it
        cannot have a tag."""
        if not isinstance(schema, dict) or depth > _DEEPEST:
            return False, None
        key = id(schema), tag
        if key not in self._known:
            self._known[key] = False, None  # while it is looked at: a schema may hold itself
            self._known[key] = self._own(schema, tag, depth)
        return self._known[key]

    def _own(self, schema: dict[str, Any], tag: str, depth: int) -> tuple[bool, list[Any] | None]:
        properties = schema.get("properties")
        own = properties.get(tag) if isinstance(properties, dict) else None
        if isinstance(own, dict):
            if "const" in own or isinstance(own.get("enum"), list):
                return True, own.get("enum", [own.get("const")])
            if "$ref" in own and isinstance(target := self._resolve(str(own["$ref"])), dict):
                return (
                    self._own({"properties": {tag: target}}, tag, depth + 1)
                    if depth < _DEEPEST
                    else (True, None)
                )
            kinds = types(own)
            if kinds is not None and "string" not in kinds:
                return True, None
        elif schema.get("additionalProperties") is False:
            return True, []
        inside = [self._resolve(schema["$ref"])] if isinstance(schema.get("$ref"), str) else []
        for part in (*inside, *(schema.get("allOf") or ())):
            found = self._values(part, tag, depth + 1)
            if found[0]:
                return found
        for word in UNIONS:
            if isinstance(parts := schema.get(word), list):
                each = [self._values(part, tag, depth + 1) for part in parts]
                if each and all(values is not None for _, values in each):
                    return True, [value for _, values in each for value in values or ()]
        return False, None


def _concerns(schema: dict[str, Any]) -> bool:
    return schema.get("nullable") is True or tag_of(schema) is not None or any(duplicates(schema))


def _spelled(value: Any) -> str:
    """A value of a tag as the key of a mapping."""
    return value if isinstance(value, str) else json_text.dumps(value)


def _by_target(discriminator: Any) -> dict[str, list[str]]:
    """The values of the tag by the schema, or its name, that they stand for."""
    mapping = discriminator.get("mapping") if isinstance(discriminator, dict) else None
    found: dict[str, list[str]] = {}
    for value, target in mapping.items() if isinstance(mapping, dict) else ():
        if isinstance(target, str):
            found.setdefault(target, []).append(value)
    return found


def _targets(definition: Any) -> frozenset[str]:
    """The places that references lead to or through, as `#/…`."""
    found: set[str] = set()
    stack = [definition]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            reference = value.get("$ref")
            if isinstance(reference, str) and reference.startswith("#/"):
                tokens = reference.split("/")
                found |= {"/".join(tokens[:end]) for end in range(2, len(tokens) + 1)}
            stack += value.values()
        elif isinstance(value, list):
            stack += value
    return frozenset(found)
