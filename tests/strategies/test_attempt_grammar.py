"""The grammar of a retry pins the sound values and opens the others."""

from dataclasses import replace
from typing import Any

import pytest

from structgen.engines.fake import FakeEngine
from structgen.errors import Unsatisfied
from structgen.generator import Generator
from structgen.schema import Schema
from structgen.strategies.task import Task
from structgen.types import Limits

SCHEMA = {
    "type": "object",
    "properties": {
        "host": {"type": "string", "format": "hostname"},
        "tags": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
        "count": {"type": "integer"},
    },
    "required": ["host", "count"],
}
BAD = '{"host":"-x","tags":["p","p"],"count":3}'
GOOD = '{"host":"h","tags":["p","q"],"count":3}'


async def run(replies: list[str], **limits: Any) -> Any:
    engine = FakeEngine(replies)
    task = Task(Schema.parse(SCHEMA), document="x", limits=Limits(**limits))
    try:
        return engine, await Generator(engine).run(task)
    except Unsatisfied as error:
        return engine, error


async def test_the_second_attempt_opens_only_what_was_wrong() -> None:
    """The grammar of a retry pins the sound values, and the account names the opened places."""
    engine, result = await run([BAD, GOOD])
    assert [attempt.opened for attempt in result.attempts] == [(), ("/host", "/tags/1")]
    assert "opened" not in result.attempts[0].to_json()
    pins = engine.requests[1].constraint.schema["allOf"][-1]
    assert pins["properties"]["count"] == {"const": 3}
    assert pins["properties"]["tags"]["prefixItems"][0] == {"const": "p"}


async def test_the_last_of_several_retries_is_free() -> None:
    """The last of several retries has the full grammar, so that a wrong pin costs one attempt at most."""
    engine, error = await run([BAD] * 3, max_attempts=3)
    assert [bool(attempt.opened) for attempt in error.attempts] == [False, True, False]
    keys = [request.constraint.key for request in engine.requests]
    assert keys[0] == keys[2] != keys[1]


@pytest.mark.parametrize(
    ("schema", "value", "accepted", "refused"),
    [
        (SCHEMA, {"host": "-x", "count": 1}, '{"host":"y","count":1}', '{"host":"y","count":2}'),
        (SCHEMA, {"host": "-x", "count": 1}, '{"host":"z","count":1}', '{"host":"-x","count":1}'),
        (SCHEMA, {"count": 1}, '{"host":"y","count":1}', '{"host":"y","count":2}'),
        (SCHEMA, {"host": "h", "tags": ["a", "a"], "count": 1}, '{"host":"h","tags":["a","b"],"count":1}',
         '{"host":"h","tags":["a","a"],"count":1}'),
        ({"type": "array", "items": {"not": {"const": "x"}}}, ["x", "y"], '["z","y"]', '["z","z"]'),
    ],
)  # fmt: skip
def test_the_grammar_of_a_targeted_attempt(schema: Any, value: Any, accepted: str, refused: str) -> None:
    """A targeted grammar accepts the sound values and refuses the offending ones."""
    llguidance = pytest.importorskip("llguidance", reason="needs the extra `local`")
    from structgen.engines.guidance.grammar_cache import compile_grammar

    parsed = Schema.parse(schema)
    grammar = parsed.pinned_grammar(value, parsed.violations(value))
    assert grammar is not None
    tokenizer = llguidance.LLTokenizer("byte")
    for text, fits in ((accepted, True), (refused, False)):
        matcher, tokens = compile_grammar(tokenizer, grammar), tokenizer.tokenize_str(text)
        whole = matcher.try_consume_tokens(tokens) == len(tokens) and matcher.is_accepting()
        assert whole is fits, text


def test_nothing_is_pinned_where_the_whole_value_is_wrong() -> None:
    """A violation of the whole value, such as a `oneOf` at the root, gives no targeted grammar."""
    schema = Schema.parse({"oneOf": [{"required": ["a"]}, {"required": ["b"]}]})
    value = {"a": 1, "b": 2}
    assert schema.pinned_grammar(value, schema.violations(value)) is None


async def closed(replies: list[str], **limits: Any) -> Any:
    """Under `close`, on an engine that can."""
    engine = FakeEngine(replies)
    engine.capabilities = replace(engine.capabilities, completes_in_budget=True)
    task = Task(Schema.parse(SCHEMA), document="x", limits=Limits(on_budget="close", **limits))
    return engine, await Generator(engine).run(task)


async def test_under_close_the_last_attempt_is_given_a_valid_value() -> None:
    """Under `close`, the last attempt writes a patched value, and `forced` names the patched places."""
    mended = '{"host":"a.co","tags":["p","a"],"count":3}'
    engine, result = await closed([BAD, BAD, mended], max_attempts=3)
    given = engine.requests[2].constraint.schema["const"]
    assert {**given, "host": None, "tags": None} == {"host": None, "tags": None, "count": 3}
    assert len(result.attempts) == 3
    assert "/host" in result.forced
    assert result.attempts[2].opened == result.forced


async def test_without_close_nothing_is_given() -> None:
    """Without `close`, the last attempt decodes under the grammar of the whole schema."""
    engine, _ = await run([BAD] * 3, max_attempts=3)
    assert all("const" not in request.constraint.schema for request in engine.requests)
