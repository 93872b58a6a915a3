"""Members of requests and results about long documents, over real sockets, and the event of their progress."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from structgen import Client
from structgen.engines.fake import FakeEngine
from structgen.schema import Schema
from structgen.server.sse import open_stream
from structgen.strategies.events import EventSink, Progress
from structgen.strategies.result import Result
from structgen.types import Coverage, Span, Usage

SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "total": {"type": "number"}},
    "required": ["name", "total"],
}
BODY = {"schema": SCHEMA, "document": "signed: Ada Moore", "limits": {"max_attempts": 1}}


@pytest.fixture(scope="module")
def url(shared_serve: Callable[..., str]) -> str:
    """Return the address of a service whose every answer lacks the total."""
    return shared_serve(FakeEngine(['{"name":"Ada Moore","total":null}']))


def test_absent_members_are_null_where_the_request_allows_it(url: str) -> None:
    """The result names the caller's schema; by default that rules."""
    answer = httpx.post(f"{url}/v1/extract", json={**BODY, "on_absent": "null", "evidence": True}).json()
    assert (answer["data"], answer["absent"]) == ({"name": "Ada Moore", "total": None}, ["/total"])
    assert answer["schema"]["hash"] == Schema.parse(SCHEMA).hash
    assert set(answer["evidence"]) == {"/name", "/total"}
    refused = httpx.post(f"{url}/v1/extract", json=BODY)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/unsatisfied")


def test_a_client_reads_them(url: str) -> None:
    """A schema as a dict gives plain JSON."""
    with Client(url) as client:
        result = client.result(SCHEMA, "signed: Ada Moore", on_absent="null", on_progress=print)
    assert (result.data["total"], result.absent, result.coverage) == (None, ("/total",), {})


@pytest.mark.parametrize(
    "given",
    [
        {"on_shortfall": "close"},
        {"on_absent": None},
        {"limits": {"rows_per_segment": 0}},
        {"limits": {"segment_tokens": 15}},
    ],
)
def test_a_fault_has_its_pointer(url: str, given: dict[str, Any]) -> None:
    """Other values are refused as those of other members."""
    refused = httpx.post(f"{url}/v1/extract", json={**BODY, **given}).json()
    assert refused["type"] == "/problems/bad-request"
    (name, value), *_ = given.items()
    pointer = f"/{name}/{next(iter(value))}" if isinstance(value, dict) else f"/{name}"
    assert [violation["pointer"] for violation in refused["violations"]] == [pointer]


def test_progress_is_an_event_before_the_result() -> None:
    """The result after it has the coverage."""
    coverage = Coverage(2, 1, (Span(3, 5),), "lines", certain=False)

    async def run(emit: EventSink) -> Result:
        await emit(Progress(1, 2, 40))
        return Result([], (), Usage(), Schema.parse({}), "m", coverage={"": coverage})

    async def events() -> list[str]:
        return [event.decode() async for event in await open_stream(run, "1")]

    progress, result = asyncio.run(events())
    assert progress == 'event: progress\ndata: {"segments_done":1,"segments":2,"rows":40}\n\n'
    assert json.loads(result.partition("data: ")[2])["coverage"] == {"": coverage.to_json()}


def test_the_document_names_the_event(url: str) -> None:
    """Programs find its members beside those of the other events."""
    document = json.dumps(httpx.get(f"{url}/openapi.json").json())
    assert '"ProgressEvent"' in document
    assert '"segments_done"' in document
