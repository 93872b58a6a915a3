"""Hold what every damage operator takes and returns: a valid text with its tokens, and edits to it."""

from __future__ import annotations

import copy
import json
import keyword
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any, NamedTuple

from structgen.schema import Schema

ABSENT = object()
"""Stands for a value that is not there."""
Path = tuple[str | int, ...]
Changes = Mapping[Path, Any]
"""Values by their path: what a reading has in place of the sample's."""
_TOKEN = re.compile(
    r'(?P<space>[ \t\r\n]+)|(?P<string>"(?:[^"\\]|\\.)*")|(?P<mark>[{}\[\],:])|(?P<word>[^\s,:{}\[\]"]+)'
)
_NAME = re.compile(r"[A-Za-z_]\w*")


class Token(NamedTuple):
    """A token of a valid text; `path` is that of the value, of the key's value or of the mark's container."""

    kind: str
    """A mark itself, or `string`, `number`, `literal`."""
    start: int
    end: int
    path: Path
    is_key: bool = False

    @property
    def is_value(self) -> bool:
        """Whether the token is a whole scalar value."""
        return len(self.kind) > 1 and not self.is_key


class Edit(NamedTuple):
    """A replacement of the characters from `start` to `end` of a valid text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Damage:
    """One fault: the edits that make it, and the values that a reader may rightly find.

    `meant` holds the changes of each right value; the first is the one that is meant. `plain` are further
    right ones where no schema is given, or where it accepts them.
    """

    edits: tuple[Edit, ...]
    meant: tuple[Changes, ...] = ({},)
    plain: tuple[Changes, ...] = ()
    only_plain: tuple[Changes, ...] | None = None
    """The right ones without a schema, where those with one are wrong there."""
    may_fail: bool = False
    """Whether a reader may rightly refuse the text."""
    cut: int | None = None
    """Position at which the text ends; a reader keeps every complete member before it."""


@dataclass(frozen=True)
class Sample:
    """A valid JSON text of a value that satisfies a schema."""

    value: Any
    schema: Schema
    text: str
    ascii: bool = False

    @cached_property
    def tokens(self) -> list[Token]:
        """The tokens of the text, without white space."""
        return list(tokenized(self.text))

    def of(self, *kinds: str) -> list[Token]:
        """Return the tokens of these kinds, in their order."""
        return [token for token in self.tokens if token.kind in kinds]

    @cached_property
    def strings(self) -> list[Token]:
        """The tokens of strings that are values."""
        return [token for token in self.tokens if token.kind == "string" and not token.is_key]

    @cached_property
    def keys(self) -> list[Token]:
        """The tokens of keys."""
        return [token for token in self.tokens if token.is_key]

    @cached_property
    def pairs(self) -> dict[int, int]:
        """The index of each bracket's partner among the tokens."""
        partners: dict[int, int] = {}
        opened: list[int] = []
        for index, token in enumerate(self.tokens):
            if token.kind in ("{", "["):
                opened.append(index)
            elif token.kind in ("}", "]"):
                partners[index] = opened.pop()
                partners[partners[index]] = index
        return partners

    def raw(self, token: Token) -> str:
        """Return the token's text."""
        return self.text[token.start : token.end]

    def at(self, path: Path) -> Any:
        """Return the value at a path."""
        value = self.value
        for step in path:
            value = value[step]
        return value

    def text_of(self, token: Token) -> str:
        """Return the text that a string's token stands for."""
        return str(json.loads(self.raw(token)))

    def inner(self, kind: str) -> list[Token]:
        """Return the brackets of a kind, those of the outermost container left out."""
        return [token for token in self.of(kind) if token.path]

    def accepts(self, changes: Changes) -> bool:
        """Whether the schema accepts the value with these changes."""
        return not self.schema.violations(changed(self.value, changes))

    def dumped(self, value: Any) -> str:
        """Write a value as the sample's text does, on one line."""
        return json.dumps(value, ensure_ascii=self.ascii)


Operator = Callable[[Sample, Random], Damage | None]


@dataclass(frozen=True)
class Registered:
    """An operator with its name and conditions."""

    name: str
    make: Operator
    needs_schema: bool = False
    """Whether only the schema says what is meant; the text itself may then be valid JSON."""
    is_rare: bool = False
    """Whether few texts have the fault; the total of the others is shown too."""


OPERATORS: dict[str, Registered] = {}


def operator(*, needs_schema: bool = False, is_rare: bool = False) -> Callable[[Operator], Operator]:
    """Register a function as the operator of its name."""

    def register(make: Operator) -> Operator:
        name = make.__name__  # type: ignore[attr-defined]
        OPERATORS[name] = Registered(name, make, needs_schema, is_rare)
        return make

    return register


def tokenized(text: str) -> Iterator[Token]:
    """Yield the tokens of a valid JSON text."""
    stack: list[tuple[str, Path]] = []
    steps: list[str | int] = []
    awaits_key = False
    for match in _TOKEN.finditer(text):
        kind, raw = str(match.lastgroup), match[0]
        if kind == "space":
            continue
        path = tuple(steps)
        if raw in ("{", "["):
            yield Token(raw, *match.span(), path)
            stack.append((raw, path))
            awaits_key = raw == "{"
            if raw == "[":
                steps.append(0)
        elif raw in ("}", "]"):
            container = stack.pop()[1]
            yield Token(raw, *match.span(), container)
            steps[:] = container
            awaits_key = False
        elif raw == ",":
            bracket, container = stack[-1]
            yield Token(raw, *match.span(), container)
            if bracket == "[":
                steps[:] = [*container, int(steps[len(container)]) + 1]
            awaits_key = bracket == "{"
        elif raw == ":":
            yield Token(raw, *match.span(), path)
        elif awaits_key:
            steps[:] = [*stack[-1][1], json.loads(raw)]
            yield Token("string", *match.span(), tuple(steps), is_key=True)
            awaits_key = False
        else:
            name = "string" if kind == "string" else "number" if raw[0] in "-0123456789" else "literal"
            yield Token(name, *match.span(), path)


def replaced(token: Token, text: str) -> Damage:
    """Return the damage that replaces one token."""
    return Damage((Edit(token.start, token.end, text),))


def rewritten(sample: Sample, text: str, **right: Any) -> Damage:
    """Return the damage that replaces the whole text."""
    return Damage((Edit(0, len(sample.text), text),), **right)


def inserted(at: int, text: str) -> Damage:
    """Return the damage that inserts a text."""
    return Damage((Edit(at, at, text),))


def around(sample: Sample, before: str, after: str = "") -> Damage:
    """Return the damage that puts texts before and after the whole text."""
    edits = (Edit(0, 0, before), Edit(len(sample.text), len(sample.text), after))
    return Damage(tuple(edit for edit in edits if edit.text))


def applied(text: str, edits: Iterable[Edit]) -> str:
    """Return the text with the edits applied; at one place, an insertion comes before a replacement."""
    pieces, at = [], 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        pieces += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join([*pieces, text[at:]])


def changed(value: Any, changes: Changes) -> Any:
    """Return a copy of a value with other values at some paths."""
    value = copy.deepcopy(value)
    for path, part in changes.items():
        if not path:
            value = copy.deepcopy(part)
            continue
        holder = value
        for step in path[:-1]:
            holder = holder[step]
        if part is ABSENT:
            del holder[path[-1]]
        else:
            holder[path[-1]] = part
    return value


def chosen(random: Random, things: list[Any]) -> Any:
    """Return one of the things, or None where there is none."""
    return random.choice(things) if things else None


def content_place(sample: Sample, random: Random, content: str) -> Token | None:
    """Return a string that may hold the content under the schema."""
    places = list(sample.strings)
    random.shuffle(places)
    for token in places[:6]:
        if sample.accepts({token.path: content}):
            return token
    return None


def with_content(sample: Sample, random: Random, content: str, written: str) -> Damage | None:
    """Return the damage that gives some string a content, written as it stands between its quotes."""
    token = content_place(sample, random, content)
    if token is None:
        return None
    edit = Edit(token.start, token.end, f'"{written}"')
    return Damage((edit,), meant=({token.path: content},))


def are_names(value: Any) -> bool:
    """Whether every key is a name of programming languages."""
    if isinstance(value, dict):
        return all(
            _NAME.fullmatch(key) and not keyword.iskeyword(key) and are_names(part)
            for key, part in value.items()
        )
    return all(map(are_names, value)) if isinstance(value, list) else True
