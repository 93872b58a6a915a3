"""Clients of the service. The calls in this package do no I/O; `sync` and `aio` do it for them."""

from structgen.client.aio import AsyncClient as AsyncClient
from structgen.client.results import ExtractResult as ExtractResult
from structgen.client.sync import Client as Client
