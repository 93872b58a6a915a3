"""Long lists are read in segments, each row checked: nothing is left out in silence."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from typing import Any

import pytest
from long_documents import LINE, ROW, STATEMENT, Items, Mood, Oracle, row, statement

from structgen.engines.base import Capabilities, EngineRequest
from structgen.engines.fake import FakeEngine, Reply
from structgen.engines.model_card import ModelCard
from structgen.errors import EngineFailed, Incomplete, Unsatisfied
from structgen.generator import Generator
from structgen.schema.list_items import ListSchema
from structgen.strategies.events import Progress
from structgen.strategies.item_delivery import ItemDelivery
from structgen.strategies.task_options import task_from_options
from structgen.types import Chunk


def extracted(engine: FakeEngine, document: str, schema: Any = STATEMENT, **options: Any) -> Any:
    """Return the result of an extraction."""
    with Generator(engine) as generator:
        return generator.result(schema, document, **options)


def test_a_short_document_is_read_whole_with_its_coverage() -> None:
    """One request, the same prompt as without any counting, and the coverage of the list."""
    engine, document = Oracle(), statement(20)
    result = extracted(engine, document)
    assert len(engine.requests) == 1
    assert engine.requests[0].prompt.messages[-1].content == document
    assert result.data == {"bank": "Northern Bank", "rows": list(map(row, range(20)))}
    coverage = result.coverage["/rows"]
    assert (coverage.expected, coverage.found, coverage.unclaimed) == (20, 20, ())
    assert (coverage.basis, coverage.certain) == ("table", True)
    assert result.attempts[0].segment is None


def test_a_long_table_is_read_in_segments_under_its_header() -> None:
    """The frame has its own segment; each other one has the header and at most the rows of the limit."""
    engine = Oracle()
    result = extracted(engine, statement(120), limits={"rows_per_segment": 25})
    assert result.data == {"bank": "Northern Bank", "rows": list(map(row, range(120)))}
    assert [attempt.segment for attempt in result.attempts] == [1, 2, 3, 4, 5, 6]
    texts = [request.prompt.messages[-1].content for request in engine.requests]
    assert all("| Date | Description | Amount |" in text for text in texts)
    assert sorted(len(LINE.findall(text)) for text in texts) == [2, 20, 25, 25, 25, 25]
    assert sum("Thank you" in text for text in texts) == 1
    assert engine.most_running <= 4
    assert result.usage.total_tokens == sum(attempt.usage.total_tokens for attempt in result.attempts)


def test_segments_of_equal_size_share_one_grammar() -> None:
    """The grammar asks for exactly as many items as the segment has rows."""
    engine = Oracle()
    extracted(engine, statement(100), limits={"rows_per_segment": 25})
    constraints = {r.constraint.key: r.constraint.schema for r in engine.requests if r.constraint}  # type: ignore[union-attr]
    assert len(constraints) == 2
    lists = [
        schema["properties"]["rows"] for schema in constraints.values() if "rows" in schema["properties"]
    ]  # type: ignore[index, call-overload]
    assert [(each["minItems"], each["maxItems"]) for each in lists] == [(25, 25)]


MOODS: dict[str, Mood] = {
    "closes-early": lambda items, number: items[:10],
    "skips-one-in-ten": lambda items, number: [
        x for i, x in enumerate(items) if i % 10 != 7 or len(items) == 1
    ],
    "repeats-one": lambda items, number: items if len(items) < 9 else [*items[:8], items[3], *items[9:]],
    "adds-a-repeated-one": lambda items, number: items if len(items) < 9 else [*items, items[3]],
    "invents-one": lambda items, number: (
        items
        if len(items) < 9
        else [*items[:8], {"date": "1999-01-01", "description": "never was", "amount": 1.5}, *items[9:]]
    ),
    "swaps-two": lambda items, number: items if len(items) < 9 else [items[1], items[0], *items[2:]],
    "mixes-two": lambda items, number: (
        items if len(items) < 9 else [{**items[0], "amount": items[1]["amount"]}, *items[1:]]
    ),
}


@pytest.mark.parametrize("rows", [20, 100], ids=["whole", "segments"])
@pytest.mark.parametrize("mood", MOODS.values(), ids=MOODS)
def test_what_a_lazy_model_does_is_mended(mood: Mood, rows: int) -> None:
    """Rows without an item of their own are asked for again, alone."""
    result = extracted(Oracle(mood), statement(rows), limits={"rows_per_segment": 25})
    assert result.data["rows"] == list(map(row, range(rows)))
    assert result.coverage["/rows"].complete


def no_thirteen(items: Items, number: int) -> Items:
    return [item for item in items if item["description"] != "payment p13"]


@pytest.mark.parametrize("rows", [20, 100], ids=["whole", "segments"])
def test_what_stays_missing_is_incomplete(rows: int) -> None:
    """The error names the list, has the place of the row and the other rows, and says what to do."""
    document = statement(rows)
    with pytest.raises(Incomplete, match=r"/rows lacks the items of 1 row of .*on_shortfall") as caught:
        extracted(Oracle(no_thirteen), document, limits={"rows_per_segment": 25})
    error = caught.value
    assert error.cut_at == "/rows"
    assert error.coverage is not None
    [place] = error.coverage["/rows"].unclaimed
    assert "payment p13 " in document[place.start : place.end]
    assert error.partial["rows"] == [row(i) for i in range(rows) if i != 13]
    assert sum(attempt.usage.total_tokens for attempt in error.attempts) == error.usage.total_tokens


@pytest.mark.parametrize("rows", [1, 2])
def test_copies_of_an_item_are_none_of_other_rows(rows: int) -> None:
    """A model that gives the same row again and again has not read the others."""
    document = "Item;Price\nbolt;1.20\nnut;0.40\nwasher;0.10\n"
    item = {"type": "object", "properties": {"item": {"type": "string"}, "price": {"type": "number"}}}
    schema = {"type": "array", "items": {**item, "required": ["item", "price"]}}
    engine = FakeEngine([json.dumps([{"item": "bolt", "price": 1.2}] * rows)] * 40)
    limits = {"rows_per_segment": rows}
    result = extracted(engine, document, schema, limits=limits, on_shortfall="report")
    missing = [document[span.start : span.end] for span in result.coverage[""].unclaimed]
    assert missing == ["nut;0.40", "washer;0.10"]
    assert result.coverage[""].complete is False


def test_a_reported_shortfall_is_a_result() -> None:
    """The coverage tells what is missing."""
    result = extracted(
        Oracle(no_thirteen), statement(100), limits={"rows_per_segment": 25}, on_shortfall="report"
    )
    assert len(result.data["rows"]) == 99
    assert len(result.coverage["/rows"].unclaimed) == 1
    assert result.to_json()["coverage"]["/rows"]["found"] == 99


def test_items_are_handed_out_in_order_and_not_kept() -> None:
    """`iter_extract` yields the items of a segment as soon as all before it are there."""
    engine = Oracle(MOODS["swaps-two"], concurrency=3)
    with Generator(engine) as generator:
        items = generator.iter_extract(
            {"type": "array", "items": ROW}, statement(100), limits={"rows_per_segment": 10}
        )
        first = [next(items) for _ in range(5)]
        assert len(engine.requests) < 40
        assert [*first, *items] == list(map(row, range(100)))


def handed_out(engine: Oracle, document: str, **of_the_whole: Any) -> tuple[list[Any], Unsatisfied | None]:
    """Return the items that `iter_extract` yields, and the error at its end."""
    items: list[Any] = []
    with Generator(engine) as generator:
        try:
            for item in generator.iter_extract(
                {"type": "array", "items": ROW, **of_the_whole}, document, limits={"rows_per_segment": 10}
            ):
                items.append(item)
        except Unsatisfied as error:
            return items, error
    return items, None


@pytest.mark.parametrize(
    ("of_the_whole", "kept"),
    [
        pytest.param({}, False, id="nothing"),
        pytest.param({"minItems": 2, "maxItems": 9}, False, id="their-number"),
        pytest.param({"uniqueItems": True}, False, id="no-two-alike"),
        pytest.param({"contains": {"required": ["date"]}}, True, id="what-one-of-them-is"),
        pytest.param({"allOf": [{"minItems": 3}]}, True, id="in-a-branch"),
        pytest.param({"x-structgen-key": "date"}, True, id="a-key"),
    ],
)
def test_a_list_is_held_only_where_its_whole_is_needed(of_the_whole: dict[str, Any], kept: bool) -> None:
    """A number is counted, and digests tell equal items apart."""
    listed = ListSchema.of({"type": "array", "items": ROW, **of_the_whole})
    assert ItemDelivery.of(listed.whole, listed.items, keeps=False).keeps is kept


@pytest.mark.parametrize(
    ("bounds", "keyword"),
    [
        ({"minItems": 41}, "minItems"),
        ({"maxItems": 39}, "maxItems"),
        ({"minItems": 40, "maxItems": 40}, None),
    ],
    ids=["too-few", "too-many", "as-many"],
)
def test_the_number_of_items_that_are_handed_out_is_checked_at_the_end(
    bounds: dict[str, int], keyword: str | None
) -> None:
    """The items were valid each; the error says how many they are."""
    items, error = handed_out(Oracle(), statement(40), **bounds)
    assert items == list(map(row, range(40)))
    assert (error and [(each.pointer, each.keyword) for each in error.violations]) == (
        keyword and [("", keyword)]
    )
    assert error is None or "40 items" in str(error)


def test_equal_items_are_handed_out_once_where_no_two_may_be_equal() -> None:
    """They need not stand in one segment."""
    lines = statement(30).split("\n")
    document = "\n".join([*lines[:34], *lines[4:9], *lines[34:]])
    assert handed_out(Oracle(), document, uniqueItems=True) == (list(map(row, range(30))), None)
    assert len(handed_out(Oracle(), document)[0]) == 35


def test_progress_counts_segments_and_rows() -> None:
    """Events tell how far the document is read."""
    engine = Oracle()

    async def events() -> list[Any]:
        task = task_from_options(
            {"type": "array", "items": ROW}, statement(60), limits={"rows_per_segment": 20}
        )
        return [event async for event in Generator(engine).events(task)]

    progress = [event for event in asyncio.run(events()) if isinstance(event, Progress)]
    assert progress == [Progress(0, 3, 0), Progress(1, 3, 20), Progress(2, 3, 40), Progress(3, 3, 60)]


def test_an_error_stops_the_other_segments() -> None:
    """No generation goes on after the error, which has the account of all segments."""

    class Failing(Oracle):
        def _next(self, request: EngineRequest) -> Reply:
            reply = super()._next(request)
            if len(self.requests) == 4:
                return Reply("", error=EngineFailed("out of order"))
            return Reply(reply.text, delay=0.001)

    engine = Failing()
    with Generator(engine) as generator:
        with pytest.raises(EngineFailed) as caught:
            generator.result(STATEMENT, statement(200), limits={"rows_per_segment": 10})
        assert engine.running == 0
    assert len(engine.requests) < 12
    assert caught.value.attempts


def test_the_tokens_of_all_segments_are_bounded() -> None:
    """Segments share `max_total_tokens`."""
    with pytest.raises(Incomplete) as caught:
        extracted(Oracle(), statement(200), limits={"rows_per_segment": 10, "max_total_tokens": 3_000})
    assert caught.value.usage.total_tokens <= 3_000


def test_a_document_beyond_the_context_is_read_in_segments() -> None:
    """The context bounds the text of a segment where the rows do not."""

    class Narrow(Oracle):
        async def generate(self, request: EngineRequest) -> AsyncGenerator[Chunk, None]:
            assert await self.count(request.prompt) < 700
            async for chunk in super().generate(request):
                yield chunk

    engine = Narrow()
    engine.capabilities = Capabilities(concurrency=4, context=1_000)
    result = extracted(engine, statement(300), limits={"rows_per_segment": 10_000})
    assert result.data["rows"] == list(map(row, range(300)))
    assert len(engine.requests) > 5


def test_examples_are_shown_to_each_segment_in_its_shape() -> None:
    """A segment of rows sees the rows of an example, and the frame the rest."""
    engine = Oracle()
    example = {"document": statement(1), "data": {"bank": "Northern Bank", "rows": [row(0)]}}

    class WithExamples(Oracle):
        def _next(self, request: EngineRequest) -> Reply:
            self.shown = [*getattr(self, "shown", []), json.loads(request.prompt.messages[2].content)]
            return super()._next(request)

    engine = WithExamples()
    engine._mood = lambda items, number: items
    with Generator(engine) as generator:
        generator.result(
            STATEMENT,
            statement(60),
            limits={"rows_per_segment": 30},
            examples=[example],
            on_shortfall="report",
        )
    assert {"bank": "Northern Bank"} in engine.shown
    assert {"rows": [row(0)]} in engine.shown


def test_warnings_of_the_model_come_once() -> None:
    """What a card says of the model is in the result, not once for each segment."""
    engine = Oracle()
    engine.card = ModelCard(name="tiny", demo=True, note="for demonstrations")
    result = extracted(engine, statement(100), limits={"rows_per_segment": 10})
    assert [warning.code for warning in result.warnings].count("demo-model") == 1


def test_a_stated_total_that_differs_is_a_warning() -> None:
    """The message has both sums."""
    total = sum(each["amount"] for each in map(row, range(60)))
    for stated, codes in ((f"{total:.2f}", []), ("7,777.77", ["total-differs"])):
        document = statement(60).replace("Thank you", f"Total: {stated}\n\nThank you")
        result = extracted(Oracle(), document, limits={"rows_per_segment": 20})
        found = [warning for warning in result.warnings if warning.code == "total-differs"]
        assert [warning.code for warning in found] == codes
        assert all("7,777.77" in warning.message and f"{total:.2f}" in warning.message for warning in found)


def test_further_readings_of_a_long_document_are_segments_too() -> None:
    """The evidence points into the whole document."""
    document = statement(60)
    evidence = {"readings": 2}
    result = extracted(Oracle(), document, limits={"rows_per_segment": 20}, evidence=evidence)
    place = result.evidence["/rows/45/description"]
    assert document[place.start : place.end] == "payment p45"
    assert {attempt.reading for attempt in result.attempts} == {1, 2}
    assert "no-reading" not in {warning.code for warning in result.warnings}


def test_titles_of_columns_are_no_values_of_a_row() -> None:
    """An item with a title for a value was read from the header: its row counts as missing."""

    def with_title(items: Items, number: int) -> Items:
        return [
            {**item, "description": "Description"} if item["description"] == "payment p13" else item
            for item in items
        ]

    with pytest.raises(Incomplete) as raised:
        extracted(Oracle(with_title), statement(100), limits={"rows_per_segment": 25})
    coverage = (raised.value.coverage or {})["/rows"]
    assert (coverage.expected, coverage.found) == (100, 99)
    assert ["p13 " in statement(100)[span.start : span.end] for span in coverage.unclaimed] == [True]
