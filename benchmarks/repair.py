"""Repair other projects' cases, beside json_repair in the same run.

`python benchmarks/repair.py ROWS.jsonl [--fuzz 200000] [--minutes 5] [--longest 10000000]`.
A row holds `input`, `expected`, `schema` or null, `expect_error`, `already_valid`, `source`, `name`.

Where the sources contradict one another or this policy, the row is listed and counted apart:
  cut-member     a member that the text's end cut before its value is left out (others: null)
  valid-text     valid JSON under its schema is never changed (some: backslashes doubled, quotes kept)
  absent         an optional member that is not given stays away (some: null, or a default)
  raw-text       a broken JSON string under a string schema is the string (some: its quotes are part of it)
"""

import argparse
import json
import re
import statistics
import time
from collections import Counter, defaultdict
from pathlib import Path
from random import Random
from typing import Any

import json_repair
from common import parsed, words

import structgen
from structgen.errors import InvalidSchema
from structgen.schema import Schema

Row = dict[str, Any]
OWN_TESTS = "mangiucugna"
_CUT_MEMBER = re.compile(r'"[^"]*"?\s*:?\s*$')


def loose(value: Any) -> Any:
    """Return the value without members that are null."""
    if isinstance(value, dict):
        return {k: loose(v) for k, v in value.items() if v is not None}
    return [loose(item) for item in value] if isinstance(value, list) else value


def equal(one: Any, other: Any) -> bool:
    """Return canonical JSON in which 1 and 1.0 are equal."""
    if isinstance(one, bool) != isinstance(other, bool):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(equal(v, other[k]) for k, v in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(equal, one, other))
    return bool(one == other)


def conflict(row: Row, schema: Schema | None) -> str | None:
    """Return the rule of ours that the row contradicts, or None."""
    text, expected = row["input"], row["expected"]
    try:
        value = json.loads(text)
        valid = schema is None or not schema.violations(value)
    except ValueError:
        value, valid = None, False
    if valid and not row["expect_error"] and not equal(value, expected):
        return "absent" if schema is not None and equal(loose(value), loose(expected)) else "valid-text"
    if valid and row["expect_error"]:
        return "valid-text"
    if not isinstance(expected, str) and _CUT_MEMBER.search(text) and isinstance(expected, dict):
        key = re.search(r'"([^"]*)"?\s*:?\s*$', text)
        if key and key.group(1) in expected and expected[key.group(1)] is None:
            return "cut-member"
    if schema is not None and isinstance(expected, str) and expected == text and text[:1] == '"':
        return "raw-text"
    return None


def ours(row: Row, schema: Schema | None) -> tuple[bool, Any]:
    result = structgen.repair(row["input"], schema)
    return result.status != "failed", result.value


def theirs(row: Row, schema: Schema | None) -> tuple[bool, Any]:
    try:
        if schema is None:
            value = json_repair.loads(row["input"])
        else:
            mode: Any = "salvage"
            value = json_repair.loads(row["input"], schema=row["schema"], schema_repair_mode=mode)
        return not (value == "" and row["input"].strip() not in ("", '""')), value
    except Exception:
        return False, None


def judged(row: Row, found: tuple[bool, Any], schema: Schema | None) -> bool:
    had, value = found
    if row["expect_error"]:
        return not had
    same = equal(value, row["expected"])
    if not same and schema is not None and not schema.violations(value):
        same = equal(loose(value), loose(row["expected"]))
    return had and same


def table(rows: list[Row]) -> None:
    """Print the table for each source, and the totals."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    apart: list[str] = []
    for row in rows:
        try:
            schema = None if row["schema"] is None else Schema.parse(row["schema"])
        except InvalidSchema:
            counts["schemas that are none (refused)"]["rows"] += 1
            continue
        if (rule := conflict(row, schema)) is not None:
            apart.append(f"{rule:12} {row['name'] or row['input'][:40]!r}")
            continue
        kinds = [row["corpus"]]
        if row["expect_error"]:
            kinds.append("must be refused" + (" (json_repair's)" if OWN_TESTS in row["source"] else ""))
        elif row["schema"] is not None and OWN_TESTS not in row["source"]:
            kinds.append("with a schema")
        elif row["already_valid"] and row["schema"] is None:
            kinds.append("valid, to stay as it is")
        elif isinstance(row["expected"], dict | list) and OWN_TESTS not in row["source"]:
            kinds.append("malformed, an object or list expected")
        one, other = judged(row, ours(row, schema), schema), judged(row, theirs(row, schema), schema)
        if row["already_valid"] and row["schema"] is None and not row["expect_error"]:
            one = one and structgen.repair(row["input"]).status == "unchanged"
        for kind in kinds:
            counts[kind].update(rows=1, ours=one, theirs=other)
        if (
            OWN_TESTS not in row["source"]
            and not row["expect_error"]
            and (not row["already_valid"] or row["schema"] is not None)
            and isinstance(row["expected"], dict | list)
        ):
            counts["all objects and lists, json_repair's own left out"].update(rows=1, ours=one, theirs=other)
    print(f"{'cases':52} {'rows':>5} {'structgen':>10} {'json_repair':>12}")
    for kind, c in counts.items():
        shares = [f"{c[who] / c['rows']:.1%}" for who in ("ours", "theirs")]
        print(f"{kind:52} {c['rows']:5} {shares[0]:>10} {shares[1]:>12}")
    print(f"\ncounted apart, by rule: {words(Counter(line.split()[0] for line in apart))}")
    for line in apart:
        print(f"  {line}")


def ratio(text: str, most: float = 0.02) -> float:
    """Return json_repair's median time divided by ours, measured by turns."""
    theirs: list[float] = []
    ours: list[float] = []
    while sum(theirs) + sum(ours) < most or len(ours) < 5:
        for work, took in ((json_repair.loads, theirs), (structgen.repair, ours)):
            began = time.perf_counter()
            work(text)
            took.append(time.perf_counter() - began)
    return statistics.median(theirs) / statistics.median(ours)


def speed(rows: list[Row], longest: int) -> None:
    """Print the ratios of time without a schema: above 1, structgen is faster."""
    plain = [row for row in rows if row["schema"] is None and not row["expect_error"]]
    for label, valid in (("valid", True), ("malformed", False)):
        ratios = [
            ratio(row["input"]) for row in plain if row["already_valid"] == valid and len(row["input"]) > 20
        ]
        quarter, median, _ = statistics.quantiles(ratios)
        print(
            f"speed, {label} texts: median {median:.2f}x json_repair's, lower quarter {quarter:.2f}x",
            f"({len(ratios)} texts)",
        )
    record = {
        "id": 1,
        "name": "Ada",
        "tags": ["a", "b"],
        "note": "x" * 40,
        "nested": {"a": [1, 2.5, None, True]},
    }
    for size in (longest // 1000, longest // 100):
        valid_text = json.dumps([record] * (size // 130))
        broken = valid_text.replace('"id"', "id").replace("true}", "True},")
        for label, text in (("valid", valid_text), ("broken", broken)):
            print(
                f"speed, {label} list of {size:,} characters: {ratio(text, longest / 1e7):.2f}x json_repair's"
            )


def linear(longest: int) -> None:
    """Print the time for ten times the text, up to `longest` characters: 10 is linear."""
    made = {
        "{a: b c d ": "{a: b c d ",
        '["a, ': '["a, ',
        '{"a": "x ': '{"a": "x ',
        '"a" b ': '"a" b ',
        "[1, 2,, ": "1, 2,, ",
        "prose { ": "prose { ",
        "' \" ` ": "' \" ` ",
        "white space": "[1,         \n ",
        "// comment": "// comment\n",
        "\\\\": "\\",
    }
    for label, piece in made.items():
        took = []
        for count in (longest // 5000, longest // 500, longest // 50):
            text = ("[" if piece[0] in "1" else "") + piece * (count // len(piece))
            began = time.perf_counter()
            structgen.repair(text)
            took.append(time.perf_counter() - began)
        print(
            f"{label:16} {longest // 5000:,} characters {took[0] * 1000:8.1f} ms,",
            f"ten times as many x{took[1] / took[0]:5.1f}, a hundred times x{took[2] / took[1]:5.1f} more",
        )
    text = json.dumps([{"id": i, "name": "x" * 50} for i in range(longest // 70)])[:longest] + "…"
    began = time.perf_counter()
    status = structgen.repair(text).status
    print(f"{longest:,} characters, cut: {time.perf_counter() - began:.1f} s, {status}")
    began = time.perf_counter()
    result = structgen.repair("[" * (longest // 100))
    print(
        f"{longest // 100:,} brackets: {time.perf_counter() - began:.2f} s, {result.status}:",
        result.violations[0].message,
    )


def mutated(random: Random, text: str) -> str:
    """Return the text with some characters removed, doubled, swapped or inserted."""
    characters = list(text)
    for _ in range(random.randint(1, 6)):
        at = random.randrange(len(characters) + 1)
        match random.randrange(5):
            case 0:
                del characters[at : at + random.randint(1, 8)]
            case 1:
                characters[at:at] = random.choice(
                    ["{", "}", "[", "]", '"', "'", ":", ",", "\\", "\n", "```", "//", "\x00", "“", "null"]
                )
            case 2:
                characters[at:at] = characters[max(0, at - random.randint(1, 20)) : at]
            case 3:
                del characters[at:]
            case _:
                random.shuffle(characters[at : at + 5])
    return "".join(characters)


def fuzz(rows: list[Row], count: int, minutes: float) -> None:
    """Repair random texts; fail on a crash or a hang."""
    random, end, slowest, done = Random(0), time.monotonic() + 60 * minutes, 0.0, 0
    schemas = []
    for row in rows:
        try:
            schemas.append(None if row["schema"] is None else Schema.parse(row["schema"]))
        except InvalidSchema:
            schemas.append(None)
    failed: Counter[str] = Counter()
    while done < count and time.monotonic() < end:
        index = random.randrange(len(rows))
        text = mutated(random, rows[index]["input"])
        began = time.perf_counter()
        try:
            structgen.repair(text, schemas[index])
        except Exception as error:
            failed[f"{type(error).__name__}: {error}"[:100]] += 1
            if len(failed) < 4:
                print(f"crash on {text!r}: {error!r}")
        slowest = max(slowest, time.perf_counter() - began)
        done += 1
    print(f"fuzz: {done:,} texts, {sum(failed.values())} crashes ({words(failed)}), slowest {slowest:.2f} s")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("rows", type=Path)
    parser.add_argument("--fuzz", type=int, default=200_000)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--longest", type=int, default=10_000_000, help="characters of the longest text")
    arguments = parsed(parser, fuzz=20, longest=100_000)
    rows = [json.loads(line) for line in arguments.rows.read_text("utf-8").splitlines()]
    table(rows)
    print()
    speed(rows, arguments.longest)
    linear(arguments.longest)
    fuzz(rows, arguments.fuzz, arguments.minutes)


if __name__ == "__main__":
    main()
