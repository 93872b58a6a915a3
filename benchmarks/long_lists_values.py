"""Lists of plain strings and numbers: what their values are, and how a document names and writes them."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from long_lists_draft import Draft
from long_lists_records import Draw, code, firm, goods, person, town

from training import words

TAGS = (
    "urgent archive finance draft public internal legal review export import winter summer steel wood glass "
    "paper mobile desktop hardware software training safety travel food energy water transport "
    "health music film"
).split()
ALLERGENS = "milk,eggs,soy,wheat,peanuts,tree nuts,sesame,fish,celery,mustard,molluscs,sulphites".split(",")
TASKS = (
    "Check the seals of pump {n}|Replace filter {n} and note the date|Clean hall {n}|"
    "Call the supplier of part {n}, if it is late|Send report {n} to the auditor|"
    "Test alarm {n} with the fire brigade"
).split("|")


@dataclass(frozen=True)
class Values:
    """A list of values: its name, what headings and columns call it, and its items."""

    name: str
    titles: tuple[str, ...]
    draw: Draw
    item: dict[str, Any] = field(default_factory=lambda: {"type": "string"})
    form: str = "text"
    """`text`, `number` or `date`."""

    def several(self, rng: random.Random, count: int) -> list[Any]:
        return [self.draw(rng, "en", i) for i in range(count)]

    def shown(self, draft: Draft, value: Any) -> str:
        if self.form == "number":
            return draft.writer.notation.number(value)
        return draft.writer.notation.day(value) if self.form == "date" else str(value)


def email(rng: random.Random, *_: Any) -> str:
    first, last = rng.choice(words.FIRST).lower(), rng.choice(words.LAST).lower()
    first, last = (name.encode("ascii", "ignore").decode() for name in (first, last))
    return f"{first}.{last}{rng.randint(1, 99)}@{rng.choice(['example.org', 'mail.test', 'firm.example'])}"


def day(rng: random.Random, *_: Any) -> str:
    return f"202{rng.randint(0, 5)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"


def task(rng: random.Random, *_: Any) -> str:
    return rng.choice(TASKS).format(n=rng.randint(1, 400))


MEMBERS = Values("members", ("Members", "Members of the board", "Member"), person)
CITIES = Values("cities", ("Cities", "City", "List of cities"), town)
MAILS = Values("email_addresses", ("E-mail addresses", "E-mail", "Email address"), email,
               {"type": "string", "format": "email"})  # fmt: skip
READINGS = Values("readings", ("Readings", "Reading"), lambda rng, *_: round(rng.uniform(0.5, 90), 1),
                  {"type": "number"}, "number")  # fmt: skip
COUNTS = Values("visitorCounts", ("Visitor counts", "Visitor count"), lambda rng, *_: rng.randint(1, 90),
                {"type": "integer"}, "number")  # fmt: skip
CODES = Values("part_numbers", ("Part numbers", "Part number", "Part no."), code("@@-####"),
               {"type": "string", "pattern": "^[A-Z]{2}-[0-9]{4}$"})  # fmt: skip
DATES = Values("inspectionDates", ("Inspection dates", "Inspection date"), day,
               {"type": "string", "format": "date"}, "date")  # fmt: skip
KEYWORDS = Values("tags", ("Tags", "Tag"), lambda rng, *_: rng.choice(TAGS))
CONTAINED = Values("allergens", ("Allergens", "Allergen"), lambda rng, *_: rng.choice(ALLERGENS))
SUPPLIERS = Values("suppliers", ("Suppliers", "Supplier"), firm)
PRODUCTS = Values("productNames", ("Products", "Product names", "Product"), goods)
TASKS_OPEN = Values("actions", ("Actions", "Action"), task)
SHORT = (MEMBERS, CITIES, MAILS, READINGS, CODES, KEYWORDS, CONTAINED)
"""Those that stand side by side in a line."""
NAMED = (*SHORT, COUNTS, DATES, SUPPLIERS, PRODUCTS, TASKS_OPEN)


def add_values(draft: Draft, values: Values, gold: Sequence[Any], name: str = "", **keywords: Any) -> str:
    """Add a list of values to a document's schema and truth; return its pointer."""
    shape = {"type": "array", "items": values.item, **keywords}
    pointer = draft.add(name or values.name, shape, list(gold))
    draft.writer.list_at(pointer)
    return pointer


def other(rng: random.Random, values: Values) -> Values:
    """Choose another kind of values, with words of its own in its name."""
    return rng.choice([one for one in NAMED if one is not values and one.form == values.form] or list(NAMED))


def side_by_side(
    draft: Draft, pointer: str, texts: Sequence[str], separator: str, last: str, width: int = 0
) -> None:
    """Write rows in a line, or in lines of about `width` characters; `last` stands before the last one."""
    writer, column = draft.writer, 0
    for i, text in enumerate(texts):
        with writer.row(pointer):
            writer.write(text)
        column += len(text) + 2
        if i == len(texts) - 1:
            break
        joint = last if i == len(texts) - 2 else separator
        if width and column > width:
            joint, column = joint.rstrip() + writer.newline, 0
        writer.write(joint)
    writer.line()


def columns(draft: Draft, rows: Sequence[Sequence[str]], column: int, pointer: str, layout: str) -> None:
    """Write a table whose first row has the titles; the cells of one column are rows of a list."""
    writer = draft.writer
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    for number, row in enumerate(rows):
        joint, cells = {"csv": (";", row), "pipes": (" | ", row)}.get(
            layout, ("   ", [cell.ljust(size) for cell, size in zip(row, widths, strict=True)])
        )
        writer.write("| " if layout == "pipes" else "")
        for at, cell in enumerate(cells):
            if at:
                writer.write(joint)
            if number and at == column:
                with writer.row(pointer):
                    writer.write(cell)
            else:
                writer.write(cell)
        writer.line(" |" if layout == "pipes" else "")
        if not number and layout == "pipes":
            writer.line("|" + "---|" * len(row))
        if not number and layout == "ruled":
            writer.line("   ".join("-" * size for size in widths))
