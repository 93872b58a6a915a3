"""Train the shipped model from nothing: `python -m training.train --out FOLDER`.

Every batch is drawn from the seed and its own number, so that a run that was interrupted goes on from
its checkpoint as if it had not been. Loss on answers only.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training import packed, rows
from training.architecture import new_model, save, train_tokenizer
from training.batches import batches
from training.plan import Plan
from training.tasks import texts

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_ENDLESS = 10**9


def train(plan: Plan, out: Path, until: int | None = None) -> None:
    """Run the plan, from the checkpoint in `out` where there is one; the model comes to `out/model`.

    With `until` it stops after that step, with a checkpoint alone.
    """
    run = Run(plan, out)
    last = run.last if until is None else until
    for batch in batches(plan, run.tokenizer, run.step):
        if run.step >= last or run.done >= 1:
            break
        run.learn(batch)
        if run.step % 50 == 0 or run.step == last:
            run.log()
        if not plan.seconds and (run.step % 500 == 0 or run.step == last):
            run.checkpoint()
    if run.done >= 1:
        run.log()
        run.finish()


class Run:
    """The state of a training: everything of it is in the checkpoint."""

    def __init__(self, plan: Plan, out: Path) -> None:
        import torch

        torch.set_num_threads(plan.threads)
        if plan.device != "cpu":
            torch.set_float32_matmul_precision("high")
        out.mkdir(parents=True, exist_ok=True)
        self.plan, self.out = plan, out
        self.tokenizer = _tokenizer(plan, out)
        self.model = _model(plan, self.tokenizer.get_vocab_size()).to(plan.device)
        self.optimizers = _optimizers(self.model, plan)
        self.step, self.seconds, self.tokens = 0, 0.0, 0
        self.losses: list[Any] = []
        self.weights = _weights(self.tokenizer, plan).to(plan.device)
        if (out / "state.pt").exists():
            state = torch.load(out / "state.pt", map_location=plan.device)
            self.model.load_state_dict(state["model"])
            for optimizer, saved in zip(self.optimizers, state["optimizers"], strict=True):
                optimizer.load_state_dict(saved)
            self.step, self.seconds, self.tokens = (state[k] for k in ("step", "seconds", "tokens"))
        self._began, self._budget = time.monotonic() - self.seconds, plan.seconds

    @property
    def last(self) -> int:
        """The step after which it ends, unless the clock ends it."""
        return _ENDLESS if self.plan.seconds else self.plan.steps

    @property
    def done(self) -> float:
        """The share of the run that is behind it. A file `seconds` in the folder changes the budget of one that goes on."""
        if not self.plan.seconds:
            return self.step / self.plan.steps
        if self.step % 20 == 0 and (self.out / "seconds").exists():
            self._budget = float((self.out / "seconds").read_text())
        return (time.monotonic() - self._began) / self._budget

    def learn(self, batch: Any) -> None:
        """One step down the gradient of a batch."""
        import torch

        plan = self.plan
        if plan.device == "cpu":
            self.tokens += sum(p.tokens for p in batch)
            loss = packed.loss(self.model, batch, self.weights, precision=plan.precision)
        else:
            self.tokens += rows.tokens(batch)
            loss = rows.loss(self.model, batch, self.weights, precision=plan.precision)
        self.model.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        rate = plan.rate_at(self.step, self.done)
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = rate
            optimizer.step()
        self.step += 1
        self.losses.append(loss.detach())

    def log(self) -> None:
        """Write a line of JSON: mean loss since the last line, total tokens and seconds."""
        self.seconds = time.monotonic() - self._began
        if not self.losses:
            return
        loss = round(float(sum(self.losses)) / len(self.losses), 4)
        self.losses.clear()
        line = {"step": self.step, "loss": loss, "tokens": self.tokens, "seconds": round(self.seconds)}
        with (self.out / "log.jsonl").open("a") as file:
            print(json.dumps(line), file=file)

    def checkpoint(self) -> None:
        """Written beside the old one and put in its place, so that one of them is always whole."""
        import torch

        optimizers = [optimizer.state_dict() for optimizer in self.optimizers]
        state = {"model": self.model.state_dict(), "optimizers": optimizers}
        count = {"step": self.step, "seconds": self.seconds, "tokens": self.tokens}
        torch.save({**state, **count}, self.out / "state.tmp")
        (self.out / "state.tmp").rename(self.out / "state.pt")

    def finish(self) -> None:
        """Save the model in Hugging Face layout with the report of its training."""
        save(self.model, self.tokenizer, self.out / "model")
        report = {"plan": asdict(self.plan), "step": self.step, "tokens": self.tokens}
        report["seconds"] = round(self.seconds)
        (self.out / "model" / "training.json").write_text(json.dumps(report, indent=2) + "\n")


def _optimizers(model: Any, plan: Plan) -> list[Any]:
    """Muon for the matrices of the layers (Jordan et al. 2024), AdamW for embeddings and norms."""
    import torch

    from training.muon import Muon

    matrices = [p for name, p in model.named_parameters() if p.ndim == 2 and "embed" not in name]
    rest = [p for name, p in model.named_parameters() if p.ndim != 2 or "embed" in name]
    return [
        Muon(matrices, lr=plan.rate, weight_decay=0.01),
        torch.optim.AdamW(
            rest, lr=plan.rate, betas=(0.9, 0.98), weight_decay=0.01, fused=plan.device != "cpu"
        ),
    ]


def _model(plan: Plan, vocabulary: int) -> Any:
    if plan.start:
        import torch
        from transformers import LlamaForCausalLM

        return LlamaForCausalLM.from_pretrained(plan.start, dtype=torch.float32)
    shape = {name: getattr(plan, name) for name in ("layers", "width", "intermediate", "head")}
    return new_model(plan.seed, vocabulary=vocabulary, **shape)


def _weights(tokenizer: Tokenizer, plan: Plan) -> Any:
    """By the token before: whether a name or a value begins after it. By the token: whether one ends with it."""
    import torch

    pieces = [tokenizer.decode([token]) for token in range(tokenizer.get_vocab_size())]
    begins = torch.tensor([piece[-1:] in ('"', ":", ",", "[", "{") for piece in pieces])
    ends = torch.tensor([piece[:1] in ('"', ",", "]", "}") for piece in pieces])
    return torch.stack((torch.where(begins, plan.decisions, 1.0), torch.where(ends, plan.endings, 1.0)))


def _tokenizer(plan: Plan, out: Path) -> Tokenizer:
    from tokenizers import Tokenizer

    path = out / "tokenizer.json"
    if plan.start:
        path = Path(plan.start) / "tokenizer.json"
    elif not path.exists():
        train_tokenizer(texts(plan.seed, 12_000), plan.vocabulary).save(str(path))
    return Tokenizer.from_file(str(path))


def main() -> None:
    """Arguments are the fields of `Plan`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoint and model")
    parser.add_argument("--until", type=int, help="stop after that step")
    for name, value in asdict(Plan()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", default=value, type=type(value))
    plan = vars(parser.parse_args())
    out, until = plan.pop("out"), plan.pop("until")
    train(Plan(**plan), out, until)


if __name__ == "__main__":
    main()
