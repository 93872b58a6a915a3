"""The shipped model's card: `python -m training.model_card FOLDER` writes it into a trained model's folder.

The characters that training showed are counted, not listed by hand: documents are drawn as in
training. The byte-level vocabulary encodes any character, but the model has learnt only those of its documents.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from random import Random

from structgen import json_text
from structgen.engines.model_card import CARD_FILE
from training.config import TrainingConfig
from training.tasks import Case, cases

NAME = "structgen-demo-8m"
NOTE = (
    "it shows that everything works, and gets documents wrong that are unlike the examples; "
    "for your own ones take a real model (--model)"
)
LEAST_PROBABILITY = 0.4
"""Least probability of a value without a warning. The ten shipped examples have at least 0.54; five unfamiliar documents (e-mail, log, German
letter, Markdown table, receipt) each have a value of 0.31 or less."""
DRAWN = 20_000
"""Number of documents to draw; a character in none of them counts as not learnt."""


def draw_examples(count: int, seed: int = 1) -> Iterable[Case]:
    """Yield documents as the last steps of training draw them."""
    rng, mix = Random(seed), TrainingConfig().mix(TrainingConfig().steps)
    for _ in range(count // 4):
        yield from cases(rng, mix, 4)


def characters(examples: Iterable[Case]) -> str:
    """Return the characters of all examples, each once, in order."""
    seen: set[str] = set()
    for example in examples:
        seen.update(example.answer, *(message.content for message in example.messages))
    return "".join(sorted(seen))


def write_card(folder: Path, count: int = DRAWN) -> None:
    """Write the card into a model's folder."""
    card = {
        "name": NAME,
        "demo": True,
        "note": NOTE,
        "least_probability": LEAST_PROBABILITY,
        "characters": characters(draw_examples(count)),
    }
    (folder / CARD_FILE).write_text(json_text.dumps(card) + "\n", encoding="utf-8")


def main() -> None:
    """Write the card of the model in FOLDER."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    write_card(parser.parse_args().folder)


if __name__ == "__main__":
    main()
