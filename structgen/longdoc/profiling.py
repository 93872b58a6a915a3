"""How many rows, and how long a document, a model reads well at once.

The measurement is a generator that asks for readings of documents and is sent them, without an engine:

    measurement = measure()
    trial = next(measurement)
    while True:
        try:
            trial = measurement.send([read(document) for document in trial.documents])
        except StopIteration as end:
            return end.value
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from structgen.longdoc.profiling_documents import LAYOUTS, ProfileDocument, profile_document

ROWS_PER_SIZE = 80
"""Rows of a size that are read, at least."""
MAX_ROWS, MAX_CHARACTERS = 200, 512_000
"""The largest size, and the longest text around the rows."""
QUALITY = 0.98
"""Share of the rows right, of those right one at a time, that counts as well."""
READABLE = 0.95
"""Share of single rows right, from which on a layout says something of the number of rows."""
_FIRST_FILLER = 1_000


@dataclass(frozen=True, slots=True)
class Reading:
    """A model's answer to a document. `items` is None where the document does not fit its context."""

    items: list[Any] | None
    tokens: int
    """Tokens of the document."""


@dataclass(frozen=True, slots=True)
class Trial:
    """Documents to read, each with this number of rows and this text around them."""

    documents: tuple[ProfileDocument, ...]
    rows: int
    filler: int


@dataclass(frozen=True, slots=True)
class Share:
    """Rows that were read right, of those with this number of rows and this text around them."""

    rows: int
    filler: int
    tokens: int
    """Tokens of the longest document."""
    by_layout: Mapping[str, float]
    fits: bool = True

    @property
    def right(self) -> float:
        """The share over all layouts."""
        return sum(self.by_layout.values()) / len(self.by_layout)

    def to_json(self) -> dict[str, Any]:
        """Return the members that the command prints."""
        return {
            "rows": self.rows,
            "characters_around": self.filler,
            "tokens": self.tokens,
            "right": {name: round(share, 4) for name, share in self.by_layout.items()},
            "fits_context": self.fits,
        }


@dataclass(frozen=True, slots=True)
class Profile:
    """What a model reads well at once, and the shares that say so.

    `segment_tokens` is None where not even a short text around the rows leaves them as well read.
    """

    rows_per_segment: int
    segment_tokens: int | None
    layouts: tuple[str, ...]
    """The layouts that the figures are of."""
    shares: tuple[Share, ...]

    @property
    def reads_single_rows(self) -> bool:
        """Whether the model reads rows one at a time well, in some layout."""
        return any(self.shares[0].by_layout[name] >= READABLE for name in self.layouts)

    def to_json(self) -> dict[str, Any]:
        """Return the members that the command prints."""
        return {
            "rows_per_segment": self.rows_per_segment,
            "segment_tokens": self.segment_tokens,
            "layouts": list(self.layouts),
            "shares": [share.to_json() for share in self.shares],
        }


Readings = Sequence[Reading]
Measurement = Generator[Trial, Readings, Profile]


def measure(
    *, rows_per_size: int = ROWS_PER_SIZE, max_rows: int = MAX_ROWS, quality: float = QUALITY
) -> Measurement:
    """Ask for readings of growing documents, and return the profile.

    The layouts that count are those whose rows the model reads well one at a time; where there is none, the
    one that it reads best. Sizes double until rows are read worse than one at a time; then the largest good
    size is searched for between the last two. Documents of this size grow longer in the same way, with text
    around the rows.
    """
    alone = yield from _share(tuple(LAYOUTS), 1, 0, rows_per_size)
    by_layout = alone.by_layout
    layouts = tuple(name for name in LAYOUTS if by_layout[name] >= READABLE)
    layouts = layouts or (max(LAYOUTS, key=by_layout.__getitem__),)
    least = quality * sum(by_layout[name] for name in layouts) / len(layouts)
    shares = [alone]

    def is_good(rows: int, filler: int = 0) -> Generator[Trial, Readings, bool]:
        share = yield from _share(layouts, rows, filler, rows_per_size)
        shares.append(share)
        return share.fits and share.right >= least

    rows = yield from _largest(is_good, 1, max_rows)
    filler = yield from _largest(lambda size: is_good(rows, size), 0, MAX_CHARACTERS)
    tokens = [share.tokens for share in shares if share.rows == rows and share.filler == filler > 0]
    return Profile(rows, tokens[0] if tokens else None, layouts, tuple(shares))


def _largest(
    is_good: Callable[[int], Generator[Trial, Readings, bool]], good: int, most: int
) -> Generator[Trial, Readings, int]:
    """Return the largest size that is good, to an eighth; `good` is known to be."""
    size = 2 * good or _FIRST_FILLER
    while size <= most and (yield from is_good(size)):
        good, size = size, 2 * size
    bad = min(size, most + 1)
    while good and bad - good > max(1, good // 8):
        middle = (good + bad) // 2
        if (yield from is_good(middle)):
            good = middle
        else:
            bad = middle
    return good


def _share(layouts: Sequence[str], rows: int, filler: int, least: int) -> Generator[Trial, Readings, Share]:
    """Have documents of one size read, enough of them for `least` rows, and return how well they were."""
    number = -(-least // (rows * len(layouts)))
    documents = tuple(profile_document(name, rows, i, filler) for name in layouts for i in range(number))
    readings = yield Trial(documents, rows, filler)
    right, fits = Counter[str](), True
    for document, reading in zip(documents, readings, strict=True):
        if reading.items is None:
            fits = False
        else:
            right[document.layout] += right_rows(document, reading.items)
    by_layout = {name: right[name] / (number * rows) for name in layouts}
    return Share(rows, filler, max(reading.tokens for reading in readings), by_layout, fits)


def right_rows(document: ProfileDocument, items: list[Any]) -> int:
    """Count the rows that an answer has exactly, less the items that it has too many."""
    expected, given = (Counter(map(_key, rows)) for rows in (document.items, items))
    surplus = max(0, len(items) - len(document.items))
    return max(0, sum((expected & given).values()) - surplus)


def _key(row: Any) -> Hashable:
    """Return what equal rows have in common: 5 and 5.0 are equal."""
    if not isinstance(row, dict):
        return repr(row)
    return frozenset(
        (name, value if isinstance(value, Hashable) else repr(value)) for name, value in row.items()
    )
