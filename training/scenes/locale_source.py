"""A source of values of one locale, drawn from the vocabulary file."""

from __future__ import annotations

from random import Random

from training.scenes.vocabulary import SCRIPTS, pool, vocabulary, withheld
from training.values import Source

_LOCALES, _WEIGHTS = list(SCRIPTS), list(SCRIPTS.values())
_SITES = "gmail.com outlook.com yahoo.com web.de orange.fr mail.ru qq.com proton.me example.com example.org".split()
_PARTICLES = "van de|van der|de la|von|di|de|dos|al-|Mc|O'|D'|St. ".split("|")


class LocaleSource(Source):
    """A `Source` of one locale; about one value in eight is invented."""

    def __init__(self, rng: Random, held_out: bool = False, locale: str | None = None) -> None:
        super().__init__(rng, held_out)
        self.locale = locale or rng.choices(_LOCALES, _WEIGHTS)[0]
        self.language = self.locale[:2]

    def drawn(self, kind: str, invented: float = 0.0) -> str:
        """Draw a value of the locale, or of `en_US` where the locale has none."""
        if invented and self.rng.random() < invented:
            return self.pseudo_word().capitalize()
        values = pool(self.locale, kind, self.held_out) or pool("en_US", kind, self.held_out)
        return self.rng.choice(values)

    def first(self) -> str:
        """Draw a given name, sometimes a double one."""
        name = self.drawn("first", 0.1)
        if self.rng.random() < 0.04:
            return f"{name}{self.rng.choice(['-', ' '])}{self.drawn('first')}"
        return name

    def last(self) -> str:
        """Draw a family name."""
        name = self.drawn("last", 0.15)
        if self.rng.random() < 0.05 and name.isascii():
            particle = self.rng.choice(_PARTICLES)
            return particle + ("" if particle[-1] in "c'- " else " ") + name
        if self.rng.random() < 0.03:
            return f"{name}-{self.drawn('last')}"
        return name

    def person(self) -> str:
        """Draw a full name in the order of its language."""
        if self.language in ("zh", "ja", "ko"):
            return self.last() + self.rng.choice(["", "", " "]) + self.drawn("first")
        if self.language == "hu" and self.rng.random() < 0.5:
            return f"{self.last()} {self.first()}"
        middle = self.rng.choice(["", "", "", "", f" {self.rng.choice('ABCDEFGHJKLMNPRST')}."])
        return f"{self.first()}{middle} {self.last()}"

    def company(self) -> str:
        """Draw a company, one in four from the built-in lists."""
        return super().company() if self.rng.random() < 0.25 else self.drawn("company")

    def city(self) -> str:
        """Draw a town."""
        return self.drawn("city", 0.1)

    def region(self) -> str:
        """Draw a state or province."""
        return self.drawn("region", 0.1)

    def country(self) -> str:
        """Draw a country's name in the locale's language."""
        return self.drawn("country")

    def street(self) -> str:
        """Draw a street with a house number."""
        if self.rng.random() < 0.2:
            return super().street()
        place = self.drawn("place")
        if self.rng.random() < 0.5:
            place = self._replace_digits(place)
        return place

    def _replace_digits(self, place: str) -> str:
        return "".join(str(self.rng.randrange(10)) if c in "123456789" else c for c in place)

    def fill_pattern(self, pattern: str) -> str:
        """Replace each `#` of a pattern with a random digit."""
        return "".join(str(self.rng.randrange(10)) if c == "#" else c for c in pattern)

    def postal(self) -> str:
        """Draw a postal code of the locale."""
        return self.fill_pattern(self.drawn("postal"))

    def phone(self) -> str:
        """Draw a phone number, mostly in a format of the locale."""
        return self.fill_pattern(self.drawn("phone")) if self.rng.random() < 0.7 else super().phone()

    def address(self) -> str:
        """Draw an address on one line."""
        joint = self.rng.choice([", ", ", ", " - ", "; "])
        return f"{self.street()}{joint}{self.postal()} {self.city()}"

    def email(self) -> str:
        """Draw the e-mail address of a person or an office."""
        if not self.last().isascii():
            local = f"{self.pseudo_word()}{self.rng.choice(['.', '_', '', '-'])}{self.pseudo_word()}"
        else:
            local = f"{self.drawn('first')}{self.rng.choice(['.', '_', '', '-'])}{self.drawn('last')}".lower()
            local = (
                "".join(c for c in local if c.isascii() and (c.isalnum() or c in "._-")).strip("._-")
                or "info"
            )
        local = self.rng.choice([local, local, local + self.digits(2), local[0] + "." + self.pseudo_word()])
        site = self.rng.choice(
            [
                self.rng.choice(_SITES),
                f"{self.pseudo_word()}.{self._end()}",
                f"{self.pseudo_word()}-{self.pseudo_word()}.{self._end()}",
            ]
        )
        return f"{local}@{site}"

    def _end(self) -> str:
        return self.rng.choice(["com", "org", "net", "io", "co.uk", "eu", self.locale[3:].lower()])

    def url(self) -> str:
        """Draw a URL."""
        path = self.rng.choice(
            [
                "",
                "/",
                f"/{self.pseudo_word()}",
                f"/{self.pseudo_word()}/{self.digits(3)}",
                f"/?id={self.digits(4)}",
            ]
        )
        return f"{self.rng.choice(['https://', 'https://www.', 'http://'])}{self.pseudo_word()}.{self._end()}{path}"

    def product(self) -> str:
        """Draw a product: from the built-in lists, food, or words of the locale."""
        roll = self.rng.random()
        if roll < 0.4:
            return super().product()
        if roll < 0.65:
            text = self.drawn("food")
        else:
            text = " ".join(self.drawn("word") for _ in range(self.rng.choice([1, 2, 2, 3])))
        if self.rng.random() < 0.25:
            text += self.rng.choice(
                [
                    f" {self.rng.randint(2, 900)}{self.rng.choice(['g', 'ml', 'cm', ' kg', 'L', ' mm', 'W'])}",
                    f" {self.code()}",
                    f" x{self.rng.randint(2, 12)}",
                ]
            )
        return self.rng.choice([text, text, text[:1].upper() + text[1:], text.upper()])

    def phrase(self) -> str:
        """Draw a remark."""
        roll = self.rng.random()
        if roll < 0.35:
            return super().phrase()
        if roll < 0.5:
            return self.drawn("sentence")
        if roll < 0.65:
            return self.drawn("phrase")
        text = " ".join(self.drawn("word") for _ in range(self.rng.randint(2, 8)))
        return self.rng.choice([text, text[:1].upper() + text[1:], text[:1].upper() + text[1:] + "."])

    def topic(self) -> str:
        """Draw a title or a profession."""
        roll = self.rng.random()
        if roll < 0.4:
            return super().topic()
        return self.drawn(self.rng.choice(["job", "occupation", "title", "phrase", "job"]))

    def skill(self) -> str:
        """Draw a skill or a word."""
        return (
            super().skill()
            if self.rng.random() < 0.4
            else self.drawn(self.rng.choice(["word", "language", "job", "food"]))
        )

    def word(self) -> str:
        """Draw a word, a place or a nationality."""
        if self.rng.random() < 0.3:
            return super().word()
        return self.drawn(self.rng.choice(["word", "word", "region", "city", "nationality", "last"]))


def draw_source(rng: Random) -> Source:
    """Draw the source of a training document: the built-in lists or a locale."""
    return Source(rng) if rng.random() < 0.3 else LocaleSource(rng)


__all__ = ["LocaleSource", "draw_source", "vocabulary", "withheld"]
