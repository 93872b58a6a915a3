"""A document in the making: its values outside of lists, its lists, its prose and its tables."""

import random
from collections.abc import Callable, Sequence
from typing import Any

from grounding_rendering import Notation
from long_lists_records import Kind, closed, firm, person, town
from long_lists_tables import LAYOUTS, Table
from long_lists_writing import Writer

LABELS = {
    "en": {"number": "Account number", "holder": "Customer", "count": "Number of {what}", "total": "Total"},
    "de": {"number": "Kontonummer", "holder": "Kunde", "count": "Anzahl", "total": "Summe"},
    "fr": {"number": "Numéro de compte", "holder": "Client", "count": "Nombre", "total": "Total"},
    "ru": {"number": "Номер счёта", "holder": "Клиент", "count": "Количество", "total": "Итого"},
    "zh": {"number": "账号", "holder": "客户", "count": "数量合计", "total": "合计"},
    "ja": {"number": "口座番号", "holder": "顧客", "count": "件数", "total": "合計"},
}
PROSE = (
    "Please check this document within {n} days and tell us about errors in writing.",
    "We thank you for your trust. Your adviser {p} will be pleased to help you.",
    "All values are given without guarantee, as of the day of printing.",
    "Our office in {t} is open from Monday to Friday, 9 to 17 o'clock.",
    "In {t}, {p} has taken over the branch as of the {n}th of the month.",
    "Deliveries above {n} pieces are sent by freight from {t}.",
)
EMPTY = {
    "en": ("No {what} in this period.", "There are no {what}.", "(none)"),
    "de": ("Keine Einträge.",),
    "fr": ("Aucune ligne.",),
    "ru": ("Нет данных.",),
    "zh": ("无记录。",),
    "ja": ("該当なし。",),
}
Between = Callable[[int, Table], Sequence[str]]
"""Lines before the row of an index, which is the number of rows at the end."""
Rows = list[dict[str, Any]]


class Draft:
    """Collects the schema and the gold object while the text is written.

    `only` is the name of the one kind of rows to write; a `plain` document has no prose, and its tables have
    the columns of the fields alone, in their order.
    """

    def __init__(
        self, writer: Writer, rng: random.Random, language: str, only: str = "", plain: bool = False
    ) -> None:
        self.writer, self.rng, self.language = writer, rng, language
        self.plain, self._only = plain, only
        self.properties: dict[str, Any] = {}
        self.gold: dict[str, Any] = {}

    @property
    def schema(self) -> dict[str, Any]:
        return closed(self.properties)

    def add(self, name: str, schema: dict[str, Any], value: Any) -> str:
        """Add a member; return its pointer."""
        self.properties[name], self.gold[name] = schema, value
        return f"/{name}"

    def add_list(self, kind: Kind, rows: Rows, name: str | None = None) -> str:
        schema = {"type": "array", "items": kind.schema, "description": f"All {kind.what} of the document"}
        pointer = self.add(name or kind.list_name, schema, rows)
        self.writer.list_at(pointer)
        return pointer

    def kind(self, *kinds: Kind) -> Kind:
        """Choose a kind of rows."""
        return self.rng.choice([kind for kind in kinds if kind.list_name == self._only] or kinds)

    def prose(self, sentences: int) -> None:
        if self.plain:
            return
        for text in self.rng.sample(PROSE, sentences):
            self.writer.line(
                text.format(n=self.rng.randint(2, 30), p=person(self.rng, "en"), t=town(self.rng, "en"))
            )
        if sentences:
            self.writer.line()

    def label(self, name: str, what: str = "rows") -> str:
        return LABELS[self.language][name].format(what=what)

    def opening(self, title: str) -> None:
        """Write a title, values before the lists, and prose."""
        writer, rng = self.writer, self.rng
        writer.line(title, "")
        if rng.random() < 0.8:
            number = f"{rng.randint(10, 99)}-{rng.randint(100_000, 999_999)}"
            writer.scalar(self.add("number", {"type": "string"}, number), f"{self.label('number')}: {number}")
        if rng.random() < 0.6:
            holder = firm(rng)
            writer.scalar(self.add("holder", {"type": "string"}, holder), f"{self.label('holder')}: {holder}")
        writer.line()
        self.prose(rng.choice([0, 0, 1, 2]))

    def closing(self, kind: Kind, rows: Rows) -> None:
        """Write the stated count and total, and prose."""
        writer, rng = self.writer, self.rng
        writer.line()
        if rng.random() < 0.4:
            shown = f"{len(rows)} {kind.what}"
            if self.language != "en" or rng.random() < 0.5:
                shown = f"{self.label('count', kind.what)}: {len(rows)}"
            if rng.random() < 0.5:
                writer.scalar(self.add("count", {"type": "integer"}, len(rows)), shown)
            else:
                writer.line(shown)
        if kind.summed and rng.random() < 0.6:
            total = total_of(kind, rows)
            writer.scalar(
                self.add("total", {"type": "number"}, total),
                f"{self.label('total')}: {total_text(kind, rows, writer.notation)}",
            )
        writer.line()
        self.prose(rng.choice([0, 0, 1, 2]))

    def nothing(self, kind: Kind) -> None:
        """Say that a list is empty."""
        self.writer.line(self.rng.choice(EMPTY[self.language]).format(what=kind.what))

    def table(
        self,
        pointer: str,
        kind: Kind,
        rows: Rows,
        layout: type[Table] | str,
        between: Between | None = None,
        *,
        repeat: bool = True,
    ) -> None:
        """Write rows as a table, `between`'s lines between them; some tables number their rows."""
        writer, rng = self.writer, self.rng
        fields = list(kind.fields)
        if not self.plain and rng.random() < 0.2:
            rng.shuffle(fields)
        titles = [field.title(rng, self.language) for field in fields]
        cells = [[field.shown(row[field.name], writer.notation) for field in fields] for row in rows]
        numeric = [field.numeric for field in fields]
        if not self.plain and rng.random() < 0.3:
            titles, numeric = ["#", *titles], [True, *numeric]
            cells = [[str(i + 1), *row] for i, row in enumerate(cells)]
        table = (LAYOUTS[layout] if isinstance(layout, str) else layout)(titles, cells, numeric)
        head = table.head()
        writer.next_row(len(head) + 3)
        writer.line(*head)
        writer.repeated = head if repeat else ()
        for i, row in enumerate(cells):
            if i and table.between():
                writer.line(*table.between())
            if between is not None and (lines := between(i, table)):
                writer.line(*lines)
            writer.rows(pointer, table.row(row))
        if between is not None and (lines := between(len(cells), table)):
            writer.line(*lines)
        writer.repeated = ()
        if table.foot():
            writer.line(*table.foot())


def total_of(kind: Kind, rows: Rows) -> float:
    return round(sum(row[kind.summed] for row in rows), 2) if kind.summed else 0.0


def total_text(kind: Kind, rows: Rows, notation: Notation) -> str:
    """Write the total of rows as the field that it adds up is written."""
    field = next(field for field in kind.fields if field.name == kind.summed)
    total = total_of(kind, rows)
    return field.shown(round(total) if field.form == "whole" else total, notation)


def summary_cells(table: Table, kind: Kind, label: str, amount: str) -> list[str]:
    """Return the cells of a row that sums others up: a label in the first text, a sum in the last number."""
    cells = [""] * len(table.titles)
    texts = [i for i, number in enumerate(table.numeric) if not number]
    numbers = [i for i, number in enumerate(table.numeric) if number]
    cells[texts[0] if texts else 0] = label
    if numbers:
        cells[numbers[-1]] = amount
    return cells
