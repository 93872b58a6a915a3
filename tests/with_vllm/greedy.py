"""Greedy answers of a model in vLLM, in a process of its own: `python greedy.py FOLDER SECONDS`.

Prints a line of JSON: {"quantization", "answers": [{"text", "gold"}]}, over documents that training never saw.
The shortest documents come first. After each batch the measured speed decides whether the next one still ends
within SECONDS.
"""

from __future__ import annotations

import json
import os
import sys
import time
from random import Random
from typing import Any

os.environ |= {
    "VLLM_ENABLE_V1_MULTIPROCESSING": "0",
    "VLLM_LOGGING_LEVEL": "ERROR",
    "VLLM_NO_USAGE_STATS": "1",
    "HF_HUB_OFFLINE": "1",
    "OMP_NUM_THREADS": "1",
}
DOCUMENTS = 64
BATCH = 16
"""Documents that are answered together; the first batch is answered always."""


def answers(folder: str, seconds: float) -> dict[str, Any]:
    """Constrained by the grammar of each document's schema, as the service does it."""
    import torch
    from transformers import AutoTokenizer
    from vllm import LLM, SamplingParams
    from vllm.config import StructuredOutputsConfig
    from vllm.sampling_params import StructuredOutputsParams

    from structgen.prompts import chat_template
    from structgen.schema import Schema
    from structgen.types import Conversation
    from training.tasks import Mix, case

    # On a processor with AMX, torch gives the FP8 product to oneDNN, which has only a scalar loop for it.
    # Otherwise torch multiplies the same FP8 values as floats: the same result, hundreds of times faster.
    torch.backends.mkldnn.enabled = False

    tokenizer = AutoTokenizer.from_pretrained(folder)
    asked = []
    for n in range(DOCUMENTS):
        made = case(Random(f"fp8:{n}"), Mix(repair=0.0), held_out=True)
        prompt = chat_template.encode(tokenizer, Conversation(made.messages))
        budget = 2 * len(tokenizer.encode(made.answer, add_special_tokens=False)) + 16
        sampling = SamplingParams(
            temperature=0.0,
            max_tokens=min(600, budget),  # an answer that goes in circles ends soon
            structured_outputs=StructuredOutputsParams(json=Schema.parse(made.schema).grammar),
        )
        asked.append((len(prompt) + budget, {"prompt_token_ids": prompt}, sampling, made.answer))
    asked = sorted(asked, key=lambda one: one[0])
    llm = LLM(
        folder,
        max_model_len=4096,
        max_num_seqs=BATCH,
        enforce_eager=True,
        kv_cache_memory_bytes=2**29,
        structured_outputs_config=StructuredOutputsConfig(backend="guidance", disable_any_whitespace=True),
    )
    found: list[dict[str, str]] = []
    began, done = time.monotonic(), 0
    for start in range(0, len(asked), BATCH):
        batch = asked[start : start + BATCH]
        tokens = sum(size for size, *_ in batch)
        if start and (time.monotonic() - began) * (done + tokens) / done > seconds:
            break
        outputs = llm.generate([p for _, p, _, _ in batch], [s for _, _, s, _ in batch], use_tqdm=False)
        found += [
            {"text": o.outputs[0].text, "gold": gold} for o, (*_, gold) in zip(outputs, batch, strict=True)
        ]
        done += tokens
    return {"quantization": llm.llm_engine.vllm_config.model_config.quantization, "answers": found}


if __name__ == "__main__":
    print(json.dumps(answers(sys.argv[1], float(sys.argv[2]))))
