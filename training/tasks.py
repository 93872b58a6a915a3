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
from structgen.types import Conversation, Message
from training import receipts, variants
from training.documents import Writer
from training.fields import Field, draw_uncatalogued_field
from training.records import answer, build_schema, draw_fields, fill, read_fields
from training.scenes import claims, notes, people, selection, tables
from training.scenes.locale_source import LocaleSource, draw_source
from training.scenes.role_schemas import RoleSchema, RoleValues, build_role_schema
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
    receipts: float = 0.0
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
    localized: bool = False
    """Whether the catalogue's documents take values from the locales' vocabulary."""
    varied: bool = False
    """Whether the variants of `variants.py` apply to the catalogue's schemas."""


def case(rng: Random, mix: Mix, *, held_out: bool = False) -> Case:
    """Draw one example of the mix; `held_out` restricts templates and values to those outside training."""
    return cases(rng, mix, 1, held_out=held_out)[0]


def cases(rng: Random, mix: Mix, count: int, *, held_out: bool = False) -> list[Case]:
    """Draw examples of one schema, each with its own document and answer."""
    if share := mix.receipts + mix.notes + mix.claims + mix.tables + mix.letters:
        roll = rng.random()
        if roll < share:
            return _scene_examples(rng, mix, count, roll, held_out)
    if mix.keys and rng.random() < mix.keys:
        return _key_value_examples(rng, count, mix)
    if rng.random() < mix.shipped and shipped_schemas():
        schema = rng.choice(shipped_schemas())
        fields = read_fields(schema)
    else:
        drawn = rng.randint(*mix.fields)
        nested = rng.random() < mix.nested
        fields = draw_fields(rng, drawn, nested=nested, required=mix.required, held_out=held_out)
        if mix.varied:
            fields = variants.apply_variants(rng, fields, mix.required)
        fields, schema = build_schema(fields, rng, mix.pydantic)
    if mix.localized and not held_out:
        filled = (_catalogue_example(draw_source(rng), fields, schema, mix) for _ in range(count))
        return [_typeset(one) for one in filled if not _too_long(one)] or cases(rng, mix, count)
    return [_catalogue_example(Source(rng, held_out), fields, schema, mix) for _ in range(count)]


def _key_value_examples(rng: Random, count: int, mix: Mix) -> list[Case]:
    """Draw examples with names outside the catalogue, each on a line of key and value."""
    named = {
        f.name: f
        for f in (draw_uncatalogued_field(rng, rng.random() < 0.5) for _ in range(rng.randint(1, 8)))
    }
    fields, schema = build_schema(list(named.values()), rng, mix.pydantic)
    examples = []
    for _ in range(count):
        source = draw_source(rng)
        nodes = [fill(field, source, mix.absent) for field in fields]
        document = Writer(source).key_values(nodes)
        examples.append(Case(_conversation(rng, schema, document), answer(nodes), schema, document))
    return examples


def _too_long(one: Case) -> bool:
    """Whether a string of more than forty characters in the answer violates the schema's `maxLength`."""
    if "maxLength" not in one.messages[0].content or not _LONG.search(one.answer):
        return False
    from structgen.schema import Schema

    return bool(Schema.parse(one.schema).violations(json.loads(one.answer)))


_LONG = re.compile(r'"[^"]{41}')


def _scene_examples(rng: Random, mix: Mix, count: int, roll: float, held_out: bool) -> list[Case]:
    """Draw examples of a receipt, note, claim, table or letter, chosen by `roll`."""

    def source() -> LocaleSource:
        return LocaleSource(rng, held_out, rng.choice(mix.locales) if mix.locales else None)

    write: Callable[[LocaleSource], tuple[str, RoleValues]]
    if (roll := roll - mix.receipts) < 0:
        receipt_schema = receipts.draw_schema(rng)
        origins = (Source(rng) if not mix.locales and rng.random() < 0.15 else source() for _ in range(count))
        return [_receipt_example(origin, receipt_schema) for origin in origins]
    if (roll := roll - mix.notes) < 0:
        role_schema, write, kind = build_role_schema(rng, people.roles(rng), grouped=0.05), notes.note, "note"
        locales = mix.locales or ("en_US", "en_US", "en_US", "")
        return [
            _scene_example(
                LocaleSource(rng, held_out, rng.choice(locales) or None), role_schema, write, kind, mix
            )
            for _ in range(count)
        ]
    if (roll := roll - mix.claims) < 0:
        role_schema, write, kind = build_role_schema(rng, claims.roles(rng)), claims.claim, "claim"
    elif roll - mix.tables < 0:
        spec = tables.draw_table_spec(rng, *mix.rows)
        role_schema, write, kind = spec.role_schema, lambda s: tables.table(s, spec), "table"
    else:
        scene = selection.scene(rng, mix.locales)
        role_schema, write, kind = scene.role_schema, scene.write, "text"
    return [_scene_example(source(), role_schema, write, kind, mix) for _ in range(count)]


def _scene_example(
    source: LocaleSource,
    role_schema: RoleSchema,
    write: Callable[[LocaleSource], tuple[str, RoleValues]],
    kind: str,
    mix: Mix,
) -> Case:
    text, role_values = write(source)
    expected, rng = role_schema.answer(role_values), source.rng
    prompt = None
    if rng.random() < 0.6:
        prompt = f"{rng.choice(_VERBS)} {rng.choice(_THINGS)}".format(kind=kind)
        rule = rng.choice(_RULES).format(kind=kind)
        prompt += (
            rule
            if rule.startswith(" from") or rule.startswith(" in") or rule.startswith(" (")
            else f".{rule}"
        )
    messages = base.conversation(
        hermes4.system(json_text.dumps(role_schema.schema)), prompt=prompt, document=text
    )
    if kind != "table" and rng.random() < mix.repair:
        messages = _with_retry(rng, messages, role_schema.schema, expected)
    example = Case(messages, expected, role_schema.schema, text)
    return example if source.held_out else _typeset(example)


_CURLED = str.maketrans({"'": "’"})


def _typeset(example: Case) -> Case:
    """Apply typographic characters to some examples: curly apostrophes, dashes, no-break spaces."""
    rng = Random(len(example.document) * 31 + len(example.answer))
    if rng.random() > 0.1 or len(example.messages) > 2 or "'" in example.messages[0].content:
        return example
    changes: list[Callable[[str], str]] = [
        lambda text: text.translate(_CURLED),
        lambda text: text.translate(_CURLED),
        lambda text: text.replace(" - ", " – "),
        lambda text: text.replace(" - ", " — "),
        lambda text: text.replace("...", "…"),
        lambda text: text.replace(". ", ".\u00a0"),
    ]
    change = rng.choice(changes)
    user = example.messages[-1]
    messages = (*example.messages[:-1], Message(user.role, change(user.content)))
    return Case(messages, change(example.answer), example.schema, change(example.document))


def _catalogue_example(source: Source, fields: list[Field], schema: dict[str, Any], mix: Mix) -> Case:
    rng = source.rng
    nodes = [fill(field, source, mix.absent) for field in fields]
    document = Writer(source).document(nodes)
    messages = _conversation(rng, schema, document)
    expected = answer(nodes)
    if rng.random() < mix.repair:
        messages = _with_retry(rng, messages, schema, expected)
    return Case(messages, expected, schema, document)


def _receipt_example(source: Source, schema: receipts.ReceiptSchema) -> Case:
    receipt = receipts.receipt(source)
    expected = schema.answer(receipt.role_values)
    return Case(_conversation(source.rng, schema.schema, receipt.text), expected, schema.schema, receipt.text)


def _conversation(rng: Random, schema: dict[str, Any], document: str) -> tuple[Message, ...]:
    prompt = rng.choice(_PROMPTS) if rng.random() < 0.3 else None
    return base.conversation(hermes4.system(json_text.dumps(schema)), prompt=prompt, document=document)


def uncatalogued_case(rng: Random) -> Case:
    """Draw a held-out example with names outside the catalogue, each on a line of key and value."""
    source = Source(rng, held_out=True)
    named = {
        f.name: f for f in (draw_uncatalogued_field(rng, held_out=True) for _ in range(rng.randint(2, 6)))
    }
    fields, schema = build_schema(list(named.values()), rng, Mix().pydantic)
    nodes = [fill(field, source, Mix().absent) for field in fields]
    document = Writer(source).key_values(nodes)
    system = hermes4.system(json_text.dumps(schema))
    return Case(base.conversation(system, document=document), answer(nodes), schema, document)


@cache
def shipped_schemas() -> tuple[dict[str, Any], ...]:
    """Load the schemas that ship with the service."""
    return tuple(json.loads(p.read_text("utf-8")) for p in sorted(SCHEMAS.glob("*.json")))


def _with_retry(
    rng: Random, messages: tuple[Message, ...], schema: dict[str, Any], expected: str
) -> tuple[Message, ...]:
    """Append the retry turn after an answer with one or two faults; without violations, change nothing."""
    from structgen.schema import Schema

    value = broken(rng, json.loads(expected))
    violations = Schema.parse(schema).violations(value)
    if not violations:
        return messages
    return base.retry(Conversation(messages), json_text.dumps(value), violations).messages


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
    member = value[key]
    if isinstance(member, dict) and member and rng.random() < 0.7:
        return _break(rng, member)
    if isinstance(member, list) and member and isinstance(member[0], dict) and rng.random() < 0.7:
        return _break(rng, rng.choice(member))
    match rng.choice(["type", "type", "missing", "extra", "null", "text"]):
        case "missing":
            del value[key]
        case "extra":
            value[f"{key}_{rng.choice(['note', 'raw', 'text', 'old'])}"] = member
        case "null":
            value[key] = None
        case "text" if isinstance(member, str):
            value[key] = rng.choice([member.upper(), member.title(), f"{member} ", member[:-1]])
        case _ if isinstance(member, str):
            value[key] = rng.choice([[member], {"value": member}, len(member)])
        case _:
            value[key] = json.dumps(member)
    return None


WIDE = Mix(
    shipped=0.08,
    repair=0.04,
    varied=True,
    localized=True,
    receipts=0.12,
    notes=0.12,
    claims=0.05,
    tables=0.1,
    letters=0.16,
    keys=0.06,
)
"""All kinds of documents, for the tokenizer."""


def texts(seed: int, count: int, mix: Mix = WIDE) -> list[str]:
    """Draw texts to train the tokenizer on."""
    contents = []
    for index in range(count):
        example = case(Random(f"{seed}:tokenizer:{index}"), mix)
        contents += [m.content for m in example.messages] + [example.answer]
    return contents
