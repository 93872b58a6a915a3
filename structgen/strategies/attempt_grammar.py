"""The grammar of one attempt: the full schema, only what was wrong, or one known valid value."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from structgen import json_text
from structgen.engines.base import AnyConstraint, Constraint
from structgen.errors import InvalidSchema
from structgen.schema.lowering.backends import DEFAULT
from structgen.schema.lowering.pinning import pin_first_items, pin_value
from structgen.strategies.assessment import Assessment, Outcome
from structgen.strategies.base import Collaborators
from structgen.strategies.grammar_fallback import constraint_of
from structgen.strategies.task import Task


@dataclass(frozen=True, slots=True)
class AttemptGrammar:
    """The constraint of an attempt, None where it may write anything."""

    constraint: AnyConstraint | None = None
    opened: tuple[str, ...] = ()
    """Pointers to the values that the attempt may change, where it is a targeted one."""
    patched: tuple[str, ...] = ()
    """Pointers to values that the grammar dictates because no attempt wrote valid ones."""


NO_GRAMMAR = AttemptGrammar()
"""The model may write anything."""


@dataclass(frozen=True, slots=True)
class GrammarPlanner:
    """Plans the grammars of the attempts at one task."""

    task: Task
    collaborators: Collaborators

    @property
    def may_complete_answer(self) -> bool:
        """Whether `on_budget` is `close` and the engine completes answers within a budget."""
        return (
            self.task.limits.on_budget == "close"
            and self.collaborators.engine.capabilities.completes_in_budget
        )

    async def plan(self, number: int, previous: Outcome | None, max_characters: int) -> AttemptGrammar:
        """Return the grammar of attempt `number`, whose answer surely fits into `max_characters`.

        A retry pins what was right, and every item that was delivered already; the last of several pins
        nothing else.
        """
        if not self.collaborators.engine.capabilities.constrained:
            return NO_GRAMMAR
        grammar = await self._planned(number, previous, max_characters)
        delivery = self.task.delivery
        if delivery is None or not delivery.delivered or not isinstance(grammar.constraint, Constraint):
            return grammar
        return await self._beginning_with(delivery.delivered, grammar.constraint, grammar)

    async def _beginning_with(
        self, items: Sequence[Any], constraint: Constraint, grammar: AttemptGrammar
    ) -> AttemptGrammar:
        """Return the grammar for lists that begin with these items, or the grammar itself without one."""
        narrowed = await asyncio.to_thread(pin_first_items, constraint.schema, items, DEFAULT)
        kept = retry_constraint(narrowed)
        try:
            await self.collaborators.engine.prepare(kept)
        except InvalidSchema:  # the end of the run tells that the items are not those of the list
            return grammar
        return replace(grammar, constraint=kept)

    async def _planned(self, number: int, previous: Outcome | None, max_characters: int) -> AttemptGrammar:
        full = AttemptGrammar(constraint_of(self.task.schema))
        if number == 1:
            return full
        if patched := await self._patched(number, previous, max_characters):
            return patched
        is_unpinned_last = number == self.task.limits.max_attempts > 2
        if previous is None or previous.assessment.value is None or is_unpinned_last:
            return full
        return await self._targeted(previous.assessment) or full

    async def _targeted(self, assessment: Assessment) -> AttemptGrammar | None:
        """Return a grammar that pins the sound values; None where there is none that the engine compiles."""
        grammar = await asyncio.to_thread(
            self.task.schema.pinned_grammar, assessment.value, assessment.violations
        )
        if grammar is None:
            return None
        constraint = retry_constraint(grammar)
        try:
            await self.collaborators.engine.prepare(constraint)
        except InvalidSchema:  # no value in these places satisfies the schema
            return None
        pointers = (violation.pointer for violation in assessment.violations)
        return AttemptGrammar(constraint, opened=tuple(dict.fromkeys(pointers)))

    async def _patched(
        self, number: int, previous: Outcome | None, max_characters: int
    ) -> AttemptGrammar | None:
        """Under `close`, return the grammar of one valid value for the last attempt, and after a cut answer.

        The value keeps what was sound in the last answer, as long as it surely fits.
        """
        cut = previous is not None and previous.generation.finish == "length"
        if not self.may_complete_answer or (number < self.task.limits.max_attempts and not cut):
            return None
        value = None if previous is None else previous.assessment.value
        patch = await self.collaborators.patcher(self.task.schema, value, max_characters)
        if patch is None:
            return None
        value, pointers = patch
        return AttemptGrammar(retry_constraint(pin_value(value, DEFAULT)), opened=pointers, patched=pointers)


def retry_constraint(grammar: Any) -> Constraint:
    """Return the constraint for a grammar made for one retry; its key differs from that of any schema."""
    text = f"narrowed {json_text.dumps(grammar)}"
    return Constraint(grammar, hashlib.sha256(text.encode()).hexdigest())
