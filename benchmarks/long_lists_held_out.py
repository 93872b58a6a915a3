"""Styles that counting was not made with: other rules, headers, numbering and layouts; and prose."""

from long_lists_styles import Style

STYLES: dict[str, Style] = {}
