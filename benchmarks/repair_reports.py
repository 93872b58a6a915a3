"""Repair the texts of public reports, and print what came out beside what is right.

`python benchmarks/repair_reports.py ROWS.jsonl`. A row holds `id`, `input`, `schema` or null, and `expected`:
`{"value": …}`, `{"status": "failed"}`, or `{"note": …}`, which a reader judges and which is counted apart.
"""

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Any

from common import parsed, words
from damage_judge import claimed
from repair import equal

import structgen
from structgen.errors import StructgenError
from structgen.parsing.result import RepairResult
from structgen.schema import Schema


def verdict(row: dict[str, Any], result: RepairResult) -> str:
    """Return `right`, `wrong` or `note`."""
    expected = row["expected"]
    if "note" in expected:
        return "note"
    if expected.get("status") == "failed":
        return "right" if result.status == "failed" else "wrong"
    return "right" if result.status != "failed" and equal(result.value, expected["value"]) else "wrong"


def written(row: dict[str, Any], result: RepairResult, judged: str) -> str:
    """Return the lines of a row: its verdict, the text, what came out and what is right."""
    risk = "failed" if result.status == "failed" else claimed(result)
    lines = [f"{judged:5} {row.get('id', '')} {risk}"]
    if judged != "right":
        expected = row["expected"]
        right = expected.get("note") or json.dumps(expected.get("value", "failed"), ensure_ascii=False)
        lines += [f"      text  {json.dumps(row['input'], ensure_ascii=False)}"]
        lines += [f"      value {json.dumps(result.value, ensure_ascii=False)}", f"      right {right}"]
        lines += [
            f"      fix   {fix.kind} {fix.start}-{fix.end} {json.dumps(fix.text)}" for fix in result.fixes
        ]
        lines += [f"      change {change.op} {change.path}: {change.reason}" for change in result.changes]
        lines += [
            f"      dropped {json.dumps(text.text)} at {text.pointer or '/'}" for text in result.dropped
        ]
        lines += [
            f"      or    {json.dumps(other.value)} at {other.pointer or '/'}"
            for other in result.alternatives
        ]
        lines += [f"      violation {violation.message[:100]}" for violation in result.violations]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("rows", type=Path)
    arguments = parsed(parser)
    counts: Counter[str] = Counter()
    risks: Counter[str] = Counter()
    for line in arguments.rows.read_text("utf-8").splitlines():
        row = json.loads(line)
        try:
            schema = None if row["schema"] is None else Schema.parse(row["schema"])
        except StructgenError as error:
            counts["refused schema"] += 1
            print(f"      {row.get('id', '')}: {error}")
            continue
        result = structgen.repair(row["input"], schema)
        judged = verdict(row, result)
        counts[judged] += 1
        if judged == "wrong":
            risks["failed" if result.status == "failed" else claimed(result)] += 1
        print(written(row, result, judged))
    print(f"\nrows: {words(counts)}; the wrong ones claim: {words(risks)}")


if __name__ == "__main__":
    main()
