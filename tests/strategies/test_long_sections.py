"""Lists inside of the items of a list: each section is read as a document of its own."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from structgen.engines.base import Capabilities, EngineRequest
from structgen.engines.fake import FakeEngine, Reply
from structgen.engines.model_card import ModelCard
from structgen.errors import Incomplete
from structgen.generator import Generator

LINE = {
    "type": "object",
    "properties": {"article": {"type": "string"}, "quantity": {"type": "integer"}},
    "required": ["article", "quantity"],
    "additionalProperties": False,
}
ORDER = {
    "type": "object",
    "properties": {"order": {"type": "string"}, "lines": {"type": "array", "items": LINE}},
    "required": ["order", "lines"],
    "additionalProperties": False,
}
ORDERS = {
    "type": "object",
    "properties": {"orders": {"type": "array", "items": ORDER}},
    "required": ["orders"],
    "additionalProperties": False,
}
_LINE = re.compile(r"\| (article a\w+) \| (\d+) \|")
_ORDER = re.compile(r"## Order (\w+)")


def order(number: int, lines: int) -> dict[str, Any]:
    """Return the item of an order."""
    rows = [{"article": f"article a{number}x{i}", "quantity": 1000 * (number + 1) + i} for i in range(lines)]
    return {"order": f"N{number}77", "lines": rows}


def document(orders: list[dict[str, Any]]) -> str:
    """Return a text with one section for each order."""
    sections = []
    for each in orders:
        lines = "\n".join(f"| {line['article']} | {line['quantity']} |" for line in each["lines"])
        sections.append(f"## Order {each['order']}\n\n| Article | Quantity |\n|---|---|\n{lines}\n")
    return "# Orders\n\n" + "\n".join(sections)


class Oracle(FakeEngine):
    """Answers from the text that it gets, without the lines of one article."""

    def __init__(self, left_out: str = "none") -> None:
        super().__init__(["unused"])
        self.capabilities = Capabilities(concurrency=4)
        self._left_out = left_out

    def _next(self, request: EngineRequest) -> Reply:
        self.requests.append(request)
        system, text = (request.prompt.messages[index].content for index in (0, 1))
        names = json.loads(re.search(r"\{.*\}", system, re.S)[0])["properties"]  # type: ignore[index]
        orders = []
        for part in text.split("## ")[1:] or [text]:
            found = _LINE.findall(part)
            lines = [{"article": a, "quantity": int(q)} for a, q in found if a != self._left_out]
            named = _ORDER.search("## " + part)
            orders.append({"order": named[1] if named else "?", "lines": lines})
        answer = {"orders": orders} if "orders" in names else {key: orders[0][key] for key in names}
        return Reply(json.dumps(answer))


SIZES = {"whole": [4, 5, 3], "many-sections": [4] * 40, "long-sections": [30, 60, 45]}


@pytest.mark.parametrize("sizes", SIZES.values(), ids=SIZES)
def test_each_section_has_its_rows(sizes: list[int]) -> None:
    """The coverage tells the rows of the list, and of the list in each item."""
    orders = [order(number, size) for number, size in enumerate(sizes)]
    with Generator(Oracle()) as generator:
        result = generator.result(ORDERS, document(orders), limits={"rows_per_segment": 20})
    assert result.data == {"orders": orders}
    assert result.coverage["/orders"].expected == len(sizes)
    inner = [result.coverage[f"/orders/{index}/lines"] for index in range(len(sizes))]
    assert [each.expected for each in inner] == sizes
    assert all(each.complete for each in result.coverage.values())


@pytest.mark.parametrize("sizes", SIZES.values(), ids=SIZES)
def test_warnings_of_the_model_come_once(sizes: list[int]) -> None:
    """What a card says of the model is in the result, also where each section is read as a document of its own."""
    engine = Oracle()
    engine.card = ModelCard(name="tiny", demo=True, note="for demonstrations")
    with Generator(engine) as generator:
        text = document([order(number, size) for number, size in enumerate(sizes)])
        result = generator.result(ORDERS, text, limits={"rows_per_segment": 20})
    assert [warning.code for warning in result.warnings].count("demo-model") == 1


@pytest.mark.parametrize("sizes", SIZES.values(), ids=SIZES)
def test_a_row_that_a_section_lacks_is_told(sizes: list[int]) -> None:
    """Its place is that in the whole document."""
    orders = [order(number, size) for number, size in enumerate(sizes)]
    text = document(orders)
    with Generator(Oracle("article a2x1")) as generator, pytest.raises(Incomplete) as caught:
        generator.result(ORDERS, text, limits={"rows_per_segment": 20})
    coverage = caught.value.coverage
    assert coverage is not None
    lacking = {at: each.unclaimed for at, each in coverage.items() if each.unclaimed}
    assert list(lacking) == ["/orders/2/lines"]
    [[place]] = lacking.values()
    assert "article a2x1 " in text[place.start : place.end]
