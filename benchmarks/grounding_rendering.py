"""Writes documents whose values have known places: notations of locales, tables in many layouts."""

import random
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

Range = tuple[int, int]
MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(),
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(),
}


@dataclass(frozen=True)
class Notation:
    """How a document writes numbers, dates and yes or no."""

    language: str
    decimal: str
    group: str
    money: str
    """`€ {}`, `{} EUR`, `${}` or `{}`."""
    negative: str
    """`-{}`, `({})`, `{}-` or `{} CR`."""
    dates: str
    """`iso`, `dmy.`, `mdy/`, `month` or `month-day`."""
    truth: tuple[str, str]

    def number(self, value: float, places: int | None = None) -> str:
        digits = len(f"{value}".partition(".")[2].rstrip("0")) if places is None else places
        text = f"{abs(value):,.{digits}f}".replace(",", "\0").replace(".", self.decimal)
        text = text.replace("\0", self.group)
        return self.negative.format(text) if value < 0 else text

    def amount(self, value: float) -> str:
        return self.number(value, 2)

    def day(self, iso: str) -> str:
        when = date.fromisoformat(iso)
        month = MONTHS[self.language][when.month - 1]
        return {
            "iso": iso,
            "dmy.": when.strftime("%d.%m.%Y"),
            "mdy/": when.strftime("%m/%d/%Y"),
            "month": f"{when.day}. {month} {when.year}"
            if self.language == "de"
            else f"{when.day} {month} {when.year}",
            "month-day": f"{month} {when.day}, {when.year}",
        }[self.dates]


NOTATIONS = [
    Notation("en", ".", ",", "${}", "({})", "month-day", ("Yes", "No")),
    Notation("en", ".", ",", "{}", "-{}", "mdy/", ("[x]", "[ ]")),
    Notation("en", ".", "", "{} GBP", "{} CR", "month", ("yes", "no")),
    Notation("de", ",", ".", "{} €", "{}-", "dmy.", ("Ja", "Nein")),
    Notation("de", ",", ".", "EUR {}", "-{}", "month", ("ja", "nein")),
    Notation("fr", ",", "\u202f", "{} €", "-{}", "month", ("oui", "non")),
    Notation("es", ",", ".", "{} €", "-{}", "month", ("Sí", "No")),
    Notation("en", ".", "'", "CHF {}", "-{}", "iso", ("☒", "☐")),
]


@dataclass(frozen=True)
class Cell:
    """A text that may say the value of a leaf."""

    text: str
    pointer: str | None = None
    prefix: str = ""
    suffix: str = ""

    @property
    def full(self) -> str:
        return self.prefix + self.text + self.suffix


@dataclass
class Document:
    style: str
    text: str
    value: Any
    schema: dict[str, Any] | None
    truths: dict[str, Range]
    forms: dict[str, set[str]]
    """For each leaf the texts that say its value in this document."""
    rows: dict[str, Range]
    """For the pointer of each item the range of its row."""


@dataclass
class Writer:
    """Collects a text with the places of its values."""

    notation: Notation
    newline: str = "\n"
    text: str = ""
    truths: dict[str, Range] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    rows: dict[str, Range] = field(default_factory=dict)

    def write(self, *cells: Cell | str) -> None:
        for cell in cells:
            one = Cell(cell) if isinstance(cell, str) else cell
            start = len(self.text) + len(one.prefix)
            self.text += one.full
            if one.pointer is not None:
                self.truths[one.pointer] = (start, start + len(one.text))
                self.said[one.pointer] = one.text

    def line(self, *cells: Cell | str) -> None:
        self.write(*cells, self.newline)

    def blank(self, count: int = 1) -> None:
        self.text += self.newline * count


def width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


LAYOUTS = ("fixed", "spaces", "tabs", "markdown", "csv", "broken", "cells", "paged", "ruled")
"""Layouts of a table by rows; `columns` reads it column by column."""


def table(
    writer: Writer, rng: random.Random, header: Sequence[str], rows: Sequence[Sequence[Cell]], layout: str
) -> None:
    """Write a table; `rows` of an item's cells, in the order of the columns."""
    if layout == "columns":
        for column, title in enumerate(header):
            writer.line(title)
            for row in rows:
                writer.line(row[column])
        return
    widths = [
        max(width(title), *(width(row[i].full) for row in rows)) + 2 if rows else width(title) + 2
        for i, title in enumerate(header)
    ]
    _row(writer, [Cell(title) for title in header], widths, layout, rng)
    if layout == "markdown":
        writer.line("|" + "|".join(" --- " for _ in header) + "|")
    if layout == "ruled":
        writer.line("-" * sum(widths))
    for number, row in enumerate(rows):
        if layout == "paged" and number and number % 7 == 0:
            writer.line(f"Page {number // 7} of {1 + len(rows) // 7}")
            writer.write("\f")
            _row(writer, [Cell(title) for title in header], widths, layout, rng)
        start = len(writer.text)
        _row(writer, row, widths, layout, rng)
        items = {cell.pointer.rsplit("/", 1)[0] for cell in row if cell.pointer}
        for item in items:
            writer.rows[item] = (start, len(writer.text))


def _row(writer: Writer, row: Sequence[Cell], widths: Sequence[int], layout: str, rng: random.Random) -> None:
    if layout == "cells":
        for cell in row:
            writer.line(cell)
    elif layout == "markdown":
        writer.write("|")
        for cell in row:
            writer.write(" ", cell, " |")
        writer.blank()
    elif layout in ("tabs", "csv", "spaces"):
        mark = {"tabs": "\t", "csv": ";", "spaces": " "}[layout]
        for index, cell in enumerate(row):
            writer.write(mark if index else "", cell)
        writer.blank()
    elif layout == "broken":
        half = (len(row) + 1) // 2
        _padded(writer, row[:half], widths[:half])
        writer.write("    ")
        _padded(writer, row[half:], widths[half:])
    else:
        _padded(writer, row, widths)


def _padded(writer: Writer, row: Sequence[Cell], widths: Sequence[int]) -> None:
    for index, (cell, wide) in enumerate(zip(row, widths, strict=True)):
        space = " " * (wide - width(cell.full))
        writer.write(cell, space) if index == 0 else writer.write(space, cell)
    writer.blank()
