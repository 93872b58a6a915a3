"""What the model reads: the schema, the caller's texts and examples."""

from __future__ import annotations

from collections.abc import Sequence

from structgen.prompts import base
from structgen.prompts.base import Format
from structgen.strategies.base import Task
from structgen.types import Message


def conversation(task: Task, prompts: Format) -> tuple[Message, ...]:
    """Return the messages of a first attempt."""
    system = prompts.system(task.schema.text)
    if task.sampling.thinking_tokens is not None:
        system = f"{prompts.THINKING}\n\n{system}"
    return base.conversation(
        system,
        prompt=task.prompt,
        document=task.document,
        examples=task.examples,
        messages=task.messages,
    )


def given(messages: Sequence[Message]) -> str:
    """Return all that the caller gave besides the schema, as one text."""
    return "\n".join(message.content for message in messages if message.role != "system")
