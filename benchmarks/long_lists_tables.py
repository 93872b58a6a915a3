"""Layouts of tables: the lines of a header and of each row."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

Cells = Sequence[str]


def width(text: str) -> int:
    """Return the columns of a text on a terminal."""
    if text.isascii():
        return len(text)
    return sum(
        2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text
    )


def pad(text: str, columns: int, right: bool = False) -> str:
    blanks = " " * max(0, columns - width(text))
    return blanks + text if right else text + blanks


@dataclass
class Table:
    """Titles and cells in a layout; `numeric` says which columns have numbers. Lines are without ends."""

    titles: Cells
    rows: Sequence[Cells]
    numeric: Sequence[bool]

    def __post_init__(self) -> None:
        columns = zip(self.titles, *self.rows, strict=True)
        self.widths = [max(map(width, column)) for column in columns]

    def head(self) -> list[str]:
        return self.row(self.titles)

    def row(self, cells: Cells) -> list[str]:
        raise NotImplementedError

    def foot(self) -> list[str]:
        return []

    def between(self) -> list[str]:
        """Return the lines between two rows."""
        return []


class Markdown(Table):
    def head(self) -> list[str]:
        marks = ["---:" if number else "---" for number in self.numeric]
        return [*self.row(self.titles), *self.row(marks)]

    def row(self, cells: Cells) -> list[str]:
        return ["| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"]


class AlignedMarkdown(Markdown):
    def head(self) -> list[str]:
        return [*self.row(self.titles), "|" + "|".join("-" * (w + 2) for w in self.widths) + "|"]

    def row(self, cells: Cells) -> list[str]:
        padded = map(pad, cells, self.widths, self.numeric)
        return ["| " + " | ".join(padded) + " |"]


class Delimited(Table):
    delimiter = ","

    def row(self, cells: Cells) -> list[str]:
        return [self.delimiter.join(map(self.quoted, cells))]

    def quoted(self, cell: str) -> str:
        if self.delimiter in cell or '"' in cell:
            return '"' + cell.replace('"', '""') + '"'
        return cell


class Csv(Delimited):
    pass


class QuotedCsv(Delimited):
    def quoted(self, cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"'


class Semicolon(Delimited):
    delimiter = ";"


class Tsv(Delimited):
    delimiter = "\t"

    def quoted(self, cell: str) -> str:
        return cell


class HtmlText(Tsv):
    """Cells as readers of HTML give them: tabs between, blanks around, an empty line after each row."""

    def row(self, cells: Cells) -> list[str]:
        return ["\t".join(f"{cell} " for cell in cells)]

    def between(self) -> list[str]:
        return [""]


class Fixed(Table):
    gap, indent = "   ", ""

    def row(self, cells: Cells) -> list[str]:
        return [(self.indent + self.gap.join(map(pad, cells, self.widths, self.numeric))).rstrip()]


class RuledFixed(Fixed):
    gap, indent = "  ", "  "

    def head(self) -> list[str]:
        rule = "-" * (sum(self.widths) + len(self.gap) * (len(self.widths) - 1))
        return [*self.row(self.titles), self.indent + rule]

    def foot(self) -> list[str]:
        return self.head()[1:]


class Wrapped(Fixed):
    """Fixed width, whose longest column is wrapped."""

    def __post_init__(self) -> None:
        super().__post_init__()
        texts = [w if not number else 0 for w, number in zip(self.widths, self.numeric, strict=True)]
        self.wrapped = max(range(len(texts)), key=texts.__getitem__)
        self.widths[self.wrapped] = max(width(self.titles[self.wrapped]), min(14, self.widths[self.wrapped]))

    def row(self, cells: Cells) -> list[str]:
        pieces = wrap(cells[self.wrapped], self.widths[self.wrapped])
        lines = []
        for i, piece in enumerate(pieces):
            shown = [piece if c == self.wrapped else cell if i == 0 else "" for c, cell in enumerate(cells)]
            lines += super().row(shown)
        return lines


def wrap(text: str, columns: int) -> list[str]:
    """Break a text between words."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and width(lines[-1]) + 1 + width(word) <= columns:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


LAYOUTS: dict[str, type[Table]] = {
    "markdown": Markdown,
    "markdown_aligned": AlignedMarkdown,
    "csv": Csv,
    "csv_quoted": QuotedCsv,
    "tsv": Tsv,
    "semicolon": Semicolon,
    "html_text": HtmlText,
    "fixed": Fixed,
    "fixed_ruled": RuledFixed,
    "fixed_wrapped": Wrapped,
}
