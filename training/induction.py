"""Sequences that repeat: the warm-up that teaches a small model to copy.

Extraction is mostly copying, and the circuit for it appears late when it has to be learnt from the
task alone. Some minutes of random tokens that come again bring it about first.
"""

import random

IGNORE = -100


def repeated(rng: random.Random, vocabulary: int, tokens: int) -> tuple[list[int], list[int]]:
    """Draw `tokens` random ids and their labels: `IGNORE` except for predictable tokens.

    A random segment comes again and again, from a random place in it each time; in each repetition
    every token but the first is determined by what stood before.
    """
    pool = [rng.randrange(vocabulary) for _ in range(rng.randint(16, vocabulary))]
    segment = [rng.choice(pool) for _ in range(rng.randint(8, tokens // 3))]
    ids, labels = list(segment), [IGNORE] * len(segment)
    while len(ids) < tokens:
        start = rng.randrange(len(segment) // 2)
        ids += segment[start:]
        labels += [IGNORE, *segment[start + 1 :]]
    return ids[:tokens], labels[:tokens]
