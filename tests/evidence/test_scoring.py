"""Signals tell what makes a value sure or doubtful, and the score follows them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from structgen.evidence.grounding.ground import ground
from structgen.evidence.grounding.leaves import leaves
from structgen.evidence.labelled import field_of, labelled_leaves
from structgen.evidence.scoring.answer import Answer
from structgen.evidence.scoring.model import LogisticModel, score, shipped_models
from structgen.evidence.scoring.scored import scored
from structgen.evidence.scoring.signals import DESCRIPTIONS, signals
from structgen.evidence.scoring.source_words import SourceWords, words
from structgen.evidence.scoring.surroundings import begins_clean, ends_clean, label_share
from structgen.evidence.source import Source
from structgen.schema import Schema

INVOICE = """\
Invoice number: INV-77
Seller: Blue Harbour Tools GmbH, Kiel
Drill bits\t4\t20.00
Hammer\t2\t30.00
Subtotal\t\t50.00
Total due: 59.50
Thank you for your order of last week.
"""
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("xyz"), inner, max_size=3),
    max_leaves=12,
)


def of(
    value: Any, source: str = INVOICE, schema: Any = None, prompt: str = ""
) -> dict[str, dict[str, float]]:
    parsed = None if schema is None else Schema.parse(schema)
    answer = Answer(tuple(leaves(value, parsed)), ground(value, schema, source), Source.of(source), prompt)
    return signals(answer)


@given(VALUES, st.text(max_size=40))
@settings(deadline=None)
def test_every_leaf_has_every_signal_and_a_score(value: Any, source: str) -> None:
    """All signals are finite numbers, are documented, and give a score between 0 and 1."""
    proofs = scored(ground(value, None, source), value, None, source)
    assert [leaf.pointer for leaf in leaves(value)] == list(proofs)
    for proof in proofs.values():
        assert proof.signals is not None
        assert proof.signals.keys() == DESCRIPTIONS.keys()
        assert all(abs(signal) < 1e6 for signal in proof.signals.values())
        assert proof.score is not None
        assert 0 < proof.score < 1


def test_the_model_uses_documented_signals() -> None:
    """Every weight of the shipped file belongs to a signal that is documented or required."""
    for model in shipped_models():
        assert set(model.weights) <= DESCRIPTIONS.keys() | set(model.requires)
        assert model.fitted["leaves"] > 1000
    assert not shipped_models()[-1].requires


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        pytest.param(
            {"seller": "Blue Harbour Tools GmbH"}, {"seller": "Green Harbor Tool Ltd"}, id="invented"
        ),
        pytest.param({"city": "Kiel"}, {"city": "Harbour"}, id="a-piece-of-a-name"),
        pytest.param({"total": 59.5}, {"total": 58.5}, id="another-number"),
        pytest.param({"total": 59.5}, {"total": 0}, id="zero-for-nothing"),
        pytest.param({"number": "INV-77"}, {"number": None}, id="null-where-a-label-stands"),
        pytest.param(
            {"note": "Thank you for your order"},
            {"note": "The customer is thanked for a purchase"},
            id="paraphrase",
        ),
    ],
)
def test_doubtful_values_have_a_lower_score(better: Any, worse: Any) -> None:
    """Mechanisms of real errors lower the score of a value."""
    (right,), (wrong,) = (
        scored(ground(v, None, INVOICE), v, None, INVOICE).values() for v in (better, worse)
    )
    assert right.score is not None
    assert wrong.score is not None
    odds = right.score / (1 - right.score)
    assert odds > 1.2 * wrong.score / (1 - wrong.score)


def test_rows_of_totals_are_marked() -> None:
    """A number that sums up those before it, or is given outside of the list, marks its whole row."""
    rows = [
        {"name": "Drill bits", "sum": 20.0},
        {"name": "Hammer", "sum": 30.0},
        {"name": "Subtotal", "sum": 50.0},
    ]
    marked = of({"items": rows, "total": 59.5})
    assert [marked[f"/items/{i}/name"]["row_is_total"] for i in range(3)] == [0, 0, 1]
    due = of({"items": [{"name": "Hammer", "sum": 300}, {"name": "Total due", "sum": 595}], "total": 595})
    assert [due[f"/items/{i}/sum"]["row_is_total"] for i in range(2)] == [0, 1]
    assert due["/total"]["row_is_total"] == 0


def test_texts_that_only_the_prompt_has_are_marked() -> None:
    """A value out of an example is told from one that nothing says."""
    told = of(["Jane Doe", "Max Roe", "Hammer"], prompt="Example: the buyer is Jane Doe.")
    assert [told[f"/{i}"]["in_prompt_only"] for i in range(3)] == [1, 0, 0]


def test_a_missing_format_and_prose_are_read_from_the_schema() -> None:
    """The schema's descriptions tell what a value should look like."""
    schema = {
        "type": "object",
        "properties": {
            "due": {"type": "string", "description": "date in YYYY-MM-DD format"},
            "summary": {"type": "string"},
            "unit": {"enum": ["pcs", "kg"]},
        },
    }
    told = of({"due": "3 May", "summary": "x", "unit": "kg"}, schema=schema)
    assert told["/due"]["misses_format"] == 1
    assert of({"due": "2024-05-03"}, schema=schema)["/due"]["misses_format"] == 0
    assert [told[p]["asks_prose"] for p in ("/due", "/summary", "/unit")] == [0, 1, 0]
    assert [told[p]["is_choice"] for p in ("/due", "/summary", "/unit")] == [0, 0, 1]


@pytest.mark.parametrize(
    ("text", "place", "begins", "ends"),
    [
        ("Total: 12", "12", 1, 1),
        ("by Blue Harbour Tools GmbH, Kiel", "Harbour", 0, 0),
        ("a (b) c", "b", 0, 0),
        ("one\ttwo\tthree", "two", 1, 1),
        ("at 08:00 sharp", "00", 0, 0),
        ("on 2024-05-03.", "05", 0, 0),
        ("x\n\nName\ny", "Name", 1, 1),
        ("a, b, c", "b", 0.7, 0.7),
    ],
)
def test_places_begin_and_end_with_their_text(text: str, place: str, begins: float, ends: float) -> None:
    """Punctuation, tabs and lines bound a value; words and digits beside it tell that it is a piece of a text."""
    start = text.index(place)
    assert begins_clean(text, start) == begins
    assert ends_clean(text, start + len(place)) == ends


def test_a_line_within_running_text_is_half_a_bound() -> None:
    """A wrapped sentence goes on in the next line."""
    text = "The seller delivers the goods to the buyer without any\ndelay that he could have avoided"
    assert begins_clean(text, text.index("delay")) == 0.5
    assert ends_clean(text, text.index("\n")) == 0.5


@given(st.text(max_size=30), st.integers(0, 30), st.integers(0, 30))
def test_surroundings_take_every_range(text: str, start: int, length: int) -> None:
    """No range of a text is an error."""
    start = min(start, len(text))
    end = min(len(text), start + length)
    assert 0 <= begins_clean(text, start) <= 1
    assert 0 <= ends_clean(text, end) <= 1
    assert 0 <= label_share(text, start, end, ("total", "due")) <= 1


def test_words_of_scripts_without_spaces_are_characters() -> None:
    """Words are compared in lower case; a character of Chinese or Japanese is a word."""
    assert words("Größe 12.5 kg") == ["grösse", "12.5", "kg"]
    assert words("横浜 A") == ["横", "浜", "a"]
    source = SourceWords("the blue harbour")
    assert source.share(words("blue sea")) == 0.5
    assert source.pair_share(words("the blue sea")) == 0.5
    assert source.pair_share(["blue"]) == 1
    assert source.share([]) == 0


def test_engine_signals_stand_beside_the_others() -> None:
    """What an engine tells of one leaf is kept, and a leaf that it tells nothing of is scored without."""
    value = {"number": "INV-77", "total": 59.5}
    plain = scored(ground(value, None, INVOICE), value, None, INVOICE)
    told = {"/total": {"token_probability": 0.5}}
    proofs = scored(ground(value, None, INVOICE), value, None, INVOICE, engine=told)
    assert proofs["/total"].signals is not None
    assert proofs["/total"].signals["token_probability"] == 0.5
    assert proofs["/number"] == plain["/number"]


def test_a_model_with_required_signals_applies_where_they_are_known() -> None:
    """Signals that a model does not require count as 0 where they are missing."""
    model = LogisticModel(0.0, {"p": 2.0, "q": 1.0}, requires=("p",))
    assert not model.applies({"q": 1.0})
    assert model.applies({"p": 1.0})
    assert model.score({"p": 0.0}) == 0.5
    assert model.score({"p": 1e9}) == pytest.approx(1)
    assert LogisticModel.from_json(model.to_json()) == model
    assert 0 < score({}) < 1


def test_leaves_are_labelled_by_their_gold_leaf() -> None:
    """Each leaf of an answer is right or wrong; its field has a star for each index."""
    gold = {"items": [{"name": "Hammer", "n": 2}], "total": 59.5}
    answer = {"items": [{"name": "Glue", "n": 9}, {"name": "hammer", "n": 3}], "total": None}
    labelled = {leaf.pointer: leaf for leaf in labelled_leaves(INVOICE, None, answer, gold)}
    assert {pointer: leaf.is_right for pointer, leaf in labelled.items()} == {
        "/items/0/name": False,
        "/items/0/n": False,
        "/items/1/name": True,
        "/items/1/n": False,
        "/total": False,
    }
    assert labelled["/items/1/n"].field == "/items/*/n" == field_of(("items", 4, "n"))
    assert labelled["/total"].is_empty
    assert labelled["/items/1/name"].evidence.start == INVOICE.index("Hammer")
