"""Ground the gold objects of real documents, and print the share of leaves whose place is found.

`python benchmarks/grounding.py FOLDER [--show KIND]`. The folder holds `*.jsonl` files whose rows have `id`,
`pages` (texts), `schema` and `gold`. Leaves that are null are left out; booleans are counted apart. As a
control, each gold object is searched in the next document of its file, and with `--control all` in all others
together: what is found there stands for matches by chance, counted for texts of more than four characters and
numbers of more than two digits.

`--generated N` measures documents with exact places instead: the share of leaves at their right place, and of
an item's leaves that stand in its row, for the styles that placement was made with and for others.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grounding_held_out  # noqa: F401 (adds its styles)
import grounding_styles  # noqa: F401 (adds its styles)
from common import parsed
from grounding_oracle import generated

import structgen
from structgen.evidence.grounding.leaves import Leaf, leaves
from structgen.schema import Schema
from structgen.types import Evidence

ROWS = [
    {
        "id": "invoice",
        "pages": ["Invoice 4711\nDate: March 3, 2024\nMasonry work, 2 pcs  $1,250.00\n[x] paid"],
        "schema": {"properties": {"currency": {"enum": ["USD", "EUR"]}}},
        "gold": {"number": "4711", "work": "masonry Work", "total": 1250, "currency": "USD", "paid": True},
    },
    {
        "id": "letter",
        "pages": ["Dear Ms. Doe,\nthank you for your kind letter of the seventh.\nYours, Erika Mustermann"],
        "schema": {},
        "gold": {"sender": "Mustermann, Erika", "thanks": "thanks for your kind letter", "copy": None},
    },
]
"""What `--small` measures."""


def kind_of(leaf: Leaf) -> str:
    """Return `boolean`, `number`, `long text` (more than eight words) or `text`."""
    if isinstance(leaf.value, bool):
        return "boolean"
    if not isinstance(leaf.value, str):
        return "number"
    return "long text" if len(leaf.value.split()) > 8 else "text"


def distinctive(leaf: Leaf) -> bool:
    """Say whether a leaf is long enough that another document hardly says it by chance."""
    if isinstance(leaf.value, str):
        return len(leaf.value) > 4
    return not isinstance(leaf.value, bool) and sum(map(str.isdigit, str(leaf.value))) > 2


def grounded(row: dict[str, Any], pages: list[str]) -> Iterator[tuple[Leaf, Evidence]]:
    """Yield the leaves of a gold object that are not null, with their evidence in the pages."""
    evidence = structgen.ground(row["gold"], row["schema"], pages)
    for leaf in leaves(row["gold"], Schema.parse(row["schema"])):
        if leaf.value is not None:
            yield leaf, evidence[leaf.pointer]


def measure(name: str, rows: list[dict[str, Any]], show: str | None, control: str) -> None:
    """Print the figures of one file."""
    kinds: Counter[tuple[str, str]] = Counter()
    chance: Counter[tuple[str, bool]] = Counter()
    began = time.process_time()
    for i, row in enumerate(rows):
        for leaf, proof in grounded(row, row["pages"]):
            kinds[kind_of(leaf), proof.kind] += 1
            if show in (proof.kind, kind_of(leaf)):
                text = "\f".join(row["pages"])[proof.start or 0 : proof.end or 0]
                print(f"  {row['id']}{leaf.pointer} {proof.kind} {leaf.value!r} {text!r}")
        others = [*rows[i + 1 :], *rows[:i]][: None if control == "all" else 1]
        pages = [page for other in others for page in other["pages"]]
        for leaf, proof in grounded(row, pages):
            if distinctive(leaf):
                chance[kind_of(leaf), proof.kind != "none"] += 1
                if show == "chance" and proof.kind != "none":
                    text = "\f".join(pages)[proof.start : proof.end]
                    print(f"  {row['id']}{leaf.pointer} {proof.kind} {leaf.value!r} {text!r}")
    seconds = time.process_time() - began
    totals = Counter(kind for (kind, _), number in kinds.items() for _ in range(number))
    scored = [(proof, n) for (kind, proof), n in kinds.items() if kind != "boolean"]
    total, found = sum(n for _, n in scored), sum(n for proof, n in scored if proof != "none")
    print(
        f"{name}: {found} of {total} leaves found ({found / max(1, total):.1%}), {seconds:.1f} s of processor"
    )
    for kind in sorted(totals):
        parts = [
            f"{proof} {kinds[kind, proof]}" for proof in ("exact", "normalised", "value", "fuzzy", "none")
        ]
        share = 1 - kinds[kind, "none"] / totals[kind]
        by_chance, asked = chance[kind, True], chance[kind, True] + chance[kind, False]
        print(
            f"  {kind:9} {totals[kind]:5} {share:6.1%} found: {', '.join(parts)};"
            f" in another document {by_chance} of {asked} ({by_chance / max(1, asked):.1%})"
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--show", help="list leaves: a kind of evidence, a kind of leaf, or `chance`")
    parser.add_argument("--control", choices=("next", "all"), default="next", help="documents of the control")
    parser.add_argument("--generated", type=int, metavar="N", help="measure N documents of known places")
    parser.add_argument("--seed", type=int, default=1, help="of the generated documents")
    arguments = parsed(parser)
    if arguments.generated:
        generated(arguments.generated, arguments.seed)
        return
    if arguments.folder is None:
        measure("built in", ROWS, arguments.show, arguments.control)
        return
    for file in sorted(arguments.folder.glob("*.jsonl")):
        rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        measure(file.stem, rows, arguments.show, arguments.control)


if __name__ == "__main__":
    main()
