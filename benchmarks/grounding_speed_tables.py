"""Long tables whose values repeat, with the range of each row."""

import random
from typing import Any

ENTROPIES = {
    "unique": (100_000, 50, 400, 10_000),
    "ordinary": (60, 20, 100, 300),
    "few": (10, 10, 10, 10),
    "very few": (4, 3, 3, 5),
}
"""How many values each of the four columns has."""
_NAMES = "bolt nut washer pipe valve cable screw hinge plate motor".split()


def long_table(rng: random.Random, count: int, entropy: str) -> tuple[list[dict[str, Any]], str, list[int]]:
    """Return the items, the text, and where each row begins; pages of fifty rows have a heading."""
    names, quantities, prices, codes = ENTROPIES[entropy]
    value, parts, starts, offset = [], [], [], 0
    for row in range(count):
        if row % 50 == 0:
            heading = f"Page {row // 50 + 1}\nName  Quantity  Price  Code\n"
            parts.append(heading)
            offset += len(heading)
        number = rng.randrange(names)
        item = {
            "name": f"{_NAMES[number % 10]} {number}",
            "quantity": rng.randrange(1, quantities + 1),
            "price": rng.randrange(1, prices + 1) + 0.25,
            "code": f"K{100 + rng.randrange(codes)}",
        }
        value.append(item)
        starts.append(offset)
        line = "  ".join(map(str, item.values())) + "\n"
        parts.append(line)
        offset += len(line)
    return value, "".join(parts), [*starts, offset]
