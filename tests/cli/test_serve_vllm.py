"""`structgen serve --engine vllm`: the plan on standard output, vLLM's own arguments after a `--`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from structgen import json_text
from structgen.cli import main, vllm_plan
from structgen.cli.engine_arguments import parsed
from structgen.engines.vllm.hardware import Hardware
from structgen.engines.vllm.model_config import shape_of
from structgen.engines.vllm.sizing import plan

MODEL = "NousResearch/Hermes-4-405B-FP8"


def serve(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["serve", *arguments])


def dry(*arguments: str, model: str = MODEL) -> Result:
    return serve("--engine", "vllm", "--model", model, "--dry-run", *arguments)


def test_the_plan_is_json() -> None:
    """Arguments, memory in bytes, and nothing else on either stream."""
    result = dry("--gpus", "8x80")
    told = json_text.loads(result.stdout)
    assert (result.exit_code, result.stderr) == (0, "")
    assert told["arguments"]["tensor_parallel_size"] == 8
    assert told["arguments"]["max_model_len"] == 65_440
    assert told["memory"]["kv_bytes_per_token"] == 516_096
    assert told["memory"]["full_length_sequences"] > 5
    assert told["hardware"]["gpus_gib"] == [80.0] * 8


def test_the_plan_for_people() -> None:
    """The same sums in GiB, and arguments that can be copied to vLLM's own command line."""
    made = plan(shape_of(MODEL), Hardware((80.0,) * 8))
    shown = vllm_plan.table(made, {**made.arguments(), "enforce_eager": True, "hf_token": "x"})
    assert shown.startswith("Hermes-4-405B-FP8 on 8 of 8 GPUs of 80 GiB\non each GPU:\n")
    assert "weights                           47.7 GiB" in shown
    assert "sequences of 65440                 5.3" in shown
    assert "--tensor-parallel-size 8 --max-model-len 65440" in shown
    assert "--enforce-eager true --hf-token x" in shown


def test_given_arguments_win() -> None:
    """The plan is made around those that it counts, and the others go through."""
    result = dry("--gpus", "8x80", "--", "--max-model-len", "131072", "--seed=7", "-tp", "8")
    told = json_text.loads(result.stdout)["arguments"]
    assert (told["max_model_len"], told["seed"], told["tensor_parallel_size"]) == (131_072, 7, 8)


def test_without_a_gpu_it_is_for_the_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """And for the shipped model where none is given."""
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    told = json_text.loads(serve("--engine", "vllm", "--dry-run").stdout)
    assert told["model"] == "model"
    assert told["arguments"]["kv_cache_memory_bytes"] == told["memory"]["kv_per_gpu"]


def test_it_does_not_fit() -> None:
    """Exit code 2, and what would fit."""
    result = dry("--gpus", "4x80")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Take 8 GPUs of 80 GiB" in json_text.loads(result.stderr)["detail"]


UNPLANNED = {
    "a model unknown": (("some/model",), {}, "nothing is known of the model some/model"),
    "offloading": ((MODEL,), {"cpu_offload_gb": 40}, "cpu_offload_gb changes the memory"),
}


@pytest.mark.parametrize(("model", "given", "told"), UNPLANNED.values(), ids=UNPLANNED)
def test_vllm_may_know_better(
    model: tuple[str], given: dict[str, Any], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where nothing can be planned the given arguments are all there are; a dry run has nothing to show."""
    assert vllm_plan.arguments(model[0], "8x80", given) == given
    assert told in capsys.readouterr().err
    result = dry("--gpus", "8x80", "--", *(f"--{k}={v}" for k, v in given.items()), model=model[0])
    assert result.exit_code == 2
    assert told in json_text.loads(result.stderr)["detail"]


def test_the_engine_gets_the_plan(capsys: pytest.CaptureFixture[str]) -> None:
    """With the given arguments over it; what was planned is told on standard error."""
    given = {"max_num_seqs": 5, "seed": 1}
    assert vllm_plan.arguments(MODEL, "8x80", given) == {
        "tensor_parallel_size": 8,
        "max_model_len": 65_440,
        "max_num_seqs": 5,
        "max_num_batched_tokens": 8192,
        "kv_cache_dtype": "auto",
        "gpu_memory_utilization": 0.92,
        "seed": 1,
    }
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "on 8 of 8 GPUs of 80 GiB, 65440 positions" in captured.err


ARGUMENTS = {
    "numbers": ("--max-model-len 65440 --gpu-memory-utilization=0.9 --seed -1", {"max_model_len": 65440, "gpu_memory_utilization": 0.9, "seed": -1}),
    "flags": ("--enforce-eager --no-enable-prefix-caching", {"enforce_eager": True, "enable_prefix_caching": False}),
    "words for flags": ("--enable-prefix-caching false", {"enable_prefix_caching": False}),
    "text": ("--dtype bfloat16 --tokenizer=a=b", {"dtype": "bfloat16", "tokenizer": "a=b"}),
    "objects": ('--speculative-config {"method":"ngram","n":[1]}', {"speculative_config": {"method": "ngram", "n": [1]}}),
    "several": ("--served-model-name a b --seed 1", {"served_model_name": ["a", "b"], "seed": 1}),
    "short": ("-tp 8 -pp=2 -dp 1", {"tensor_parallel_size": 8, "pipeline_parallel_size": 2, "data_parallel_size": 1}),
    "underscores": ("--max_model_len 5", {"max_model_len": 5}),
    "the last": ("--seed 1 --seed 2", {"seed": 2}),
    "a number as text": ('--revision "1234"', {"revision": "1234"}),
    "nothing": ("", {}),
}  # fmt: skip


@pytest.mark.parametrize(("line", "found"), ARGUMENTS.values(), ids=ARGUMENTS)
def test_arguments_of_vllm(line: str, found: dict[str, Any]) -> None:
    """As vLLM's command line has them."""
    assert parsed(line.split()) == found


@pytest.mark.parametrize(
    ("line", "told"),
    {
        "no name": ("8", "unexpected '8'"),
        "broken JSON": ('--hf-overrides {"a":', "the value of hf_overrides is no JSON"),
        "a dot": ("--speculative-config.method ngram", "give parts of an object as JSON"),
        "ours": ("--model x", "--model is no argument of the engine"),
        "the key": ("--api-key x", "--api-key is no argument of the engine"),
    }.values(),
)
def test_arguments_that_are_none(line: str, told: str) -> None:
    """Are usage errors."""
    with pytest.raises(click.UsageError, match=told):
        parsed(line.split())


USAGE = {
    "slots of vLLM": (["--engine", "vllm", "--slots", "4", "--context", "99"], "--slots, --context: for the local engine"),
    "threads of Outlines": (["--engine", "outlines:transformers", "--model", "x", "--threads", "1"], "--threads: for the local"),
    "a dry run of local": (["--dry-run"], "--dry-run: for --engine vllm alone"),
    "GPUs of local": (["--gpus", "8x80"], "--gpus: for --engine vllm alone"),
    "arguments of local": (["--", "--seed", "1"], "--: for --engine vllm alone"),
    "a word": (["8000"], "unexpected '8000'"),
    "arguments before the dashes": (["--engine", "vllm", "--seed", "1"], "No such option"),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "told"), USAGE.values(), ids=USAGE)
def test_options_of_another_engine(arguments: list[str], told: str) -> None:
    """Are refused, never ignored."""
    result = serve(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr


def test_a_dry_run_is_quick(tmp_path: Path) -> None:
    """With the GPUs told it imports no torch, no vLLM and no server."""
    heavy = ("torch", "vllm", "litestar", "uvicorn", "jsonschema", "transformers")
    script = (
        "import sys, click.testing, structgen.cli as c\n"
        "r = click.testing.CliRunner().invoke(c.main, sys.argv[1:])\n"
        f"print(r.exit_code, [m for m in {heavy!r} if m in sys.modules])"
    )
    line = ["serve", "--engine", "vllm", "--model", MODEL, "--dry-run", "--gpus", "8x80"]
    done = subprocess.run([sys.executable, "-c", script, *line], capture_output=True, text=True)
    assert done.stdout == "0 []\n", done.stderr
