"""Styles of documents whose lists have lists in their items: tables with groups, entries with entries."""

from long_lists_draft import Draft, Rows
from long_lists_entries import Shown
from long_lists_groups import (
    ALL,
    REGION,
    Groups,
    entries_of_groups,
    levels,
    started,
    table_of_groups,
    titles_of,
)
from long_lists_records import closed
from long_lists_styles import Style
from long_lists_tables import Markdown, Table

STYLES: dict[str, Style] = {}
TABLES = ("markdown", "markdown_aligned", "csv", "tsv", "semicolon", "fixed", "fixed_ruled", "html_text")


def style(maker: Style) -> Style:
    STYLES[maker.__name__] = maker
    return maker


def drawn(draft: Draft, count: int, *, least: int = 1) -> tuple[Groups, Rows]:
    """Draw groups with about so many rows, three at least."""
    groups = draft.rng.choice(ALL)
    return groups, groups.draw(draft, max(3, count), least=least, most=draft.rng.choice([3, 8, 14]))


def texts(row: Shown) -> list[str]:
    return [text for _, text in row]


@style
def group_column(draft: Draft, count: int) -> None:
    """A table whose first columns say the group of each row."""
    table_of_groups(draft, *drawn(draft, count), draft.rng.choice(TABLES))


@style
def group_once(draft: Draft, count: int) -> None:
    """A table that says the group in its first row alone."""
    table_of_groups(draft, *drawn(draft, count), draft.rng.choice(TABLES), once=True)


def one_cell(table: Table, shown: Shown) -> list[str]:
    text = ", ".join(f"{title} {text}" if i == 0 else text for i, (title, text) in enumerate(shown))
    text = f"**{text}**" if isinstance(table, Markdown) else text
    return table.row([text, *[""] * (len(table.titles) - 1)])


@style
def group_row(draft: Draft, count: int) -> None:
    """A table with a row above each group that has one cell."""
    layout = draft.rng.choice(["markdown", "csv", "tsv", "semicolon", "fixed"])
    table_of_groups(draft, *drawn(draft, count), layout, heading=one_cell)


@style
def numbered_groups(draft: Draft, count: int) -> None:
    """Numbered entries with bulleted rows below."""
    entries_of_groups(
        draft,
        *drawn(draft, count),
        lambda i, shown: [f"{i + 1}. " + ", ".join(f"{title} {text}" for title, text in shown)],
        lambda _, row: ["   - " + ", ".join(texts(row))],
        blank=draft.rng.random() < 0.3,
    )


@style
def cards_of_lines(draft: Draft, count: int) -> None:
    """Cards of labels, with indented rows below the last one."""
    name = draft.rng.choice(["Entries", "Lines", "Positions"])
    mark = draft.rng.choice(["  - ", "  * ", "    "])
    entries_of_groups(
        draft,
        *drawn(draft, count),
        lambda _, shown: [*(f"{title}: {text}" for title, text in shown), f"{name}:"],
        lambda _, row: [mark + "  ".join(texts(row))],
        blank=True,
    )


@style
def dashed_groups(draft: Draft, count: int) -> None:
    """Bullets with deeper bullets."""
    entries_of_groups(
        draft,
        *drawn(draft, count),
        lambda _, shown: ["- " + ", ".join(texts(shown))],
        lambda _, row: ["  - " + "; ".join(texts(row))],
    )


@style
def titled_groups(draft: Draft, count: int) -> None:
    """Headings with a word and a name, with a table below each."""
    groups, items = drawn(draft, count)
    pointer = started(draft, groups, items)
    layout, titles = draft.rng.choice(TABLES), titles_of(draft, groups.fields)
    for number, item in enumerate(items):
        own = [field.shown(item[field.name], draft.writer.notation) for field in groups.fields]
        with draft.writer.row(pointer):
            draft.writer.line(", ".join(f"{a} {b}" for a, b in zip(titles, own, strict=True)), "")
            inner = f"{pointer}/{number}/{groups.kind.list_name}"
            draft.table(inner, groups.kind, item[groups.kind.list_name], layout)
        draft.writer.line()


@style
def three_levels(draft: Draft, count: int) -> None:
    """Headings of regions and of shops, with a table below each shop."""
    shops, items, parts = levels(draft, max(6, count))
    region = closed({REGION.name: REGION.schema, "shops": {"type": "array", "items": shops.schema}})
    gold: Rows = []
    draft.opening("SALES BY REGION")
    outer = draft.add("regions", {"type": "array", "items": region}, gold)
    layout, left = draft.rng.choice(TABLES), iter(items)
    for number, (name, size) in enumerate(parts):
        own = [next(left) for _ in range(size)]
        gold.append({REGION.name: name, "shops": own})
        with draft.writer.row(outer):
            draft.writer.line(f"## {name}", "")
            for i, shop in enumerate(own):
                pointer = f"{outer}/{number}/shops"
                with draft.writer.row(pointer):
                    draft.writer.line(f"### {shop['warehouse']}", "")
                    draft.table(
                        f"{pointer}/{i}/{shops.kind.list_name}",
                        shops.kind,
                        shop[shops.kind.list_name],
                        layout,
                    )
                draft.writer.line()
