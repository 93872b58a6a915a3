"""The evidence of a result: further readings of the document, and the ground of each value."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from structgen import json_text
from structgen.errors import StructgenError
from structgen.evidence.answer_evidence import EvidenceTask
from structgen.evidence.source import Source
from structgen.strategies.base import Collaborators
from structgen.strategies.deadline import seconds_left
from structgen.strategies.result import Result
from structgen.strategies.task import Task
from structgen.types import Attempt, Diagnostic, Limits, Sampling, Usage

NO_EVIDENCE, NO_READING = "no-evidence", "no-reading"
"""Codes of the warnings of a result that lacks what it was asked for."""
READING_TEMPERATURE = 0.7
"""Lowest temperature of a reading that has the order of an earlier one: a greedy one would repeat it."""
RunTask = Callable[[Task], Awaitable[Result]]
"""Runs a task without events."""


def source_of(task: Task) -> str | Source:
    """Return the text that the evidence of a task points into, with its pages and boxes where it has some.

    It is the document, or without one the user turns and the prompt, with an empty line between two.
    """
    if task.document is not None:
        return task.document if task.source is None else task.source
    texts = [message.content for message in task.messages if message.role == "user"]
    return "\n\n".join([*texts, task.prompt] if task.prompt is not None else texts)


def other_texts(task: Task) -> str:
    """Return what the model reads beside the source: the question, instructions and examples."""
    texts = [message.content for message in task.messages if message.role == "system"]
    if task.document is not None:
        texts += [task.prompt or "", *(m.content for m in task.messages if m.role != "system")]
    for example in task.examples:
        texts += [example.document, json_text.dumps(example.data)]
    return "\n\n".join(filter(None, texts))


async def with_evidence(result: Result, task: Task, collaborators: Collaborators, run: RunTask) -> Result:
    """Return the result with the evidence of its data, and the account of the further readings.

    A valid result never gets lost: it has a warning where a reading or the evidence fails, or where the
    deadline passes first.
    """
    assert task.evidence is not None
    readings = _Readings(result, task)
    try:
        for number in range(2, task.evidence.readings + 1):
            await readings.add(number, run)
    except asyncio.CancelledError:
        if task.on_abandoned is not None:
            task.on_abandoned(readings.result.usage)
        raise
    return await _grounded(readings, task, collaborators)


@dataclass
class _Readings:
    """A result that grows by the account of further readings."""

    result: Result
    task: Task

    def __post_init__(self) -> None:
        """Count the other candidates as readings."""
        data = self.result.data
        others = [each.data for each in self.result.candidates if each.status == "valid"]
        self.values: list[Any] = [other for other in others if other is not data]

    async def add(self, number: int, run: RunTask) -> None:
        """Read the document once more, within what is left of the limits."""
        limits = self._limits_left()
        if limits is None:
            self._warn(NO_READING, f"max_total_tokens leaves no tokens for reading {number}")
            return
        task = self.task
        other_order = number == 2 and task.prompt is not None and task.document is not None
        sampling = task.sampling if other_order else reading_sampling(task.sampling, number)
        reading = replace(
            self.task,
            n=1,
            limits=limits,
            sampling=sampling,
            document_first=number % 2 == 0,
            delivery=None,
            report=False,
        )
        try:
            other = await run(reading)
        except StructgenError as error:
            self._account(number, error.attempts, error.usage)
            self._warn(NO_READING, f"reading {number} gave no value: {error}")
            return
        self._account(number, other.attempts, other.usage)
        self.values.append(other.data)

    def _limits_left(self) -> Limits | None:
        """Return the limits of one more attempt; None where no tokens are left."""
        total = self.task.limits.max_total_tokens
        left = None if total is None else total - self.result.usage.total_tokens
        if left is not None and left <= 0:
            return None
        return replace(self.task.limits, max_attempts=1, max_total_tokens=left)

    def _account(self, number: int, attempts: tuple[Attempt, ...], usage: Usage) -> None:
        marked = tuple(replace(attempt, reading=number) for attempt in attempts)
        result = self.result
        self.result = replace(result, attempts=(*result.attempts, *marked), usage=result.usage + usage)

    def _warn(self, code: str, message: str) -> None:
        self.result = replace(self.result, warnings=(*self.result.warnings, Diagnostic("", code, message)))

    def without_evidence(self, reason: object) -> Result:
        """Return the result with the reason why its values have no evidence."""
        self._warn(NO_EVIDENCE, f"the values have no evidence: {reason}")
        return self.result


def reading_sampling(sampling: Sampling, number: int) -> Sampling:
    """Return the sampling of a further reading that is not greedy, and has a seed of its own."""
    seed = None if sampling.seed is None else sampling.seed + 7_919 * number
    return replace(sampling, temperature=max(sampling.temperature, READING_TEMPERATURE), seed=seed)


async def _grounded(readings: _Readings, task: Task, collaborators: Collaborators) -> Result:
    result, options = readings.result, task.evidence
    signals = {}
    if result.history is not None:
        signals = await asyncio.to_thread(result.history.signals, result.data)
    evidence_task = EvidenceTask(
        result.data,
        source_of(task),
        signals,
        prompt=other_texts(task),
        readings=tuple(readings.values),
        list_signals=options is not None and options.signals,
        calibration=collaborators.calibrations.get(task.caller_schema.hash),
    )
    try:
        async with asyncio.timeout(seconds_left(task.deadline_at)):
            evidence = await collaborators.grounder(task.caller_schema, evidence_task)
    except TimeoutError:
        return readings.without_evidence("the deadline passed before they were found")
    except StructgenError as error:
        return readings.without_evidence(error)
    return replace(result, evidence=evidence, history=None)
