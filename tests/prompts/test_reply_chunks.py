"""Chunks make no difference to a split reply, nothing is lost, little is held back, and time is linear."""

import random
import time
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reply_texts import SNIPPETS, TAGS, chunks, reply

from structgen.prompts.reply_splitter import CallText, ReplyEvent, ReplySplitter

LONGEST_TAG = max(map(len, TAGS))


def split(pieces: list[str], *, reasoning_open: bool = False) -> list[tuple[str, str, bool]]:
    """The events of the pieces, with neighbouring texts joined."""
    splitter = ReplySplitter(reasoning_open=reasoning_open)
    events = [event for piece in pieces for event in splitter.feed(piece)] + splitter.end()
    joined = []
    for kind, group in groupby(events, type):
        if kind is CallText:
            joined += [("CallText", event.text, getattr(event, "closed", False)) for event in group]
        else:
            joined.append((kind.__name__, "".join(event.text for event in group), True))
    return joined


def test_random_chunks_of_random_replies_give_the_whole() -> None:
    """10,000 chunkings of 200 replies give the events of the whole."""
    rng = random.Random(18)
    for _ in range(200):
        text, thinking = reply(rng), rng.random() < 0.1
        whole = split([text], reasoning_open=thinking)
        for _ in range(50):
            assert split(chunks(rng, text), reasoning_open=thinking) == whole


@settings(deadline=None)
@given(st.lists(st.sampled_from([*SNIPPETS, *TAGS, '{"a": "', '"}', '{"a": 1}']), max_size=14), st.booleans())
def test_single_characters_give_the_whole(pieces: list[str], thinking: bool) -> None:
    """A reply in single characters, or in any pieces, gives the events of the whole."""
    text = "".join(pieces)
    whole = split([text], reasoning_open=thinking)
    assert split(pieces, reasoning_open=thinking) == whole
    assert split(list(text), reasoning_open=thinking) == whole


@settings(deadline=None)
@given(st.lists(st.sampled_from([*SNIPPETS, *TAGS, '{"a": "', '"}', "0", "1", "2", "3"]), max_size=14))
def test_nothing_is_lost_or_moved(pieces: list[str]) -> None:
    """All characters but tags and white space come back in their order."""
    ignored = set("".join(TAGS)) | set(" \n")
    text = "".join(pieces)
    written = "".join(text for _, text, _ in split([text]))
    assert [c for c in written if c not in ignored] == [c for c in text if c not in ignored]


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from([" ", "\n", "<", "<thin", "<tool_cal", "</tool_", "x", '"', "</thi"]), max_size=20
    ),
    st.sampled_from(["", "<think>a</think>b", "<think>a", "<tool_call>{}</tool_call>b"]),
)
def test_held_back_text_is_no_longer_than_a_tag(pieces: list[str], before: str) -> None:
    """What was read and not given out is never longer than the longest tag."""
    splitter = ReplySplitter()
    splitter.feed(before)
    read = given_out = 0
    for piece in pieces:
        read += len(piece)
        given_out += sum(len(event.text) for event in splitter.feed(piece))
        assert read - given_out <= LONGEST_TAG


def test_content_is_given_out_at_once() -> None:
    """A text without the beginning of a tag is not held back at all."""
    splitter = ReplySplitter()
    given_out: list[ReplyEvent] = [event for piece in "Hello <b>" for event in splitter.feed(piece)]
    assert "".join(event.text for event in given_out) == "Hello <b>"


@pytest.mark.parametrize(
    ("unit", "before"),
    [
        pytest.param("<", "", id="angle brackets"),
        pytest.param('"', "", id="quotes"),
        pytest.param(" ", "", id="white space"),
        pytest.param("[", "", id="brackets"),
        pytest.param('"', "<tool_call>{", id="quotes in a call"),
        pytest.param("<", '<tool_call>{"', id="angle brackets in a call"),
        pytest.param("<tool_call>", "", id="opening tags"),
        pytest.param('<tool_call>{"', "", id="open strings"),
        pytest.param(
            '<tool_call>{"a": "</tool_call>', "", id="open strings that are closed by the next call"
        ),
        pytest.param("<tool_call>{", '<tool_call>{"</tool_call>', id="calls inside of an open string"),
        pytest.param('<tool_call>{"a": 1}x', "", id="text behind a call"),
        pytest.param('<tool_call>{"</tool_call>\\', "", id="escaped quotes"),
        pytest.param("{}", "", id="JSON values"),
    ],
)
def test_time_is_linear(unit: str, before: str) -> None:
    """A large reply of the worst kinds takes seconds; a machine that reads it again at each unit takes hours."""
    text = before + unit * (1_000_000 // len(unit) if len(unit) == 1 and not before else 200_000 // len(unit))
    start = time.process_time()
    whole = split([text])
    size = 7 if len(text) < 500_000 else 700
    assert split([text[i : i + size] for i in range(0, len(text), size)]) == whole
    assert time.process_time() - start < 20
