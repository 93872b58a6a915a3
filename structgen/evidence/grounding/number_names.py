"""The words of small numbers and ordinals, in seven languages."""

from __future__ import annotations

from collections.abc import Iterator

CARDINALS = {
    "en": (
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen eighteen nineteen twenty"
    ),
    "de": (
        "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn "
        "sechzehn siebzehn achtzehn neunzehn zwanzig"
    ),
    "fr": (
        "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze "
        "seize dix-sept dix-huit dix-neuf vingt"
    ),
    "es": (
        "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince "
        "dieciséis diecisiete dieciocho diecinueve veinte"
    ),
    "it": (
        "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici "
        "quindici sedici diciassette diciotto diciannove venti"
    ),
    "nl": (
        "nul één twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien "
        "zestien zeventien achttien negentien twintig"
    ),
    "pt": (
        "zero um dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze "
        "dezesseis dezessete dezoito dezenove vinte"
    ),
}
"""The numbers from 0 to 20."""
ORDINALS = {
    "en": "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth",
    "de": "erste zweite dritte vierte fünfte sechste siebte achte neunte zehnte",
    "fr": "premier deuxième troisième quatrième cinquième sixième septième huitième neuvième dixième",
    "es": "primero segundo tercero cuarto quinto sexto séptimo octavo noveno décimo",
    "it": "primo secondo terzo quarto quinto sesto settimo ottavo nono decimo",
    "nl": "eerste tweede derde vierde vijfde zesde zevende achtste negende tiende",
    "pt": "primeiro segundo terceiro quarto quinto sexto sétimo oitavo nono décimo",
}
"""The ordinals from the first on."""
TENS = {
    "en": "thirty forty fifty sixty seventy eighty ninety",
    "de": "dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
    "es": "treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "it": "trenta quaranta cinquanta sessanta settanta ottanta novanta",
    "nl": "dertig veertig vijftig zestig zeventig tachtig negentig",
    "pt": "trinta quarenta cinquenta sessenta setenta oitenta noventa",
    "fr": "trente quarante cinquante soixante",
}
"""The tens from 30 on."""
OTHERS = {
    2: "twice zwo", 12: "dozen dutzend douzaine docena dozzina dozijn dúzia", 16: "dezasseis",
    17: "dezassete", 19: "dezanove", 70: "soixante-dix", 80: "quatre-vingts quatre-vingt",
    90: "quatre-vingt-dix",
    100: "hundred hundert cent cien ciento cento honderd cem", 1000: "thousand tausend mille duizend",
}  # fmt: skip
"""More words of a number."""
AMBIGUOUS = frozenset(
    "one un uno um eins dos sei tre once due elf acht six dix sept mille cent cento cem second "
    "seconde segundo secondo quarto quinto sexto sesto nono quarter nove neuf zes nul null onze".split()
)
"""Words that stand for other things too, in their own language or another."""
_DOUBT_OF_AMBIGUOUS, _DOUBT_OF_CARDINAL, _DOUBT_OF_ORDINAL = 0.4, 0.05, 0.15


def _doubt(word: str, own: float) -> float:
    return _DOUBT_OF_AMBIGUOUS if word in AMBIGUOUS else own


def words_of_numbers() -> dict[str, tuple[int, float]]:
    """Return the number and the doubt of each word, those that join tens and units included."""
    table: dict[str, tuple[int, float]] = {}
    for language, words in CARDINALS.items():
        for number, word in enumerate(words.split()):
            table.setdefault(word, (number, _doubt(word, _DOUBT_OF_CARDINAL)))
        for number, word in enumerate(ORDINALS[language].split(), 1):
            table.setdefault(word, (number, _doubt(word, _DOUBT_OF_ORDINAL)))
        for number, word in enumerate(TENS[language].split(), 3):
            table.setdefault(word, (number * 10, _DOUBT_OF_CARDINAL))
    table |= {word: (number, _DOUBT_OF_CARDINAL) for word, number in _joined_words() if word not in table}
    for other, words in OTHERS.items():
        for word in words.split():
            table.setdefault(word, (other, _doubt(word, _DOUBT_OF_CARDINAL)))
    for number, word in enumerate("twentieth thirtieth fortieth fiftieth sixtieth".split(), 2):
        table[word] = (number * 10, _DOUBT_OF_ORDINAL)
    return table


def _joined_words() -> Iterator[tuple[str, int]]:
    """Yield the numbers from 21 to 99 that German, Dutch, Italian and Spanish write as one word."""
    for language, joint in (("de", "und"), ("nl", "en")):
        names = CARDINALS[language].split()
        for ten, name in enumerate([names[20], *TENS[language].split()], 2):
            for unit in range(1, 10):
                first = {"eins": "ein"}.get(names[unit], names[unit])
                between = "ën" if joint == "en" and first.endswith("e") else joint
                yield f"{first}{between}{name}", ten * 10 + unit
    names = CARDINALS["it"].split()
    for ten, name in enumerate(["venti", *TENS["it"].split()], 2):
        for unit in range(1, 10):
            stem = name[:-1] if names[unit][0] in "uo" else name
            yield stem + names[unit], ten * 10 + unit
    names = CARDINALS["es"].split()
    accented = {"dos": "dós", "tres": "trés", "seis": "séis"}
    for unit in range(1, 10):
        yield "veinti" + accented.get(names[unit], names[unit]), 20 + unit
