"""Chats of two or three people, in many languages."""

from __future__ import annotations

from training.scenes import letters
from training.scenes.pen import Pen, keys_of
from training.scenes.phrasebook import SENTENCES
from training.scenes.questions import Found, Role
from training.scenes.source import WorldSource

ROLES = (
    Role("messages", "rows", "messages chat turns conversation", parts=(Role("author", "string", "author user sender who", sure=True), Role("text", "string", "text message content said", sure=True)), sure=True),
    *[role for role in letters.ROLES if role.key in ("amount", "weekday", "clock", "place", "third", "phone", "email", "order", "broken", "count", "product")],
    Role("people", "strings", "participants users people"),
)  # fmt: skip


def chat(source: WorldSource, wanted: frozenset[str] = frozenset()) -> tuple[str, Found]:
    """Messages of two or three people."""
    pen = Pen(source)
    rng, source = pen.rng, pen.source
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
    known = [k for k in SENTENCES[pen.language] if k not in ("day", "delay", "deadline")]
    for key in keys_of(rng, known, wanted, 2):
        text = pen.sentence(key)
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
    pen.found["messages"] = rows
    pen.found["people"] = list(dict.fromkeys(row["author"] for row in rows))
    return "\n".join(lines), pen.found
