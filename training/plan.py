"""What a run of the training is."""

from __future__ import annotations

from dataclasses import dataclass

from training.tasks import Mix


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is: all of it goes into the report."""

    seed: int = 0
    steps: int = 13_000
    seconds: float = 0.0
    """Of the clock, for the whole run: with it, `steps` counts for nothing, and the rate falls by the clock."""
    steady: float = 0.35
    """Share of the run at the full rate; from there on it falls in a straight line to nothing."""
    copying: int = 120
    """First steps, on random tokens that repeat themselves."""
    easy: int = 200
    """Steps after them, on few fields."""
    rate: float = 2.5e-3
    branches: int = 4
    """Examples of each schema in a batch."""
    batch_tokens: int = 2_200
    """A batch is full once it has as many."""
    longest: int = 3_900
    """Longer examples are left out."""
    nested: float = 0.5
    repair: float = 0.1
    """Shares of the catalogue's examples: with objects or lists in them, of a broken object to mend."""
    shipped: float = 0.14
    """Share of the shipped schemas, of what is none of the following."""
    keys: float = 0.08
    """Share of bare sheets with names that nobody foresees, likewise."""
    slips: float = 0.1
    notes: float = 0.12
    claims: float = 0.05
    tables: float = 0.11
    letters: float = 0.13
    """Shares of receipts, notes about a person, reports to an insurer, tables, and letters and the like."""
    decisions: float = 4.0
    endings: float = 3.0
    """What the first token of a name or a value counts in the loss, and the one that ends a value: which one it is,
    and whether it is over, and the list with it, is hard, and to go on easy."""
    device: str = "cpu"
    """`cuda` trains on one GPU: `batch_tokens` of 122,000 and `workers` of one for each processor keep it busy."""
    workers: int = 0
    """Processes that draw the batches; 0: the one that trains."""
    threads: int = 2
    start: str = ""
    """Folder of a model to go on from, with its tokenizer and its shape; without it, from nothing."""
    vocabulary: int = 4096
    intermediate: int = 1280
    layers: int = 9
    width: int = 512
    head: int = 64
    """The model: units between the layers, how many of these, the stream through them, the size of a head."""
    precision: str = "float32"
    """Of the products within the layers: `bfloat16` is faster on GPUs, and on processors that have it."""

    def mix(self, step: int) -> Mix:
        """The documents of a step."""
        if step < self.copying + self.easy:
            return Mix(
                fields=(1, 5), nested=0.15, shipped=0.0, repair=0.0, required=0.5, absent=0.45, world=True
            )
        return Mix(
            fields=(1, 8),
            nested=self.nested,
            shipped=self.shipped,
            repair=self.repair,
            required=0.5,
            absent=0.45,
            keys=self.keys,
            slips=self.slips,
            notes=self.notes,
            claims=self.claims,
            tables=self.tables,
            letters=self.letters,
            varied=True,
            world=True,
        )

    def rate_at(self, step: int, done: float) -> float:
        """The learning rate after a share of the run."""
        return self.rate * max(0.0, min(1.0, (step + 1) / 100, (1 - done) / (1 - self.steady)))
