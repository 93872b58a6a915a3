"""A profile finds the largest number of rows, and the longest document, that a model reads well."""

from __future__ import annotations

from typing import Any

import pytest

from structgen.longdoc.profiling import Profile, Reading, measure, right_rows
from structgen.longdoc.profiling_documents import LAYOUTS, SCHEMA, ProfileDocument, profile_document
from structgen.schema import Schema


def profile(
    rows: int, characters: int = 10_000_000, *, context: int = 10**9, share: int = 0, blind: str = ""
) -> Profile:
    """Profile a model that closes a list after `rows`, and gets all of it wrong in a longer document.

    Of each list it gets every `share`-th item wrong; it cannot read the layout `blind`.
    """

    def read(document: ProfileDocument) -> Reading:
        tokens = len(document.text) // 4
        items: list[Any] = [dict(item) for item in document.items[:rows]]
        for item in items[share - 1 :: share] if share else []:
            item["price"] += 1
        if len(document.text) > context:
            return Reading(None, tokens)
        if document.layout == blind:
            return Reading([], tokens)
        return Reading([] if len(document.text) > characters + 200 * len(document.items) else items, tokens)

    measurement = measure(rows_per_size=12, max_rows=100)
    trial = next(measurement)
    while True:
        try:
            trial = measurement.send([read(document) for document in trial.documents])
        except StopIteration as end:
            return end.value


@pytest.mark.parametrize("rows", [1, 2, 3, 5, 8])
def test_few_rows_are_found_exactly(rows: int) -> None:
    """A model that closes lists after a few rows gets this number."""
    assert profile(rows).rows_per_segment == rows


@pytest.mark.parametrize("rows", [17, 40, 77, 99])
def test_many_rows_are_found_to_an_eighth_and_never_too_many(rows: int) -> None:
    """The number is at most the model's own, and at least seven eighths of it."""
    assert rows * 7 / 8 <= profile(rows).rows_per_segment <= rows


def test_the_largest_size_bounds_the_search() -> None:
    """A model without a fault gets the largest size that may be tried, to an eighth."""
    assert 88 <= profile(10_000).rows_per_segment <= 100


def test_the_length_of_a_document_is_found() -> None:
    """The tokens are those of the longest document that is read as well as a short one."""
    found = profile(4, 9_000).segment_tokens
    assert found is not None
    assert 1_900 <= found <= 2_600


def test_a_document_beyond_the_context_ends_the_search() -> None:
    """What does not fit the context is no good size, and no error."""
    found = profile(4, context=5_000)
    assert found.rows_per_segment == 4
    assert found.segment_tokens is not None
    assert found.segment_tokens <= 5_000 // 4
    assert any(not share.fits for share in found.shares)


def test_a_length_that_was_never_good_stays_unknown() -> None:
    """A model that no text around the rows leaves right has no number of tokens."""
    assert profile(1, 0).segment_tokens is None


def test_quality_is_relative_to_single_rows() -> None:
    """A model that gets single rows right, and every fifth of more wrong, reads four at once."""
    assert profile(100, share=5).rows_per_segment == 4
    assert profile(100, share=5).reads_single_rows


def test_a_layout_that_is_not_read_at_all_is_left_out() -> None:
    """A layout none of whose single rows is right says nothing of how many are read at once."""
    found = profile(8, blind="entries")
    assert found.rows_per_segment == 8
    assert found.layouts == ("markdown", "fixed_width", "comma_separated")


def test_a_model_that_reads_no_row_is_told_apart() -> None:
    """Where no layout is read well, the profile says so."""
    assert not profile(8, share=1).reads_single_rows


def test_too_many_items_count_against_the_rows() -> None:
    """An answer with rows twice has fewer right than one without."""
    document = profile_document("fixed_width", 6, 0)
    items = [*document.items]
    assert right_rows(document, items) == 6
    assert right_rows(document, items[:4]) == 4
    assert right_rows(document, [*items, items[0], items[1]]) == 4
    assert right_rows(document, [*items[:5], "text"]) == 5


@pytest.mark.parametrize("layout", LAYOUTS)
def test_documents_say_their_items(layout: str) -> None:
    """Every value of an item stands in the text, also with text around, and the items are valid."""
    for filler in (0, 3_000):
        document = profile_document(layout, 9, 3, filler)
        assert Schema.parse(SCHEMA).violations({"items": list(document.items)}) == []
        for item in document.items:
            assert all(str(value).rstrip("0").rstrip(".") in document.text for value in item.values())
        assert filler <= len(document.text) <= filler + 2_000
    assert profile_document(layout, 9, 3) == profile_document(layout, 9, 3)
