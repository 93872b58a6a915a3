"""Interrupted training ends in the same weights as uninterrupted training, and saves a usable model."""

import json
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="needs the extra `local`")

from training.config import TrainingConfig  # noqa: E402
from training.train import train  # noqa: E402


def test_an_interrupted_run_ends_as_an_uninterrupted_one(tmp_path: Path) -> None:
    """The weights of both runs are bitwise equal, and the folder loads in transformers."""
    import transformers

    shape = {"layers": 2, "width": 128, "head": 32, "intermediate": 256, "vocabulary": 600}
    config = TrainingConfig(
        steps=5, steady=0.2, copying=2, easy=1, batch_tokens=300, branches=2, threads=1, **shape
    )
    train(config, tmp_path / "whole")
    train(config, tmp_path / "parts", until=4)
    assert not (tmp_path / "parts" / "model").exists()
    train(config, tmp_path / "parts")
    one = torch.load(tmp_path / "whole" / "state.pt")["model"]
    two = torch.load(tmp_path / "parts" / "state.pt")["model"]
    assert all(torch.equal(one[name], two[name]) for name in one)
    model = transformers.AutoModelForCausalLM.from_pretrained(tmp_path / "whole" / "model")
    assert model.num_parameters() > 400_000


def test_a_run_by_the_clock_ends_with_it_and_goes_on_from_a_model(tmp_path: Path) -> None:
    """A file overrides the time budget, the rate decays to zero, and a second run starts from the saved model."""
    shape = {"layers": 2, "width": 128, "head": 32, "intermediate": 256, "vocabulary": 600}
    config = TrainingConfig(seconds=3600, copying=0, easy=1, batch_tokens=300, branches=2, threads=1, **shape)
    assert [config.rate_at(1000, done) for done in (0.0, config.steady, 1.0, 1.2)] == [
        config.rate,
        config.rate,
        0,
        0,
    ]
    (tmp_path / "first").mkdir()
    (tmp_path / "first" / "seconds").write_text("4")
    train(config, tmp_path / "first")
    report = json.loads((tmp_path / "first" / "model" / "training.json").read_text())
    assert report["seconds"] >= 4
    assert report["step"] > 0
    start = str(tmp_path / "first" / "model")
    on = TrainingConfig(steps=1, copying=0, easy=0, batch_tokens=300, branches=2, start=start, **shape)
    train(on, tmp_path / "second")
    assert (tmp_path / "second" / "model" / "model.safetensors").exists()


def test_muon_steps_as_torchs_does() -> None:
    """Muon's updates equal those of PyTorch's Muon up to the precision of its iterations."""
    from training.muon import Muon

    torch.manual_seed(0)
    start = torch.randn(64, 128)
    ours, theirs = (torch.nn.Parameter(start.clone()) for _ in range(2))
    one = Muon([ours], lr=0.01, weight_decay=0.01)
    other = torch.optim.Muon([theirs], lr=0.01, weight_decay=0.01, adjust_lr_fn="match_rms_adamw")
    for _ in range(5):
        ours.grad = torch.randn(64, 128)
        theirs.grad = ours.grad.clone()
        one.step()
        other.step()
    assert float((ours - theirs).detach().norm() / (ours - start).detach().norm()) < 0.02
