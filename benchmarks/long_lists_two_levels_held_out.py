"""Styles of documents with lists in the items of lists that the counting was not made with."""

from long_lists_draft import Draft, Rows
from long_lists_groups import (
    REGION,
    cells_of,
    entries_of_groups,
    interleaved,
    levels,
    started,
    table_of_groups,
    titles_of,
)
from long_lists_held_out_layouts import Box, Grid, RuledRight, SimpleTable
from long_lists_records import closed
from long_lists_styles import Style
from long_lists_tables import LAYOUTS
from long_lists_two_levels import TABLES, drawn, texts

STYLES: dict[str, Style] = {}


def style(maker: Style) -> Style:
    STYLES[maker.__name__] = maker
    return maker


@style
def group_column_last(draft: Draft, count: int) -> None:
    """A table whose group stands behind the columns of the rows, or among them."""
    groups, items = drawn(draft, count)
    at = draft.rng.choice([1, len(groups.kind.fields)])
    table_of_groups(draft, groups, items, draft.rng.choice([*TABLES, Box, Grid, RuledRight]), at=at)


@style
def group_subtotals(draft: Draft, count: int) -> None:
    """A table with the group in each row, or in the first one, and a sum below each group."""
    once = draft.rng.random() < 0.5
    layout = draft.rng.choice(["markdown", "csv", "fixed", "tsv"])
    table_of_groups(draft, *drawn(draft, count), layout, once=once, subtotals=True)


@style
def group_once_ruled(draft: Draft, count: int) -> None:
    """A table with rules of box-drawing characters, whose group stands in its first row alone."""
    table_of_groups(draft, *drawn(draft, count), draft.rng.choice([Box, Grid, SimpleTable]), once=True)


@style
def group_line(draft: Draft, count: int) -> None:
    """A table with a line of text above each group."""
    layout = draft.rng.choice(["fixed", "fixed_ruled", "tsv", "csv"])
    mark = draft.rng.choice(["{}: {}", ">> {} {}", "[{} {}]", "{} {}"])

    def heading(_, shown):
        return [mark.format(*shown[0]) + "".join(f" ({text})" for _, text in shown[1:])]

    table_of_groups(draft, *drawn(draft, count), layout, heading=heading)


@style
def decimal_groups(draft: Draft, count: int) -> None:
    """Entries 1, 2 with entries 1.1, 1.2 below."""
    state = [0]

    def outer(i, shown):
        state[0] = i + 1
        return [f"{i + 1} " + " - ".join(texts(shown))]

    entries_of_groups(
        draft, *drawn(draft, count), outer, lambda i, row: [f"{state[0]}.{i + 1} " + " | ".join(texts(row))]
    )


@style
def lettered_groups(draft: Draft, count: int) -> None:
    """Lettered entries with rows in parentheses."""
    entries_of_groups(
        draft,
        *drawn(draft, count),
        lambda i, shown: [f"{chr(65 + i % 26)}. " + " / ".join(texts(shown))],
        lambda i, row: [f"   ({i + 1}) " + ", ".join(f"{title} {text}" for title, text in row)],
    )


@style
def inline_rows(draft: Draft, count: int) -> None:
    """A line for each group that has all of its rows."""
    groups, items = drawn(draft, count)
    writer, kind = draft.writer, groups.kind
    writer.countable = False
    pointer = started(draft, groups, items)
    for number, item in enumerate(items):
        with writer.row(pointer):
            writer.write(" ".join(cells_of(draft, groups.fields, item)) + ": ")
            for i, row in enumerate(item[kind.list_name]):
                with writer.row(f"{pointer}/{number}/{kind.list_name}"):
                    writer.write(" ".join(cells_of(draft, kind.fields, row)))
                writer.write("; " if i + 1 < len(item[kind.list_name]) else ".")
        writer.line()


@style
def mixed_rows(draft: Draft, count: int) -> None:
    """A table in which the rows of the groups do not stand together."""
    groups, items = drawn(draft, count)
    draft.writer.countable = False
    interleaved(draft, groups, items, draft.rng.choice(TABLES))


@style
def single_rows(draft: Draft, count: int) -> None:
    """Underlined headings with one or two rows below each, or none."""
    groups, items = drawn(draft, count)
    pointer = started(draft, groups, items)
    for number, item in enumerate(items):
        item[groups.kind.list_name] = rows = item[groups.kind.list_name][: draft.rng.choice([1, 1, 2])]
        title = " - ".join(cells_of(draft, groups.fields, item))
        with draft.writer.row(pointer):
            draft.writer.line(title, "~" * len(title))
            for row in rows:
                draft.writer.rows(
                    f"{pointer}/{number}/{groups.kind.list_name}",
                    ["- " + " | ".join(cells_of(draft, groups.kind.fields, row))],
                )
        draft.writer.line()


@style
def level_columns(draft: Draft, count: int) -> None:
    """A table with a column of regions and one of shops."""
    shops, items, parts = levels(draft, max(6, count))
    region = closed({REGION.name: REGION.schema, "shops": {"type": "array", "items": shops.schema}})
    gold: Rows = []
    draft.opening("SALES BY REGION")
    outer = draft.add("regions", {"type": "array", "items": region}, gold)
    fields = [REGION, *shops.fields, *shops.kind.fields]
    left = iter(items)
    for name, size in parts:
        gold.append({REGION.name: name, "shops": [next(left) for _ in range(size)]})
    cells = [
        cells_of(draft, fields, {**item, **shop, **row})
        for item in gold
        for shop in item["shops"]
        for row in shop[shops.kind.list_name]
    ]
    table = LAYOUTS[draft.rng.choice(TABLES)](titles_of(draft, fields), cells, [f.numeric for f in fields])
    draft.writer.line(*table.head())
    lines = iter(cells)
    for number, item in enumerate(gold):
        with draft.writer.row(outer):
            for i, shop in enumerate(item["shops"]):
                pointer = f"{outer}/{number}/shops"
                with draft.writer.row(pointer):
                    for _ in shop[shops.kind.list_name]:
                        inner = f"{pointer}/{i}/{shops.kind.list_name}"
                        draft.writer.rows(inner, table.row(next(lines)))
    draft.writer.line(*table.foot(), "")
