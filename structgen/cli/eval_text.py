"""The text of an evaluation for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from structgen import json_text
from structgen.messages import counted

if TYPE_CHECKING:
    from structgen.evidence.evaluation.documents import EvaluatedDocument, EvaluatedLeaf
    from structgen.evidence.evaluation.paired import ChangedLeaf, RunComparison
    from structgen.evidence.evaluation.summary import Evaluation

MIN_WIDTH = 60
_ERRORS_OF_ONE = 5
"""Errors of one document that the text shows."""
_MAX_FIELD, _MIN_FIELD = 40, 12
_DROPPED = ("numeric", "normalised", "exact", "complete", "other", "95%", "count", "duplicates")
"""Columns that a narrow terminal does without, the first of them first."""
_ABSENT = "-"


def evaluation_text(
    evaluation: Evaluation, comparison: RunComparison | None, worst: int, width: int
) -> Iterator[str]:
    """Yield the lines: totals, fields, lists, errors, scores, the worst documents, and the comparison.

    No line is longer than the width, which is at least `MIN_WIDTH`.
    """
    width = max(width, MIN_WIDTH)
    for section in (
        _totals(evaluation),
        _fields(evaluation, width),
        _lists(evaluation, width),
        _kinds(evaluation),
        _worst(evaluation, worst),
        () if comparison is None else _comparison(comparison, width),
    ):
        for line in section:
            yield _cut(_one_line(line), width)


def _totals(evaluation: Evaluation) -> Iterator[str]:
    total = evaluation.total().to_json()
    low, high = total["interval"]
    right = total["exact"] + total["normalised"]
    yield (
        f"right: {_percent(total['share_right'])} of {counted(total['count'], 'value')} "
        f"({right:,}; 95%: {_percent(low)} to {_percent(high)})"
    )
    count = len(evaluation.documents)
    without = sum(document.problem is not None for document in evaluation.documents)
    yield (
        f"by document: {_percent(evaluation.macro)} on average of {counted(count, 'document')}"
        + (f", {without} without an object" if without else "")
    )
    if (scores := evaluation.scores()) is not None:
        members = scores.to_json()
        yield (
            f"{members['member']} of {counted(members['count'], 'value')}: AUROC "
            f"{_number(members['auroc'])}, ECE {_number(members['ece'])}, "
            f"review {_percent(members['review'])} for 99% in the rest"
        )
        for each in members["thresholds"]:
            yield (
                f"  confidence of {each['threshold']:.3f} or more, for {100 * each['precision']:g}%: review "
                f"{_percent(each['review'])}, {_percent(each['right'])} of the rest is right"
            )


def _fields(evaluation: Evaluation, width: int) -> Iterator[str]:
    names = ("count", "exact", "normalised", "numeric", "missing", "invented")
    rows = [["field", "right", *names, "other", "precision", "recall"]]
    for summary in evaluation.fields():
        members = summary.to_json()
        other = summary.errors.total() - sum(members[name] for name in ("numeric", "missing", "invented"))
        rows.append([
            summary.field or "/",
            _percent(summary.share_right),
            *(f"{members[name]:,}" for name in names),
            f"{other:,}",
            _percent(summary.precision),
            _percent(summary.recall),
        ])  # fmt: skip
    yield from _table(rows, width)


def _lists(evaluation: Evaluation, width: int) -> Iterator[str]:
    names = ("expected", "found", "matched", "complete", "duplicates")
    rows = [["list", *names, "precision", "recall"]]
    for summary in evaluation.lists():
        members = summary.to_json()
        rows.append([
            summary.field or "/",
            *(f"{members[name]:,}" for name in names),
            _percent(members["precision"]),
            _percent(members["recall"]),
        ])  # fmt: skip
    yield from _table(rows, width)


def _kinds(evaluation: Evaluation) -> Iterator[str]:
    if errors := evaluation.total().errors:
        yield ""
        kinds = (f"{count:,} {kind.replace('_', ' ')}" for kind, count in errors.most_common())
        yield f"errors: {', '.join(kinds)}"


def _worst(evaluation: Evaluation, count: int) -> Iterator[str]:
    documents = [each for each in evaluation.worst() if each.share_right < 1][:count]
    if documents:
        yield ""
        yield "worst documents:"
    for document in documents:
        yield from _document(document)


def _document(document: EvaluatedDocument) -> Iterator[str]:
    problem = "" if document.problem is None else f": {document.problem}"
    share = _percent(document.share_right)
    yield f"  {document.id}: {share} of {len(document.counted):,}{problem}"
    errors = [leaf for leaf in document.leaves if leaf.error is not None]
    for leaf in errors[:_ERRORS_OF_ONE] if document.problem is None else ():
        yield f"    {leaf.gold_pointer or leaf.answer_pointer or '/'}: {_said(leaf)}"
    if document.problem is None and len(errors) > _ERRORS_OF_ONE:
        yield f"    and {len(errors) - _ERRORS_OF_ONE:,} more"


def _said(leaf: EvaluatedLeaf | ChangedLeaf) -> str:
    kind = (leaf.error or "").replace("_", " ")
    if leaf.error == "missing":
        return f"missing {_literal(leaf.gold)}"
    if leaf.error == "invented":
        return f"invented {_literal(leaf.answer)}"
    return f"{_literal(leaf.answer)} for {_literal(leaf.gold)} ({kind})"


def _comparison(comparison: RunComparison, width: int) -> Iterator[str]:
    total = comparison.total
    yield ""
    yield f"against {comparison.old or 'the earlier run'}, {counted(total.documents, 'document')} of both:"
    yield (
        f"  right: {_percent(total.old)} before, {_percent(total.new)} now: {_signed(total.difference)} "
        f"(95%: {_interval(total.interval)}): {total.verdict}"
    )
    yield f"  fixed: {total.fixed:,}, broken: {total.broken:,}"
    for name, (old, new) in comparison.changes.items():
        yield f"  {name}: {_literal(old)} before, {_literal(new)} now"
    for ids, where in ((comparison.only_old, "the earlier run"), (comparison.only_new, "this run")):
        if ids:
            yield f"  only in {where}: {counted(len(ids), 'document')}, first {ids[0]}"
    rows = [["field", "before", "now", "difference", "95%", "fixed", "broken"]]
    for each in comparison.fields:
        if each.fixed or each.broken or each.difference:
            rows.append([
                each.field or "/",
                _percent(each.old),
                _percent(each.new),
                _signed(each.difference),
                _interval(each.interval),
                f"{each.fixed:,}",
                f"{each.broken:,}",
            ])  # fmt: skip
    yield from _table(rows, width)
    if comparison.broken:
        yield ""
        yield "broken:"
        for leaf in comparison.broken[:_ERRORS_OF_ONE]:
            yield f"  {leaf.document} {leaf.pointer or leaf.field}: {_said(leaf)}"
        if (more := len(comparison.broken) - _ERRORS_OF_ONE) > 0:
            yield f"  and {more:,} more"


def _table(rows: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """Yield the lines of a table whose first row has the names; nothing for a table without rows.

    A narrow terminal gets no columns of `_DROPPED`, as many as necessary, then shorter names of fields.
    """
    if len(rows) < 2:
        return
    columns = [list(column) for column in zip(*rows, strict=True)]
    columns[0] = [_cut(_one_line(name), _MAX_FIELD) for name in columns[0]]
    for name in _DROPPED:
        if _width(columns) > width:
            columns = [column for column in columns if column[0] != name]
    room = max(_MIN_FIELD, width - _width(columns) + max(map(len, columns[0])))
    columns[0] = [_cut(name, room) for name in columns[0]]
    widths = [max(map(len, column)) for column in columns]
    yield ""
    for name, *cells in zip(*columns, strict=True):
        aligned = (cell.rjust(size) for cell, size in zip(cells, widths[1:], strict=True))
        yield f"{name.ljust(widths[0])}  {'  '.join(aligned)}"


def _width(columns: Sequence[Sequence[str]]) -> int:
    return sum(max(map(len, column)) for column in columns) + 2 * (len(columns) - 1)


def _cut(line: str, width: int) -> str:
    return line if len(line) <= width else f"{line[: width - 1]}…"


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def _literal(value: Any) -> str:
    return _cut(json_text.dumps(value), 60)


def _percent(share: float | None) -> str:
    return _ABSENT if share is None else f"{100 * share:.1f}%"


def _signed(difference: float) -> str:
    return f"{100 * difference:+.1f}"


def _interval(interval: tuple[float, float] | None) -> str:
    return "too few documents" if interval is None else f"{_signed(interval[0])} to {_signed(interval[1])}"


def _number(number: float | None) -> str:
    return _ABSENT if number is None else f"{number:.3f}"
