"""Read the items of a stream, and give them their type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from structgen.client.responses import check_problem, contract_members, json_object
from structgen.errors import Unsatisfied
from structgen.http_responses import ServerSentEvent
from structgen.messages import counted
from structgen.types import Usage

if TYPE_CHECKING:
    from structgen.schema.list_items import ListSchema


class ItemReader:
    """Reads `item` events, which must come in the order of the list; `listed` is None for plain JSON."""

    def __init__(self, listed: ListSchema | None) -> None:
        self._listed, self._count = listed, 0

    @property
    def delivered(self) -> str:
        """The end of a message: how many items were read before."""
        return f"; delivered before: {counted(self._count, 'item')} of the list" if self._count else ""

    def items(self, event: ServerSentEvent) -> list[Any]:
        """Return the item of an `item` event, and nothing for others.

        Raises the error of a `problem`, and `Unsatisfied` for an item that the type's validators reject.
        """
        check_problem(event)
        if event.name != "item":
            return []
        with contract_members():
            body = json_object(event.data)
            item = body["data"]
            if body["index"] != self._count:
                raise ValueError(f"item {body['index']!r:.40} comes as number {self._count}")
        value = self._typed(item)
        self._count += 1
        return [value]

    def _typed(self, item: Any) -> Any:
        schema = None if self._listed is None else self._listed.item
        if schema is None:
            return item
        if violations := schema.violations(item):
            at = f"/{self._count}{violations[0].pointer}"
            detail = (
                f"{at}: the validators of the type reject the item: {violations[0].message}{self.delivered}"
            )
            raise Unsatisfied(detail, (), Usage(), violations, item)
        return schema.to_python(item)
