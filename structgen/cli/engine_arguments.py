"""What follows `--` on the command line of `serve`: vLLM's own arguments, by vLLM's own names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import click

from structgen import json_text

_OPTION = re.compile(r"--?([A-Za-z][\w-]*)(?:=(.*))?", re.DOTALL)
_SHORT = {
    "tp": "tensor_parallel_size",
    "pp": "pipeline_parallel_size",
    "dp": "data_parallel_size",
    "ep": "enable_expert_parallel",
}
_OURS = ("model", "host", "port", "api_key")


def parsed(words: Sequence[str]) -> dict[str, Any]:
    """Names with underscores; values as JSON where they are JSON, text otherwise.

    An option without a value is true, `--no-…` is false, several values are a list. The last of two
    equal options wins, as on vLLM's own command line.
    """
    found: dict[str, Any] = {}
    for name, values in _grouped(words):
        if name in _OURS:
            option = name.replace("_", "-")
            raise click.UsageError(
                f"--{option} is no argument of the engine: it goes before the --, or not at all"
            )
        if name.startswith("no_") and not values:
            found[name.removeprefix("no_")] = False
        else:
            found[name] = values[0] if len(values) == 1 else values or True
    return found


def _grouped(words: Sequence[str]) -> Iterator[tuple[str, list[Any]]]:
    """Each option with the values that follow it."""
    name, values = "", list[Any]()
    for word in words:
        match = _OPTION.fullmatch(word)
        if match is None and word.startswith("--"):
            raise click.UsageError(f"{word!r} is no argument of vLLM: give parts of an object as JSON")
        if match is None and not name:
            raise click.UsageError(f"unexpected {word!r}: arguments of vLLM follow a --, each with its name")
        if match is None:
            values.append(_value(name, word))
            continue
        if name:
            yield name, values
        name = match[1].replace("-", "_")
        name = _SHORT.get(name, name)
        values = [] if match[2] is None else [_value(name, match[2])]
    if name:
        yield name, values


def _value(name: str, text: str) -> Any:
    try:
        return json_text.loads(text)
    except json_text.JsonFault as fault:
        if text.lstrip().startswith(("{", "[")):
            raise click.UsageError(f"the value of {name} is no JSON: {fault}") from fault
        return text
