"""Generated documents state the values of their answers, and held-out names stay out of training."""

import hashlib
import json
from dataclasses import replace
from random import Random

import pytest

from structgen import json_text
from structgen.schema import Schema
from training import batches
from training.config import TrainingConfig
from training.evaluate import CATALOGUE_MIXES, LOCALE_MIXES, held_out_questions, uncatalogued_questions
from training.scenes import calendar, tables
from training.scenes.locale_source import LocaleSource
from training.scenes.vocabulary import FEW, SCRIPTS, pool, vocabulary, withheld
from training.tasks import Mix, case, cases

KINDS = {
    "receipts": Mix(receipts=1.0),
    "notes": Mix(notes=1.0),
    "claims": Mix(claims=1.0),
    "tables": Mix(tables=1.0),
    "letters and the like": Mix(letters=1.0),
    "bare keys": Mix(keys=1.0, localized=True),
    "the catalogue": Mix(shipped=0.1, nested=0.6, varied=True, localized=True),
}
DOCUMENTS = "f3a8fb688f7b3b64ec89a26dbd2bcf3ac3ff3997126540fd8d4bd29fc80b46c1"
"""Hash of a hundred documents of each set in `CATALOGUE_MIXES` and of uncatalogued names."""


@pytest.mark.parametrize("mix", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("seed", range(25))
def test_answers_are_valid_under_their_schemas(seed: int, mix: Mix) -> None:
    """Every answer is valid and compact JSON in declared order without duplicate keys."""
    for example in cases(Random(seed), replace(mix, repair=0.05), 2):
        schema = Schema.parse(example.schema)
        value = json_text.loads(example.answer)
        assert schema.violations(value) == []
        assert json_text.dumps(schema.arrange(value)) == json_text.dumps(value)


@pytest.mark.parametrize("seed", range(60))
def test_a_letters_strings_stand_in_its_text(seed: int) -> None:
    """Every string of a letter's answer stands in its text, except ISO dates and currency codes."""
    example = case(Random(seed), Mix(letters=1.0))
    iso = {n for n, part in example.schema["properties"].items() if "date" in json.dumps(part).lower()}
    values = {n: v for n, v in json.loads(example.answer).items() if isinstance(v, str) and n not in iso}
    text = " ".join(example.document.replace("> ", "").split())
    missing = {n for n, v in values.items() if " ".join(v.split()) not in text and "\\" not in text}
    assert not {n for n in missing if len(values[n]) != 3}, (missing, values, example.document)


@pytest.mark.parametrize("rows", [1, 2, 3, 12, 40])
@pytest.mark.parametrize("seed", range(8))
def test_a_table_has_the_rows_of_its_answer(seed: int, rows: int) -> None:
    """A table's answer has the requested rows and a value for every column."""
    rng = Random(seed)
    spec = tables.draw_table_spec(rng, rows, rows)
    text, role_values = tables.table(LocaleSource(rng), spec)
    assert len(role_values["rows"]) == rows
    assert all(len(row) == len(spec.columns) for row in role_values["rows"])
    for row in role_values["rows"]:
        cells = [value for value in row.values() if isinstance(value, str)]
        assert not any(len(cell) > 3 and cell[:3] not in text for cell in cells if not cell[:4].isdigit())


def test_a_seed_repeats_the_data() -> None:
    """The same seed draws the same examples of every kind."""
    for mix in KINDS.values():
        assert cases(Random("again"), mix, 2) == cases(Random("again"), mix, 2)


def test_training_never_draws_held_out_values() -> None:
    """Training values and held-out values of a locale and kind are disjoint."""
    assert set(SCRIPTS) == set(vocabulary())
    for locale, kinds in vocabulary().items():
        for kind, values in kinds.items():
            if len(values) >= FEW:
                assert pool(locale, kind, True)
                assert not set(pool(locale, kind, False)) & set(pool(locale, kind, True))
                assert all(map(withheld, pool(locale, kind, True)))


def test_a_document_keeps_to_one_language() -> None:
    """A Japanese source draws Japanese names only."""
    source = LocaleSource(Random(1), locale="ja_JP")
    assert all(not source.person().isascii() for _ in range(30))


def test_the_catalogues_evaluation_documents_stay_the_same() -> None:
    """The catalogue's evaluation documents stay identical, so that accuracy tables are comparable over time."""
    digest = hashlib.sha256()
    for question in [
        q for mix in CATALOGUE_MIXES.values() for q in held_out_questions(mix, 100)
    ] + uncatalogued_questions(100):
        contents = [message.content for message in question.messages]
        parts = (json_text.dumps(question.schema), contents, json_text.dumps(question.gold))
        digest.update(repr(parts).encode())
    assert digest.hexdigest() == DOCUMENTS


@pytest.mark.parametrize("name", LOCALE_MIXES)
def test_an_evaluation_set_asks_questions_with_answers(name: str) -> None:
    """Every evaluation set has questions with expected values."""
    questions = held_out_questions(LOCALE_MIXES[name], 5)
    assert len(questions) == 5
    assert any(question.gold for question in questions)


def test_a_document_that_cannot_be_written_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch is filled although every second document fails."""
    real, calls = batches.cases, iter(range(10**6))

    def brittle(*arguments: object) -> object:
        if next(calls) % 2:
            raise LookupError("no word")
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(batches, "cases", brittle)
    from training.architecture import train_tokenizer
    from training.tasks import texts

    drawn = batches.Batches(
        TrainingConfig(copying=0, easy=0, batch_tokens=3000), train_tokenizer(texts(0, 40), 400)
    )
    assert sum(pack.tokens for pack in drawn[0]) >= 3000


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "1,234.50"), ("de", "1.234,50"), ("ja", "1,234.50")],
    ids=["English", "German", "Japanese"],
)
def test_numbers_are_grouped_as_the_language_groups_them(language: str, written: str) -> None:
    """A number has its language's decimal and thousands separators."""
    assert calendar.decimal(Random(0), "1234.50", language, grouped=True) == written
