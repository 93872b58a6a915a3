"""The grammar of one request in vLLM's engine process: drafts that are taken back leave no trace."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

pytest.importorskip("vllm", reason="needs the extra `vllm`")

import llguidance
import torch
from transformers import AutoTokenizer

from structgen.engines import CallableTool, CallConstraint, Constraint
from structgen.engines.guidance.grammars import grammar_of, json_regions, special_tokens
from structgen.engines.guidance.number_range import NumberRangeMask
from structgen.engines.guidance.value_sizes import ValueSizeMask
from structgen.engines.vllm.grammar_tokenizer import grammar_tokenizer
from structgen.engines.vllm.guidance_backend import CanonicalGrammar
from structgen.models import DEMO_MODEL
from structgen.schema.declared_sizes import DeclaredSizes

HF = AutoTokenizer.from_pretrained(str(DEMO_MODEL), local_files_only=True)
OWN, OTHER, OPEN = (HF.convert_tokens_to_ids(t) for t in ("<|eot_id|>", "<|end_of_text|>", "<tool_call>"))
TOKENIZER = grammar_tokenizer(HF, len(HF), [OWN, OTHER])
PIECES = [TOKENIZER.decode_bytes([token]) for token in range(TOKENIZER.vocab_size)]
RANGES, SIZES = NumberRangeMask(PIECES), ValueSizeMask(PIECES)
SCHEMA = {
    "type": "object",
    "properties": {"n": {"type": "number"}, "s": {"type": "string"}},
    "required": ["n"],
}
TOOLS = (CallableTool("f", SCHEMA),)
CONSTRAINTS = {
    "json": Constraint(SCHEMA, "json"),
    "calls in text": CallConstraint(TOOLS, "auto"),
    "required calls": CallConstraint(TOOLS, "required", required=True),
}


def grammar(constraint: Any) -> CanonicalGrammar:
    text = grammar_of(constraint, special_tokens(TOKENIZER))
    matcher = llguidance.LLMatcher(TOKENIZER, text, log_level=0)
    made = CanonicalGrammar(matcher, TOKENIZER, len(HF), range_mask=RANGES, size_mask=SIZES)
    made.begin(json_regions(constraint), DeclaredSizes(digits=9, length=12, items=4))
    return made


def allowed(made: CanonicalGrammar) -> list[int]:
    mask = torch.zeros((1, -(-TOKENIZER.vocab_size // 32)), dtype=torch.int32)
    made.fill_bitmask(mask, 0)
    return [t for t in range(TOKENIZER.vocab_size) if mask[0, t // 32].item() >> (t % 32) & 1]


@pytest.mark.parametrize("constraint", CONSTRAINTS.values(), ids=CONSTRAINTS.keys())
def test_a_rollback_restores_the_mask(constraint: Any) -> None:
    """A random walk that takes back up to six tokens now and then; the masks before and after are the same."""
    for seed in range(6):
        random, made = Random(seed), grammar(constraint)
        masks = [allowed(made)]
        taken: list[int] = []
        for _ in range(60):
            choices = [token for token in masks[-1] if token not in (OWN, OTHER)] or masks[-1]
            token = OPEN if OPEN in choices and random.random() < 0.2 else random.choice(choices)
            assert made.accept_tokens("r", [token])
            taken.append(token)
            if token in (OWN, OTHER):
                break
            masks.append(allowed(made))
            back = random.randrange(min(6, len(taken)) + 1) if random.random() < 0.3 else 0
            if back:
                made.rollback(back)
                del masks[len(masks) - back :], taken[len(taken) - back :]
                assert allowed(made) == masks[-1]
                assert b"".join(PIECES[t] for t in taken).count(b"\xff") == 0


@pytest.mark.parametrize("end", [OWN, OTHER], ids=["the tokenizer's end", "another end"])
def test_an_end_of_turn_is_taken_back(end: int) -> None:
    """Whether the grammar was at its end already, where the token is not consumed, or in free text."""
    whole = TOKENIZER.tokenize_str('{"n":1,"s":"a"}')
    for constraint, tokens in ((CONSTRAINTS["json"], whole), (CONSTRAINTS["calls in text"], whole[:3])):
        made = grammar(constraint)
        for token in tokens:
            assert made.accept_tokens("r", [token])
        before = allowed(made)
        assert made.accept_tokens("r", [end])
        assert made.is_terminated()
        made.rollback(1)
        assert not made.is_terminated()
        assert allowed(made) == before
        made.rollback(len(tokens))
        assert allowed(made) == allowed(grammar(constraint))
