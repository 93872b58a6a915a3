"""The text of a message: a string, null, or a list of text parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Self

from pydantic import BeforeValidator, Field, model_validator

from structgen.api.openai.tolerant import TolerantBody

TEXT_PARTS = ("text", "input_text", "output_text", "refusal", "reasoning_text", "summary_text")
"""Types of parts that hold text."""


class ContentPart(TolerantBody):
    """A piece of text."""

    HARMLESS: ClassVar[frozenset[str]] = frozenset({"annotations", "cache_control", "logprobs"})

    type: str = Field(default="text", description="`text`, `input_text`, `output_text` or `refusal`.")
    text: str | None = None
    refusal: str | None = None

    @model_validator(mode="after")
    def _require_text(self) -> Self:
        """Refuse images, audio and files, and parts without their text."""
        if self.type not in TEXT_PARTS:
            raise ValueError(
                f"a part of type {self.type[:40]!r} is not supported, the models read text alone: give parts "
                'of type "text"'
            )
        if self.written is None:
            member = "refusal" if self.type == "refusal" else "text"
            raise ValueError(f"a part of type {self.type!r} needs the member {member!r}, a string")
        return self

    @property
    def written(self) -> str | None:
        """Return the text of the part."""
        return self.refusal if self.type == "refusal" and self.text is None else self.text


def _as_parts(content: Any) -> Any:
    """Return content as a list of parts."""
    if content is None or content == "":
        return []
    if isinstance(content, str):
        return [ContentPart(type="text", text=content)]
    if not isinstance(content, list):
        raise ValueError("content must be a string, null, or a list of text parts")
    return [ContentPart(type="text", text=part) if isinstance(part, str) else part for part in content]


Content = Annotated[
    list[ContentPart],
    Field(max_length=2000),
    BeforeValidator(_as_parts, json_schema_input_type=str | list[ContentPart | str] | None),
]


def joined(parts: Sequence[ContentPart]) -> str:
    """Return the text of all parts."""
    return "".join(part.written or "" for part in parts)
