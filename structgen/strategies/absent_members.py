"""Required members that may be null: the schema of a task is relaxed, and its result lists what is absent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from structgen.errors import Unsatisfied
from structgen.longdoc import absence
from structgen.messages import absent_in_type
from structgen.schema.list_items import ListSchema, items_alone
from structgen.strategies.item_delivery import ItemDelivery
from structgen.strategies.result import Result
from structgen.strategies.task import Task
from structgen.types import Usage, Violation


def relaxed_task(task: Task) -> Task:
    """Return a task whose schema lets required members be null, where the task asks for it."""
    if task.on_absent == "error" or task.text_format is not None:
        return task
    return replace(task, schema=absence.relaxed(task.schema), strict=task.schema)


def with_absent(result: Result, task: Task) -> Result:
    """Return a result under the caller's schema, with the members that are null only by its relaxing."""
    if task.strict is None:
        return result
    return replace(result, schema=task.strict, absent=tuple(absence.absent(task.strict, result.data)))


def python_value(result: Result, task: Task) -> Any:
    """Return the data as a value of the type that the caller's schema comes from, plain JSON without one.

    Raises `Unsatisfied` where the type has no value for what is absent, or its validators reject the data,
    which a relaxed schema does not know.
    """
    schema = task.caller_schema
    if schema.adapter is None or task.strict is None:
        return schema.to_python(result.data)
    violations = [Violation(at, "absent", "the document does not say it") for at in result.absent]
    if violations:
        detail = absent_in_type(result.absent)
    elif violations := schema.violations(result.data):
        detail = f"the validators of the type reject the object: {violations[0].message}"
    else:
        return schema.to_python(result.data)
    raise Unsatisfied(detail, result.attempts, result.usage, violations, result.data)


def with_delivery(task: Task, listed: ListSchema) -> Task:
    """Return a task for a list that delivers its items one by one."""
    items = listed.items if task.strict is None else items_alone(task.schema) or task.schema
    return replace(task, delivery=ItemDelivery.of(task.schema, items))


def python_item(item: Any, index: int, task: Task, listed: ListSchema) -> Any:
    """Return an item as a value of its type; raise `Unsatisfied` where that has none for what is absent."""
    if task.strict is not None and listed.item is not None and (violations := listed.item.violations(item)):
        detail = absent_in_type([f"/{index}{violation.pointer}" for violation in violations])
        raise Unsatisfied(detail, (), Usage(), violations, item)
    return listed.to_python(item)
