"""Fixtures of the client tests: clients of scripted services, and each of both clients."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from both_clients import BothClients
from scripted_service import Connect, Service

from structgen.backoff import Backoff
from structgen.client import Client


@pytest.fixture
def connect(monkeypatch: pytest.MonkeyPatch) -> Iterator[Connect]:
    """Make clients of scripted services, which wait about a millisecond before a retry."""
    opened: list[Client] = []

    def make(*script: httpx.Response | Exception, **options: Any) -> tuple[Client, Service]:
        service = Service(*script)
        client = Client("http://service", transport=httpx.MockTransport(service), **options)
        client.policy = replace(client.policy, backoff=Backoff(first=0.001))
        opened.append(client)
        return client, service

    yield make
    for client in opened:
        client.close()


@pytest.fixture(params=["sync", "async"])
def either(request: pytest.FixtureRequest) -> BothClients:
    """Run the test with each of both clients."""
    return BothClients(request.param)
