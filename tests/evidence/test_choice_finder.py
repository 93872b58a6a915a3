"""Choices and booleans are found by their wording and their evidence."""

from __future__ import annotations

from typing import Any

import pytest

from structgen.evidence.grounding.finders import Finders
from structgen.evidence.grounding.leaves import Leaf


def found(value: Any, text: str, schema: dict[str, Any], name: str = "field") -> list[str]:
    """Return the texts of the places of a leaf."""
    leaf = Leaf((name,), value, (schema,))
    places = Finders(text).places(leaf, 50)
    assert all(place.kind != "none" and 0 <= place.distance < 1 for place in places)
    return [text[place.start : place.end] for place in places]


@pytest.mark.parametrize(
    ("value", "choices", "text", "places"),
    [
        ("in_progress", ["in_progress", "done"], "Status: In progress", ["In progress"]),
        ("inProgress", ["inProgress", "done"], "Status: in progress", ["in progress"]),
        ("NET-30", ["NET-30", "NET-60"], "terms: net 30 days", ["net 30"]),
        ("paid", ["paid", "unpaid"], "It is unpaid.", []),
        ("paid", ["paid", "not paid"], "A: not paid. B: paid.", ["paid"]),
        ("delivery", ["delivery", "pickup"], "We deliver it", ["deliver"]),
        ("typical", ["typical", "atypical"], "an atypical case", []),
        ("USD", ["USD", "EUR"], "Total $ 5.00", ["$"]),
        ("USD", ["USD", "CAD"], "Total CA$ 5.00 and US$ 3.00", ["US$"]),
        ("EUR", ["USD", "EUR"], "5,00 €", ["€"]),
        ("kg", ["kg", "g"], "five kilograms", ["kilograms"]),
        ("NIS", ["NIS", "USD"], "5 ₪", ["₪"]),
        ("GBP", [], "£5 each", ["£"]),
        ("in", [], "5 inches", []),
        ("is", ["is", "was"], "this wasp", []),
    ],
)
def test_a_choice_is_found_by_its_wording(
    value: str, choices: list[str], text: str, places: list[str]
) -> None:
    """Split names, other forms of the words, symbols; never inside of another choice."""
    assert found(value, text, {"enum": choices} if choices else {}) == places


def test_a_branch_is_found_by_its_title() -> None:
    """The title of a branch with a constant words the choice."""
    assert found(2, "Level: severe", {"const": 2, "title": "Severe"}) == ["severe"]
    assert found("S", "Level: severe", {"const": "S", "title": "Severe"}) == ["severe"]


@pytest.mark.parametrize(
    ("value", "name", "text", "places"),
    [
        (True, "isSmoker", "Smoker: yes\n", ["yes"]),
        (False, "isSmoker", "Smoker: yes\n", []),
        (False, "isSmoker", "Smoker?  No", ["No"]),
        (True, "newsletter", "[x] Newsletter\n[ ] Phone", ["[x]"]),
        (False, "phone", "[x] Newsletter\n[ ] Phone", ["[ ]"]),
        (True, "gift_wrap", "☑ Gift wrap ☐ Express", ["☑"]),
        (True, "has_discount", "A discount was given.", ["discount"]),
        (False, "has_discount", "No discount was given.", ["No discount"]),
        (True, "has_discount", "No discount was given.", []),
        (False, "insured", "He is not insured", ["not insured"]),
        (True, "urgent", "nothing of that", []),
        (True, "smoker", "Smoker       oui", ["oui"]),
        (True, "smoker", "Smoker: no", []),
        (False, "smoker", "Smoker\nNein\n", ["Nein"]),
        (True, "alarm", "Alarm: on", ["on"]),
        (False, "active", "The account is inactive.", ["inactive"]),
        (True, "paid", "No  Paid  Sent\n1   yes   no\n2   no    yes", ["yes"]),
        (False, "sent", "No|Paid|Sent\n1|yes|no\n2|no|yes", ["no"]),
        (True, "paid", "Bezahlt: ja\nNr. 7", ["ja"]),
    ],
)
def test_a_boolean_is_found_by_its_evidence(value: bool, name: str, text: str, places: list[str]) -> None:
    """The field's name with a mark, or said by itself, or negated."""
    assert found(value, text, {"type": "boolean"}, name) == places
