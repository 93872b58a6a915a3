"""Run a chat turn to its reply."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from structgen.chat.call_grammar import call_constraint
from structgen.chat.conversation import turn_conversation
from structgen.chat.delivery import last_delivery
from structgen.chat.free_reply import FreeReply
from structgen.chat.json_reply import JsonReply, format_task
from structgen.chat.reply import ChatReply, ChatSink, Choice, ChoiceEnded
from structgen.chat.turn import ChatTurn
from structgen.engines.base import Capabilities, Engine
from structgen.errors import BadRequest, InvalidSchema, StructgenError
from structgen.schema.declared_sizes import DeclaredSizes
from structgen.strategies import registry
from structgen.strategies.base import Collaborators
from structgen.strategies.best_of_n import result_or_error, shares
from structgen.strategies.final_error import with_account
from structgen.strategies.grammar_fallback import compiled
from structgen.strategies.value_limits import effective_limits, requested_limits
from structgen.types import Attempt, Diagnostic, Usage, Violation

CHOICE_FAILED, UNSUPPORTED = "choice-failed", "unsupported-option"
"""Codes of warnings."""


async def compile_turn(turn: ChatTurn, engine: Engine) -> ChatTurn:
    """Compile the grammars of a turn before it waits for the engine; its schema may get a wider grammar.

    A schema that the engine compiles no grammar of is validated only: the turn keeps the reason. Raises
    `InvalidSchema` for a text format without a grammar.
    """
    if turn.text_format is not None:
        await registry.compile_grammar(format_task(turn, engine), engine)
    if turn.schema is not None and turn.grammar_error is None and engine.capabilities.constrained:
        try:
            turn = replace(turn, schema=await compiled(turn.schema, engine))
        except InvalidSchema as error:
            turn = replace(turn, grammar_error=error)
    return replace(turn, call_constraint=await call_constraint(turn, engine))


async def run_turn(turn: ChatTurn, collaborators: Collaborators, emit: ChatSink | None = None) -> ChatReply:
    """Return the reply to a turn; `emit` receives the events before it.

    Raises `Incomplete` and `Unsatisfied` where no choice has valid content or calls, `DeadlineExceeded`,
    `BadRequest` for a turn without messages, and the errors of the engine.
    """
    if not turn.messages:
        raise BadRequest.from_violations(
            [Violation("/messages", "minItems", "give at least one message")], ""
        )
    turn, warnings = _supported(turn.started(), collaborators.engine)
    if turn.call_constraint is None:  # a turn of a caller in process
        turn = replace(turn, call_constraint=await call_constraint(turn, collaborators.engine))
    choices = await _choices(turn, collaborators, emit)
    errors = [choice for choice in choices if isinstance(choice, StructgenError)]
    failed = [
        Diagnostic("/n", CHOICE_FAILED, f"choice {index} failed, {choice.name}: {choice}")
        for index, choice in enumerate(choices)
        if isinstance(choice, StructgenError)
    ]
    schemas = [tool.schema for tool in turn.callable_tools]
    about_tools = [diagnostic for schema in schemas for diagnostic in schema.diagnostics()]
    return ChatReply(
        tuple(choice for choice in choices if isinstance(choice, Choice)),
        collaborators.engine.model,
        _usage(choices),
        (*warnings, *about_tools, *failed),
        _attempts(errors),
    )


async def _choices(
    turn: ChatTurn, collaborators: Collaborators, emit: ChatSink | None
) -> list[Choice | StructgenError]:
    """Run the choices of a turn at once; raise the first error where all fail."""
    if turn.n == 1:
        return [await _choice(turn, collaborators, 0, emit)]
    singles = [
        replace(turn, n=1, sampling=sampling, limits=limits)
        for sampling, limits in shares(turn.sampling, turn.limits, turn.n)
    ]
    runs = [
        asyncio.ensure_future(result_or_error(_choice(single, collaborators, index, emit)))
        for index, single in enumerate(singles)
    ]
    try:
        choices = await asyncio.gather(*runs)
    except asyncio.CancelledError:
        ended = [run.result() for run in runs if not run.cancelled() and run.exception() is None]
        if ended and turn.on_abandoned is not None:
            turn.on_abandoned(_usage(ended))
        raise
    finally:
        for run in runs:
            run.cancel()
    errors = [choice for choice in choices if isinstance(choice, StructgenError)]
    if len(errors) == len(choices):
        raise with_account(errors[0], _attempts(errors), _usage(errors)) from errors[0]
    return choices


def _usage(choices: Sequence[Choice | StructgenError]) -> Usage:
    return sum((choice.usage for choice in choices), Usage())


def _attempts(choices: Sequence[Choice | StructgenError]) -> tuple[Attempt, ...]:
    return tuple(attempt for choice in choices for attempt in choice.attempts)


async def _choice(turn: ChatTurn, collaborators: Collaborators, index: int, emit: ChatSink | None) -> Choice:
    conversation = turn_conversation(turn, collaborators.prompt_format)
    reply: FreeReply | JsonReply
    if turn.callable_tools or (turn.schema is None and turn.text_format is None):
        bounds = _bounds(turn, collaborators.engine) if turn.call_constraint is not None else None
        reply = FreeReply(turn, collaborators, conversation, index, emit, bounds=bounds)
    else:
        reply = JsonReply(turn, collaborators, conversation, index, emit)
    choice = await reply.choice()
    if emit is not None:
        async with last_delivery(turn, choice.attempts):
            await emit(ChoiceEnded(index, choice))
    return choice


def _bounds(turn: ChatTurn, engine: Engine) -> DeclaredSizes | None:
    """Return the largest sizes of values in calls and JSON, where the engine holds any."""
    if not engine.capabilities.bounds_values:
        return None
    schemas = [tool.schema for tool in turn.callable_tools]
    schemas += [turn.schema] if turn.schema is not None else []
    sizes = [schema.declared_sizes for schema in schemas]
    return effective_limits(turn.limits, DeclaredSizes(*map(max, zip(*sizes, strict=True))))


def _supported(turn: ChatTurn, engine: Engine) -> tuple[ChatTurn, list[Diagnostic]]:
    """Leave out the options that the engine cannot follow, with a warning for each."""
    warnings: list[Diagnostic] = []
    capabilities = engine.capabilities
    _check_limits(turn, capabilities)
    free_calls = bool(turn.callable_tools) and not turn.requires_call and turn.schema is None
    if turn.sampling.thinking_tokens is not None and (free_calls or not capabilities.supports_thinking):
        # Calls may stand between thoughts: the model opens them itself, and `max_tokens` bounds both.
        turn = replace(turn, sampling=replace(turn.sampling, thinking_tokens=None))
        if turn.thinking and not capabilities.supports_thinking and turn.schema is not None:
            turn = replace(turn, thinking=False)
            warnings.append(_unsupported("/reasoning_effort", "this engine's model cannot think before JSON"))
    if turn.logprobs and not capabilities.logprobs:
        turn = replace(turn, logprobs=False)
        warnings.append(_unsupported("/logprobs", "this engine returns no log-probabilities"))
    if turn.stop and (turn.schema is not None or turn.text_format is not None):
        warnings.append(_unsupported("/stop", "content of a format ends where the format ends"))
    return turn, warnings


def _check_limits(turn: ChatTurn, capabilities: Capabilities) -> None:
    """Raise `BadRequest` for limits that would be ignored; a reply of JSON alone checks its own."""
    if not turn.callable_tools and (turn.schema is not None or turn.text_format is not None):
        return
    reasons = {}
    if turn.limits.on_budget == "close":
        reasons["on_budget"] = "only JSON without tools can be completed in its budget: use 'incomplete'"
    if not (turn.callable_tools and capabilities.constrains_calls and capabilities.bounds_values):
        reason = "values are not bounded here: leave it out"
        reasons |= dict.fromkeys(requested_limits(turn.limits), reason)
    if reasons:
        violations = [Violation(f"/structgen/limits/{name}", "enum", text) for name, text in reasons.items()]
        raise BadRequest.from_violations(violations, "the request")


def _unsupported(pointer: str, reason: str) -> Diagnostic:
    return Diagnostic(pointer, UNSUPPORTED, f"{reason}: the option has no effect")
