"""Train the shipped model from scratch: `python -m training.train --out FOLDER`.

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
from training.architecture import grow, new_model, save, train_tokenizer
from training.batches import batches
from training.config import TrainingConfig
from training.tasks import texts

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_ENDLESS = 10**9


def train(config: TrainingConfig, out: Path, until: int | None = None) -> None:
    """Train from the checkpoint in `out` where it exists, and save the model in `out/model`.

    With `until` it stops after that step, with a checkpoint alone.
    """
    run = Run(config, out)
    last = run.last if until is None else until
    for batch in batches(config, run.tokenizer, run.step):
        if run.step >= last or run.done >= 1:
            break
        run.learn(batch)
        if run.step % 50 == 0 or run.step == last:
            run.log()
        if not config.seconds and (run.step % 500 == 0 or run.step == last):
            run.checkpoint()
    if run.done >= 1:
        run.log()
        run.finish()


class Run:
    """The state of a training run; a checkpoint holds all of it."""

    def __init__(self, config: TrainingConfig, out: Path) -> None:
        import torch

        torch.set_num_threads(config.threads)
        if config.device != "cpu":
            torch.set_float32_matmul_precision("high")
        out.mkdir(parents=True, exist_ok=True)
        self.config, self.out = config, out
        self.tokenizer = _tokenizer(config, out)
        self.model = _model(config, self.tokenizer.get_vocab_size()).to(config.device)
        self.optimizers = _optimizers(self.model, config)
        self.step, self.seconds, self.tokens = 0, 0.0, 0
        self.losses: list[Any] = []
        self.weights = _weights(self.tokenizer, config).to(config.device)
        if (out / "state.pt").exists():
            state = torch.load(out / "state.pt", map_location=config.device)
            self.model.load_state_dict(state["model"])
            for optimizer, saved in zip(self.optimizers, state["optimizers"], strict=True):
                optimizer.load_state_dict(saved)
            self.step, self.seconds, self.tokens = (state[k] for k in ("step", "seconds", "tokens"))
        self._began, self._budget = time.monotonic() - self.seconds, config.seconds

    @property
    def last(self) -> int:
        """The last step, unless the time budget ends the run earlier."""
        return _ENDLESS if self.config.seconds else self.config.steps

    @property
    def done(self) -> float:
        """The completed share of the run; a file `seconds` in the folder overrides the time budget."""
        if not self.config.seconds:
            return self.step / self.config.steps
        if self.step % 20 == 0 and (self.out / "seconds").exists():
            self._budget = float((self.out / "seconds").read_text())
        return (time.monotonic() - self._began) / self._budget

    def learn(self, batch: Any) -> None:
        """Take one optimizer step on a batch."""
        import torch

        config = self.config
        if config.device == "cpu":
            self.tokens += sum(p.tokens for p in batch)
            loss = packed.loss(self.model, batch, self.weights, precision=config.precision)
        else:
            self.tokens += rows.tokens(batch)
            loss = rows.loss(self.model, batch, self.weights, precision=config.precision)
        self.model.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        rate = config.rate_at(self.step, self.done)
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
        """Save a checkpoint: written to a temporary file and renamed, so that one is always complete."""
        import torch

        optimizers = [optimizer.state_dict() for optimizer in self.optimizers]
        state = {"model": self.model.state_dict(), "optimizers": optimizers}
        count = {"step": self.step, "seconds": self.seconds, "tokens": self.tokens}
        torch.save({**state, **count}, self.out / "state.tmp")
        (self.out / "state.tmp").rename(self.out / "state.pt")

    def finish(self) -> None:
        """Save the model in Hugging Face layout with the report of its training."""
        save(self.model, self.tokenizer, self.out / "model")
        report = {"plan": asdict(self.config), "step": self.step, "tokens": self.tokens}
        report["seconds"] = round(self.seconds)
        (self.out / "model" / "training.json").write_text(json.dumps(report, indent=2) + "\n")


def _optimizers(model: Any, config: TrainingConfig) -> list[Any]:
    """Build Muon for the matrices of the layers (Jordan et al. 2024) and AdamW for embeddings and norms."""
    import torch

    from training.muon import Muon

    matrices = [p for name, p in model.named_parameters() if p.ndim == 2 and "embed" not in name]
    rest = [p for name, p in model.named_parameters() if p.ndim != 2 or "embed" in name]
    return [
        Muon(matrices, lr=config.rate, weight_decay=0.01),
        torch.optim.AdamW(
            rest, lr=config.rate, betas=(0.9, 0.98), weight_decay=0.01, fused=config.device != "cpu"
        ),
    ]


def _model(config: TrainingConfig, vocabulary: int) -> Any:
    if config.start:
        import torch
        from transformers import LlamaForCausalLM

        model = LlamaForCausalLM.from_pretrained(config.start, dtype=torch.float32)
        shape = (config.intermediate, config.layers, config.width)
        loaded = model.config
        if (loaded.intermediate_size, loaded.num_hidden_layers, loaded.hidden_size) != shape:
            model = grow(model, *shape)
        return model
    sizes = {name: getattr(config, name) for name in ("layers", "width", "intermediate", "head")}
    return new_model(config.seed, vocabulary=vocabulary, **sizes)


def _weights(tokenizer: Tokenizer, config: TrainingConfig) -> Any:
    """Build the loss weights by previous token (a name or a value begins) and by token (a value ends)."""
    import torch

    pieces = [tokenizer.decode([token]) for token in range(tokenizer.get_vocab_size())]
    begins = torch.tensor([piece[-1:] in ('"', ":", ",", "[", "{") for piece in pieces])
    ends = torch.tensor([piece[:1] in ('"', ",", "]", "}") for piece in pieces])
    return torch.stack((torch.where(begins, config.decisions, 1.0), torch.where(ends, config.endings, 1.0)))


def _tokenizer(config: TrainingConfig, out: Path) -> Tokenizer:
    from tokenizers import Tokenizer

    path = out / "tokenizer.json"
    if config.start:
        path = Path(config.start) / "tokenizer.json"
    elif not path.exists():
        train_tokenizer(texts(config.seed, 12_000), config.vocabulary).save(str(path))
    return Tokenizer.from_file(str(path))


def main() -> None:
    """Train with the fields of `TrainingConfig` as command-line options."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoint and model")
    parser.add_argument("--until", type=int, help="stop after that step")
    for name, value in asdict(TrainingConfig()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", default=value, type=type(value))
    config = vars(parser.parse_args())
    out, until = config.pop("out"), config.pop("until")
    train(TrainingConfig(**config), out, until)


if __name__ == "__main__":
    main()
