"""Measure what evidence adds to an extraction: the same documents with it and without, by turns.

`python benchmarks/evidence_overhead.py [FOLDER] [--documents 24] [--rounds 5] [--model FOLDER]`. A service
runs in a process of its own with the shipped model. FOLDER has `*.jsonl` files whose rows have `text` and
`schema`; without one the shipped example is extracted. The figure is the median over all documents of the
ratio of two neighbouring requests, which other work on the machine disturbs alike.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from pathlib import Path
from typing import Any

from common import parsed, service

from structgen import Client

HERE = Path(__file__).parents[1]


def cases(folder: Path | None, count: int) -> list[tuple[Any, str]]:
    """Return schemas and documents, from all files by turns."""
    if folder is None:
        schema = json.loads((HERE / "schemas" / "invoice.json").read_text())
        return [(schema, (HERE / "examples" / "invoice.txt").read_text())]
    files = [[json.loads(line) for line in path.open()] for path in sorted(folder.glob("*.jsonl"))]
    rows = [row for group in zip(*(f for f in files if "text" in f[0]), strict=False) for row in group]
    return [(row["schema"], row["text"]) for row in rows[:count]]


def timed(client: Client, case: tuple[Any, str], *, evidence: bool) -> float:
    """Return the seconds of one extraction."""
    began = time.perf_counter()
    result = client.result(*case, evidence=evidence)
    took = time.perf_counter() - began
    assert (result.evidence is not None) == evidence, result.warnings
    return took


def measured(client: Client, case: tuple[Any, str], rounds: int) -> list[tuple[float, float]]:
    """Return the seconds without and with evidence, by turns; each goes first every other time."""
    timed(client, case, evidence=False)  # the schema is compiled, and the prompt's prefix is cached
    timed(client, case, evidence=True)
    pairs = []
    for number in range(rounds):
        order = (False, True) if number % 2 else (True, False)
        seconds = {evidence: timed(client, case, evidence=evidence) for evidence in order}
        pairs.append((seconds[False], seconds[True]))
    return pairs


def main() -> None:
    """Print the medians and their ratio."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--documents", type=int, default=24)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--model", help="another model than the shipped one")
    options = parsed(parser, documents=1, rounds=2)
    model = ["--model", options.model] if options.model else []
    pairs, skipped = list[tuple[float, float]](), 0
    with service(*model) as url, Client(url) as client:
        for case in cases(options.folder, options.documents):
            try:
                pairs += measured(client, case, options.rounds)
            except Exception as error:  # a document that the model cannot read
                skipped += 1
                print(f"skipped: {type(error).__name__}: {str(error)[:80]}")
    plain, proven = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratio = statistics.median(b / a for a, b in pairs)
    print(f"{len(pairs)} pairs, {skipped} documents skipped")
    print(f"p50 without evidence {plain * 1000:.0f} ms, with {proven * 1000:.0f} ms")
    print(f"p50 of the ratio of neighbours {ratio:.3f}")


if __name__ == "__main__":
    main()
