"""Tables as the text of PDF files has them: columns one blank apart, cells on lines of their own."""

from collections.abc import Sequence

from long_lists_tables import Cells, Table, wrap


class BlankColumns(Table):
    """Cells one blank apart; empty ones leave nothing."""

    def row(self, cells: Cells) -> list[str]:
        return [" ".join(filter(None, cells))]


class TwoLineHead(BlankColumns):
    """A header whose titles of several words go over two lines, with a line of units below."""

    units: Sequence[str] = ("(EUR)", "(kg)", "(pcs)")

    def head(self) -> list[str]:
        parts = [title.partition(" ") for title in self.titles]
        above = " ".join(first for first, _, rest in parts if rest)
        below = " ".join(rest or first for first, _, rest in parts)
        numbers = sum(self.numeric)
        units = " ".join(self.units[:numbers]) if numbers and len(self.titles[0]) % 2 else ""
        return [line for line in (above, below, units) if line]


class WrappedColumns(BlankColumns):
    """Cells one blank apart, whose longest text goes on in the next lines, after the numbers of the row."""

    columns = 16

    def row(self, cells: Cells) -> list[str]:
        texts = [0 if number else len(cell) for cell, number in zip(cells, self.numeric, strict=True)]
        longest = max(range(len(texts)), key=texts.__getitem__)
        first, *rest = wrap(cells[longest], self.columns)
        return [*super().row([first if at == longest else cell for at, cell in enumerate(cells)]), *rest]


class CellLines(Table):
    """Each title and each cell on a line of its own; empty cells leave no line."""

    def row(self, cells: Cells) -> list[str]:
        return [cell for cell in cells if cell]


class WrappedCellLines(CellLines):
    """Long titles and cells go over two lines."""

    columns = 16

    def row(self, cells: Cells) -> list[str]:
        return [line for cell in cells if cell for line in wrap(cell, self.columns)]
