"""Groups of rows are counted as the items of a list whose items have lists of their own."""

from __future__ import annotations

from typing import Any

import pytest

from structgen.evidence.source import Source
from structgen.longdoc.counting import count_rows
from structgen.longdoc.rows import ListRows
from structgen.schema import Schema


def listed(**members: Any) -> dict[str, Any]:
    """Return a list of objects all of whose members are required."""
    shape = {"type": "object", "properties": members, "required": list(members)}
    return {"type": "array", "items": shape}


TEXT, NUMBER = {"type": "string"}, {"type": "number"}
DATE = {"type": "string", "format": "date"}
ACCOUNTS = listed(account=TEXT, transactions=listed(date=DATE, amount=NUMBER))
GROUPS = (("A17", 4), ("B28", 1), ("C39", 3))


def rows_of(group: str, size: int) -> list[str]:
    """Return the cells of the rows of a group."""
    return [f"2024-05-{day:02};{ord(group[0])}.{day:02}" for day in range(1, size + 1)]


def by_column(mark: str = ";", *, once: bool = False, last: bool = False) -> str:
    """Return a table with a column that says the group."""
    lines = [["Date", "Amount", "Account"] if last else ["Account", "Date", "Amount"]]
    for group, size in GROUPS:
        for number, row in enumerate(rows_of(group, size)):
            name = "" if once and number else group
            lines.append([*row.split(";"), name] if last else [name, *row.split(";")])
    if mark == "|":
        lines.insert(1, ["---"] * 3)
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)
    if mark == "  ":
        return "\n".join("".join(cell.ljust(14) for cell in line).rstrip() for line in lines)
    return "\n".join(mark.join(line) for line in lines)


def by_heads(head: str, row: str = "{}", title: str = "") -> str:
    """Return a text with a head above the rows of each group."""
    parts = []
    for number, (group, size) in enumerate(GROUPS):
        parts.append(head.format(group, number=number + 1))
        parts += [row.format(one) for one in rows_of(group, size)]
    return "\n".join([title, *parts])


def counted(text: str, schema: Any = ACCOUNTS, pointer: str = "") -> ListRows:
    return count_rows(Source(text), Schema.parse(schema))[pointer]


SHAPES = {
    "column": by_column(),
    "column-of-bars": by_column("|"),
    "column-of-gaps": by_column("  "),
    "column-once": by_column(once=True),
    "column-once-of-gaps": by_column("  ", once=True),
    "last-column": by_column("\t", last=True),
    "row-with-one-cell": "Date;Amount" + by_heads("Account {};"),
    "line-in-a-table": "Date;Amount" + by_heads("Account: {}"),
    "numbered": by_heads("{number}. Account {}", "   - {}", "Accounts\n"),
    "bullets": by_heads("- {}", "  - {}", "Accounts\n"),
    "cards": by_heads("\nAccount: {}\nState: open\nLines:", "  - {}", "Accounts"),
}


@pytest.mark.parametrize("text", SHAPES.values(), ids=SHAPES)
def test_each_group_is_an_item(text: str) -> None:
    """The groups are certain, and so are the rows inside of them."""
    rows = counted(text)
    assert rows.certain
    spans = [span for run in rows.runs for span in run.rows]
    assert len(spans) == len(GROUPS)
    for (group, size), span in zip(GROUPS, spans, strict=True):
        own = text[span.start : span.end]
        assert group in own
        assert own.count("2024-05-") == size
    [inner] = rows.inner
    assert inner.path == ("/transactions",)
    assert inner.rows.certain
    assert sum(len(run.rows) for run in inner.rows.runs) == 8


def test_a_header_is_read_with_each_group() -> None:
    """A group of a table is below a header that it does not have."""
    text = by_column()
    [run] = counted(text).runs
    assert [text[span.start : span.end] for span in run.context] == ["Account;Date;Amount"]


UNCERTAIN = {
    "mixed": "Account;Date;Amount\nA17;2024-05-01;1.50\nB28;2024-05-02;2.50\nA17;2024-05-03;3.50",
    "another-column": "Account;Statement;Date;Amount\n"
    + "\n".join(f"A17;{number // 3 + 71};2024-05-{number + 1:02};{number}.50" for number in range(9)),
    "a-row-among-heads": by_heads("{number}. Account {}", "   - {}", "Accounts\n").replace(
        "2. Account B28", "2. Account B28\n   > 2024-05-09;7.50"
    ),
    "a-group-without-rows": by_heads("{number}. Account {}", "   - {}", "Accounts\n\n0. Account Z99\n"),
}


@pytest.mark.parametrize("text", UNCERTAIN.values(), ids=UNCERTAIN)
def test_groups_that_may_be_others_are_not_certain(text: str) -> None:
    """Rows that do not stand together, finer groups, and lines that may be rows are doubts."""
    assert not counted(text).certain


@pytest.mark.parametrize("head", ["## A17", "## A17 (continued)", "## A17 (cont.)", "## A17 – Fortsetzung"])
def test_a_group_that_goes_on_below_another_head_leaves_the_count_an_estimate(head: str) -> None:
    """A head may stand again where a page begins: it begins no item."""
    row = "2024-05-0{};{}.50"
    groups = {"## A17": (1, 2), head: (3, 4), "## B28": (5,), "## C39": (6, 7)}
    parts = [[name, *(row.format(day, day) for day in days)] for name, days in groups.items()]
    if head == "## A17":
        parts.insert(0, parts[0])
    assert not counted("\n".join(line for part in parts for line in part)).certain


def test_rows_of_a_table_are_not_the_items_of_the_outer_list() -> None:
    """Where no column tells the groups, the table says nothing of their number."""
    text = "Date;Amount\n2024-05-01;1.50\n2024-05-02;2.50\n2024-05-03;3.50"
    rows = counted(text)
    assert not rows.certain
    assert sum(len(run.rows) for run in rows.runs) != 3


def test_three_levels_are_counted_from_the_outermost() -> None:
    """Headings of two levels, and columns of two levels, give the items of the outermost list."""
    shops = listed(shop=TEXT, sales=listed(date=DATE, amount=NUMBER))
    regions = listed(region=TEXT, shops=shops)
    table = "Region;Shop;Date;Amount\n" + "\n".join(
        f"{region};{region}{shop};2024-05-0{day};{day}.50"
        for region in ("North", "South")
        for shop in (1, 2)
        for day in (1, 2)
    )
    headings = "\n".join(
        f"## {region}\n"
        + "\n".join(f"### {region}{shop}\n2024-05-01;1.50\n2024-05-02;2.50" for shop in (1, 2))
        for region in ("North", "South")
    )
    for text in (table, headings):
        rows = counted(text, regions)
        assert rows.certain
        assert rows.expected == 2


def test_lists_inside_that_show_other_groups_leave_the_count_an_estimate() -> None:
    """Of two tables, each may have items that the other lacks: neither counts the outer list."""
    customers = listed(
        customer=TEXT, orders=listed(order=TEXT, amount=NUMBER), payments=listed(date=DATE, paid=NUMBER)
    )
    orders = (
        "Customer;Order;Amount\nA17;X-1;10.00\nA17;X-2;12.00\nB28;X-3;20.00\nC39;X-4;5.00\nC39;X-5;6.00\n"
    )
    payments = "Customer;Date;Paid\nA17;2024-01-02;9.00\nD40;2024-01-03;8.00\nD40;2024-01-04;7.00\n"
    assert counted(orders, customers).certain
    assert not counted(f"# Orders\n\n{orders}\n# Payments\n\n{payments}", customers).certain
