"""A thought ends at its tag, however the tag is written and split into tokens."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("torch", reason="needs the extra `local`")

import torch
from llguidance import LLTokenizer

from structgen.engines.local.thought import ThinkingPlan, ThinkingTags, Thought

TAGS = ThinkingTags(LLTokenizer("byte"), LLTokenizer("byte").eos_tokens)
PLAN = ThinkingPlan(TAGS, TAGS.opening, 10**6)
PROSE = st.text(max_size=6) | st.sampled_from(["<", "</", "</think", "</think >", "<think>", "é", "\n"])


@given(st.lists(PROSE, max_size=6).map("".join), st.lists(st.integers(0, 80), max_size=8))
def test_the_text_before_the_tag_is_the_thought(text: str, cuts: list[int]) -> None:
    """However the stream is cut, the thought is the text before its tag, and no part of the tag is in it."""
    data = f"{text}</think>".encode()
    expected = data.partition(b"</think>")[0].decode("utf-8", "replace")
    end = len(expected.encode()) + len("</think>")
    thought, delivered = Thought(PLAN), ""
    for start, stop in pairwise(sorted({0, *(min(cut, end) for cut in cuts), end})):
        assert not thought.ended
        assert thought.fits(data[start:stop])
        thought.take(data[start:stop])
        delivered += thought.deliver()
        assert expected.startswith(delivered)
    assert thought.ended
    assert delivered == expected


@pytest.mark.parametrize(
    ("piece", "fits"),
    [
        (b"</think>", True),
        (b"</think>\n\n", True),
        (b"</think>{", False),
        (b"so</think> x", False),
        (b"{", True),
    ],
)
def test_no_answer_begins_inside_of_a_token(piece: bytes, fits: bool) -> None:
    """A token that ends the thought holds nothing of the answer, but may hold white space."""
    assert Thought(PLAN).fits(piece) == fits
    split = Thought(PLAN)
    split.take(piece[:3])
    assert split.fits(piece[3:]) == fits


def test_a_thought_ends_no_turn() -> None:
    """Ends of the turn and special tokens are forbidden in a thought; all other tokens are allowed."""
    allowed = Thought(PLAN).allowed(torch.zeros(TAGS.tokenizer.vocab_size))
    forbidden = {int(token) for token in torch.nonzero(allowed.isinf())}
    assert set(TAGS.tokenizer.eos_tokens) <= forbidden
    assert all(TAGS.tokenizer.is_special_token(token) for token in forbidden)


@pytest.mark.parametrize(
    ("budget", "answer", "prompt", "room", "expected"),
    [
        pytest.param(None, 50, "user: x", 100, None, id="none asked for"),
        pytest.param(20, 50, "user: x", 100, 20, id="room for both"),
        pytest.param(80, 30, "user: x", 100, 55, id="the answer keeps its tokens"),
        pytest.param(80, 900, "user: x", 100, 42, id="the answer keeps half of the room"),
        pytest.param(80, 900, "user: x<think>\n", 100, 46, id="the prompt opens the thought"),
        pytest.param(80, 900, "user: x", 16, None, id="no room"),
    ],
)
def test_the_budget_fits_the_context(
    budget: int | None, answer: int, prompt: str, room: int, expected: int | None
) -> None:
    """A thought leaves room for the answer, and a context without room has no thought."""
    plan = TAGS.plan(budget, answer, list(prompt.encode()), room)
    assert (None if plan is None else plan.budget) == expected
    if plan is not None:
        assert bool(plan.opening) == ("<think>" not in prompt)
