"""Offer several values of one text: each alone with the rest as prose, and all as one list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from structgen.parsing.extraction.left_out import Span, enclosed_range, left_out
from structgen.parsing.extraction.likelihood import Likelihood, likelihood
from structgen.parsing.extraction.separators import separators_end
from structgen.parsing.tolerant.parse_result import (
    Alternative,
    ContainerSpan,
    Dropped,
    Fix,
    ParseResult,
    ReplacedMember,
)


class Found(NamedTuple):
    """A container of a text, and its range with its delimiters."""

    result: ParseResult
    span: Span
    bare: ParseResult
    """The container without the fixes for its delimiters."""
    swallows: bool = False
    """Whether prose seems to have been read as a container."""


def combined(results: Sequence[ParseResult], fixes_between: Iterable[Fix] = ()) -> ParseResult:
    """Return one list of all values; `fixes_between` are the fixes of the text between them."""
    values: list[Any] = []
    fixes: list[Fix] = []
    containers: list[ContainerSpan] = []
    replaced: list[ReplacedMember] = []
    dropped: list[Dropped] = []
    alternatives: list[Alternative] = []
    cut_at: str | None = None
    for index, result in enumerate(results):
        values.append(result.value)
        fixes += result.fixes
        containers += result.containers
        if result.cut_at is not None:
            cut_at = f"/{index}{result.cut_at}"
        for pointer, value in result.replaced:
            replaced.append(ReplacedMember(f"/{index}{pointer}", value))
        for text in result.dropped:
            dropped.append(text._replace(pointer=f"/{index}{text.pointer}"))
        for other in result.alternatives:
            alternatives.append(other._replace(pointer=f"/{index}{other.pointer}"))
    start, end = results[0].start, results[-1].end
    fixes += (*fixes_between, Fix("several-values", start, end))
    return ParseResult(
        values,
        start,
        end,
        tuple(fixes),
        cut_at,
        tuple(replaced),
        tuple(containers),
        tuple(dropped),
        tuple(alternatives),
    )


def with_rest(
    result: ParseResult, text: str, spans: Sequence[Span], enclosed: Span, *, after_container: bool = True
) -> ParseResult:
    """Return a value with the text outside of its spans left out, as prose or as dropped.

    `enclosed` and `after_container` as for `left_out`.
    """
    fixes, dropped = left_out(text, spans, enclosed, after_container=after_container)
    if not fixes:
        return result
    return result._replace(fixes=(*result.fixes, *fixes), dropped=(*result.dropped, *dropped))


def with_others(result: ParseResult, results: Sequence[ParseResult], enclosed: Span) -> Span:
    """Return the range whose text a value alone loses: `enclosed`, and with an object the other objects.

    An object that is empty or equal to it is no loss; lists beside it may be citations or labels.
    """
    objects = [other.value for other in results if isinstance(other.value, dict)]
    if not isinstance(result.value, dict) or not any(other and other != result.value for other in objects):
        return enclosed
    start, end = results[0].start, results[-1].end
    return (min(start, enclosed[0]), max(end, enclosed[1])) if enclosed[0] < enclosed[1] else (start, end)


def each_and_combined(found: Sequence[Found], text: str) -> Iterator[ParseResult]:
    """Yield the values one by one, the most likely first, and all as one list.

    The list is first where the values are rows, else second. It leaves out citations, links and the like.
    """
    if len(found) < 2:
        for item in found:
            yield with_rest(item.result, text, [item.span], enclosed_range(text, [item.span]))
        return
    judged = list(zip(likelihoods(found, text), found, strict=True))
    members = [item for item in judged if item[0].is_strong] or judged
    results, spans = [item.result for _, item in members], [item.span for _, item in members]
    rows = _are_rows(members)
    enclosed = enclosed_range(text, spans)
    adjacent = rows and all(
        separators_end(text, one[1], other[0]) == other[0] for one, other in pairwise(spans)
    )
    if rows:
        yield with_rest(combined(results), text, spans, enclosed)
    for index, (_, item) in enumerate(sorted(judged, key=lambda item: item[0], reverse=True)):
        around = with_others(item.result, results, enclosed) if adjacent else enclosed
        yield with_rest(item.result, text, [item.span], around)
        if index == 0 and not rows and len(members) > 1:
            yield with_rest(combined(results), text, spans, enclosed)


def likelihoods(found: Sequence[Found], text: str) -> list[Likelihood]:
    """Return how likely each container of a text is the answer; the containers are in the text's order."""
    judged: list[Likelihood] = []
    earlier: tuple[Span, int] | None = None
    for item in found:
        reasons = likelihood(text, item.bare, item.span, earlier)
        judged.append(reasons._replace(is_strong=False) if item.swallows else reasons)
        earlier = item.span, reasons.announced
    return judged


def _are_rows(found: Sequence[tuple[Likelihood, Found]]) -> bool:
    """Whether the values are objects with the same keys, and none is announced as the answer alone."""
    values = [item.result.value for _, item in found]
    keys = {tuple(value) if isinstance(value, dict) else None for value in values}
    if len(found) < 2 or len(keys) != 1 or None in keys or () in keys:
        return False
    announced = [reasons.announced for reasons, _ in found]
    return len(set(announced)) == 1 or announced[0] == 1
