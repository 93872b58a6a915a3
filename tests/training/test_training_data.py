"""The training data are valid and repeatable, have the service's prompt, and leave out held-out values."""

import itertools
import json
from dataclasses import replace
from random import Random

import pytest

from structgen import json_text
from structgen.prompts import hermes4
from structgen.schema import Schema
from training import composites, words
from training.fields import Field, catalogue_field
from training.induction import IGNORE, repeated
from training.tasks import Mix, case, shipped_schemas, uncatalogued_case
from training.values import Source
from training.variants import distinct

PLAIN = Mix(repair=0.0)
VARIED = Mix(repair=0.0, nested=0.6, varied=True, receipts=0.2)


@pytest.mark.parametrize("mix", [PLAIN, VARIED], ids=["plain", "varied"])
@pytest.mark.parametrize("seed", range(40))
def test_answers_are_valid_under_their_schemas(seed: int, mix: Mix) -> None:
    """Every answer is valid and compact JSON in declared order without duplicate keys."""
    example = case(Random(seed), mix)
    schema = Schema.parse(example.schema)
    value = json_text.loads(example.answer)
    assert schema.violations(value) == []
    assert json_text.dumps(schema.arrange(value)) == json_text.dumps(value)


def test_names_equal_in_a_new_spelling_stay_distinct() -> None:
    """Of two fields with one name, on any level, the last remains."""
    twice = [catalogue_field("unit_price"), replace(catalogue_field("price"), name="unit_price")]
    renamed = distinct([Field("terms", "group", ("",), tuple(twice)), *twice])
    assert [f.name for f in renamed] == ["terms", "unit_price"]
    assert [f.labels[0] for f in renamed[0].fields] == ["price"]


def test_a_seed_repeats_the_data() -> None:
    """The same seed draws the same example."""
    assert case(Random(5), PLAIN) == case(Random(5), PLAIN)


def test_the_prompt_is_the_services() -> None:
    """The schema stands in the system turn, and the document at the end of the user turn."""
    example = case(Random(3), PLAIN)
    assert example.messages[0].content == hermes4.system(json_text.dumps(example.schema))
    assert example.messages[-1].content.endswith(example.document)


def test_repairs_show_a_broken_object_and_its_violations() -> None:
    """A repair example has the service's retry turn and a valid answer."""
    shown = [case(Random(seed), Mix(repair=1.0)) for seed in range(30)]
    repairs = [example for example in shown if "Erroneous JSON to fix:" in example.messages[-1].content]
    assert len(repairs) > 20
    assert all(
        Schema.parse(example.schema).violations(json.loads(example.answer)) == [] for example in repairs
    )


def test_held_out_values_are_never_seen_in_training() -> None:
    """Held-out lists share no word with training lists, and training documents have no held-out name."""
    seen = {"first": words.FIRST, "last": words.LAST, "city": words.CITIES, "company": words.COMPANY}
    seen |= {"noun": words.NOUNS, "phrase": words.PHRASES, "topic": words.TOPICS, "skill": words.SKILLS}
    assert seen.keys() == words.HELD_OUT.keys()
    for kind, pool in seen.items():
        assert not set(pool) & set(words.HELD_OUT[kind])
    documents = " ".join(case(Random(seed), PLAIN).document for seed in range(200))
    assert not any(name in documents for name in words.HELD_OUT["last"])


@pytest.mark.parametrize("seed", range(20))
def test_a_receipt_states_what_is_asked_of_it(seed: int) -> None:
    """Each string of a receipt's answer stands in its text, an address perhaps over several lines."""
    example = case(Random(seed), Mix(repair=0.0, receipts=1.0))
    text = " ".join(example.document.split())
    for name, value in json.loads(example.answer).items():
        iso = example.schema["properties"][name].get("format") == "date"
        assert not isinstance(value, str) or iso or value in text


@pytest.mark.parametrize("seed", range(30))
def test_a_composite_is_the_parts_of_its_text(seed: int) -> None:
    """Every part of a composite stands in its text, except dates and a currency's code."""
    source = Source(Random(seed))
    field = composites.draw(source.rng)
    text, parts = composites.write(field, source)
    roles = {member.choices[0] for member in field.fields}
    assert not roles - parts.keys(), "a required part is absent"
    for member in field.fields:  # as where two members had one name
        composites.write(replace(field, fields=(member,)), source)
    for role, value in parts.items():
        for part in value if isinstance(value, tuple) else (value,):
            assert part.text.replace(",", "") in text.replace(",", "") or role in ("currency", "start", "end")


def test_an_absent_nullable_field_is_null() -> None:
    """An absent nullable field is `null`, and an absent field that is not nullable is left out."""
    examples = [
        case(Random(seed), Mix(nested=0.0, shipped=0.0, repair=0.0, absent=1.0)) for seed in range(60)
    ]
    for example in examples:
        properties, required = example.schema["properties"], example.schema.get("required", ())
        nullable = [name for name, part in properties.items() if "null" in json.dumps(part)]
        answer = json.loads(example.answer)
        assert [name for name, value in answer.items() if value is None] == nullable
        assert all(name in answer for name in required)
        assert len(answer) == len({*nullable, *required})


def test_every_shipped_schema_is_in_the_mix() -> None:
    """At least ten shipped schemas are in the mix."""
    assert len(shipped_schemas()) >= 10


def test_uncatalogued_names_are_keys_of_the_document() -> None:
    """Each value of uncatalogued names has a line of the document."""
    example = uncatalogued_case(Random(1))
    given = [value for value in json.loads(example.answer).values() if value is not None]
    assert len(example.document.splitlines()) >= len(given)


def test_labelled_tokens_repeat_earlier_pairs() -> None:
    """Every labelled token repeats an earlier pair of tokens."""
    ids, labels = repeated(Random(0), 1000, 120)
    assert len(ids) == len(labels) == 120
    labelled = [i for i, label in enumerate(labels) if label != IGNORE]
    assert labelled
    pairs = list(itertools.pairwise(ids))
    assert all(labels[i] == ids[i] and pairs[i - 1] in pairs[: i - 1] for i in labelled)
