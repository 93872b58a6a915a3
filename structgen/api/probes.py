"""The bodies of `GET /health` and `GET /ready`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from structgen.api.base import Body


class Health(Body):
    """The process is alive."""

    status: Literal["ok"]


class Readiness(Body):
    """Requests can be served now."""

    status: Literal["ready"]
    running: int = Field(description="Requests that the engine works on.")
    waiting: int = Field(description="Requests that wait inside the engine.")
