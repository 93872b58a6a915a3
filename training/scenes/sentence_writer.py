"""Sentences of letters and chats, filled with values, and the values by role."""

from __future__ import annotations

from random import Random
from typing import Any

from training.scenes import calendar
from training.scenes.locale_source import LocaleSource
from training.scenes.phrasebook import CLOCKS, LANGUAGES, NUMBERS, SENTENCES
from training.scenes.role_schemas import Number, RoleSchema
from training.scenes.vocabulary import SCRIPTS

SPOKEN = [locale for locale in SCRIPTS if locale[:2] in LANGUAGES]
"""Locales whose language has sentence templates."""
_TOLD = {"currency": "amount", "count": "product", "weekday": "meeting", "clock": "meeting"}


def sentence_keys(schema: RoleSchema) -> frozenset[str]:
    """Return the sentence keys that state the roles of a schema."""
    parts = [inner for part in schema.parts for inner in (part.parts or (part,))]
    return frozenset(_TOLD.get(part.role.key, part.role.key) for part in parts)


def choose_keys(rng: Random, available: list[str], preferred: frozenset[str], most: int) -> list[str]:
    """Choose the sentences of a document: each wanted key with probability 0.75, and up to `most` others."""
    keys = [key for key in available if key in preferred and rng.random() < 0.75]
    others = [key for key in available if key not in preferred]
    keys += rng.sample(others, min(len(others), rng.randint(0 if keys else 1, most)))
    rng.shuffle(keys)
    return keys or [available[0]]


class SentenceWriter:
    """Writer of sentences that records the stated values by role."""

    def __init__(self, source: LocaleSource) -> None:
        self.rng = rng = source.rng
        self.language = source.language if source.language in SENTENCES else "en"
        fits = self.language == source.language and source.locale in SPOKEN
        self.source = source if fits else LocaleSource(rng, source.held_out, "en_US")
        self.role_values: dict[str, Any] = {}

    def sentence(self, key: str) -> str:
        """Write the sentence of a key and record its values."""
        rng, source, role_values = self.rng, self.source, self.role_values
        template = rng.choice(SENTENCES[self.language][key].split("|"))
        values: dict[str, str] = {}
        match key:
            case "amount":
                plain = f"{rng.choice([rng.randint(5, 99), rng.randint(100, 999), rng.randint(1000, 99999)])}.{source.digits(2)}"
                if rng.random() < 0.25:
                    plain = plain.split(".")[0]
                values["amount"], role_values["currency"] = calendar.price(rng, plain, self.language)
                role_values["amount"] = Number(plain)
            case "deadline" | "day":
                day = calendar.day(rng, 2005, 2030)
                role_values[key] = day.isoformat()
                values[key] = calendar.written(rng, day, self.language)
            case "product" | "delay":
                name = "count" if key == "product" else "delay"
                number = rng.randint(2, 12) if rng.random() < 0.7 else rng.randint(13, 480)
                words = NUMBERS.get(self.language, "").split()
                values[name] = (
                    words[number - 1] if number <= len(words) and rng.random() < 0.6 else str(number)
                )
                role_values[name] = Number(str(number))
                if key == "product":
                    values["product"] = role_values["product"] = source.product().split(" (")[0]
            case "meeting":
                values["weekday"] = role_values["weekday"] = source.drawn("weekday")
                clock = source.clock()
                values["clock"] = role_values["clock"] = rng.choice(
                    [clock, clock, clock.lstrip("0") or clock, *(CLOCKS if self.language == "en" else ())]
                )
            case "broken":
                values["thing"] = role_values["broken"] = rng.choice(
                    [
                        source.drawn("word"),
                        super(LocaleSource, source).product().lower()
                        if self.language == "en"
                        else source.drawn("word"),
                    ]
                )
            case "order":
                values["order"] = role_values["order"] = source.code()
            case "place":
                values["place"] = role_values["place"] = rng.choice(
                    [source.city(), source.street(), source.company()]
                )
            case "third":
                values["third"] = role_values["third"] = rng.choice([source.person(), source.first()])
            case _:
                values[key] = role_values[key] = getattr(source, key)()
        return template.format(**values)
