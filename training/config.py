"""The configuration of a training run."""

from __future__ import annotations

from dataclasses import dataclass

from training.tasks import Mix


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """The hyperparameters of a run; the report records all of them."""

    seed: int = 0
    steps: int = 13_000
    seconds: float = 0.0
    """Wall-clock budget of the whole run, in seconds; where positive, it replaces `steps`, and the rate decays by time."""
    steady: float = 0.35
    """Share of the run at the full learning rate; after it, the rate decays linearly to zero."""
    copying: int = 120
    """First steps, on random token sequences that repeat."""
    easy: int = 200
    """Steps after `copying`, on schemas of few fields."""
    rate: float = 2.5e-3
    branches: int = 4
    """Examples of each schema in a batch."""
    batch_tokens: int = 2_200
    """Tokens at which a batch is full."""
    longest: int = 3_900
    """Longest example in tokens; longer ones are left out."""
    nested: float = 0.5
    repair: float = 0.1
    """Shares of the catalogue's examples: with nested objects or lists, and with a broken object to repair."""
    shipped: float = 0.14
    """Share of the shipped schemas among the examples of none of the following kinds."""
    keys: float = 0.08
    """Share of key-value sheets with names outside the catalogue, among the same examples."""
    receipts: float = 0.1
    notes: float = 0.12
    claims: float = 0.05
    tables: float = 0.11
    letters: float = 0.13
    """Shares of receipts, notes about a person, reports to an insurer, tables, and letters and the like."""
    decisions: float = 4.0
    endings: float = 3.0
    """Loss weights of the first token of a name or a value, and of the token that ends a value: to choose a value
    and to stop is harder than to continue copying."""
    device: str = "cpu"
    """`cuda` trains on one GPU: `batch_tokens` of 122,000 and `workers` of one for each processor keep it busy."""
    workers: int = 0
    """Worker processes that draw the batches; with 0, the training process draws them."""
    threads: int = 2
    start: str = ""
    """Folder of a model to continue from, with its tokenizer; a smaller one grows. Empty: from nothing."""
    vocabulary: int = 4096
    intermediate: int = 1280
    layers: int = 9
    width: int = 512
    head: int = 64
    """The model's shape: vocabulary, feed-forward units, layers, hidden size, head size."""
    precision: str = "float32"
    """Precision of the matrix products; `bfloat16` is faster on GPUs and on processors that support it."""

    def mix(self, step: int) -> Mix:
        """Return the mix of documents for a step."""
        if step < self.copying + self.easy:
            return Mix(
                fields=(1, 5), nested=0.15, shipped=0.0, repair=0.0, required=0.5, absent=0.45, localized=True
            )
        return Mix(
            fields=(1, 8),
            nested=self.nested,
            shipped=self.shipped,
            repair=self.repair,
            required=0.5,
            absent=0.45,
            keys=self.keys,
            receipts=self.receipts,
            notes=self.notes,
            claims=self.claims,
            tables=self.tables,
            letters=self.letters,
            varied=True,
            localized=True,
        )

    def rate_at(self, step: int, done: float) -> float:
        """Return the learning rate of a step; `done` is the completed share of the run."""
        return self.rate * max(0.0, min(1.0, (step + 1) / 100, (1 - done) / (1 - self.steady)))
