"""The vocabulary of the locales: names, places, trades and words of many languages.

`python -m training.scenes.vocabulary` draws it from Faker and Mimesis (extra `train`) into
`vocabulary.json.xz`; training reads that file alone. Values for which `withheld` is true serve the evaluation only.
"""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

FILE = Path(__file__).parent / "vocabulary.json.xz"
DRAWS, MOST, LONGEST, FEW = 900, 240, 48, 60
SCRIPTS = {
    "en_US": 16, "en_GB": 7, "en_IN": 3, "en_AU": 2, "en_CA": 2, "en_IE": 2, "en_NZ": 1, "en_KE": 1, "en_NG": 1,
    "en_PH": 1, "de_DE": 8, "de_AT": 2, "de_CH": 2, "fr_FR": 7, "fr_CA": 2, "es_ES": 5, "es_MX": 3, "it_IT": 5,
    "nl_NL": 4, "pt_PT": 2, "pt_BR": 3, "pl_PL": 4, "sv_SE": 2, "da_DK": 2, "no_NO": 2, "fi_FI": 2, "cs_CZ": 2,
    "sk_SK": 1, "hu_HU": 2, "ro_RO": 2, "hr_HR": 2, "tr_TR": 2, "lt_LT": 1, "lv_LV": 1, "et_EE": 1, "id_ID": 3,
    "vi_VN": 1, "ru_RU": 4, "uk_UA": 2, "bg_BG": 1, "el_GR": 2, "zh_CN": 5, "zh_TW": 1, "ja_JP": 5, "ko_KR": 3,
    "ar_SA": 1, "he_IL": 1, "fa_IR": 1, "hi_IN": 1, "th_TH": 1,
}  # fmt: skip
"""Locales and their sampling weights."""

_FAKER = {
    "first": "first_name", "last": "last_name", "city": "city", "street": "street_name", "company": "company",
    "job": "job", "country": "country", "region": "state administrative_unit region province prefecture",
    "word": "word", "phone": "phone_number", "postal": "postcode", "place": "street_address",
    "month": "month_name", "weekday": "day_of_week", "phrase": "catch_phrase bs",
}  # fmt: skip
_MIMESIS = {
    "food": ("food", "dish vegetable fruit drink spices"),
    "occupation": ("person", "occupation"),
    "language": ("person", "language"),
    "nationality": ("person", "nationality"),
    "school": ("person", "university"),
    "sentence": ("text", "sentence"),
    "title": ("text", "title"),
}


@cache
def vocabulary() -> dict[str, dict[str, list[str]]]:
    """Load the vocabulary file: values by locale and kind."""
    values_by_locale: dict[str, dict[str, list[str]]] = json.loads(lzma.decompress(FILE.read_bytes()))
    return values_by_locale


def withheld(value: str) -> bool:
    """Whether a value is held out from training: one in ten, by hash."""
    return crc32(value.encode()) % 10 == 0


@cache
def pool(locale: str, kind: str, held_out: bool) -> tuple[str, ...]:
    """Return a locale's training or held-out values; a small set, such as weekdays, is not divided."""
    values = vocabulary().get(locale, {}).get(kind, [])
    if len(values) < FEW:
        return tuple(values)
    return tuple(value for value in values if withheld(value) == held_out)


def draw_all() -> dict[str, dict[str, list[str]]]:
    """Draw every locale's values."""
    return {locale: _draw_locale(locale) for locale in SCRIPTS}


def _draw_locale(locale: str) -> dict[str, list[str]]:
    import mimesis
    from faker import Faker

    faker = Faker(locale)
    faker.seed_instance(7)
    kinds: dict[str, list[str]] = {}
    for kind, names in _FAKER.items():
        methods = [getattr(faker, name) for name in names.split() if hasattr(faker, name)]
        values = _distinct(methods)
        if kind in ("phone", "postal"):
            values = sorted({re.sub(r"\d", "#", value) for value in values})
        if values:
            kinds[kind] = values
    try:
        generic = mimesis.Generic(mimesis.Locale(_mimesis_locale(locale)), seed=7)
    except ValueError:
        return kinds
    for kind, (provider, names) in _MIMESIS.items():
        methods = [getattr(getattr(generic, provider), name) for name in names.split()]
        if values := _distinct(methods, 90 if kind == "sentence" else LONGEST):
            kinds[kind] = values
    return kinds


def _mimesis_locale(locale: str) -> str:
    language, country = locale.split("_")
    exact = f"{language}-{country.lower()}"
    regional = {"de-at", "de-ch", "en-au", "en-ca", "en-gb", "es-mx", "pt-br", "ar-sa"}
    return exact if exact in regional else language


def _distinct(methods: Iterable[Callable[[], Any]], longest: int = LONGEST) -> list[str]:
    values: dict[str, None] = {}
    for method in methods:
        for _ in range(DRAWS):
            try:
                value = str(method()).strip()
            except Exception:  # a locale that lacks the list
                break
            if 0 < len(value) <= longest and "\n" not in value:
                values[value] = None
            if len(values) >= MOST:
                break
    return list(values)


if __name__ == "__main__":
    text = json.dumps(draw_all(), ensure_ascii=False, separators=(",", ":"))
    FILE.write_bytes(lzma.compress(text.encode(), preset=9))
    print(f"{len(text.encode())} bytes, {FILE.stat().st_size} compressed")
