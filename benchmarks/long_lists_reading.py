"""Reads from a prompt what a document's truth says of it: the rows that stand in it, and the other values."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

from long_lists_value_rows import ValueRows
from long_lists_writing import Document

Place = tuple[str, int]
"""A row: the pointer of its list, and its index."""
Schema = Mapping[str, Any]


def value_at(value: Any, pointer: str) -> Any:
    steps = [int(step) if step.isdigit() else step for step in pointer.split("/")[1:]]
    return reduce(lambda inner, step: inner[step], steps, value)


@dataclass(frozen=True)
class _Row:
    place: Place
    start: int
    lines: tuple[str, ...]
    headings: tuple[str, str]
    """The first line of the section, and the last line above of no row: they tell equal rows apart."""


class Truth:
    """A document's rows by their text."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.outer = [p for p in document.spans if any(q.startswith(f"{p}/") for q in document.spans)]
        self._by_line: dict[str, list[_Row]] = defaultdict(list)
        self._inline: dict[str, Place] = {}
        plain = {p for p in document.spans if p not in self.outer and _is_plain(value_at(document.gold, p))}
        covered = sorted(
            (span, (p, i))
            for p, spans in document.spans.items()
            if p not in self.outer and p not in plain
            for i, span in enumerate(spans)
        )
        lines = _lines(document.text)
        self._values = ValueRows(document, plain, lines)
        starts = [start for start, _ in lines]
        others = _outside(lines, [span for span, _ in covered])
        for (start, end), place in covered:
            number = bisect_right(starts, start) - 1
            text = document.text[start:end]
            above = bisect_right(others, number) - 1
            nearest = lines[others[above]][1] if above >= 0 else ""
            whole = tuple(line.strip() for line in text.splitlines())
            covers = [lines[number + k][1] for k in range(len(whole)) if number + k < len(lines)]
            if tuple(covers) == whole:
                self._by_line[whole[0]].append(_Row(place, start, whole, (self._title(place[0]), nearest)))
            else:
                self._inline.setdefault(text, place)

    def _title(self, pointer: str) -> str:
        """Return the first line of the section that a list is in; "" outside of sections."""
        outer, _, index = pointer.rpartition("/")[0].rpartition("/")
        if outer not in self.outer or not self.document.spans[outer]:
            return ""
        start, end = self.document.spans[outer][int(index)]
        return self.document.text[start:end].split("\n")[0].strip()

    def rows_in(self, prompt: str) -> list[Place]:
        """Return the rows that stand in a text, in its order; a row whose text stands twice, twice."""
        found: list[tuple[int, Place]] = []
        lines = _lines(prompt)
        seen: dict[str, int] = {}
        number, last = 0, -1
        while number < len(lines):
            offset, line = lines[number]
            fitting = [
                row
                for row in self._by_line.get(line, ())
                if tuple(text for _, text in lines[number : number + len(row.lines)]) == row.lines
            ]
            if not fitting:
                seen[line] = number
                number += 1
                continue
            longest = max(len(row.lines) for row in fitting)
            row = max(
                (row for row in fitting if len(row.lines) == longest),
                key=lambda row: (*(seen.get(h, -1) for h in row.headings), row.start > last, -row.start),
            )
            found.append((offset, row.place))
            last = row.start
            number += longest
        for text, place in self._inline.items():
            at = prompt.find(text)
            while at >= 0:
                if not prompt[at + len(text) : at + len(text) + 1].isalnum():
                    found.append((at, place))
                at = prompt.find(text, at + len(text))
        return [place for _, place in sorted([*found, *self._values.rows_in(lines)])]

    def part(self, prompt: str, rows: Mapping[str, list[dict[str, Any]]]) -> dict[str, Any]:
        """Return the gold object with what the prompt has of it: these rows, and the values it says."""
        document = self.document
        said = {
            pointer: value_at(document.gold, pointer)
            for pointer, (start, end) in document.scalars.items()
            if document.text[start:end] in prompt
        }
        part: dict[str, Any] = {pointer[1:]: value for pointer, value in said.items()}
        for pointer in document.spans:
            if pointer.count("/") == 1 and pointer not in self.outer:
                part[pointer[1:]] = rows.get(pointer, [])
        for pointer in self.outer:
            if pointer.count("/") == 1:
                items = value_at(document.gold, pointer)
                part[pointer[1:]] = self._sections(pointer, items, prompt, rows)
        return part

    def _sections(
        self, pointer: str, items: list[dict[str, Any]], prompt: str, rows: Mapping[str, list[dict[str, Any]]]
    ) -> list[dict[str, Any]]:
        """Return the items of a list of sections that a text names, or has rows of, with these rows."""
        found = []
        for i, item in enumerate(items):
            whole, is_there = dict(item), _is_said(item, prompt)
            for name, value in item.items():
                inner = f"{pointer}/{i}/{name}"
                if inner in self.outer:
                    whole[name] = self._sections(inner, value, prompt, rows)
                elif isinstance(value, list):
                    whole[name] = rows.get(inner, [])
                is_there = is_there or (isinstance(value, list) and bool(whole[name]))
            if is_there:
                found.append(whole)
        return found


def _is_plain(rows: list[Any]) -> bool:
    return bool(rows) and not isinstance(rows[0], dict)


def _is_said(item: dict[str, Any], prompt: str) -> bool:
    return all(v in prompt for v in item.values() if isinstance(v, str))


def _lines(text: str) -> list[tuple[int, str]]:
    """Return the lines of a text with their offsets, without white space around them."""
    lines, offset = [], 0
    for line in text.splitlines(keepends=True):  # a form feed ends a line too
        lines.append((offset, line.strip()))
        offset += len(line)
    return lines


def _outside(lines: list[tuple[int, str]], spans: list[tuple[int, int]]) -> list[int]:
    """Return the numbers of the lines that are not blank and touch no span; the spans are in order."""
    outside, i = [], 0
    for number, (start, text) in enumerate(lines):
        end = start + len(text)
        while i < len(spans) and spans[i][1] <= start:
            i += 1
        if text and not (i < len(spans) and spans[i][0] < max(end, start + 1) + 1):
            outside.append(number)
    return outside


def projected(part: dict[str, Any], schema: Schema | bool) -> Any:
    """Return what an answer under the schema says of an object: the members that the schema names.

    A schema of a section or a row alone gets the last one of the object that has its members.
    """
    root = schema if isinstance(schema, Mapping) else {}
    return _projected(_fitting(part, root, root), root, root)


def _fitting(part: dict[str, Any], schema: Schema, root: Schema) -> Any:
    """Return the object, or the inner one, that has the members which the schema names."""
    shape = resolved(schema, root)
    if "items" in shape:
        names = set(resolved(shape["items"], root).get("properties", {}))
        lists = [v for v in _values(part) if isinstance(v, list) and v and names & set(v[0])]
        return lists[-1] if lists else []
    names = set(shape.get("properties", {}))
    if names & set(part):
        return part
    inner = [v for v in _values(part) if isinstance(v, dict) and names & set(v)]
    return inner[-1] if inner else part


def _values(value: Any) -> list[Any]:
    """Return all values inside of a value, outer ones before their own."""
    inside = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    return [*inside, *(deeper for one in inside for deeper in _values(one))]


def resolved(schema: Any, root: Schema) -> Schema:
    """Follow references, and take the first alternative that is not null."""
    while isinstance(schema, Mapping):
        if isinstance(reference := schema.get("$ref"), str):
            schema = reduce(lambda at, step: at[step], reference.lstrip("#/").split("/"), root)
        elif alternatives := schema.get("anyOf") or schema.get("oneOf"):
            schema = next((s for s in alternatives if resolved(s, root).get("type") != "null"), {})
        else:
            return schema
    return {}


def _takes_null(schema: Any, root: Schema) -> bool:
    if not isinstance(schema, Mapping):
        return bool(schema)
    alternatives = schema.get("anyOf") or schema.get("oneOf") or ()
    if any(_takes_null(one, root) for one in alternatives):
        return True
    kind = resolved(schema, root).get("type") if not alternatives else None
    return kind == "null" or (isinstance(kind, list) and "null" in kind)


DEFAULTS = {"string": "", "number": 0, "integer": 0, "boolean": False, "array": [], "object": {}}


def _projected(value: Any, schema: Any, root: Schema) -> Any:
    shape = resolved(schema, root)
    if value is None:
        return None if _takes_null(schema, root) else DEFAULTS.get(_kind(shape))
    if isinstance(value, dict):
        members = {}
        required = shape.get("required", ())
        for name, member in shape.get("properties", {}).items():
            if name in value or name in required:
                members[name] = _projected(value.get(name), member, root)
        return members
    if isinstance(value, list):
        items = [_projected(item, shape.get("items", {}), root) for item in value]
        return items[: shape.get("maxItems")]
    return value


def _kind(shape: Schema) -> str:
    kind = shape.get("type", "object" if "properties" in shape else "string")
    return next((k for k in kind if k != "null"), "string") if isinstance(kind, list) else kind
