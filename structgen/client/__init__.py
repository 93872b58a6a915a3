"""The service's clients. `sync` and `aio` do the I/O that the calls in `calls` ask for."""

from structgen.client.aio import AsyncClient as AsyncClient
from structgen.client.results import ExtractResult as ExtractResult
from structgen.client.sync import Client as Client
