"""Rows that stand in groups: what a group says of itself, how many rows it has, and tables of all groups."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from long_lists_draft import Draft, Rows, total_text
from long_lists_entries import Shown
from long_lists_records import (
    MATERIALS,
    PRICES,
    ROSTER,
    TRANSACTIONS,
    WAYBILL,
    Field,
    Kind,
    closed,
    code,
    person,
    town,
)
from long_lists_tables import LAYOUTS, Table

ACCOUNT = Field("account", "text", code("AC-#####"), {
    "en": "Account/Account no.", "de": "Konto", "fr": "Compte", "ru": "Счёт", "zh": "账户", "ja": "口座",
})  # fmt: skip
OWNER = Field("owner", "text", person, {
    "en": "Owner", "de": "Inhaber", "fr": "Titulaire", "ru": "Владелец", "zh": "户主", "ja": "名義",
})  # fmt: skip


def region(rng: random.Random, language: str, index: int) -> str:
    return f"{town(rng, language)} {'ABCDEFGHKLM'[index % 11]}{index}"


REGION = Field("region", "text", region, {
    "en": "Region/Area", "de": "Gebiet", "fr": "Région", "ru": "Регион", "zh": "地区", "ja": "地域",
})  # fmt: skip
WAREHOUSE = Field("warehouse", "text", code("WH-@@##"), {
    "en": "Warehouse", "de": "Lager", "fr": "Entrepôt", "ru": "Склад", "zh": "仓库", "ja": "倉庫",
})  # fmt: skip


@dataclass(frozen=True)
class Groups:
    """A list of groups, each with a list of its own."""

    list_name: str
    fields: tuple[Field, ...]
    kind: Kind
    """The rows of each group."""

    @property
    def schema(self) -> dict[str, Any]:
        own = {field.name: field.schema for field in self.fields}
        return closed({**own, self.kind.list_name: {"type": "array", "items": self.kind.schema}})

    def draw(self, draft: Draft, count: int, *, least: int = 1, most: int = 14) -> Rows:
        """Draw groups with about so many rows together, each with `least` to `most` of them."""
        groups: Rows = []
        rows = self.kind.rows(draft.rng, draft.language, count)
        while rows or not groups:
            size = draft.rng.randint(least, most)
            own = {f.name: f.draw(draft.rng, draft.language, len(groups)) for f in self.fields}
            key = self.fields[0].name
            if own[key] not in {group[key] for group in groups}:
                groups.append({**own, self.kind.list_name: rows[:size]})
                rows = rows[size:]
        return groups


ALL = (
    Groups("accounts", (ACCOUNT, OWNER), TRANSACTIONS),
    Groups("accounts", (ACCOUNT,), TRANSACTIONS),
    Groups("regions", (REGION,), WAYBILL),
    Groups("warehouses", (WAREHOUSE,), PRICES),
    Groups("warehouses", (WAREHOUSE, OWNER), MATERIALS),
    Groups("regions", (REGION,), ROSTER),
)
Entry = Callable[[int, Shown], list[str]]
Heading = Callable[[Table, Shown], Sequence[str]]
"""Lines above the rows of a group in a table, from what the group says of itself."""


def started(draft: Draft, groups: Groups, items: Rows) -> str:
    """Write the opening of a document of groups; return the pointer of their list."""
    draft.opening(f"{groups.list_name} overview".upper())
    pointer = draft.add(groups.list_name, {"type": "array", "items": groups.schema}, items)
    draft.writer.list_at(pointer)
    for i in range(len(items)):
        draft.writer.list_at(f"{pointer}/{i}/{groups.kind.list_name}")
    return pointer


def titles_of(draft: Draft, fields: Sequence[Field]) -> list[str]:
    return [field.title(draft.rng, draft.language) for field in fields]


def cells_of(draft: Draft, fields: Sequence[Field], row: dict[str, Any]) -> list[str]:
    return [field.shown(row[field.name], draft.writer.notation) for field in fields]


def table_of_groups(
    draft: Draft,
    groups: Groups,
    items: Rows,
    layout: str | type[Table],
    *,
    at: int = 0,
    once: bool = False,
    heading: Heading | None = None,
    subtotals: bool = False,
) -> None:
    """Write all groups as one table, with columns of what they say of themselves, or a heading above each.

    Args:
        at: the place of the group's columns among those of its rows.
        once: whether only the first row of a group says what group it is.
        heading: writes the group's heading; there are no columns of the group then.
        subtotals: whether a line below each group adds its rows up.
    """
    writer, kind = draft.writer, groups.kind
    pointer = started(draft, groups, items)
    of_group = () if heading else groups.fields
    fields = [*kind.fields[:at], *of_group, *kind.fields[at:]]
    titles, numeric = titles_of(draft, fields), [field.numeric for field in fields]
    of_titles = titles_of(draft, groups.fields)
    rows = [(number, row) for number, item in enumerate(items) for row in item[kind.list_name]]
    cells = []
    for index, (number, row) in enumerate(rows):
        repeated = once and index > 0 and rows[index - 1][0] == number
        own = ["" if repeated else cell for cell in cells_of(draft, of_group, items[number])]
        texts = cells_of(draft, kind.fields, row)
        cells.append([*texts[:at], *own, *texts[at:]])
    table = (LAYOUTS[layout] if isinstance(layout, str) else layout)(titles, cells, numeric)
    writer.line(*table.head())
    left = iter(cells)
    for number, item in enumerate(items):
        with writer.row(pointer):
            if heading:
                shown = list(zip(of_titles, cells_of(draft, groups.fields, item), strict=True))
                writer.line(*heading(table, shown))
            for i in range(len(item[kind.list_name])):
                if i and table.between():
                    writer.line(*table.between())
                writer.rows(f"{pointer}/{number}/{kind.list_name}", table.row(next(left)))
        if subtotals and kind.summed:
            line = [""] * len(titles)
            line[0], line[-1] = "Subtotal", total_text(kind, item[kind.list_name], writer.notation)
            writer.line(*table.row(line))
        elif table.between():
            writer.line(*table.between())
    writer.line(*table.foot(), "")


def entries_of_groups(
    draft: Draft, groups: Groups, items: Rows, outer: Entry, inner: Entry, *, blank: bool = False
) -> None:
    """Write each group as an entry, with its rows as entries below it."""
    writer, kind = draft.writer, groups.kind
    pointer = started(draft, groups, items)
    of_titles, titles = titles_of(draft, groups.fields), titles_of(draft, kind.fields)
    for number, item in enumerate(items):
        with writer.row(pointer):
            shown = list(zip(of_titles, cells_of(draft, groups.fields, item), strict=True))
            writer.line(*outer(number, shown))
            for i, row in enumerate(item[kind.list_name]):
                cells = list(zip(titles, cells_of(draft, kind.fields, row), strict=True))
                writer.rows(f"{pointer}/{number}/{kind.list_name}", inner(i, cells))
        if blank:
            writer.line()
    writer.line()


def interleaved(draft: Draft, groups: Groups, items: Rows, layout: str) -> None:
    """Write a table in which the rows of the groups stand mixed."""
    writer, kind = draft.writer, groups.kind
    pointer = started(draft, groups, items)
    fields = [*groups.fields, *kind.fields]
    waiting = [[(number, row) for row in item[kind.list_name]] for number, item in enumerate(items)]
    rows = []
    while any(waiting):
        rows.append(draft.rng.choice([own for own in waiting if own]).pop(0))
    cells = [cells_of(draft, fields, {**items[number], **row}) for number, row in rows]
    table = LAYOUTS[layout](titles_of(draft, fields), cells, [field.numeric for field in fields])
    writer.line(*table.head())
    for (number, _), line in zip(rows, cells, strict=True):
        writer.rows(f"{pointer}/{number}/{kind.list_name}", table.row(line))
    writer.line(*table.foot(), "")


def levels(draft: Draft, count: int) -> tuple[Groups, Rows, list[tuple[str, int]]]:
    """Draw regions with shops that have sales: the shops as groups, and the name and size of each region."""
    shops = Groups("shops", (WAREHOUSE,), draft.kind(TRANSACTIONS, PRICES))
    items = shops.draw(draft, count)
    cuts = sorted(draft.rng.sample(range(1, len(items)), min(len(items) - 1, max(1, len(items) // 3))))
    parts = [stop - start for start, stop in pairwise([0, *cuts, len(items)])]
    names = [REGION.draw(draft.rng, draft.language, i) for i in range(len(parts))]
    return shops, items, list(zip(names, parts, strict=True))
