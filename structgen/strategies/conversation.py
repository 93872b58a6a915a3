"""The conversation of a first attempt: the schema, the caller's texts and examples."""

from __future__ import annotations

from structgen.prompts import base
from structgen.prompts.base import PromptFormat
from structgen.prompts.text_formats import text_format_instruction
from structgen.strategies.task import Task
from structgen.types import Conversation


def conversation(task: Task, prompt_format: PromptFormat) -> Conversation:
    """Return the conversation of a first attempt."""
    system = system_of(task, prompt_format)
    thinking = task.sampling.thinking_tokens is not None
    if thinking:
        system = f"{prompt_format.THINKING}\n\n{system}"
    messages = base.conversation(
        system,
        prompt=task.prompt,
        document=task.document,
        examples=task.examples,
        messages=task.messages,
        plain=task.text_format is not None,
        document_first=task.document_first,
    )
    return Conversation(messages, thinking=thinking)


def system_of(task: Task, prompt_format: PromptFormat) -> str:
    """Return the system text that asks for the task's format."""
    if task.text_format is not None:
        return text_format_instruction(task.text_format)
    return prompt_format.system(task.schema.text)


def caller_text(conversation: Conversation) -> str:
    """Return the text of all messages but the system turns."""
    return "\n".join(message.content for message in conversation.messages if message.role != "system")
