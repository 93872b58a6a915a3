"""Parse vLLM's own arguments, which follow `--` on the command line of `serve`."""

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
_OF_SERVE = {
    "model": "give --model before the --",
    "host": "give --host before the --",
    "port": "give --port before the --",
    "api_key": "set STRUCTGEN_API_KEY instead",
}


def parsed(words: Sequence[str]) -> dict[str, Any]:
    """Return names with underscores and values, which are JSON if they parse as JSON, text otherwise.

    An option without a value is true, `--no-…` is false, several values are a list. The last of two equal
    options counts, as on vLLM's own command line.
    """
    arguments: dict[str, Any] = {}
    for name, values in _options(words):
        if name in _OF_SERVE:
            option = name.replace("_", "-")
            raise click.UsageError(f"--{option} is not an argument of vLLM here: {_OF_SERVE[name]}")
        if name.startswith("no_") and not values:
            arguments[name.removeprefix("no_")] = False
        else:
            arguments[name] = values[0] if len(values) == 1 else values or True
    return arguments


def _options(words: Sequence[str]) -> Iterator[tuple[str, list[Any]]]:
    """Yield each option with the values that follow it."""
    name, values = "", list[Any]()
    for word in words:
        match = _OPTION.fullmatch(word)
        if match is None and word.startswith("--"):
            raise click.UsageError(f"{word!r} is not an argument of vLLM: give an object as JSON")
        if match is None and not name:
            raise click.UsageError(f"unexpected {word!r}: vLLM's arguments follow a --, each with its name")
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
    except json_text.JsonError as fault:
        if text.lstrip().startswith(("{", "[")):
            option = name.replace("_", "-")
            raise click.UsageError(f"--{option}: the value is not JSON: {fault}") from fault
        return text
