"""Equal numbers of a list, which are one object in memory, keep their own rows and pointers."""

from __future__ import annotations

from structgen.longdoc.claims import Claims
from structgen.longdoc.rows import ListRows, RowRun, Rows
from structgen.strategies.segmented.list_check import ListCheck
from structgen.strategies.segmented.list_coverage import list_coverage
from structgen.strategies.segmented.list_result import resulting_list, rows_of

TEXT = "5\n7\n5\n"


def check(items: list[int], claims: Claims, *, certain: bool) -> ListCheck:
    rows = Rows((start, start + 1) for start in range(0, len(TEXT), 2))
    run = RowRun(rows, (), "lines", certain)
    checked = ListCheck(ListRows("/numbers", (run,), certain), items, TEXT, at_once=3)
    checked.claims = claims
    return checked


def test_each_of_equal_items_has_its_own_row() -> None:
    made = check([5, 7, 5], Claims([0, 1, 2], [], []), certain=True)
    assert rows_of(made, resulting_list(made)) == [0, 1, 2]


def test_each_of_equal_items_that_no_row_says_is_told() -> None:
    made = check([5, 9, 9], Claims([0, None, None], [], [1, 2]), certain=False)
    assert list_coverage(made, made.items).unsupported == ("/numbers/1", "/numbers/2")


def test_items_that_were_asked_for_stand_between_those_that_were_there() -> None:
    """The rows are those of the list that results."""
    made = check([5, 5], Claims([0, 2], [], []), certain=True)
    made.found[1] = 7
    assert resulting_list(made) == [5, 7, 5]
    assert rows_of(made, resulting_list(made)) == [0, 1, 2]
