"""Count decode steps per object where the model writes the expected object: only drafts are measured.

`python benchmarks/replay.py [--count 200] [--draft 16]`, with the shipped vocabulary of 1,024 tokens and
with one of 36,000 trained on other documents of the same kinds. No model runs: each pass confirms what of
the draft agrees with the object's canonical tokens, and gives one token more.
"""

from __future__ import annotations

import argparse
import statistics
from random import Random

from common import parsed
from llguidance import LLMatcher
from llguidance.hf import from_tokenizer
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

from structgen.engines.guidance.grammars import grammar_of_schema
from structgen.engines.speculative.acceptance import ON_GPU, PassCost
from structgen.engines.speculative.document_hints import DocumentHints, property_names
from structgen.engines.speculative.prompt_lookup import Drafter
from structgen.models import DEMO_MODEL
from structgen.prompts import chat_template
from structgen.schema import Schema
from structgen.types import Conversation
from training.tasks import Case, Mix, case


def large(count: int) -> PreTrainedTokenizerFast:
    """Build a byte-level vocabulary of up to 36,000 tokens, words with their leading space."""
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    made.decoder = decoders.ByteLevel()
    texts = []
    for index in range(count):
        drawn = case(Random(f"vocabulary:{index}"), Mix(repair=0.0))
        texts += [m.content for m in drawn.messages] + [drawn.answer]
    special = ["<|eot_id|>", "<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>"]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    made.train_from_iterator(
        texts,
        trainers.BpeTrainer(
            vocab_size=36_000, special_tokens=special, initial_alphabet=alphabet, show_progress=False
        ),
    )
    return PreTrainedTokenizerFast(tokenizer_object=made, eos_token="<|eot_id|>")


def passes(
    made: Case, tokenizer: PreTrainedTokenizerFast, ll: object, drafter: Drafter, running: int
) -> tuple[int, int, int]:
    """Return tokens, decode steps and drafted tokens; 0 steps if the grammar does not accept the object."""
    wanted = tokenizer.encode(made.answer, add_special_tokens=False)
    source = drafter.new_state(DocumentHints(property_names(made.schema), made.messages[-1].content))
    source.extend(chat_template.encode(tokenizer, Conversation(made.messages)), 0)
    matcher = LLMatcher(ll, grammar_of_schema(Schema.parse(made.schema).grammar), log_level=0)
    at = steps = drafted = 0
    while at < len(wanted):
        draft = drafter.draft(matcher, source, len(wanted) - at, running) if at else None
        agreed = 0
        for token in draft.tokens if draft else ():
            if at + agreed >= len(wanted) or token != wanted[at + agreed]:
                break
            agreed += 1
        if draft and draft.tokens:
            drafted += len(draft.tokens)
            drafter.acceptance.update(draft.sources, agreed)
        new = wanted[at : at + agreed + 1]
        steps += at > 0
        at += len(new)
        source.extend(new, len(new))
        if not matcher.consume_tokens(new):
            return len(wanted), 0, drafted
        if at < len(wanted) and matcher.deep_copy().compute_ff_tokens()[: len(wanted) - at] == wanted[at:]:
            break  # the rest is forced, and put in without a pass
    return len(wanted), steps, drafted


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--draft", type=int, default=16, help="tokens of a draft at most")
    usual = [ON_GPU.per_pass, ON_GPU.per_sequence]
    parser.add_argument(
        "--costs", type=float, nargs=2, default=usual, help="of a pass, of a request, in tokens"
    )
    parser.add_argument("--running", type=int, default=1, help="requests that share a pass")
    parser.add_argument("--vocabulary", type=int, default=3000, help="documents to train the large one on")
    arguments = parsed(parser, count=4, vocabulary=20)
    shipped = PreTrainedTokenizerFast.from_pretrained(str(DEMO_MODEL))
    costs = PassCost(*arguments.costs)
    step = costs.per_pass / arguments.running + costs.per_sequence + 1
    for tokenizer in (shipped, large(arguments.vocabulary)):
        ll = from_tokenizer(tokenizer)
        drafter = Drafter(ll, arguments.draft, costs)
        found = []
        for index in range(arguments.count):
            made = case(Random(f"engines:{index}"), Mix(shipped=1.0, nested=0.0, repair=0.0), held_out=True)
            found.append(passes(made, tokenizer, ll, drafter, arguments.running))
        known = [counts for counts in found if counts[1]]
        tokens, steps, drafted = (statistics.mean(column) for column in zip(*known, strict=True))
        print(
            f"vocabulary of {len(tokenizer):,} tokens, {len(known)} objects of {tokens:.1f} tokens each:\n"
            f"  {steps:.1f} decode steps an object, {steps / tokens:.3f} of those without drafts\n"
            f"  {drafted / steps:.1f} tokens drafted in a step\n"
            f"  an object costs as much time as {steps * step + drafted:,.0f} drafted tokens",
            flush=True,
        )


if __name__ == "__main__":
    main()
