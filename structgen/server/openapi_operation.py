"""One operation of the OpenAPI document, and the problems that groups of routes have."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from structgen.errors import PROBLEMS

Model = type[BaseModel]
EVERY = ""
"""Stands for every event of a stream in OpenAI's protocols."""
_UNLISTED = {"method-not-allowed", "client-gone", "internal"}
"""Problems that no operation lists: faults of the service, or of the method."""
_GENERATION = {"prompt-too-long", "incomplete", "unsatisfied", "deadline", "engine-failed"}
_GROUNDING = {"input-limit"}
FILES = frozenset({"unreadable-file", "converter-failed"})
"""Problems of the routes that take files."""
WITH_BODY = frozenset(PROBLEMS) - _UNLISTED - _GROUNDING - FILES
WITHOUT_GENERATION = WITH_BODY - _GENERATION
ACCESS = frozenset({"bad-request", "unauthorized", "forbidden"})
"""Problems of every route that checks access: a malformed header Host is a bad request."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One route and method."""

    method: str
    path: str
    name: str
    summary: str
    description: str = ""
    request: tuple[Model, Any] | None = None
    """Model and example of the request's body."""
    takes_files: bool = False
    """Whether the request may also be a form with a file."""
    response: tuple[Model, Any] | None = None
    """Model and example of the 200 as JSON."""
    texts: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Content of the 200 as text, by media type."""
    events: dict[str, Model] = field(default_factory=dict)
    """Models of the data of server-sent events, by the name of the event. `EVERY` stands for all names."""
    stream: str = ""
    """Example of a stream of these events."""
    problems: frozenset[str] = frozenset()
    openai: bool = False
    """Whether errors have OpenAI's envelope."""
    parameters: dict[str, Any] = field(default_factory=dict)
    """Examples of the parameters in the path."""
    headers: dict[str, Any] = field(default_factory=dict)
    """Headers of the 200, beside `x-request-id`."""

    @property
    def needs_key(self) -> bool:
        """Whether a service with API keys requires a key."""
        return "unauthorized" in self.problems
