"""The body of `GET /v1/models`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from structgen.api.base import Body


class ModelEntry(Body):
    """A model, in the form that OpenAI clients expect."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: str
    demo: bool | None = Field(default=None, description="True for the demo model.")
    description: str | None = None


class ModelList(Body):
    """The served model: a list of one."""

    object: Literal["list"]
    data: list[ModelEntry]
