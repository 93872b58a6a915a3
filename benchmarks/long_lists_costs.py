"""What rows cost: tokens a row by size, rows a second by concurrency, memory of a list that streams."""

import time
import tracemalloc

from long_lists_documents import document
from long_lists_engines import TruthEngine
from long_lists_runs import read

from structgen import Generator


def concurrency(rows: int, levels: tuple[int, ...] = (1, 2, 4, 8, 16)) -> None:
    """Print the rows a second of one document, with an engine whose every step takes the same time."""
    generated = document("fixed", 1, rows, plain=True)
    for level in levels:
        with Generator(TruthEngine(concurrency=level, rows_per_segment=20, step_seconds=0.004)) as generator:
            began = time.monotonic()
            outcome = read(generator, generated)
            seconds = time.monotonic() - began
        print(f"  {level:2} at once: {rows / seconds:8.0f} rows/s, {outcome.kind}")


def memory(sizes: tuple[int, ...]) -> None:
    """Print the peak of memory while the items of a list are read and thrown away, the text left out."""
    for rows in sizes:
        generated = document("csv", 1, rows, plain=True)
        pointer, row_lists = next((p, g) for p, g in generated.gold.items() if isinstance(g, list))
        engine = TruthEngine(rows_per_segment=20)
        engine.read(generated)
        with Generator(engine) as generator:
            tracemalloc.start()
            number = sum(
                1 for _ in generator.iter_extract(generated.schema["properties"][pointer], generated.text)
            )
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        print(
            f"  {rows:6} rows: {number} of {len(row_lists)} items, peak {peak / 1e6:.1f} MB "
            f"({len(generated.text) / 1e6:.1f} M characters of text)"
        )
