"""ShortestCompletions to the end are valid from every place of an answer, also where they are remembered from another one."""

import json
from pathlib import Path
from typing import Any

import pytest

from structgen.schema import Registry

pytest.importorskip("llguidance", reason="needs the extra `local`")

EXAMPLES = Path(__file__).parents[3] / "examples"
LISTS: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "a": {"type": "string"},
            "b": {"type": "array", "items": {"type": "integer"}, "minItems": 2},
        },
        "required": ["a", "b"],
        "additionalProperties": False,
    },
    "minItems": 3,
}
ROWS = [{"a": f'x "{n}" {{', "b": [n, 2, 3]} for n in range(5)]


def cases() -> dict[str, tuple[Any, Any]]:
    """Lowered schemas and answers to them."""
    shipped = {
        name: (Registry().get(name).grammar, json.loads((EXAMPLES / f"{name}.json").read_text("utf-8")))
        for name in ("invoice", "contact")
    }
    return {**shipped, "counted lists": (LISTS, ROWS)}


@pytest.mark.parametrize(("grammar", "answer"), cases().values(), ids=cases())
def test_every_completion_ends_the_answer_validly(grammar: Any, answer: Any) -> None:
    """From each token of an answer a valid completion is found, within the masks of one engine step."""
    from llguidance import LLTokenizer

    from structgen.engines.guidance.grammar_cache import compile_grammar
    from structgen.engines.guidance.json_outline import JsonOutline
    from structgen.engines.guidance.shortest_completion import ShortestCompletions

    tokenizer = LLTokenizer("byte")
    start, completions = compile_grammar(tokenizer, grammar), ShortestCompletions(tokenizer)
    tokens = tokenizer.tokenize_bytes(json.dumps(answer, separators=(",", ":"), ensure_ascii=False).encode())
    matcher, text = start.deep_copy(), JsonOutline()
    completions.find(matcher, text, 4000, "key")
    for token in tokens:
        completion = completions.find(matcher, text, 4000, "key", masks=64)
        assert completion is not None
        ended = matcher.deep_copy()
        assert ended.consume_tokens(completion)
        assert ended.is_accepting()
        assert matcher.consume_token(token)
        text.take(tokenizer.decode_bytes([token]))


def test_a_completion_of_another_grammar_is_never_used() -> None:
    """A cached completion of another grammar under the same key is rejected by the grammar."""
    from llguidance import LLTokenizer

    from structgen.engines.guidance.grammar_cache import compile_grammar
    from structgen.engines.guidance.json_outline import JsonOutline
    from structgen.engines.guidance.shortest_completion import ShortestCompletions

    tokenizer = LLTokenizer("byte")
    completions = ShortestCompletions(tokenizer)
    for schema, written in (({"const": "abc"}, b'"abc"'), ({"const": [1, 2]}, b"[1,2]")):
        completion = completions.find(compile_grammar(tokenizer, schema), JsonOutline(), 100, "key")
        assert completion is not None
        assert tokenizer.decode_bytes(completion) == written


@pytest.mark.parametrize(
    ("text", "outline"),
    [
        ('{"a":"x', '{"a":"'),
        ('{"a":"x \\" {', '{"a":"'),
        ('{"a":1', '{"a":#'),
        ('{"a":1,"b":[1,2', '{"a":#,"b":[,#'),
        ('{"a":[{"b":1},{"b":2},{"b":', '{"a":[,{"b":'),
        ('{"a":{"b":1},"c":true}', "v"),
        ('["a",["b"],', "[,"),
        ('["a', '["'),
    ],
)
def test_an_outline_keeps_names_and_no_values(text: str, outline: str) -> None:
    """An outline keeps member names, and drops values and finished items."""
    from structgen.engines.guidance.json_outline import JsonOutline

    for size in (1, 3, 100):
        followed = JsonOutline()
        for start in range(0, len(text), size):
            followed.take(text[start : start + size].encode())
        assert followed.outline == outline
        assert followed.copy().outline == outline
