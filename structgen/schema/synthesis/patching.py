"""Patch an invalid value until it is valid, with generated instances: these have no meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from itertools import islice
from typing import Any

from structgen import json_text
from structgen.schema.algebra.dnf import Requirement
from structgen.schema.reorder import schemas_at
from structgen.schema.synthesis.instances import InstanceGenerator
from structgen.schema.traversal import JsonPath, pointer

_MAX_PATCHES = 8
_MAX_TRIED = 6
"""Instances that are tried at one location."""

PatchedValue = tuple[Any, tuple[str, ...]]
"""A valid value, and pointers to the parts that were replaced."""
ErrorPaths = Callable[[Any], Sequence[JsonPath]]
"""Returns the paths to all errors in a value."""


def patched(
    definition: Any, value: Any, max_length: int, error_paths: ErrorPaths, generator: InstanceGenerator
) -> PatchedValue | None:
    """Return a valid value with as few replacements as possible, or None where none was found.

    Its JSON text has at most `max_length` characters: a longer one is replaced as a whole by an instance.
    """
    result = _with_replacements(definition, value, error_paths, generator)
    if result is not None and len(json_text.dumps(result[0])) <= max_length:
        return result
    for instance in islice(generator.values([(definition, True)]), _MAX_TRIED):
        if len(json_text.dumps(instance)) <= max_length and not error_paths(instance):
            return instance, ("",)
    return None


def _with_replacements(
    definition: Any, value: Any, error_paths: ErrorPaths, generator: InstanceGenerator
) -> PatchedValue | None:
    replaced: list[str] = []
    for _ in range(_MAX_PATCHES):
        errors = error_paths(value)
        if not errors:
            return value, tuple(dict.fromkeys(replaced))
        patch = _with_one_replacement(definition, value, errors, error_paths, generator)
        if patch is None:
            return None
        value, path = patch
        replaced.append(pointer(path))
    return None


def _with_one_replacement(
    definition: Any,
    value: Any,
    errors: Sequence[JsonPath],
    error_paths: ErrorPaths,
    generator: InstanceGenerator,
) -> tuple[Any, JsonPath] | None:
    """Return the value with an instance at its first error.

    Where no instance there lowers the number of errors, the closest ancestor at which one does is replaced.
    """
    for depth in range(len(errors[0]), -1, -1):
        path = errors[0][:depth]
        invalid = [error[depth] for error in errors if error[:depth] == path and len(error) > depth]
        schemas = schemas_at(definition, value, path, generator.resolve)
        requirements: list[Requirement] = [(schema, True) for schema in schemas]
        for preserved in _preserving(_value_at(value, path), invalid):
            for instance in islice(generator.values([*preserved, *requirements]), _MAX_TRIED):
                candidate = _replaced(value, path, instance)
                if len(error_paths(candidate)) < len(errors):
                    return candidate, path
    return None


def _preserving(value: Any, invalid: Sequence[Any]) -> Iterator[list[Requirement]]:
    """Yield the requirement to keep the valid members, if there are any, then no requirement."""
    if isinstance(value, dict):
        valid = {name: {"const": member} for name, member in value.items() if name not in invalid}
        if valid:
            yield [({"type": "object", "properties": valid, "required": list(valid)}, True)]
    yield []


def _value_at(value: Any, path: JsonPath) -> Any:
    for step in path:
        value = value[step]
    return value


def _replaced(value: Any, path: JsonPath, part: Any) -> Any:
    if not path:
        return part
    copy = deepcopy(value)
    _value_at(copy, path[:-1])[path[-1]] = part
    return copy
