"""Layouts of tables that counting was not made with."""

from long_lists_tables import Cells, Fixed, Table, pad


class Box(Table):
    """Rules of box-drawing characters around the table and under its header."""

    def head(self) -> list[str]:
        return [self._rule("┌┬┐"), *self.row(self.titles), self._rule("├┼┤")]

    def row(self, cells: Cells) -> list[str]:
        return ["│ " + " │ ".join(map(pad, cells, self.widths, self.numeric)) + " │"]

    def foot(self) -> list[str]:
        return [self._rule("└┴┘")]

    def _rule(self, ends: str) -> str:
        left, cross, right = ends
        return left + cross.join("─" * (w + 2) for w in self.widths) + right


class Grid(Table):
    """A rule after every row."""

    def head(self) -> list[str]:
        return [self._rule("-"), *self.row(self.titles), self._rule("=")]

    def row(self, cells: Cells) -> list[str]:
        return ["| " + " | ".join(map(pad, cells, self.widths, self.numeric)) + " |"]

    def between(self) -> list[str]:
        return [self._rule("-")]

    def foot(self) -> list[str]:
        return [self._rule("-")]

    def _rule(self, mark: str) -> str:
        return "+" + "+".join(mark * (w + 2) for w in self.widths) + "+"


class RuledRight(Table):
    """All columns to the right, titles in capitals between rules."""

    def head(self) -> list[str]:
        rule = "=" * (sum(self.widths) + 2 * len(self.widths))
        return [rule, *self.row([title.upper() for title in self.titles]), rule]

    def row(self, cells: Cells) -> list[str]:
        return ["".join("  " + pad(cell, w, right=True) for cell, w in zip(cells, self.widths, strict=True))]

    def foot(self) -> list[str]:
        return self.head()[:1]


class SimpleTable(Table):
    """Rules above, under the header and below, with a gap between columns."""

    def head(self) -> list[str]:
        return [self._rule(), *self.row(self.titles), self._rule()]

    def row(self, cells: Cells) -> list[str]:
        return [" ".join(map(pad, cells, self.widths)).rstrip()]

    def foot(self) -> list[str]:
        return [self._rule()]

    def _rule(self) -> str:
        return " ".join("=" * w for w in self.widths)


class OpenPipes(Table):
    """Pipes between cells alone, without spaces of alignment or a rule."""

    def row(self, cells: Cells) -> list[str]:
        return [" | ".join(cells)]


class Ledger(Fixed):
    """Columns to the right of the texts, with a vertical bar between the sides."""

    gap = " ¦ "
