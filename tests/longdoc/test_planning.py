"""A long document is cut into segments: each row in exactly one, nothing lost, offsets map back."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from structgen.evidence.source import Source
from structgen.longdoc.cutting import Cutter
from structgen.longdoc.planning import (
    SegmentBudget,
    fitting_context,
    hidden_rows,
    row_segments,
    spans_without,
)
from structgen.longdoc.rows import ListRows, RowRun, Rows
from structgen.longdoc.segments import Segment
from structgen.types import Span

BUDGETS = st.builds(SegmentBudget, st.integers(20, 400), st.integers(1, 12))
LINES = st.text("ab1 #é", max_size=60)


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, ListRows]:
    """Draw a document with runs of rows under headers, and what a counter finds in it."""
    text, runs = "", []
    for number in range(draw(st.integers(1, 4))):
        header = Span(len(text), len(text) + 10)
        text += f"header {number:3}\n\n"
        rows = Rows()
        for row in draw(st.lists(st.text("ab ", max_size=50).map("r{}".format), max_size=30)):
            rows.append(len(text), len(text) + len(row))
            text += row + "\n" + draw(st.sampled_from(["", "", "footer\n\n"]))
        runs.append(RowRun(rows, (header,), "table", draw(st.booleans())))
    return text, ListRows("/rows", tuple(runs))


@given(tables(), BUDGETS)
def test_each_certain_row_is_in_one_segment_in_order(
    table: tuple[str, ListRows], budget: SegmentBudget
) -> None:
    """Segments hold as many rows as the budget allows, under the header of their run."""
    document, rows = table
    segments = list(row_segments(rows, budget))
    expected = [row for run in rows.runs if run.certain for row in run.rows]
    assert [row for segment in segments for row in segment.rows] == expected
    for segment in segments:
        assert len(segment.rows) <= budget.rows
        assert len(segment.rows) == 1 or len(segment.text(document)) <= budget.characters
        assert all(span.end <= segment.rows[0].start for span in segment.context)


@given(tables(), BUDGETS)
def test_positions_of_a_segment_map_back_to_the_document(
    table: tuple[str, ListRows], budget: SegmentBudget
) -> None:
    """Each character of a segment's text is the document's at the mapped offset."""
    document, rows = table
    for segment in row_segments(rows, budget):
        text = segment.text(document)
        for position, character in enumerate(text):
            if segment.offset(position) < len(document) and character != "\n":
                assert document[segment.offset(position)] == character


@given(tables(), st.integers(0, 5))
def test_rows_are_hidden_but_the_first_few(table: tuple[str, ListRows], shown: int) -> None:
    """What is left and what is removed make the document again, but for white space."""
    document, rows = table
    hidden = list(hidden_rows(rows, shown))
    left = list(spans_without(document, hidden))
    covered = sorted([*left, *hidden], key=lambda span: span.start)
    assert all(one.end <= other.start for one, other in pairwise(covered))
    assert solid("".join(document[span.start : span.end] for span in covered)) == solid(document)


def solid(text: str) -> str:
    """Return a text without white space."""
    return "".join(text.split())


def own_text(document: str, segments: list[Segment]) -> str:
    return "".join(document[span.start : span.end] for segment in segments for span in segment.own)


@given(st.lists(LINES).map("\n".join), BUDGETS)
def test_a_text_is_cut_without_loss(document: str, budget: SegmentBudget) -> None:
    """The own parts of the segments are the text, but for white space; each fits the budget."""
    spans = list(spans_without(document, ()))
    segments = list(Cutter(Source(document), spans, budget).segments())
    assert solid(own_text(document, segments)) == solid(document)
    assert all(len(segment.text(document)) <= budget.characters + 1 for segment in segments)


@given(tables(), BUDGETS)
def test_a_cut_never_splits_a_row_that_fits(table: tuple[str, ListRows], budget: SegmentBudget) -> None:
    """Rows that are estimates stay whole, and no segment has more of them than the budget allows."""
    document, rows = table
    spans = list(spans_without(document, ()))
    segments = list(Cutter(Source(document), spans, budget, rows.runs).segments())
    for segment in segments:
        whole = [row for run in rows.runs for row in run.rows if _holds(segment, row)]
        assert len(whole) <= budget.rows
    for run in rows.runs:
        for row in run.rows:
            if row.end - row.start < budget.characters // 2:
                assert sum(_holds(segment, row) for segment in segments) == 1


def _holds(segment: Segment, row: Span) -> bool:
    return any(span.start <= row.start and row.end <= span.end for span in segment.own)


def test_a_cut_prefers_pages_then_headings_then_blank_lines() -> None:
    """Of the places in the second half of the room the best one is taken."""
    words = "a line of words\n"
    cases = {"page": words * 5 + "\f" + words * 6, "blank": words * 5 + "\n" + words * 6}
    cases["heading"] = words * 4 + "\n" + words + "\nTotals\n\n" + words * 6
    for name, document in cases.items():
        first = next(Cutter(Source(document), [Span(0, len(document))], SegmentBudget(120, 50)).segments())
        end = first.own[-1].end
        following = {"page": "\f", "blank": "a line", "heading": "Totals"}[name]
        assert document[end:].startswith(following), name


def test_context_keeps_the_innermost_headings() -> None:
    """A table's header is the last thing to give way."""
    context = (Span(0, 30), Span(40, 50), Span(60, 70))
    assert fitting_context(context, 25) == context[1:]
    assert fitting_context(context, 5) == ()
