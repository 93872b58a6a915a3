"""How well the score of the evidence ranks the leaves of real answers: the right ones above the wrong ones.

`python benchmarks/error_ranking.py ROWS.jsonl...`, or a folder of such files. A row holds `id`, `pages`,
`schema`, `gold`, `answers` by the names of systems, and perhaps `instruction`. Lists are aligned by items;
a leaf is right where its gold leaf is equal but for notation. AUROC of three scores: whether the value is
found at all, the shipped score, and with `--folds` the score of models fitted on other documents, or on other
documents and other systems, which is what the shipped one promises for yours.

Which leaves count changes the figures, so three counts stand beside each other: `valued` leaves have a value,
also where the gold object has none; `with gold` are those of them that a gold leaf stands for;
`all` have null and empty texts too, which are right where the gold object has no value either.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from common import parsed

from structgen.evidence.statistics import auroc
from training.evidence_score import Example, examples, fit

COUNTS: dict[str, Callable[[Example], bool]] = {
    "valued": lambda example: not example.leaf.is_empty,
    "with gold": lambda example: not example.leaf.is_empty and example.leaf.has_gold,
    "all": lambda example: True,
}


def found(example: Example) -> float:
    return float(example.leaf.evidence.kind in ("exact", "normalised", "value"))


def shipped(example: Example) -> float:
    return example.leaf.evidence.score or 0.0


def cross_validated(among: Sequence[Example], folds: int, *, systems: bool) -> list[float]:
    """Return the scores of models that saw neither the document nor, with `systems`, the system of a leaf."""
    documents = sorted({example.document for example in among})
    fold_of = {document: index % folds for index, document in enumerate(documents)}
    held = [(fold_of[e.document], e.system if systems else "") for e in among]
    scores = [0.0] * len(among)
    for fold, system in sorted(set(held)):
        seen = [e for e in among if fold_of[e.document] != fold and not (system and e.system == system)]
        model = fit(seen)
        for index, example in enumerate(among):
            if held[index] == (fold, system):
                scores[index] = model.score(example.leaf.evidence.signals or {})
    return scores


def line(name: str, among: Sequence[Example], scores: Sequence[float]) -> str:
    """Return the AUROC of scores for each count."""
    cells = []
    for keeps in COUNTS.values():
        kept = [i for i, example in enumerate(among) if keeps(example)]
        area = auroc([scores[i] for i in kept], [among[i].leaf.is_right for i in kept])
        cells.append("     -   " if area is None else f"  {area:.3f}  ")
    return f"  {name:34}" + "".join(cells)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--folds", type=int, default=0, help="cross-validate with this many folds")
    arguments = parsed(parser)
    files = [
        f for path in arguments.paths for f in (sorted(path.glob("*.jsonl")) if path.is_dir() else [path])
    ]
    among = list(examples(files))
    scores = {"found or not": [found(e) for e in among], "shipped score": [shipped(e) for e in among]}
    if arguments.folds:
        scores["fitted on other documents"] = cross_validated(among, arguments.folds, systems=False)
        scores["fitted on other documents, systems"] = cross_validated(among, arguments.folds, systems=True)
    for corpus in dict.fromkeys(example.corpus for example in among):
        inside = [i for i, example in enumerate(among) if example.corpus == corpus]
        for system in ("", *dict.fromkeys(among[i].system for i in inside)):
            chosen = [i for i in inside if not system or among[i].system == system]
            leaves = [among[i] for i in chosen]
            right = sum(e.leaf.is_right for e in leaves) / len(leaves)
            print(f"{corpus}, {system or 'pooled'}: {len(leaves)} leaves, {right:.1%} right")
            print(f"  {'AUROC':34}" + "".join(f"{name:>9}" for name in COUNTS))
            for name, values in scores.items():
                print(line(name, leaves, [values[i] for i in chosen]))


if __name__ == "__main__":
    main()
