"""Train the shipped model from nothing: `python -m structgen.embedded.train --out FOLDER`.

Every batch is drawn from the seed and its own number, so that a run that was interrupted goes on from
its checkpoint as if it had not been. Loss on answers only.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from structgen.embedded import packed, rows
from structgen.embedded.architecture import (
    END_OF_TURN,
    SPECIAL,
    WIDTH,
    grow,
    new_model,
    save,
    train_tokenizer,
)
from structgen.embedded.induction import IGNORE, repeated
from structgen.embedded.packed import Pack, Row, pack
from structgen.embedded.tasks import Mix, cases, texts
from structgen.prompts import hermes4

if TYPE_CHECKING:
    from tokenizers import Tokenizer


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is: all of it goes into the report."""

    seed: int = 0
    steps: int = 13_000
    steady: int = 4_500
    """First steps, at the full rate; from there on it falls in a straight line to nothing."""
    copying: int = 600
    """First steps, on random tokens that repeat themselves."""
    easy: int = 1_600
    """Steps after them, on few fields."""
    scarce: int = 0
    """Steps after them, on schemas of which the document states the smaller part."""
    rate: float = 2e-3
    branches: int = 4
    """Examples of each schema in a batch."""
    batch_tokens: int = 2_200
    """A batch is full once it has as many."""
    longest: int = 1_900
    """Longer examples are left out."""
    nested: float = 0.45
    repair: float = 0.06
    slips: float = 0.08
    """Shares of the examples after them: with objects or lists in them, of a broken object to mend, of receipts."""
    decisions: float = 1.0
    endings: float = 1.0
    """What the first token of a name or a value counts in the loss, and the one that ends a value: which one it is,
    and whether it is over, and the list with it, is hard, and to go on easy."""
    device: str = "cpu"
    """`cuda` trains on one GPU: `batch_tokens` of 57,600 and `workers` of one for each processor keep it busy."""
    workers: int = 0
    """Processes that draw the batches; 0: the one that trains."""
    threads: int = 2
    start: str = ""
    """Folder of a model to go on from, with its tokenizer; without it, from nothing."""
    intermediate: int = 256
    layers: int = 6
    width: int = WIDTH
    """Units between the layers, how many of these, and the stream through them; a model to go on from
    grows to all three."""
    precision: str = "float32"
    """Of the products within the layers: `bfloat16` is faster on GPUs, and on processors that have it."""

    def mix(self, step: int) -> Mix:
        if step < self.copying + self.easy:
            return Mix(fields=(1, 5), nested=0.15, shipped=0.0, repair=0.0, required=0.5, absent=0.45)
        if step < self.copying + self.easy + self.scarce:
            return Mix(
                fields=(3, 8),
                nested=0.15,
                shipped=0.0,
                repair=0.0,
                required=0.15,
                absent=0.65,
                pydantic=0.1,
            )
        return Mix(
            fields=(1, 8),
            nested=self.nested,
            shipped=0.12,
            repair=self.repair,
            required=0.5,
            absent=0.45,
            slips=self.slips,
            varied=True,
        )

    def rate_at(self, step: int) -> float:
        left = (self.steps - step) / (self.steps - self.steady)
        return self.rate * min(1.0, (step + 1) / 100, left)


def encode(tokenizer: Tokenizer, messages: Any, answer: str) -> Row:
    """Ids of the prompt and its answer, and the labels: the answer and the end of the turn."""
    ids: list[int] = []
    for segment in hermes4.render(messages):
        if segment.markup:
            ids += tokenizer.encode(segment.text, add_special_tokens=False).ids
        else:
            ids += plain_ids(tokenizer, segment.text)
    end = SPECIAL.index(END_OF_TURN)
    target = [*plain_ids(tokenizer, answer), end]
    return ids + target, [IGNORE] * len(ids) + target


def plain_ids(tokenizer: Tokenizer, text: str) -> list[int]:
    """Ids of a text in which no special token is recognised."""
    tokenizer.encode_special_tokens = True
    ids: list[int] = tokenizer.encode(text, add_special_tokens=False).ids
    tokenizer.encode_special_tokens = False
    return ids


def batches(plan: Plan, tokenizer: Tokenizer, start: int) -> Iterable[Any]:
    """The batches from step `start` on: packs, or for a GPU what `rows.lay` makes of them."""
    drawn = Batches(plan, tokenizer)
    if not plan.workers:
        return map(drawn.__getitem__, range(start, plan.steps))
    from torch.utils.data import DataLoader

    steps, workers = range(start, plan.steps), plan.workers
    return DataLoader(drawn, None, sampler=steps, num_workers=workers, collate_fn=drawn.as_drawn)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Batches:
    """The batch of each step, drawn from the seed and the step alone."""

    plan: Plan
    tokenizer: Tokenizer

    def __getitem__(self, step: int) -> Any:
        packs = self._packs(step)
        return packs if self.plan.device == "cpu" else rows.lay(packs, rows.count(self.plan.batch_tokens))

    def _packs(self, step: int) -> list[Pack]:
        plan, rng = self.plan, Random(f"{self.plan.seed}:{step}")
        if step >= plan.copying:
            return _batch(plan, self.tokenizer, rng, plan.mix(step))
        size, vocabulary = rng.choice([64, 96, 128, 256]), self.tokenizer.get_vocab_size()
        return [Pack([], [repeated(rng, vocabulary, size)]) for _ in range(plan.batch_tokens // size)]

    @staticmethod
    def as_drawn(batch: Any) -> Any:
        """What the workers hand over."""
        return batch


def _batch(plan: Plan, tokenizer: Tokenizer, rng: Random, mix: Mix) -> list[Pack]:
    packs: list[Pack] = []
    while sum(p.tokens for p in packs) < plan.batch_tokens:
        rows = [encode(tokenizer, c.messages, c.answer) for c in cases(rng, mix, plan.branches)]
        if kept := [row for row in rows if len(row[0]) <= plan.longest]:
            packs.append(pack(kept))
    return packs


def train(plan: Plan, out: Path, until: int | None = None) -> None:
    """Run the plan, from the checkpoint in `out` where there is one; the model comes to `out/model`.

    With `until` it stops after that step, with a checkpoint alone.
    """
    run = Run(plan, out)
    last = plan.steps if until is None else until
    for batch in batches(plan, run.tokenizer, run.step):
        if run.step >= last:
            break
        run.learn(batch)
        if run.step % 100 == 0 or run.step == last:
            run.log()
        if run.step % 500 == 0 or run.step == last:
            run.checkpoint()
    if run.step == plan.steps:
        run.finish()


class Run:
    """The state of a training: everything of it is in the checkpoint."""

    def __init__(self, plan: Plan, out: Path) -> None:
        import torch

        torch.set_num_threads(plan.threads)
        out.mkdir(parents=True, exist_ok=True)
        self.plan, self.out = plan, out
        self.tokenizer = _tokenizer(plan, out)
        self.model = _model(plan, self.tokenizer.get_vocab_size()).to(plan.device)
        self.optimizers = _optimizers(self.model, plan.rate)
        self.step, self.seconds, self.tokens = 0, 0.0, 0
        self.losses: list[Any] = []
        self.weights = _weights(self.tokenizer, plan).to(plan.device)
        if (out / "state.pt").exists():
            state = torch.load(out / "state.pt", map_location=plan.device)
            self.model.load_state_dict(state["model"])
            for optimizer, saved in zip(self.optimizers, state["optimizers"], strict=True):
                optimizer.load_state_dict(saved)
            self.step, self.seconds, self.tokens = (state[k] for k in ("step", "seconds", "tokens"))
        self._began = time.monotonic() - self.seconds

    def learn(self, batch: Any) -> None:
        """One step down the gradient of a batch."""
        import torch

        plan = self.plan
        if plan.device == "cpu":
            self.tokens += sum(p.tokens for p in batch)
            loss = packed.loss(self.model, batch, self.weights, precision=plan.precision)
        else:
            self.tokens += rows.tokens(batch)
            loss = rows.loss(self.model, batch.to(plan.device), self.weights, precision=plan.precision)
        self.model.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = plan.rate_at(self.step)
            optimizer.step()
        self.step += 1
        self.losses.append(loss.detach())

    def log(self) -> None:
        """A line of JSON: mean loss since the last one, tokens and seconds in all."""
        self.seconds = time.monotonic() - self._began
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
        """The model in Hugging Face layout, and the report of how it came about."""
        save(self.model, self.tokenizer, self.out / "model")
        report = {"plan": asdict(self.plan), "step": self.step, "tokens": self.tokens}
        report["seconds"] = round(self.seconds)
        (self.out / "model" / "training.json").write_text(json.dumps(report, indent=2) + "\n")


def _optimizers(model: Any, rate: float) -> list[Any]:
    """Muon for the matrices of the layers (Jordan et al. 2024), AdamW for embeddings and norms."""
    import torch

    from structgen.embedded.muon import Muon

    matrices = [p for name, p in model.named_parameters() if p.ndim == 2 and "embed" not in name]
    rest = [p for name, p in model.named_parameters() if p.ndim != 2 or "embed" in name]
    return [
        Muon(matrices, lr=rate, weight_decay=0.01),
        torch.optim.AdamW(rest, lr=rate, betas=(0.9, 0.98), weight_decay=0.01),
    ]


def _model(plan: Plan, vocabulary: int) -> Any:
    import torch
    from transformers import LlamaForCausalLM

    torch.manual_seed(plan.seed)
    if not plan.start:
        model = new_model(plan.seed, vocabulary=vocabulary, layers=plan.layers)
    else:
        model = LlamaForCausalLM.from_pretrained(plan.start)
    return grow(model, plan.intermediate, plan.layers, plan.width)


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
        train_tokenizer(texts(plan.seed, 4000)).save(str(path))
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
