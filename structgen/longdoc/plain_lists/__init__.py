"""Lists of plain values: their rows are entries under a name, a column, or items in a line behind a label."""
