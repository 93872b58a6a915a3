"""Write a value as programs of other languages print it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from random import Random
from typing import Any

from damage_operators.base import Damage, Edit, Sample, are_names, chosen, operator, rewritten

Written = Callable[[Any], str]


def _container(
    value: Any, write: Written, braces: str, brackets: str, member: Callable[[str, str], str]
) -> str:
    """Write a container with its own marks, and leave scalars to `write`."""
    if isinstance(value, dict):
        members = ", ".join(
            member(key, _container(part, write, braces, brackets, member)) for key, part in value.items()
        )
        return f"{braces[0]}{members}{braces[1]}"
    if isinstance(value, list):
        items = ", ".join(_container(part, write, braces, brackets, member) for part in value)
        return f"{brackets[0]}{items}{brackets[1]}"
    return write(value)


@operator()
def javascript_literal(sample: Sample, random: Random) -> Damage | None:
    """Write names without quotes, single quotes, and a comma after the last member."""
    if not sample.keys or not are_names(sample.value):
        return None

    def text(part: Any) -> str:
        if not isinstance(part, str):
            return json.dumps(part)
        return "'" + json.dumps(part, ensure_ascii=False)[1:-1].replace('\\"', '"').replace("'", "\\'") + "'"

    def write(value: Any, indent: str) -> str:
        deeper = indent + "  "
        if isinstance(value, dict) and value:
            lines = "".join(f"{deeper}{key}: {write(part, deeper)},\n" for key, part in value.items())
            return "{\n" + lines + indent + "}"
        if isinstance(value, list) and value:
            return "[\n" + "".join(f"{deeper}{write(part, deeper)},\n" for part in value) + indent + "]"
        return text(value)

    return rewritten(sample, write(sample.value, ""))


@operator()
def concatenation(sample: Sample, random: Random) -> Damage | None:
    """Write a string as the sum of two."""
    token = chosen(
        random, [t for t in sample.strings if len(sample.text_of(t)) > 1 and "\\" not in sample.raw(t)]
    )
    if token is None:
        return None
    at = random.randrange(token.start + 2, token.end - 1)
    plus = random.choice(['" + "', '"+"', '" +\n    "', '" + /* more */ "', "\" + '"])
    if plus.endswith("'"):
        if "'" in sample.raw(token):
            return None
        return Damage((Edit(at, at, plus), Edit(token.end - 1, token.end, "'")))
    return Damage((Edit(at, at, plus),))


@operator(is_rare=True)
def implicit_concatenation(sample: Sample, random: Random) -> Damage | None:
    """Write the string of a key as two side by side, on two lines."""
    tokens = [t for t in sample.strings if len(sample.text_of(t)) > 1 and "\\" not in sample.raw(t)]
    token = chosen(random, [t for t in tokens if t.path and isinstance(t.path[-1], str)])
    if token is None:
        return None
    at = random.randrange(token.start + 2, token.end - 1)
    if random.random() < 0.5:
        return Damage((Edit(at, at, '"\n    "'),))
    return Damage(
        (Edit(token.start, token.start, "("), Edit(at, at, '"\n    "'), Edit(token.end, token.end, ")"))
    )


@operator(is_rare=True)
def template_literals(sample: Sample, random: Random) -> Damage | None:
    """Write every value's string in backticks, with line breaks as they are."""
    tokens = [t for t in sample.strings if not set("\\`$") & set(sample.raw(t).replace("\\n", ""))]
    if not tokens or len(tokens) < len(sample.strings):
        return None
    return Damage(
        tuple(Edit(t.start, t.end, "`" + sample.raw(t)[1:-1].replace("\\n", "\n") + "`") for t in tokens)
    )


def _ruby(value: Any) -> str:
    return "nil" if value is None else json.dumps(value, ensure_ascii=False)


@operator(is_rare=True)
def ruby_hash(sample: Sample, random: Random) -> Damage | None:
    if not isinstance(sample.value, dict) or not sample.value or "#{" in sample.text:
        return None
    symbols = random.random() < 0.5 and are_names(sample.value)

    def member(key: str, text: str) -> str:
        return f":{key}=>{text}" if symbols else f"{json.dumps(key, ensure_ascii=False)}=>{text}"

    return rewritten(sample, _container(sample.value, _ruby, "{}", "[]", member))


@operator(is_rare=True)
def php_array(sample: Sample, random: Random) -> Damage | None:
    """Write objects as PHP's arrays: brackets, and arrows for colons."""
    if not isinstance(sample.value, dict) or not sample.value or _has_empty(sample.value):
        return None
    quote = random.choice("'\"")

    def text(value: Any) -> str:
        if isinstance(value, str):
            escaped = value.replace("\\", "\\\\").replace(quote, "\\" + quote)
            return f"{quote}{escaped}{quote}"
        return json.dumps(value)

    if quote == '"' and re.search(r"[\x00-\x1f$]", json.dumps(sample.value, ensure_ascii=False)):
        return None
    return rewritten(
        sample, _container(sample.value, text, "[]", "[]", lambda key, part: f"{text(key)} => {part}")
    )


def _has_empty(value: Any) -> bool:
    """Whether an object without members is part of the value."""
    if isinstance(value, dict):
        return not value or any(map(_has_empty, value.values()))
    return isinstance(value, list) and any(map(_has_empty, value))


@operator(is_rare=True)
def java_map(sample: Sample, random: Random) -> Damage | None:
    """Write the object as Java's maps print it: `{a=1, b=x y}`; every string must be plain words."""
    return _without_quotes(sample, lambda key, part: f"{key}={part}")


@operator()
def yaml_flow(sample: Sample, random: Random) -> Damage | None:
    """Write the object without any quotes, as YAML's flow style allows for plain words."""
    return _without_quotes(sample, lambda key, part: f"{key}: {part}")


_PLAIN_WORDS = re.compile(r"[^\W\d_][\w .]*\w")
_RESERVED = frozenset("true false null none nan undefined yes no".split())


def _without_quotes(sample: Sample, member: Callable[[str, str], str]) -> Damage | None:
    """Write an object whose keys are names and whose strings are plain words, without any quotes."""
    texts = [sample.text_of(t) for t in sample.strings]
    if not sample.keys or not texts or not are_names(sample.value):
        return None
    if not all(_PLAIN_WORDS.fullmatch(text) and text.lower() not in _RESERVED for text in texts):
        return None

    def scalar(value: Any) -> str:
        return value if isinstance(value, str) else json.dumps(value)

    return rewritten(sample, _container(sample.value, scalar, "{}", "[]", member))
