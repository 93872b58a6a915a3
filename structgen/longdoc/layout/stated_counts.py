"""Counts that a text states: `40 items`, `Number of transactions: 600`, `No entries`."""

from __future__ import annotations

import re

from structgen.longdoc.layout.anchors import without_leaders
from structgen.longdoc.layout.titles import title_words

MAX_LENGTH = 80
_GENERIC = {
    "item", "row", "entrie", "entry", "record", "line", "position", "posten", "eintrag", "einträge", "zeilen",
    "ligne", "lignes", "écriture", "запись", "записей", "записи", "строк", "позиций", "registro", "partida",
    "data", "result", "event", "article", "product",
}  # fmt: skip
_BEFORE = re.compile(
    r"(?:total\s|overall\s)?(?:number|no\.|count|nr\.?|#)\s(?:of\s)?(?:\w+\s){0,3}?(\w+)\s?(?:\(s\))?"
    r"\s?[:=.]?\s*(\d(?:[\d,.' ]*\d)?)"
    r"|(anzahl|nombre|количество|число|件数|条数|数量合计|共|全|count|cantidad|numero|aantal)"
    r"(?:\s(?:der\s|de\s)?\w+)?\s?[:：=]?\s*(\d(?:[\d,.' ]*\d)?)\s?(?:件|条|笔|行|项)?",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"(?:total\s?(?:of)?|there\s(?:are|were)|in all|showing|shown|altogether|contains|sum|count|listed)?"
    r"\s?[:：]?\s?"
    r"(\d(?:[\d,.' ]*\d)?)\s(?:\w+\s)??(\w+)"
    r"(?:\s(?:in total|listed|found|shown|in all|in this \w+|on file))?\W?",
    re.IGNORECASE,
)
_NONE = re.compile(
    r"\W*(?:none|nil|n/a|empty|nothing(?:\s(?:to\s)?(?:report|declare|list|show|found|booked|recorded|entered|due|yet|here)\w*(?:\s\w+){0,4})?"
    r"|(?:there\s(?:are|were|is)\s)?no\s(?:\w+\s){0,2}?(\w+)(?:\s\w+){0,6}"
    r"|without\s(\w+)|kein(?:e|en)?\s(\w+).*|aucune?\s(\w+).*|(?:нет|отсутству)\S*(?:\s\w+){0,3}"
    r"|无\S{0,6}|沒有\S{0,6}|没有\S{0,6}"
    r"|該当なし|なし|データなし|0\s(\w+).*|sin\s(\w+).*|nessun[oa]?\s(\w+).*|geen\s(\w+).*|brak\s(\w+).*)\W*",
    re.IGNORECASE,
)


def stated_count(text: str, names: frozenset[str]) -> int | None:
    """Return the number of rows that a line states for a list of these names."""
    text = without_leaders(text[: 4 * MAX_LENGTH])
    if len(text) > MAX_LENGTH or not any(map(str.isdigit, text)):
        return None
    text = text.strip(" *_#-()[]")
    if found := _BEFORE.fullmatch(text):
        noun, first, word, second = found.groups()
        if word or _is_meant(noun, names):
            return _whole(first or second)
    if (found := _AFTER.fullmatch(text)) and _is_meant(found.group(2), names):
        return _whole(found.group(1))
    return None


def says_none(text: str) -> str | None:
    """Return the noun of a line that says that there are none, `""` without a noun; None for other lines."""
    if len(text) > MAX_LENGTH or (found := _NONE.fullmatch(text)) is None:
        return None
    return next((noun for noun in found.groups() if noun), "")


def is_generic(noun: str) -> bool:
    """Return whether a noun may be any row."""
    return not noun or bool(title_words(noun) & _GENERIC) or noun.casefold() in _GENERIC


def _is_meant(noun: str, names: frozenset[str]) -> bool:
    return bool(title_words(noun) & names) or is_generic(noun)


def _whole(text: str) -> int | None:
    digits = re.sub(r"[,.' ]", "", text.strip())
    return int(digits) if len(digits) <= 9 else None


_MORE = re.compile(
    r"\W*(?:\[\s?)?(?:\.{2,}|…)?\s?(?:(?:and|plus)\s|\+\s?)?(?:\d+|some|many|several|so|the rest)\s?"
    r"(?:(?:further|other|additional|on)\s)?(?:\w+\s)?"
    r"(?:more|others|omitted|not shown|missing|skipped|truncated|left out)\b.{0,40}"
    r"|\W*(?:etc|et cetera|and so on|usw|и т\.\s?д|等等|以下省略|省略)\b.{0,20}"
    r"|\W*(?:list|table|rows?|entries|remainder|rest)\s(?:\w+\s){0,2}"
    r"(?:truncated|omitted|continues|abridged|not shown|illegible|shortened|cut)\b.{0,40}"
    r"|\W*(?:\.{3,}|…)\W*",
    re.IGNORECASE,
)


def leaves_out(text: str) -> bool:
    """Return whether a line says that rows are left out, such as `... and 35 more`."""
    return len(text) <= MAX_LENGTH and _MORE.fullmatch(text) is not None
