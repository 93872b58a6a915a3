"""Break one value of a valid object, by kind of fault, as models do."""

import copy
import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from random import Random
from typing import Any

Path = tuple[str | int, ...]
Fault = Callable[[Random, Any], Any]
"""Returns the broken value; None where the fault does not apply, and `...` for null."""
UNDECIDABLE = frozenset(
    [
        "missing",
        "null",
        "length",
        "cut text",
        "day or month",
        "swapped values",
        "several members",
        "joined list",
    ]
)
"""Kinds after which the meant value cannot be read from the text: the model's matter, or `failed`."""


def _text(change: Callable[[Random, str], Any]) -> Fault:
    return lambda random, value: change(random, value) if isinstance(value, str) and value.strip() else None


def _number(change: Callable[[Random, Any], Any]) -> Fault:
    def fault(random: Random, value: Any) -> Any:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return change(random, value) if is_number else None

    return fault


def _date(change: Callable[[date], str]) -> Fault:
    def fault(random: Random, value: Any) -> Any:
        if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            return None
        return change(date.fromisoformat(value))

    return fault


def _grouped(value: float, comma: str, point: str) -> str:
    return f"{value:,}".translate(str.maketrans({",": comma, ".": point}))


VALUE_FAULTS: dict[str, Fault] = {
    "null": lambda random, value: ...,
    "length": _text(lambda random, text: len(text)),
    "cut text": _text(lambda random, text: text[:-1]),
    "case": _text(lambda random, text: random.choice([text.upper(), text.title(), text.swapcase()])),
    "white space": _text(lambda random, text: random.choice([f"{text} ", f" {text}", f"{text}\n"])),
    "separators": _text(lambda random, text: re.sub(r"[ _-]", random.choice([" ", "_", "-"]), text)),
    "quoted": _text(lambda random, text: random.choice([f'"{text}"', f"**{text}**", f"`{text}`"])),
    "sentence": _text(lambda random, text: random.choice(["It is {}.", "The answer: {}"]).format(text)),
    "in a list": lambda random, value: None if isinstance(value, list) else [value],
    "in an object": lambda random, value: {random.choice(["value", "text", "answer"]): value},
    "several members": _text(lambda random, text: {"value": text, "confidence": 0.9}),
    "JSON text": lambda random, value: None if isinstance(value, str) else json.dumps(value),
    "grouped": _number(lambda random, value: _grouped(value, random.choice([",", "'", " "]), ".")),
    "decimal comma": _number(lambda random, value: _grouped(value, random.choice([".", "\u00a0"]), ",")),
    "currency": _number(lambda random, value: random.choice([f"${value}", f"{value} EUR", f"USD {value:,}"])),
    "unit": _number(lambda random, value: f"{value} {random.choice(['kg', 'days', 'units', 'km'])}"),
    "yes or no": lambda random, value: ("yes" if value else "no") if isinstance(value, bool) else None,
    "0 or 1": lambda random, value: int(value) if isinstance(value, bool) else None,
    "date in words": _date(lambda day: f"{day.day} {day:%B} {day.year}"),
    "date with points": _date(lambda day: f"{day:%d.%m.%Y}"),
    "date with time": _date(lambda day: f"{day.isoformat()}T00:00:00Z"),
    "day or month": _date(lambda day: f"{day:%m/%d/%Y}"),
    "list in an object": lambda random, value: {"items": value} if isinstance(value, list) else None,
    "joined list": lambda random, value: ", ".join(value) if _are_texts(value) else None,
    "one of a list": lambda random, value: value[0] if isinstance(value, list) and len(value) == 1 else None,
}  # fmt: skip


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and len(value) > 1 and all(isinstance(item, str) for item in value)


KEY_FAULTS: dict[str, Callable[[Random, str], str]] = {
    "key in another case": lambda random, key: random.choice(
        [key.upper(), key.replace("_", "-"), re.sub(r"_(\w)", lambda match: match[1].upper(), key)]
    ),
    "misspelt key": lambda random, key: _misspelt(random, key),
    "extra": lambda random, key: f"{key}_{random.choice(['note', 'raw', 'text', 'old'])}",
    "missing": lambda random, key: "",
}


def _misspelt(random: Random, key: str) -> str:
    """Drop, double or swap one letter after the first of a key."""
    at = random.randrange(1, max(2, len(key) - 1))
    dropped, doubled = key[:at] + key[at + 1 :], key[: at + 1] + key[at:]
    swapped = key[:at] + key[at : at + 2][::-1] + key[at + 2 :]
    return random.choice([dropped, doubled, swapped])


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the path of every member and item of a value."""
    steps: Any = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for step in steps:
        yield (*path, step)
        yield from places(value[step], (*path, step))


def broken_by(kind: str, random: Random, value: dict[str, Any]) -> dict[str, Any] | None:
    """Return a copy of an object with one fault of a kind; None where the kind does not apply."""
    result = copy.deepcopy(value)
    options = list(places(value))
    random.shuffle(options)
    for path in options:
        *above, last = path
        parent: Any = result
        for step in above:
            parent = parent[step]
        if kind in KEY_FAULTS:
            if isinstance(parent, dict) and _break_key(kind, random, parent, str(last)):
                return result
            continue
        changed = VALUE_FAULTS[kind](random, parent[last])
        if changed is not None and json.dumps(changed if changed is not ... else None) != json.dumps(
            parent[last]
        ):
            parent[last] = None if changed is ... else changed
            return result
    return None


def _break_key(kind: str, random: Random, parent: dict[str, Any], key: str) -> bool:
    name = KEY_FAULTS[kind](random, key)
    if name == key or name in parent:
        return False
    members = list(parent.items())
    parent.clear()
    for old, member in members:
        if old != key or kind == "extra":
            parent[old] = member
        if old == key and name:
            parent[name] = member
    return True
