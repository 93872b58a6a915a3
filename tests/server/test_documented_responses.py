"""The OpenAPI document describes what the service sends; `running` holds every response against it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from documented_responses import DocumentedResponses, faults

PROBLEM = "application/problem+json"
NOT_FOUND: dict[str, Any] = {
    "type": "/problems/not-found", "title": "Not found", "status": 404, "detail": "x", "instance": "1",
}  # fmt: skip


@pytest.mark.parametrize(
    ("path", "status", "media_type", "body", "fault"),
    [
        pytest.param("/v1/schemas", 200, "application/json", {"schemas": ["a"]}, "", id="a-true-body"),
        pytest.param("/v1/schemas", 200, "application/json", {"schemas": [1]}, "SchemaNames", id="a-wrong-type"),
        pytest.param("/v1/schemas", 200, "application/json", {}, "'schemas' is a required", id="a-missing-member"),
        pytest.param("/health", 200, "application/json", {"status": "ok", "x": 1}, "'x' was", id="an-unknown-member"),
        pytest.param("/v1/schemas", 200, "text/plain", "", "lists no such response", id="another-media-type"),
        pytest.param("/v1/schemas", 202, "application/json", {}, "lists no such response", id="another-status"),
        pytest.param("/v1/other", 200, "application/json", {}, "no such operation", id="another-path"),
        pytest.param("/nowhere", 404, PROBLEM, NOT_FOUND, "", id="a-true-problem"),
        pytest.param("/nowhere", 400, PROBLEM, NOT_FOUND, "the status of not-found", id="a-problem-with-another-status"),
        pytest.param("/health", 404, PROBLEM, NOT_FOUND, "does not list the problem", id="a-problem-that-is-not-listed"),
    ],
)  # fmt: skip
def test_a_response_that_the_document_does_not_describe_is_a_fault(
    path: str, status: int, media_type: str, body: Any, fault: str
) -> None:
    """The check names the difference, and accepts a response as it is described."""
    found = list(faults("GET", path, status, media_type, json.dumps(body).encode()))
    assert len(found) == (1 if fault else 0)
    assert fault in "".join(found)


async def test_the_wrapper_checks_a_whole_response_that_is_sent_in_pieces() -> None:
    """The application's messages pass through unchanged."""

    async def application(scope: Any, receive: Any, send: Any) -> None:
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [(b"content-type", b"application/json")],
            }
        )
        for piece in (b'{"status"', b':"bad"}'):
            await send({"type": "http.response.body", "body": piece, "more_body": piece[-1:] != b"}"})

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    checked = DocumentedResponses(application)
    await checked({"type": "http", "method": "GET", "path": "/health"}, receive, send)
    assert [message["type"] for message in sent].count("http.response.body") == 2
    assert checked.checked == 1
    assert ["Health" in fault for fault in checked.faults] == [True]
