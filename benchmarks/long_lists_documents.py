"""Long documents with exact truth, always the same ones for a seed."""

import random
from collections.abc import Iterator, Sequence

import long_lists_held_out
import long_lists_styles
from grounding_rendering import NOTATIONS, Notation
from long_lists_draft import Draft
from long_lists_records import KINDS
from long_lists_strangers import STRANGERS, stranger
from long_lists_tables import LAYOUTS
from long_lists_writing import Document, Writer

STYLES = {**long_lists_styles.STYLES, **long_lists_held_out.STYLES}
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


def tuned() -> list[str]:
    return sorted(long_lists_styles.STYLES)


def held_out() -> list[str]:
    return sorted(long_lists_held_out.STYLES)


def by_kind() -> list[str]:
    """Return every layout of tables and entries with every kind of rows."""
    names = [*LAYOUTS, "blocks", "numbered", "bulleted", "two_lines", "box", "ruled_right", "simple_table"]
    return [f"{name}:{kind.list_name}" for name in names for kind in KINDS]
