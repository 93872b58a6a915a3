"""Everything that the grammar of a call lets a model write is a valid call, or free text."""

from __future__ import annotations

import json
import re
from functools import cache
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

pytest.importorskip("llguidance", reason="needs the extra `local`")

import numpy as np
from llguidance import LLMatcher, LLTokenizer

from structgen.engines.base import CallableTool, CallConstraint, Constraint
from structgen.engines.guidance.grammar_cache import compile_constraint
from structgen.engines.guidance.grammars import json_regions
from structgen.engines.guidance.json_outline import JsonOutline
from structgen.engines.guidance.shortest_completion import ShortestCompletions
from structgen.errors import InvalidSchema
from structgen.models import DEMO_MODEL
from structgen.schema import Schema

CALL = re.compile(r"<tool_call>\n([^\n]*)\n</tool_call>")
POINT = {
    "type": "object",
    "properties": {"x": {"type": "integer"}, "y": {"type": "number"}},
    "required": ["x"],
}
SCHEMAS: list[Any] = [
    POINT,
    True,
    {},
    {"additionalProperties": False},
    {"type": "object", "properties": {"a b": {"enum": ["</tool_call>", 'q"', "\x7f", None]}}, "required": ["a b"]},
    {"$defs": {"p": POINT}, "$ref": "#/$defs/p"},
    {"$defs": {"n": {"type": "object", "properties": {"next": {"$ref": "#/$defs/n"}}}}, "$ref": "#/$defs/n"},
    {"anyOf": [POINT, {"type": "null"}, {"required": ["z"], "properties": {"z": {"const": "é"}}}]},
    {"type": ["object", "string"], "properties": {"date": {"type": "string", "format": "date"}}},
    {"oneOf": [{"properties": {"k": {"const": 1}}, "required": ["k"]}, {"properties": {"k": {"const": 2}}, "required": ["k"]}]},
    {"properties": {"list": {"type": "array", "items": {"type": "boolean"}, "minItems": 1, "maxItems": 3}}, "required": ["list"]},
    {"type": "object", "patternProperties": {"^n_": {"type": "integer"}}, "additionalProperties": False},
]  # fmt: skip
NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
TOOLS = st.lists(st.tuples(NAMES, st.sampled_from(SCHEMAS)), min_size=1, max_size=4, unique_by=lambda t: t[0])
TOKENIZERS = pytest.mark.parametrize("kind", ["bytes", "shipped model"])


@cache
def completions(kind: str) -> ShortestCompletions:
    """Return completions over the 256 bytes, or over a vocabulary that has the tags as special tokens."""
    if kind == "bytes":
        return ShortestCompletions(LLTokenizer("byte"))
    transformers = pytest.importorskip("transformers", reason="needs the extra `local`")
    from llguidance.hf import from_tokenizer

    return ShortestCompletions(from_tokenizer(transformers.AutoTokenizer.from_pretrained(DEMO_MODEL)))


def constraint(tools: list[tuple[str, Any]], **options: Any) -> CallConstraint:
    lowered = tuple(CallableTool(name, Schema.parse(schema).grammar) for name, schema in tools)
    return CallConstraint(lowered, repr((tools, options)), **options)


def allowed(matcher: LLMatcher) -> np.ndarray:
    mask = np.frombuffer(matcher.compute_bitmask(), dtype=np.uint8)
    assert not matcher.is_error(), matcher.get_error()
    return np.flatnonzero(np.unpackbits(mask, bitorder="little"))


@cache
def piece(tokenizer: LLTokenizer, token: int) -> bytes:
    return bytes(tokenizer.decode_bytes([token]))


class Walk:
    """A text under construction: tokens that the grammar allows, drawn at random."""

    def __init__(self, kind: str, constraint: CallConstraint) -> None:
        self.completions = completions(kind)
        self.tokenizer = self.completions.tokenizer
        self.constraint = constraint
        self.matcher = compile_constraint(self.tokenizer, constraint)
        self.outline = JsonOutline(json_regions(constraint))
        self.tokens: list[int] = []

    @property
    def text(self) -> str:
        return self.tokenizer.decode_bytes(self.tokens).decode("utf-8", "replace") if self.tokens else ""

    def piece(self, token: int) -> bytes:
        return piece(self.tokenizer, token)

    def write(self, text: str) -> None:
        """Write a text as ordinary tokens, which the grammar must allow."""
        tokens = [token for byte in text.encode() for token in self._byte(byte)]
        assert self.matcher.validate_tokens(tokens) == len(tokens), (text, self.matcher.get_error())
        self.add(tokens)

    def _byte(self, byte: int) -> list[int]:
        return list(self.tokenizer.tokenize_bytes(bytes((byte,))))

    def add(self, tokens: list[int]) -> None:
        assert self.matcher.consume_tokens(tokens)
        self.tokens += tokens
        self.outline.take(b"".join(map(self.piece, tokens)))

    def wander(self, random: Random, steps: int) -> bool:
        """Draw tokens, quotes and brackets often; return whether the text has ended."""
        for _ in range(steps):
            if self.matcher.is_stopped():
                return True
            tokens = list(map(int, allowed(self.matcher)))
            closing = [t for t in tokens if self.piece(t) in (b'"', b"}", b"]", b",")]
            token = random.choice(closing if closing and random.random() < 0.4 else tokens)
            while not self.outline.fits(self.piece(token)):
                token = random.choice(tokens)
            if token in self.tokenizer.eos_tokens:
                return True
            self.add([token])
        return False

    def finish(self) -> None:
        rest = self.completions.find(self.matcher, self.outline, 2_000, self.constraint.key)
        assert rest is not None
        self.add(rest)
        assert self.matcher.is_accepting()


def check_calls(text: str, tools: list[tuple[str, Any]]) -> list[str]:
    """Check every call of the text, and return the tools' names."""
    called = []
    assert len(CALL.findall(text)) == text.count("<tool_call>\n"), text
    for body in CALL.findall(text):
        call = json.loads(body)
        assert list(call) == ["name", "arguments"]
        schema = dict(tools)[call["name"]]
        assert isinstance(call["arguments"], dict)
        assert Schema.parse(schema).violations(call["arguments"]) == []
        called.append(call["name"])
    return called


@TOKENIZERS
@settings(max_examples=30, deadline=None)
@given(tools=TOOLS, seed=st.integers(0, 10**6), parallel=st.booleans())
def test_required_calls_are_all_valid(
    kind: str, tools: list[tuple[str, Any]], seed: int, parallel: bool
) -> None:
    """Under `required` the answer is one valid call, or several where they may be parallel."""
    walk = Walk(kind, constraint(tools, required=True, parallel=parallel))
    if not walk.wander(Random(seed), 60):
        walk.finish()
    called = check_calls(walk.text, tools)
    assert len(called) == 1 or (parallel and called)
    assert CALL.sub("", walk.text).strip("\n") == ""


PROSE = st.lists(
    st.sampled_from(['say "', "<", "<tool", "</tool_call>", "a < b", "{", '{"name":"x"', "é\n", "<tool_call", "<think", "1e999", "\\"])
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
    max_size=6,
).map("".join)  # fmt: skip


@TOKENIZERS
@settings(max_examples=30, deadline=None)
@given(tools=TOOLS, seed=st.integers(0, 10**6), texts=st.lists(PROSE, min_size=1, max_size=3), data=st.data())
def test_calls_in_free_text_are_all_valid(
    kind: str, tools: list[tuple[str, Any]], seed: int, texts: list[str], data: st.DataObject
) -> None:
    """Any prose may stand around the calls; a tag of either form begins a valid one."""
    assume(not any("<tool_call>" in text for text in texts))
    walk, random = Walk(kind, constraint(tools)), Random(seed)
    for index, text in enumerate(texts):
        walk.write(text)
        assert walk.matcher.is_accepting()
        special = walk.tokenizer.tokenize_str("<tool_call>", parse_special=True)
        if len(special) == 1 and data.draw(st.booleans()):
            walk.add(special)
        else:
            assume(not walk.text.endswith("<"))
            walk.write("<tool_call>")
        assert not walk.matcher.is_accepting()
        assert {walk.piece(int(token))[:1] for token in allowed(walk.matcher)} == {b"\n"}
        while walk.text.count("</tool_call>") == "".join(texts[: index + 1]).count("</tool_call>") + index:
            if walk.wander(random, 1):
                break
            if len(walk.tokens) > 200:
                break
        if not walk.matcher.is_accepting():
            walk.finish()
    called = check_calls(walk.text, tools)
    assert len(called) >= 1


POINTS = [("point", POINT)]
WRITTEN = '<tool_call>\n{"name": "point", "arguments": {"x":1,"y":2}}\n</tool_call>'


def accepts(text: str, **options: Any) -> bool:
    """Return whether the whole text, as bytes, follows the grammar of one tool."""
    matcher = compile_constraint(LLTokenizer("byte"), constraint(POINTS, **options))
    data = list(text.encode())
    return (
        matcher.validate_tokens(data) == len(data) and matcher.consume_tokens(data) and matcher.is_accepting()
    )


RESPONSE = Constraint(Schema.parse({"type": "array", "items": {"const": "<"}}).grammar, "response")


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        pytest.param("no call", {}, True, id="auto: no call"),
        pytest.param("", {}, True, id="auto: nothing"),
        pytest.param(f"first {WRITTEN} then", {}, True, id="auto: text after a call"),
        pytest.param(f"{WRITTEN}{WRITTEN}\n{WRITTEN}", {}, True, id="auto: several calls"),
        pytest.param(f"<think>hm {WRITTEN} so</think>", {}, True, id="auto: a call in a thought"),
        pytest.param("<tool_call> is a tag", {}, False, id="auto: a tag without a call"),
        pytest.param(WRITTEN[:-1], {}, False, id="auto: a cut call"),
        pytest.param(f"first {WRITTEN}", {"parallel": False}, True, id="one call at most: one"),
        pytest.param("no call", {"parallel": False}, True, id="one call at most: none"),
        pytest.param(f"{WRITTEN}{WRITTEN}", {"parallel": False}, False, id="one call at most: two"),
        pytest.param(WRITTEN, {"required": True}, True, id="required: a call"),
        pytest.param(f"{WRITTEN}\n{WRITTEN}", {"required": True}, True, id="required: two calls"),
        pytest.param(f"{WRITTEN}\n{WRITTEN}", {"required": True, "parallel": False}, False, id="required: not two"),
        pytest.param("no call", {"required": True}, False, id="required: no call"),
        pytest.param("", {"required": True}, False, id="required: nothing"),
        pytest.param('["<","<"]', {"response": RESPONSE}, True, id="response: JSON"),
        pytest.param(WRITTEN, {"response": RESPONSE}, True, id="response: a call"),
        pytest.param("no JSON", {"response": RESPONSE}, False, id="response: no JSON"),
        pytest.param('["<"]', {"response": RESPONSE, "required": True}, False, id="response: but required"),
        pytest.param(WRITTEN.replace("point", "line"), {}, False, id="an unknown tool"),
        pytest.param(WRITTEN.replace("1", '"1"'), {}, False, id="arguments of a wrong type"),
    ],
)  # fmt: skip
def test_a_constraint_of_calls_allows(text: str, options: dict[str, Any], expected: bool) -> None:
    """Calls, text around them and JSON in place of them are allowed as the constraint says."""
    assert accepts(text, **options) == expected


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        pytest.param(False, "the schema false allows no value", id="false"),
        pytest.param({"type": "array"}, "arguments are an object", id="no-object"),
        pytest.param({"enum": []}, "", id="no-value"),
        pytest.param(
            {"properties": {"a": {"type": "string", "pattern": "(a|b|c)?" * 3000}}, "required": ["a"]},
            "",
            id="too-complex",
        ),
        pytest.param({"properties": {"a": {"const": "\ud800"}}}, "", id="half-a-pair"),
    ],
)
def test_a_tool_without_a_grammar_is_named(parameters: Any, reason: str) -> None:
    """The refusal names the tool, and says what is wrong with its schema."""
    tools = (CallableTool("fine", True), CallableTool("a 'tool'", parameters))
    with pytest.raises(InvalidSchema, match=re.escape(repr("a 'tool'"))) as caught:
        compile_constraint(LLTokenizer("byte"), CallConstraint(tools, "key"))
    assert reason in str(caught.value)


def test_calls_need_a_tool() -> None:
    """A constraint of calls without a tool is refused."""
    with pytest.raises(InvalidSchema, match="no tool"):
        compile_constraint(LLTokenizer("byte"), CallConstraint((), "key", required=True))
