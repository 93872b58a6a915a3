"""Plain text in a format: decode under its constraint, check the whole text, retry with the reason."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace

from structgen.engines.base import Engine, TextConstraint
from structgen.engines.guidance import text_constraint, text_matches
from structgen.errors import BadRequest, InvalidSchema, MissingExtra
from structgen.schema import Schema
from structgen.schema.regex import PatternError, matches
from structgen.strategies.assessment import Assessment, Outcome
from structgen.strategies.attempt_grammar import NO_GRAMMAR, AttemptGrammar
from structgen.strategies.base import Collaborators
from structgen.strategies.best_of_n import best_of_n
from structgen.strategies.constrained import NAME, UNCONSTRAINED
from structgen.strategies.events import EventSink
from structgen.strategies.generation import Generation
from structgen.strategies.result import Result
from structgen.strategies.retry_loop import AttemptChain
from structgen.strategies.task import Task
from structgen.strategies.value_limits import requested_limits
from structgen.suggestions import did_you_mean
from structgen.types import TextFormat, Violation

_SHOWN = 300
"""Characters of a format that a message shows."""


class PlainText:
    """Decode text in the task's format, under its constraint where the engine takes one."""

    async def compile(self, task: Task, engine: Engine) -> Schema | None:
        """Compile the format's grammar; the schema stays."""
        constraint = await _constraint(task)
        if engine.capabilities.constrains_text:
            await engine.prepare(constraint)
        return None

    async def run(self, task: Task, collaborators: Collaborators, emit: EventSink | None) -> Result:
        """Run the attempts; `Result.data` is the text."""
        constraint = await _constraint(task)
        await _check_task(task, constraint, collaborators)
        await asyncio.to_thread(
            _follows, _format(task), constraint, ""
        )  # `MissingExtra` before the model runs

        async def run_once(single: Task, collaborators: Collaborators, emit: EventSink | None) -> Result:
            policy = TextAttempts(single, collaborators, constraint)
            return await AttemptChain(single, collaborators, policy).result(emit)

        return await best_of_n(task, collaborators, run_once, emit)


@dataclass(frozen=True, slots=True)
class TextAttempts:
    """Attempts at plain text in a format."""

    task: Task
    collaborators: Collaborators
    constraint: TextConstraint
    bounds: None = None
    may_complete_answer: bool = False

    @property
    def name(self) -> str:
        """The name of the attempts in the account."""
        return NAME if self._constrains else UNCONSTRAINED

    @property
    def logprobs(self) -> bool:
        """Whether the task needs probabilities, and the engine returns them."""
        return self.task.wants_logprobs and self.collaborators.engine.capabilities.logprobs

    @property
    def _constrains(self) -> bool:
        return self.collaborators.engine.capabilities.constrains_text

    async def grammar(self, number: int, previous: Outcome | None, max_characters: int) -> AttemptGrammar:
        """Return the format's constraint, or none where the engine takes none."""
        return AttemptGrammar(self.constraint) if self._constrains else NO_GRAMMAR

    async def assess(self, generation: Generation) -> Assessment:
        """Check the whole text; a text that was cut is incomplete, even where it follows the format.

        White space around a text that was written freely does not count.
        """
        if generation.finish == "length":
            return Assessment("incomplete", generation.text, generation.loop_violations())
        texts = [generation.text] if self._constrains else [generation.text, generation.text.strip()]
        for text in dict.fromkeys(texts):
            if await asyncio.to_thread(_follows, _format(self.task), self.constraint, text):
                return Assessment("valid", text)
        return Assessment("violations", texts[-1], (mismatch(_format(self.task), texts[-1]),))


def _format(task: Task) -> TextFormat:
    if task.text_format is None:
        raise ValueError("a task of plain text needs a text format")
    return task.text_format


def _follows(text_format: TextFormat, constraint: TextConstraint, text: str) -> bool:
    """Return whether a text follows its format; without llguidance `MissingExtra` for a grammar."""
    try:
        return text_matches(constraint, text)
    except MissingExtra:
        if text_format.regex is None:
            raise
        return _matches_regex(text_format.regex, text)


def _matches_regex(pattern: str, text: str) -> bool:
    try:
        return matches(f"^(?:{pattern})$", text)
    except PatternError as error:
        raise InvalidSchema(str(error), [Violation("", "pattern", str(error))]) from error


async def _constraint(task: Task) -> TextConstraint:
    """Return the constraint of the task's format; `InvalidSchema` where no grammar can be built."""
    return await asyncio.to_thread(text_constraint, _format(task))


def mismatch(text_format: TextFormat, text: str) -> Violation:
    """Return the violation of a text that does not follow its format."""
    match text_format.kind:
        case "choice":
            choices = text_format.choices
            expected = f"is not one of the {len(choices)} choices{did_you_mean(text, choices)}"
            if sum(map(len, choices)) <= _SHOWN:
                expected = f"is not one of {', '.join(map(repr, choices))}"
        case "regex":
            expected = f"does not match {_shortened(text_format.regex)} as a whole"
        case "lark":
            expected = "does not follow the grammar"
    return Violation("", text_format.kind, f"{_shortened(text)!r} {expected}")


def _shortened(text: str | None) -> str:
    text = text or ""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


async def _check_task(task: Task, constraint: TextConstraint, collaborators: Collaborators) -> None:
    """Raise `BadRequest` for options without a meaning for plain text, and for examples in another format."""
    faults = list(_option_faults(task, collaborators))
    for index, example in enumerate(task.examples):
        at = f"/examples/{index}/data"
        if not isinstance(example.data, str):
            faults.append(Violation(at, "type", "must be a text: the answer is plain text"))
        elif not await asyncio.to_thread(_follows, _format(task), constraint, example.data):
            faults.append(replace(mismatch(_format(task), example.data), pointer=at))
    if faults:
        raise BadRequest.from_violations(faults, "the request")


def _option_faults(task: Task, collaborators: Collaborators) -> Iterator[Violation]:
    if task.strategy == "repair":
        yield Violation("/strategy", "enum", "rules repair JSON, not plain text: use constrained or auto")
    if task.limits.on_budget == "close":
        yield Violation("/limits/on_budget", "enum", "plain text has no shortest end: use 'incomplete'")
    for name in requested_limits(task.limits):
        yield Violation(f"/limits/{name}", "enum", "plain text has no such values: leave it out")
    if task.sampling.thinking_tokens is not None and not collaborators.engine.capabilities.supports_thinking:
        at = "/sampling/thinking_tokens"
        yield Violation(at, "enum", "this engine's model cannot think first: leave it out")
