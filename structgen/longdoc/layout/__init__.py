"""The layout of a text: its lines, repeated headers and footers, tables, entries and headings."""
