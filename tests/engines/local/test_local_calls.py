"""The local engine keeps calls and texts valid with a model of random weights."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

pytest.importorskip("torch", reason="needs the extra `local`")

import torch

from structgen.engines import EngineRequest
from structgen.engines.base import AnyConstraint, CallableTool, CallConstraint, Constraint, TextConstraint
from structgen.engines.guidance import text_constraint, text_matches
from structgen.engines.local import LocalEngine
from structgen.errors import InvalidSchema
from structgen.schema import Schema
from structgen.schema.declared_sizes import DeclaredSizes
from structgen.types import Conversation, Message, Sampling, TextFormat

TOOLS = {
    "weather": {"properties": {"city": {"type": "string"}, "days": {"type": "integer"}}, "required": ["city", "days"]},
    'quote "é"': {"properties": {"text": {"enum": ["</tool_call>", "<tool_call>\n", '"']}}, "required": ["text"]},
    "nothing": {"additionalProperties": False},
    "tree": {
        "$defs": {"node": {"properties": {"left": {"$ref": "#/$defs/node"}, "value": {"type": "number"}}}},
        "$ref": "#/$defs/node",
    },
    "any": {},
}  # fmt: skip
SCHEMAS = {name: Schema.parse(schema) for name, schema in TOOLS.items()}
CALLABLE = tuple(CallableTool(name, schema.grammar) for name, schema in SCHEMAS.items())
REQUIRED = CallConstraint(CALLABLE, "required", required=True)
AUTO = CallConstraint(CALLABLE, "auto")
CALL = re.compile(r"<tool_call>\n([^\n]*)\n</tool_call>")
LOUD = 20.0
BOUNDS = DeclaredSizes(12, 16, 6)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def engine(random_model: Path) -> AsyncIterator[LocalEngine]:
    """Eight slots."""
    made = LocalEngine(random_model, slots=8, queue=200, threads=1)
    await made.start()
    yield made
    await made.close()


pytestmark = pytest.mark.asyncio(loop_scope="module")


def ask(constraint: AnyConstraint | None, **sampling: Any) -> EngineRequest:
    chosen = Sampling(**{"max_tokens": 160, "temperature": 1.0, "seed": 1, **sampling})
    prompt = Conversation((Message("user", 'call "weather" for Paris, 3 days'),))
    return EngineRequest(prompt, constraint, chosen, complete_in_budget=True, value_limits=BOUNDS)


def cut(constraint: AnyConstraint, seed: int) -> EngineRequest:
    """Ask for a short answer, which the budget may cut."""
    return replace(ask(constraint, seed=seed, max_tokens=90), complete_in_budget=False)


def check_calls(text: str) -> int:
    """Check every call of a text, and return their number."""
    assert len(CALL.findall(text)) == text.count("<tool_call>\n{"), text
    for body in CALL.findall(text):
        call = json.loads(body)
        assert SCHEMAS[call["name"]].violations(call["arguments"]) == []
        assert all(len(digits) <= BOUNDS.digits for digits in re.findall(r"\d+", body))
    return len(CALL.findall(text))


async def test_a_hundred_required_calls_are_valid(engine: LocalEngine) -> None:
    """Of a hundred seeds each whole answer consists of valid calls; a cut one ends with `length`."""
    completions = await asyncio.gather(*(engine.complete(cut(REQUIRED, seed=seed)) for seed in range(100)))
    whole = [completion.text for completion in completions if completion.finish == "stop"]
    assert len(whole) > 50
    assert all(check_calls(text) for text in whole)
    assert all(CALL.sub("", text).strip("\n") == "" for text in whole)
    for completion in completions:
        if completion.finish == "length":
            check_calls(completion.text.rpartition("<tool_call>\n{")[0])


async def test_a_call_is_closed_within_its_budget(engine: LocalEngine) -> None:
    """A call that the budget would cut gets its shortest end, and is valid."""
    completions = await asyncio.gather(*(engine.complete(ask(REQUIRED, seed=seed)) for seed in range(8)))
    assert all(check_calls(completion.text) for completion in completions)
    assert {completion.finish for completion in completions} == {"stop"}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def eager(random_model: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LocalEngine]:
    """An engine of a model that often opens a call: the weights of the tag's row are large."""
    import transformers

    folder = tmp_path_factory.mktemp("eager") / "model"
    tokenizer = transformers.AutoTokenizer.from_pretrained(random_model)
    model = transformers.AutoModelForCausalLM.from_pretrained(random_model)
    tokenizer.save_pretrained(folder)
    tag = tokenizer.convert_tokens_to_ids("<tool_call>")
    with torch.no_grad():
        model.get_output_embeddings().weight[tag] *= LOUD
    model.save_pretrained(folder)
    made = LocalEngine(folder, slots=8, queue=200, threads=1)
    await made.start()
    yield made
    await made.close()


async def test_a_hundred_answers_with_calls_in_mid_text_are_valid(eager: LocalEngine) -> None:
    """Of a hundred seeds every call that the model opens in its free text is valid."""
    completions = await asyncio.gather(*(eager.complete(cut(AUTO, seed=seed)) for seed in range(100)))
    calls = [
        check_calls(c.text if c.finish == "stop" else c.text.rpartition("<tool_call>\n{")[0])
        for c in completions
    ]
    assert sum(calls) >= 50
    assert any(completion.text.partition("<tool_call>")[0].strip() for completion in completions)


FORMATS = [
    pytest.param(TextFormat(regex=r"[A-Z]{2}-\d{3,5}"), id="regex"),
    pytest.param(TextFormat(choices=("yes", "no", 'it\'s "both"', "")), id="choice"),
    pytest.param(TextFormat(lark='start: word ("," word)*\nword: /[a-z]{1,4}/'), id="lark"),
]


@pytest.mark.parametrize("text_format", FORMATS)
@pytest.mark.parametrize("thinking_tokens", [None, 6], ids=["at once", "after a thought"])
async def test_a_text_follows_its_format(
    engine: LocalEngine, text_format: TextFormat, thinking_tokens: int | None
) -> None:
    """For many seeds the text follows the format, and ends within its budget."""
    constraint = text_constraint(text_format)
    requests = [
        ask(constraint, seed=seed, max_tokens=40, thinking_tokens=thinking_tokens) for seed in range(8)
    ]
    for completion in await asyncio.gather(*map(engine.complete, requests)):
        assert completion.finish == "stop"
        assert text_matches(constraint, completion.text), completion.text


async def test_free_digits_are_no_number(engine: LocalEngine) -> None:
    """Digits of a text format are not bounded as numbers are."""
    completion = await engine.complete(ask(text_constraint(TextFormat(regex=r"\d{30}"))))
    assert re.fullmatch(r"\d{30}", completion.text)


async def test_a_grammar_that_leads_nowhere_fails_alone(engine: LocalEngine) -> None:
    """A dead end of a caller's grammar is an `InvalidSchema`; the requests beside it go on."""
    dead_end = text_constraint(TextFormat(lark='start: /[a-z]{40}/ end\nend: end "x" | "y" "z"'))
    broken = TextFormat(lark='start: /[a-z]{40}/ end\nend: end "x"')
    found = await asyncio.gather(
        engine.complete(ask(dead_end)),
        engine.complete(ask(REQUIRED)),
        *(engine.complete(ask(constraint)) for constraint in _unchecked(broken)),
        return_exceptions=True,
    )
    assert not isinstance(found[0], BaseException)
    assert not isinstance(found[1], BaseException)
    assert isinstance(found[2], InvalidSchema), found[2]


def _unchecked(text_format: TextFormat) -> list[AnyConstraint]:
    """Return the constraint without the check over bytes, which may find the dead end before."""
    return [TextConstraint(text_format.kind, text_format.lark or "", "unchecked")]


async def test_calls_or_json(engine: LocalEngine) -> None:
    """Where calls or JSON may come, both do, and both are valid."""
    schema = Schema.parse({"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]})
    constraint = CallConstraint(CALLABLE, "either", response=Constraint(schema.grammar, schema.hash))
    completions = await asyncio.gather(*(engine.complete(cut(constraint, seed=seed)) for seed in range(30)))
    texts = [completion.text for completion in completions if completion.finish == "stop"]
    calls = [text for text in texts if text.startswith("<tool_call>")]
    assert 0 < len(calls) < len(texts)
    assert all(check_calls(text) for text in calls)
    assert all(schema.violations(json.loads(text)) == [] for text in texts if text not in calls)


async def test_forced_heads_of_calls_take_few_passes(engine: LocalEngine) -> None:
    """Tags, name and keys of a call are forced: the model decides the values."""
    tools = (CallableTool("a_tool_with_a_long_name", {"type": "object", "properties": {"on": {"type": "boolean"}},
                                                      "required": ["on"], "additionalProperties": False}),)  # fmt: skip
    constraint = CallConstraint(tools, "one", required=True, parallel=False)
    usage = (await engine.complete(ask(constraint))).usage
    assert usage.decode_steps <= 2
    assert usage.forced_tokens >= usage.completion_tokens - 2


@pytest.mark.parametrize(
    "text", ["<tool_call>", "x </tool_call> <|eot_id|> y", "</think>", "<think>"], ids=lambda text: text[:12]
)
async def test_text_that_reads_like_a_special_token_is_written(engine: LocalEngine, text: str) -> None:
    """The only text that a constraint allows may read like special tokens: ordinary ones write it."""
    schema = Schema.parse({"const": text})
    completion = await engine.complete(ask(Constraint(schema.grammar, schema.hash)))
    assert json.loads(completion.text) == text
    completion = await engine.complete(ask(text_constraint(TextFormat(choices=(text,)))))
    assert completion.text == text
    tools = (
        CallableTool(text, {"properties": {"a": {"const": text}}, "required": ["a"], "maxProperties": 1}),
    )
    completion = await engine.complete(ask(CallConstraint(tools, text, required=True, parallel=False)))
    assert json.loads(completion.text.split("\n")[1]) == {"name": text, "arguments": {"a": text}}
