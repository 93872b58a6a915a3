"""Long documents with exact truth, always the same ones for a seed."""

import random
from collections.abc import Iterator, Sequence

import long_lists_held_out
import long_lists_styles
from grounding_rendering import NOTATIONS
from long_lists_draft import Draft
from long_lists_records import LANGUAGES
from long_lists_writing import Document, Writer

STYLES = {**long_lists_styles.STYLES, **long_lists_held_out.STYLES}
SMALL = (0, 1, 2, 3, 5, 8, 13, 25, 40, 60)
"""Rows of small documents."""
LANGUAGE_OF_NOTATION = {"en": ("en", "en", "zh", "ja"), "de": ("de", "ru"), "fr": ("fr", "ru")}


def documents(
    seed: int, styles: Sequence[str], rows: int | None, count: int | None = None
) -> Iterator[Document]:
    """Yield `count` documents (by default one of each style), the styles by turns.

    `rows` is the number of rows of each; with None it is a small one, drawn for each document.
    """
    for i in range(len(styles) if count is None else count):
        yield document(styles[i % len(styles)], seed * 1_000_003 + i, rows)


def document(style: str, seed: int, rows: int | None = None, *, latin: bool = False) -> Document:
    """Return one document; with `latin` in English alone."""
    pages = 1
    for _ in range(3):  # the number of pages stands on each page: its digits may add one
        rng = random.Random(f"{style} {seed}")
        notation = rng.choice(NOTATIONS)
        language = rng.choice(LANGUAGE_OF_NOTATION.get(notation.language, ("en",)))
        if latin:
            language, notation = "en", NOTATIONS[1]
        assert language in LANGUAGES
        writer = Writer(rng, notation, "\r\n" if rng.random() < 0.1 else "\n", None, pages)
        draft = Draft(writer, rng, language)
        STYLES[style](draft, rng.choice(SMALL) if rows is None else rows)
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
