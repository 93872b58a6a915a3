"""An answer has tokens for the rows that the model reads at once."""

from __future__ import annotations

import pytest
from long_documents import STATEMENT, Oracle, row, statement

from structgen.engines.base import Capabilities
from structgen.generator import Generator
from structgen.strategies.result import Result


def extracted(engine: Oracle, rows: int, **options: object) -> Result:
    """Return the result for a statement of so many rows."""
    with Generator(engine) as generator:
        return generator.result(STATEMENT, statement(rows), **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("rows", [50, 130], ids=["whole", "segments"])
def test_rows_that_are_read_at_once_are_not_cut_by_the_default(rows: int) -> None:
    """The engine of this test ends an answer after 4 characters a token."""
    engine = Oracle()
    result = extracted(engine, rows, limits={"rows_per_segment": 65})
    assert result.data["rows"] == list(map(row, range(rows)))
    assert len(engine.requests) == (1 if rows == 50 else 3)
    assert max(request.sampling.max_tokens for request in engine.requests) > 1024


def test_few_rows_have_the_default() -> None:
    """Nothing changes for a short list."""
    engine = Oracle()
    extracted(engine, 5)
    assert [request.sampling.max_tokens for request in engine.requests] == [1024]


def test_a_bound_of_the_caller_stays() -> None:
    """It is a budget."""
    engine = Oracle()
    extracted(engine, 40, sampling={"max_tokens": 900}, on_shortfall="report")
    assert {request.sampling.max_tokens for request in engine.requests} == {900}


def test_the_answer_takes_a_part_of_the_context_alone() -> None:
    """A list that does not fit beside the document is read in segments."""
    engine = Oracle()
    engine.capabilities = Capabilities(concurrency=4, context=4_500)
    assert extracted(engine, 50).data["rows"] == list(map(row, range(50)))
    assert {request.sampling.max_tokens for request in engine.requests} == {1_500}
