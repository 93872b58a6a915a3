"""Signals of a value from the tokens and the attempts that wrote it."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structgen.evidence.answer_signals import AnswerHistory, WrittenAnswer
from structgen.evidence.answer_tokens import AnswerTokens
from structgen.types import Chunk, TokenLogprob


def tokens(*pieces: tuple[str, float, int] | TokenLogprob) -> AnswerTokens:
    """Return the tokens of an answer, each with its probability and the number of legal tokens."""
    answer = AnswerTokens()
    for piece in pieces:
        if not isinstance(piece, TokenLogprob):
            text, probability, choices = piece
            piece = TokenLogprob(text, math.log(probability), len(text.encode()), choices, 0.0, 0.1)
        answer.follow(Chunk(piece.token, logprobs=(piece,)))
    return answer


def written(*pieces: tuple[str, float, int] | TokenLogprob, opened: tuple[str, ...] = ()) -> WrittenAnswer:
    text = "".join(piece.token if isinstance(piece, TokenLogprob) else piece[0] for piece in pieces)
    return WrittenAnswer(text, tokens(*pieces), opened)


def signals(*answers: WrittenAnswer, **more: Any) -> Any:
    return AnswerHistory(answers, **more).signals(json.loads(answers[-1].text))


def test_forced_and_structural_tokens_do_not_count() -> None:
    """The product is over the tokens of the value that had a choice; the first one is that of the content."""
    found = signals(
        written(('{"a":', 0.2, 9), ('"', 0.9, 2), ("x", 0.5, 9), ("y", 0.1, 1), ('"', 0.8, 3), ("}", 0.3, 2))
    )
    assert found["/a"]["token_probability"] == pytest.approx(0.9 * 0.5 * 0.8)
    assert found["/a"]["first_token_probability"] == pytest.approx(0.5)
    assert found["/a"]["free_probability"] == 1.0
    assert found["/a"]["copied"] == 0


def test_a_value_without_a_choice_has_no_probability() -> None:
    """Nothing was decided, so nothing is known."""
    found = signals(written(('{"a":', 0.2, 9), ("1", 1.0, 1), ("}", 1.0, 1)))
    assert found["/a"] == {"retried": 0, "pinned": 0, "forced": 0, "repaired": 0}


def test_the_runner_up_is_that_of_the_least_certain_token() -> None:
    """Another token's runner-up does not count."""
    sure, unsure = (
        TokenLogprob(text, math.log(p), 1, 5, -1.0, r) for text, p, r in [("1", 0.9, 0.05), ("2", 0.4, 0.3)]
    )
    found = signals(written(sure, unsure))
    assert found[""]["runner_up"] == 0.3
    assert found[""]["free_probability"] == pytest.approx(math.exp(-2.0))


def test_copied_is_the_share_of_the_characters() -> None:
    """A draft from the document counts by the characters that it gave."""
    copied = TokenLogprob("abc", -0.1, 3, 5, copied=True)
    assert signals(written(('"', 0.9, 2), copied, ('"', 0.9, 2)))[""]["copied"] == pytest.approx(3 / 5)


def test_an_engine_that_tells_only_log_probabilities_gives_what_follows_from_them() -> None:
    """A certain token counts as one without a choice."""
    found = signals(
        written(
            TokenLogprob("{", 0.0), TokenLogprob('"a":', 0.0), TokenLogprob("7", -0.5), TokenLogprob("}", 0.0)
        )
    )
    assert found["/a"]["token_probability"] == pytest.approx(math.exp(-0.5))
    assert not {"free_probability", "runner_up", "copied"} & found["/a"].keys()


def test_a_pinned_value_keeps_the_signals_of_the_attempt_that_chose_it() -> None:
    """A retry forces it: its own tokens say nothing."""
    first = written(('{"a":', 1.0, 1), ("1", 0.6, 5), (',"b":', 1.0, 1), ("2", 0.3, 5), ("}", 1.0, 1))
    second = written(('{"a":1,"b":', 1.0, 1), ("3", 0.7, 5), ("}", 1.0, 1), opened=("/b",))
    found = signals(first, second)
    assert found["/a"]["token_probability"] == pytest.approx(0.6)
    assert (found["/a"]["pinned"], found["/a"]["retried"]) == (1, 0)
    assert found["/b"]["token_probability"] == pytest.approx(0.7)
    assert (found["/b"]["pinned"], found["/b"]["retried"]) == (0, 1)


@pytest.mark.parametrize(
    ("opened", "retried", "pinned"),
    [((), {"/a": 1, "/b/0": 1}, {"/a": 0, "/b/0": 0}), (("/b",), {"/a": 0, "/b/0": 1}, {"/a": 1, "/b/0": 0})],
    ids=["all", "one"],
)
def test_without_tokens_the_opened_values_tell_what_a_retry_wrote(
    opened: tuple[str, ...], retried: dict[str, int], pinned: dict[str, int]
) -> None:
    """An engine may return no probabilities."""
    found = signals(WrittenAnswer("?"), WrittenAnswer('{"a":1,"b":[2]}', opened=opened))
    assert {at: s["retried"] for at, s in found.items()} == retried
    assert {at: s["pinned"] for at, s in found.items()} == pinned


def test_an_open_list_forces_no_item_that_the_model_wrote() -> None:
    """The pointer of a list says that its end was forced."""
    answer = written(("[", 1.0, 1), ("1", 0.5, 5), (",", 1.0, 1), ("2", 1.0, 1), ("]", 1.0, 1))
    found = signals(answer, forced=("", "/1"), repaired=("/0",))
    assert {at: (s["forced"], s["repaired"]) for at, s in found.items()} == {"/0": (0, 1), "/1": (1, 0)}


@given(st.recursive(st.text(max_size=4), lambda inner: st.lists(inner, max_size=4)), st.data())
def test_bytes_lead_to_the_characters_that_a_token_wrote(value: Any, data: st.DataObject) -> None:
    """Each scalar is covered by its tokens, wherever these cut the bytes of a character."""
    text = json.dumps(value, ensure_ascii=False)
    raw, answer, at = text.encode(), AnswerTokens(), 0
    while at < len(raw):
        size = data.draw(st.integers(1, 5))
        piece = raw[at : at + size]
        answer.follow(
            Chunk("", logprobs=(TokenLogprob(piece.decode("utf-8", "replace"), -0.5, len(piece), 2),))
        )
        at += size
    covered = set()
    for span in answer.spans(text):
        assert text[span.start : span.end].encode().find(span.token.token.replace("\ufffd", "").encode()) >= 0
        covered |= set(range(span.start, span.end))
    assert covered == set(range(len(text)))
    for scalar, spans in answer.of_scalars(text):
        assert spans[0].start <= scalar.start < scalar.end <= spans[-1].end
        assert all(span.end > scalar.start and span.start < scalar.end for span in spans)
