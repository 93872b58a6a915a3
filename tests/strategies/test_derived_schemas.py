"""Schemas of segments are derived once for all documents of a schema, and none that takes too much."""

from __future__ import annotations

from long_documents import STATEMENT, Oracle, row, statement

from structgen import Generator
from structgen.errors import Overloaded, SchemaLimit
from structgen.longdoc.derivation import Derivation
from structgen.schema import Schema
from structgen.strategies.base import derive_in_thread


class Deriver:
    """Derives schemas, after it refused the first ones."""

    def __init__(self, *refusals: Exception) -> None:
        self.asked: list[Derivation] = []
        self._refusals = list(refusals)

    async def __call__(self, schema: Schema, derivation: Derivation) -> Schema | None:
        self.asked.append(derivation)
        if self._refusals:
            raise self._refusals.pop()
        return await derive_in_thread(schema, derivation)


def test_each_schema_is_derived_once_for_all_documents() -> None:
    """Later documents of the same schema find what the first one needed."""
    deriver, schema = Deriver(), Schema.parse(STATEMENT)
    with Generator(Oracle(), deriver=deriver) as generator:
        for rows in (40, 60, 40):
            result = generator.result(schema, statement(rows), limits={"rows_per_segment": 20})
            assert result.data["rows"] == list(map(row, range(rows)))
    assert len(set(deriver.asked)) == len(deriver.asked)
    assert Derivation("list", ("/rows",), 20) in deriver.asked


def test_a_full_queue_only_delays_a_derivation() -> None:
    """The document has its result."""
    deriver = Deriver(Overloaded("busy", retry_after=0.0), Overloaded("busy", retry_after=0.0))
    with Generator(Oracle(), deriver=deriver) as generator:
        result = generator.result(STATEMENT, statement(60), limits={"rows_per_segment": 20})
    assert result.data["rows"] == list(map(row, range(60)))


def test_a_schema_that_takes_too_much_to_derive_is_not_derived() -> None:
    """A short document keeps its valid result; its rows are counted and claimed without the schema."""

    async def refuse(schema: Schema, derivation: Derivation) -> Schema | None:
        raise SchemaLimit("it takes too much", "max_cpu_seconds", 5, 4)

    with Generator(Oracle(), deriver=refuse) as generator:
        result = generator.result(STATEMENT, statement(30))
    assert result.data["rows"] == list(map(row, range(30)))
    assert result.coverage is not None
    assert (result.coverage["/rows"].expected, result.coverage["/rows"].found) == (30, 30)
