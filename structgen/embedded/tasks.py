"""Training examples: the very prompt that the service sends, and the answer that was meant."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from structgen import json_text
from structgen.distribution import SCHEMAS
from structgen.embedded import receipts, variants
from structgen.embedded.documents import Writer
from structgen.embedded.fields import Field, unforeseen
from structgen.embedded.records import answer, described, draw_fields, fields_of, fill
from structgen.embedded.values import Source
from structgen.prompts import base, hermes4
from structgen.types import Message

_PROMPTS = """Extract the data from this document.|Extract the fields as JSON.|Return the record.
|Extract the information from the text below.|What does the document say?|Extract all values.
|Fill in the schema from the text.|Read the document and answer in JSON.|Extract the key fields.
|Extract the data. Use null for a field that is not given.""".replace("\n", "").split("|")


@dataclass(frozen=True, slots=True)
class Case:
    """One example: what is asked, and the JSON text expected."""

    messages: tuple[Message, ...]
    answer: str
    schema: dict[str, Any]
    document: str


@dataclass(frozen=True, slots=True)
class Mix:
    """What the examples of a phase of training are like."""

    fields: tuple[int, int] = (1, 6)
    nested: float = 0.35
    shipped: float = 0.15
    repair: float = 0.08
    required: float = 0.75
    """Chance of a field to be required."""
    absent: float = 0.35
    """Chance of one that may be missing to be so."""
    pydantic: float = 0.35
    """Chance of a schema to be as Pydantic writes it: there, `null` stands for what is missing."""
    slips: float = 0.0
    """Share of till receipts as a scanner reads them."""
    varied: bool = False
    """Whether schemas have what `variants.py` adds to the catalogue."""


def case(rng: Random, mix: Mix, *, held_out: bool = False) -> Case:
    """One example of the mix. With `held_out`, of templates and values that training never sees."""
    return cases(rng, mix, 1, held_out=held_out)[0]


def cases(rng: Random, mix: Mix, count: int, *, held_out: bool = False) -> list[Case]:
    """Examples of one schema: documents, and answers, of their own."""
    if mix.slips and rng.random() < mix.slips:
        asked = receipts.question(rng)
        return [_scanned(Source(rng), asked) for _ in range(count)]
    if rng.random() < mix.shipped and shipped_schemas():
        schema = rng.choice(shipped_schemas())
        fields = fields_of(schema)
    else:
        drawn = rng.randint(*mix.fields)
        nested = rng.random() < mix.nested
        fields = draw_fields(rng, drawn, nested=nested, required=mix.required, held_out=held_out)
        if mix.varied:
            fields = variants.varied(rng, fields, mix.required)
        fields, schema = described(fields, rng, mix.pydantic)
    return [_filled(Source(rng, held_out), fields, schema, mix) for _ in range(count)]


def _filled(source: Source, fields: list[Field], schema: dict[str, Any], mix: Mix) -> Case:
    rng = source.rng
    nodes = [fill(field, source, mix.absent) for field in fields]
    document = Writer(source).document(nodes)
    asked = _asked(rng, schema, document)
    expected = answer(nodes)
    if rng.random() < mix.repair:
        asked = _broken(rng, asked, schema, expected)
    return Case(asked, expected, schema, document)


def _scanned(source: Source, asked: receipts.Question) -> Case:
    made = receipts.receipt(source)
    document, answered = made.text, asked.answer(made.found)
    return Case(_asked(source.rng, asked.schema, document), answered, asked.schema, document)


def _asked(rng: Random, schema: dict[str, Any], document: str) -> tuple[Message, ...]:
    prompt = rng.choice(_PROMPTS) if rng.random() < 0.3 else None
    return base.conversation(hermes4.system(json_text.dumps(schema)), prompt=prompt, document=document)


def unforeseen_case(rng: Random) -> Case:
    """Field names that no training saw, each stated as a key and its value on a line."""
    source = Source(rng, held_out=True)
    named = {f.name: f for f in (unforeseen(rng, held_out=True) for _ in range(rng.randint(2, 6)))}
    fields, schema = described(list(named.values()), rng, Mix().pydantic)
    nodes = [fill(field, source, Mix().absent) for field in fields]
    document = Writer(source).key_values(nodes)
    system = hermes4.system(json_text.dumps(schema))
    return Case(base.conversation(system, document=document), answer(nodes), schema, document)


@cache
def shipped_schemas() -> tuple[dict[str, Any], ...]:
    """The schemas that ship."""
    return tuple(json.loads(p.read_text("utf-8")) for p in sorted(SCHEMAS.glob("*.json")))


def _broken(
    rng: Random, asked: tuple[Message, ...], schema: dict[str, Any], expected: str
) -> tuple[Message, ...]:
    """The retry that follows an answer with one or two faults; unbroken where none could be made."""
    from structgen.schema import Schema

    value = broken(rng, json.loads(expected))
    violations = Schema.parse(schema).violations(value)
    if not violations:
        return asked
    return base.retry(asked, json_text.dumps(value), violations)


def broken(rng: Random, value: dict[str, Any]) -> dict[str, Any]:
    """The object with one or two faults; the one given stays as it is."""
    copy: dict[str, Any] = json.loads(json.dumps(value))
    for _ in range(rng.randint(1, 2)):
        _break(rng, copy)
    return copy


def _break(rng: Random, value: dict[str, Any]) -> None:
    """One fault of the kinds that models make: type, case, a missing field, one too many."""
    if not value:
        return None
    key = rng.choice(list(value))
    found = value[key]
    if isinstance(found, dict) and found and rng.random() < 0.7:
        return _break(rng, found)
    if isinstance(found, list) and found and isinstance(found[0], dict) and rng.random() < 0.7:
        return _break(rng, rng.choice(found))
    match rng.choice(["type", "type", "missing", "extra", "null", "text"]):
        case "missing":
            del value[key]
        case "extra":
            value[f"{key}_{rng.choice(['note', 'raw', 'text', 'old'])}"] = found
        case "null":
            value[key] = None
        case "text" if isinstance(found, str):
            value[key] = rng.choice([found.upper(), found.title(), f"{found} ", found[:-1]])
        case _ if isinstance(found, str):
            value[key] = rng.choice([[found], {"value": found}, len(found)])
        case _:
            value[key] = json.dumps(found)
    return None


def texts(seed: int, count: int) -> list[str]:
    """Texts to train the tokenizer on."""
    made = []
    for index in range(count):
        example = case(Random(f"{seed}:tokenizer:{index}"), Mix(shipped=0.0, repair=0.0))
        made += [m.content for m in example.messages] + [example.answer]
    return made
