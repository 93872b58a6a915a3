"""Booleans are found by names in markup, clauses, negations and signs of a legend, in their own rows."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import structgen
from structgen.evidence.grounding.finders import Finders
from structgen.evidence.grounding.leaves import Leaf


def found(value: bool, text: str, name: str, schema: dict[str, Any] | None = None) -> list[str]:
    """Return the texts of the places of a boolean."""
    places = Finders(text).places(Leaf((name,), value, (schema or {"type": "boolean"},)), 50)
    return [text[place.start : place.end] for place in places]


@pytest.mark.parametrize(
    ("value", "name", "text", "places"),
    [
        pytest.param(True, "self_parking_free", "Self and valet parking are free.", 1, id="others-between"),
        pytest.param(True, "fee_waived", "The fee was therefore waived.", 1, id="adverb-between"),
        pytest.param(True, "isCharge", "<ChargeIndicator>true</ChargeIndicator>", ["true"], id="element"),
        pytest.param(
            False, "isCharge", "<ChargeIndicator>false</ChargeIndicator>", ["false"], id="false-element"
        ),
        pytest.param(True, "isPaid", '{"isPaid": true, "x": false}', ["true"], id="key-of-json"),
        pytest.param(False, "is_paid", "isPaid=false", ["false"], id="assignment"),
        pytest.param(False, "raucht", "Der Patient raucht nicht.", ["raucht nicht"], id="german-behind"),
        pytest.param(True, "raucht", "Der Patient raucht nicht.", [], id="german-denied"),
        pytest.param(False, "fume", "Le patient ne fume pas.", ["fume pas"], id="french-behind"),
        pytest.param(False, "fumador", "El paciente nunca fue fumador.", ["nunca fue fumador"], id="spanish"),
        pytest.param(False, "verzekerd", "Hij is niet verzekerd.", ["niet verzekerd"], id="dutch"),
        pytest.param(False, "оплачен", "Счёт не оплачен.", ["не оплачен"], id="russian"),
        pytest.param(False, "fever", "She denies fever.", ["denies fever"], id="denied"),
        pytest.param(True, "fever", "She denies fever.", [], id="denied-is-not-true"),
        pytest.param(True, "artistic_interests", "has few artistic interests", [], id="few"),
    ],
)
def test_a_boolean_is_said_in_many_ways(value: bool, name: str, text: str, places: list[str] | int) -> None:
    """By words with others between them, by elements and keys, and by the negations of languages."""
    own = found(value, text, name)
    assert len(own) == places if isinstance(places, int) else own == places


def test_a_clause_of_the_description_says_it() -> None:
    """The words behind `whether` are looked for where the name is not said."""
    schema = {"type": "boolean", "description": "Indicates whether many members rejected this proposal."}
    text = "In the end many members rejected the proposal."
    assert found(True, text, "rejection_by_members", schema) == ["many members rejected the proposal"]
    assert found(False, text, "rejection_by_members", schema) == []
    denied = "They did not say that many members rejected the proposal."
    assert found(True, denied, "rejection_by_members", schema) == []


LEGEND = "(* organic, ** fair trade)\n\nApples 3.10\n*Pears 2.80\n**Bananas 1.90\nPlums* 4.00\n"


def test_the_sign_of_a_legend_is_in_the_row_of_the_item() -> None:
    """A sign says what its legend says; without a sign no place says yes or no; bold words are no signs."""
    names = ["Apples", "Pears", "Bananas", "Plums"]
    rows = [{"name": name, "organic": name in ("Pears", "Plums")} for name in names]
    evidence = structgen.ground(rows, None, LEGEND)
    assert [evidence[f"/{i}/organic"].kind for i in range(4)] == ["none", "value", "none", "value"]
    assert [evidence[f"/{i}/organic"].start for i in (1, 3)] == [LEGEND.index("*Pears"), LEGEND.index("* 4")]
    assert found(True, LEGEND, "fair_trade") == ["**"]
    assert found(False, LEGEND, "organic") == []
    assert found(True, "**Organic** food\n**Other** food", "organic") == ["Organic"]
    assert found(True, "* organic\n* cheap\n", "organic") == ["organic"]


def test_the_mark_of_another_item_says_nothing_of_this_one() -> None:
    """Wrong booleans have no place in a table, whichever of its rows are ticked."""
    text = "Name | Paid\n---|---\nAda | ✓\nBob | \nCem | ✓\n"
    flipped = [{"name": "Ada", "paid": False}, {"name": "Bob", "paid": True}, {"name": "Cem", "paid": False}]
    evidence = structgen.ground(flipped, None, text)
    assert [evidence[f"/{i}/paid"].kind for i in range(3)] == ["none"] * 3


def test_items_in_columns_take_their_marks_in_order() -> None:
    """A label that begins a row of marks is no heading; items side by side take the marks of its row in order."""
    text = "Skill | ✓ | ✓ | ✓ |\n|---|---|---|---|\n| Safety | ✓ | ✓ | ✓ |\n"
    rows = [{"skill": True, "safety": True} for _ in range(3)]
    evidence = structgen.ground(rows, None, text)
    ticks = [at for at, character in enumerate(text) if character == "✓"]
    assert sorted(evidence[f"/{i}/safety"].start or 0 for i in range(3)) == ticks[3:]
    assert sorted(evidence[f"/{i}/skill"].start or 0 for i in range(3)) == ticks[:3]


@given(
    st.text(alphabet="paid not*†|✓\n .:<>no()", max_size=60),
    st.sampled_from(["paid", "is_paid", "not_paid"]),
)
def test_yes_and_no_are_never_said_by_one_place(text: str, name: str) -> None:
    """Whatever the text, no place says both that something is and that it is not."""
    finders = Finders(text)
    yes, no = (
        {place[:2] for place in finders.places(Leaf((name,), value, ({"type": "boolean"},)), 50)}
        for value in (True, False)
    )
    assert not yes & no
    assert all(0 <= start < end <= len(text) for start, end in yes | no)
