"""Compare the fast validity check with `jsonschema`: `python benchmarks/agreement.py FILE [--limit N]`.

FILE is in MaskBench's form, as for `maskbench.py`. Each instance is checked as it is, and with changes.
Exits with 1 where the fast check calls anything valid that the judge does not.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from structgen.errors import StructgenError
from structgen.schema import Schema

REPLACEMENTS: list[Any] = [
    None,
    True,
    0,
    -1,
    1.5,
    10**30,
    "",
    "x",
    "é\n",
    "2024-02-30",
    [],
    {},
    [1, 1],
    {"x": 1},
]


def changed(value: Any, chance: random.Random, count: int) -> Iterator[Any]:
    """Return the value with one member or item replaced, removed or added."""
    for _ in range(count):
        holder = [copy.deepcopy(value)]
        parent, key = chance.choice(list(_places(holder)))
        action = chance.choice(["replace", "drop", "add"])
        if action == "drop" and parent is not holder:
            del parent[key]
        elif action == "add" and isinstance(parent[key], dict):
            parent[key]["added"] = chance.choice(REPLACEMENTS)
        elif action == "add" and isinstance(parent[key], list):
            parent[key].append(chance.choice(REPLACEMENTS))
        else:
            parent[key] = chance.choice(REPLACEMENTS)
        yield holder[0]


def _places(holder: list[Any]) -> Iterator[tuple[Any, Any]]:
    stack: list[Any] = [holder]
    while stack:
        parent = stack.pop()
        for key, part in parent.items() if isinstance(parent, dict) else enumerate(parent):
            yield parent, key
            if isinstance(part, dict | list):
                stack.append(part)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--changes", type=int, default=10, help="Changed copies of each instance.")
    arguments = parser.parse_args()
    chance = random.Random(16)
    schemas = suited = values = valid = sure = wrong = 0
    fast = slow = 0.0
    for line in arguments.file.read_text("utf-8").splitlines()[: arguments.limit]:
        row = json.loads(line)
        try:
            schema = Schema.parse(row["schema"])
        except StructgenError:
            continue
        schemas += 1
        if schema.fast_weight is None:
            continue
        suited += 1
        for test in row["tests"]:
            for value in (test["data"], *changed(test["data"], chance, arguments.changes)):
                began = time.perf_counter()
                surely = schema.surely_valid(value)
                middle = time.perf_counter()
                violations = schema.violations(value)
                fast, slow = fast + middle - began, slow + time.perf_counter() - middle
                values, valid, sure = values + 1, valid + (not violations), sure + surely
                if surely and violations:
                    wrong += 1
                    print(f"{row['id']}: called valid, but {violations[0]}")
    print(f"{suited} of {schemas} schemas are suited to the fast check")
    print(f"{values} values, {valid} valid, {sure} known by the fast check, {wrong} of them wrongly")
    print(f"{1e6 * fast / max(1, values):.1f} µs a value, the judge {1e6 * slow / max(1, values):.0f} µs")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
