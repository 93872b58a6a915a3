"""Induction of rows: what the items of a list have in common in the text shows the rows that lack an item."""
