"""Fit the model of the evidence's score, and write it into the package.

    python -m training.evidence_score ROWS.jsonl... [--out structgen/evidence/scoring/score_model.json]

Each row holds a document (`pages`), its `schema`, the `gold` object, and the `answers` of systems by their
names; `instruction` is optional. The model is a logistic regression (scikit-learn) over few signals. A signal
may only count in the direction that its meaning gives (`DIRECTIONS`): one whose weight has the other sign is
left out, and the rest is fitted again. The penalty is strong: it shares the weight among signals that say alike,
and a second regression over the sum alone takes back how much it shrinks all of them. Each answer weighs as the square root of its number of leaves, and each
file the same, so that a long table does not decide alone. The rows are only read; the file has numbers alone.

The figures of `benchmarks/error_ranking.py --folds` are cross-validated with this module.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from structgen.evidence.labelled import LabelledLeaf, labelled_leaves
from structgen.evidence.scoring import model
from structgen.evidence.scoring.model import LogisticModel

DIRECTIONS = {
    "is_default": -1,
    "word_count": -1,
    "misses_format": -1,
    "asks_prose": -1,
    "kind_exact": 1,
    "kind_fuzzy": -1,
    "kind_none": -1,
    "begins_clean": 1,
    "ends_clean": 1,
    "label_near": 1,
    "shared_place": -1,
    "answer_said": 1,
    "row_said": 1,
    "column_said": 1,
    "row_distance": -1,
    "row_is_total": -1,
    "out_of_order": -1,
    "empty_but_labelled": -1,
}
"""The signals of the model, each with the sign of its weight: 1 where more of it makes a value surer."""
PENALTY = 0.3
"""Strength of the regularisation, for a mean loss over the leaves and standardised signals."""
DEFAULT_OUT = Path(model.__file__).with_name(model.FILE)


@dataclass(frozen=True)
class Example:
    """A labelled leaf with the file, the document and the system that it comes from."""

    corpus: str
    document: str
    system: str
    leaf: LabelledLeaf


def examples(files: Iterable[Path]) -> Iterator[Example]:
    """Yield the leaves of all answers in files of rows."""
    for file in files:
        for line in file.read_text("utf-8").splitlines():
            row = json.loads(line)
            prompt = f"{row.get('instruction', '')}\n{json.dumps(row['schema'], ensure_ascii=False)}"
            for system, answer in row["answers"].items():
                for leaf in labelled_leaves(row["pages"], row["schema"], answer, row["gold"], prompt=prompt):
                    yield Example(file.stem, row["id"], system, leaf)


def weights(among: Sequence[Example]) -> list[float]:
    """Return the weight of each example; those of a file sum up to 1."""
    sizes = Counter((e.corpus, e.document, e.system) for e in among)
    own = [sizes[e.corpus, e.document, e.system] ** -0.5 for e in among]
    sums: defaultdict[str, float] = defaultdict(float)
    for example, weight in zip(among, own, strict=True):
        sums[example.corpus] += weight
    return [weight / sums[example.corpus] for example, weight in zip(among, own, strict=True)]


def fit(among: Sequence[Example], names: Sequence[str] = tuple(DIRECTIONS)) -> LogisticModel:
    """Return the model of examples, over those of the named signals that count in their direction."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    names = list(names)
    known = [example.leaf.evidence.signals or {} for example in among]
    labels = [example.leaf.is_right for example in among]
    mass = [weight * len(among) / len({e.corpus for e in among}) for weight in weights(among)]
    while True:
        rows = [[signals.get(name, 0.0) for name in names] for signals in known]
        scaler = StandardScaler().fit(rows, sample_weight=mass)
        regression = LogisticRegression(C=1 / (PENALTY * len(among)), max_iter=1000)
        regression.fit(scaler.transform(rows), labels, sample_weight=mass)
        signed = {n: DIRECTIONS[n] * float(w) for n, w in zip(names, regression.coef_[0], strict=True)}
        worst = min(signed, key=lambda name: signed[name])
        if signed[worst] >= 0:
            break
        names.remove(worst)
    stretch, offset = _stretched(regression.decision_function(scaler.transform(rows)), labels, mass)
    own = [
        stretch * float(w) / float(scale) for w, scale in zip(regression.coef_[0], scaler.scale_, strict=True)
    ]
    shift = sum(w * float(mean) for w, mean in zip(own, scaler.mean_, strict=True))
    return LogisticModel(
        round(offset + stretch * float(regression.intercept_[0]) - shift, 4),
        {name: round(w, 4) for name, w in zip(names, own, strict=True)},
        fitted=_account(among),
    )


def _stretched(sums: Any, labels: Sequence[bool], mass: Sequence[float]) -> tuple[float, float]:
    """Return the factor and the offset that make shrunken sums log-odds again."""
    from sklearn.linear_model import LogisticRegression

    regression = LogisticRegression(C=1e6).fit(sums.reshape(-1, 1), labels, sample_weight=mass)
    return float(regression.coef_[0][0]), float(regression.intercept_[0])


def _account(among: Sequence[Example]) -> dict[str, Any]:
    import sklearn

    return {
        "method": f"logistic regression, scikit-learn {sklearn.__version__}, training/evidence_score.py",
        "leaves": len(among),
        "right": sum(example.leaf.is_right for example in among),
        "documents": len({(example.corpus, example.document) for example in among}),
        "penalty": PENALTY,
    }


def main() -> None:
    """Fit the model, and write its file."""
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n", maxsplit=1)[0])
    parser.add_argument("files", nargs="+", type=Path, help="rows of documents, gold objects and answers")
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT)
    arguments = parser.parse_args()
    fitted = fit(list(examples(arguments.files)))
    body = {"version": model.VERSION, "models": [fitted.to_json()]}
    arguments.out.write_text(json.dumps(body, indent=1) + "\n", "utf-8")
    print(f"{arguments.out}: {len(fitted.weights)} signals")


if __name__ == "__main__":
    main()
