"""`POST /v1/repair` over real sockets, and the clients' `repair`."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from pydantic import BaseModel, field_validator

import structgen
from structgen import AsyncClient, Client
from structgen.engines.fake import FakeEngine, Reply
from structgen.errors import BadRequest, EngineFailed

Serve = Callable[..., str]
SCHEMA = {"type": "object", "properties": {"total": {"type": "number"}}, "required": ["total"]}


def post(url: str, **body: Any) -> httpx.Response:
    return httpx.post(f"{url}/v1/repair", json=body)


def test_one_text(serve: Serve) -> None:
    """One text gets a full account, without a schema and with one."""
    url = serve(FakeEngine(["{}"]))
    plain = post(url, text="{total: '12.50',}").json()
    assert (plain["status"], plain["value"]) == ("repaired", {"total": "12.50"})
    assert {fix["kind"] for fix in plain["fixes"]} == {"key-quotes", "quotes", "comma"}
    led = post(url, text="{total: '12.50',}", schema=SCHEMA).json()
    assert led["value"] == {"total": 12.5}
    assert led["changes"][0]["risk"] == "coerced"


def test_many_texts(serve: Serve) -> None:
    """Many texts get results in their order; a failed text is a result too."""
    results = post(serve(FakeEngine(["{}"])), texts=["[1,2", "sorry", '{"a": 1}']).json()["results"]
    assert [r["status"] for r in results] == ["repaired", "failed", "unchanged"]
    assert [r["value"] for r in results] == [[1, 2], None, {"a": 1}]


@pytest.mark.parametrize(
    "text", ['{"a": true oops, "b": 2}', '{"a": 1 oops, "b": 2}', '{"a": "x" "y", "b": 1}']
)
async def test_every_interface_has_the_account_of_the_library(serve: Serve, text: str) -> None:
    """What was dropped, and the other readings, reach the caller of the service and of both clients."""
    expected = structgen.repair(text)
    assert expected.dropped or expected.alternatives
    url = serve(FakeEngine(["{}"]))
    body = post(url, text=text).json()
    assert body == expected.to_json()
    with Client(url) as client:
        assert client.repair(text).to_json() == body
    async with AsyncClient(url) as client_:
        other = await client_.repair(text)
    assert other.alternatives == expected.alternatives
    assert [dropped[:4] for dropped in other.dropped] == [dropped[:4] for dropped in expected.dropped]


def test_a_stray_word_is_dropped_and_listed(serve: Serve) -> None:
    """It is no loss, and never lossless: a lower highest risk leaves the text unrepaired."""
    url, text = serve(FakeEngine(["{}"])), '{"a": true oops, "b": 2}'
    body = post(url, text=text).json()
    assert (body["status"], body["value"]) == ("repaired", {"a": True, "b": 2})
    assert body["dropped"] == [{"start": 11, "end": 15, "text": "oops", "pointer": "/a"}]
    strict = post(url, text=text, max_risk="coerced").json()
    assert strict["status"] == "failed"


LOSS = '{1815, "total": 5}'


@pytest.mark.parametrize("schema", [None, SCHEMA], ids=["no schema", "schema"])
async def test_a_lost_value_fails_unless_losses_are_accepted(shared_serve: Serve, schema: Any) -> None:
    """The value without a key is named in both cases, by the route and by both clients."""
    url = shared_serve(FakeEngine(["{}"]))
    dropped = {"start": 1, "end": 5, "text": "1815", "pointer": "", "is_loss": True}
    body = post(url, text=LOSS, schema=schema).json()
    assert (body["status"], body["value"], body["dropped"]) == ("failed", {"total": 5}, [dropped])
    assert [(v["pointer"], v["keyword"]) for v in body["violations"]] == [("", "dropped")]
    accepted = post(url, texts=[LOSS, "{total: 6"], schema=schema, on_loss="accept").json()["results"]
    assert [(r["status"], r["value"]) for r in accepted] == [
        ("repaired", {"total": 5}),
        ("repaired", {"total": 6}),
    ]
    assert accepted[0]["dropped"] == [dropped]
    with Client(url) as client:
        assert client.repair(LOSS, schema).status == "failed"
        one = client.repair(LOSS, schema, on_loss="accept")
    async with AsyncClient(url) as client_:
        assert await client_.repair(LOSS, schema, on_loss="accept") == one
    assert (one.status, one.dropped[0].text) == ("repaired", "1815")


def test_the_model_must_take_up_a_lost_value(serve: Serve) -> None:
    """Its value is not taken without the text; what the rules dropped stays in the account."""
    url = serve(FakeEngine(['{"total": 5}', '{"total": 1815}', '{"total": 5, "year": 1815}']))
    one = post(url, text=LOSS, schema=SCHEMA, model="if_needed").json()
    assert (one["status"], one["value"]) == ("failed", {"total": 5})
    assert [violation["keyword"] for violation in one["violations"]] == ["dropped"]
    other = post(url, text=LOSS, schema=SCHEMA, model="if_needed").json()
    assert (other["status"], other["value"]) == ("model_repaired", {"total": 5, "year": 1815})
    assert [text["text"] for text in other["dropped"]] == ["1815"]
    accepted = post(url, text=LOSS, schema=SCHEMA, model="if_needed", on_loss="accept").json()
    assert (accepted["status"], accepted["value"]) == ("repaired", {"total": 5})


def test_a_text_that_the_model_cannot_have_takes_no_other_with_it(serve: Serve) -> None:
    """A text that the model cannot repair fails alone among many, and is the request's problem on its own."""
    url = serve(FakeEngine([Reply("", error=EngineFailed("out of memory"))]))
    asked = {"schema": SCHEMA, "model": "if_needed"}
    one, other = post(url, texts=["{total: '5'}", "{}"], **asked).json()["results"]
    assert (one["status"], one["value"], other["status"]) == ("repaired", {"total": 5}, "failed")
    assert [v["keyword"] for v in other["violations"]] == ["required", "engine-failed"]
    assert post(url, text="{}", **asked).status_code == 500


def test_the_model_is_asked_only_if_wanted(serve: Serve) -> None:
    """The model repairs nothing by default."""
    engine = FakeEngine(['{"total":3}'])
    url = serve(engine)
    assert post(url, text="{}", schema=SCHEMA).json()["status"] == "failed"
    assert engine.requests == []
    asked = post(url, text="{}", schema=SCHEMA, model="if_needed", source="The total is 3.").json()
    assert (asked["status"], asked["value"]) == ("model_repaired", {"total": 3})
    assert asked["usage"]["completion_tokens"] > 0


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, ""),
        ({"text": None}, ""),
        ({"text": "x", "texts": ["x"]}, ""),
        ({"texts": []}, "/texts"),
        ({"text": 5}, "/text"),
        ({"text": ["x"]}, "/text"),
        ({"texts": "x"}, "/texts"),
        ({"texts": ["x", None]}, "/texts/1"),
        ({"text": "x", "model": "always"}, "/model"),
        ({"text": "x", "on_loss": "ignore"}, "/on_loss"),
        ({"text": "x", "on_loss": True}, "/on_loss"),
        ({"text": "x", "onLoss": "accept"}, "/onLoss"),
    ],
    ids=str,
)
def test_malformed_requests(shared_serve: Serve, body: Any, pointer: str) -> None:
    """A malformed request is a 400 that names the member."""
    response = post(shared_serve(FakeEngine(["{}"])), **body)
    assert response.status_code == 400
    assert [violation["pointer"] for violation in response.json()["violations"]] == [pointer]


async def test_the_clients_repair(serve: Serve) -> None:
    """The client's `repair` returns the service's result as a value."""
    url = serve(FakeEngine(["{}"]))
    with Client(url) as client:
        one = client.repair("{total: '12.50'}", SCHEMA)
    async with AsyncClient(url) as client_:
        other = await client_.repair("{total: '12.50'}", SCHEMA)
    assert one == other
    assert (one.status, one.value, one.changes[0].path) == ("repaired", {"total": 12.5}, "/total")


async def test_the_clients_decode_bytes(serve: Serve) -> None:
    """JSON has no bytes: those in UTF-8 are sent as text, others are refused before anything is sent."""
    url = serve(FakeEngine(["{}"]))
    with Client(url) as client:
        assert client.repair(bytearray("{a: 'é'}", "utf-8")).value == {"a": "é"}
        with pytest.raises(BadRequest, match="/text: the byte at 5 is not UTF-8"):
            client.repair(b"{a: '\xff'}")
    async with AsyncClient(url) as client_:
        assert (await client_.repair(b"\xef\xbb\xbf{a: 1}")).value == {"a": 1}


async def test_the_clients_send_every_option(serve: Serve) -> None:
    """An unknown value of an option is the service's 400 with its pointer."""
    url = serve(FakeEngine(["{}"]))
    with Client(url) as client, pytest.raises(BadRequest) as raised:
        client.repair("{", on_loss="ignore")  # type: ignore[arg-type]
    assert [violation.pointer for violation in raised.value.violations] == ["/on_loss"]
    async with AsyncClient(url) as client_:
        assert (await client_.repair("{a: 1", on_loss="accept")).value == {"a": 1}


class Even(BaseModel):
    """A model that accepts even numbers only."""

    total: int

    @field_validator("total")
    @classmethod
    def even(cls, total: int) -> int:
        if total % 2:
            raise ValueError("odd")
        return total


def test_a_types_own_validators_judge_a_repair(serve: Serve) -> None:
    """The client applies the type's own validators, which the service does not know."""
    with Client(serve(FakeEngine(["{}"]))) as client:
        assert client.repair("{total: 4}", Even).status == "repaired"
        odd = client.repair("{total: 5}", Even)
        assert (odd.status, odd.violations[0].pointer) == ("failed", "/total")


def test_a_client_may_name_the_strategy(serve: Serve) -> None:
    """A client names the strategy, and receives the choice of `auto`."""
    with Client(serve(FakeEngine(["Here: {total: '12.50'}"]))) as client:
        result = client.result(SCHEMA, "x", strategy="repair")
        assert (result.data, result.body["repair"]["status"]) == ({"total": 12.5}, "repaired")
    with Client(serve(FakeEngine(['{"total": 12.5}']))) as client:
        assert client.result(SCHEMA, "x", strategy="auto").body["strategy"]["name"] == "constrained"
