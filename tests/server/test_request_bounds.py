"""The service and the library accept and refuse the same request values, by one definition of the bounds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from structgen import api
from structgen.errors import BadRequest
from structgen.schema import Schema
from structgen.strategies.task import Task
from structgen.strategies.task_validation import validate_task
from structgen.types import FieldDescription, Limits, RequestSampling, Sampling, describe

GROUPS: dict[str, type] = {"sampling": RequestSampling, "limits": Limits}
FIELDS = [
    pytest.param(group, name, description, id=f"{group}.{name}")
    for group, kind in GROUPS.items()
    for name, description in describe(kind).items()
]


def accepted(description: FieldDescription) -> Iterator[Any]:
    """Yield values on the bounds of a field."""
    yield from description.choices
    if description.nullable:
        yield None
    if description.minimum is not None and not description.open_minimum:
        yield description.minimum
    if description.maximum is not None:
        yield description.maximum


def refused(description: FieldDescription) -> Iterator[Any]:
    """Yield values beyond the bounds of a field, and values of other types."""
    yield from ("x", True, [], {})
    if not description.nullable:
        yield None
    if description.kind is int:
        yield 1.5
    if description.minimum is not None:
        yield description.minimum - (0 if description.open_minimum else 1)
    if description.maximum is not None:
        yield description.maximum + 1


def service_faults(group: str, name: str, value: Any) -> list[str]:
    """Return the pointers of what the service refuses."""
    body = {"schema": True, "document": "x", group: {name: value}}
    try:
        api.parse_body(api.ExtractRequest, json.dumps(body))
    except BadRequest as error:
        return [violation.pointer for violation in error.violations]
    return []


def library_faults(group: str, name: str, value: Any) -> list[str]:
    """Return the pointers of what the library refuses."""
    if name == "n":
        options: dict[str, Any] = {"n": value}
    else:
        kind = Sampling if group == "sampling" else Limits
        options = {group: kind(**{name: value})}
    try:
        validate_task(Task(Schema.parse(True), document="x", **options))
    except BadRequest as error:
        return [violation.pointer for violation in error.violations]
    return []


@pytest.mark.parametrize(("group", "name", "description"), FIELDS)
def test_service_and_library_accept_the_bounds(group: str, name: str, description: FieldDescription) -> None:
    """A value on a bound is accepted by both."""
    for value in accepted(description):
        assert service_faults(group, name, value) == library_faults(group, name, value) == []


@pytest.mark.parametrize(("group", "name", "description"), FIELDS)
def test_service_and_library_refuse_what_is_beyond(
    group: str, name: str, description: FieldDescription
) -> None:
    """A value beyond a bound, or of another type, is refused by both with the same pointer."""
    for value in refused(description):
        expected = [f"/{group}/{name}"]
        assert service_faults(group, name, value) == expected, value
        assert library_faults(group, name, value) == expected, value


@pytest.mark.parametrize(("group", "name", "description"), [f for f in FIELDS if f.values[2].kind is int])
def test_the_service_takes_an_integer_with_a_decimal_point(
    group: str, name: str, description: FieldDescription
) -> None:
    """To JSON Schema, and so to readers of the OpenAPI document, 1.0 is an integer; its bounds hold as well."""
    least = description.minimum or 0
    body = {"schema": True, "document": "x", group: {name: float(least)}}
    value = getattr(getattr(api.parse_body(api.ExtractRequest, json.dumps(body)), group), name)
    assert (value, type(value)) == (least, int)
    assert service_faults(group, name, float(least - 1)) == (
        [f"/{group}/{name}"] if description.minimum is not None else []
    )
