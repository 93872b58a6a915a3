"""The demo model's results carry its warnings, and documents beyond its training add others."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from unfamiliar_documents import UNFAMILIAR_DOCUMENTS

from structgen.engines.model_card import CARD_FILE, ModelCard, read_card
from structgen.errors import Incomplete
from structgen.generator import Generator
from structgen.schema import Registry

pytest.importorskip("torch", reason="needs the extra `local`")

EXAMPLES = [
    path
    for path in sorted((Path(__file__).parents[2] / "examples").glob("*.txt"))
    if path.stem in Registry().names()  # the long documents have schemas of their own
]


@pytest.fixture(scope="module")
def generator() -> Iterator[Generator]:
    """Start a generator with the shipped model."""
    with Generator() as generator:
        yield generator


def codes(result: Any) -> set[str]:
    """Return the codes of a result's warnings."""
    return {warning.code for warning in result.warnings}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_shipped_example_earns_no_warning_but_the_models_own(generator: Generator, path: Path) -> None:
    """A shipped example earns the warning `demo-model` and no other."""
    result = generator.result(Registry().get(path.stem), path.read_text("utf-8"))
    assert codes(result) == {"demo-model"}
    assert result.model == "structgen-demo-8m"


@pytest.mark.parametrize(("document", "schema"), UNFAMILIAR_DOCUMENTS.values(), ids=UNFAMILIAR_DOCUMENTS)
def test_an_unfamiliar_document_earns_a_warning(generator: Generator, document: str, schema: Any) -> None:
    """An unfamiliar document earns `low-probability` warnings with pointers into the schema, or ends incomplete."""
    try:
        result = generator.result(schema, document)
    except Incomplete:  # a loop, or a budget spent: no object passes for an answer
        return
    assert codes(result) == {"demo-model", "low-probability"}
    pointers = {warning.pointer for warning in result.warnings if warning.code == "low-probability"}
    assert all(pointer[1:].split("/")[0] in schema["properties"] for pointer in pointers)


@pytest.mark.parametrize(
    ("text", "unreadable"),
    [
        pytest.param("It’s “fine”", "’“”", id="quotation marks"),
        pytest.param("1\u00a0000", "\u00a0", id="no-break space"),
        pytest.param("合計 100", "合計", id="CJK"),
        pytest.param("Сумма 5", "Сума", id="Cyrillic"),
        pytest.param("a – b — c", "–—", id="dashes"),
        pytest.param("\u00e9 \u00fc \u20ac \u00a3 \u00b0 plain text, 100%", "", id="what training had"),
    ],
)
def test_characters_that_the_model_never_saw_are_named(
    generator: Generator, text: str, unreadable: str
) -> None:
    """The warning `unread-characters` names exactly the characters outside the training documents."""
    result = generator.result({"enum": ["a", "b"]}, f"Name: {text}")
    named = [w.message for w in result.warnings if w.code == "unread-characters"]
    assert len(named) == bool(unreadable)
    assert all(f"U+{ord(character):04X}" in named[0] for character in unreadable)


def test_the_card_holds_what_training_shows() -> None:
    """The shipped card lists every character of the catalogue's documents, on which its model was trained."""
    from structgen.models import DEMO_MODEL
    from training.config import TrainingConfig
    from training.model_card import characters
    from training.tasks import cases

    known = read_card(DEMO_MODEL).characters
    catalogue_only = dict.fromkeys(("receipts", "notes", "claims", "tables", "letters", "keys"), 0.0)
    mix = replace(TrainingConfig().mix(TrainingConfig().steps), localized=False, **catalogue_only)
    rng = Random(5)
    assert known is not None
    assert known >= set(characters(case for _ in range(50) for case in cases(rng, mix, 4)))
    assert len([character for character in known if not character.isascii()]) < 20


def test_other_models_make_no_such_claims(tmp_path: Path) -> None:
    """A folder without a card is described by its name only."""
    folder = tmp_path / "Hermes-4-14B"
    folder.mkdir()
    assert read_card(folder) == ModelCard("Hermes-4-14B")
    (folder / CARD_FILE).write_text('{"name":"ours","characters":"ab"}')
    assert read_card(folder) == ModelCard("ours", characters=frozenset("ab"))


@pytest.mark.parametrize(
    ("path", "config", "name"),
    [
        pytest.param("Qwen3-4B", "{}", "Qwen3-4B", id="a folder"),
        pytest.param("mine/model", "{}", "mine", id="a generic name"),
        pytest.param("x/model", '{"_name_or_path":"org/Real-7B"}', "Real-7B", id="its origin"),
        pytest.param("models--org--Real-7B/snapshots/0a1b2c", "{}", "org/Real-7B", id="the hub's cache"),
    ],
)
def test_a_local_model_has_its_real_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, config: str, name: str
) -> None:
    """A folder, a link to it and the current directory give the same model name."""
    folder = tmp_path / path
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(config)
    (tmp_path / "link").symlink_to(folder)
    monkeypatch.chdir(folder)
    assert [read_card(given).name for given in (folder, tmp_path / "link", ".")] == [name] * 3
    assert read_card("org/Remote-7B").name == "Remote-7B"
