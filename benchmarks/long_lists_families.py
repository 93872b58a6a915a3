"""The styles of long documents by families, of which one half each is held out."""

from collections.abc import Callable

import long_lists_held_out
import long_lists_held_out_pdf_text
import long_lists_pdf_text
import long_lists_styles
import long_lists_two_levels
import long_lists_two_levels_held_out
import long_lists_uncounted
import long_lists_uncounted_held_out
import long_lists_value_held_out
import long_lists_value_styles
from long_lists_draft import Draft
from long_lists_records import KINDS
from long_lists_strangers import HELD_OUT, TUNED
from long_lists_tables import LAYOUTS

Styles = dict[str, Callable[[Draft, int], None]]
FAMILIES: dict[str, tuple[Styles, Styles]] = {
    "all": (long_lists_styles.STYLES, long_lists_held_out.STYLES),
    "two-levels": (long_lists_two_levels.STYLES, long_lists_two_levels_held_out.STYLES),
    "pdf": (long_lists_pdf_text.STYLES, long_lists_held_out_pdf_text.STYLES),
    "values": (long_lists_value_styles.STYLES, long_lists_value_held_out.STYLES),
    "uncounted": (long_lists_uncounted.UNCOUNTED, long_lists_uncounted_held_out.HELD_OUT),
}
"""Styles to work with, and held-out ones, by families: lists of objects, lists in items of lists, text that
came out of PDF files, lists of plain values, and rows that nothing counts."""
STYLES = {name: style for family in FAMILIES.values() for half in family for name, style in half.items()}


def _groups() -> dict[str, list[str]]:
    groups = {"by-kind": by_kind()}
    halves = {family: (sorted(tuned), sorted(others)) for family, (tuned, others) in FAMILIES.items()}
    halves["strangers"] = ([one.__name__ for one in TUNED], [one.__name__ for one in HELD_OUT])
    for family, (tuned, held_out) in halves.items():
        start = "" if family == "all" else f"{family}-"
        groups |= {family: sorted([*tuned, *held_out])}
        groups |= {f"{start}tuned": tuned, f"{start}held-out": held_out}
    return groups


def halves_of(name: str) -> list[str]:
    """Return the two halves of a family, or the name of anything else."""
    halves = [f"{'' if name == 'all' else f'{name}-'}{half}" for half in ("tuned", "held-out")]
    return halves if halves[0] in GROUPS else [name]


def by_kind() -> list[str]:
    """Return every layout of tables and entries with every kind of rows."""
    names = [*LAYOUTS, "blocks", "numbered", "bulleted", "two_lines", "box", "ruled_right", "simple_table"]
    return [f"{name}:{kind.list_name}" for name in names for kind in KINDS]


GROUPS = _groups()
"""Names of styles by groups: a family (`values`), a half of it (`values-held-out`), or `by-kind`.

`strangers` are documents of many trades, written without knowledge of the counting."""
