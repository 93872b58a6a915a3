"""Train the shipped model from nothing: `python -m structgen.embedded.train --out FOLDER`.

Every batch is drawn from the seed and its own number, so that a run that was interrupted goes on from
its checkpoint as if it had not been. Loss on answers only. The rate stays constant after the warm-up
and falls to zero over the last `--decay` steps.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from structgen.embedded.architecture import END_OF_TURN, SPECIAL, new_model, save, train_tokenizer
from structgen.embedded.induction import IGNORE, repeated
from structgen.embedded.tasks import Mix, case, texts
from structgen.prompts import hermes4

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Row = tuple[list[int], list[int]]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is: all of it goes into the report."""

    seed: int = 0
    steps: int = 15_500
    decay: int = 6_000
    copying: int = 600
    """First steps, on random tokens that repeat themselves."""
    easy: int = 2_500
    """Steps after them, on one to three fields."""
    rate: float = 2e-3
    batch_tokens: int = 1_400
    longest: int = 1_900
    """Longer examples are left out."""
    threads: int = 2

    def mix(self, step: int) -> Mix:
        if step < self.copying + self.easy:
            return Mix(fields=(1, 3), nested=0.1, shipped=0.0, repair=0.0)
        return Mix(fields=(1, 8), nested=0.45, shipped=0.25, repair=0.06)

    def rate_at(self, step: int) -> float:
        left = (self.steps - step) / max(1, self.decay)
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


def batches(plan: Plan, tokenizer: Tokenizer, start: int) -> Iterator[list[Row]]:
    """The batches from step `start` on. Pools of like length are cut together to save padding."""
    for step in range(start, plan.copying):
        rng = Random(f"{plan.seed}:copy:{step}")
        size = rng.choice([64, 96, 128, 256])
        vocabulary = tokenizer.get_vocab_size()
        yield [repeated(rng, vocabulary, size) for _ in range(plan.batch_tokens // size)]
    for step in count(max(start, plan.copying)):
        yield _alike(plan, tokenizer, Random(f"{plan.seed}:task:{step}"), plan.mix(step))


def _alike(plan: Plan, tokenizer: Tokenizer, rng: Random, mix: Mix) -> list[Row]:
    """A batch of examples that are about as long as the first, so that little of it is padding."""
    drawn = (case(rng, mix) for _ in range(12))
    rows = [encode(tokenizer, made.messages, made.answer) for made in drawn]
    rows = [row for row in rows if len(row[0]) <= plan.longest]
    size = len(rows[0][0])
    rows.sort(key=lambda row: abs(len(row[0]) - size))
    fitting = [row for row in rows if len(row[0]) <= 1.25 * size]
    return fitting[: max(1, plan.batch_tokens // size)]


def train(plan: Plan, out: Path, until: int | None = None) -> None:
    """Run the plan, from the checkpoint in `out` where there is one; the model comes to `out/model`.

    With `until` it stops after that step, with a checkpoint and no model.
    """
    last = plan.steps if until is None else until
    import torch

    torch.set_num_threads(plan.threads)
    out.mkdir(parents=True, exist_ok=True)
    tokenizer = _tokenizer(plan, out)
    model = new_model(plan.seed, vocabulary=tokenizer.get_vocab_size())
    optimizer = torch.optim.AdamW(model.parameters(), lr=plan.rate, betas=(0.9, 0.98), weight_decay=0.01)
    state_file, step, seconds = out / "state.pt", 0, 0.0
    if state_file.exists():
        state = torch.load(state_file)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        step, seconds = state["step"], state["seconds"]
    began, losses, tokens = time.monotonic() - seconds, [], 0
    log = (out / "log.jsonl").open("a")
    for rows in batches(plan, tokenizer, step):
        if step >= last:
            break
        for group in optimizer.param_groups:
            group["lr"] = plan.rate_at(step)
        loss = _loss(model, rows)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        step += 1
        losses.append(float(loss.detach()))
        tokens += sum(len(ids) for ids, _ in rows)
        if step % 100 == 0 or step == last:
            seconds = time.monotonic() - began
            line = {"step": step, "loss": round(sum(losses) / len(losses), 4), "tokens": tokens}
            print(json.dumps({**line, "seconds": round(seconds)}), file=log, flush=True)
            losses.clear()
        if step % 500 == 0 or step == last:
            state = {"model": model.state_dict(), "optimizer": optimizer.state_dict()}
            torch.save({**state, "step": step, "seconds": seconds}, out / "state.tmp")
            (out / "state.tmp").rename(state_file)
    if step < plan.steps:
        return
    save(model, tokenizer, out / "model")
    report = {"plan": asdict(plan), "seconds": round(time.monotonic() - began)}
    (out / "report.json").write_text(json.dumps(report, indent=2) + "\n")


def _tokenizer(plan: Plan, out: Path) -> Tokenizer:
    from tokenizers import Tokenizer

    path = out / "tokenizer.json"
    if not path.exists():
        train_tokenizer(texts(plan.seed, 4000)).save(str(path))
    return Tokenizer.from_file(str(path))


def _loss(model: Any, rows: list[Row]) -> Any:
    """Mean cross-entropy of the labelled tokens; logits are made for those alone."""
    import torch

    longest = max(len(ids) for ids, _ in rows)
    ids = torch.tensor([r + [0] * (longest - len(r)) for r, _ in rows])
    labels = torch.tensor([r + [IGNORE] * (longest - len(r)) for _, r in rows])[:, 1:]
    hidden = model.model(ids, use_cache=False).last_hidden_state[:, :-1]
    known = labels != IGNORE
    return torch.nn.functional.cross_entropy(model.lm_head(hidden[known]), labels[known])


def main() -> None:
    """Arguments are the fields of `Plan`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoint and model")
    for name, value in asdict(Plan()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    arguments = vars(parser.parse_args())
    train(Plan(**{k: v for k, v in arguments.items() if k != "out"}), arguments["out"])


if __name__ == "__main__":
    main()
