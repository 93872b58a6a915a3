"""Items of a list, delivered one by one while the list is generated: each once, in order, for good.

An item is delivered once it is valid under all that the schema says of it. An item that is not valid stops
the delivery: a retry keeps the delivered items, by its grammar where the engine takes one, and goes on after
them. What holds for the list as a whole is checked at its end.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from structgen import json_text
from structgen.errors import Overloaded, SchemaLimit, StructgenError, Unsatisfied
from structgen.messages import counted
from structgen.parsing.incremental.list_items import ListItemSplitter
from structgen.schema import Schema
from structgen.schema.keywords import LIST_KEY
from structgen.schema.list_items import OF_THE_WHOLE, own_schemas
from structgen.strategies.events import AttemptStarted, Event, EventSink, ItemCompleted, Progress, TextDelta
from structgen.strategies.result import Result
from structgen.types import Violation

_NUMBER = ("minItems", "maxItems")
_NEED_THE_WHOLE = (OF_THE_WHOLE - {*_NUMBER, "uniqueItems"}) | {
    LIST_KEY, "allOf", "anyOf", "oneOf", "not", "if", "$ref", "$dynamicRef", "const", "enum",
}  # fmt: skip
"""Keywords by which a schema may say something of a list that only the list as a whole shows."""
E = TypeVar("E", bound=StructgenError)
FindViolations = Callable[[Schema, Any], Awaitable[list[Violation]]]


@dataclass
class ItemDelivery:
    """The items of a list that a run has delivered so far."""

    items: Schema
    """The schema of a list of any number of the items."""
    unique: bool = False
    """Whether no two items may be equal."""
    keeps: bool = True
    """Whether the list is needed as a whole at the end, too; otherwise a long one is not held in memory."""
    bounds: Mapping[str, float] = field(default_factory=dict)
    """How many items the list has: `minItems` and `maxItems`, where its schema has them."""
    delivered: list[Any] = field(default_factory=list)
    _keys: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, whole: Schema, items: Schema, *, keeps: bool = True) -> ItemDelivery:
        """Return the delivery of a list's items, of which none is delivered yet.

        A list whose schema says more of the whole than how many items it has and that no two are equal, or
        that has a key, is kept in any case.
        """
        definition = whole.definition
        if not isinstance(definition, dict):
            return cls(items)
        keeps = keeps or not _NEED_THE_WHOLE.isdisjoint(definition)
        bounds = {name: definition[name] for name in _NUMBER if name in definition}
        return cls(items, definition.get("uniqueItems") is True, keeps, bounds)

    def number_violations(self, number: int) -> list[Violation]:
        """Return the violations of a list of so many items, whatever they are."""
        least, most = self.bounds.get("minItems", 0), self.bounds.get("maxItems", number)
        if least <= number <= most:
            return []
        keyword, bound = ("minItems", least) if number < least else ("maxItems", most)
        wrong = "fewer" if number < least else "more"
        return [Violation("", keyword, f"the list has {counted(number, 'item')}, {wrong} than {bound}")]

    def repeats(self, item: Any) -> bool:
        """Return whether an item equals a delivered one where no two may be equal."""
        return self.unique and _key(item) in self._keys

    def add(self, item: Any) -> int:
        """Add a delivered item and return its index."""
        self.delivered.append(item)
        if self.unique:
            self._keys.add(_key(item))
        return len(self.delivered) - 1


async def run_with_items(
    run: Callable[[EventSink], Awaitable[Result]],
    delivery: ItemDelivery,
    validator: FindViolations,
    emit: EventSink,
) -> Result:
    """Run a task and emit an event for each item and each attempt, but none for texts and partial lists.

    `Unsatisfied` is raised where the valid list does not begin with the delivered items.
    """
    sink = _ItemSink(delivery, validator, emit)
    result = await run(sink)
    await sink.finish(result)
    return result


async def with_delivered_named(run: Callable[[EventSink], Awaitable[Result]], emit: EventSink) -> Result:
    """Run a task; the detail of an error names the number of items that were delivered before it."""
    count = 0

    async def counting(event: Event) -> None:
        nonlocal count
        await emit(event)
        count += isinstance(event, ItemCompleted)

    try:
        return await run(counting)
    except StructgenError as error:
        raise _with_delivered(error, count) from error


class _ItemSink:
    """Receives the events of a run, and emits the items in the texts of its attempts."""

    def __init__(self, delivery: ItemDelivery, validator: FindViolations, emit: EventSink) -> None:
        self._delivery, self._validator, self._emit = delivery, validator, emit
        self._own_schemas = own_schemas(delivery.items)
        self._start_attempt()

    async def __call__(self, event: Event) -> None:
        match event:
            case AttemptStarted():
                self._start_attempt()
                await self._emit(event)
            case TextDelta(delta):
                for text in self._splitter.feed(delta):
                    await self._take(text)
            case Progress():
                await self._emit(event)

    def _start_attempt(self) -> None:
        self._splitter, self._seen, self._stopped = ListItemSplitter(), 0, False

    async def _take(self, text: str) -> None:
        """Deliver an item of the attempt, unless it was delivered before; stop at one that is not valid."""
        if self._stopped:
            return
        delivered = self._delivery.delivered
        try:
            item = self._delivery.items.arrange([json_text.loads(text)])[0]
        except json_text.JsonError:
            self._stopped = True
            return
        if self._seen < len(delivered):
            self._stopped = not _same(item, delivered[self._seen])
        elif await self._is_valid(item):
            await self._deliver(item)
        else:
            self._stopped = True
        self._seen += 1

    async def _is_valid(self, item: Any) -> bool:
        """Return whether the item is surely valid; where that cannot be decided now, the end decides."""
        delivery = self._delivery
        if delivery.repeats(item):
            return False
        try:
            listed = [*delivery.delivered[: self._own_schemas], item]
            return not await self._validator(delivery.items, listed)
        except (Overloaded, SchemaLimit):
            return False

    async def _deliver(self, item: Any) -> None:
        await self._emit(ItemCompleted(self._delivery.add(item), item))

    async def finish(self, result: Result) -> None:
        """Deliver the items of the valid list that were not delivered yet."""
        delivered, final = self._delivery.delivered, result.data
        for index, item in enumerate(delivered):
            if index >= len(final) or not _same(item, final[index]):
                message = "this item was delivered, and no valid list begins with the delivered items"
                violation = Violation(f"/{index}", "delivered", message)
                detail = f"the valid list differs from the items that were delivered, from /{index} on"
                raise Unsatisfied(detail, result.attempts, result.usage, [violation], final)
        for item in final[len(delivered) :]:
            await self._deliver(item)


def _same(one: Any, other: Any) -> bool:
    return one == other and json_text.dumps(one) == json_text.dumps(other)


def _key(item: Any) -> str:
    return json.dumps(item, sort_keys=True)


def _with_delivered(error: E, count: int) -> E:
    """Return a copy of the error whose detail names the delivered items."""
    if not count:
        return error
    copied = copy.copy(error)
    copied.args = (f"{error}; delivered before: {counted(count, 'item')} of the list", *error.args[1:])
    return copied
