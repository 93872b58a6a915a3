"""The bodies of `GET /health` and `GET /ready`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from structgen.api.base import Body


class Health(Body):
    """The process is alive."""

    status: Literal["ok"]


class Readiness(Body):
    """The service can serve requests."""

    status: Literal["ready"]
    running: int = Field(description="Running requests in the engine.")
    waiting: int = Field(description="Waiting requests in the engine.")
