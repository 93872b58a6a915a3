"""Long documents with exact truth, always the same ones for a seed."""

import random
from collections.abc import Iterator, Sequence

from grounding_rendering import NOTATIONS, Notation
from long_lists_draft import Draft
from long_lists_families import STYLES
from long_lists_strangers import STRANGERS, stranger
from long_lists_writing import Document, Writer

SMALL = (0, 1, 2, 3, 5, 8, 13, 25, 40, 60)
"""Rows of small documents."""
PLAIN = Notation("en", ".", ",", "{}", "-{}", "iso", ("yes", "no"))
LANGUAGE_OF_NOTATION = {"en": ("en", "en", "zh", "ja"), "de": ("de", "ru"), "fr": ("fr", "ru")}


def documents(
    seed: int, styles: Sequence[str], rows: int | None, count: int | None = None, *, plain: bool = False
) -> Iterator[Document]:
    """Yield `count` documents (by default one of each style), the styles by turns.

    `rows` is the number of rows of each; with None it is a small one, drawn for each document.
    """
    for i in range(len(styles) if count is None else count):
        yield document(styles[i % len(styles)], seed * 1_000_003 + i, rows, plain=plain)


def document(style: str, seed: int, rows: int | None = None, *, plain: bool = False) -> Document:
    """Return one document.

    `style` may name the kind of rows too, as in `fixed:prices`. A `plain` document is in English, with ISO
    dates and without prose.
    """
    if style in STRANGERS:
        return stranger(style, seed, rows)
    name, _, only = style.partition(":")
    pages = 1
    for _ in range(3):  # the number of pages stands on each page: its digits may add one
        rng = random.Random(f"{style} {seed}")
        notation = PLAIN if plain else rng.choice(NOTATIONS)
        language = "en" if plain else rng.choice(LANGUAGE_OF_NOTATION.get(notation.language, ("en",)))
        newline = "\r\n" if not plain and rng.random() < 0.1 else "\n"
        writer = Writer(rng, notation, newline, None, pages)
        draft = Draft(writer, rng, language, only, plain)
        STYLES[name](draft, rng.choice(SMALL) if rows is None else rows)
        if writer.page == pages:
            break
        pages = writer.page
    text = writer.text
    return Document(
        style,
        text,
        draft.schema,
        draft.gold,
        tuple(text.split("\f")),
        writer.spans,
        writer.scalars,
        writer.countable,
    )
