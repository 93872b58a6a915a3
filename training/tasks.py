"""Training examples: the exact prompt that the service sends, and the expected answer."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from structgen import json_text
from structgen.distribution import SCHEMAS
from structgen.prompts import base, hermes4
from structgen.types import Message
from training import receipts, variants
from training.documents import Writer
from training.fields import Field, unforeseen
from training.records import answer, described, draw_fields, fields_of, fill
from training.scenes import claims, mail, notes, people, tables
from training.scenes.questions import Found, Sheet, sheet
from training.scenes.source import WorldSource, sources
from training.values import Source

_PROMPTS = """Extract the data from this document.|Extract the fields as JSON.|Return the record.
|Extract the information from the text below.|What does the document say?|Extract all values.
|Fill in the schema from the text.|Read the document and answer in JSON.|Extract the key fields.
|Extract the data. Use null for a field that is not given.""".replace("\n", "").split("|")

_VERBS = "Extract|Extract|Extract|Return|Get|Find|Read off|List|Pull out|Collect".split("|")
_THINGS = """the data|the fields|the key fields|all fields|the information|the record|the details|the values asked for|what is stated
|the structured data|the {kind} data|the key fields of this {kind}|the {kind}|the details of the {kind}""".replace(
    "\n", ""
).split("|")
_RULES = """| Use null for anything not in the {kind}.| Use null when a field is not stated.| Null for what is missing.| Answer in JSON.
| Copy values as they are written.| Do not guess.| If something is not given, use null.| from this {kind}.| in the schema given.
| (OCR text).| Keep the wording of the text.| Return JSON only.| Leave unknown fields null.|""".replace(
    "\n", ""
).split("|")


@dataclass(frozen=True, slots=True)
class Case:
    """One example: the conversation and the expected JSON text."""

    messages: tuple[Message, ...]
    answer: str
    schema: dict[str, Any]
    document: str


@dataclass(frozen=True, slots=True)
class Mix:
    """Shares and probabilities of the examples in a phase of training."""

    fields: tuple[int, int] = (1, 6)
    nested: float = 0.35
    shipped: float = 0.15
    repair: float = 0.08
    required: float = 0.75
    """Probability that a field is required."""
    absent: float = 0.35
    """Probability that an optional field is absent."""
    pydantic: float = 0.35
    """Probability that a schema has Pydantic's style, where `null` stands for an absent value."""
    slips: float = 0.0
    """Share of till receipts as a scanner reads them."""
    notes: float = 0.0
    claims: float = 0.0
    tables: float = 0.0
    letters: float = 0.0
    """Shares of notes about a person, of reports to an insurer, of tables, and of letters, mails, chats, logs and forms in
    many languages."""
    keys: float = 0.0
    """Share of key-value sheets with names outside the catalogue."""
    rows: tuple[int, int] = (1, 40)
    """Rows of a table."""
    locales: tuple[str, ...] = ()
    """Locales of the values; where empty, the built-in lists and all locales."""
    world: bool = False
    """Whether the catalogue's documents take values from the locales' vocabulary."""
    varied: bool = False
    """Whether the variants of `variants.py` apply to the catalogue's schemas."""


def case(rng: Random, mix: Mix, *, held_out: bool = False) -> Case:
    """Draw one example of the mix; `held_out` restricts templates and values to those outside training."""
    return cases(rng, mix, 1, held_out=held_out)[0]


def cases(rng: Random, mix: Mix, count: int, *, held_out: bool = False) -> list[Case]:
    """Draw examples of one schema, each with its own document and answer."""
    if wide := mix.slips + mix.notes + mix.claims + mix.tables + mix.letters:
        roll = rng.random()
        if roll < wide:
            return _wide(rng, mix, count, roll, held_out)
    if mix.keys and rng.random() < mix.keys:
        return _keyed(rng, count, mix)
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
    if mix.world and not held_out:
        filled = (_filled(sources(rng), fields, schema, mix) for _ in range(count))
        return [_set(one) for one in filled if not _too_long(one)] or cases(rng, mix, count)
    return [_filled(Source(rng, held_out), fields, schema, mix) for _ in range(count)]


def _keyed(rng: Random, count: int, mix: Mix) -> list[Case]:
    """Draw examples with names outside the catalogue, each on a line of key and value."""
    named = {f.name: f for f in (unforeseen(rng, rng.random() < 0.5) for _ in range(rng.randint(1, 8)))}
    fields, schema = described(list(named.values()), rng, mix.pydantic)
    made = []
    for _ in range(count):
        source = sources(rng)
        nodes = [fill(field, source, mix.absent) for field in fields]
        document = Writer(source).key_values(nodes)
        made.append(Case(_asked(rng, schema, document), answer(nodes), schema, document))
    return made


def _too_long(one: Case) -> bool:
    """Whether a string of more than forty characters in the answer violates the schema's `maxLength`."""
    if "maxLength" not in one.messages[0].content or not _LONG.search(one.answer):
        return False
    from structgen.schema import Schema

    return bool(Schema.parse(one.schema).violations(json.loads(one.answer)))


_LONG = re.compile(r'"[^"]{41}')


def _wide(rng: Random, mix: Mix, count: int, roll: float, held_out: bool) -> list[Case]:
    """Draw examples of a receipt, note, claim, table or letter, chosen by `roll`."""

    def source() -> WorldSource:
        return WorldSource(rng, held_out, rng.choice(mix.locales) if mix.locales else None)

    write: Callable[[WorldSource], tuple[str, Found]]
    if (roll := roll - mix.slips) < 0:
        asked = receipts.question(rng)
        slips = (Source(rng) if not mix.locales and rng.random() < 0.15 else source() for _ in range(count))
        return [_scanned(slip, asked) for slip in slips]
    if (roll := roll - mix.notes) < 0:
        made, write, kind = sheet(rng, people.roles(rng), grouped=0.05), notes.note, "note"
        where = mix.locales or ("en_US", "en_US", "en_US", "")
        return [
            _told(WorldSource(rng, held_out, rng.choice(where) or None), made, write, kind, mix)
            for _ in range(count)
        ]
    if (roll := roll - mix.claims) < 0:
        made, write, kind = sheet(rng, claims.roles(rng)), claims.claim, "claim"
    elif roll - mix.tables < 0:
        planned = tables.plan(rng, *mix.rows)
        made, write, kind = planned.sheet, lambda s: tables.table(s, planned), "table"
    else:
        scene = mail.scene(rng, mix.locales)
        made, write, kind = scene.sheet, scene.write, "text"
    return [_told(source(), made, write, kind, mix) for _ in range(count)]


def _told(
    source: WorldSource, made: Sheet, write: Callable[[WorldSource], tuple[str, Found]], kind: str, mix: Mix
) -> Case:
    text, found = write(source)
    expected, rng = made.answer(found), source.rng
    prompt = None
    if rng.random() < 0.6:
        prompt = f"{rng.choice(_VERBS)} {rng.choice(_THINGS)}".format(kind=kind)
        rule = rng.choice(_RULES).format(kind=kind)
        prompt += (
            rule
            if rule.startswith(" from") or rule.startswith(" in") or rule.startswith(" (")
            else f".{rule}"
        )
    asked = base.conversation(hermes4.system(json_text.dumps(made.schema)), prompt=prompt, document=text)
    if kind != "table" and rng.random() < mix.repair:
        asked = _broken(rng, asked, made.schema, expected)
    whole = Case(asked, expected, made.schema, text)
    return whole if source.held_out else _set(whole)


_CURLED = str.maketrans({"'": "’"})


def _set(whole: Case) -> Case:
    """Apply typographic characters to some examples: curly apostrophes, dashes, no-break spaces."""
    rng = Random(len(whole.document) * 31 + len(whole.answer))
    if rng.random() > 0.1 or len(whole.messages) > 2 or "'" in whole.messages[0].content:
        return whole
    changes: list[Callable[[str], str]] = [
        lambda text: text.translate(_CURLED),
        lambda text: text.translate(_CURLED),
        lambda text: text.replace(" - ", " – "),
        lambda text: text.replace(" - ", " — "),
        lambda text: text.replace("...", "…"),
        lambda text: text.replace(". ", ".\u00a0"),
    ]
    change = rng.choice(changes)
    user = whole.messages[-1]
    messages = (*whole.messages[:-1], Message(user.role, change(user.content)))
    return Case(messages, change(whole.answer), whole.schema, change(whole.document))


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
    """Draw a held-out example with names outside the catalogue, each on a line of key and value."""
    source = Source(rng, held_out=True)
    named = {f.name: f for f in (unforeseen(rng, held_out=True) for _ in range(rng.randint(2, 6)))}
    fields, schema = described(list(named.values()), rng, Mix().pydantic)
    nodes = [fill(field, source, Mix().absent) for field in fields]
    document = Writer(source).key_values(nodes)
    system = hermes4.system(json_text.dumps(schema))
    return Case(base.conversation(system, document=document), answer(nodes), schema, document)


@cache
def shipped_schemas() -> tuple[dict[str, Any], ...]:
    """Load the schemas that ship with the service."""
    return tuple(json.loads(p.read_text("utf-8")) for p in sorted(SCHEMAS.glob("*.json")))


def _broken(
    rng: Random, asked: tuple[Message, ...], schema: dict[str, Any], expected: str
) -> tuple[Message, ...]:
    """Append the retry turn after an answer with one or two faults; without violations, change nothing."""
    from structgen.schema import Schema

    value = broken(rng, json.loads(expected))
    violations = Schema.parse(schema).violations(value)
    if not violations:
        return asked
    return base.retry(asked, json_text.dumps(value), violations)


def broken(rng: Random, value: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of an object with one or two faults."""
    copy: dict[str, Any] = json.loads(json.dumps(value))
    for _ in range(rng.randint(1, 2)):
        _break(rng, copy)
    return copy


def _break(rng: Random, value: dict[str, Any]) -> None:
    """Break an object in place as models do: type, case, a missing or an extra field."""
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


WIDE = Mix(
    shipped=0.08,
    repair=0.04,
    varied=True,
    world=True,
    slips=0.12,
    notes=0.12,
    claims=0.05,
    tables=0.1,
    letters=0.16,
    keys=0.06,
)
"""All kinds of documents, for the tokenizer."""


def texts(seed: int, count: int, mix: Mix = WIDE) -> list[str]:
    """Draw texts to train the tokenizer on."""
    made = []
    for index in range(count):
        example = case(Random(f"{seed}:tokenizer:{index}"), mix)
        made += [m.content for m in example.messages] + [example.answer]
    return made
