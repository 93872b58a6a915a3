"""Lists of strings and numbers: what a model leaves out, repeats or invents is asked for again, or told."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator, Callable
from typing import Any

import pytest

from structgen import Generator
from structgen.engines.base import Capabilities, EngineRequest
from structgen.engines.fake import FakeEngine
from structgen.errors import Incomplete
from structgen.types import Chunk

LINE = re.compile(r"^- (thing \d+)$", re.MULTILINE)
Mood = Callable[[list[str], int], list[str]]
"""Changes the items of an answer; the number is that of the request, from 0."""


class Reader(FakeEngine):
    """Answers with the entries of its prompt, changed by its mood."""

    def __init__(self, mood: Mood, name: str | None) -> None:
        super().__init__([])
        self.capabilities = Capabilities(concurrency=1)
        self._mood, self._name, self.asked = mood, name, 0

    async def generate(self, request: EngineRequest) -> AsyncGenerator[Chunk, None]:
        items = self._mood(LINE.findall(request.prompt.messages[-1].content), self.asked)
        self.asked += 1
        yield Chunk(json.dumps(items if self._name is None else {self._name: items}), finish="stop")


def things(number: int) -> list[str]:
    return [f"thing {index}" for index in range(100, 100 + number)]


def document(number: int) -> str:
    return "Things\n\n" + "".join(f"- {thing}\n" for thing in things(number)) + "\nThat is all of it.\n"


def schema(name: str | None) -> dict[str, Any]:
    shape = {"type": "array", "items": {"type": "string"}}
    return shape if name is None else {"type": "object", "properties": {name: shape}, "required": [name]}


def lazy(items: list[str], _: int) -> list[str]:
    """Close the list after 40 items."""
    return items[:40]


@pytest.mark.parametrize("name", ["things", "allThings", None])
@pytest.mark.parametrize("number", [60, 400])
def test_a_list_that_closes_early_is_completed(name: str | None, number: int) -> None:
    """The rows that lack an item are asked for again; a long document is read in segments."""
    with Generator(Reader(lazy, name)) as generator:
        result = generator.result(schema(name), document(number))
    pointer = "" if name is None else f"/{name}"
    assert (result.data if name is None else result.data[name]) == things(number)
    assert result.coverage[pointer].complete in ({True} if name == "things" else {True, None})
    assert not result.coverage[pointer].unclaimed


def test_what_stays_missing_is_told() -> None:
    """An engine that never gives a row leads to the error with its place."""
    text = document(60)
    with (
        Generator(
            Reader(lambda items, _: [item for item in items if item != "thing 150"], "things")
        ) as generator,
        pytest.raises(Incomplete) as caught,
    ):
        generator.result(schema("things"), text)
    [row] = caught.value.coverage["/things"].unclaimed
    assert text[row.start : row.end] == "- thing 150"


def test_repeated_items_are_left_out() -> None:
    """Each row has one item, and the warning names those that are left out."""

    def repeating(items: list[str], _: int) -> list[str]:
        return [*items, *items[:2]]

    with Generator(Reader(repeating, "things")) as generator:
        result = generator.result(schema("things"), document(12))
    assert result.data == {"things": things(12)}
    assert [warning.code for warning in result.warnings] == ["surplus-item"]


def test_invented_items_are_told() -> None:
    """An item that no row says is listed by its pointer."""

    def inventing(items: list[str], number: int) -> list[str]:
        return [*items[:3], "something else", *items[3:]] if number == 0 else items

    with Generator(Reader(inventing, "things")) as generator:
        result = generator.result(schema("things"), document(12))
    assert result.coverage["/things"].unsupported == ("/things/3",)


def test_equal_values_of_different_rows_stay() -> None:
    """A list with a value twice has an item for each of its rows."""
    text = "Readings: 7, 9, 7, 7\n"
    shape = {"type": "object", "properties": {"readings": {"type": "array", "items": {"type": "integer"}}}}
    with Generator(FakeEngine(['{"readings":[7,9,7,7]}'])) as generator:
        result = generator.result(shape, text)
    assert result.data == {"readings": [7, 9, 7, 7]}
    coverage = result.coverage["/readings"]
    assert (coverage.expected, coverage.found, coverage.complete, coverage.unsupported) == (4, 4, True, ())


def test_a_list_that_the_text_does_not_have_has_no_count() -> None:
    """A list of derived values is left as it is, and nothing is asked for again."""
    text = "We met on Monday, and spoke of the weather, of the harvest and of prices.\n"
    engine = FakeEngine(['{"keywords":["agriculture","economy"]}'])
    with Generator(engine) as generator:
        result = generator.result(schema("keywords"), text)
    assert result.data == {"keywords": ["agriculture", "economy"]}
    assert result.coverage["/keywords"].complete is None
    assert len(result.attempts) == 1


def test_items_stream_by_segments() -> None:
    """`iter_extract` yields strings as it yields objects."""
    with Generator(Reader(lambda items, _: items, None)) as generator:
        items = list(generator.iter_extract(schema(None), document(90), limits={"rows_per_segment": 20}))
    assert items == things(90)
