"""Extraction: JSON between prose, comments, tags and fences, and texts without brackets."""

from typing import Any

import pytest

import structgen

EXTRACTED: list[tuple[str, Any]] = [
    ("/* a */ {\"a\": 1, // b\n # c\n\"d\": 2}", {"a": 1, "d": 2}),
    ('Sure! Here it is:\n```json\n{"a": 1}\n```\nAnything else?', {"a": 1}),
    ('```json\n{"a": "use ```x``` here"}\n```', {"a": "use ```x``` here"}),
    ('Hi\n```json\n{"a": "so:\n```js\nf()\n```", "b": 1}\n```\n', {"a": "so:\n```js\nf()\n```", "b": 1}),
    ('```json\n{"a": [1, 2\n```\nThat is all.', {"a": [1, 2]}),
    ('`{"a": 1}`', {"a": 1}),
    ('<think>{"a": 0}?</think>{"a": 1}', {"a": 1}),
    ('The answer is {"a": 1}. Good luck!', {"a": 1}),
    ('{"a": 1}\n{"a": 2}\n', [{"a": 1}, {"a": 2}]),
    ('callback({"a": 1});', {"a": 1}),
    ('{"id": ObjectId("12"), "n": NumberLong(5)}', {"id": "12", "n": 5}),
    ('{"d": Date(2020, 1, 2)}', {"d": "Date(2020, 1, 2)"}),
    ('{"a": "<think>x</think>", b: 1}', {"a": "<think>x</think>", "b": 1}),
    ('\ufeff{"a": 1,}', {"a": 1}),
    ('{\\"a\\": \\"b\\"}', {"a": "b"}),
    ('{"a": "</think>",}', {"a": "</think>"}),
    ('{"q": 1,}\n</think>', {"q": 1}),
    ("[x]\n[y]", [["x"], ["y"]]),
    ('"a": 1} and more', {"a": 1}),
    ("100\u00a0", 100),
    ('Answer (final): {"a": 1}', {"a": 1}),
    ("[INFO] {\"a\": 1}", {"a": 1}),
    ("As [said below]: {\"a\": 1}", {"a": 1}),
    ('Rows:\n{"a": 1}\n{"a": 2}', [{"a": 1}, {"a": 2}]),
    ('Hmm {"x": 2} so</think>{"a": 1}', {"a": 1}),
    ('<Thinking>{"x": 2}</Thinking>{"a": 1}', {"a": 1}),
    ("```json\n5\n```", 5),
    (".5", 0.5),
    ("None", None),
    ("1e", 1.0),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), EXTRACTED, ids=[text[:30] for text, _ in EXTRACTED])
def test_the_value_is_extracted(text: str, value: Any) -> None:
    """The text gives the value in it, and the result lists fixes for all around it."""
    result = structgen.repair(text)
    assert (result.status, result.value) == ("repaired", value)
    assert result.fixes


def test_a_fence_alone_is_lossless() -> None:
    """A fence without prose around it is not prose, so that the lowest risk suffices."""
    result = structgen.repair('```json\n{"a": 1,}\n```\n', max_risk="lossless")
    assert (result.value, [fix.kind for fix in result.fixes]) == ({"a": 1}, ["fence", "comma", "fence"])


@pytest.mark.parametrize("fence", [False, True], ids=["bare", "fenced"])
def test_all_values_in_prose_are_kept(fence: bool) -> None:
    """Three hundred rows in prose are kept: the bound on candidates does not cut the list."""
    row = '```json\n{{"a": {}}}\n```' if fence else 'Row: {{"a": {}}}'
    text = "\n".join(row.format(i) for i in range(300))
    schema = {"type": "array", "items": {"type": "object", "required": ["a"]}}
    assert structgen.repair(text, schema).value == [{"a": i} for i in range(300)]
