"""Long documents at the service: segments in turns, progress in the stream, coverage in the body."""

from __future__ import annotations

import concurrent.futures
import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from long_documents import STATEMENT, Oracle, row, statement

from structgen.client.sync import Client
from structgen.engines.base import Capabilities
from structgen.types import Sampling

Serve = Callable[..., str]


def test_a_long_document_has_its_coverage_in_the_body(serve: Serve) -> None:
    """The rows are counted in a worker process."""
    body = {"schema": STATEMENT, "document": statement(300), "limits": {"rows_per_segment": 60}}
    answer = httpx.post(f"{serve(Oracle())}/v1/extract", json=body, timeout=60)
    assert answer.status_code == 200, answer.text
    assert answer.json()["data"]["rows"] == list(map(row, range(300)))
    assert answer.json()["coverage"]["/rows"] == {
        "expected": 300,
        "found": 300,
        "complete": True,
        "unclaimed": [],
        "basis": "table",
        "certain": True,
    }


def test_a_shortfall_is_a_problem_with_the_partial_object(serve: Serve) -> None:
    """The 422 has the places of the rows, and names the option that accepts them."""
    engine = Oracle(lambda items, number: [x for x in items if x["description"] != "payment p7"])
    document = statement(60)
    body = {"schema": STATEMENT, "document": document, "limits": {"rows_per_segment": 20}}
    url = serve(engine)
    answer = httpx.post(f"{url}/v1/extract", json=body, timeout=60)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/incomplete")
    assert "on_shortfall" in answer.json()["detail"]
    [place] = answer.json()["coverage"]["/rows"]["unclaimed"]
    assert "payment p7 " in document[place["start"] : place["end"]]
    assert len(answer.json()["partial"]["rows"]) == 59
    reported = httpx.post(f"{url}/v1/extract", json={**body, "on_shortfall": "report"}, timeout=60)
    assert reported.status_code == 200
    assert reported.json()["coverage"]["/rows"]["unclaimed"] == [place]


@pytest.mark.parametrize(
    ("sampling", "raised"),
    [
        pytest.param({"max_tokens": 1024}, False, id="number-of-the-default"),
        pytest.param({"max_tokens": None}, True, id="null"),
        pytest.param({"seed": 1}, True, id="left-out"),
    ],
)
def test_only_a_bound_that_is_left_out_is_raised(
    serve: Serve, sampling: dict[str, Any], raised: bool
) -> None:
    """The body of a request and a `Sampling` of the client say whether the caller set it."""
    engine = Oracle()
    url, document = serve(engine), statement(60)
    body = {"schema": STATEMENT, "document": document, "sampling": sampling}
    assert httpx.post(f"{url}/v1/extract", json=body, timeout=60).status_code == 200
    with Client(url) as client:
        client.extract(STATEMENT, document, sampling=Sampling(**sampling))
    assert {request.sampling.answer_tokens > 1024 for request in engine.requests} == {raised}


def test_other_requests_get_their_turn_between_segments(serve: Serve) -> None:
    """One long document does not hold the engine."""
    engine = Oracle(concurrency=1, delay=0.0005)
    url = serve(engine)
    long = {"schema": STATEMENT, "document": statement(200), "limits": {"rows_per_segment": 5}}
    short = {"schema": STATEMENT, "document": statement(1)}
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        answer = pool.submit(httpx.post, f"{url}/v1/extract", json=long, timeout=120)
        while not engine.requests:
            time.sleep(0.01)
        assert httpx.post(f"{url}/v1/extract", json=short, timeout=60).status_code == 200
        assert not answer.done()
        assert answer.result().status_code == 200
    assert engine.most_running == 1


def test_a_stream_tells_the_progress(serve: Serve) -> None:
    """Each segment that is done counts, with the rows so far."""
    body = {
        "schema": STATEMENT,
        "document": statement(60),
        "limits": {"rows_per_segment": 20},
        "stream": True,
    }
    text = httpx.post(f"{serve(Oracle())}/v1/extract", json=body, timeout=60).text
    events = [
        block.split("\n") for block in text.strip().split("\n\n") if block.startswith("event: progress")
    ]
    progress = [json.loads(lines[1].removeprefix("data: ")) for lines in events]
    assert progress[0] == {"segments_done": 0, "segments": 4, "rows": 0}
    assert progress[-1] == {"segments_done": 4, "segments": 4, "rows": 60}


def test_a_document_beyond_the_context_is_no_prompt_that_is_too_long(serve: Serve) -> None:
    """It is read in segments, where its rows are known."""
    engine = Oracle()
    engine.capabilities = Capabilities(concurrency=4, context=2_000, characters=8_000)
    body = {"schema": STATEMENT, "document": statement(400)}
    answer = httpx.post(f"{serve(engine)}/v1/extract", json=body, timeout=60)
    assert answer.status_code == 200, answer.text
    assert len(answer.json()["data"]["rows"]) == 400
