"""A reply is split into thoughts, calls and content, and a malformed call takes nothing else with it."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from structgen.prompts.reply_splitter import (
    CallText,
    ContentText,
    ReasoningText,
    ReplyEvent,
    ReplySplitter,
    ReplyTags,
    split_reply,
)

LETTERS = {"R": ReasoningText, "C": ContentText}


def events(text: str, **options: Any) -> list[ReplyEvent]:
    """The events of a text, with neighbouring texts joined."""
    splitter = ReplySplitter(**options)
    return joined([*splitter.feed(text), *splitter.end()])


def joined(pieces: list[ReplyEvent]) -> list[ReplyEvent]:
    result: list[ReplyEvent] = []
    for piece in pieces:
        if result and not isinstance(piece, CallText) and type(piece) is type(result[-1]):
            result[-1] = type(piece)(result[-1].text + piece.text)
        else:
            result.append(piece)
    return result


def expected(*pieces: str) -> list[ReplyEvent]:
    """`R` a thought, `C` content, `T` a call, `t` one that was cut."""
    return [
        CallText(piece[2:], closed=piece[0] == "T") if piece[0] in "Tt" else LETTERS[piece[0]](piece[2:])
        for piece in pieces
    ]


F, G = '{"name": "f", "arguments": {}}', '{"name": "g", "arguments": {"a": 1}}'


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param(" \n Hello\n", ["C: \n Hello\n"], id="content as it is"),
        pytest.param(" \n", ["C: \n"], id="white space alone"),
        pytest.param("<think>\nhm\n</think>\n\nHello", ["R:\nhm\n", "C:Hello"], id="thought, then content"),
        pytest.param("\n<think>hm</think>", ["R:hm"], id="white space before a thought"),
        pytest.param("<think>hm", ["R:hm"], id="open thought"),
        pytest.param("<think>a <think> b</think>", ["R:a <think> b"], id="tag in a thought"),
        pytest.param("<think>a</think> <think>b</think>c", ["R:ab", "C:c"], id="two thoughts"),
        pytest.param("Hello <think>a</think>", ["C:Hello <think>a</think>"], id="no thought in mid-text"),
        pytest.param("Hello</think> </tool_call>", ["C:Hello</think> </tool_call>"], id="stray closing tags"),
        pytest.param("<thi", ["C:<thi"], id="partial tag at the end"),
        pytest.param("a < b <tool_cal", ["C:a < b <tool_cal"], id="partial call tag at the end"),
        pytest.param(f"<tool_call>\n{F}\n</tool_call>", [f"T:\n{F}\n"], id="call"),
        pytest.param(f"<tool_call>{F}</tool_call>", [f"T:{F}"], id="call without newlines"),
        pytest.param(
            f"A.\n<tool_call>{F}</tool_call>\n<tool_call>{G}</tool_call>\n", ["C:A.\n", f"T:{F}", f"T:{G}"],
            id="text, then two calls",
        ),
        pytest.param(
            f"A.\n<tool_call>{F}</tool_call>\nB.<tool_call>{G}</tool_call> C.", ["C:A.\n", f"T:{F}", "C:\nB.", f"T:{G}", "C: C."],
            id="text between and behind calls",
        ),
        pytest.param(f"<tool_call>{F}</tool_call>\nDone.", [f"T:{F}", "C:Done."], id="text behind a first call"),
        pytest.param(
            f"<think>a\n<tool_call>{F}</tool_call>\n<tool_call>{G}</tool_call>\nb</think>\nc",
            ["R:a\n", f"T:{F}", f"T:{G}", "R:\nb", "C:c"],
            id="calls inside of a thought",
        ),
        pytest.param(f"<tool_call>{F}</tool_call>\n<think>a</think>b", [f"T:{F}", "R:a", "C:b"], id="thought behind a call"),
        pytest.param(
            '<tool_call>{"name": "f</tool_call>", "a": "\\"<tool_call>"}</tool_call>',
            ['T:{"name": "f</tool_call>", "a": "\\"<tool_call>"}'],
            id="tags in a call's strings",
        ),
        pytest.param('{"a": "<tool_call>{}</tool_call><think>"}', ['C:{"a": "<tool_call>{}</tool_call><think>"}'], id="tags in JSON"),
        pytest.param(f'["<think>"]\n<tool_call>{F}</tool_call>', ['C:["<think>"]\n', f"T:{F}"], id="call behind JSON"),
        pytest.param('{"a": 1}\n{"a": "<tool_call>"}', ['C:{"a": 1}\n{"a": "<tool_call>"}'], id="JSON lines"),
        pytest.param(f'[see "<tool_call>{F}</tool_call>', ['C:[see "', f"T:{F}"], id="no JSON after all"),
        pytest.param("<tool_call></tool_call>", ["T:"], id="empty call"),
        pytest.param("<tool_call>\n", ["t:\n"], id="call cut at its beginning"),
        pytest.param('<tool_call>{"name": "f", "arg', ['t:{"name": "f", "arg'], id="cut call"),
        pytest.param(f"<tool_call>{F}\n</tool_c", [f"t:{F}\n</tool_c"], id="cut closing tag"),
        pytest.param("<tool_call>f(x)</tool_call>", ["T:f(x)"], id="call without JSON"),
    ],
)  # fmt: skip
def test_pieces_are_told_apart(text: str, pieces: list[str]) -> None:
    """Thoughts, content and calls come in their order, with the text that the model wrote."""
    assert events(text) == expected(*pieces)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        pytest.param('{"name": "f", "a": "x}}</tool_call>', ['T:{"name": "f", "a": "x}}'], id="open string"),
        pytest.param('{"a": "x}</tool_call>\n', ['T:{"a": "x}'], id="open string, newline"),
        pytest.param('{"a": "x\ny"}</tool_call>', ['T:{"a": "x\ny"}'], id="newline in a string"),
        pytest.param('{"a: "x"}</tool_call>', ['T:{"a: "x"}'], id="missing quote"),
        pytest.param('{"a": 1</tool_call>', ['T:{"a": 1'], id="missing brace"),
        pytest.param('{"a": 1}}</tool_call>', ['T:{"a": 1}}'], id="one brace more"),
        pytest.param('{"a": "</tool_call>"}}</tool_call>', ['T:{"a": "</tool_call>"}}'], id="brace behind a tag in a string"),
        pytest.param('{"a": 1,}', ['T:{"a": 1,}'], id="no closing tag"),
        pytest.param("{'a': 1}</tool_call>", ["T:{'a': 1}"], id="single quotes"),
        pytest.param(f"{F}", [f"T:{F}"], id="sound, no closing tag"),
        pytest.param(f"{F} and", [f"T:{F}", "C: and"], id="sound, text behind"),
        pytest.param(f"{F}\n<tool_response>", [f"T:{F}\n", "C:<tool_response>"], id="invented response"),
        pytest.param('{"a": 1,<tool_response>', ['T:{"a": 1,', "C:<tool_response>"], id="response in broken JSON"),
        pytest.param('f(x) "', ['C:<tool_call>f(x) "'], id="mention of the tag"),
    ],
)  # fmt: skip
def test_a_malformed_call_fails_alone(text: str, pieces: list[str]) -> None:
    """The call behind a malformed one is whole, in content and in thoughts."""
    assert events(f"A<tool_call>{text}<tool_call>{G}</tool_call>") == joined(
        expected("C:A", *pieces, f"T:{G}")
    )
    inside = [piece.replace("C:", "R:") for piece in pieces]
    assert events(f"<think>A<tool_call>{text}<tool_call>{G}</tool_call></think>.") == joined(
        expected("R:A", *inside, f"T:{G}", "C:.")
    )


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        pytest.param('{"a": "x}</tool_call> Done', ['T:{"a": "x}', "C:Done"], id="open string with a closing tag"),
        pytest.param('{"a": "x}</tool_call> "Done"', ['T:{"a": "x}', 'C:"Done"'], id="string closed by a later quote"),
        pytest.param('{"a": "x}<tool_call> Done', ['t:{"a": "x}<tool_call> Done'], id="open string"),
        pytest.param(f"{F}\nDone", [f"T:{F}", "C:Done"], id="sound, text behind"),
        pytest.param(f"{F}\n", [f"t:{F}\n"], id="sound, cut"),
        pytest.param('{"a": 1,]', ['t:{"a": 1,]'], id="broken"),
        pytest.param("f(x", ["C:<tool_call>f(x"], id="mention of the tag"),
    ],
)  # fmt: skip
def test_the_end_of_a_reply_settles_what_is_open(text: str, pieces: list[str]) -> None:
    """At the end of the reply an open call is cut, is broken at the tag in its open string, or was no call."""
    assert events(f"<tool_call>{text}") == expected(*pieces)


def test_an_open_thought_ends_with_its_tag_in_a_broken_call() -> None:
    """`</think>` ends a broken call, and the thought around it."""
    text = '<think>a<tool_call>{"a": 1,\n</think>Hello'
    assert events(text) == expected("R:a", 'T:{"a": 1,\n', "C:Hello")
    assert events('<think>Use <tool_call> "</think>Hello') == expected('R:Use <tool_call> "', "C:Hello")


def test_a_reply_may_begin_inside_of_a_thought() -> None:
    """A thought that the prompt opened ends with its tag."""
    assert events("hm</think>\nHello", reasoning_open=True) == expected("R:hm", "C:Hello")


def test_calls_can_be_text() -> None:
    """Without tools, a call is content, and thoughts are thoughts."""
    text = f"<think>a</think><tool_call>{F}</tool_call>"
    assert events(text, calls=False) == expected("R:a", f"C:<tool_call>{F}</tool_call>")


def test_tags_can_be_others() -> None:
    """The splitter knows the tags that it is given, and refuses those it could not tell apart."""
    tags = ReplyTags("[THINK]".replace("[", "«"), "«/THINK»", "«CALL»", "«/CALL»", "«RESULT»")
    assert events(f"«THINK]a«/THINK»«CALL»{F}«/CALL»b", tags=tags) == expected("R:a", f"T:{F}", "C:b")
    with pytest.raises(ValueError, match="another one"):
        ReplyTags(call_open="<tool>", call_close="<tool>x")
    with pytest.raises(ValueError, match="JSON"):
        ReplyTags(call_open="[TOOL_CALLS]")


def test_a_whole_reply_is_split_at_once() -> None:
    """`split_reply` joins thoughts and content, and keeps the calls in their order."""
    reply = split_reply(f"<think>a<tool_call>{F}</tool_call>b</think>c<tool_call>{G}</tool_call>d")
    assert (reply.reasoning, reply.content) == ("ab", "cd")
    assert [call.text for call in reply.calls] == [F, G]


def texts(characters: st.SearchStrategy[str], *words: str) -> st.SearchStrategy[str]:
    return st.lists(characters | st.sampled_from(words), max_size=8).map("".join)


TEXTS = texts(st.characters(), "<think>", "</think>", "<tool_call>", "</tool_call>", '"', "\\", "\n")
ARGUMENTS = st.dictionaries(TEXTS, TEXTS | st.integers() | st.lists(TEXTS, max_size=2), max_size=3)
PROSE = texts(st.characters(exclude_characters="<"), "</think>", "<x>", '"')


@settings(deadline=None)
@given(
    thought=st.none() | PROSE.filter(lambda text: "</think>" not in text),
    content=PROSE,
    calls=st.lists(ARGUMENTS, max_size=3),
    space=st.sampled_from(["", "\n"]),
)
def test_a_well_formed_reply_comes_back(
    thought: str | None, content: str, calls: list[dict[str, Any]], space: str
) -> None:
    """Thought, content and calls come back as they were written, whatever the calls' strings hold."""
    bodies = [json.dumps({"name": "f", "arguments": arguments}, ensure_ascii=False) for arguments in calls]
    written = "" if thought is None else f"<think>{thought}</think>"
    content = f"Answer: {content}"
    written += content + "".join(f"<tool_call>{space}{body}{space}</tool_call>\n" for body in bodies)
    reply = split_reply(written)
    assert (reply.reasoning, reply.content) == (thought or "", content)
    assert reply.calls == tuple(CallText(f"{space}{body}{space}", closed=True) for body in bodies)


@settings(deadline=None)
@given(st.data(), st.lists(st.tuples(PROSE, st.sampled_from([None, 1])), min_size=2, max_size=4))
def test_one_wrong_character_spoils_one_call(
    data: st.DataObject, calls: list[tuple[str, int | None]]
) -> None:
    """A character that is missing, or one too many, in any call leaves all the others whole."""
    calls = [(argument.replace("</think>", ""), indent) for argument, indent in calls]
    bodies = [json.dumps({"name": "f", "arguments": {"a": a, "b": [a, 1]}}, indent=i) for a, i in calls]
    spoiled = data.draw(st.integers(0, len(bodies) - 1))
    body = bodies[spoiled]
    at = data.draw(st.integers(0, len(body)))
    more, fewer = data.draw(st.sampled_from([*'"\\{}[],:.\n\x00 <x1', ""])), data.draw(st.integers(0, 1))
    bodies[spoiled] = body[:at] + more + body[at + fewer :]
    space = data.draw(st.sampled_from(["", "\n"]))
    written = "\n".join(f"<tool_call>{space}{body}{space}</tool_call>" for body in bodies)
    assert [call.text.strip() for call in split_reply(written).calls] == [body.strip() for body in bodies]
