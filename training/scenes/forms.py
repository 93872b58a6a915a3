"""Forms whose labels are in the language of their document."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from training.scenes import calendar
from training.scenes.locale_source import LocaleSource
from training.scenes.phrasebook import KINDS, LABELS, STATEMENTS, TRUTH
from training.scenes.role_schemas import Number, Role, RoleSchema, RoleValues, build_role_schema
from training.scenes.sentence_writer import SPOKEN
from training.scenes.vocabulary import SCRIPTS


def form(
    rng: Random, locales: Sequence[str]
) -> tuple[RoleSchema, Callable[[LocaleSource], tuple[str, RoleValues]]]:
    """Draw a form in one language and a schema with names in that language or in English."""
    languages = [locale[:2] for locale in locales]
    language = rng.choices(languages, [SCRIPTS[locale] for locale in locales])[0]
    if language == "en" and rng.random() < 0.6:
        language = rng.choice(languages)
    keys = rng.sample(list(LABELS), rng.randint(2, 8))
    labels = {key: LABELS[key][language] for key in keys}
    keys = [key for key in keys if list(labels.values()).count(labels[key]) == 1] or keys[:1]
    native = rng.random() < 0.35
    roles = [_field(key, labels[key], native) for key in keys]
    role_schema = build_role_schema(rng, roles, grouped=0.1)

    def write(source: LocaleSource) -> tuple[str, RoleValues]:
        return _form(LocaleSource(source.rng, source.held_out, _locale(source.rng, language)), keys, language)

    return role_schema, write


def _field(key: str, label: str, native: bool) -> Role:
    kind = {
        "money": "number",
        "number": "number",
        "integer": "integer",
        "boolean": "boolean",
        "date": "date",
    }.get(KINDS[key], "string")
    name = (
        "".join(
            c for c in label.replace(" ", "_").replace("-", "_").replace("'", "_") if c.isalnum() or c == "_"
        ).lower()
        if native
        else key
    )
    return Role(key, kind, name or key, f"{label}|{key.replace('_', ' ').capitalize()}")


def _form(source: LocaleSource, keys: list[str], language: str) -> tuple[str, RoleValues]:
    rng = source.rng
    role_values: dict[str, Any] = {}
    texts: list[tuple[str, str]] = []
    for key in keys:
        if rng.random() < 0.2:
            continue
        text, value = _value(source, rng, KINDS[key], language)
        role_values[key] = value
        label = LABELS[key][language]
        texts.append((label, text))
    if rng.random() < 0.5:
        rng.shuffle(texts)
    others = [
        key
        for key in LABELS
        if key not in keys and LABELS[key][language] not in {LABELS[k][language] for k in keys}
    ]
    for key in rng.sample(others, rng.choice([0, 0, 1, 2, 3])):
        text, _ = _value(source, rng, KINDS[key], language)
        texts.insert(rng.randint(0, len(texts)), (LABELS[key][language], text))
    if not texts:
        return source.phrase(), role_values
    if rng.random() < 0.35:
        rendered = []
        for label, text in texts:
            shown = label if language == "de" or rng.random() < 0.5 else label.lower()
            line = rng.choice(STATEMENTS[language].split("|")).format(label=shown, value=text)
            rendered.append(line[:1].upper() + line[1:] if not line.startswith(text) else line)
        joint = "" if language in ("zh", "ja") and rng.random() < 0.5 else rng.choice([" ", "\n"])
        return joint.join(rendered), role_values
    separator = rng.choice(
        [
            ": ",
            ": ",
            ": ",
            " : ",
            "\t",
            " - ",
            "：" if language in ("zh", "ja") else ": ",
            "\u00a0: " if language == "fr" else ": ",
            " | ",
            " ..... ",
        ]
    )
    bullet = rng.choice(["", "", "", "- ", "* ", "• "])
    lines = [f"{bullet}{label}{separator}{text}" for label, text in texts]
    if rng.random() < 0.1:
        lines = [f"**{label}**: {text}" for label, text in texts]
    if rng.random() < 0.1:
        lines = [f"{label}\n{text}" for label, text in texts]
    if rng.random() < 0.25:
        lines.insert(
            0, rng.choice([source.company(), source.topic(), source.topic().upper(), f"# {source.topic()}"])
        )
    if rng.random() < 0.15:
        lines.append(source.drawn("sentence"))
    return "\n".join(lines), role_values


def _value(source: LocaleSource, rng: Random, kind: str, language: str) -> tuple[str, Any]:
    match kind:
        case "date":
            day = calendar.day(rng, 1940, 2031)
            return calendar.written(rng, day, language), day.isoformat()
        case "money":
            plain = f"{rng.choice([rng.randint(0, 99), rng.randint(100, 999), rng.randint(1000, 99999)])}.{source.digits(2)}"
            text = (
                calendar.price(rng, plain, language)[0]
                if rng.random() < 0.6
                else calendar.decimal(rng, plain, language)
            )
            return text, Number(plain)
        case "number":
            plain = f"{rng.randint(0, 900)}.{source.digits(rng.choice([1, 2]))}"
            return calendar.decimal(rng, plain, language, grouped=False) + rng.choice(
                ["", "", " kg", " g", "\u00a0kg"]
            ), Number(plain)
        case "integer":
            number = str(rng.choice([rng.randint(1, 20), rng.randint(1, 900)]))
            return number, Number(number)
        case "boolean":
            yes, no = TRUTH[language].split()
            truth = rng.random() < 0.5
            return (yes if truth else no), truth
        case "job" | "nationality":
            text = source.drawn(kind)
            return text, text
    text = str(getattr(source, kind)()).strip()
    return text, text


def _locale(rng: Random, language: str) -> str:
    fitting = [locale for locale in SPOKEN if locale[:2] == language]
    return rng.choices(fitting, [SCRIPTS[locale] for locale in fitting])[0]
