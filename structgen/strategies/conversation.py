"""The conversation of a first attempt: the schema, the caller's texts and examples."""

from __future__ import annotations

from collections.abc import Sequence

from structgen.prompts import base
from structgen.prompts.base import PromptFormat
from structgen.strategies.task import Task
from structgen.types import Message


def conversation(task: Task, prompt_format: PromptFormat) -> tuple[Message, ...]:
    """Return the messages of a first attempt."""
    system = prompt_format.system(task.schema.text)
    if task.sampling.thinking_tokens is not None:
        system = f"{prompt_format.THINKING}\n\n{system}"
    return base.conversation(
        system,
        prompt=task.prompt,
        document=task.document,
        examples=task.examples,
        messages=task.messages,
    )


def caller_text(messages: Sequence[Message]) -> str:
    """Return the text of all messages but the system turns."""
    return "\n".join(message.content for message in messages if message.role != "system")
