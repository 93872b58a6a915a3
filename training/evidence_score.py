"""Fit the models of the evidence's score, and write them into the package.

    python -m training.evidence_errors errors.jsonl
    python -m training.evidence_answers answers.jsonl
    python -m training.evidence_score errors.jsonl --engine answers.jsonl

The last model has signals of the source alone, and is fitted to answers of any systems; those before it, for
leaves that an engine tells its probabilities of, to answers with the evidence that came with them. Both kinds
of rows are made from documents of our own, so that all others can judge. Each row holds a document (`pages`), its `schema`, the `gold` object, and the `answers` of systems by their
names; `instruction` and `evidence` by the names of the systems are optional. Each model is a logistic regression (scikit-learn) over few signals. A signal
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
from structgen.types.evidence import Evidence

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
ENGINE_DIRECTIONS = {
    "token_probability": 1,
    "first_token_probability": 1,
    "free_probability": 1,
    "runner_up": -1,
    "copied": 1,
    "second_reading": 1,
}
"""The signals of an engine, each with the sign of its weight."""
ENGINE_NAMES = (
    "is_default",
    "word_count",
    "misses_format",
    "kind_exact",
    "kind_fuzzy",
    "kind_none",
    "begins_clean",
    "answer_said",
    "row_said",
    "column_said",
    "row_is_total",
    "out_of_order",
)
"""Signals of the source that the models of engines have as well. Labels near a place are not among them: the
engine has read them, and a letterhead or a receipt has values without any."""
ALL_DIRECTIONS = DIRECTIONS | ENGINE_DIRECTIONS
_CHOICE = ("token_probability", "first_token_probability")
_LOCAL = (*_CHOICE, "free_probability", "runner_up", "copied")
ENGINE_REQUIRES = ((*_LOCAL, "second_reading"), (*_CHOICE, "second_reading"), _LOCAL, _CHOICE)
"""What the models for leaves with engine signals require: a model for each set that engines tell together."""
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
                told = row.get("evidence", {}).get(system)
                evidence = None if told is None else {at: Evidence.from_json(e) for at, e in told.items()}
                for leaf in labelled_leaves(
                    row["pages"], row["schema"], answer, row["gold"], evidence=evidence, prompt=prompt
                ):
                    yield Example(file.stem, row["id"], system, leaf)


def weights(among: Sequence[Example]) -> list[float]:
    """Return the weight of each example; those of a file sum up to 1."""
    sizes = Counter((e.corpus, e.document, e.system) for e in among)
    own = [sizes[e.corpus, e.document, e.system] ** -0.5 for e in among]
    sums: defaultdict[str, float] = defaultdict(float)
    for example, weight in zip(among, own, strict=True):
        sums[example.corpus] += weight
    return [weight / sums[example.corpus] for example, weight in zip(among, own, strict=True)]


def fit(
    among: Sequence[Example], names: Sequence[str] = tuple(DIRECTIONS), requires: Sequence[str] = ()
) -> LogisticModel:
    """Return the model of examples, over those of the named signals that count in their direction.

    Examples that lack a signal that the model requires are left out.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    names = [*requires, *(name for name in names if name not in requires)]
    among = [e for e in among if all(name in (e.leaf.evidence.signals or {}) for name in requires)]
    known = [example.leaf.evidence.signals or {} for example in among]
    labels = [example.leaf.is_right for example in among]
    mass = [weight * len(among) / len({e.corpus for e in among}) for weight in weights(among)]
    while True:
        rows = [[signals.get(name, 0.0) for name in names] for signals in known]
        scaler = StandardScaler().fit(rows, sample_weight=mass)
        regression = LogisticRegression(C=1 / (PENALTY * len(among)), max_iter=1000)
        regression.fit(scaler.transform(rows), labels, sample_weight=mass)
        signed = {n: ALL_DIRECTIONS[n] * float(w) for n, w in zip(names, regression.coef_[0], strict=True)}
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
        tuple(requires),
        fitted=_account(among),
    )


def engine_models(among: Sequence[Example]) -> list[LogisticModel]:
    """Return the models for leaves with signals of an engine, those that require the most first."""
    return [fit(among, ENGINE_NAMES, requires) for requires in ENGINE_REQUIRES]


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
    parser.add_argument("--engine", nargs="*", default=[], type=Path, help="rows with signals of an engine")
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT)
    arguments = parser.parse_args()
    models = engine_models(list(examples(arguments.engine))) if arguments.engine else []
    models.append(fit(list(examples(arguments.files))))
    body = {"version": model.VERSION, "models": [each.to_json() for each in models]}
    arguments.out.write_text(json.dumps(body, indent=1) + "\n", "utf-8")
    print(f"{arguments.out}: " + ", ".join(f"{len(each.weights)} signals" for each in models))


if __name__ == "__main__":
    main()
