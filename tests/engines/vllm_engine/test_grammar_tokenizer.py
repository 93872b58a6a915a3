"""The tokenizer of grammars knows every token that ends a turn."""

from __future__ import annotations

from typing import Any

import pytest

from structgen.models import DEMO_MODEL

llguidance = pytest.importorskip("llguidance", reason="needs the extra `local`")
transformers = pytest.importorskip("transformers", reason="needs the extra `local`")


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    return transformers.AutoTokenizer.from_pretrained(str(DEMO_MODEL), local_files_only=True)


def test_free_text_ends_by_each_of_them(tokenizer: Any) -> None:
    """By the tokenizer's own, which comes first, and by those that the generation's configuration adds."""
    from structgen.engines.vllm.grammar_tokenizer import grammar_tokenizer

    own, other = (tokenizer.convert_tokens_to_ids(name) for name in ("<|eot_id|>", "<|end_of_text|>"))
    built = grammar_tokenizer(tokenizer, len(tokenizer), [other, own])
    assert built.eos_tokens == [own, other]
    assert built.eos_token == own
    for end in (own, other):
        matcher = llguidance.LLMatcher(built, "start: TEXT\nTEXT: /(.|\\n)*/\n")
        assert matcher.consume_tokens([*built.tokenize_str("Hello"), end])
        assert matcher.is_stopped()


def test_a_larger_vocabulary_of_the_model_is_covered(tokenizer: Any) -> None:
    """Models pad their vocabularies."""
    from structgen.engines.vllm.grammar_tokenizer import grammar_tokenizer

    assert grammar_tokenizer(tokenizer, len(tokenizer) + 7, None).vocab_size == len(tokenizer) + 7
