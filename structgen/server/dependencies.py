"""The dependency that route handlers get by its name."""

from __future__ import annotations

from typing import TypeAlias

from litestar.datastructures import State
from litestar.di import NamedDependency, Provide
from litestar.params import SkipValidation

from structgen.server.service import Service

ServiceDependency: TypeAlias = NamedDependency[SkipValidation[Service]]


def provide_service(state: State) -> Service:
    """Return the service, which exists once the application has started."""
    service: Service = state.service
    return service


DEPENDENCIES = {"service": Provide(provide_service, sync_to_thread=False)}
