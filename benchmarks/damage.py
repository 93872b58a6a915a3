"""Repair objects damaged by one fault each, beside json_repair and jsonrepair in the same run.

`python benchmarks/damage.py [--corpora DIR] [--count 40] [--faults 2] [--operator NAME --show 5]`.
The objects are those of `DIR/extract`, `DIR/evidence` and `DIR/schemas/maskbench.jsonl`, the shipped
examples, and generated ones; without `--corpora`, the last two. `--jsonrepair DIR` is the folder in which
`npm install jsonrepair` was run (or the variable JSONREPAIR, or npm's global folder).

A damaged text is never valid JSON. `wrong` is another value than the one meant with a status other than
`failed`, by the highest risk that the fixes and changes claim; `named` counts those wrong `inferred` values
for which `alternatives` holds the meant value at its pointer. A cut text is exact where every complete member
is kept and nothing else is there, `failed` for its missing members or not.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from common import parsed
from damage_javascript import jsonrepair_values
from damage_judge import Case, Judgement, case_of, composed, is_valid, judged_json_repair, judged_ours
from damage_objects import Pool, pool
from damage_operators import FAMILIES, OPERATORS, Damage, Registered, Sample
from damage_show import shown
from damage_speed import lengths, speed

_DRAWS = 400
"""Objects that are tried for one damage."""
_OUTCOMES = ("exact", "failed", "lossless", "coerced", "inferred")
Counts = dict[str, Counter[str]]
"""Outcomes by reader."""


def cases(chosen: list[Registered], objects: Pool, count: int, faults: int, seed: int) -> Iterator[Case]:
    """Yield `count` damaged texts for each operator."""
    for registered in chosen:
        random = Random(f"{seed}:{registered.name}")
        made, draws = 0, 0
        while made < count and draws < _DRAWS * count:
            draws += 1
            sample = objects.draw()
            damage = _damage(registered, sample, random, faults)
            if damage is None:
                continue
            try:
                case = case_of(registered.name, sample, damage)
            except (TypeError, LookupError):  # one of two faults replaces what the other one changes
                continue
            if registered.needs_schema or not is_valid(case.text):
                made += 1
                yield case


def _damage(registered: Registered, sample: Sample, random: Random, faults: int) -> Damage | None:
    damage = registered.make(sample, random)
    for _ in range(faults - 1):
        other = OPERATORS[random.choice([name for name, one in OPERATORS.items() if not one.needs_schema])]
        further = other.make(sample, random) if damage is not None else None
        damage = composed(damage, further) if damage is not None and further is not None else None
    return damage


def measured(case: Case, needs_schema: bool) -> dict[str, Judgement]:
    """Return the judgement of each reader in this process."""
    judgements = {"typed": judged_ours(case, typed=True), "their_typed": judged_json_repair(case, typed=True)}
    if not needs_schema:
        judgements["plain"] = judged_ours(case, typed=False)
        judgements["their_plain"] = judged_json_repair(case, typed=False)
    return judgements


def share(counts: Counter[str], outcome: str) -> str:
    return f"{counts[outcome] / counts['all']:.2%}" if counts["all"] else "-"


def row(name: str, counts: Counter[str]) -> str:
    cells = [f"{share(counts, outcome):>8}" for outcome in _OUTCOMES]
    named = f"{counts['named'] / counts['inferred']:.0%}" if counts["inferred"] else "-"
    return f"{name:40} {counts['all']:6} {' '.join(cells)} {named:>6}"


def table(counts: dict[str, Counts], reader: str, title: str, others: dict[str, str]) -> None:
    """Print a line for each operator and family, and the total."""
    heads = " ".join(f"{head:>8}" for head in _OUTCOMES)
    print(
        f"\n{title:40} {'texts':>6} {heads} {'named':>6} "
        + " ".join(f"{head:>12}" for head in others.values())
    )
    families: dict[str, Counts] = defaultdict(lambda: defaultdict(Counter))
    for name, by_reader in counts.items():
        family = FAMILIES[name].removeprefix("damage_operators.")
        for key in (family, "total", *(() if OPERATORS[name].is_rare else ("total of the common faults",))):
            for who, counter in by_reader.items():
                families[f"= {key}"][who].update(counter)
    empty: Counts = defaultdict(Counter)
    totals = [(key, families.pop(key, empty)) for key in ("= total of the common faults", "= total")]
    for name, by_reader in [*counts.items(), *families.items(), *totals]:
        if by_reader[reader]["all"]:
            beside = " ".join(f"{share(by_reader[other], 'exact'):>12}" for other in others)
            print(f"{row(name, by_reader[reader])} {beside}")


def selected(names: str | None) -> list[Registered]:
    """Return the operators whose names or families the argument lists, separated by commas."""
    if names is None:
        return list(OPERATORS.values())
    wanted = names.split(",")
    chosen = [
        one
        for name, one in OPERATORS.items()
        if any(part in (name, FAMILIES[name].removeprefix("damage_operators.")) for part in wanted)
    ]
    if not chosen:
        raise SystemExit(f"--operator {names}: not an operator; there are {', '.join(OPERATORS)}")
    return chosen


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpora", type=Path, help="folder of objects with their schemas")
    parser.add_argument("--count", type=int, default=40, help="damaged texts for each operator")
    parser.add_argument("--objects", type=int, default=5_500, help="different objects at least")
    parser.add_argument("--faults", type=int, default=1, help="faults in each text")
    parser.add_argument("--operator", help="operators or families, separated by commas")
    parser.add_argument(
        "--show", type=int, default=0, help="cases to print for each operator that are not exact"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jsonrepair", type=Path, help="folder with node_modules/jsonrepair")
    parser.add_argument("--json", type=Path, help="file for the numbers")
    parser.add_argument("--speed", action="store_true", help="compare times instead")
    parser.add_argument(
        "--longest", type=int, help="characters of long damaged texts whose time to show instead"
    )
    arguments = parsed(parser, count=1, objects=60)
    objects = pool(arguments.corpora, arguments.objects, arguments.seed)
    chosen = selected(arguments.operator)
    made = list(cases(chosen, objects, arguments.count, arguments.faults, arguments.seed))
    print(f"{len(made):,} damaged texts of {len(objects.used):,} different objects, {len(chosen)} operators")
    if arguments.longest:
        lengths(made, arguments.longest)
    elif arguments.speed:
        speed(made)
    else:
        counts = counted(made, arguments)
        beside = {"their_plain": "json_repair", "javascript": "jsonrepair"}
        table(counts, "plain", "without the schema", beside)
        table(counts, "typed", "with the schema", {"their_typed": "json_repair"})
        if arguments.json:
            arguments.json.write_text(json.dumps(counts, indent=1) + "\n", "utf-8")


def counted(made: list[Case], arguments: argparse.Namespace) -> dict[str, Counts]:
    """Return the outcomes by operator and reader, and print the cases to show."""
    counts: dict[str, Counts] = defaultdict(lambda: defaultdict(Counter))
    printed: Counter[tuple[str, bool]] = Counter()
    values = jsonrepair_values([case.text for case in made], arguments.jsonrepair)
    for index, case in enumerate(made):
        needs_schema = OPERATORS[case.operator].needs_schema
        judgements: dict[str, Any] = measured(case, needs_schema)
        if values is not None and not needs_schema:
            right = values[index] is not None and case.right(values[index][0], typed=False)
            judgements["javascript"] = Judgement("exact" if right else "wrong", None)
        for reader, judgement in judgements.items():
            counter = counts[case.operator][reader]
            counter.update(["all", judgement.outcome] + ["named"] * judgement.named)
            if reader in ("plain", "typed") and judgement.outcome != "exact":
                printed[case.operator, reader == "typed"] += 1
                if printed[case.operator, reader == "typed"] <= arguments.show:
                    shown(case, reader == "typed", judgement)
    return counts


if __name__ == "__main__":
    main()
