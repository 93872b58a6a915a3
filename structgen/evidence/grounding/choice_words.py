"""What texts write for common codes: currencies and units, by symbols, words and abbreviations."""

from __future__ import annotations

from functools import cache

CURRENCIES = """
USD US$ $ dollars dollar
EUR € euros euro
GBP £ pounds sterling
JPY ¥ 円 yen
CNY RMB ¥ 元 yuan renminbi
INR ₹ Rs rupees rupee
ILS NIS ₪ ש"ח shekels shekel
KRW ₩ 원 won
CHF SFr francs
CAD CA$ C$ $ dollars
AUD AU$ A$ $ dollars
NZD NZ$ $ dollars
SGD S$ SG$ $ dollars
HKD HK$ $ dollars
TWD NT$ 元
MXN MX$ $ pesos
BRL R$ reais real
ARS AR$ $ pesos
CLP CLP$ $ pesos
COP COL$ $ pesos
RUB ₽ руб рублей rubles
UAH ₴ грн hryvnia
TRY ₺ TL lira
PLN zł złotych zloty
CZK Kč korun koruna
HUF Ft forint
SEK kr kronor
NOK kr kroner
DKK kr kroner
VND ₫ đồng dong
THB ฿ บาท baht
PHP ₱ pesos
IDR Rp rupiah
MYR RM ringgit
NGN ₦ naira
ZAR rand
AED dirhams dirham
SAR riyals riyal
"""
UNITS = """
kg kgs kilogram kilograms kilo kilos
g gr gram grams
mg milligram milligrams
t tonne tonnes mt
lb lbs pound pounds
oz ounce ounces
l ltr liter liters litre litres
ml milliliter milliliters millilitre millilitres
gal gallon gallons
m meter meters metre metres
cm centimeter centimeters centimetre centimetres
mm millimeter millimeters millimetre millimetres
km kilometer kilometers kilometre kilometres
ft foot feet
in inch inches
mi mile miles
h hr hrs hour hours
min mins minute minutes
s sec secs second seconds
d day days
wk week weeks
mo month months
yr yrs year years
pcs pc pce piece pieces
ea each
pct % percent
kwh kilowatthour
celsius °C
fahrenheit °F
"""
"""One group to a line; the first words of a line are its codes, and each word may stand for another."""


@cache
def _groups() -> dict[str, tuple[str, ...]]:
    groups: dict[str, tuple[str, ...]] = {}
    for line in (CURRENCIES + UNITS).split("\n"):
        words = tuple(line.split())
        for word in words:
            if word.isascii() and word.isalpha():
                groups.setdefault(word.lower(), tuple(other for other in words if other != word))
    return groups


def synonyms(word: str) -> tuple[str, ...]:
    """Return what texts write for a code of a currency or unit; none for other words."""
    return _groups().get(word.strip().lower(), ())
