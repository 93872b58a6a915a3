"""What a run of the training is."""

from __future__ import annotations

from dataclasses import dataclass

from structgen.embedded.architecture import WIDTH
from structgen.embedded.tasks import Mix


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
