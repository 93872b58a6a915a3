"""What encloses a whole text: encodings, special tokens, tags, calls and guards."""

import json
from typing import Any

import pytest

import structgen

WRAPPED: list[tuple[str, Any]] = [
    ('｛"a"：1｝', {"a": 1}),
    ('［1，2］', [1, 2]),
    ('{"a"：［1，｛"b"：2｝］}', {"a": [1, {"b": 2}]}),
    ('{"a": "［x］",}', {"a": "［x］"}),
    ('callback("x");', "x"),
    ("cb(42)", 42),
    ("cb(true);", True),
    ("cb(null)", None),
    ('/**/cb({"a": 1});', {"a": 1}),
    ('while(1);{"a": 1}', {"a": 1}),
    ('for(;;);[1]', [1]),
    (')]}\',\n{"a": 1}', {"a": 1}),
    ('{\\n  \\"a\\": \\"b\\\\nc\\"\\n}', {"a": "b\nc"}),
    ('{\\\\\\"a\\\\\\": 1}', {"a": 1}),
    ('{\\"a\\": \\"C:\\new\\",}', {"a": "C:\new"}),
    ('{&quot;a&quot;: &quot;x &amp; y&quot;}', {"a": "x & y"}),
    ('[&#34;x&#34;]', ["x"]),
    ('{{"a": {{"b": 1}}}}', {"a": {"b": 1}}),
    ('[{{"a": 1}}, {{"a": 2}}]', [{"a": 1}, {"a": 2}]),
    ('{"a": 1}<|im_end|>', {"a": 1}),
    ('{"a": 1}</s>', {"a": 1}),
    ('{"a": 1}<｜end▁of▁sentence｜>', {"a": 1}),
    ('{"a": "x"<|call|>', {"a": "x"}),
    ('{"a": "x<|im_end|>', {"a": "x"}),
    ('{"a": [1, 2<|endoftext|>', {"a": [1, 2]}),
    ('<|im_start|>assistant\n{"a": "x"}<|im_end|>\n<|im_start|>user\n{"a": "y"}', {"a": "x"}),
    ('<|channel|>analysis<|message|>{"a": 0}?<|end|><|start|>assistant<|channel|>final<|message|>{"a": 1}', {"a": 1}),
    ('{"a": "use <|im_end|> here",}', {"a": "use <|im_end|> here"}),
    ('{"a": "<|im_start|>assistant [x]", b: 1}', {"a": "<|im_start|>assistant [x]", "b": 1}),
    ('<tool_call>{"a": "</tool_call>"}</tool_call>', {"a": "</tool_call>"}),
    ('<answer>\n{"a": "x"\n</answer>', {"a": "x"}),
    ('<call>{"a": 1}</call>\n<call>{"a": 2}</call>', [{"a": 1}, {"a": 2}]),
    ('a": 1, "b": 2}', {"a": 1, "b": 2}),
    ('``{"a": 1}``', {"a": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), WRAPPED, ids=[text[:40] for text, _ in WRAPPED])
def test_a_wrapper_is_removed(text: str, value: Any) -> None:
    """The value comes back without what encloses it, and fixes lie within the given text."""
    result = structgen.repair(text)
    assert (result.status, result.value) == ("repaired", value)
    assert result.fixes
    assert all(0 <= fix.start <= fix.end <= len(text) for fix in result.fixes)


def test_a_guess_within_an_escaped_text_is_no_lossless_fix() -> None:
    """The one fix over an escaped text is inferred where reading the text without escapes took a guess."""
    text = json.dumps('{"a": [1, 2}')[1:-1]
    [fix] = structgen.repair(text).fixes
    assert (fix.kind, fix.risk) == ("escape", "inferred")
    [fix] = structgen.repair(json.dumps('{"a": 1}')[1:-1]).fixes
    assert (fix.kind, fix.risk) == ("escape", "lossless")
