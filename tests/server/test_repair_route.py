"""`POST /v1/repair` over real sockets, and the clients' `repair`."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from structgen import AsyncClient, Client
from structgen.engines.fake import FakeEngine

Serve = Callable[..., str]
SCHEMA = {"type": "object", "properties": {"total": {"type": "number"}}, "required": ["total"]}


def post(url: str, **body: Any) -> httpx.Response:
    return httpx.post(f"{url}/v1/repair", json=body)


def test_one_text(serve: Serve) -> None:
    """The whole account, without a schema and with one."""
    url = serve(FakeEngine(["{}"]))
    plain = post(url, text="{total: '12.50',}").json()
    assert (plain["status"], plain["value"]) == ("repaired", {"total": "12.50"})
    assert {fix["kind"] for fix in plain["fixes"]} == {"key-quotes", "quotes", "comma"}
    led = post(url, text="{total: '12.50',}", schema=SCHEMA).json()
    assert led["value"] == {"total": 12.5}
    assert led["changes"][0]["risk"] == "coerced"


def test_many_texts(serve: Serve) -> None:
    """In their order; a text that fails is a result like the others."""
    results = post(serve(FakeEngine(["{}"])), texts=["[1,2", "sorry", '{"a": 1}']).json()["results"]
    assert [r["status"] for r in results] == ["repaired", "failed", "unchanged"]
    assert [r["value"] for r in results] == [[1, 2], None, {"a": 1}]


def test_the_model_is_asked_only_if_wanted(serve: Serve) -> None:
    """`never` by default."""
    engine = FakeEngine(['{"total":3}'])
    url = serve(engine)
    assert post(url, text="{}", schema=SCHEMA).json()["status"] == "failed"
    assert engine.requests == []
    asked = post(url, text="{}", schema=SCHEMA, model="if_needed", source="The total is 3.").json()
    assert (asked["status"], asked["value"]) == ("model_repaired", {"total": 3})
    assert asked["usage"]["completion_tokens"] > 0


@pytest.mark.parametrize(
    "body", [{}, {"text": "x", "texts": ["x"]}, {"texts": []}, {"text": "x", "model": "always"}], ids=str
)
def test_malformed_requests(serve: Serve, body: Any) -> None:
    """A 400 that names the field."""
    response = post(serve(FakeEngine(["{}"])), **body)
    assert response.status_code == 400
    assert response.json()["violations"]


async def test_the_clients_repair(serve: Serve) -> None:
    """The same result, as a value."""
    url = serve(FakeEngine(["{}"]))
    with Client(url) as client:
        one = client.repair("{total: '12.50'}", SCHEMA)
    async with AsyncClient(url) as client_:
        other = await client_.repair("{total: '12.50'}", SCHEMA)
    assert one == other
    assert (one.status, one.value, one.changes[0].path) == ("repaired", {"total": 12.5}, "/total")


def test_a_client_may_name_the_strategy(serve: Serve) -> None:
    """And is told what `auto` chose."""
    with Client(serve(FakeEngine(["Here: {total: '12.50'}"]))) as client:
        result = client.result(SCHEMA, "x", strategy="repair")
        assert (result.data, result.answer["repair"]["status"]) == ({"total": 12.5}, "repaired")
    with Client(serve(FakeEngine(['{"total": 12.5}']))) as client:
        assert client.result(SCHEMA, "x", strategy="auto").answer["strategy"]["name"] == "constrained"
