"""Training goes on after an interruption as if there had been none, and what it writes is a usable model."""

import json
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="needs the extra `local`")

from training.plan import Plan  # noqa: E402
from training.train import train  # noqa: E402


def test_an_interrupted_run_ends_as_an_uninterrupted_one(tmp_path: Path) -> None:
    """Weights equal to the bit; the folder loads in transformers."""
    import transformers

    shape = {"layers": 2, "width": 128, "head": 32, "intermediate": 256, "vocabulary": 600}
    plan = Plan(steps=5, steady=0.2, copying=2, easy=1, batch_tokens=300, branches=2, threads=1, **shape)
    train(plan, tmp_path / "whole")
    train(plan, tmp_path / "parts", until=4)
    assert not (tmp_path / "parts" / "model").exists()
    train(plan, tmp_path / "parts")
    one = torch.load(tmp_path / "whole" / "state.pt")["model"]
    two = torch.load(tmp_path / "parts" / "state.pt")["model"]
    assert all(torch.equal(one[name], two[name]) for name in one)
    model = transformers.AutoModelForCausalLM.from_pretrained(tmp_path / "whole" / "model")
    assert model.num_parameters() > 400_000


def test_a_run_by_the_clock_ends_with_it_and_goes_on_from_a_model(tmp_path: Path) -> None:
    """A file may change its budget; the rate has fallen to nothing at the end."""
    shape = {"layers": 2, "width": 128, "head": 32, "intermediate": 256, "vocabulary": 600}
    plan = Plan(seconds=3600, copying=0, easy=1, batch_tokens=300, branches=2, threads=1, **shape)
    assert [plan.rate_at(1000, done) for done in (0.0, plan.steady, 1.0, 1.2)] == [plan.rate, plan.rate, 0, 0]
    (tmp_path / "first").mkdir()
    (tmp_path / "first" / "seconds").write_text("4")
    train(plan, tmp_path / "first")
    report = json.loads((tmp_path / "first" / "model" / "training.json").read_text())
    assert report["seconds"] >= 4
    assert report["step"] > 0
    on = Plan(
        steps=1, copying=0, easy=0, batch_tokens=300, branches=2, start=str(tmp_path / "first" / "model")
    )
    train(on, tmp_path / "second")
    assert (tmp_path / "second" / "model" / "model.safetensors").exists()


def test_muon_steps_as_torchs_does() -> None:
    """But for the precision in which it iterates."""
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
