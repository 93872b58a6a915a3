"""Faults of a lazy model, made on purpose: rows left out, doubled, invented and swapped."""

from collections.abc import Callable, Mapping
from typing import Any
from zlib import crc32

from long_lists_reading import Place

Row = Any
"""An object, or a plain value."""
Marked = list[tuple[Place, Row, bool]]
"""Rows of a list in the order of the text; the last member says whether a fault may touch the row."""
Fault = Callable[[Marked], list[Row]]
LAZY = 40


def chosen(place: Place, remainder: int) -> bool:
    """Choose one row in ten, always the same ones, in whatever segment they stand."""
    return crc32(f"{place[0]} {place[1]}".encode()) % 10 == remainder


def lazy(rows: Marked) -> list[Row]:
    """Close the list after so many rows."""
    return [row for i, (_, row, may) in enumerate(rows) if i < LAZY or not may]


def empty(rows: Marked) -> list[Row]:
    """Close the list at once."""
    return [row for _, row, may in rows if not may]


def copy(rows: Marked) -> list[Row]:
    """Take one value from the next row."""
    answer = [dict(row) for _, row, _ in rows]
    for i, (place, row, may) in enumerate(rows[:-1]):
        other = rows[i + 1][1]
        differing = [name for name in row if name in other and row[name] != other[name]]
        if may and chosen(place, 4) and differing:
            answer[i][differing[-1]] = other[differing[-1]]
    return answer


def skip(rows: Marked) -> list[Row]:
    return [row for place, row, may in rows if not (may and chosen(place, 0))]


def repeat(rows: Marked) -> list[Row]:
    return [row for place, row, may in rows for _ in range(2 if may and chosen(place, 1) else 1)]


def invent(rows: Marked) -> list[Row]:
    answer = []
    for place, row, may in rows:
        answer.append(row)
        if may and chosen(place, 2):
            answer.append(invented(row, place[1]))
    return answer


def invented(value: Any, number: int) -> Any:
    if isinstance(value, dict):
        return {name: invented(member, number) for name, member in value.items()}
    if isinstance(value, list):
        return [invented(item, number) for item in value]
    if isinstance(value, str):
        return (
            f"2031-12-{number % 28 + 1:02}" if value[4:5] == "-" and len(value) == 10 else f"Zyxw {number}Q"
        )
    return value if value is None or isinstance(value, bool) else value + 7_770_001


def swap(rows: Marked) -> list[Row]:
    """Exchange one value between neighbours."""
    answer = [dict(row) if isinstance(row, dict) else row for _, row, _ in rows]
    for i in range(len(rows) - 1):
        place, row, may = rows[i]
        other = rows[i + 1][1]
        if not isinstance(row, dict):
            if may and rows[i + 1][2] and chosen(place, 3):
                answer[i], answer[i + 1] = answer[i + 1], answer[i]
            continue
        differing = [name for name in row if name in other and row[name] != other[name]]
        if may and rows[i + 1][2] and chosen(place, 3) and differing:
            name = differing[-1]
            answer[i][name], answer[i + 1][name] = answer[i + 1][name], answer[i][name]
    return answer


def tired(rows: Marked) -> list[Row]:
    """Close each list after seven of ten of its rows."""
    whole = -(-7 * len(rows) // 10)
    return [row for i, (_, row, may) in enumerate(rows) if i < whole or not may]


def kept(rows: Marked) -> list[Row]:
    return [row for _, row, _ in rows]


def misplaced(gold: Mapping[str, Marked]) -> dict[str, list[Row]]:
    """Put some rows of lists in items into the list of the item before."""
    rows: dict[str, list[Row]] = {pointer: [] for pointer in gold}
    before = ""
    for pointer, marked in gold.items():
        family = pointer.rsplit("/", 2)[0]
        is_next = bool(before) and before.rsplit("/", 2)[0] == family and pointer.count("/") > 2
        for place, row, may in marked:
            moves = is_next and may and chosen(place, 4)
            rows[before if moves else pointer].append(row)
        before = pointer
    return rows


FAULTS: dict[str, Fault] = {
    f"lazy-{LAZY}": lazy,
    "tired": tired,
    "misplace": kept,
    "skip": skip,
    "repeat": repeat,
    "invent": invent,
    "swap": swap,
    "copy": copy,
    "empty": empty,
}
