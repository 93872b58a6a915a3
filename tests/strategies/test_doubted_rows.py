"""A row whose item has values that it does not say is read again in other forms; what stays is told."""

from __future__ import annotations

import pytest
from long_documents import STATEMENT, Items, Oracle, row, statement

from structgen.engines.base import EngineRequest
from structgen.engines.fake import Reply
from structgen.generator import Generator
from structgen.strategies.result import Result
from structgen.strategies.segmented.row_reader import PROBES


def misread(items: Items, number: int) -> Items:
    return [
        {**item, "description": "payment Bank"} if item["description"] == "payment p13" else item
        for item in items
    ]


class MisreadsOneForm(Oracle):
    """Misreads row 13 unless it stands alone in the document's own form."""

    def _next(self, request: EngineRequest) -> Reply:
        text = request.prompt.messages[1].content
        self._mood = (lambda items, number: items) if self.reads(text) else misread
        return super()._next(request)

    def reads(self, text: str) -> bool:
        """Return whether a text is read right."""
        return "| Date" in text and "---" not in text and text.count("payment p") == 1


def extracted(engine: Oracle, document: str, rows: int) -> Result:
    """Return the result of an extraction with so many rows at once."""
    with Generator(engine) as generator:
        return generator.result(STATEMENT, document, limits={"rows_per_segment": rows})


@pytest.mark.parametrize("rows", [1, 10, 50], ids=["row-by-row", "segments", "whole"])
def test_a_misread_value_is_mended_by_another_form(rows: int) -> None:
    """The best reading of a row is the one whose values it says."""
    result = extracted(MisreadsOneForm(), statement(20), rows)
    assert result.data["rows"] == list(map(row, range(20)))
    assert result.coverage is not None
    assert result.coverage["/rows"].unsupported == ()


@pytest.mark.parametrize("rows", [1, 10, 50], ids=["row-by-row", "segments", "whole"])
def test_a_value_that_stays_misread_is_told_by_its_pointer(rows: int) -> None:
    """The row has its item, so the list is complete."""
    result = extracted(Oracle(misread), statement(20), rows)
    assert result.data["rows"][13]["description"] == "payment Bank"
    assert result.coverage is not None
    coverage = result.coverage["/rows"]
    assert (coverage.complete, coverage.unsupported) == (True, ("/rows/13/description",))


def test_a_field_that_no_row_says_is_not_asked_for_row_by_row() -> None:
    """After a few rows that asking does not mend, the field counts as derived, and none of it is told."""

    def derived(items: Items, number: int) -> Items:
        return [{**item, "description": "an expense"} for item in items]

    engine = Oracle(derived)
    result = extracted(engine, statement(60), 1)
    assert [item["description"] for item in result.data["rows"]] == 60 * ["an expense"]
    assert result.coverage is not None
    assert result.coverage["/rows"].unsupported == ()
    assert len(engine.requests) < 100


def test_few_rows_at_once_are_read_as_a_plain_table_with_the_names_of_the_fields() -> None:
    """More rows at once are read as they stand in the document."""
    document = statement(12).replace("| Date | Description | Amount |", "| Posted | Details | Value |")
    for rows, header in ((2, "| Date | Description | Amount |"), (6, "| Posted | Details | Value |")):
        engine = Oracle()
        assert extracted(engine, document, rows).data["rows"] == list(map(row, range(12)))
        texts = [request.prompt.messages[-1].content for request in engine.requests[1:]]
        assert all(header in text for text in texts)


NOWHERE = {"date": "long ago", "description": "an expense", "amount": 7.5}
"""An item without a value of any row."""


def test_a_list_that_is_misread_as_a_whole_is_read_row_by_row() -> None:
    """No item has a row; a few rows alone show that they can be read."""

    def only_alone(items: Items, number: int) -> Items:
        return items if len(items) == 1 else [NOWHERE, NOWHERE]

    result = extracted(Oracle(only_alone), statement(3), 10)
    assert result.data["rows"] == list(map(row, range(3)))
    assert result.coverage is not None
    assert result.coverage["/rows"].unsupported == ()


def test_derived_items_of_a_short_list_cost_a_few_askings() -> None:
    """Where the rows alone give no values of theirs either, the list stays as it is."""
    engine = Oracle(lambda items, number: [NOWHERE for _ in items])
    result = extracted(engine, statement(12), 20)
    assert result.data["rows"] == 12 * [NOWHERE]
    assert len(engine.requests) == 1 + PROBES


def test_an_item_in_place_of_a_row_that_was_asked_for_is_left_out() -> None:
    """Else the list had an item more than the document has rows."""

    def half_right(items: Items, number: int) -> Items:
        first = {**NOWHERE, "date": items[0]["date"]}
        return [first, *items[1:]] if len(items) > 1 else items

    result = extracted(Oracle(half_right), statement(6), 20)
    assert result.data["rows"] == list(map(row, range(6)))
