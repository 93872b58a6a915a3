"""Whether a text shows where rows begin and end: lines right above or below may be rows as well, or none."""

from __future__ import annotations

import re
from collections.abc import Collection

from structgen.longdoc.layout.headings import heading_form
from structgen.longdoc.layout.line_runs import LineRun
from structgen.longdoc.layout.line_words import is_note, is_rule, is_summary
from structgen.longdoc.layout.lines import Lines

MARKED = {"table", "section", "label", "day", "number", "bullet", "tag", "leader", "frame"}
"""Rows that marks set apart from other lines."""
SAMPLE = 100
"""Rows that the last one is compared with."""
_CHARGE = re.compile(
    r"\W*(?:(?:sales|plus|incl|inkl|zzgl)\.?\s)?(?:(?:tax(?:es)?|vat|gst|mwst|ust|tva|iva|btw|ндс|налог|shipping|postage|"
    r"freight|delivery|handling|versand|porto|lieferung|livraison|frais|envío|доставка|discount|rabatt|skonto|remise|"
    r"descuento|скидка|rounding|tip|gratuity|service)\b|消費税|税|送料|运费|運費|折扣|割引|値引)",
    re.IGNORECASE,
)
"""Beginnings of lines that an invoice has between its rows and its total."""


def has_open_edges(lines: Lines, run: LineRun, apart: Collection[int]) -> bool:
    """Return whether other lines stand between, above or below rows that no marks tell apart from them."""
    if run.kind in MARKED or run.header is not None:
        return False
    return (
        any(at not in apart and _is_open(lines[at]) for at in run.skipped)
        or _is_open_above(lines, run.first, apart)
        or _is_open_below(lines, run.stop, apart)
    )


def ends_with_charge(lines: Lines, run: LineRun) -> bool:
    """Return whether the last row may be a tax or a charge below the rows, unless many rows begin so."""
    if len(run.starts) < 2 or not _CHARGE.match(lines[run.starts[-1]]):
        return False
    others = run.starts[:-1][-SAMPLE:]
    return 2 * sum(_CHARGE.match(lines[at]) is not None for at in others) < len(others)


def _is_open_above(lines: Lines, first: int, apart: Collection[int]) -> bool:
    above = first - 1
    if above < 0 or lines.is_apart(first) or above in apart:
        return False
    text = lines[above]
    if is_rule(text) or is_summary(text) or text.endswith((":", "：")):
        return False
    is_title = heading_form(lines, above, apart) is not None or not any(map(str.isdigit, text))
    return not (is_title and (above == 0 or lines.is_apart(above)))


def _is_open_below(lines: Lines, after: int, apart: Collection[int]) -> bool:
    if after >= len(lines) or lines.is_apart(after) or after in apart:
        return False
    return _is_open(lines[after])


def _is_open(text: str) -> bool:
    return not (is_rule(text) or is_summary(text) or is_note(text))
