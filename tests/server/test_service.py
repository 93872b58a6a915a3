"""The service over real sockets: outcomes, errors, streams, access, and callers that go away."""

import asyncio
import concurrent.futures
import contextlib
import json
import logging
import re
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from structgen.config import ServerConfig
from structgen.engines.fake import FakeEngine, Reply
from structgen.errors import ConfigError, EngineFailed, EngineUnavailable, PromptTooLong
from structgen.server.sse import open_stream
from structgen.strategies.events import AttemptStarted, EventSink, TextDelta
from structgen.strategies.result import Result

Serve = Callable[..., str]
Running = Callable[..., contextlib.AbstractContextManager[str]]
SCHEMA = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}
ASK: dict[str, Any] = {"schema": SCHEMA, "document": "the secret document"}


def post(url: str, body: Any = None, **options: Any) -> httpx.Response:
    return httpx.post(f"{url}/v1/extract", json=ASK if body is None else body, **options)


def test_a_200_is_the_contracts_body(serve: Serve) -> None:
    """With the request id echoed."""
    response = post(serve(FakeEngine(['{"a":1}'])), headers={"x-request-id": "abc-1"})
    body = response.json()
    assert response.status_code == 200
    assert response.headers["x-request-id"] == "abc-1"
    assert set(body) == {"id", "status", "data", "attempts", "usage", "schema", "model"}
    assert (body["status"], body["data"], body["schema"]["dialect"]) == (
        "completed",
        {"a": 1},
        "draft2020-12",
    )
    assert (
        body["usage"]["total_tokens"] == body["usage"]["prompt_tokens"] + body["usage"]["completion_tokens"]
    )


def test_a_schema_may_be_named(serve: Serve) -> None:
    """One of the folder; an unknown name is a 404 that tells the names."""
    url = serve(FakeEngine(['{"full_name":"A B","email":"a@b.example","phone":"1"}']))
    assert post(url, {"schema": "contact", "document": "x"}).json()["schema"]["name"] == "contact"
    missing = post(url, {"schema": "nobody", "document": "x"})
    assert missing.status_code == 404
    assert "contact" in missing.json()["detail"]


def test_big_integers_survive_the_wire(serve: Serve) -> None:
    """Every digit, both ways."""
    digits = "1" + "0" * 60
    url = serve(FakeEngine([f'{{"a":{digits}}}']))
    assert post(url).json()["data"]["a"] == int(digits)
    checked = httpx.post(f"{url}/v1/validate", content=f'{{"schema":{{"maximum":5}},"value":{digits}}}')
    assert checked.json()["valid"] is False


FAULTS: list[Any] = [
    pytest.param("{", 400, "bad-request", "", id="no-json"),
    pytest.param('{"schema":true,"schema":true,"document":""}', 400, "bad-request", "", id="duplicate-key"),
    pytest.param('{"document":"x"}', 400, "bad-request", "/schema", id="no-schema"),
    pytest.param('{"schema":true}', 400, "bad-request", "", id="no-text"),
    pytest.param('{"schema":true,"document":" \\n","prompt":""}', 400, "bad-request", "", id="empty-texts"),
    pytest.param('{"schema":{"required":["a"]},"document":"x","examples":[{"document":"y","data":{}}]}', 400, "bad-request", "/examples/0/data", id="example-that-breaks-the-schema"),
    pytest.param("\ufeff{}", 400, "bad-request", "/schema", id="byte-order-mark"),
    pytest.param('{"schema":1,"document":"x"}', 400, "bad-request", "/schema", id="a-number-for-a-schema"),
    pytest.param('{"schema":true,"document":"x","stream":"yes"}', 400, "bad-request", "/stream", id="a-text-for-a-truth"),
    pytest.param('{"schema":true,"document":"x","sampling":{"seed":true}}', 400, "bad-request", "/sampling/seed", id="a-truth-for-a-number"),
    pytest.param('{"schema":true,"document":"x","a[b":1}', 400, "bad-request", "/a[b", id="a-name-with-a-bracket"),
    pytest.param('{"schema":{"$id":"http://["},"document":"x"}', 422, "invalid-schema", "/$id", id="no-uri"),
    pytest.param('{"schema":true,"document":"x","n":2}', 400, "bad-request", "/n", id="unknown-member"),
    pytest.param('{"schema":true,"document":"x","sampling":{"top_p":7}}', 400, "bad-request", "/sampling/top_p", id="range"),
    pytest.param('{"schema":{"type":"x"},"document":"x"}', 422, "invalid-schema", "/type", id="invalid-schema"),
    pytest.param('{"schema":{"$ref":"http://127.0.0.1:1/"},"document":"x"}', 422, "invalid-schema", "/$ref", id="remote-ref"),
    pytest.param('{"schema":{"$ref":"#"},"document":"x"}', 422, "invalid-schema", "", id="endless"),
    pytest.param('{"schema":true,"document":"x","limits":{"on_budget":"close"}}', 400, "bad-request", "/limits/on_budget", id="close"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "status", "name", "pointer"), FAULTS)
def test_bad_requests_name_the_place(serve: Serve, text: str, status: int, name: str, pointer: str) -> None:
    """As RFC 9457 problems."""
    response = httpx.post(f"{serve(FakeEngine(['{}']))}/v1/extract", content=text)
    body = response.json()
    assert response.status_code == body["status"] == status
    assert response.headers["content-type"] == "application/problem+json"
    assert body["type"] == f"/problems/{name}"
    assert body["instance"] == response.headers["x-request-id"]
    assert pointer in [v["pointer"] for v in body["violations"]]


def test_a_bound_beyond_doubles_is_left_to_validation(serve: Serve) -> None:
    """The grammar's backend cannot read the number, and the value is judged by it all the same."""
    url = serve(FakeEngine(['"x"']))
    body = '{"schema":{"minLength":%s},"document":"x","limits":{"max_attempts":1}}' % ("9" * 400)
    answer = httpx.post(f"{url}/v1/extract", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["violations"][0]["keyword"]) == (422, "minLength")


def test_every_fault_of_a_request_is_told(serve: Serve) -> None:
    """Not only the first."""
    text = '{"sampling":{"top_p":7,"n":0},"schema":5,"x":1}'  # and no text
    body = httpx.post(f"{serve(FakeEngine(['{}']))}/v1/extract", content=text).json()
    found = {v["pointer"] for v in body["violations"]}
    assert {"/sampling/top_p", "/sampling/n", "/schema", "/x", ""} <= found


OUTCOMES: list[Any] = [
    pytest.param([Reply('{"a":1', "length")], 422, "incomplete", {"partial": {}, "cut_at": "/a"}, id="incomplete"),
    pytest.param(["{}"], 422, "unsatisfied", {"last": {}}, id="unsatisfied"),
    pytest.param([Reply(error=PromptTooLong("long", 9, 5))], 422, "prompt-too-long", {"tokens": 9, "allowed": 5}, id="too-long"),
    pytest.param([Reply(error=EngineUnavailable("down", 7))], 503, "engine-unavailable", {}, id="unavailable"),
    pytest.param([Reply(error=RuntimeError("the secret document"))], 500, "internal", {}, id="internal"),
]  # fmt: skip


@pytest.mark.parametrize(("replies", "status", "name", "members"), OUTCOMES)
def test_outcomes(serve: Serve, replies: list[Any], status: int, name: str, members: dict[str, Any]) -> None:
    """Each with its members; attempts and usage where something was generated."""
    response = post(serve(FakeEngine(replies)))
    body = response.json()
    assert (response.status_code, body["type"]) == (status, f"/problems/{name}")
    assert members.items() <= body.items()
    assert "secret" not in response.text
    if name in ("incomplete", "unsatisfied"):
        assert body["attempts"][0]["usage"]
    if status == 503:
        assert response.headers["retry-after"] == "7"


def test_the_deadline_is_a_504(serve: Serve) -> None:
    """With the account of what was done."""
    url = serve(FakeEngine([Reply('{"a":1}' + " " * 400, delay=0.1)]))
    response = post(url, {**ASK, "limits": {"deadline": 3}})
    assert response.status_code == 504
    assert response.json()["attempts"][0]["status"] == "deadline"


def test_the_deadline_covers_the_queue(serve: Serve) -> None:
    """Who waits for a place longer than that is told so in time, and takes none."""

    class Single(FakeEngine):
        def __init__(self) -> None:
            super().__init__([Reply('{"a":1}' + " " * 100, delay=0.1)])
            self.capabilities = replace(self.capabilities, concurrency=1)

    engine = Single()
    url = serve(engine)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        first = pool.submit(post, url)
        while not engine.requests:
            time.sleep(0.01)
        late = post(url, {**ASK, "limits": {"deadline": 0.3}})
        assert not first.done()
        assert first.result().status_code == 200
    assert (late.status_code, late.json()["attempts"]) == (504, [])
    assert len(engine.requests) == 1


@pytest.mark.parametrize("levels", [200, 400, 600, 900])
def test_depth_has_one_answer(serve: Serve, levels: int) -> None:
    """However deep: a schema is over its limit, a value has a violation, a text is no JSON that is read."""
    url = serve(FakeEngine(["[" * levels + "]" * levels]))
    deep = "[" * levels + "1" + "]" * levels
    schema = '{"properties":{"a":' * (levels // 2) + "true" + "}}" * (levels // 2)
    answers = [
        httpx.post(f"{url}/v1/{route}", content=body).json()
        for route, body in (
            ("extract", f'{{"schema":{schema},"document":"x"}}'),
            ("validate", f'{{"schema":{{"maxItems":0}},"value":{deep}}}'),
            ("repair", json.dumps({"text": deep})),
            (
                "extract",
                '{"schema":{"type":"array","maxItems":0},"document":"x","limits":{"max_attempts":1}}',
            ),
        )
    ]
    assert answers[0]["type"] == "/problems/schema-limit"
    assert answers[0]["limit"] == "max_depth"
    assert answers[1]["valid"] is False
    assert answers[2]["status"] == ("unchanged" if levels < 500 else "failed")
    assert answers[3]["type"] == "/problems/unsatisfied"


def test_what_intermediaries_send_is_understood(serve: Serve) -> None:
    """Probes by HEAD, schemes in any case; a method says which there are, a coding that it is not read."""
    url = serve(FakeEngine(['{"a":1}']), api_key="k", max_body=1000)
    assert httpx.head(f"{url}/health").status_code == httpx.head(f"{url}/ready").status_code == 200
    assert post(url, headers={"authorization": "bearer k"}).status_code == 200
    key = {"authorization": "Bearer k"}
    wrong = httpx.get(f"{url}/v1/extract", headers=key)
    assert (wrong.status_code, "POST" in wrong.headers["allow"]) == (405, True)
    assert httpx.post(f"{url}/v1/extract", content=b"x" * 2000, headers=key).json()["allowed"] == 1000
    packed = httpx.post(f"{url}/v1/extract", content=b"x", headers={**key, "content-encoding": "gzip"})
    assert (packed.status_code, "gzip" in packed.json()["detail"]) == (400, True)


def test_routes_methods_and_sizes(serve: Serve) -> None:
    """Problems too; a body without a length is counted as it comes."""
    url = serve(FakeEngine(["{}"]), max_body=1000)
    assert httpx.get(f"{url}/nowhere").json()["type"] == "/problems/not-found"
    assert httpx.get(f"{url}/v1/extract").status_code == 405
    assert httpx.post(f"{url}/v1/extract", content=b"x" * 2000).status_code == 413
    assert httpx.post(f"{url}/v1/extract", content=iter([b"x" * 600] * 3)).status_code == 413
    assert httpx.get(f"{url}/problems/incomplete").json()["status"] == 422
    counted = httpx.get(f"{url}/metrics").text
    assert 'structgen_requests_total{route="none",status="404"} 1.0' in counted
    assert 'structgen_requests_total{route="none",status="405"} 1.0' in counted


def events(text: str) -> list[tuple[str, Any]]:
    found = []
    for block in text.strip().split("\n\n"):
        name, data = block.split("\n")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


def test_a_stream_tells_attempts_text_parts_and_one_end(serve: Serve) -> None:
    """A new attempt withdraws the text before it."""
    response = post(serve(FakeEngine(["{}", '{"a":12345678}'])), {**ASK, "stream": True})
    assert response.headers["content-type"].startswith("text/event-stream")
    found = events(response.text)
    assert [data["number"] for name, data in found if name == "attempt"] == [1, 2]
    second = found.index(("attempt", {"number": 2, "strategy": "constrained"}))
    assert "".join(d["delta"] for name, d in found[second:] if name == "text") == '{"a":12345678}'
    assert [name for name, _ in found if name in ("result", "problem")] == ["result"]
    assert found[-1][1]["data"] == {"a": 12345678}


def test_a_stream_that_fails_ends_with_its_problem(serve: Serve) -> None:
    """As the last event, not as a broken connection."""
    found = events(post(serve(FakeEngine(["{}"])), {**ASK, "stream": True}).text)
    assert found[-1][0] == "problem"
    assert found[-1][1]["type"] == "/problems/unsatisfied"
    hidden = events(post(serve(FakeEngine([Reply(error=RuntimeError("x"))])), {**ASK, "stream": True}).text)
    assert hidden[-1][1]["type"] == "/problems/internal"


def test_a_stream_that_cannot_begin_has_a_status_of_its_own(serve: Serve) -> None:
    """As without one: a client that looks at the status alone comes again when it is told to."""
    url = serve(FakeEngine(['{"a":1}']), max_queue=0)
    unknown = post(url, {**ASK, "schema": "nobody", "stream": True})
    assert (unknown.status_code, unknown.json()["type"]) == (404, "/problems/not-found")
    engine = FakeEngine([Reply('{"a":1}' + " " * 40, delay=0.1)])
    engine.capabilities = replace(engine.capabilities, concurrency=1)
    url = serve(engine, max_queue=0)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        first = pool.submit(post, url)
        while not engine.requests:
            time.sleep(0.01)
        refused = post(url, {**ASK, "stream": True})
        assert (refused.status_code, "retry-after" in refused.headers) == (429, True)
        assert first.result().status_code == 200


async def test_a_stream_begins_before_its_first_event_comes() -> None:
    """Comments keep the connection open until the first event; the run ends with its stream."""
    closed, ready = asyncio.Event(), asyncio.Event()

    async def slow(emit: EventSink) -> Result:
        try:
            await ready.wait()
            await emit(AttemptStarted(1, "constrained"))
            await emit(TextDelta("x"))
            raise EngineFailed("broken")
        finally:
            closed.set()

    messages = []
    async for message in await open_stream(slow, "id", patience=0.05, keep_alive=0.05):
        messages.append(message)
        ready.set()
    assert messages[0].startswith(b":")
    assert [m.split(b"\n")[0] for m in messages if not m.startswith(b":")] == [
        b"event: attempt",
        b"event: text",
        b"event: problem",
    ]
    assert closed.is_set()


@pytest.mark.parametrize("read", [0, 1], ids=["before its first byte", "after its first event"])
async def test_a_stream_that_is_dropped_stops_its_run(read: int) -> None:
    """A client may leave between the start of the run and the first byte: the run must not hold its place."""
    cancelled = asyncio.Event()

    async def endless(emit: EventSink) -> Result:
        try:
            while True:
                await emit(TextDelta("x"))
        except asyncio.CancelledError:
            cancelled.set()
            raise

    stream = await open_stream(endless, "id")
    for _ in range(read):
        await anext(stream)
    del stream
    await asyncio.wait_for(cancelled.wait(), 5)


@pytest.mark.parametrize("stream", [False, True], ids=["plain", "stream"])
def test_a_caller_that_goes_away_stops_its_generation(serve: Serve, stream: bool) -> None:
    """Measured at the engine, over a real socket; and it is counted, with the tokens that it took."""
    engine = FakeEngine([Reply('{"a":1}' + " " * 4000, delay=0.02)])
    url = serve(engine)
    with (
        contextlib.suppress(httpx.ReadTimeout),
        httpx.stream("POST", f"{url}/v1/extract", json={**ASK, "stream": stream}, timeout=0.5) as answer,
    ):
        next(chunk for chunk in answer.iter_bytes() if b"event: text" in chunk)
    counted = 'structgen_extractions_total{outcome="client-gone"} 1.0'
    for _ in range(100):
        if engine.cancelled and counted in (text := httpx.get(f"{url}/metrics").text):
            assert re.search(r'structgen_tokens_total\{kind="completion"\} [1-9]', text)
            return
        time.sleep(0.02)
    pytest.fail(f"the generation runs on, or nobody counted its end: {engine.cancelled} cancelled")


def test_two_hundred_at_once_are_answered_or_refused(serve: Serve) -> None:
    """None is lost, and those refused are told when to come again."""

    class Narrow(FakeEngine):
        def __init__(self) -> None:
            super().__init__([Reply('{"a":1}', delay=0.02)])
            self.capabilities = replace(self.capabilities, concurrency=4)

    url = serve(Narrow(), max_queue=40)
    with httpx.Client(limits=httpx.Limits(max_connections=200), timeout=60) as client:

        def ask(_: int) -> httpx.Response:
            return client.post(f"{url}/v1/extract", json=ASK)

        with concurrent.futures.ThreadPoolExecutor(200) as pool:
            answers = list(pool.map(ask, range(200)))
    statuses = [answer.status_code for answer in answers]
    assert set(statuses) == {200, 429}
    assert statuses.count(200) >= 44
    assert all(int(a.headers["retry-after"]) >= 1 for a in answers if a.status_code == 429)


def test_the_key_guards_all_but_health_and_documentation(serve: Serve) -> None:
    """A bearer token, compared in full."""
    url = serve(FakeEngine(['{"a":1}']), api_key="secret-key")
    assert post(url).status_code == 401
    assert post(url, headers={"authorization": "Bearer secret-kex"}).status_code == 401
    assert post(url, headers={"authorization": "Bearer secret-key"}).status_code == 200
    assert httpx.get(f"{url}/metrics").status_code == 401
    for path in ("/health", "/ready", "/docs", "/openapi.json"):
        assert httpx.get(url + path).status_code == 200


def test_off_loopback_it_wants_a_key() -> None:
    """Or it does not start."""
    with pytest.raises(ConfigError, match="STRUCTGEN_API_KEY"):
        ServerConfig(host="0.0.0.0")
    assert ServerConfig(host="0.0.0.0", api_key="k" * 16).host == "0.0.0.0"


@pytest.mark.parametrize("key", ["k\n", " k", "ключ", ""], ids=repr)
def test_a_key_that_nobody_can_send_is_refused(key: str) -> None:
    """At the start, not with a 401 for everyone."""
    with pytest.raises(ConfigError, match="STRUCTGEN_API_KEY"):
        ServerConfig(api_key=key)


def test_logs_hold_no_document_prompt_or_key(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever happens to the request."""
    caplog.set_level(logging.DEBUG)
    replies = ['{"a":1}', "{}", Reply(error=RuntimeError("the secret document"))]
    url = serve(FakeEngine(replies), api_key="secret-key")
    for _ in range(4):
        post(url, {**ASK, "prompt": "the secret prompt"}, headers={"authorization": "Bearer secret-key"})
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("structgen")]
    assert any("POST /v1/extract 200" in line for line in ours)
    assert not any("secret" in record.getMessage() for record in caplog.records)


def test_readiness_is_the_engines(serve: Serve) -> None:
    """Alive all the time, ready only while the engine is; then 503 with a time to come again."""
    engine = FakeEngine(['{"a":1}'])
    url = serve(engine)
    assert httpx.get(f"{url}/ready").status_code == 200
    engine._closed = True
    refused = post(url)
    assert (httpx.get(f"{url}/health").status_code, httpx.get(f"{url}/ready").status_code) == (200, 503)
    assert (refused.status_code, "retry-after" in refused.headers) == (503, True)


def test_metrics_count_what_happened(serve: Serve) -> None:
    """Requests, attempts, validity, tokens."""
    url = serve(FakeEngine(["{}", '{"a":1}']))
    post(url)
    text = httpx.get(f"{url}/metrics").text
    assert 'structgen_requests_total{route="/v1/extract",status="200"} 1.0' in text
    assert 'structgen_attempts_total{status="violations"} 1.0' in text
    assert 'structgen_first_pass_total{valid="false"} 1.0' in text
    assert 'structgen_extractions_total{outcome="completed"} 1.0' in text
    assert 'outcome="client-gone"' not in text
    assert "structgen_queue_length 0.0" in text


def test_validate_tells_all_violations(serve: Serve) -> None:
    """Of a value that the caller has."""
    url = serve(FakeEngine([]))
    body = {"schema": SCHEMA, "value": {"a": "x"}}
    assert httpx.post(f"{url}/v1/validate", json=body).json() == {
        "valid": False,
        "violations": [{"pointer": "/a", "keyword": "type", "message": "'x' is not of type 'integer'"}],
    }
    assert (
        httpx.post(f"{url}/v1/validate", json={"schema": SCHEMA, "value": {"a": 1}}).json()["valid"] is True
    )


def test_the_openapi_document_is_whole(serve: Serve) -> None:
    """3.1, with every route that callers use, an example for each body, and references that resolve."""
    url = serve(FakeEngine([]))
    api = httpx.get(f"{url}/openapi.json").json()
    assert api["openapi"].startswith("3.1")
    assert {"/v1/extract", "/v1/validate", "/v1/models", "/health", "/ready"} <= set(api["paths"])
    extract = api["paths"]["/v1/extract"]["post"]
    assert {"200", "400", "401", "404", "413", "422", "429", "503", "504"} <= set(extract["responses"])
    text = json.dumps(api)
    for name in {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}:
        assert name in api["components"]["schemas"]


def test_running_requests_end_when_the_service_stops(running: Running) -> None:
    """A stop waits for them."""
    engine = FakeEngine([Reply('{"a":1}' + " " * 60, delay=0.05)])
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        with running(engine) as url:
            answer = pool.submit(post, url)
            while not engine.requests:
                time.sleep(0.01)
        assert answer.result().status_code == 200


def test_who_outlasts_the_grace_is_told(running: Running) -> None:
    """A stream ends with its problem, and is not broken off."""
    engine = FakeEngine([Reply('{"a":1}' + " " * 4000, delay=0.05)])
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        with running(engine, shutdown_grace=2) as url:
            answer = pool.submit(post, url, {**ASK, "stream": True}, timeout=30)
            while not engine.requests:
                time.sleep(0.01)
        name, problem = events(answer.result().text)[-1]
    assert (name, problem["type"]) == ("problem", "/problems/engine-unavailable")
    assert problem["attempts"][0]["status"] == "error"
    assert problem["usage"]["completion_tokens"] > 0
