"""Letters, chats, logs and forms with their schemas."""

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
    """A schema and the function that writes its documents."""

    sheet: Sheet
    write: Callable[[WorldSource], tuple[str, Found]]


def scene(rng: Random, locales: Sequence[str] = ()) -> Scene:
    """Draw a kind of document and its schema; `locales`, where given, restrict the languages of forms."""
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
