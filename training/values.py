"""Kinds of values: the document's text and the JSON literal of each."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from training import words
from training.templates import WORDS

MONTHS = ("January February March April May June July August September October November December").split()


@dataclass(frozen=True, slots=True)
class Value:
    """A value as text in a document and as a JSON literal."""

    text: str
    literal: str


class Source:
    """A seeded source of values; `held_out` restricts it to the lists outside training."""

    def __init__(self, rng: Random, held_out: bool = False) -> None:
        self.rng, self.held_out = rng, held_out

    def pick(self, kind: str, training_values: list[str]) -> str:
        """Draw from a list of the kind, or invent a word."""
        pool, invented = (words.HELD_OUT[kind], 0.12) if self.held_out else (training_values, 0.3)
        if self.rng.random() < invented:
            return self.pseudo_word().capitalize()
        return self.rng.choice(pool)

    def pseudo_word(self) -> str:
        """Invent a word of two or three syllables."""
        consonants, vowels = "bcdfghjklmnprstvwz", "aeiou"
        syllables = self.rng.randint(2, 3)
        return "".join(
            self.rng.choice(consonants) + self.rng.choice(vowels) + self.rng.choice(["", "", "n", "r"])
            for _ in range(syllables)
        )

    def digits(self, count: int) -> str:
        """Draw a string of digits."""
        return "".join(self.rng.choice("0123456789") for _ in range(count))

    def first(self) -> str:
        """Draw a given name."""
        return self.pick("first", words.FIRST)

    def last(self) -> str:
        """Draw a family name."""
        return self.pick("last", words.LAST)

    def person(self) -> str:
        """Draw a full name, sometimes with a title or an initial."""
        middle = f" {self.rng.choice('ABCDEFGHJKLMNPRST')}." if self.rng.random() < 0.1 else ""
        prefix = self.rng.choice(["Dr. ", "Ms. ", "Mr. "]) if self.rng.random() < 0.06 else ""
        return f"{prefix}{self.first()}{middle} {self.last()}"

    def company(self) -> str:
        """Draw a company with its legal form."""
        stem = self.pick("company", words.COMPANY)
        return f"{stem} {self.rng.choice(words.COMPANY_KINDS)}{self.rng.choice(words.COMPANY_ENDS)}"

    def city(self) -> str:
        """Draw a town."""
        return self.pick("city", words.CITIES)

    def street(self) -> str:
        """Draw a street with a house number."""
        name = f"{self.rng.choice(words.STREETS)} {self.rng.choice(words.STREET_KINDS)}"
        number = self.rng.randint(1, 999)
        return self.rng.choice([f"{number} {name}", f"{number} {name}", f"{name} {number}"])

    def postal(self) -> str:
        """Draw a postal code."""
        letters = "".join(self.rng.choice("ABCDEFGHJKLMNPRSTVWXY") for _ in range(3))
        return self.rng.choice(
            [
                self.digits(5),
                self.digits(5),
                self.digits(4),
                f"{letters[0]}{self.digits(2)} {self.digits(1)}{letters[1:]}",
            ]
        )

    def address(self) -> str:
        """Draw an address on one line."""
        return f"{self.street()}, {self.postal()} {self.city()}"

    def email(self) -> str:
        """Draw an e-mail address."""
        local = f"{self.first()}{self.rng.choice(['.', '_', ''])}{self.last()}".lower()
        site = self.pick("company", words.COMPANY).lower()
        end = self.rng.choice(["com", "org", "net", "example", "de", "io", "co.uk"])
        plain = "".join(c if c.isascii() else "e" for c in local)
        return f"{self.rng.choice([plain, plain, 'info', 'sales', 'office'])}@{site}.{end}"

    def url(self) -> str:
        """Draw a URL."""
        site = self.pick("company", words.COMPANY).lower()
        return f"https://{self.rng.choice(['www.', '', 'jobs.'])}{site}.{self.rng.choice(['com', 'org', 'example'])}/{self.pseudo_word()}"

    def phone(self) -> str:
        """Draw a phone number."""
        d = self.digits
        return self.rng.choice(
            [
                f"+{self.rng.choice(['1', '44', '49', '33', '34'])} {d(3)} {d(3)} {d(4)}",
                f"({d(3)}) {d(3)}-{d(4)}",
                f"{d(3)}-{d(3)}-{d(4)}",
                f"+{d(2)} {d(2)} {d(7)}",
                f"0{d(3)} {d(6)}",
                f"555-{d(4)}",
            ]
        )

    def code(self) -> str:
        """Draw an identifier of letters and digits."""
        letters = "".join(self.rng.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for _ in range(4))
        d, size = self.digits, self.rng.randint(2, 4)
        return self.rng.choice(
            [
                f"{letters[:size]}-{d(self.rng.randint(3, 7))}",
                f"{letters[:size]}-20{d(2)}-{d(4)}",
                f"{letters[:size]}{d(self.rng.randint(4, 9))}",
                f"{d(4)}-{d(4)}",
                d(self.rng.randint(5, 12)),
                f"{letters[0]}{d(1)}{letters[1]}{d(2)}{letters[2]}",
                f"#{d(5)}",
                f"{letters[:2]}/{d(4)}/{d(2)}",
            ]
        )

    def product(self) -> str:
        """Draw a product."""
        noun = self.pick("noun", words.NOUNS)
        text = self.rng.choice([noun, f"{self.rng.choice(words.ADJECTIVES)} {noun}"])
        text = self.rng.choice(
            [text, text, f"{text} {self.code()}", f"{text} ({self.rng.randint(2, 50)} pcs)"]
        )
        return self.rng.choice([text, text.capitalize(), text.title(), text.upper()])

    def phrase(self) -> str:
        """Draw a remark."""
        text = self.pick("phrase", words.PHRASES)
        if not self.held_out and self.rng.random() < 0.5:
            text = self.random_words(3, 7)
        if self.rng.random() < 0.2:
            text = f"{text}, {self.pick('phrase', words.PHRASES)}"
        return self.rng.choice([text, text[:1].upper() + text[1:]])

    def random_words(self, fewest: int, most: int) -> str:
        """Draw a sequence of random words, which a model cannot memorize and has to copy."""
        pools = (WORDS, words.NOUNS, words.NAME_WORDS)
        count = self.rng.randint(fewest, most)
        return " ".join(self.rng.choice(self.rng.choice(pools)) for _ in range(count))

    def topic(self) -> str:
        """Draw a title."""
        text = self.pick("topic", words.TOPICS)
        if not self.held_out and self.rng.random() < 0.5:
            text = self.random_words(2, 3).capitalize()
        return self.rng.choice(
            [text, text, f"{text} {self.rng.randint(2, 2030)}", f"{text} in {self.city()}"]
        )

    def skill(self) -> str:
        """Draw a skill."""
        return self.pick("skill", words.SKILLS)

    def word(self) -> str:
        """Draw a word."""
        return self.rng.choice(
            [
                self.pseudo_word(),
                self.pseudo_word().capitalize(),
                self.rng.choice(words.NAME_WORDS),
                self.city(),
            ]
        )

    def words(self) -> str:
        """Draw one to four words."""
        return " ".join(self.word() for _ in range(self.rng.randint(1, 4)))

    def country(self) -> str:
        """Draw a country."""
        return self.rng.choice(words.COUNTRIES)

    def clock(self) -> str:
        """Draw a time of day."""
        return f"{self.rng.randint(0, 23):02d}:{self.rng.choice([0, 0, 15, 30, 45, self.rng.randint(0, 59)]):02d}"


def string(text: str, written: str | None = None) -> Value:
    """Build the value of a JSON string; `written` is the document's text where it differs."""
    return Value(text if written is None else written, json.dumps(text, ensure_ascii=False))


def date(source: Source) -> Value:
    """Draw a date: ISO in JSON, and in the document ISO or another common format."""
    rng = source.rng
    year, month, day = rng.randint(1950, 2031), rng.randint(1, 12), rng.randint(1, 28)
    name, iso = MONTHS[month - 1], f"{year}-{month:02d}-{day:02d}"
    forms = [f"{day} {name} {year}", f"{name} {day}, {year}", f"{day:02d}.{month:02d}.{year}"]
    forms += [f"{year}/{month:02d}/{day:02d}", f"{day} {name[:3]} {year}"]
    return string(iso, iso if rng.random() < 0.55 else rng.choice(forms))


def moment(source: Source) -> Value:
    """Draw a date-time in UTC."""
    day = date(source).literal.strip('"')
    clock = source.clock()
    written = source.rng.choice([f"{day}T{clock}:00Z", f"{day} {clock}", f"{day} {clock} UTC"])
    return string(f"{day}T{clock}:00Z", written)


def money(source: Source) -> Value:
    """Draw an amount, in the document perhaps with a currency."""
    rng = source.rng
    whole, cents = (
        rng.choice([rng.randint(0, 99), rng.randint(0, 999), rng.randint(1000, 99999)]),
        source.digits(2),
    )
    plain, grouped = f"{whole}.{cents}", f"{whole:,}.{cents}"
    if rng.random() < 0.15:
        plain, grouped = f"{whole}", f"{whole:,}"
    shown = rng.choice([plain, plain, grouped])
    written = rng.choice(
        [shown, shown, f"${shown}", f"{shown} EUR", f"USD {shown}", f"€{shown}", f"{shown} $"]
    )
    return Value(written, plain)


def integer(source: Source) -> Value:
    """Draw an integer, in the document perhaps with a unit."""
    rng = source.rng
    number = rng.choice([rng.randint(0, 12), rng.randint(1, 99), rng.randint(1, 999), rng.randint(1, 250000)])
    written = f"{number:,}" if number > 999 and rng.random() < 0.3 else str(number)
    if rng.random() < 0.08:
        written += rng.choice([" pcs", " units", " km", " years"])
    return Value(written, str(number))


def number(source: Source) -> Value:
    """Draw a decimal number, in the document perhaps with a unit."""
    rng = source.rng
    text = f"{rng.randint(0, 500)}.{source.digits(rng.randint(1, 3))}"
    sign = "-" if rng.random() < 0.06 else ""
    written = rng.choice([text, text, text, f"{text} kg", f"{text}%", f"{text} m"])
    return Value(sign + written, sign + text)


def boolean(source: Source) -> Value:
    """Draw a boolean, in the document a word such as `yes` or `off`."""
    truth = source.rng.random() < 0.5
    yes, no = source.rng.choice(
        [("yes", "no"), ("Yes", "No"), ("true", "false"), ("YES", "NO"), ("on", "off")]
    )
    return Value(yes if truth else no, "true" if truth else "false")


def _plain(method: Callable[[Source], str]) -> Callable[[Source], Value]:
    return lambda source: string(method(source))


def _source_method(name: str) -> Callable[[Source], Value]:
    """Return a generator that calls the source's method of the given name."""
    return lambda source: string(getattr(source, name)())


KINDS: dict[str, Callable[[Source], Value]] = {
    "date": date,
    "moment": moment,
    "money": money,
    "integer": integer,
    "number": number,
    "boolean": boolean,
    **{
        name: _source_method(name)
        for name in (
            "person first last company city street postal address email url phone code product phrase topic "
            "skill word words clock"
        ).split()
    },
    "four": _plain(lambda source: source.digits(4)),
    "country": _source_method("country"),
    "currency": _plain(lambda source: source.rng.choice(["USD", "EUR", "GBP", "CHF", "JPY", "SEK"])),
    "amount": _plain(lambda source: f"{source.rng.randint(0, 999)}.{source.digits(2)}"),
    "day": _plain(
        lambda source: f"{source.rng.randint(1, 28):02d}/{source.rng.randint(1, 12):02d}/20{source.digits(2)}"
    ),
}
