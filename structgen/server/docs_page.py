"""The page under `/docs`: the OpenAPI document as HTML that needs no script and loads nothing."""

from __future__ import annotations

import json
import shlex
from functools import lru_cache
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt

from structgen.errors import PROBLEMS
from structgen.problem_details import title
from structgen.server.openapi import Bounds, document, problem_schema

ADDRESS = "http://127.0.0.1:8000"
"""The service's address in examples, which `page` replaces by the caller's."""
_TEMPLATE = Path(__file__).parent / "static" / "docs.html"
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_TEXT = {"type": "string"}
_COMMON = ("type", "title", "status", "detail", "instance")
"""Members of every problem."""
_BOUNDS = (
    ("minimum", "at least"), ("maximum", "at most"), ("exclusiveMinimum", "more than"),
    ("exclusiveMaximum", "less than"), ("minItems", "items, at least"), ("maxItems", "items, at most"),
)  # fmt: skip


def page(bounds: Bounds, address: str = ADDRESS) -> str:
    """Return the page of a service with these bounds, its examples for that address."""
    return _page(bounds).replace(ADDRESS, escape(address))


@lru_cache(maxsize=4)
def _page(bounds: Bounds) -> str:
    api = document(bounds)
    operations = [(path, method, op) for path, ops in api["paths"].items() for method, op in ops.items()]
    models = api["components"]["schemas"]
    problems = {problem_schema(name) for name in PROBLEMS}
    contents = [
        "<b>Operations</b>",
        *(_link(op["operationId"], f"{method.upper()} {path}") for path, method, op in operations),
        '<b><a href="#problems">Problems</a></b>',
        *(_link(name, name) for name in PROBLEMS),
        "<b>Types</b>",
        *(_link(name, name) for name in models if name not in problems),
    ]
    parts = [
        _prose(api["info"]["description"]),
        "<h2>Operations</h2>",
        *(_operation(*operation) for operation in operations),
        '<h2 id="problems">Problems</h2>',
        _MARKDOWN.render(
            "Every problem has the members of [Problem](#Problem). If the model had run before it, "
            "`attempts` and `usage` give the cost."
        ),
        *(_problem(name, models[problem_schema(name)]) for name in PROBLEMS),
        "<h2>Types</h2>",
        *(_model(name, schema) for name, schema in models.items() if name not in problems),
    ]
    heading = f"{api['info']['title']} {api['info']['version']}"
    values = {"title": escape(heading), "contents": "\n".join(contents), "main": "\n".join(parts)}
    text = _TEMPLATE.read_text("utf-8")
    for name, value in values.items():
        text = text.replace(f"<!-- {name} -->", value)
    return text


def _prose(text: str) -> str:
    """Render Markdown whose headings have ids: their first words."""
    tokens = _MARKDOWN.parse(text)
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            opening.attrSet("id", inline.content.split()[0].lower())
    return str(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))


def _link(anchor: str, text: str) -> str:
    return f'<a href="#{escape(anchor)}"><code>{escape(text)}</code></a>'


def _operation(path: str, method: str, op: dict[str, Any]) -> str:
    name = op["operationId"]
    parts = [
        f'<section><h3 id="{name}"><code>{method.upper()} {escape(path)}</code></h3>',
        _MARKDOWN.render(f"{op['summary']} {op.get('description', '')}".strip()),
        f"<pre>{escape(curl(path, op))}</pre>",
    ]
    if "requestBody" in op:
        parts.append(f"<p>Request: {_types(op['requestBody']['content'])}</p>")
    good = op["responses"]["200"]["content"]
    parts.append(f"<p>Response: {_types(good)}</p>")
    for kind, content in good.items():
        if "example" in content:
            parts.append(
                f"<details><summary>{kind}</summary><pre>{_shown(content['example'])}</pre></details>"
            )
    statuses = [(status, answer) for status, answer in op["responses"].items() if status != "200"]
    if statuses:
        rows = "".join(
            f"<tr><td>{status}</td><td>{_problems(answer)}</td></tr>" for status, answer in statuses
        )
        parts.append(f"<table><tr><th>Status</th><th>Problems</th></tr>{rows}</table>")
    return "\n".join([*parts, "</section>"])


def curl(path: str, op: dict[str, Any], address: str = ADDRESS) -> str:
    """Return the command line that sends the example of an operation."""
    for parameter in op.get("parameters", ()):
        path = path.replace(f"{{{parameter['name']}}}", parameter["example"])
    lines = [f"curl -s {address}{path}"]
    if op.get("security") != []:
        lines.append('-H "authorization: Bearer $STRUCTGEN_API_KEY"')
    if "requestBody" in op:
        example = op["requestBody"]["content"]["application/json"]["example"]
        body = json.dumps(example, indent=2, ensure_ascii=False)
        lines += ["-H 'content-type: application/json'", f"-d {shlex.quote(body)}"]
    return " \\\n  ".join(lines)


def _types(content: dict[str, Any]) -> str:
    return ", ".join(
        f"<code>{kind}</code> {_kind(body.get('schema', _TEXT))}" for kind, body in content.items()
    )


def _problems(answer: dict[str, Any]) -> str:
    names = next(iter(answer["content"].values()))["examples"]
    return ", ".join(_link(name, name) for name in names)


def _problem(name: str, schema: dict[str, Any]) -> str:
    own = {member: part for member, part in schema["properties"].items() if member not in _COMMON}
    head = f'<section><h3 id="{name}">{escape(title(name))} <small>{PROBLEMS[name].status}</small></h3>'
    table = _members(own, schema) if own else "<p>No further members.</p>"
    kind = f"<p>Type: <code>/problems/{name}</code></p>"
    return f"{head}{_MARKDOWN.render(PROBLEMS[name].meaning)}{kind}{table}</section>"


def _model(name: str, schema: dict[str, Any]) -> str:
    about = _MARKDOWN.render(schema.get("description", ""))
    members = _members(schema.get("properties", {}), schema)
    return f'<section><h3 id="{name}">{name}</h3>{about}{members}</section>'


def _members(properties: dict[str, Any], schema: dict[str, Any]) -> str:
    rows = []
    for name, part in properties.items():
        initial = "required" if name in schema.get("required", ()) else ""
        if part.get("default") is not None:
            initial = f"default <code>{_shown(part['default'], None)}</code>"
        about = _MARKDOWN.renderInline(part.get("description", ""))
        cells = f"<code>{escape(name)}</code>", _kind(part), initial, f"{about} {_bounds(part)}".strip()
        rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    head = "<tr><th>Member</th><th>Type</th><th></th><th></th></tr>"
    return f"<table>{head}{''.join(rows)}</table>"


def _kind(schema: dict[str, Any]) -> str:
    """Return the type in words, with links to the models that it names."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return _link(name, name)
    if "anyOf" in schema or "oneOf" in schema:
        return " or ".join(_kind(part) for part in schema.get("anyOf") or schema["oneOf"])
    if "const" in schema or "enum" in schema:
        values = schema["enum"] if "enum" in schema else [schema["const"]]
        return " or ".join(f"<code>{_shown(value, None)}</code>" for value in values)
    kind = str(schema.get("type", "any value"))
    if kind == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"object of {_kind(schema['additionalProperties'])}"
    return kind


def _bounds(schema: dict[str, Any]) -> str:
    parts = [schema, *schema.get("anyOf", ())]
    found = [f"{word} {part[key]:,}" for part in parts for key, word in _BOUNDS if key in part]
    return f"({', '.join(found)})" if found else ""


def _shown(value: Any, indent: int | None = 2) -> str:
    text = (
        value if isinstance(value, str) and indent else json.dumps(value, indent=indent, ensure_ascii=False)
    )
    return escape(text)
