"""Chats of two or three people, in many languages."""

from __future__ import annotations

from training.scenes import letters
from training.scenes.locale_source import LocaleSource
from training.scenes.phrasebook import SENTENCES
from training.scenes.role_schemas import Role, RoleValues
from training.scenes.sentence_writer import SentenceWriter, choose_keys

ROLES = (
    Role("messages", "rows", "messages chat turns conversation", parts=(Role("author", "string", "author user sender who", always_stated=True), Role("text", "string", "text message content said", always_stated=True)), always_stated=True),
    *[role for role in letters.ROLES if role.key in ("amount", "weekday", "clock", "place", "third", "phone", "email", "order", "broken", "count", "product")],
    Role("people", "strings", "participants users people"),
)  # fmt: skip


def chat(source: LocaleSource, preferred_keys: frozenset[str] = frozenset()) -> tuple[str, RoleValues]:
    """Write the messages of two or three people, and return text and values."""
    writer = SentenceWriter(source)
    rng, source = writer.rng, writer.source
    names = [
        rng.choice([source.first(), source.first().lower(), source.pseudo_word(), source.person()])
        for _ in range(rng.choice([2, 2, 3]))
    ]
    names = list(dict.fromkeys(names))
    form = rng.choice(
        [
            "@{n}: {t}",
            "{n}: {t}",
            "[{c}] {n}: {t}",
            "<{n}> {t}",
            "{n} ({c}): {t}",
            "{n} - {t}",
            "{c} {n}: {t}",
            "**{n}**: {t}",
        ]
    )
    messages = []
    available = [k for k in SENTENCES[writer.language] if k not in ("day", "delay", "deadline")]
    for key in choose_keys(rng, available, preferred_keys, 2):
        text = writer.sentence(key)
        if rng.random() < 0.3:
            text = rng.choice(["ok. {}", "yep, {}", "lol {}", "{} :)", "hm. {}", "{}!!"]).format(text)
        messages.append(text)
    for _ in range(rng.choice([0, 1, 1, 2])):
        messages.insert(
            rng.randint(0, len(messages)),
            rng.choice([source.phrase(), source.drawn("sentence"), "ok", "thanks!", "no idea", "sure"]),
        )
    rows = [{"author": rng.choice(names), "text": text} for text in messages]
    lines = [form.format(n=row["author"], t=row["text"], c=source.clock()) for row in rows]
    writer.role_values["messages"] = rows
    writer.role_values["people"] = list(dict.fromkeys(row["author"] for row in rows))
    return "\n".join(lines), writer.role_values
