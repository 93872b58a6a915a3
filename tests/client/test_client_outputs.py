"""Both clients give choices, scalars, texts and list items, each with the type that was asked for."""

from __future__ import annotations

import asyncio
import enum
import re
from collections.abc import AsyncIterator, Callable
from datetime import date
from typing import Annotated, Any, Literal

import pytest
from pydantic import AfterValidator, BaseModel, field_validator
from scripted_service import Connect, answer, problem, sse

from structgen import AsyncClient, Client, Grammar
from structgen.engines.fake import FakeEngine, Reply
from structgen.errors import BadRequest, BadResponse, Incomplete, InvalidSchema, Unsatisfied
from structgen.types import TextFormat

pytest.importorskip("llguidance", reason="needs the extra `local`")
Serve = Callable[..., str]


class Colour(enum.Enum):
    RED = "red"
    NONE = 0


class Row(BaseModel):
    a: int

    @field_validator("a")
    @classmethod
    def _not_thirteen(cls, a: int) -> int:
        if a == 13:
            raise ValueError("thirteen is unlucky")
        return a


def _ascending(rows: list[Row]) -> list[Row]:
    if rows != sorted(rows, key=lambda row: row.a):
        raise ValueError("the rows are not in order")
    return rows


class Calls:
    """Call either client in the same way."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    async def extract(self, url: str, *arguments: Any, **options: Any) -> Any:
        if self.kind == "async":
            async with AsyncClient(url) as client:
                return await client.extract(*arguments, **options)
        with Client(url) as client:
            return await asyncio.to_thread(client.extract, *arguments, **options)

    async def streamed(self, url: str, *arguments: Any, **options: Any) -> list[Any]:
        if self.kind == "async":
            async with AsyncClient(url) as client:
                return [value async for value in client.stream(*arguments, **options)]
        with Client(url) as client:
            return await asyncio.to_thread(lambda: list(client.stream(*arguments, **options)))

    async def items(self, url: str, *arguments: Any, **options: Any) -> AsyncIterator[Any]:
        if self.kind == "async":
            async with AsyncClient(url) as client:
                async for item in client.iter_extract(*arguments, **options):
                    yield item
            return
        end = object()
        with Client(url) as client:
            items = client.iter_extract(*arguments, **options)
            while (item := await asyncio.to_thread(next, items, end)) is not end:
                yield item

    async def delivered(self, url: str, *arguments: Any, **options: Any) -> tuple[list[Any], Any]:
        """Return the items that came, and the error after them."""
        items = []
        try:
            async for item in self.items(url, *arguments, **options):
                items.append(item)
        except Exception as error:
            return items, error
        return items, None


@pytest.fixture(params=["sync", "async"])
def calls(request: pytest.FixtureRequest) -> Calls:
    """Run the test with each of both clients."""
    return Calls(request.param)


VALUES: list[Any] = [
    pytest.param(Literal["a", "b"], '"b"', "b", id="literal"),
    pytest.param(Colour, "0", Colour.NONE, id="enum"),
    pytest.param(int, "7", 7, id="int"),
    pytest.param(bool, "true", True, id="bool"),
    pytest.param(date, '"2024-02-29"', date(2024, 2, 29), id="date"),
    pytest.param(int | None, "null", None, id="optional"),
    pytest.param(dict[str, Colour], '{"x":"red"}', {"x": Colour.RED}, id="dict"),
    pytest.param(tuple[int, str], '[1,"x"]', (1, "x"), id="tuple"),
    pytest.param(re.compile("[0-9]{4}"), '"2024"', "2024", id="pattern"),
    pytest.param(Grammar('start: "total " /[0-9]+/'), "total 12", "total 12", id="grammar"),
    pytest.param(TextFormat(regex="[0-9]{4}"), "2024", "2024", id="regex-of-text"),
    pytest.param(TextFormat(choices=("yes", "no")), "no", "no", id="choice-of-texts"),
]


@pytest.mark.parametrize(("schema", "reply", "value"), VALUES)
async def test_values_have_the_type_that_was_asked_for(
    shared_serve: Serve, calls: Calls, schema: Any, reply: str, value: Any
) -> None:
    """Whole and as the last of a stream."""
    url = shared_serve(FakeEngine([reply]))
    for given in (
        await calls.extract(url, schema, "the document"),
        (await calls.streamed(url, schema, "the document"))[-1],
    ):
        assert (type(given), given) == (type(value), value)


async def test_a_text_that_grows_is_streamed(shared_serve: Serve, calls: Calls) -> None:
    """The stream of a grammar yields the text so far."""
    url = shared_serve(FakeEngine([Reply("total 1234", delay=0.06)]))
    seen = await calls.streamed(url, Grammar('start: "total " /[0-9]+/'), "the document")
    assert seen[0] == "tota"
    assert seen[-1] == "total 1234"


async def test_faults_of_a_format_reach_the_caller(shared_serve: Serve, calls: Calls) -> None:
    """As errors of the tree, with their pointers."""
    url = shared_serve(FakeEngine(["1"]))
    with pytest.raises(InvalidSchema) as invalid:
        await calls.extract(url, Grammar("start: nothing"), "x")
    assert [v.pointer for v in invalid.value.violations] == ["/output"]
    with pytest.raises(BadRequest) as bad:
        await calls.extract(url, Grammar("start: /a/"), "x", strategy="repair")
    assert [v.pointer for v in bad.value.violations] == ["/strategy"]


ITEMS: list[Any] = [
    pytest.param(list[Row], '[{"a":1},{"a":2}]', [Row(a=1), Row(a=2)], id="list"),
    pytest.param(Row, '[{"a":1}]', [Row(a=1)], id="type-of-the-items"),
    pytest.param(list[Colour], '["red",0]', [Colour.RED, Colour.NONE], id="enums"),
    pytest.param({"type": "array"}, '[1,"x"]', [1, "x"], id="json-schema"),
    pytest.param('{"type": "array"}', '[1,"x"]', [1, "x"], id="json-text"),
    pytest.param(list[int], "[]", [], id="empty"),
]


@pytest.mark.parametrize(("schema", "reply", "items"), ITEMS)
async def test_items_have_the_type_of_the_list(
    shared_serve: Serve, calls: Calls, schema: Any, reply: str, items: list[Any]
) -> None:
    """Items of a type are typed, others are plain JSON."""
    url = shared_serve(FakeEngine([reply]))
    assert await calls.delivered(url, schema, "the document") == (items, None)


async def test_items_come_while_the_model_writes(serve: Serve, calls: Calls) -> None:
    """The first is there before the list is complete, and closing the iterator ends the generation."""
    engine = FakeEngine([Reply('[{"a":1},' + '{"a":2},' * 2_000 + '{"a":3}]', delay=0.002)])
    items = calls.items(serve(engine), Row, "the document")
    assert await anext(items) == Row(a=1)
    await items.aclose()  # type: ignore[attr-defined]
    for _ in range(500):
        if engine.cancelled:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("the generation goes on")


async def test_an_item_comes_once_whatever_the_attempts(shared_serve: Serve, calls: Calls) -> None:
    """A retry goes on after the items that came before."""
    url = shared_serve(FakeEngine(['[{"a":1},{"a":"x"}]', '[{"a":1},{"a":2}]']))
    assert await calls.delivered(url, Row, "the document") == ([Row(a=1), Row(a=2)], None)


async def test_an_error_after_items_says_how_many_came(shared_serve: Serve, calls: Calls) -> None:
    """The items before a cut have come; the error has the account."""
    url = shared_serve(FakeEngine([Reply('[{"a":1},{"a":2', "length")]))
    items, error = await calls.delivered(url, Row, "the document")
    assert items == [Row(a=1)]
    assert isinstance(error, Incomplete)
    assert error.attempts
    assert "delivered before: 1 item of the list" in str(error)


async def test_an_item_that_the_type_rejects_ends_the_iteration(shared_serve: Serve, calls: Calls) -> None:
    """The service does not know the type's validators; what came before stays."""
    url = shared_serve(FakeEngine(['[{"a":1},{"a":13}]']))
    items, error = await calls.delivered(url, Row, "the document")
    assert items == [Row(a=1)]
    assert isinstance(error, Unsatisfied)
    assert str(error).startswith("/1/a: the validators of the type reject the item")
    assert str(error).endswith("delivered before: 1 item of the list")


async def test_a_list_that_the_type_rejects_is_an_error_at_its_end(shared_serve: Serve, calls: Calls) -> None:
    """A validator of the whole list runs once all items have come."""
    url = shared_serve(FakeEngine(['[{"a":2},{"a":1}]']))
    kind = Annotated[list[Row], AfterValidator(_ascending)]
    items, error = await calls.delivered(url, kind, "the document")
    assert items == [Row(a=2), Row(a=1)]
    assert isinstance(error, Unsatisfied)
    assert "not in order" in str(error)
    assert error.attempts


async def test_a_schema_without_a_list_is_refused(shared_serve: Serve, calls: Calls) -> None:
    """The service says what to give instead."""
    items, error = await calls.delivered(shared_serve(FakeEngine(["{}"])), {"type": "object"}, "x")
    assert not items
    assert isinstance(error, BadRequest)
    assert [v.pointer for v in error.violations] == ["/schema"]


def item(index: Any, data: Any) -> tuple[str, Any]:
    return "item", {"index": index, "data": data}


@pytest.mark.parametrize(
    "events",
    [
        [item(1, 5)],
        [item(0, 5), item(0, 5)],
        [item("0", 5)],
        [("item", {"index": 0})],
        [("item", {"data": 5})],
    ],
    ids=["gap", "twice", "text-for-an-index", "no-data", "no-index"],
)
def test_items_out_of_order_are_a_bad_response(connect: Connect, events: list[tuple[str, Any]]) -> None:
    """The client never yields an item twice, or after a gap."""
    client, _ = connect(sse(*events, ("result", answer([5]))))
    with pytest.raises(BadResponse):
        list(client.iter_extract(list[int], "x"))


def test_a_stream_that_breaks_off_after_an_item_is_not_repeated(connect: Connect) -> None:
    """Before the first item it is; afterwards a repetition would yield items twice."""
    whole = sse(item(0, 5), ("result", answer([5])))
    client, service = connect(sse(("attempt", {"number": 1, "strategy": "constrained"})), whole)
    assert list(client.iter_extract(list[int], "x")) == [5]
    assert len(service.bodies) == 2
    client, service = connect(
        sse(item(0, 5), ("problem", problem("deadline", attempts=[], usage=None))), whole
    )
    with pytest.raises(Exception, match="it was deadline"):
        list(client.iter_extract(list[int], "x"))
    assert len(service.bodies) == 1


def test_the_request_has_what_was_asked_for(connect: Connect) -> None:
    """A format is sent as `output`, a pattern as the schema of a string, a list with `stream_items`."""
    client, service = connect(*(sse(("result", answer([]))) for _ in range(2)))
    list(client.iter_extract(Row, "x"))
    list(client.stream(Grammar("start: /a/"), "x"))
    listed, text = service.bodies
    assert (listed["stream"], listed["stream_items"], listed["schema"]["type"]) == (True, True, "array")
    assert (text["output"], "schema" in text) == ({"grammar": "start: /a/"}, False)
