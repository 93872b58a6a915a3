"""What is wrong in an object merged from segments is asked for again: that alone, and a few times only."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Annotated, Any

import pytest
from long_documents import LINE, Oracle, row, statement
from pydantic import AfterValidator, BaseModel

from structgen.engines.base import Capabilities, EngineRequest
from structgen.engines.fake import FakeEngine, Reply
from structgen.errors import Unsatisfied
from structgen.generator import Generator

AGAIN = "Erroneous JSON to fix:"
CELLS = re.compile(r"Date: (\S+)\nDescription: (\w+ \w+)\nAmount: (\S+)")
"""A row in the form of one cell a line, in which a doubted one is read again."""
Answer = Callable[[str, bool], Any]
"""Returns the answer to a text; the second argument says whether it is a correction."""


class Reader(FakeEngine):
    """Answers each segment by a function of its text."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(["unused"])
        self.capabilities = Capabilities(concurrency=2)
        self._answer = answer

    def _next(self, request: EngineRequest) -> Reply:
        self.requests.append(request)
        text = request.prompt.messages[-1].content
        answer = self._answer(text.split(AGAIN)[0], AGAIN in text)
        if AGAIN in text:  # a model that corrects leaves the rest as it is
            answer = {**json.loads(text.split(AGAIN)[1].splitlines()[1]), **answer}
        schema = json.loads(re.search(r"\{.*\}", request.prompt.messages[0].content, re.S)[0])  # type: ignore[index]
        named = {name: value for name, value in answer.items() if name in schema["properties"]}
        return Reply(json.dumps(named))

    @property
    def corrections(self) -> list[str]:
        """The texts of the requests that ask again, with what is wrong."""
        texts = [request.prompt.messages[-1].content for request in self.requests]
        return [text for text in texts if AGAIN in text]


def refuse_large(amount: float) -> float:
    """Refuse what only a misread row has."""
    if amount > 9000:
        raise ValueError("no amount of this bank is above 9000")
    return amount


class Row(BaseModel):
    """A row whose amount only a validator of Python checks."""

    date: str
    description: str
    amount: Annotated[float, AfterValidator(refuse_large)]


class Statement(BaseModel):
    """A statement of such rows."""

    bank: str
    rows: list[Row]


def misread(text: str, again: bool, stubborn: bool = False) -> Any:
    """Return the items of a text; rows 7 and 33 are misread until they are asked for again."""
    items = [
        {"date": date, "description": words, "amount": float(amount)}
        for date, words, amount in [*LINE.findall(text), *CELLS.findall(text)]
    ]
    for item in items:
        if item["description"] in ("payment p7", "payment p33") and (stubborn or not again):
            item["amount"] = 99999.0
    return {"bank": "Northern Bank", "rows": items}


def test_an_item_that_only_the_whole_schema_refuses_is_asked_for_by_its_row() -> None:
    """Two rows are asked for again, each alone and with its violation; the other rows are not."""
    engine = Reader(misread)
    with Generator(engine) as generator:
        result = generator.result(Statement, statement(50), limits={"rows_per_segment": 10})
    assert result.data == {"bank": "Northern Bank", "rows": list(map(row, range(50)))}
    assert [re.findall(r"payment p\d+", text.split(AGAIN)[0]) for text in engine.corrections] == [
        ["payment p7"], ["payment p33"],
    ]  # fmt: skip
    assert all("no amount of this bank is above 9000" in text for text in engine.corrections)
    assert "/rows/0/amount: " in engine.corrections[0]
    assert len(result.attempts) == len(engine.requests)
    assert result.usage.total_tokens == sum(attempt.usage.total_tokens for attempt in result.attempts)


def test_what_stays_wrong_is_an_error_with_its_pointers_after_a_few_askings() -> None:
    """Each wrong row is asked for twice, and every attempt is in the account of the error."""
    engine = Reader(lambda text, again: misread(text, again, stubborn=True))
    with Generator(engine) as generator, pytest.raises(Unsatisfied) as caught:
        generator.result(Statement, statement(50), limits={"rows_per_segment": 10})
    assert [violation.pointer for violation in caught.value.violations] == [
        "/rows/7/amount",
        "/rows/33/amount",
    ]
    assert len(engine.corrections) == 4
    assert len(caught.value.attempts) == len(engine.requests)
    assert caught.value.last["rows"][8] == row(8)


LETTER = "\n\n".join(
    [
        "Dear customer,",
        *(f"Paragraph {n} has many words that say nothing at all of any order." for n in range(40)),
    ]
)
ORDER: dict[str, Any] = {
    "type": "object",
    "properties": {
        "country": {"type": "string"},
        "code": {"type": "string"},
        "items": {
            "type": "array",
            "items": {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]},
        },
    },
    "required": ["country", "code", "items"],
}


def order(text: str, again: bool) -> dict[str, Any]:
    """Return what a text says of an order."""
    said: dict[str, Any] = {}
    if match := re.search(r"country is (\w+)", text):
        said["country"] = match[1]
    if match := re.search(r"code is (\w+)", text):
        said["code"] = match[1]
    said["items"] = [{"name": name} for name in re.findall(r"bought a (\w+)", text)]
    return said


def read(answer: Answer, schema: Any, document: str) -> tuple[Any, Reader]:
    """Return the result of reading a text in some segments, and the engine."""
    engine = Reader(answer)
    with Generator(engine) as generator:
        return generator.result(schema, document, limits={"segment_tokens": 400}), engine


def test_a_value_that_no_segment_gave_is_asked_for_where_it_stands() -> None:
    """A required value is found by asking the segments again, and the others stay."""

    def forgetful(text: str, again: bool) -> dict[str, Any]:
        said = order(text, again)
        if not again:
            said.pop("code", None)
        return {"code": "none", **said} if again else said

    document = f"The country is Norway.\n\n{LETTER}\n\nThey bought a lamp. The code is A77.\n"
    result, engine = read(forgetful, ORDER, document)
    assert result.data == {"country": "Norway", "code": "A77", "items": [{"name": "lamp"}]}
    assert 1 <= len(engine.corrections) <= 3
    assert len(result.attempts) == len(engine.requests)


def test_values_of_two_segments_that_do_not_fit_are_asked_for_again() -> None:
    """A condition between members is checked on the whole, and the wrong member alone changes."""
    condition = {
        "if": {"properties": {"country": {"const": "Norway"}}},
        "then": {"properties": {"code": {"pattern": "^N"}}},
    }

    def hasty(text: str, again: bool) -> dict[str, Any]:
        said = order(text, again)
        if "code" in said and not again:
            said["code"] = said["code"][1:]
        return said

    document = f"The country is Norway.\n\n{LETTER}\n\nThey bought a lamp. The code is N123.\n"
    result, engine = read(hasty, {**ORDER, **condition}, document)
    assert result.data == {"country": "Norway", "code": "N123", "items": [{"name": "lamp"}]}
    assert len(engine.corrections) == 1
    assert "bought a lamp" in engine.corrections[0], "the segment that says the code is asked"


def test_a_list_that_is_too_short_as_a_whole_gets_the_items_that_it_lacks() -> None:
    """The segments are asked for the list again; items that are there stay once."""

    def lazy(text: str, again: bool) -> dict[str, Any]:
        said = order(text, again)
        return said if again else {**said, "items": said["items"][:1]}

    lines = {**ORDER["properties"]["items"], "minItems": 3}
    schema = {**ORDER, "properties": {**ORDER["properties"], "items": lines}}
    document = (
        "The country is Norway. They bought a lamp, and later on they bought a chair as well.\n\n"
        f"{LETTER}\n\nAt last she bought a table. The code is A77.\n"
    )
    result, engine = read(lazy, schema, document)
    assert [item["name"] for item in result.data["items"]] == ["lamp", "chair", "table"]
    assert result.coverage["/items"].found == 3
    assert len(engine.corrections) <= 3


def test_a_valid_object_is_never_asked_for_again() -> None:
    """Nothing is spent where nothing is wrong."""
    engine = Oracle()
    with Generator(engine) as generator:
        result = generator.result(Statement, statement(40), limits={"rows_per_segment": 10})
    assert len(engine.requests) == len(result.attempts) == 5
