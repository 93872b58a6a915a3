"""Members that replies of both routes share: structgen's account, and errors."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from structgen.api.base import Body, UsageBody
from structgen.api.extract import AttemptBody
from structgen.api.repair import RepairAccount
from structgen.types import Diagnostic


class ChatAccount(Body):
    """The attempts behind a reply, and warnings about request and reply."""

    attempts: list[AttemptBody]
    usage: UsageBody
    warnings: list[Diagnostic] | None = Field(
        default=None, description="Warnings about the request, its schemas and the reply."
    )
    repairs: list[RepairAccount] | None = Field(
        default=None, description="Repairs of arguments and content, in their order."
    )
    forced: list[str] | None = Field(
        default=None, description="Pointers to values that the model did not write, or not completely."
    )


class ErrorBody(Body):
    """An error: its place in the request, and the remedy."""

    message: str = Field(description="What is wrong, and what to change.")
    type: Literal[
        "invalid_request_error",
        "authentication_error",
        "permission_error",
        "rate_limit_error",
        "server_error",
    ]
    param: str | None = Field(description="JSON Pointer to the member of the request that is at fault.")
    code: str = Field(description="The name of the problem, as under /problems/NAME.")
    structgen: dict[str, Any] | None = Field(
        default=None, description="The further members of the problem: violations, attempts, …"
    )


class ErrorEnvelope(Body):
    """An error in the form that OpenAI's clients read."""

    error: ErrorBody
