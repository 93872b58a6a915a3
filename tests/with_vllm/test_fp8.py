"""The FP8 copy of the shipped model, in vLLM, answers as the model it came from."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from structgen import json_text
from structgen.models import DEMO_MODEL
from structgen.quantize import quantize
from training.evaluate import leaves, same

# Not `importorskip`: where vLLM is not installed, this very folder would pass for a package `vllm`.
_found = importlib.util.find_spec("vllm")
pytestmark = pytest.mark.skipif(_found is None or _found.origin is None, reason="needs the extra `vllm`")

SECONDS, LEAST = 15.0, 16
"""For the answers of one model, and the documents it answers at least: a slow processor answers fewer."""
ROOT = Path(__file__).parents[2]


def greedy(*models: Path) -> list[dict[str, Any]]:
    """What `greedy.py` prints, each model in a fresh process: vLLM keeps its settings for the life of one."""
    script = str(Path(__file__).with_name("greedy.py"))
    running = [
        subprocess.Popen(
            [sys.executable, script, str(model), str(SECONDS)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        for model in models
    ]
    found = []
    try:
        for process in running:
            out, err = process.communicate(timeout=600)
            assert process.returncode == 0, err[-3000:]
            found.append(dict(json.loads(out.splitlines()[-1])))
    finally:
        for process in running:
            process.kill()
            process.wait()
    return found


def fields(text: str) -> dict[str, Any]:
    """Every scalar of an answer by its pointer; none of an answer that was cut."""
    try:
        return dict(leaves(json_text.loads(text)))
    except json_text.JsonError:
        return {}


def agreement(ones: list[str], others: list[str]) -> float:
    """The share of fields, of either answer, that both have with the same value."""
    equal = total = 0
    for one, other in zip(map(fields, ones), map(fields, others), strict=True):
        names = one.keys() | other.keys()
        total += len(names)
        equal += sum(n in one and n in other and same(one[n], other[n]) for n in names)
    return equal / total


def test_answers_agree(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Greedy and constrained, on held-out documents: most fields are equal, and as many are right."""
    quantize(DEMO_MODEL, tmp_path / "fp8")
    before, after = greedy(DEMO_MODEL, tmp_path / "fp8")
    count = min(len(run["answers"]) for run in (before, after))
    assert count >= LEAST
    assert (before["quantization"], after["quantization"]) == (None, "compressed-tensors")
    one, other = ([a["text"] for a in run["answers"][:count]] for run in (before, after))
    gold = [a["gold"] for a in before["answers"][:count]]
    equal = sum(a == b for a, b in zip(one, other, strict=True))
    agreed, right, right_now = agreement(one, other), agreement(one, gold), agreement(other, gold)
    with capsys.disabled():
        print(
            f"\nFP8 in vLLM: {equal} of {count} answers identical, {agreed:.1%} of fields; "
            f"right: {right_now:.1%} of fields, {right:.1%} before"
        )
    assert agreed > 0.75
    assert right_now > right - 0.06
