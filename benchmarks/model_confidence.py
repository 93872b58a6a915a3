"""How sure the shipped model is of what it reads, by its own signals: ranking, calibration, review curves.

`python benchmarks/model_confidence.py ROWS.jsonl [--svg docs/review_curve.svg]`. A row holds `text`,
`schema`, `gold`, perhaps `corpus`, and perhaps the model's `data` and `evidence` with signals; other
rows are read by the shipped model here, twice each. AUROC is that of the shipped score. A calibration fitted
to each half of the documents is measured on the other one.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from common import parsed
from review_curve import curve, plot

from structgen import Generator
from structgen.errors import StructgenError
from structgen.evidence.calibration.fitting import fit
from structgen.evidence.calibration.observations import Observation, observations, read_rows
from structgen.evidence.scoring.model import score
from structgen.evidence.statistics import auroc, ece


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


def halves(among: list[Observation]) -> list[float]:
    """Return the confidence of each leaf by a calibration of the half that its document is not in."""
    own = [fit([e for e in among if e.document % 2 != half]) for half in (0, 1)]
    return [own[e.document % 2].confidence(e.field, e.score, e.signals) for e in among]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--documents", type=int, default=100, help="documents of each corpus")
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
        area, confidences = auroc([e.score for e in among], right), halves(among)
        shown = "-" if area is None else f"{area:.3f}"
        print(f"{name}: {len(among)} leaves, {sum(right) / len(right):.1%} right, AUROC {shown}")
        calibrated = auroc(confidences, right)
        print(f"  calibrated: AUROC {calibrated or 0:.3f}, ECE {ece(confidences, right) or 0:.3f}")
        for half in (0, 1):
            part = [i for i, e in enumerate(among) if e.document % 2 == half]
            error = ece([confidences[i] for i in part], [right[i] for i in part])
            print(f"  half {half + 1}: {len(part)} leaves, ECE {error or 0:.3f}")
        curves[name] = curve(confidences, right)
    if options.svg:
        options.svg.write_text(plot(curves), "utf-8")


if __name__ == "__main__":
    main()
