"""Read the sign of a number: before it, behind it, as brackets, CR, a word or a triangle."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from structgen.parsing.coercion.number_text import CURRENCY

_BEFORE, _AFTER = 16, 8
"""Characters before and after a number that are read."""
_SIGN_BEFORE = re.compile(
    rf"(?P<open>\()?[ \u00a0]?(?P<sign>(?<![\w.)\]-])[-+])?(?P<gap>[ \u00a0]?)"
    rf"(?:{CURRENCY})?[ \u00a0]?(?P<inner>[-+])?$"
)
_MINUS_WORD = re.compile(r"\b(?:minus|negative)[ \u00a0]$", re.IGNORECASE)
_CLOSE = re.compile(rf"[ \u00a0]?(?:{CURRENCY})?[ \u00a0]?%?\)")
_SIGN_AFTER = re.compile(r"-(?![\w$€£¥₹-])(?P<range>[ \u00a0]?\d)?")
_LEDGER = re.compile(r"[ \u00a0]?(?:(?P<credit>CR|Cr\.?)|DR|Dr\.?)(?!\w)")
_CRORES = re.compile(r"(?:₹|INR|Rs\.?)[ \u00a0]?$")
_AMOUNT = re.compile(r"\d[,.' \u00a0]\d{3}|[.,]\d\d(?!\d)")
"""Groups, or two decimals: section numbers and references in brackets have neither."""
SIGN_OPPOSITE = 0.6
"""The doubt of a number whose sign the text contradicts."""
_TRIANGLES = "▲△"
"""The minus of Japanese accounts."""
_BRACKETS_ALONE = 0.4
_MIRRORED = 0.1
"""The doubt of brackets that a text from right to left mirrored: `)5.00(`."""
_DASH_APART = 0.5


class Reading(NamedTuple):
    """One reading of a number of the source: its power of ten and sign, its range, and its doubt."""

    power: int
    is_negative: bool
    start: int
    end: int
    doubt: float


class Form(NamedTuple):
    """A reading whose sign is still to be read."""

    power: int
    start: int
    end: int
    doubt: float


def signed(form: Form, text: str, has_accounting_brackets: bool) -> Iterator[Reading]:
    """Yield a form with the sign that stands around it, and with the opposite one where that is doubtful."""
    before, after = text[max(0, form.start - _BEFORE) : form.start], text[form.end : form.end + _AFTER]
    is_amount = _AMOUNT.search(text, form.start, form.end) is not None
    power, start, end, doubt = form
    plain = Reading(power, False, start, end, doubt)
    if before[-1:] in _TRIANGLES and before:
        yield Reading(power, True, start - 1, end, doubt)
        yield plain._replace(doubt=max(doubt, SIGN_OPPOSITE))
        return
    if "-" in before[-6:] or "(" in before[-6:]:
        sign = _SIGN_BEFORE.search(before)
        reach = start - len(sign[0]) if sign else start
        if sign and (sign["inner"] == "-" or sign["sign"] == "-") and not _is_hyphen(sign, before):
            apart = bool(sign["gap"]) and sign["inner"] is None and before[sign.end("gap") :] == ""
            first = start - len(before) + (sign.start("sign") if sign["sign"] == "-" else sign.start("inner"))
            yield Reading(power, True, first, end, max(doubt, _DASH_APART) if apart else doubt)
            yield plain._replace(doubt=max(doubt, 0.1 if apart else SIGN_OPPOSITE))
            return
        if sign and sign["open"] and (closed := _CLOSE.match(after)):
            has_currency = is_amount or len(sign[0].strip()) > 1 or len(closed[0].strip()) > 1
            sure = has_currency or has_accounting_brackets
            bracketed = Reading(power, True, reach, end + closed.end(), doubt)
            yield bracketed if sure else bracketed._replace(doubt=max(doubt, _BRACKETS_ALONE))
            yield plain._replace(doubt=max(doubt, SIGN_OPPOSITE)) if sure else plain
            return
    if before[-1:] == ")" and after[:1] == "(" and is_amount and not after[1:2].isalnum():
        yield Reading(power, True, start - 1, end + 1, max(doubt, _MIRRORED))
        yield plain._replace(doubt=max(doubt, _BRACKETS_ALONE))
        return
    if after[:1] == "-" and (trailing := _SIGN_AFTER.match(after)):
        sure = is_amount and not trailing["range"]
        yield Reading(power, True, start, end + 1, doubt if sure else max(doubt, _BRACKETS_ALONE))
        yield plain._replace(doubt=max(doubt, SIGN_OPPOSITE)) if sure else plain
        return
    if (ledger := _LEDGER.match(after)) and not _CRORES.search(before):
        if ledger["credit"]:
            yield Reading(power, True, start, end + ledger.end(), doubt)
        yield plain._replace(doubt=max(doubt, 0.3)) if ledger["credit"] else plain
        return
    if word := _MINUS_WORD.search(before):
        yield Reading(power, True, start - len(before) + word.start(), end, doubt)
        yield plain._replace(doubt=max(doubt, SIGN_OPPOSITE))
        return
    yield plain


def _is_hyphen(sign: re.Match[str], before: str) -> bool:
    """Whether the dash before a number joins it to a word or a number."""
    at = sign.start("inner") if sign["inner"] else sign.start("sign")
    return before[at - 1 : at].isalnum() if at else False
