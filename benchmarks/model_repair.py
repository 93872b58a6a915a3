"""Repair objects that violate their schema, by rules and by the shipped model.

`python benchmarks/model_repair.py [--count 100] [--each 30] [--rules]`. Objects, schemas and documents are
of our own making and held out of training. The first table has objects with one or two faults, as the
training breaks them; the others have one fault each, by its kind. `--rules` leaves the model out. Every
result is validated again here.

A fault is seen where it violates the schema by itself. Rules may decide where the meant value can still be
read from the text, and not where it is missing, null, cut or replaced by its length.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any, NamedTuple

import jsonpatch
from common import parsed
from value_faults import KEY_FAULTS, UNDECIDABLE, VALUE_FAULTS, broken_by

import structgen
from structgen import json_text
from structgen.parsing.json_diff import diff
from structgen.parsing.json_patch import Change
from structgen.parsing.result import RepairResult
from structgen.schema import Schema
from structgen.types import RISKS
from training.tasks import Mix, broken, case

_MAX_DRAWS = 40
"""Objects that are drawn for one to which a kind of fault applies, before the kind is given up."""


class Broken(NamedTuple):
    """A meant object, and the same object with faults."""

    schema: Schema
    value: Any
    document: str
    meant: Any
    kinds: tuple[str, ...]
    is_seen: bool = True
    """Whether every fault violates the schema by itself."""

    @property
    def is_decidable(self) -> bool:
        return self.is_seen and UNDECIDABLE.isdisjoint(self.kinds)


def drawn_object(name: str) -> tuple[Random, Schema, str, Any]:
    random = Random(name)
    drawn = case(random, Mix(fields=(1, 6), nested=0.3, shipped=0.0, repair=0.0), held_out=True)
    return random, Schema.parse(drawn.schema), drawn.document, json.loads(drawn.answer)


def as_trained(count: int) -> Iterator[Broken]:
    """Yield objects with one or two faults that violate their schema."""
    index = 0
    while count:
        random, schema, document, meant = drawn_object(f"model-repair:{index}")
        index += 1
        value = broken(random, meant)
        if not schema.violations(value):
            continue
        count -= 1
        faults = diff(meant, value, reason="", risk="model")
        seen = all(schema.violations(jsonpatch.apply_patch(meant, [fault.to_json()])) for fault in faults)
        kinds = tuple(kind_of(fault, meant) for fault in faults)
        yield Broken(schema, value, document, meant, kinds, seen)


def kind_of(fault: Change, meant: Any) -> str:
    """Return the kind of a fault that the training made."""
    if fault.op != "replace":
        return "missing" if fault.op == "remove" else "extra"
    before, after = jsonpatch.JsonPointer(fault.path).resolve(meant), fault.value
    if after is None:
        return "null"
    if isinstance(after, list | dict):
        return "in a list" if isinstance(after, list) else "in an object"
    if not isinstance(before, str):
        return "JSON text"
    if not isinstance(after, str):
        return "length"
    return (
        "case"
        if after.casefold() == before.casefold()
        else "white space"
        if after[:-1] == before
        else "cut text"
    )


def with_one_fault(kind: str, count: int) -> Iterator[Broken]:
    """Yield objects with one fault of a kind that the schema sees; fewer where it applies to few."""
    index = 0
    for _ in range(count):
        for _ in range(_MAX_DRAWS):
            random, schema, document, meant = drawn_object(f"value-faults:{kind}:{index}")
            index += 1
            value = broken_by(kind, random, meant)
            if value is not None and schema.violations(value):
                yield Broken(schema, value, document, meant, (kind,))
                break
        else:
            return


def names_meant(result: RepairResult, meant: Any) -> bool:
    """Whether one of the alternatives leads to the meant object."""
    return any(
        jsonpatch.apply_patch(result.value, [{"op": "replace", "path": other.pointer, "value": other.value}])
        == meant
        for other in result.alternatives
    )


class Outcomes:
    """Counts of the results of one kind of fault."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.invalid = 0

    def add(self, one: Broken, engine: Any) -> None:
        source = one.document if engine else None
        result = structgen.repair(json_text.dumps(one.value), one.schema, engine=engine, source=source)
        self.invalid += result.status != "failed" and bool(one.schema.violations(result.value))
        self.counts[result.status] += 1
        if result.status == "failed":
            return
        risk = max((change.risk for change in result.changes), key=RISKS.index, default="lossless")
        same = result.value == one.meant
        self.counts[f"{result.status} as meant" if same else f"wrong, {risk}"] += 1
        self.counts["named"] += not same and names_meant(result, one.meant)

    def row(self) -> str:
        shown = ("repaired", "repaired as meant", "model_repaired", "model_repaired as meant", "failed")
        wrong = (f"wrong, {risk}" for risk in RISKS)
        return " ".join(f"{self.counts[name]:9}" for name in (*shown, *wrong, "named"))


HEADER = (
    f"{'':28} {'objects':>7} {'by rules':>9} {'as meant':>9} {'by model':>9} {'as meant':>9} {'failed':>9}"
    f" {'wrong, lossless':>9} / coerced / inferred / model, and of them named as alternative"
)


def report(title: str, objects: list[Broken], engine: Any) -> Outcomes:
    outcomes = Outcomes()
    for one in objects:
        outcomes.add(one, engine)
    print(f"{title:28} {len(objects):7} {outcomes.row()}", flush=True)
    return outcomes


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=100, help="objects broken as in training")
    parser.add_argument("--each", type=int, default=30, help="objects for each kind of fault")
    parser.add_argument("--rules", action="store_true", help="repair by rules alone, without the model")
    arguments = parsed(parser, count=2, each=1)
    engine = None if arguments.rules else structgen.Generator()
    print(HEADER)
    trained = list(as_trained(arguments.count))
    decidable = [one for one in trained if one.is_decidable]
    unseen = [one for one in trained if not one.is_seen]
    rest = [one for one in trained if one.is_seen and not one.is_decidable]
    groups = [("rules may decide", decidable), ("a value is gone", rest), ("a fault is not seen", unseen)]
    tables = [report(title, objects, engine) for title, objects in groups]
    print("\nof the first and second group, by kind of fault:")
    for kind in sorted({kind for one in (*decidable, *rest) for kind in one.kinds}):
        report(kind, [one for one in (*decidable, *rest) if kind in one.kinds], None)
    print("\none fault of a kind, by rules:")
    kinds = (*VALUE_FAULTS, *KEY_FAULTS)
    for kind in (*(k for k in kinds if k not in UNDECIDABLE), *(k for k in kinds if k in UNDECIDABLE)):
        title = f"{kind} (value is gone)" if kind in UNDECIDABLE else kind
        tables.append(report(title, list(with_one_fault(kind, arguments.each)), None))
    print(f"results that are not valid: {sum(table.invalid for table in tables)}")
    if engine is not None:
        engine.close()


if __name__ == "__main__":
    main()
