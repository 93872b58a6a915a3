"""How much of a document the model reads at once: by its context, its card, and the limits of the task."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from structgen.longdoc.lists import list_specs
from structgen.longdoc.planning import SegmentBudget
from structgen.longdoc.rows import ListRows
from structgen.strategies.base import Collaborators
from structgen.strategies.conversation import conversation
from structgen.strategies.task import Task
from structgen.types import DEFAULT_MAX_TOKENS, Conversation

DEFAULT_ROWS = 50
"""Rows of a list at once, where neither the limits nor the model's card say a number."""
ANSWER_SHARE = 3
"""The answer gets at most one in so many tokens of the context, where `max_tokens` is more."""
SAMPLED_ROWS = 100
"""Rows of a run whose length is looked at."""
SAMPLE = 18_000
"""Characters of a document whose tokens are counted; the others are estimated."""
UNCOUNTED = 2.5
"""Characters of a token, estimated low, where the engine cannot count."""
MARGIN = 0.9
"""Part of the tokens that an estimate may fill."""
MAX_TOKENS = 32_768
"""Most tokens of an answer with rows of lists, where the caller sets no bound."""
OBJECT_SHARE = 2
"""Characters of an object that has all of a document, to one of the document: it names the fields."""
TEMPLATE_TOKENS = 64
"""Most tokens that a chat template adds to a message, and to the whole prompt."""
UNBOUNDED = sys.maxsize // 4


@dataclass(frozen=True, slots=True)
class ReadingBudget:
    """What the model reads at once of one document."""

    segment: SegmentBudget
    characters_per_token: float
    fits: bool
    """Whether the whole document fits, whatever rows it has."""

    def for_answer(self, max_tokens: int, rows: ListRows, names: Iterable[str]) -> SegmentBudget:
        """Return the budget for the rows of a list, whose items must also fit an answer of `max_tokens`."""
        item = item_characters(rows, names)
        if not item:
            return self.segment
        most = int(MARGIN * max_tokens * min(self.characters_per_token, UNCOUNTED) / item)
        return replace(self.segment, rows=max(1, min(self.segment.rows, most)))


def item_characters(rows: ListRows, names: Iterable[str]) -> float:
    """Return the characters of an item on average, as far as the rows tell; 0 without any."""
    lengths = [row.end - row.start for run in rows.runs for row in run.rows[:SAMPLED_ROWS]]
    return sum(lengths) / len(lengths) + sum(len(name) + 6 for name in names) if lengths else 0.0


def rows_at_once(task: Task, collaborators: Collaborators) -> int:
    """Return how many rows of a list the model reads at once."""
    return task.limits.rows_per_segment or collaborators.engine.card.rows_per_segment or DEFAULT_ROWS


def with_room_for_rows(task: Task, counts: Mapping[str, ListRows], collaborators: Collaborators) -> Task:
    """Return the task with tokens enough for the rows that are read at once, where the caller set no bound.

    A bound that the caller set, of whatever number, stays: it is a budget.
    """
    sampling, capabilities = task.sampling, collaborators.engine.capabilities
    if sampling.max_tokens is not None:
        return task
    assert task.document is not None
    at_once, needed = rows_at_once(task, collaborators), DEFAULT_MAX_TOKENS // 2
    for spec in task.schema.memoised(list_specs):
        rows = counts.get(spec.pointer)
        if rows is None or not rows.certain:
            needed = max(needed, int(OBJECT_SHARE * len(task.document) / UNCOUNTED))
        if rows is not None and rows.expected:
            item = item_characters(rows, [field.name for field in spec.fields])
            needed += int(min(at_once, rows.expected) * item / (MARGIN * UNCOUNTED))
    most = MAX_TOKENS if capabilities.context is None else capabilities.context // ANSWER_SHARE
    tokens = max(DEFAULT_MAX_TOKENS, min(needed, most))
    return replace(task, sampling=replace(sampling, max_tokens=tokens))


async def reading_budget(task: Task, collaborators: Collaborators) -> ReadingBudget:
    """Return the budget of a task with a document."""
    assert task.document is not None
    rows = rows_at_once(task, collaborators)
    around = replace(task, document="")
    prompt = conversation(around, collaborators.prompt_format)
    size = len(task.document.encode(errors="replace"))
    tokens = min(_token_limits(task, _most_tokens(prompt), collaborators), default=None)
    if tokens is None or size <= tokens:  # it fits, however many tokens its characters are
        characters = UNBOUNDED if tokens is None else tokens
        return ReadingBudget(SegmentBudget(characters, rows), UNCOUNTED, fits=True)
    empty = await _count(around, collaborators)
    tokens = min(_token_limits(task, empty or 0, collaborators))
    if size <= tokens:
        return ReadingBudget(SegmentBudget(tokens, rows), UNCOUNTED, fits=True)
    sample = _sample(task.document)
    counted = await _count(replace(task, document=sample), collaborators)
    ratio = UNCOUNTED
    if counted is not None and empty is not None:
        ratio = len(sample) / max(1, counted - empty)
    fits = len(task.document) / ratio <= tokens
    if fits and len(sample) < len(task.document):
        fits = len(task.document) / ratio <= MARGIN * tokens
    return ReadingBudget(SegmentBudget(max(16, int(MARGIN * tokens * ratio)), rows), ratio, fits)


def _token_limits(task: Task, prompt_tokens: int, collaborators: Collaborators) -> Iterator[int]:
    """Yield the bounds on the tokens of a document."""
    for bound in (task.limits.segment_tokens, collaborators.engine.card.segment_tokens):
        if bound is not None:
            yield bound
    if (context := collaborators.engine.capabilities.context) is not None:
        answer = min(task.sampling.answer_tokens, context // ANSWER_SHARE)
        yield max(16, context - prompt_tokens - answer - (task.sampling.thinking_tokens or 0))


def _most_tokens(prompt: Conversation) -> int:
    """Return a number that the tokens of a prompt do not exceed: no token is less than a byte."""
    texts = list(prompt.texts())
    return sum(len(text.encode(errors="replace")) for text in texts) + TEMPLATE_TOKENS * (1 + len(texts))


async def _count(task: Task, collaborators: Collaborators) -> int | None:
    return await collaborators.engine.count(conversation(task, collaborators.prompt_format))


def _sample(document: str) -> str:
    """Return the beginning, middle and end of a long document."""
    third = SAMPLE // 3
    if len(document) <= SAMPLE:
        return document
    middle = len(document) // 2
    return document[:third] + document[middle : middle + third] + document[-third:]
