"""Formats of dates and numbers by language."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "da": "januar februar marts april maj juni juli august september oktober november december",
    "no": "januar februar mars april mai juni juli august september oktober november desember",
    "fi": "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta "
    "marraskuuta joulukuuta",
    "cs": "ledna února března dubna května června července srpna září října listopadu prosince",
    "id": "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember",
    "ro": "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
    "tr": "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "el": "Ιανουαρίου Φεβρουαρίου Μαρτίου Απριλίου Μαΐου Ιουνίου Ιουλίου Αυγούστου Σεπτεμβρίου Οκτωβρίου Νοεμβρίου "
    "Δεκεμβρίου",
}
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_POINT = {"en", "zh", "ja", "ko", "th", "he", "hi", "fa", "ar"}
_DOT_GROUPS = {"de", "es", "it", "nl", "pt", "id", "tr", "da", "el", "hr", "ro", "vi"}


def day(rng: Random, first: int = 1995, last: int = 2031) -> date:
    """Draw a date within the given years."""
    return date(first, 1, 1) + timedelta(rng.randrange((last - first + 1) * 365))


def ordinal(number: int) -> str:
    """Format an English ordinal: `1st`, `22nd`, `13th`."""
    ending = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def in_words(rng: Random, when: date, language: str = "en") -> str:
    """Write a date with the month's name."""
    number, year = when.day, when.year
    if language in ("zh", "ja"):
        return f"{year}年{when.month}月{number}日"
    if language == "ko":
        return f"{year}년 {when.month}월 {number}일"
    name = MONTHS.get(language, MONTHS["en"]).split()[when.month - 1]
    match language if language in MONTHS else "en":
        case "en":
            short, th = name[:3], ordinal(number)
            forms = [f"{name} {number}, {year}", f"{number} {name} {year}", f"{name} {th}, {year}", f"{th} {name} {year}",
                     f"the {th} of {name}, {year}", f"{th} of {name} {year}", f"{short} {number}, {year}",
                     f"{number} {short} {year}", f"{name} {number} {year}", f"{th} {name}, {year}",
                     f"{number}-{short}-{year}", f"the {th} of {name} {year}", f"{name} {number:02d}, {year}",
                     f"the {th} of {name} in {year}"]  # fmt: skip
            return rng.choice(forms)
        case "de" | "da" | "no" | "fi" | "cs":
            return f"{number}. {name} {year}"
        case "es" | "pt":
            return f"{number} de {name} de {year}"
        case "ru":
            return rng.choice(
                [f"{number} {name} {year} г.", f"{number} {name} {year} года", f"{number} {name} {year}"]
            )
        case "fr" if number == 1:
            return f"1er {name} {year}"
    return f"{number} {name} {year}"


def in_digits(rng: Random, when: date, language: str = "en") -> str:
    """Write a date in digits; the month precedes the day only where the day is past the twelfth."""
    d, m, y = f"{when.day:02d}", f"{when.month:02d}", f"{when.year}"
    match language:
        case "en":
            forms = [f"{y}-{m}-{d}", f"{d}/{m}/{y}", f"{d}.{m}.{y}", f"{y}/{m}/{d}", f"{d}-{m}-{y}"]
            if when.day > 12:
                forms += [f"{m}/{d}/{y}", f"{when.month}/{when.day}/{y}"]
        case "zh" | "ja" | "ko":
            forms = [f"{y}-{m}-{d}", f"{y}/{m}/{d}", f"{y}.{m}.{d}"]
        case "sv" | "lt" | "hu":
            forms = [f"{y}-{m}-{d}", f"{y}.{m}.{d}."] if language == "hu" else [f"{y}-{m}-{d}"]
        case "fr" | "es" | "it" | "pt" | "el" | "id" | "vi" | "he":
            forms = [f"{d}/{m}/{y}", f"{d}/{m}/{y}", f"{d}-{m}-{y}", f"{y}-{m}-{d}"]
        case "nl":
            forms = [f"{d}-{m}-{y}", f"{when.day}-{when.month}-{y}", f"{y}-{m}-{d}"]
        case _:
            forms = [f"{d}.{m}.{y}", f"{d}.{m}.{y}", f"{when.day}.{when.month}.{y}", f"{y}-{m}-{d}"]
    return rng.choice(forms)


def written(rng: Random, when: date, language: str = "en") -> str:
    """Write a date with the month's name or in digits."""
    return (in_words if rng.random() < 0.5 else in_digits)(rng, when, language)


def decimal(rng: Random, plain: str, language: str = "en", *, grouped: bool | None = None) -> str:
    """Format `1234.50` for a language: `1,234.50`, `1.234,50`, `1 234,50`."""
    whole, _, cents = plain.partition(".")
    sign, whole = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    grouped = rng.random() < 0.6 if grouped is None else grouped
    if language in _POINT:
        group, point = ",", "."
    elif language in _DOT_GROUPS:
        group, point = ".", ","
    else:
        group, point = rng.choice(["\u00a0", "\u202f", " "]), ","
    if grouped:
        whole = f"{int(whole):,}".replace(",", group)
    return sign + whole + (point + cents if cents else "")


_SIGNS = {"de": "€", "fr": "€", "es": "€", "it": "€", "nl": "€", "pt": "€", "fi": "€", "el": "€", "sk": "€",
          "pl": "zł", "cs": "Kč", "sv": "kr", "da": "kr.", "no": "kr", "hu": "Ft", "ro": "lei", "tr": "₺", "ru": "₽",
          "uk": "₴", "bg": "лв.", "zh": "¥", "ja": "¥", "ko": "₩", "hi": "₹", "th": "฿", "he": "₪", "id": "Rp",
          "vi": "₫"}  # fmt: skip
_CODES = {"de": "EUR", "fr": "EUR", "es": "EUR", "it": "EUR", "nl": "EUR", "pt": "EUR", "fi": "EUR", "el": "EUR",
          "pl": "PLN", "cs": "CZK", "sv": "SEK", "da": "DKK", "no": "NOK", "hu": "HUF", "ro": "RON", "tr": "TRY",
          "ru": "RUB", "uk": "UAH", "bg": "BGN", "zh": "CNY", "ja": "JPY", "ko": "KRW", "hi": "INR", "th": "THB",
          "he": "ILS", "id": "IDR", "vi": "VND"}  # fmt: skip


def price(rng: Random, plain: str, language: str = "en") -> tuple[str, str]:
    """Write an amount with its currency's sign or code, and return the code too."""
    shown = decimal(rng, plain, language)
    if language == "en":
        sign, code = rng.choice(
            [("$", "USD"), ("$", "USD"), ("£", "GBP"), ("€", "EUR"), ("A$", "AUD"), ("₹", "INR")]
        )
        if rng.random() < 0.7:
            return sign + shown, code
    else:
        sign, code = _SIGNS.get(language, "€"), _CODES.get(language, "EUR")
        if rng.random() < 0.7:
            if sign in "¥₩₹฿₪Rp" or (sign == "€" and language == "nl"):
                return rng.choice([sign + shown, f"{sign} {shown}"]), code
            return shown + rng.choice([" ", "\u00a0"]) + sign, code
    return rng.choice([f"{shown} {code}", f"{code} {shown}"]), code
