"""Evaluate extracted objects against gold objects, and show them beside their documents."""

from structgen.evidence.evaluation.documents import EvaluatedDocument, EvaluatedLeaf
from structgen.evidence.evaluation.evaluate import evaluate
from structgen.evidence.evaluation.paired import RunComparison, compare_runs
from structgen.evidence.evaluation.record import from_record, to_record
from structgen.evidence.evaluation.summary import Evaluation

__all__ = [
    "EvaluatedDocument",
    "EvaluatedLeaf",
    "Evaluation",
    "RunComparison",
    "compare_runs",
    "evaluate",
    "from_record",
    "to_record",
]
