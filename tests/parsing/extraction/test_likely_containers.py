"""The answer among several containers of a text: by its form, its place, and the words before it."""

import time
from typing import Any

import pytest

import structgen

NAMED = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
ANSWER = {"name": "Ada"}
ANSWERED = [
    'Given ["x","y"], this is the answer:\n{"name":"Ada"}',
    "You can choose between ['x'] and ['y'].\n{\"name\": \"Ada\"}",
    'She wrote "no" and \'yes\'. It\'s {"name": "Ada"}',
    'As [1] and [2, 3] show, it is {"name": "Ada"}.',
    'See [the manual](http://example.org/a) first: {"name": "Ada"}',
    '[The manual](http://example.org/a) says: {"name": "Ada"}',
    '{"name": "Ada"}\n\n[1]: http://example.org/a',
    'For example {"name": "Bob"} is wrong. Final answer: {"name": "Ada"}',
    'Example output: {"name": "text"}\n\nOutput: {"name": "Ada"}',
    'I first wrote {"name": "Bob"}, but the correct answer is {"name": "Ada"}.',
    'Schema: {"type": "object", "name": "string"}\nAnswer: {"name": "Ada"}',
    'Input: {"name": "Bob"}\nOutput: {"name": "Ada"}',
    '{"name": "Ada"}\nThis is since [see below] the {name} is "Ada" (note: x).',
    '{"name": "Ada"}\n\nExplanation:\n- "name" is [required]\n- the {format} is JSON',
    'Put {this} and {that} into the template: {"name": "Ada"}',
    "function f(x) { return x; }\n{\"name\": \"Ada\"}",
    'def f():\n    return {k: v for k, v in d}\n\n{"name": "Ada"}',
    'The set {1, 2} and the interval [0, 1). It is {"name": "Ada"}',
    '"A great question!" {"name": "Ada"}',
    "“Sure”, he said. {\"name\": \"Ada\"}",
    "'Twas [x] {\"name\": \"Ada\"}",
    'x[0] is {"name": "Ada"}',
    ':-[ a sad face, but {"name": "Ada"}',
    'The last one:\n```json\n{"name": "Bob"}\n```\nThe corrected one:\n```json\n{"name": "Ada"}\n```',
    'e.g. `{"name": "Bob"}`. This is it:\n```json\n{"name": "Ada"}\n```',
    '```python\nx = {"z": 1}\n```\nResult:\n```json\n{"name": "Ada"}\n```',
    'The answer is {"name": "Ada"}, where ["x", "y"] and {"z": 1} were left out.',
]  # fmt: skip


@pytest.mark.parametrize("schema", [None, NAMED], ids=["no schema", "schema"])
@pytest.mark.parametrize("text", ANSWERED, ids=[text[:40] for text in ANSWERED])
def test_the_answer_is_chosen(text: str, schema: Any) -> None:
    """The object that answers is the value; sentences, lists in them and examples are prose."""
    result = structgen.repair(text, schema)
    assert (result.status, result.value) == ("repaired", ANSWER)
    assert "prose" in {fix.kind for fix in result.fixes}
    assert all(fix.risk == "inferred" for fix in result.fixes if fix.kind == "prose")


NO_ANSWER = [
    "name='Ann' age=3 tags=['a']",
    "id=7, tags=['a', 'b'], name='x'",
    "tags=['a'] name='x'",
    "name: Ann\nage: 3\ntags: [a, b]",
    "name: Ann\nage: 3",
    "- a\n- b",
    "I like [brackets] and {braces}.",
    "No JSON at all.",
]


@pytest.mark.parametrize("text", NO_ANSWER)
def test_a_part_of_another_notation_is_no_answer(text: str) -> None:
    """A list that is one value of several, or a word in brackets, is not taken for the answer."""
    assert structgen.repair(text).status == "failed"


def test_a_text_without_json_is_a_string_where_one_is_asked_for() -> None:
    """Keys and values without braces are text: a string schema takes all of it."""
    result = structgen.repair("name: Ann\nage: 3", {"type": "string"})
    assert (result.status, result.value) == ("repaired", "name: Ann\nage: 3")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("tags = ['a', 'b']", ["a", "b"]),
        ('const x = {"a": 1};', {"a": 1}),
        ('Colors (see [1]): ["red", "blue"]', ["red", "blue"]),
        ("The answer is [1, 2].", [1, 2]),
        ('Rows:\n{"a": 1} and {"a": 2}', [{"a": 1}, {"a": 2}]),
    ],
)
def test_a_list_or_an_assignment_alone_is_the_answer(text: str, value: Any) -> None:
    """Where nothing else competes, a list, an assigned value and several rows are the answer."""
    assert structgen.repair(text).value == value


@pytest.mark.parametrize(
    "piece", ["[1] ", "{x} ", "}{", "\n[", "`", "<think>", "</", "```\n", "{&quot;", "<|im_end|>"]
)
def test_a_long_run_of_marks_takes_linear_time(piece: str) -> None:
    """Failed reads are bounded: ten thousand characters of marks take seconds, not minutes."""
    started = time.process_time()
    structgen.repair("x " + piece * (10_000 // len(piece)))
    assert time.process_time() - started < 8
