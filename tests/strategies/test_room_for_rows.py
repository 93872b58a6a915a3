"""An answer has tokens for the rows that the model reads at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from long_documents import STATEMENT, Oracle, row, statement

from structgen.engines.base import Capabilities
from structgen.generator import Generator
from structgen.strategies.result import Result
from structgen.types import DEFAULT_MAX_TOKENS, Sampling


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
    assert max(request.sampling.answer_tokens for request in engine.requests) > 1024


def test_few_rows_have_the_default() -> None:
    """Nothing changes for a short list."""
    engine = Oracle()
    extracted(engine, 5)
    assert [request.sampling.max_tokens for request in engine.requests] == [1024]


@pytest.mark.parametrize("bound", [900, DEFAULT_MAX_TOKENS], ids=["another-number", "the-default's-number"])
@pytest.mark.parametrize("sampling", [dict, Sampling], ids=["mapping", "value"])
def test_a_bound_of_the_caller_stays(bound: int, sampling: Callable[..., Any]) -> None:
    """It is a budget, whatever its number."""
    engine = Oracle()
    extracted(engine, 60, sampling=sampling(max_tokens=bound), on_shortfall="report")
    assert {request.sampling.max_tokens for request in engine.requests} == {bound}


@pytest.mark.parametrize("sampling", [None, {}, {"max_tokens": None}, Sampling(seed=1)], ids=repr)
def test_a_bound_that_is_left_out_is_the_default(sampling: Any) -> None:
    """The rows that are read at once raise it."""
    engine = Oracle()
    extracted(engine, 60, sampling=sampling)
    assert min(request.sampling.answer_tokens for request in engine.requests) > DEFAULT_MAX_TOKENS


def test_the_answer_takes_a_part_of_the_context_alone() -> None:
    """A list that does not fit beside the document is read in segments."""
    engine = Oracle()
    engine.capabilities = Capabilities(concurrency=4, context=4_500)
    assert extracted(engine, 50).data["rows"] == list(map(row, range(50)))
    assert {request.sampling.max_tokens for request in engine.requests} == {1_500}
