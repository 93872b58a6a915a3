"""Lines that are no rows by what they say: rules, sums and balances, notes, page numbers."""

from __future__ import annotations

import re

SENTENCE_BLANKS = 5
"""Blanks of a sentence, at least."""
_RULE = frozenset("-=_*+|:.~ \t─━═│┃║┼╪╬┬┴├┤┌┐└┘╔╗╚╝╠╣╦╩·•#")
_SUMMARY = re.compile(
    r"\W*(?:\d+\W+)?(?:"
    r"(?:grand|sub|net|page|section|group|running|day|daily|monthly|overall|zwischen|gesamt|sous)?[-\s]?"
    r"(?:totals?|totaux|summen?|sum|saldo)\b|subtotals?\b|sub-total|zwischensumme|gesamt(?:summe|betrag)?\b|"
    r"[^\W\d_]+\s(?:sub)?totals?\s*(?:[:=(\d$€£¥-]|\s{2}|\t|$)|[^\W\d_]{3,20}summe\b|"
    r"(?:(?:opening|closing|previous|ending|beginning|starting|new|old)\s)?balance\b|"
    r"(?:carried|brought)\s(?:forward|over|down)|carry[-\s]?(?:forward|over)|c/f\b|b/f\b|continued\b|"
    r"übertrag|uebertrag|endsaldo|anfangssaldo|vortrag|solde\b|à\sreporter|a\sreporter|report\b|"
    r"итого|всего|подытог|сумма\b|остаток|баланс|"
    r"合计|小计|总计|总额|小計|合計|総計|繰越|次頁|前頁|结转|承前|结余|残高|"
    r"totale\b|subtotale\b|suma\b|razem\b|totaal\b|subtotaal\b|tota[il]s?\b|saldo\b)",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"\W*(?:notes?|nb|n\.b\.|remarks?|hinweis|anmerkung|bemerkung|remarque|nota|see|примечание|注|备注|備考)\b\W",
    re.IGNORECASE,
)
_PAGE = re.compile(
    r"(?:.{0,60}\W)?(?:page|seite|blatt|sheet|стр\.?|страница|página|pagina|strona|sida|第|ページ)[\s.:#]{0,3}"
    r"\d{1,5}(?:\s?(?:/|of|von|sur|de|di|из|van|av|z)\s?\d{1,5})?(?:页|頁|ページ)?(?:\W.{0,60})?"
    r"|\W{0,3}\d{1,5}\s?(?:/|of|von|sur|из)\s?\d{1,5}\W{0,3}|[-–—]\s?\d{1,5}\s?[-–—]|\d{1,5}\s?ページ",
    re.IGNORECASE,
)


def is_rule(text: str) -> bool:
    """Return whether a line only draws a rule, or the marks under a table's header."""
    return (
        (len(text) >= 3 or text == "|-")
        and _RULE.issuperset(text)
        and any(mark in text for mark in "-=_─━═*~.#")
    )


def is_summary(text: str) -> bool:
    """Return whether a text begins as a sum, a balance or an amount carried forward does."""
    return _SUMMARY.match(text) is not None


def is_note(text: str) -> bool:
    """Return whether a text begins as a note does."""
    return _NOTE.match(text) is not None


def has_sentence(row: str) -> bool:
    """Return whether a line of a row is a sentence: several words, and a mark at its end."""
    lines = map(str.strip, row.splitlines())
    return any(line.endswith((".", "!", "?", "。")) and line.count(" ") >= SENTENCE_BLANKS for line in lines)


def is_page_number(text: str) -> bool:
    """Return whether a line only numbers a page, with a few words beside it at most."""
    return len(text) <= 130 and _PAGE.fullmatch(text) is not None
