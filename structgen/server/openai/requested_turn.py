"""A turn as a request describes it: its schemas are not checked yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from structgen.chat.turn import ToolChoice
from structgen.errors import BadRequest
from structgen.types import Diagnostic, Limits, Message, Sampling, TextFormat, Violation


@dataclass(frozen=True, slots=True)
class RequestedSchema:
    """A JSON Schema in a request, and the pointer to it."""

    definition: Any
    pointer: str


@dataclass(frozen=True, slots=True)
class RequestedTool:
    """A function that the model may call."""

    name: str
    description: str
    parameters: RequestedSchema


@dataclass(frozen=True, slots=True)
class ContentFormat:
    """The format of the content: at most one of `schema` and `text` is given."""

    schema: RequestedSchema | None = None
    show_schema: bool = True
    """Whether the prompt shows the schema."""
    text: TextFormat | None = None
    pointer: str = ""
    """Pointer to the text format."""


@dataclass(frozen=True, slots=True)
class RequestedTurn:
    """The members of a `ChatTurn`, with schemas as the caller gave them."""

    messages: tuple[Message, ...]
    format: ContentFormat = ContentFormat()
    tools: tuple[RequestedTool, ...] = ()
    tool_choice: ToolChoice = "auto"
    parallel_calls: bool = True
    thinking: bool = False
    keep_thoughts: bool = False
    sampling: Sampling = field(default_factory=Sampling)
    limits: Limits = field(default_factory=Limits)
    n: int = 1
    stop: tuple[str, ...] = ()
    logprobs: bool = False
    warnings: tuple[Diagnostic, ...] = ()
    """Warnings about the request."""

    def characters(self) -> int:
        """Count the characters of all messages."""
        return sum(len(message.content) + len(message.reasoning) for message in self.messages)

    @property
    def only_pointer(self) -> str | None:
        """The pointer to the one schema or format of the turn; None where it has several."""
        schemas = [tool.parameters for tool in self.tools]
        if self.format.schema is not None:
            schemas.append(self.format.schema)
        if self.format.text is not None:
            return self.format.pointer
        return schemas[0].pointer if len(schemas) == 1 else None


@dataclass
class Findings:
    """Faults and warnings that the translation of a request collects."""

    faults: list[Violation] = field(default_factory=list)
    warnings: list[Diagnostic] = field(default_factory=list)

    def fault(self, pointer: str, message: str, keyword: str = "value") -> None:
        """Add a fault."""
        self.faults.append(Violation(pointer, keyword, message))

    def warn(self, pointer: str, code: str, message: str) -> None:
        """Add a warning."""
        self.warnings.append(Diagnostic(pointer, code, message))

    def check(self) -> None:
        """Raise `BadRequest` with all faults, if there are any."""
        if self.faults:
            raise BadRequest.from_violations(self.faults, "the body")
