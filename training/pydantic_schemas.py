"""Schemas in the style of Pydantic."""

from __future__ import annotations

from random import Random
from typing import Any

from training.fields import split_name


def to_pydantic_schema(schema: dict[str, Any], rng: Random) -> dict[str, Any]:
    """Rewrite a schema as Pydantic does: keys sorted, titles, models in `$defs`, `anyOf` for null.

    Optional members must be nullable, which `build_schema` ensures.
    """
    models: dict[str, Any] = {}
    root = _model(schema, rng.choice(["Record", "Document", "Result", "Extraction", "Data"]), models)
    return {**({"$defs": models} if models else {}), **root}


def _model(schema: dict[str, Any], title: str, models: dict[str, Any]) -> dict[str, Any]:
    properties = schema["properties"].items()
    required = schema.get("required", [])
    rewritten = {n: _member(n, part, n in required, models) for n, part in properties}
    complete = {**schema, "properties": rewritten, "title": title}
    return {keyword: complete[keyword] for keyword in sorted(complete)}


def _member(name: str, schema: dict[str, Any], required: bool, models: dict[str, Any]) -> dict[str, Any]:
    title = split_name(name).title()
    nullable = isinstance(schema["type"], list)
    bare = {**schema, "type": schema["type"][0] if nullable else schema["type"]}
    if nullable and "enum" in bare:
        bare["enum"] = [choice for choice in bare["enum"] if choice is not None]
    if bare["type"] == "object":
        bare = _reference(title, bare, models)
    elif bare["type"] == "array" and bare["items"]["type"] == "object":
        bare = {**bare, "items": _reference(title.removesuffix("s"), bare["items"], models)}
    rewritten = {"anyOf": [bare, {"type": "null"}]} if nullable else bare
    if not required:
        rewritten = {**rewritten, "default": None}
    if "$ref" not in rewritten:
        rewritten = {**rewritten, "title": title}
    return {keyword: rewritten[keyword] for keyword in sorted(rewritten)}


def _reference(title: str, schema: dict[str, Any], models: dict[str, Any]) -> dict[str, Any]:
    name = title.replace(" ", "")
    models[name] = _model(schema, name, models)
    return {"$ref": f"#/$defs/{name}"}
