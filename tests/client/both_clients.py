"""One interface to both clients, for tests that run with each of them."""

from __future__ import annotations

import asyncio
from typing import Any

from structgen import AsyncClient, Client

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
HEALTH = b'{"status":"ok"}'


class BothClients:
    """Call either client from synchronous code."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def health(self, url: str, key: str | None = None, **options: Any) -> dict[str, Any]:
        if self.kind == "sync":
            with Client(url, key, **options) as client:
                return client.health()

        async def ask() -> dict[str, Any]:
            async with AsyncClient(url, key, **options) as client:
                return await client.health()

        return asyncio.run(ask())

    def validate(self, url: str, value: Any, **options: Any) -> list[Any]:
        if self.kind == "sync":
            with Client(url, **options) as client:
                return client.validate({}, value)

        async def ask() -> list[Any]:
            async with AsyncClient(url, **options) as client:
                return await client.validate({}, value)

        return asyncio.run(ask())

    def stream(self, url: str, **options: Any) -> list[Any]:
        if self.kind == "sync":
            with Client(url, **options) as client:
                return list(client.stream("invoice", "text"))

        async def ask() -> list[Any]:
            async with AsyncClient(url, **options) as client:
                return [item async for item in client.stream("invoice", "text")]

        return asyncio.run(ask())
