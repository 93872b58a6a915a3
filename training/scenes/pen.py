"""Sentences of letters and chats, filled with values, and the values by role."""

from __future__ import annotations

from random import Random
from typing import Any

from training.scenes import calendar
from training.scenes.phrasebook import CLOCKS, LANGUAGES, NUMBERS, SENTENCES
from training.scenes.questions import Number, Sheet
from training.scenes.source import WorldSource
from training.scenes.vocabulary import SCRIPTS

SPOKEN = [locale for locale in SCRIPTS if locale[:2] in LANGUAGES]
"""Locales whose language has sentence templates."""
_TOLD = {"currency": "amount", "count": "product", "weekday": "meeting", "clock": "meeting"}


def wanted_of(made: Sheet) -> frozenset[str]:
    """Return the sentence keys that state the roles of a schema."""
    parts = [inner for part in made.parts for inner in (part.parts or (part,))]
    return frozenset(_TOLD.get(part.role.key, part.role.key) for part in parts)


def keys_of(rng: Random, known: list[str], wanted: frozenset[str], most: int) -> list[str]:
    """Choose the sentences of a document: each wanted key with probability 0.75, and up to `most` others."""
    keys = [key for key in known if key in wanted and rng.random() < 0.75]
    others = [key for key in known if key not in wanted]
    keys += rng.sample(others, min(len(others), rng.randint(0 if keys else 1, most)))
    rng.shuffle(keys)
    return keys or [known[0]]


class Pen:
    """Writer of sentences that records the stated values by role."""

    def __init__(self, source: WorldSource) -> None:
        self.rng = rng = source.rng
        self.language = source.language if source.language in SENTENCES else "en"
        fits = self.language == source.language and source.locale in SPOKEN
        self.source = source if fits else WorldSource(rng, source.held_out, "en_US")
        self.found: dict[str, Any] = {}

    def sentence(self, key: str) -> str:
        """Write the sentence of a key and record its values."""
        rng, source, found = self.rng, self.source, self.found
        template = rng.choice(SENTENCES[self.language][key].split("|"))
        values: dict[str, str] = {}
        match key:
            case "amount":
                plain = f"{rng.choice([rng.randint(5, 99), rng.randint(100, 999), rng.randint(1000, 99999)])}.{source.digits(2)}"
                if rng.random() < 0.25:
                    plain = plain.split(".")[0]
                values["amount"], found["currency"] = calendar.price(rng, plain, self.language)
                found["amount"] = Number(plain)
            case "deadline" | "day":
                day = calendar.day(rng, 2005, 2030)
                found[key] = day.isoformat()
                values[key] = calendar.written(rng, day, self.language)
            case "product" | "delay":
                name = "count" if key == "product" else "delay"
                number = rng.randint(2, 12) if rng.random() < 0.7 else rng.randint(13, 480)
                words = NUMBERS.get(self.language, "").split()
                values[name] = (
                    words[number - 1] if number <= len(words) and rng.random() < 0.6 else str(number)
                )
                found[name] = Number(str(number))
                if key == "product":
                    values["product"] = found["product"] = source.product().split(" (")[0]
            case "meeting":
                values["weekday"] = found["weekday"] = source.drawn("weekday")
                clock = source.clock()
                values["clock"] = found["clock"] = rng.choice(
                    [clock, clock, clock.lstrip("0") or clock, *(CLOCKS if self.language == "en" else ())]
                )
            case "broken":
                values["thing"] = found["broken"] = rng.choice(
                    [
                        source.drawn("word"),
                        super(WorldSource, source).product().lower()
                        if self.language == "en"
                        else source.drawn("word"),
                    ]
                )
            case "order":
                values["order"] = found["order"] = source.code()
            case "place":
                values["place"] = found["place"] = rng.choice(
                    [source.city(), source.street(), source.company()]
                )
            case "third":
                values["third"] = found["third"] = rng.choice([source.person(), source.first()])
            case _:
                values[key] = found[key] = getattr(source, key)()
        return template.format(**values)
