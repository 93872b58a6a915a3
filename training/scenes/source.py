"""A source of values from the wide world: one locale a document, from the vocabulary's file."""

from __future__ import annotations

from random import Random

from training.scenes.vocabulary import SCRIPTS, pool, vocabulary, withheld
from training.values import Source

_LOCALES, _WEIGHTS = list(SCRIPTS), list(SCRIPTS.values())
_SITES = "gmail.com outlook.com yahoo.com web.de orange.fr mail.ru qq.com proton.me example.com example.org".split()
_PARTICLES = "van de|van der|de la|von|di|de|dos|al-|Mc|O'|D'|St. ".split("|")


class WorldSource(Source):
    """As `Source`, of a locale; about one value in eight is still invented."""

    def __init__(self, rng: Random, held_out: bool = False, locale: str | None = None) -> None:
        super().__init__(rng, held_out)
        self.locale = locale or rng.choices(_LOCALES, _WEIGHTS)[0]
        self.language = self.locale[:2]

    def drawn(self, kind: str, invented: float = 0.0) -> str:
        """A value of the locale, or of the English of America where it has none."""
        if invented and self.rng.random() < invented:
            return self.pseudo_word().capitalize()
        values = pool(self.locale, kind, self.held_out) or pool("en_US", kind, self.held_out)
        return self.rng.choice(values)

    def first(self) -> str:
        """A given name, sometimes two in one."""
        name = self.drawn("first", 0.1)
        if self.rng.random() < 0.04:
            return f"{name}{self.rng.choice(['-', ' '])}{self.drawn('first')}"
        return name

    def last(self) -> str:
        """A family name."""
        name = self.drawn("last", 0.15)
        if self.rng.random() < 0.05 and name.isascii():
            particle = self.rng.choice(_PARTICLES)
            return particle + ("" if particle[-1] in "c'- " else " ") + name
        if self.rng.random() < 0.03:
            return f"{name}-{self.drawn('last')}"
        return name

    def person(self) -> str:
        """A full name as its country writes it."""
        if self.language in ("zh", "ja", "ko"):
            return self.last() + self.rng.choice(["", "", " "]) + self.drawn("first")
        if self.language == "hu" and self.rng.random() < 0.5:
            return f"{self.last()} {self.first()}"
        middle = self.rng.choice(["", "", "", "", f" {self.rng.choice('ABCDEFGHJKLMNPRST')}."])
        return f"{self.first()}{middle} {self.last()}"

    def company(self) -> str:
        """A company; some are built of our own words."""
        return super().company() if self.rng.random() < 0.25 else self.drawn("company")

    def city(self) -> str:
        """A town."""
        return self.drawn("city", 0.1)

    def region(self) -> str:
        """A state, a province."""
        return self.drawn("region", 0.1)

    def country(self) -> str:
        """A country, in the locale's language."""
        return self.drawn("country")

    def street(self) -> str:
        """A street and its number."""
        if self.rng.random() < 0.2:
            return super().street()
        place = self.drawn("place")
        if self.rng.random() < 0.5:
            place = self._renumbered(place)
        return place

    def _renumbered(self, place: str) -> str:
        return "".join(str(self.rng.randrange(10)) if c in "123456789" else c for c in place)

    def filled(self, pattern: str) -> str:
        """A pattern whose `#` are digits."""
        return "".join(str(self.rng.randrange(10)) if c == "#" else c for c in pattern)

    def postal(self) -> str:
        """A code of the locale's post."""
        return self.filled(self.drawn("postal"))

    def phone(self) -> str:
        """A number in a form of the locale."""
        return self.filled(self.drawn("phone")) if self.rng.random() < 0.7 else super().phone()

    def address(self) -> str:
        """An address on one line."""
        joint = self.rng.choice([", ", ", ", " - ", "; "])
        return f"{self.street()}{joint}{self.postal()} {self.city()}"

    def email(self) -> str:
        """An address of a person or an office."""
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
        """A page."""
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
        """A ware: of ours, food, or words."""
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
        """A remark."""
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
        """A title or a trade."""
        roll = self.rng.random()
        if roll < 0.4:
            return super().topic()
        return self.drawn(self.rng.choice(["job", "occupation", "title", "phrase", "job"]))

    def skill(self) -> str:
        """A word, or what somebody can do."""
        return (
            super().skill()
            if self.rng.random() < 0.4
            else self.drawn(self.rng.choice(["word", "language", "job", "food"]))
        )

    def word(self) -> str:
        """A word, a place, a nation."""
        if self.rng.random() < 0.3:
            return super().word()
        return self.drawn(self.rng.choice(["word", "word", "region", "city", "nationality", "last"]))


def sources(rng: Random) -> Source:
    """A source for a document of training: one of ours, or of the world."""
    return Source(rng) if rng.random() < 0.3 else WorldSource(rng)


__all__ = ["WorldSource", "sources", "vocabulary", "withheld"]
