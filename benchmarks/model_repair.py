"""Repair objects that violate their schema, by rules and by the shipped model.

`python benchmarks/model_repair.py [--count 100]`. Objects, schemas and documents are of our own making and
held out of training; an object has one or two faults. Every result is validated again here.
"""

import argparse
import json
from collections import Counter
from random import Random
from typing import Any

from common import parsed

import structgen
from structgen import json_text
from structgen.schema import Schema
from training.tasks import Mix, broken, case


def made(count: int) -> list[tuple[Schema, str, str, Any]]:
    """Yield schema, broken object, document and expected object."""
    found: list[tuple[Schema, str, str, Any]] = []
    index = 0
    while len(found) < count:
        random = Random(f"model-repair:{index}")
        index += 1
        drawn = case(random, Mix(fields=(1, 6), nested=0.3, shipped=0.0, repair=0.0), held_out=True)
        schema, meant = Schema.parse(drawn.schema), json.loads(drawn.answer)
        value = broken(random, meant)
        if schema.violations(value):
            found.append((schema, json_text.dumps(value), drawn.document, meant))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100)
    arguments = parsed(parser, count=2)
    outcomes: Counter[str] = Counter()
    meant_so: Counter[str] = Counter()
    invalid = 0
    with structgen.Generator() as generator:
        for schema, text, document, meant in made(arguments.count):
            result = structgen.repair(text, schema, engine=generator, source=document)
            outcomes[result.status] += 1
            meant_so[result.status] += result.value == meant
            invalid += result.status != "failed" and bool(schema.violations(result.value))
    print(f"{'outcome':16} {'objects':>8} {'as meant':>9}")
    for status, count in outcomes.most_common():
        print(f"{status:16} {count:8} {meant_so[status]:9}")
    print(f"results that are not valid: {invalid}")


if __name__ == "__main__":
    main()
