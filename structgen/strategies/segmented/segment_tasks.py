"""Tasks of segments: their schemas, derived once for each number of rows, and their examples."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from structgen.longdoc.composition import path_of
from structgen.longdoc.frame_schema import frame_schema, part_schema
from structgen.longdoc.segment_schema import list_schema
from structgen.schema import Schema
from structgen.strategies.further_readings import reading_sampling
from structgen.strategies.segmented.places import list_at, with_list, without_list
from structgen.strategies.task import Task
from structgen.types import Limits


@dataclass
class SegmentTasks:
    """Makes the tasks of one document's segments. Its methods may take long: call them in a thread."""

    task: Task
    _lists: dict[tuple[str, int | None], Schema | None] = field(default_factory=dict)
    _items: dict[str, Schema | None] = field(default_factory=dict)
    _frames: dict[tuple[frozenset[str], bool], Schema | None] = field(default_factory=dict)

    def list_schema(self, pointer: str, rows: int | None) -> Schema | None:
        """Return the schema of one list alone, of so many rows where they are known."""
        key = pointer, rows
        if key not in self._lists:
            self._lists[key] = _lowered(list_schema(self.task.schema, pointer, rows))
        return self._lists[key]

    def item_schema(self, pointer: str) -> Schema | None:
        """Return the schema of one item of a list; None where the list cannot be asked for alone."""
        if pointer not in self._items:
            whole = self.list_schema(pointer, None)
            self._items[pointer] = None if whole is None else _item_of(whole, pointer)
        return self._items[pointer]

    def frame_schema(self, pointers: Iterable[str], *, part: bool) -> Schema | None:
        """Return the schema without these lists, or that of a part of its document; None for nothing."""
        key = frozenset(pointers), part
        if key not in self._frames:
            frame = frame_schema(self.task.schema, sorted(key[0])) if key[0] else self.task.schema
            if frame is not None and part:
                frame = part_schema(frame) or frame
            self._frames[key] = _lowered(frame)
        return self._frames[key]

    def of_rows(self, text: str, pointer: str, rows: int | None, asking: int, limits: Limits) -> Task:
        """Return the task for the rows of one list in a text; each further asking samples anew."""
        schema = self.list_schema(pointer, rows)
        assert schema is not None

        def part(data: Any) -> Any:
            return with_list(None, pointer, list_at(data, pointer))

        return self._of(text, schema, part, asking, limits)

    def of_frame(self, text: str, schema: Schema, pointers: Iterable[str], limits: Limits) -> Task:
        """Return the task for what is not in some lists."""

        def part(data: Any) -> Any:
            for pointer in pointers:
                data = without_list(data, pointer)
            return data

        return self._of(text, schema, part, 0, limits)

    def _of(self, text: str, schema: Schema, part: Callable[[Any], Any], asking: int, limits: Limits) -> Task:
        task = self.task
        return replace(
            part_task(task, schema, text),
            examples=tuple(replace(example, data=part(example.data)) for example in task.examples),
            examples_checked=True,
            sampling=reading_sampling(task.sampling, asking) if asking > 1 else task.sampling,
            limits=limits,
        )


def part_task(task: Task, schema: Schema, text: str) -> Task:
    """Return a task for a part of the document alone, without what only the whole result has."""
    return replace(
        task,
        schema=schema,
        document=text,
        source=None,
        n=1,
        report=False,
        evidence=None,
        logprobs=False,
        delivery=None,
        grammar_error=None,
        strict=None,
    )


def _item_of(whole: Schema, pointer: str) -> Schema:
    """Return the schema of one item from that of a list alone."""
    schema = whole.definition
    shared = {name: schema[name] for name in ("$schema", "$defs", "definitions") if name in schema}
    for name in path_of(pointer):
        schema = schema["properties"][name]
    item = schema.get("items", True)
    return Schema.parse({**shared, **item} if isinstance(item, dict) else item)


def _lowered(schema: Schema | None) -> Schema | None:
    """Compute what a run needs of a schema, away from the event loop."""
    if schema is not None:
        _ = schema.text, schema.hash, schema.report, schema.declared_sizes, schema.fast_weight
    return schema
