"""Choose a scene: a letter, chat, log or form, with its schema and values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from random import Random

from training.scenes import chats, forms, letters, logs
from training.scenes.locale_source import LocaleSource
from training.scenes.role_schemas import RoleSchema, RoleValues, draw_role_schema
from training.scenes.sentence_writer import SPOKEN, sentence_keys


@dataclass(frozen=True, slots=True)
class Scene:
    """A schema and the function that writes its documents."""

    role_schema: RoleSchema
    write: Callable[[LocaleSource], tuple[str, RoleValues]]


def scene(rng: Random, locales: Sequence[str] = ()) -> Scene:
    """Draw a kind of document and its schema; `locales`, where given, restrict the languages of forms."""
    roll = rng.random()
    if roll < 0.4:
        role_schema = draw_role_schema(rng, letters.ROLES, 2, 9)
        return Scene(role_schema, partial(letters.letter, preferred_keys=sentence_keys(role_schema)))
    if roll < 0.52:
        role_schema = draw_role_schema(rng, chats.ROLES, 1, 6)
        return Scene(role_schema, partial(chats.chat, preferred_keys=sentence_keys(role_schema)))
    if roll < 0.7:
        return Scene(draw_role_schema(rng, logs.ROLES, 2, 8), logs.log)
    return Scene(*forms.form(rng, [locale for locale in SPOKEN if not locales or locale in locales]))
