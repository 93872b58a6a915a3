"""The months by their names: those of the shared table, and those of more languages of documents."""

from __future__ import annotations

from structgen.parsing.coercion.month_names import NAMES
from structgen.parsing.coercion.word_text import normalise

_MORE_NAMES = (
    "ינואר; פברואר; מרץ מרס; אפריל; מאי; יוני; יולי; אוגוסט; ספטמבר; אוקטובר; נובמבר; דצמבר",
    "января январь янв; февраля февраль фев; марта март; апреля апрель апр; мая май; июня июнь; июля июль; "
    "августа август авг; сентября сентябрь сен; октября октябрь окт; ноября ноябрь ноя; декабря декабрь дек",
    "stycznia styczeń; lutego luty; marca marzec; kwietnia kwiecień; maja maj; czerwca czerwiec; "
    "lipca lipiec; sierpnia sierpień; września wrzesień; października październik; "
    "listopada listopad; grudnia grudzień",
    "januari; februari; mars; april; maj; juni; juli; augusti; september; oktober; november; december",
    "januar; februar; marts; april; maj; juni; juli; august; september; oktober; november; december",
    "ocak; şubat; mart; nisan; mayıs; haziran; temmuz; ağustos; eylül; ekim; kasım; aralık",
    "يناير; فبراير; مارس; أبريل; مايو; يونيو; يوليو; أغسطس; سبتمبر; أكتوبر; نوفمبر; ديسمبر",
)
"""Hebrew, Russian, Polish, Swedish, Danish and Norwegian, Turkish, and Arabic, in the forms of dates."""
_HEBREW_IN = "ב"
"""The preposition that Hebrew writes together with a month."""


def _months() -> dict[str, int]:
    months: dict[str, int] = {}
    for names in (*NAMES.values(), *_MORE_NAMES):
        for number, words in enumerate(names.split(";"), 1):
            for word in words.split():
                months.setdefault(word, number)
                months.setdefault(normalise(word), number)
    for number, word in enumerate(_MORE_NAMES[0].split(";"), 1):
        for name in word.split():
            months[_HEBREW_IN + name] = number
    return months


MONTHS = _months()
"""The month of each name in lower case, with its accents and without."""
