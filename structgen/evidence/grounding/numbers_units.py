"""What a title says of the bare numbers below it: per cent, thousands, millions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from structgen.parsing.coercion.number_text import CURRENCY

PER_CENT_POWER = -2
"""The power of ten of per cent."""
MAX_TITLE = 80
"""Characters of the longest title."""
_PER_CENT_WORDS = (
    r"per[ ]?cent|percentages?|pct|prozent\w*|pour[ ]?cent|pourcentages?|por[ ]?ciento|porcentajes?|"
    r"por[ ]?cento|porcentage[mn]s?|per[ ]?cento|percentual[ei]?|procent\w*|yüzde|процент\w*|відсот\w*|"
    r"אחוז\w*"
)
_PER_CENT_SPACELESS = "百分比|百分率|パーセント|퍼센트|백분율"
_PER_CENT = re.compile(
    rf"(?<!\d)(?<!\d[ \u00a0])%|(?<!\w)(?:{_PER_CENT_WORDS})(?!\w)|{_PER_CENT_SPACELESS}", re.IGNORECASE
)
_COUNTS = re.compile(r"(?:n|nos?\.?|numbers?|counts?|anzahl|nombre|número|numero|aantal)\b", re.IGNORECASE)
"""Begins `n (%)`: the bare numbers below are counts."""
_WORDS = {
    3: "thousands? tausend tsd\\.? milliers? miles migliaia duizend(?:en)? milhares tys\\.? тыс\\.? тисяч "
    "'?000s?",
    5: "lakhs? lacs?",
    6: "millions? mn mln\\.? mio\\.? mill\\.? millionen millones milioni miljoen(?:en)? milhões млн\\.?",
    7: "crores?",
    9: "billions? bn mrd\\.? milliarden? milliards? miliardi mld\\.? miljard(?:en)? млрд\\.?",
    12: "trillions? trn",
}
_MONEY = rf"(?:{CURRENCY.replace('(?![A-Za-z])', '')}|руб\.?|dollars?|euros?|pounds?|rupees?|RM)"
_LETTERS = {
    3: r"T(?:EUR|CHF|USD|DM|€)|k(?:€|EUR|USD|GBP|CHF)|(?:[$€£]|EUR|USD|GBP|CHF)[ ]?[kK]|US\$[ ]?'?000s?",
    6: r"M(?:€|EUR|USD|CHF)|(?:[$€£]|EUR|USD|GBP|CHF)[ ]?[mM]n?",
    9: r"(?:[$€£]|EUR|USD|GBP|CHF)[ ]?[bB]n?",
}
_CHARACTERS = {3: "千|천", 4: "万|萬|만", 6: "百万|百萬|백만", 8: "亿|億|억"}
_UNITS = "円|元|圆|圓|ドル|美元|欧元|원|달러"
_CJK = "[百千万萬亿億백천만억]"


def _scale(power: int, words: str) -> re.Pattern[str]:
    """Return what says a scale in a title: in brackets, behind `in`, beside a currency, or by itself."""
    word = rf"(?<!\w)(?:{words.replace(' ', '|')})(?!\w)"
    inner = rf"[^()\[\]]{{0,24}}{word}[^()\[\]]{{0,24}}"
    ways = [
        rf"(?i:\({inner}\)|\[{inner}\])",
        rf"(?i:\b(?:in|en|em|в|w)[ ]+(?:[^\W\d_]+[ ]+)?(?:{_MONEY}[ ]?)?{word})",
        rf"(?i:{_MONEY}[ ]?{word}|{word}[ ]?{_MONEY}|^{word}$)",
    ]
    if power in _LETTERS:
        ways.append(rf"(?<!\w)(?:{_LETTERS[power]})(?!\w)")
    return re.compile("|".join(ways))


_SCALES = [(power, _scale(power, words)) for power, words in _WORDS.items()]
_SCALES += [(p, re.compile(rf"(?<!{_CJK})(?:{cjk})[ ]?(?:{_UNITS})")) for p, cjk in _CHARACTERS.items()]
_HINT_PARTS = """
cent ciento prozent lakh crore thousand tausend tsd millier miles migliaia duizend milhares teur tchf
tusd million mln mio mill milj milhões milioni billion milliard miliardi mld mrd trillion
"""
_HINT_WORDS = "pct tys lacs lac mn bn trn k€ t€ m€ keur kusd musd"
_HINTS = [
    re.compile(pattern)
    for pattern in (
        r"%(?<!\d%)(?<!\d[ \u00a0]%)",
        r"000(?<![\d.,]000)",
        *_HINT_PARTS.split(),
        *(rf"{word}(?<!\w{word})(?!\w)" for word in _HINT_WORDS.split()),
        r"[$€£][ ]?[kmb]n?(?!\w)",
        r"(?:eur|usd|gbp|chf)[ ]?[kmb]n?(?!\w)",
    )
]
"""What a title with a power has, in lower case. Each begins with what is searched fast."""
_FOREIGN_HINT = re.compile(
    rf"процент|відсот|тыс|тисяч|млн|млрд|אחוז|yüzde|{_PER_CENT_SPACELESS}|{_CJK}[ ]?(?:{_UNITS})"
)


def hints(text: str) -> Iterator[int]:
    """Yield offsets where a title with a power may stand, in no order."""
    lowered = text.lower()
    lowered = lowered if len(lowered) == len(text) else text
    for pattern in _HINTS if text.isascii() else (*_HINTS, _FOREIGN_HINT):
        for match in pattern.finditer(lowered):
            yield match.start()


@lru_cache(maxsize=4_096)
def power_of(title: str) -> int | None:
    """Return the power of ten that a title gives bare numbers; None where it gives none, or several."""
    if len(title) > MAX_TITLE:
        return None
    powers = {power for power, pattern in _SCALES if pattern.search(title)}
    if _PER_CENT.search(title) and not _COUNTS.match(title):
        powers.add(PER_CENT_POWER)
    return powers.pop() if len(powers) == 1 else None
