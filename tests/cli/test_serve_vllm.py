"""`structgen serve --engine vllm` plans memory and takes vLLM's own arguments after a `--`."""

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
from structgen.cli.vllm_arguments import parsed
from structgen.engines.vllm.hardware import Hardware
from structgen.engines.vllm.model_config import read_model_shape
from structgen.engines.vllm.sizing import plan_deployment

MODEL = "NousResearch/Hermes-4-405B-FP8"


def serve(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["serve", *arguments])


def dry(*arguments: str, model: str = MODEL) -> Result:
    return serve("--engine", "vllm", "--model", model, "--dry-run", *arguments)


def test_a_dry_run_prints_the_plan_as_json() -> None:
    """The plan has the arguments and the memory in bytes."""
    result = dry("--gpus", "8x80")
    shown = json_text.loads(result.stdout)
    assert (result.exit_code, result.stderr) == (0, "")
    assert shown["arguments"]["tensor_parallel_size"] == 8
    assert shown["arguments"]["max_model_len"] == 65_440
    assert shown["memory"]["kv_bytes_per_token"] == 516_096
    assert shown["memory"]["full_length_sequences"] > 5
    assert shown["hardware"]["gpus_gib"] == [80.0] * 8


def test_a_terminal_gets_the_plan_as_a_table() -> None:
    """The table has memory in GiB, and arguments that vLLM's own command line takes."""
    made = plan_deployment(read_model_shape(MODEL), Hardware((80.0,) * 8))
    shown = vllm_plan.table(made, {**made.arguments(), "enforce_eager": True, "hf_token": "x"})
    assert shown.startswith("Hermes-4-405B-FP8 on 8 of 8 GPUs of 80 GiB\non each GPU:\n")
    assert "weights                           47.7 GiB" in shown
    assert "sequences of 65440                 5.3" in shown
    assert "--tensor-parallel-size 8 --max-model-len 65440" in shown
    assert "--enforce-eager true --hf-token x" in shown


def test_given_arguments_override_the_plan() -> None:
    """The plan respects arguments that it knows, and passes the others on."""
    result = dry("--gpus", "8x80", "--", "--max-model-len", "131072", "--seed=7", "-tp", "8")
    shown = json_text.loads(result.stdout)["arguments"]
    assert (shown["max_model_len"], shown["seed"], shown["tensor_parallel_size"]) == (131_072, 7, 8)


def test_without_a_gpu_the_plan_is_for_the_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a model the plan is for the shipped one."""
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    shown = json_text.loads(serve("--engine", "vllm", "--dry-run").stdout)
    assert shown["model"] == "structgen-demo-8m"
    assert shown["arguments"]["kv_cache_memory_bytes"] == shown["memory"]["kv_per_gpu"]


def test_a_model_that_does_not_fit_is_refused() -> None:
    """The message names GPUs that suffice."""
    result = dry("--gpus", "4x80")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Take 8 GPUs of 80 GiB" in json_text.loads(result.stderr)["detail"]


UNPLANNED = {
    "a model unknown": (("some/model",), {}, "nothing is known of the model some/model"),
    "offloading": ((MODEL,), {"cpu_offload_gb": 40}, "cpu_offload_gb changes the memory"),
}


@pytest.mark.parametrize(("model", "given", "message"), UNPLANNED.values(), ids=UNPLANNED)
def test_without_a_plan_vllm_gets_the_given_arguments(
    model: tuple[str], given: dict[str, Any], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A dry run fails with the reason."""
    assert vllm_plan.arguments(model[0], "8x80", given) == given
    assert message in capsys.readouterr().err
    result = dry("--gpus", "8x80", "--", *(f"--{k}={v}" for k, v in given.items()), model=model[0])
    assert result.exit_code == 2
    assert message in json_text.loads(result.stderr)["detail"]


def test_the_engine_gets_the_plan_and_the_given_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    """Given arguments override the plan, which is printed on standard error."""
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
def test_arguments_parse_as_on_vllms_command_line(line: str, found: dict[str, Any]) -> None:
    """Names get underscores, and values are parsed as JSON if possible."""
    assert parsed(line.split()) == found


@pytest.mark.parametrize(
    ("line", "message"),
    {
        "no name": ("8", "unexpected '8'"),
        "broken JSON": ('--hf-overrides {"a":', "--hf-overrides: the value is not JSON"),
        "a dot": ("--speculative-config.method ngram", "give an object as JSON"),
        "ours": ("--model x", "give --model before the --"),
        "the key": ("--api-key x", "set STRUCTGEN_API_KEY instead"),
    }.values(),
)
def test_wrong_arguments_are_usage_errors(line: str, message: str) -> None:
    """The message says what to give instead."""
    with pytest.raises(click.UsageError, match=message):
        parsed(line.split())


USAGE = {
    "slots of vLLM": (["--engine", "vllm", "--slots", "4", "--context", "99"], "--slots, --context: only for --engine local"),
    "threads of Outlines": (["--engine", "outlines:transformers", "--model", "x", "--threads", "1"], "--threads: only for --engine local"),
    "a dry run of local": (["--dry-run"], "--dry-run: only for --engine vllm"),
    "GPUs of local": (["--gpus", "8x80"], "--gpus: only for --engine vllm"),
    "arguments of local": (["--", "--seed", "1"], "--: only for --engine vllm"),
    "a word": (["8000"], "unexpected '8000'"),
    "arguments before the dashes": (["--engine", "vllm", "--seed", "1"], "No such option"),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "message"), USAGE.values(), ids=USAGE)
def test_options_of_another_engine_are_refused(arguments: list[str], message: str) -> None:
    """They are not silently ignored."""
    result = serve(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_a_dry_run_imports_no_heavy_module(tmp_path: Path) -> None:
    """With `--gpus` the command imports no torch, no vLLM and no server."""
    heavy = ("torch", "vllm", "litestar", "uvicorn", "jsonschema", "transformers")
    script = (
        "import sys, click.testing, structgen.cli as c\n"
        "r = click.testing.CliRunner().invoke(c.main, sys.argv[1:])\n"
        f"print(r.exit_code, [m for m in {heavy!r} if m in sys.modules])"
    )
    line = ["serve", "--engine", "vllm", "--model", MODEL, "--dry-run", "--gpus", "8x80"]
    done = subprocess.run([sys.executable, "-c", script, *line], capture_output=True, text=True)
    assert done.stdout == "0 []\n", done.stderr
