"""Read what stands around the digits of a number: sign, scale, per cent, power, unit, identifier."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from structgen.evidence.grounding.numbers_scales import SCALE, Scales
from structgen.evidence.grounding.numbers_separators import Power
from structgen.parsing.coercion.number_text import CURRENCY

_BEFORE, _AFTER = 16, 24
"""Characters before and after a number that are read."""
_SIGN_BEFORE = re.compile(
    rf"(?P<open>\()?[ \u00a0]?(?P<sign>(?<![\w.)\]-])[-+])?(?P<gap>[ \u00a0]?)"
    rf"(?:{CURRENCY})?[ \u00a0]?(?P<inner>[-+])?$"
)
_MINUS_WORD = re.compile(r"\b(?:minus|negative)[ \u00a0]$", re.IGNORECASE)
_CLOSE = re.compile(rf"[ \u00a0]?(?:{CURRENCY})?[ \u00a0]?%?\)")
_SIGN_AFTER = re.compile(r"-(?![\w-])(?P<range>[ \u00a0]?\d)?")
_LEDGER = re.compile(r"[ \u00a0]?(?:(?P<credit>CR|Cr\.?)|DR|Dr\.?)(?!\w)")
_CRORES = re.compile(r"(?:₹|INR|Rs\.?)[ \u00a0]?$")
_POWER = re.compile(
    r"(?:[eE](?P<exponent>[-+]?\d{1,3})(?!\w)|[ \u00a0]?(?:[x×*·]|\\(?:times|cdot))[ \u00a0]?10"
    r"(?:\^?\{?(?P<caret>[-+]\d{1,3}|(?<=[\^{])\d{1,3})\}?|(?P<raised>⁻?[⁰¹²³⁴-⁹]+)))"
)
_RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
PER_CENT = re.compile(r"[ \u00a0]?(?:%|(?i:per\s?cent|percent)(?!\w)|\\%)")
_ORDINAL = re.compile(r"(?:st|nd|rd|th|er|re|ème|e|º|ª|°)(?!\w)")
_UNIT = re.compile(r"[^\W\d_]{1,3}(?!\w)|[^\W\d_]{4,}(?![\w])")
_DATE_BEFORE = re.compile(r"\d[/.]$|\d-\d{1,2}-$|(?<!\d)\d{4}-$")
_DATE_AFTER = re.compile(r"[/.]\d|-\d{1,2}-\d|-\d{1,2}(?!\d)T?")
_CLOCK_BEFORE, _CLOCK_AFTER = re.compile(r"\d:$"), re.compile(r":\d\d(?!\d)")
_RANGE_BEFORE = re.compile(r"(?<![\w.,/-])[\d.,]+[ \u00a0]?-[ \u00a0]?$")
_RANGE_AFTER = re.compile(r"[ \u00a0]?-[ \u00a0]?\d[\d.,]*(?![\w/-])")

_AMOUNT = re.compile(r"\d[,.' \u00a0]\d{3}|[.,]\d\d(?!\d)")
"""Groups, or two decimals: section numbers and references in brackets have neither."""
SIGN_OPPOSITE = 0.6
"""The doubt of a number whose sign the text contradicts."""
_CELL_ENDS = "\n\r\f\t"
_TRIANGLES = "▲△"
"""The minus of Japanese accounts."""
_BRACKETS_ALONE = 0.4
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


def readings(text: str, start: int, end: int, powers: Iterable[Power], scales: Scales) -> Iterator[Reading]:
    """Yield what a number may stand for, whose digits stand at a range of a folded text."""
    before, after = text[max(0, start - _BEFORE) : start], text[end : end + _AFTER]
    previous, following = before[-1:], after[:1]
    bare = (not previous or previous.isspace()) and (not following or following.isspace())
    if bare and not scales.headings and _is_cell(text, start, end, before, after):
        for power, own in powers:
            yield Reading(power, False, start, end, own)
        return
    doubt = 0.0 if bare else _doubt_of_neighbours(text[start:end], before, after)
    forms = [Form(power, start, end, max(doubt, own)) for power, own in powers]
    if previous == "." and text[start:end].isdigit() and not before[-2:-1].isalnum() and before[-2:-1] != ".":
        forms = [Form(form.power - (end - start), start - 1, end, form.doubt) for form in forms] + [
            form._replace(doubt=SIGN_OPPOSITE) for form in forms
        ]
    forms = [other for form in forms for other in _scaled(form, before, after, scales)]
    for form in forms:
        yield from _signed(form, text, scales.has_accounting_brackets)


def _is_cell(text: str, start: int, end: int, before: str, after: str) -> bool:
    """Whether digits stand between line ends, tabs or other digits: nothing there can change them."""
    if text[start] == "0" and end - start > 1:
        return False
    ends_cell = not after or after[0] in _CELL_ENDS or after[1:2].isdigit()
    return ends_cell and (not before or before[-1] in _CELL_ENDS or before[-2:-1].isdigit())


def _doubt_of_neighbours(digits: str, before: str, after: str) -> float:
    """Return how likely digits are a piece of something else, by the characters that touch them."""
    previous, following = before[-1:], after[:1]
    doubt = 0.0
    if previous.isalpha() or previous == "_":
        is_prefix = _CURRENCY_END.search(before) or not digits.isdigit()
        doubt = 0.0 if is_prefix else 0.4
    elif previous in "/.:-" and previous:
        doubt = _doubt_of_joint(digits, before)
    if following.isalpha() or following == "_":
        is_unit = SCALE.match(after) or _UNIT.match(after) or _POWER.match(after)
        doubt += 0.0 if is_unit else 0.3
        doubt += 0.05 if _ORDINAL.match(after) else 0.0
    elif following in "/.:-" and following:
        doubt = max(doubt, _doubt_of_joint_after(digits, after, before))
    if digits[0] == "0" and len(digits) > 1 and digits.isdigit():
        doubt += 0.1
    return min(doubt, 0.7)


def _doubt_of_joint(digits: str, before: str) -> float:
    if _CLOCK_BEFORE.search(before):
        return 0.4
    if _DATE_BEFORE.search(before):
        return 0.2 if len(digits) == 4 else 0.4
    if before[-1] == "-":
        if _RANGE_BEFORE.search(before):
            return 0.1
        return 0.3 if before[-2:-1].isalnum() or before[-2:-1] in ("_", ")", "-") else 0.0
    return 0.3 if before[-1] == "/" and before[-2:-1].isalnum() else 0.0


def _doubt_of_joint_after(digits: str, after: str, before: str) -> float:
    if _CLOCK_AFTER.match(after):
        return 0.4
    if _RANGE_AFTER.match(after) and not before.endswith("-"):
        return 0.1
    if _DATE_AFTER.match(after):
        return 0.2 if len(digits) == 4 else 0.4
    return 0.3 if after[0] in "-/" and after[1:2].isalnum() else 0.0


def _scaled(form: Form, before: str, after: str, scales: Scales) -> Iterator[Form]:
    """Yield a number with the power, the scale or the per cent sign behind it, and the number alone."""
    if power := _POWER.match(after):
        shift = int(power["exponent"] or power["caret"] or power["raised"].translate(_RAISED))
        yield form._replace(power=form.power + shift, end=form.end + power.end())
        yield form._replace(doubt=SIGN_OPPOSITE)
        return
    if scale := scales.behind(before, after):
        yield form._replace(
            power=form.power + scale.power, end=form.end + scale.length, doubt=max(form.doubt, scale.doubt)
        )
        yield form._replace(doubt=max(form.doubt, 0.2 - scale.doubt / 2))
        return
    yield form
    if per_cent := PER_CENT.match(after):
        yield form._replace(power=form.power - 2, end=form.end + per_cent.end(), doubt=form.doubt + 0.05)
        return
    for heading in scales.headings:
        yield form._replace(power=form.power + heading, doubt=form.doubt + 0.3)


def _signed(form: Form, text: str, has_accounting_brackets: bool) -> Iterator[Reading]:
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


_CURRENCY_END = re.compile(rf"(?:{CURRENCY.replace('(?![A-Za-z])', '')})$")
