"""What people and programs write to one another, and what is asked of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from random import Random

from training.scenes import chats, forms, letters, logs
from training.scenes.pen import SPOKEN, wanted_of
from training.scenes.questions import Found, Sheet, ask
from training.scenes.source import WorldSource


@dataclass(frozen=True, slots=True)
class Scene:
    """What writes the documents of one schema, and the schema."""

    sheet: Sheet
    write: Callable[[WorldSource], tuple[str, Found]]


def scene(rng: Random, locales: Sequence[str] = ()) -> Scene:
    """A kind of document, and what is asked of it; forms are in a language of the locales, if any are given."""
    roll = rng.random()
    if roll < 0.4:
        made = ask(rng, letters.ROLES, 2, 9)
        return Scene(made, partial(letters.letter, wanted=wanted_of(made)))
    if roll < 0.52:
        made = ask(rng, chats.ROLES, 1, 6)
        return Scene(made, partial(chats.chat, wanted=wanted_of(made)))
    if roll < 0.7:
        return Scene(ask(rng, logs.ROLES, 2, 8), logs.log)
    return Scene(*forms.form(rng, [locale for locale in SPOKEN if not locales or locale in locales]))
