"""Compares the counted rows with the truth: how often the count is certain, and how often right."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from long_lists_writing import Document, Range

from structgen.evidence.source import Source
from structgen.schema import Schema

Counts = Counter[str]


def counted(text: str, pages: tuple[str, ...], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    from structgen.longdoc.counting import count_rows

    source = Source.of(list(pages) if len(pages) > 1 else text)
    return count_rows(source, Schema.parse(schema))


def counting(documents: Iterable[Document], title: str, show: bool) -> None:
    """Print how the count of each style compares with the truth, list by list."""
    styles: dict[str, Counts] = defaultdict(Counter)
    totals: dict[bool, Counts] = {True: Counter(), False: Counter()}
    for document in documents:
        for pointer, rows in counted(document.text, document.pages, document.schema).items():
            ranges, number = document.spans.get(pointer, []), len(_at(document.gold, pointer) or ())
            given = [(row.start, row.end) for run in rows.runs for row in run.rows]
            tally = Counter(
                lists=1,
                certain=rows.certain,
                right=rows.certain and len(given) == number,
                equal=len(given) == number,
                places=rows.certain and same_places(ranges, given),
            )
            styles[document.style].update(tally)
            totals[document.countable].update(tally)
            if show and rows.certain and len(given) != number:
                print(
                    f"  {document.style} {pointer}: {len(given)} for {number} rows, {rows.basis}\n"
                    f"{document.text[:1500]}\n"
                )
    print(f"{title}:")
    for name in sorted(styles):
        print(f"  {name:20} {shares(styles[name])}")
    print(f"  {'all with a count':20} {shares(totals[True])}")
    if totals[False]:
        print(f"  {'all without one':20} {shares(totals[False])}")


def shares(counts: Counts) -> str:
    lists, certain = counts["lists"], counts["certain"]
    return (
        f"{lists:5} lists, certain {certain / max(1, lists):6.1%}, right where certain "
        f"{counts['right'] / max(1, certain):6.1%}, places too {counts['places'] / max(1, certain):6.1%}, "
        f"equal at all {counts['equal'] / max(1, lists):6.1%}"
    )


def same_places(truth: list[Range], given: list[Range]) -> bool:
    """Say whether each counted row lies over its own row of the truth, and over no other."""
    return (
        len(truth) == len(given)
        and all(a < d and c < b for (a, b), (c, d) in zip(truth, given, strict=True))
        and all(c >= b for (_, b), (c, _) in zip(truth, given[1:], strict=False))
    )


def real_documents(file: Path) -> None:
    """Print the counted rows beside the gold list's length, for each list of real documents."""
    tally: Counts = Counter()
    for line in file.read_text("utf-8").splitlines():
        document = json.loads(line)
        lists = counted("\f".join(document["pages"]), tuple(document["pages"]), document["schema"])
        for pointer, rows in lists.items():
            gold = _at(document["gold"], pointer)
            if not isinstance(gold, list):
                continue
            number = sum(len(run.rows) for run in rows.runs)
            tally.update(lists=1, certain=rows.certain, right=rows.certain and number == len(gold),
                         equal=number == len(gold))  # fmt: skip
            mark = "certain" if rows.certain else "not certain"
            print(
                f"  {document['id']}{pointer}: counted {number} ({rows.basis}, {mark}), "
                f"stated {rows.stated}, gold {len(gold)}"
            )
    print(f"{file.stem}: {shares(tally)}")


def _at(value: Any, pointer: str) -> Any:
    for name in pointer.split("/")[1:]:
        value = value.get(name) if isinstance(value, dict) else None
    return value
