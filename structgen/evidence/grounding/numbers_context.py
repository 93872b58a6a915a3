"""Read what stands around the digits of a number: scale, per cent, power, unit, identifier."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from structgen.evidence.grounding.numbers_scales import SCALE, Scales
from structgen.evidence.grounding.numbers_separators import Power
from structgen.evidence.grounding.numbers_signs import SIGN_OPPOSITE, Form, Reading, signed
from structgen.parsing.coercion.number_text import CURRENCY

_BEFORE, _AFTER = 16, 24
"""Characters before and after a number that are read."""
_DOUBT_OF_TITLED = 0.1
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

_CURRENCY_END = re.compile(rf"(?:{CURRENCY.replace('(?![A-Za-z])', '')})$")


def readings(
    text: str, start: int, end: int, powers: Iterable[Power], scales: Scales, titled: int | None = None
) -> Iterator[Reading]:
    """Yield what a number may stand for, whose digits stand at a range of a folded text.

    `titled` is the power of ten that the title of its column or row gives it.
    """
    before, after = text[max(0, start - _BEFORE) : start], text[end : end + _AFTER]
    previous, following = before[-1:], after[:1]
    bare = (not previous or previous.isspace()) and (not following or following.isspace())
    doubt = 0.0 if bare else _doubt_of_neighbours(text[start:end], before, after)
    forms = [Form(power, start, end, max(doubt, own)) for power, own in powers]
    if previous == "." and text[start:end].isdigit() and not before[-2:-1].isalnum() and before[-2:-1] != ".":
        forms = [Form(form.power - (end - start), start - 1, end, form.doubt) for form in forms] + [
            form._replace(doubt=SIGN_OPPOSITE) for form in forms
        ]
    forms = [other for form in forms for other in _scaled(form, before, after, scales, titled)]
    for form in forms:
        yield from signed(form, text, scales.has_accounting_brackets)


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


def _scaled(form: Form, before: str, after: str, scales: Scales, titled: int | None) -> Iterator[Form]:
    """Yield a number with the power, the scale or the per cent sign behind it, and the number alone.

    A number without them takes the power of its title.
    """
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
    if titled is not None:
        yield form._replace(power=form.power + titled, doubt=form.doubt + _DOUBT_OF_TITLED)
    for heading in scales.headings:
        if heading != titled:
            yield form._replace(power=form.power + heading, doubt=form.doubt + 0.3)
