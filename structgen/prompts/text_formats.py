"""The system text that asks for plain text in a format."""

from __future__ import annotations

from structgen import json_text
from structgen.types import TextFormat

MAX_GRAMMAR = 4_000
"""Characters of a grammar that the prompt shows: a longer one tells a model little."""
_UNSEEN = "Answer in the format that is asked for, without any other text."


def text_format_instruction(text_format: TextFormat) -> str:
    """Return the instruction to answer in a text format, with its definition unless that is long."""
    match text_format.kind:
        case "choice":
            choices = "\n".join(map(_line, text_format.choices))
            return f"Answer with exactly one of these texts, without any other text:\n{choices}"
        case "regex":
            asked = "Answer with text that matches this regular expression as a whole, without any other text"
            return f"{asked}:\n{text_format.regex}"
        case "lark":
            if len(grammar := text_format.lark or "") > MAX_GRAMMAR:
                return _UNSEEN
            return f"Answer with text that follows this Lark grammar, without any other text:\n{grammar}"


def _line(choice: str) -> str:
    """Return a choice as a line; one that is not a line of its own is a JSON string."""
    return choice if choice.strip() == choice and choice.splitlines() == [choice] else json_text.dumps(choice)
