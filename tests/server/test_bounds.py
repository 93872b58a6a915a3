"""The work for one caller is bounded, and costs other callers little."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import json
import socket
import time
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from structgen.engines.fake import FakeEngine
from structgen.errors import EngineUnavailable, InvalidSchema, SchemaLimit
from structgen.schema import Schema, SchemaLimits
from structgen.schema.schema import DEFAULT_LIMITS
from structgen.server import schema_cache
from structgen.server.metrics import Metrics
from structgen.server.schema_cache import SchemaCache
from structgen.workers import WorkerPool

Serve = Callable[..., str]
CONTACT = '{"full_name":"A B","email":"a@b.example","phone":"1"}'
KNOWN = {"schema": "contact", "document": "A B, a@b.example, 1"}
COSTLY = {"schema": {"type": "string", "pattern": "^(a|aa)+$"}, "value": "a" * 60 + "!"}


def test_a_known_extraction_is_answered_beside_twelve_costly_clients(serve: Serve) -> None:
    """A known extraction stays fast beside costly clients, which get a result or a time to retry."""
    url = serve(FakeEngine([CONTACT]))
    assert httpx.post(f"{url}/v1/extract", json=KNOWN).status_code == 200
    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        attacks = [pool.submit(attack, url) for _ in range(12)]
        time.sleep(0.1)
        for _ in range(20):
            assert httpx.post(f"{url}/v1/extract", json=KNOWN, timeout=2).status_code == 200
        answers = [answer for job in attacks if (answer := job.result()) is not None]
    assert {answer.status_code for answer in answers} <= {200, 429}
    assert all("retry-after" in answer.headers for answer in answers if answer.status_code == 429)


@pytest.mark.parametrize("route", ["extract", "validate", "repair", "schemas/check"])
def test_whoever_leaves_takes_a_large_request_along(serve: Serve, route: str) -> None:
    """Thirty bodies of 600 KB whose clients disconnect at once delay no other request."""
    url = serve(FakeEngine([CONTACT]))
    host, port = urlsplit(url).netloc.split(":")
    schema = {"enum": [f"{n:0100}" for n in range(4_500)]}
    body = json.dumps({"schema": schema, "document": "x", "value": 1, "text": "{" * 90_000}).encode()
    head = f"POST /v1/{route} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    for _ in range(30):
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(head + body)
    for path, request in (("extract", KNOWN), ("validate", {"schema": {"multipleOf": 7}, "value": 14})):
        assert httpx.post(f"{url}/v1/{path}", json=request, timeout=10).status_code == 200


def attack(url: str) -> httpx.Response | None:
    """Request a costly check, and wait at most two seconds for it."""
    try:
        return httpx.post(f"{url}/v1/validate", json=COSTLY, timeout=2)
    except httpx.TimeoutException:
        return None


LARGE: list[Any] = [
    pytest.param("validate", {"schema": {"items": {"type": "string"}}, "value": [1] * 3212}, 200, 3212, id="violations"),
    pytest.param("validate", {"schema": {"items": {"type": "string"}}, "value": [[]] * 60_000}, 200, 10_000, id="more-than-are-looked-for"),
    pytest.param("extract", {"schema": True, "document": "x", "messages": [1] * 900}, 400, 900, id="messages"),
    pytest.param("extract", {"schema": True, "document": "x"} | {f"x{n}": 1 for n in range(500)}, 400, 500, id="members"),
    pytest.param("extract", {"schema": {"type": "integer"}, "document": "x", "examples": [{"document": "y", "data": "z"}] * 900}, 400, 101, id="examples"),
    pytest.param("extract", {"schema": {"properties": {f"p{n}": {"type": "x"} for n in range(300)}}, "document": "x"}, 422, 300, id="faults-of-a-schema"),
]  # fmt: skip


@pytest.mark.parametrize(("route", "body", "status", "total"), LARGE)
def test_an_answer_holds_a_hundred_violations_and_how_many_there_are(
    serve: Serve, route: str, body: Any, status: int, total: int
) -> None:
    """Every response lists at most a hundred violations, and their number."""
    answer = httpx.post(f"{serve(FakeEngine([CONTACT]))}/v1/{route}", json=body, timeout=30)
    assert answer.status_code == status
    assert (len(answer.json()["violations"]), answer.json()["violations_total"]) == (100, total)
    assert len(answer.content) < 50_000


@pytest.mark.parametrize("member", ["messages", "examples"])
def test_lists_of_a_request_are_bounded(serve: Serve, member: str) -> None:
    """A list that is too long is one fault, not one for each item."""
    body = {"schema": True, "document": "x", member: [1] * 60_000}
    answer = httpx.post(f"{serve(FakeEngine([]))}/v1/extract", json=body, timeout=30)
    assert answer.status_code == 400
    assert [v["pointer"] for v in answer.json()["violations"]] == [f"/{member}"]


def test_a_violation_does_not_repeat_the_value(serve: Serve) -> None:
    """The message of a violation does not contain the caller's long value."""
    body = {"schema": {"type": "integer", "pattern": "^b"}, "value": "a" * 100_000}
    answer = httpx.post(f"{serve(FakeEngine([]))}/v1/validate", json=body, timeout=30)
    assert answer.json()["valid"] is False
    assert len(answer.content) < 2_000


def test_slow_texts_take_no_others_with_them(serve: Serve) -> None:
    """The forty good texts of a request are returned unchanged beside three slow ones."""
    slow = json.dumps(["a" * 60 + "!"])
    texts = [slow, slow, slow, *(json.dumps(["a" * n]) for n in range(1, 41))]
    body = {"schema": {"items": {"pattern": "^(a|aa)+$"}}, "texts": texts}
    answer = httpx.post(f"{serve(FakeEngine([]), max_deadline=25)}/v1/repair", json=body, timeout=60)
    assert answer.status_code == 200
    results = answer.json()["results"]
    assert len(results) == 43
    assert [result["status"] for result in results[3:]] == ["unchanged"] * 40


@pytest.fixture
async def workers() -> AsyncIterator[WorkerPool]:
    """Yield a started pool of one worker, and close it."""
    pool = WorkerPool(size=1)
    await pool.start()
    yield pool
    await pool.close()


class Scripted(WorkerPool):
    """A pool whose parses raise the given errors first."""

    def __init__(self, *outcomes: Exception) -> None:
        super().__init__()
        self.outcomes = list(outcomes)
        self.parses = 0

    async def parse(
        self, given: bytes, limits: SchemaLimits, key: Any = None
    ) -> tuple[Schema, InvalidSchema | None, int]:
        self.parses += 1
        if self.outcomes:
            raise self.outcomes.pop(0)
        return Schema.parse(True), None, 100


def test_metrics_tell_what_waits_for_a_worker(serve: Serve) -> None:
    """The metrics count the waiting checks of each lane."""
    text = httpx.get(f"{serve(FakeEngine([]))}/metrics").text
    for lane in ("quick", "new", "costly"):
        assert f'structgen_checks_waiting{{lane="{lane}"}} 0.0' in text


async def test_schemas_are_kept_by_what_they_take(workers: WorkerPool) -> None:
    """The cache keeps few large schemas or many small ones, and drops the least recently used first."""
    cache = SchemaCache(workers, DEFAULT_LIMITS, 3 * 2**20, Metrics())
    large = [{"enum": [f"{n}{i:0100}" for i in range(1_000)]} for n in range(4)]
    first = (await cache.checked(large[0]))[0]
    assert (await cache.checked(large[0]))[0] is first
    for schema in large[1:]:
        await cache.checked(schema)
        assert cache.size <= 3 * 2**20
    assert (await cache.checked(large[0]))[0] is not first
    for number in range(100):
        await cache.checked({"minimum": number})
    small = (await cache.checked({"minimum": 0}))[0]
    assert (await cache.checked({"minimum": 0}))[0] is small


@pytest.mark.parametrize(
    ("outcome", "parses"),
    [
        pytest.param(EngineUnavailable("a worker was killed"), 2, id="no-verdict"),
        pytest.param(InvalidSchema("no schema"), 1, id="a-verdict"),
        pytest.param(SchemaLimit("too large", "max_bytes", 2, 1), 1, id="a-limit-of-size"),
        pytest.param(SchemaLimit("costly", "max_cpu_seconds", 5, 4), 2, id="a-limit-of-time-for-a-while"),
    ],
)
async def test_what_says_nothing_of_the_schema_is_not_kept(
    monkeypatch: pytest.MonkeyPatch, outcome: Exception, parses: int
) -> None:
    """Errors of the schema are kept, those of the service are not, and those of cost for a while."""
    monkeypatch.setattr(schema_cache, "LIMIT_LIFETIME", 0.05)
    pool = Scripted(outcome)
    cache = SchemaCache(pool, DEFAULT_LIMITS, 2**20, Metrics())
    with pytest.raises(type(outcome)):
        await cache.checked({})
    if isinstance(outcome, SchemaLimit):
        with pytest.raises(SchemaLimit):
            await cache.checked({})
        assert pool.parses == 1
    await asyncio.sleep(0.1)
    with contextlib.suppress(type(outcome)):
        await cache.checked({})
    assert pool.parses == parses


async def test_a_check_that_nobody_waits_for_is_given_up(workers: WorkerPool) -> None:
    """A check goes on until its last caller leaves, and is cancelled then."""
    cache = SchemaCache(workers, DEFAULT_LIMITS, 2**20, Metrics())
    given = {"enum": [f"{n:0100}" for n in range(4_500)]}
    asks = [asyncio.ensure_future(cache.checked(given)) for _ in range(3)]
    await asyncio.sleep(0)
    asks[0].cancel()
    await asyncio.sleep(0)
    assert len(cache) == 1
    for ask in asks[1:]:
        ask.cancel()
    await asyncio.gather(*asks, return_exceptions=True)
    assert (len(cache), cache.size) == (0, 0)
