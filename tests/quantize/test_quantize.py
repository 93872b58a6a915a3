"""FP8 copies: what becomes of weights, files of every layout, and what is refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

torch = pytest.importorskip("torch", reason="needs the extra `local`")
from safetensors.torch import load_file, save_file  # noqa: E402

from structgen.cli import main  # noqa: E402
from structgen.errors import ConfigError  # noqa: E402
from structgen.quantize import quantization_config, quantize, to_fp8  # noqa: E402
from training.architecture import write_random  # noqa: E402

INDEX, SINGLE = "model.safetensors.index.json", "model.safetensors"
QUERY = "model.layers.0.self_attn.q_proj.weight"
Weights = dict[str, Any]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("random") / "model"
    write_random(folder)
    return folder


@pytest.fixture
def model(written: Path, tmp_path: Path) -> Path:
    """A model of random weights and tied embeddings, to be changed by a test."""
    return Path(shutil.copytree(written, tmp_path / "model"))


def change(model: Path, how: Callable[[Weights], object]) -> None:
    weights = load_file(model / SINGLE)
    how(weights)
    save_file(weights, model / SINGLE, metadata={"format": "pt"})


def configure(model: Path, **members: Any) -> None:
    path = model / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **members}))


def shard(model: Path, count: int) -> None:
    """The same weights in several files and an index, no layer whole in any of them."""
    weights = load_file(model / SINGLE)
    files = {name: f"model-{n % count + 1:05}-of-{count:05}.safetensors" for n, name in enumerate(weights)}
    for file in set(files.values()):
        save_file({n: t for n, t in weights.items() if files[n] == file}, model / file)
    (model / INDEX).write_text(json.dumps({"metadata": {"total_size": 0}, "weight_map": files}))
    (model / SINGLE).unlink()


def loaded(folder: Path) -> Weights:
    return {n: t for path in folder.glob("*.safetensors") for n, t in load_file(path).items()}


@given(st.lists(st.lists(st.floats(-1e4, 1e4, width=32), min_size=3, max_size=3), min_size=1, max_size=5))
@settings(max_examples=200)
def test_no_weight_moves_far(rows: list[list[float]]) -> None:
    """By a 16th of itself, or by half of the smallest step of its row."""
    exact = torch.tensor(rows, dtype=torch.float32)
    small, scale, worst = to_fp8(exact)
    off = (small.to(torch.float32) * scale - exact).abs()
    assert bool((off <= torch.maximum(exact.abs() / 16, scale * 2**-10) * 1.001).all())
    if all(max(map(abs, row)) > 1e-35 for row in rows):  # else the scale is at the least that there is
        assert worst <= 1 / 28 + 1e-5  # half of the last step, 32, of 448


def test_a_scale_for_each_row() -> None:
    """Which takes the row's largest weight to the largest number there is; a row of zeros stays one."""
    weight = torch.tensor([[1.0, -448.0], [0.5, 0.25], [0.0, 0.0]], dtype=torch.bfloat16)
    small, scale, _ = to_fp8(weight)
    assert (small.dtype, scale.dtype, scale.shape) == (torch.float8_e4m3fn, torch.float32, (3, 1))
    assert small.to(torch.float32).tolist() == [[1.0, -448.0], [448.0, 224.0], [0.0, 0.0]]
    assert scale[:2].flatten().tolist() == pytest.approx([1.0, 0.5 / 448])


def test_rows_beyond_one_block() -> None:
    """Large matrices are converted in parts, to the same result."""
    weight = torch.randn(9000, 8, generator=torch.Generator().manual_seed(0))
    small, scale, _ = to_fp8(weight)
    last, last_scale, _ = to_fp8(weight[-1:])
    assert torch.equal(small[-1:].view(torch.uint8), last.view(torch.uint8))
    assert torch.equal(scale[-1:], last_scale)


def test_what_a_copy_holds(model: Path, tmp_path: Path) -> None:
    """Linear layers in FP8 with their scales; embeddings (tied: the last layer too), norms as they were."""
    done = quantize(model, tmp_path / "out")
    before, after = loaded(model), loaded(tmp_path / "out")
    assert after.keys() - before.keys() == {f"{name}_scale" for name in before if "_proj" in name}
    for name, tensor in before.items():
        if "_proj" in name:
            assert after[name].dtype == torch.float8_e4m3fn
            assert after[f"{name}_scale"].shape == (tensor.shape[0], 1)
        else:
            assert torch.equal(after[name], tensor)
    assert (done.quantized, done.left_out) == (42, ("model.embed_tokens.weight",))
    assert done.bytes_after < done.bytes_before
    assert 0 < done.largest_error < 1 / 28 + 1e-5
    config = json.loads((tmp_path / "out/config.json").read_text())
    assert config.pop("quantization_config") == quantization_config()
    assert config == json.loads((model / "config.json").read_text())
    for name in ("tokenizer.json", "tokenizer_config.json", "chat_template.jinja", "generation_config.json"):
        assert (tmp_path / "out" / name).read_bytes() == (model / name).read_bytes()


def test_a_last_layer_of_its_own_is_left_out(model: Path, tmp_path: Path) -> None:
    """As vLLM is told by `ignore`."""
    change(
        model,
        lambda weights: weights.update({"lm_head.weight": weights["model.embed_tokens.weight"].clone()}),
    )
    configure(model, tie_word_embeddings=False)
    done = quantize(model, tmp_path / "out")
    assert done.left_out == ("lm_head.weight", "model.embed_tokens.weight")
    assert loaded(tmp_path / "out")["lm_head.weight"].dtype == torch.bfloat16
    assert quantization_config()["ignore"] == ["lm_head"]


def test_files_stay_as_many(model: Path, tmp_path: Path) -> None:
    """A model in several files gives the tensors that it gives in one, and an index of all of them."""
    whole = quantize(model, tmp_path / "whole")
    shard(model, 3)
    said: list[str] = []
    done = quantize(model, tmp_path / "out", said.append)
    one, many = loaded(tmp_path / "whole"), loaded(tmp_path / "out")
    assert one.keys() == many.keys()
    assert all(torch.equal(one[n].view(torch.uint8), many[n].view(torch.uint8)) for n in one)
    assert (done.quantized, done.largest_error) == (whole.quantized, whole.largest_error)
    index = json.loads((tmp_path / "out" / INDEX).read_text())["weight_map"]
    assert index.keys() == many.keys()
    assert all(name in load_file(tmp_path / "out" / file) for name, file in index.items())
    assert [line.split(": ")[1] for line in said] == ["1 of 3", "2 of 3", "3 of 3"]


def test_the_config_is_one_that_is_read() -> None:
    """By compressed-tensors itself, where it is installed; its words have not changed."""
    read = pytest.importorskip("compressed_tensors.quantization").QuantizationConfig
    group = read.model_validate(quantization_config()).config_groups["group_0"]
    assert (group.weights.strategy, group.input_activations.dynamic) == ("channel", True)


def lose_file(model: Path) -> None:
    shard(model, 3)
    (model / "model-00002-of-00003.safetensors").unlink()


def cut_file(model: Path) -> None:
    with (model / SINGLE).open("r+b") as file:
        file.truncate(100_000)


def not_a_number(weights: Weights) -> None:
    weights[QUERY][0, 0] = float("nan")


REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "nothing there": (lambda m: shutil.rmtree(m), "no model in"),
    "quantized": (lambda m: configure(m, quantization_config={"quant_method": "gptq"}), "already, by gptq"),
    "architecture": (lambda m: configure(m, architectures=["MixtralForCausalLM"]), "MixtralForCausalLM"),
    "no weights": (lambda m: (m / SINGLE).unlink(), "no weights in"),
    "a file missing": (lose_file, "1 of 3 weight files are missing, the first is model-00002"),
    "a file cut": (cut_file, "fetch it again"),
    "no safetensors": (lambda m: (m / SINGLE).write_text("version https://"), "not a safetensors file"),
    "a layer missing": (lambda m: change(m, lambda w: w.pop(QUERY)), "41 linear layers"),
    "a matrix unknown": (
        lambda m: change(m, lambda w: w.update({"model.layers.0.mlp.router.weight": torch.zeros(2, 2)})),
        "router.weight in model.safetensors has an unknown layout",
    ),
    "small already": (lambda m: change(m, lambda w: w.update({QUERY: w[QUERY].to(torch.int8)})), "type I8"),
    "not finite": (lambda m: change(m, not_a_number), f"{QUERY} cannot be converted"),
    "config broken": (lambda m: (m / "config.json").write_text("{"), "config.json in .* is not JSON"),
}


@pytest.mark.parametrize(("spoil", "told"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused(model: Path, tmp_path: Path, spoil: Callable[[Path], object], told: str) -> None:
    """With the reason, and no copy is left that would load."""
    spoil(model)
    with pytest.raises(ConfigError, match=told):
        quantize(model, tmp_path / "out")
    assert not (tmp_path / "out/config.json").exists()


@pytest.mark.parametrize("taken", ["file", "folder"])
def test_nothing_is_overwritten(model: Path, tmp_path: Path, taken: str) -> None:
    """A folder that holds something, or a file, is not the place for a copy."""
    out = tmp_path / "out"
    if taken == "folder":
        out.mkdir()
    (out / "precious" if taken == "folder" else out).write_text("x")
    with pytest.raises(ConfigError, match="--out"):
        quantize(model, out)


def test_the_disk_is_asked_first(model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not after an hour of work."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(1, 1, 0))
    with pytest.raises(ConfigError, match=r"needs 0\.0 GiB"):
        quantize(model, tmp_path / "out")


def test_the_command(model: Path, tmp_path: Path) -> None:
    """The summary is JSON on standard output, the progress on standard error; faults end with 2."""
    arguments = ["model", "quantize", "--model", str(model), "--out", str(tmp_path / "out")]
    result = CliRunner().invoke(main, arguments)
    summary = json.loads(result.stdout)
    assert result.exit_code == 0
    assert summary["tensors"] == {"quantized": 42, "left_out": ["model.embed_tokens.weight"]}
    assert summary["bytes"]["after"] < summary["bytes"]["before"]
    assert result.stderr == "model.safetensors: 1 of 1\n"
    again = CliRunner().invoke(main, arguments)
    assert (again.exit_code, again.stdout) == (2, "")
    assert "is not empty" in json.loads(again.stderr)["detail"]
