"""Doubts that most items share tell nothing; the others tell a fault."""

from __future__ import annotations

from structgen.longdoc.doubt_tally import MIN_ASKED, DoubtTally, MendingTally, not_carried
from structgen.longdoc.row_doubts import Doubt

UNSAID = Doubt(("town",), "unsaid", is_named=True, may_be_carried=True)
DERIVED = Doubt(("category",), "unsaid", is_named=False)
PART = Doubt(("name",), "part", is_named=True)


def told(items: list[list[Doubt]]) -> list[tuple[int, str]]:
    """Return the indices and fields of the doubts that tell a fault."""
    tally = DoubtTally()
    for item in items:
        tally.add(item)
    return [(index, doubt.pointer) for index, doubt in tally.told()]


def test_a_field_that_most_rows_do_not_say_is_derived() -> None:
    """A field that few rows do not say is misread there."""
    assert told([[DERIVED], [DERIVED], [DERIVED, UNSAID], [DERIVED], []]) == [(2, "/town")]


def test_of_few_items_the_name_of_a_column_decides() -> None:
    """A part of a cell may be what is asked for."""
    assert told([[UNSAID, PART, DERIVED]]) == [(0, "/town")]
    assert told([[PART], []]) == [(0, "/name")]


def test_a_value_that_the_row_leaves_open_may_be_that_of_the_row_above() -> None:
    """A value that differs from the one above may not."""
    item, same, other = {"town": "Bern"}, {"town": "Bern"}, {"town": "Rome"}
    assert not_carried([UNSAID], item, same) == []
    assert not_carried([UNSAID], item, other) == [UNSAID]
    assert not_carried([UNSAID], item, None) == [UNSAID]
    assert not_carried([PART], {"name": "a"}, {"name": "a"}) == [PART]


def test_a_field_that_asking_does_not_mend_is_given_up() -> None:
    """One that it mends is asked for again."""
    never, often = MendingTally(), MendingTally()
    for _ in range(MIN_ASKED):
        assert never.are_worth_asking([DERIVED])
        never.add([DERIVED], [DERIVED])
        often.add([UNSAID], [])
    assert not never.are_worth_asking([DERIVED])
    assert never.are_worth_asking([DERIVED, UNSAID])
    assert often.are_worth_asking([UNSAID])
