"""Greedy answers of a model in vLLM, in a process of its own: `python greedy.py FOLDER COUNT`.

Prints a line of JSON: {"quantization", "answers": [{"text", "gold"}]}, over documents that training never saw.
"""

from __future__ import annotations

import json
import os
import sys
from random import Random
from typing import Any

os.environ |= {
    "VLLM_ENABLE_V1_MULTIPROCESSING": "0",
    "VLLM_LOGGING_LEVEL": "ERROR",
    "VLLM_NO_USAGE_STATS": "1",
    "HF_HUB_OFFLINE": "1",
    "OMP_NUM_THREADS": "1",
}


def answers(folder: str, count: int) -> dict[str, Any]:
    """Constrained by the grammar of each document's schema, as the service does it."""
    from transformers import AutoTokenizer
    from vllm import LLM, SamplingParams
    from vllm.config import StructuredOutputsConfig
    from vllm.sampling_params import StructuredOutputsParams

    from structgen.embedded.tasks import Mix, case
    from structgen.prompts import template
    from structgen.schema import Schema

    tokenizer = AutoTokenizer.from_pretrained(folder)
    cases = [case(Random(f"fp8:{n}"), Mix(repair=0.0), held_out=True) for n in range(count)]
    prompts = [{"prompt_token_ids": template.encode(tokenizer, c.messages)} for c in cases]
    asked = [
        SamplingParams(
            temperature=0.0,
            max_tokens=600,
            structured_outputs=StructuredOutputsParams(json=Schema.parse(c.schema).grammar),
        )
        for c in cases
    ]
    llm = LLM(
        folder,
        max_model_len=4096,
        max_num_seqs=16,
        enforce_eager=True,
        kv_cache_memory_bytes=2**29,
        structured_outputs_config=StructuredOutputsConfig(backend="guidance", disable_any_whitespace=True),
    )
    made = llm.generate(prompts, asked, use_tqdm=False)
    found = [{"text": m.outputs[0].text, "gold": c.answer} for m, c in zip(made, cases, strict=True)]
    return {"quantization": llm.llm_engine.vllm_config.model_config.quantization, "answers": found}


if __name__ == "__main__":
    print(json.dumps(answers(sys.argv[1], int(sys.argv[2]))))
