"""The training data is what it claims: valid, repeatable, in the service's own prompt, and held out where said."""

import itertools
import json
from dataclasses import replace
from random import Random

import pytest

from structgen import json_text
from structgen.prompts import hermes4
from structgen.schema import Schema
from training import composites, words
from training.fields import Field, known
from training.induction import IGNORE, repeated
from training.tasks import Mix, case, shipped_schemas, unforeseen_case
from training.values import Source
from training.variants import distinct

PLAIN = Mix(repair=0.0)
VARIED = Mix(repair=0.0, nested=0.6, varied=True, slips=0.2)


@pytest.mark.parametrize("mix", [PLAIN, VARIED], ids=["plain", "varied"])
@pytest.mark.parametrize("seed", range(40))
def test_answers_are_valid_under_their_schemas(seed: int, mix: Mix) -> None:
    """And in declared order, compact, with no key given twice."""
    made = case(Random(seed), mix)
    schema = Schema.parse(made.schema)
    value = json_text.loads(made.answer)
    assert schema.violations(value) == []
    assert json_text.dumps(schema.arrange(value)) == json_text.dumps(value)


def test_names_that_meet_in_a_new_spelling_stay_distinct() -> None:
    """On every level; the last of two is the one that stays."""
    twice = [known("unit_price"), replace(known("price"), name="unit_price")]
    kept = distinct([Field("terms", "group", ("",), tuple(twice)), *twice])
    assert [f.name for f in kept] == ["terms", "unit_price"]
    assert [f.labels[0] for f in kept[0].fields] == ["price"]


def test_a_seed_repeats_the_data() -> None:
    """To the letter."""
    assert case(Random(5), PLAIN) == case(Random(5), PLAIN)


def test_the_prompt_is_the_services() -> None:
    """Schema in the system turn, the document last."""
    made = case(Random(3), PLAIN)
    assert made.messages[0].content == hermes4.system(json_text.dumps(made.schema))
    assert made.messages[-1].content.endswith(made.document)


def test_repairs_show_a_broken_object_and_its_violations() -> None:
    """The retry that the service sends; the answer is the sound object."""
    shown = [case(Random(seed), Mix(repair=1.0)) for seed in range(30)]
    repairs = [made for made in shown if "Erroneous JSON to fix:" in made.messages[-1].content]
    assert len(repairs) > 20
    assert all(Schema.parse(made.schema).violations(json.loads(made.answer)) == [] for made in repairs)


def test_held_out_values_are_never_seen_in_training() -> None:
    """No list shares a word with the lists of training."""
    seen = {"first": words.FIRST, "last": words.LAST, "city": words.CITIES, "company": words.COMPANY}
    seen |= {"noun": words.NOUNS, "phrase": words.PHRASES, "topic": words.TOPICS, "skill": words.SKILLS}
    assert seen.keys() == words.HELD_OUT.keys()
    for kind, pool in seen.items():
        assert not set(pool) & set(words.HELD_OUT[kind])
    documents = " ".join(case(Random(seed), PLAIN).document for seed in range(200))
    assert not any(name in documents for name in words.HELD_OUT["last"])


@pytest.mark.parametrize("seed", range(20))
def test_a_receipt_states_what_is_asked_of_it(seed: int) -> None:
    """Each string of the answer stands in the text, an address perhaps over several lines."""
    made = case(Random(seed), Mix(repair=0.0, slips=1.0))
    text = " ".join(made.document.split())
    for name, value in json.loads(made.answer).items():
        iso = made.schema["properties"][name].get("format") == "date"
        assert not isinstance(value, str) or iso or value in text


@pytest.mark.parametrize("seed", range(30))
def test_a_composite_is_the_parts_of_its_text(seed: int) -> None:
    """Every string of it stands in the piece, but for days and the name of a currency's sign."""
    source = Source(Random(seed))
    field = composites.draw(source.rng)
    text, parts = composites.write(field, source)
    asked = {member.choices[0] for member in field.fields}
    assert not asked - parts.keys(), "nothing may be missing"
    for member in field.fields:  # as where two members had one name
        composites.write(replace(field, fields=(member,)), source)
    for role, value in parts.items():
        for part in value if isinstance(value, tuple) else (value,):
            assert part.text.replace(",", "") in text.replace(",", "") or role in ("currency", "start", "end")


def test_what_the_schema_lets_be_null_is_null_where_it_is_absent() -> None:
    """Pydantic's optional fields stand in every answer; what may only be left out is left out."""
    made = [case(Random(seed), Mix(nested=0.0, shipped=0.0, repair=0.0, absent=1.0)) for seed in range(60)]
    for one in made:
        properties, required = one.schema["properties"], one.schema.get("required", ())
        nullable = [name for name, part in properties.items() if "null" in json.dumps(part)]
        answer = json.loads(one.answer)
        assert [name for name, value in answer.items() if value is None] == nullable
        assert all(name in answer for name in required)
        assert len(answer) == len({*nullable, *required})


def test_every_shipped_schema_is_in_the_mix() -> None:
    """Ten of them."""
    assert len(shipped_schemas()) >= 10


def test_unforeseen_names_are_keys_of_the_document() -> None:
    """Each given value stands on a line of its own."""
    made = unforeseen_case(Random(1))
    given = [value for value in json.loads(made.answer).values() if value is not None]
    assert len(made.document.splitlines()) >= len(given)


def test_repeated_sequences_can_be_foreseen() -> None:
    """Every labelled token is what stood before, after the same token."""
    ids, labels = repeated(Random(0), 1000, 120)
    assert len(ids) == len(labels) == 120
    labelled = [i for i, label in enumerate(labels) if label != IGNORE]
    assert labelled
    pairs = list(itertools.pairwise(ids))
    assert all(labels[i] == ids[i] and pairs[i - 1] in pairs[: i - 1] for i in labelled)
