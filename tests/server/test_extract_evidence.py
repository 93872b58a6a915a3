"""Evidence of an extraction over real sockets: at once, in streams, and through both clients."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from structgen import AsyncClient, Client
from structgen.engines.fake import FakeEngine
from structgen.errors import BadRequest
from structgen.types import EvidenceOptions

SCHEMA = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
DOCUMENT = "signed: Ada Moore"
BODY = {"schema": SCHEMA, "document": DOCUMENT}


@pytest.fixture(scope="module")
def url(shared_serve: Callable[..., str]) -> str:
    """Return the address of a service whose every answer is the same."""
    return shared_serve(FakeEngine(['{"name":"Ada Moore"}']))


def place(evidence: Any) -> str:
    return DOCUMENT[evidence["/name"]["start"] : evidence["/name"]["end"]]


def test_evidence_comes_where_it_is_asked_for(url: str) -> None:
    """False and null mean none, true the places and scores, options more."""
    answers = [
        httpx.post(f"{url}/v1/extract", json={**BODY, "evidence": given}).json()
        for given in (False, None, True, {}, {"readings": 2, "signals": True})
    ]
    assert ["evidence" in answer for answer in answers] == [False, False, True, True, True]
    assert [place(answer["evidence"]) for answer in answers[2:]] == ["Ada Moore"] * 3
    assert all(0 < answer["evidence"]["/name"]["score"] < 1 for answer in answers[2:])
    assert "signals" not in answers[2]["evidence"]["/name"]
    assert answers[4]["evidence"]["/name"]["signals"]["second_reading"] == 1
    assert [attempt.get("reading") for attempt in answers[4]["attempts"]] == [None, 2]
    assert answers[4]["usage"]["total_tokens"] == 2 * answers[0]["usage"]["total_tokens"]


def test_the_result_of_a_stream_has_it(url: str) -> None:
    """The last event is the body of a plain response."""
    text = httpx.post(f"{url}/v1/extract", json={**BODY, "stream": True, "evidence": True}).text
    last = text.strip().split("\n\n")[-1]
    assert last.startswith("event: result\n")
    assert place(json.loads(last.partition("data: ")[2])["evidence"]) == "Ada Moore"


@pytest.mark.parametrize(
    ("given", "pointer"),
    [("yes", "/evidence"), ({"readings": 5}, "/evidence/readings"), ({"reading": 2}, "/evidence/reading")],
)
def test_a_fault_has_its_pointer(url: str, given: Any, pointer: str) -> None:
    """Options are checked as those of other groups."""
    response = httpx.post(f"{url}/v1/extract", json={**BODY, "evidence": given})
    assert (response.status_code, response.json()["violations"][0]["pointer"]) == (400, pointer)


@pytest.mark.parametrize("option", [True, {"readings": 2}, EvidenceOptions(readings=2)], ids=str)
async def test_both_clients_have_it(url: str, option: Any) -> None:
    """The result has it by pointers; a plain call has none."""
    with Client(url) as client:
        evidence = client.result(SCHEMA, DOCUMENT, evidence=option).evidence
        assert client.result(SCHEMA, DOCUMENT).evidence is None
        assert client.extract(SCHEMA, DOCUMENT, evidence=option) == {"name": "Ada Moore"}
        with pytest.raises(BadRequest, match="/evidence/readings"):
            client.extract(SCHEMA, DOCUMENT, evidence={"readings": 9})
    async with AsyncClient(url) as other:
        assert (await other.result(SCHEMA, DOCUMENT, evidence=option)).evidence == evidence
    assert evidence is not None
    assert (evidence["/name"].kind, evidence["/name"].start, evidence["/name"].end) == ("exact", 8, 17)
