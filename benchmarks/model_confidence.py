"""How sure the shipped model is of what it reads, by its own signals: ranking, calibration, review curves.

`python benchmarks/model_confidence.py ROWS.jsonl [--splits 20] [--svg docs/review_curve.svg]`. A row holds
`text`, `schema`, `gold`, perhaps `corpus`, and perhaps the model's `data` and `evidence` with signals; other
rows are read by the shipped model here, twice each. AUROC is that of the shipped score.

A calibration is fitted to each half of the documents, even and odd ones, and measured on the other: each
half by itself, and both together (cross-fitting: no leaf is judged by a calibration that saw its document,
and twice the leaves leave less to chance). So it is for halves drawn at random. Beside the ECE stands what
chance alone gives: the mean ECE of labels that are drawn with the very probabilities that confidences say.
"""

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from common import parsed
from review_curve import curve, plot

from structgen import Generator
from structgen.errors import StructgenError
from structgen.evidence.calibration.fitting import fit
from structgen.evidence.calibration.observations import Observation, observations, read_rows
from structgen.evidence.scoring.model import score
from structgen.evidence.statistics import auroc, ece, ece_by_chance


def answered(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield rows with the model's data and evidence; documents without an answer are left out."""
    if all("data" in row for row in rows):
        yield from rows
        return
    asked = {"readings": 2, "signals": True}
    with Generator() as generator:
        for row in rows:
            try:
                result = generator.result(
                    row["schema"], row["text"], prompt=row.get("instruction"), evidence=asked
                )
            except StructgenError as error:
                print(f"skipped: {type(error).__name__}")
                continue
            proofs = {at: proof.to_json() for at, proof in (result.evidence or {}).items()}
            yield {**row, "data": result.data, "evidence": proofs}


def labelled(rows: list[dict[str, Any]]) -> list[Observation]:
    """Return the leaves of rows, with the score that their signals have now."""
    among = []
    for index, row in enumerate(rows):
        given = {"document": row["text"], "data": row["data"], "gold": row["gold"]}
        proofs = {at: {**proof, "score": score(proof["signals"])} for at, proof in row["evidence"].items()}
        for each in observations(read_rows([{**given, "evidence": proofs}]), row["schema"]):
            among.append(Observation(index, each.field, each.score, each.signals, each.is_right))
    return among


def halves(among: Sequence[Observation], first: set[int]) -> list[float]:
    """Return the confidence of each leaf by a calibration of the half that its document is not in."""
    own = [fit([e for e in among if (e.document in first) is not half]) for half in (False, True)]
    return [own[e.document in first].confidence(e.field, e.score, e.signals) for e in among]


def drawn_half(among: Sequence[Observation], seed: int) -> set[int]:
    """Return half of the documents, drawn at random."""
    documents = sorted({e.document for e in among})
    return set(random.Random(seed).sample(documents, len(documents) // 2))


def by_half(
    among: Sequence[Observation], confidences: Sequence[float], first: set[int]
) -> list[tuple[float, float]]:
    """Return ECE, and ECE by chance, of each half."""
    errors = []
    for half in (True, False):
        part = [i for i, e in enumerate(among) if (e.document in first) is half]
        said = [confidences[i] for i in part]
        errors.append(measured(said, [among[i].is_right for i in part]))
    return errors


def measured(confidences: Sequence[float], right: Sequence[bool]) -> tuple[float, float]:
    """Return ECE, and ECE by chance."""
    return ece(confidences, right) or 0.0, ece_by_chance(confidences) or 0.0


def show_splits(among: Sequence[Observation], count: int) -> None:
    """Print the ECE over random halves, of each half and of both together."""
    right = [e.is_right for e in among]
    halved: list[tuple[float, float]] = []
    both: list[tuple[float, float]] = []
    for seed in range(count):
        first = drawn_half(among, seed)
        confidences = halves(among, first)
        halved += by_half(among, confidences, first)
        both.append(measured(confidences, right))
    for name, errors in (("each half", halved), ("both halves", both)):
        own, chance = zip(*errors, strict=True)
        print(
            f"  {count} random splits, {name}: ECE {sum(own) / len(own):.3f} "
            f"({min(own):.3f} to {max(own):.3f}), "
            f"{sum(e <= 0.05 for e in own)} of {len(own)} at most 0.05, "
            f"by chance {sum(chance) / len(chance):.3f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--documents", type=int, default=1000, help="documents of each corpus")
    parser.add_argument("--splits", type=int, default=0, help="number of random halves")
    parser.add_argument("--svg", type=Path, help="write the review curves here")
    options = parsed(parser, documents=4)
    corpora: dict[str, list[dict[str, Any]]] = {}
    for line in options.file.read_text("utf-8").splitlines():
        row = json.loads(line)
        corpora.setdefault(row.get("corpus", options.file.stem), []).append(row)
    curves = {}
    for name, rows in corpora.items():
        among = labelled(list(answered(rows[: options.documents])))
        right = [e.is_right for e in among]
        even = {e.document for e in among if e.document % 2 == 0}
        area, confidences = auroc([e.score for e in among], right), halves(among, even)
        shown = "-" if area is None else f"{area:.3f}"
        print(f"{name}: {len(among)} leaves, {sum(right) / len(right):.1%} right, AUROC {shown}")
        error, chance = measured(confidences, right)
        area = auroc(confidences, right)
        print(f"  both halves: AUROC {area or 0:.3f}, ECE {error:.3f}, by chance {chance:.3f}")
        for half, (error, chance) in enumerate(by_half(among, confidences, even), 1):
            print(f"  half {half}: ECE {error:.3f}, by chance {chance:.3f}")
        if options.splits:
            show_splits(among, options.splits)
        curves[name.replace("_", " ")] = curve(confidences, right)
    if options.svg:
        options.svg.write_text(plot(curves), "utf-8")


if __name__ == "__main__":
    main()
