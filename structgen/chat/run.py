"""Run a chat turn to its reply."""

from __future__ import annotations

from structgen.chat.reply import ChatReply, ChatSink
from structgen.chat.turn import ChatTurn
from structgen.strategies.base import Collaborators


async def compile_turn(turn: ChatTurn, collaborators: Collaborators) -> ChatTurn:
    """Compile the grammars of a turn before it waits for the engine; schemas may get wider grammars.

    Raises `InvalidSchema` for a schema or a text format without a grammar.
    """
    raise NotImplementedError


async def run_turn(turn: ChatTurn, collaborators: Collaborators, emit: ChatSink | None = None) -> ChatReply:
    """Return the reply to a turn; `emit` receives the events before it.

    Raises `Incomplete` and `Unsatisfied` where no choice has valid content or calls, `DeadlineExceeded`,
    `BadRequest` for what the engine does not support, and the errors of the engine.
    """
    raise NotImplementedError
