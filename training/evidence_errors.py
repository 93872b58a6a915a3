"""Write answers with the errors that systems make, on documents of our own, to fit the score with.

    python -m training.evidence_errors OUT.jsonl [--count 400]

Documents and gold objects are those of `training.evidence_answers`. Each answer is the gold object with some
leaves changed; how many, and by which kinds of errors (`ERRORS`), is drawn for each answer, since systems
differ in both.
"""

from __future__ import annotations

import argparse
import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from structgen.evidence.comparison import is_empty
from training.evidence_answers import GoldDocument, documents

ANSWERS = 3
"""Answers to each document."""


@dataclass(frozen=True, slots=True)
class Place:
    """A scalar of an answer within the list or object that holds it."""

    holder: Any
    key: Any
    value: Any
    text: str
    """The document."""
    peers: tuple[Any, ...]
    """The values of the same member in the other items of its list."""
    neighbours: tuple[Any, ...]
    """All other values of the object."""


Mistake = Callable[[Place, Random], Any]


def answers(document: GoldDocument, rng: Random) -> dict[str, Any]:
    """Return answers to a document by the names of their systems."""
    return {f"errors-{number}": changed(document, rng) for number in range(ANSWERS)}


def changed(document: GoldDocument, rng: Random) -> Any:
    """Return the gold object with some of its leaves wrong, and perhaps with an item too many."""
    answer = copy.deepcopy(document.gold)
    rate = rng.choice((0.05, 0.1, 0.2, 0.4, 0.6))
    kinds = rng.sample(list(ERRORS), rng.randint(3, len(ERRORS)))
    for place in list(places(answer, document.text)):
        if rng.random() < rate:
            kind = rng.choice(kinds)
            place.holder[place.key] = ERRORS[kind](place, rng)
    for rows in _tables(answer):
        if rng.random() < rate:
            rows.append(_too_many(rows, rng))
    return answer


def places(value: Any, text: str) -> Iterator[Place]:
    """Yield the scalars of an object."""
    found = list(_scalars(value, ()))
    known = [each[2] for each in found if not is_empty(each[2])]
    columns: dict[tuple[Any, ...], list[Any]] = {}
    for _, _, scalar, path in found:
        columns.setdefault(path, []).append(scalar)
    for holder, key, scalar, path in found:
        peers = tuple(each for each in columns[path] if each != scalar and not is_empty(each))
        neighbours = tuple(each for each in known if each != scalar)
        yield Place(holder, key, scalar, text, peers, neighbours)


def _scalars(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, Any, Any, tuple[Any, ...]]]:
    if not isinstance(value, dict | list):
        return
    for key, member in list(value.items()) if isinstance(value, dict) else list(enumerate(value)):
        inner = (*path, key if isinstance(value, dict) else "*")
        if isinstance(member, dict | list):
            yield from _scalars(member, inner)
        else:
            yield value, key, member, inner


def _tables(value: Any) -> Iterator[list[Any]]:
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        yield value
    if isinstance(value, dict | list):
        for member in list(value.values()) if isinstance(value, dict) else list(value):
            yield from _tables(member)


def _too_many(rows: list[Any], rng: Random) -> dict[str, Any]:
    """Return an item that the gold object lacks: the total of the numbers, or another one's values mixed."""
    if rng.random() < 0.5:
        numbers = {
            name: round(sum(row[name] for row in rows if _is_number(row.get(name))), 2)
            for name, value in rows[0].items()
            if _is_number(value)
        }
        return {
            name: numbers.get(name, "Total" if isinstance(v, str) else None) for name, v in rows[0].items()
        }
    return {name: rng.choice(rows).get(name) for name in rows[0]}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def another_row(place: Place, rng: Random) -> Any:
    """Take the value of another item, or of another member."""
    return rng.choice(place.peers) if place.peers else neighbour(place, rng)


def neighbour(place: Place, rng: Random) -> Any:
    """Take the value of another member of the same type."""
    alike = [each for each in place.neighbours if type(each) is type(place.value)]
    return rng.choice(alike) if alike else from_the_text(place, rng)


def from_the_text(place: Place, rng: Random) -> Any:
    """Take other words or another number of the document."""
    words = place.text.split() or ["x"]
    if isinstance(place.value, bool):
        return not place.value
    if _is_number(place.value):
        numbers = [word.strip(".,:;") for word in words if word.strip(".,:;").isdigit()]
        return int(rng.choice(numbers)[:12]) if numbers else invented(place, rng)
    at = rng.randrange(len(words))
    return " ".join(words[at : at + rng.choice((1, 1, 2, 3, 6))]).strip(".,:;") or None


def invented(place: Place, rng: Random) -> Any:
    """Invent a value of the same shape."""
    value = place.value
    if isinstance(value, bool):
        return not value
    if _is_number(value):
        return type(value)(round(value * rng.choice((0.1, 0.5, 2, 3, 10)) + rng.randint(1, 90), 2))
    letters = [rng.choice("abcdefghijklmnoprstuvwz") if c.islower() else c for c in str(value or "none")]
    return "".join(rng.choice("0123456789") if c.isdigit() else c for c in letters)


def piece(place: Place, rng: Random) -> Any:
    """Cut a text off, or a number's last digit."""
    value = place.value
    if isinstance(value, str) and len(value) > 3:
        words = value.split()
        if len(words) > 1:
            cut = rng.randint(1, len(words) - 1)
            return " ".join(rng.choice((words[:cut], words[cut:])))
        return value[: rng.randint(2, len(value) - 1)]
    return type(value)(int(value) // 10) if _is_number(value) else invented(place, rng)


def too_much(place: Place, rng: Random) -> Any:
    """Take what stands before or after the value as well."""
    at = place.text.find(value) if isinstance(value := place.value, str) and value else -1
    if at < 0:
        return invented(place, rng)
    end = at + len(value)
    before, after = place.text[max(0, at - 60) : at].split(), place.text[end : end + 60].split()
    count = rng.randint(1, 4)
    longer = [*before[-count:], value] if rng.random() < 0.5 else [value, *after[:count]]
    return " ".join(longer)


def misread(place: Place, rng: Random) -> Any:
    """Read a character or two wrongly."""
    value: Any = place.value
    if not isinstance(value, str) or not value:
        text = str(place.value).lstrip("-") if _is_number(place.value) else ""
        digits = [i for i, c in enumerate(text) if c.isdigit()]
        if not digits or "e" in text:
            return invented(place, rng)
        at = rng.choice(digits)
        changed_number = float(text[:at] + rng.choice("0123456789") + text[at + 1 :])
        return int(changed_number) if isinstance(place.value, int) else changed_number
    characters = list(value)
    for _ in range(rng.choice((1, 1, 2))):
        at = rng.randrange(len(characters))
        characters[at] = rng.choice("0123456789") if characters[at].isdigit() else rng.choice("aeionrstlc")
    return "".join(characters)


def reworded(place: Place, rng: Random) -> Any:
    """Say a text in other words, some of which the document has."""
    value = place.value
    if not isinstance(value, str) or len(value) < 4 or value[:4].isdigit():
        return another_notation(place, rng)
    words = [word for word in value.split() if rng.random() < 0.7]
    around = place.text.split()
    other = [rng.choice(around) if rng.random() < 0.5 and around else rng.choice(_PLAIN) for _ in range(3)]
    mixed = words + other[: rng.randint(1, 3)]
    rng.shuffle(mixed)
    return " ".join(mixed)


def another_notation(place: Place, rng: Random) -> Any:
    """Write a date in another notation than asked for; lose the sign of a number."""
    value = place.value
    if _is_number(value) and value:
        return -value
    try:
        day = date.fromisoformat(str(value)[:10])
    except ValueError:
        return from_the_text(place, rng)
    other = day.replace(day=day.day % 28 + 1, month=rng.choice((day.month, day.month % 12 + 1)))
    return rng.choice((day.strftime("%d %b"), other.isoformat(), day.strftime("%m/%y")))


def left_out(place: Place, rng: Random) -> Any:
    """Give null, zero or an empty text for a value, and a value of the text for null."""
    if is_empty(place.value):
        return from_the_text(place, rng)
    return rng.choice((None, None, "", "N/A", 0))


ERRORS: dict[str, Mistake] = {
    each.__name__: each
    for each in (
        another_row,
        neighbour,
        from_the_text,
        invented,
        piece,
        too_much,
        misread,
        reworded,
        another_notation,
        left_out,
    )
}
"""Kinds of errors by their names."""
_PLAIN = "the a of customer person with given about related which service is in order stated other".split()


def main() -> None:
    """Write the rows."""
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n", maxsplit=1)[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=400, help="documents to draw")
    arguments = parser.parse_args()
    with arguments.out.open("w", encoding="utf-8") as file:
        for number, document in documents(500_000, arguments.count):
            row = {
                "id": f"{document.kind}-{number}",
                "pages": [document.text],
                "schema": document.schema,
                "gold": document.gold,
                "answers": answers(document, Random(number)),
            }
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    print(f"{arguments.out}: {arguments.count} documents")


if __name__ == "__main__":
    main()
