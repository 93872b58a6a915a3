"""The account of a repair on the wire: what it dropped, and how else the text may be read."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structgen import json_text
from structgen.api import RepairAccount, RepairResponse
from structgen.parsing.json_patch import Change
from structgen.parsing.result import RepairResult
from structgen.parsing.tolerant.parse_result import Alternative, Dropped, Fix
from structgen.types import Diagnostic, Usage, Violation

TEXTS, POSITIONS = st.text(max_size=5), st.integers(0, 10**6)
VALUES: st.SearchStrategy[Any] = st.none() | st.integers() | TEXTS | st.lists(st.integers(), max_size=2)
FIXES = st.builds(
    Fix, st.sampled_from(["comma", "bracket", "unquoted"]), POSITIONS, POSITIONS, TEXTS, st.booleans()
)
CHANGES = st.builds(Change, st.just("replace"), TEXTS, TEXTS, st.just("inferred"), VALUES)
VIOLATIONS = st.builds(Violation, TEXTS, TEXTS, TEXTS)
RESULTS = st.builds(
    RepairResult,
    VALUES,
    st.sampled_from(["repaired", "failed", "model_repaired"]),
    st.lists(FIXES, max_size=2).map(tuple),
    st.lists(CHANGES, max_size=2).map(tuple),
    st.lists(VIOLATIONS, max_size=2).map(tuple),
    st.builds(Usage, POSITIONS, POSITIONS),
    parsed=st.none(),
    cut_at=st.none() | TEXTS,
    warnings=st.lists(st.builds(Diagnostic, TEXTS, TEXTS, TEXTS), max_size=1).map(tuple),
    dropped=st.lists(st.builds(Dropped, POSITIONS, POSITIONS, TEXTS, TEXTS, st.booleans()), max_size=2).map(tuple),
    alternatives=st.lists(st.builds(Alternative, TEXTS, VALUES, st.floats(0, 9)), max_size=2).map(tuple),
)  # fmt: skip


@given(RESULTS)
def test_a_result_is_read_as_it_was_written(result: RepairResult) -> None:
    """All members come back, and the body is the one that the OpenAPI document describes."""
    text = json_text.dumps(result.to_json())
    again = RepairResult.from_json(json_text.loads(text))
    assert json_text.dumps(again.to_json()) == text
    assert again.alternatives == result.alternatives
    assert again.dropped == result.dropped
    RepairResponse.model_validate_json(text)
    RepairAccount.model_validate_json(json_text.dumps(result.account()))


@given(RESULTS)
def test_an_account_has_what_was_changed_and_left_out(result: RepairResult) -> None:
    """The account inside of another result is that of the repair itself, without the value."""
    names = {"status", "fixes", "changes", "dropped", "alternatives"}
    body = result.to_json()
    assert result.account() == {name: body[name] for name in body if name in names}


@pytest.mark.parametrize("name", ["dropped", "alternatives"])
def test_what_a_repair_has_none_of_is_left_out(name: str) -> None:
    """A clean repair has neither member."""
    assert name not in RepairResult(1, "repaired").to_json()


def test_a_client_knows_a_lost_row_from_a_stray_word() -> None:
    """What was lost is marked on the wire; a stray word has no mark."""
    row, word = Dropped(9, 17, '{"b": 1}', "/0", is_loss=True), Dropped(2, 6, "oops", "")
    written = RepairResult(1, "repaired", dropped=(row, word)).to_json()
    assert written["dropped"][0]["is_loss"] is True
    assert "is_loss" not in written["dropped"][1]
    assert RepairResult.from_json(json_text.loads(json_text.dumps(written))).dropped == (row, word)
