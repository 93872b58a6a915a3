"""`POST /v1/ground` over real sockets, and the clients' `ground`."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

import structgen
from structgen import AsyncClient, Client
from structgen.engines.fake import FakeEngine
from structgen.errors import BadRequest, DeadlineExceeded, InputLimit, InvalidSchema, StructgenError

Serve = Callable[..., str]
DATA = {"name": "Ada Moore", "total": 1234.5, "lines": [{"item": "Äpfel 🍏"}, {"item": "Birnen"}]}
SOURCE = "Rechnung an ADA MOORE\r\n1 Äpfel 🍏\r\nSumme: 1.234,50"
SCHEMA = {"type": "object", "properties": {"name": {"type": "string"}, "total": {"type": "number"}}}


@pytest.fixture(scope="module")
def url(shared_serve: Serve) -> str:
    """Return the address of a service whose engine is never asked."""
    return shared_serve(FakeEngine([]))


def post(url: str, **body: Any) -> httpx.Response:
    return httpx.post(f"{url}/v1/ground", json=body, timeout=60)


def test_each_scalar_has_its_place(url: str) -> None:
    """Positions are code points of the source as given, the end exclusive; a value that it lacks has none."""
    body = post(url, data=DATA, source=SOURCE).json()
    said = {at: SOURCE[e["start"] : e["end"]] for at, e in body["evidence"].items() if e["kind"] != "none"}
    assert said == {"/name": "ADA MOORE", "/total": "1.234,50", "/lines/0/item": "Äpfel 🍏"}
    assert (body["leaves"], body["grounded"]) == (4, 3)
    assert list(body["evidence"]) == ["/name", "/total", "/lines/0/item", "/lines/1/item"]


def test_places_in_pages_have_their_page(url: str) -> None:
    """Positions count in the pages joined by a form feed."""
    pages = ["nothing here", "Ada Moore"]
    place = post(url, data=["Ada Moore"], pages=pages).json()["evidence"]["/0"]
    assert (place["page"], "\f".join(pages)[place["start"] : place["end"]]) == (2, "Ada Moore")


async def test_every_interface_has_the_evidence_of_the_library(url: str) -> None:
    """The clients return what the function in process does."""
    expected = structgen.ground(DATA, SCHEMA, SOURCE)
    with Client(url) as client:
        assert client.ground(DATA, SCHEMA, SOURCE) == expected
        assert client.ground(DATA, None, [SOURCE])["/name"].page == 1
    async with AsyncClient(url) as other:
        assert await other.ground(DATA, SCHEMA, SOURCE) == expected


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        pytest.param({"data": 1}, 400, "", id="no-source"),
        pytest.param({"data": 1, "source": "1", "pages": ["1"]}, 400, "", id="both"),
        pytest.param({"source": "1"}, 400, "/data", id="no-data"),
        pytest.param({"data": 1, "pages": []}, 400, "/pages", id="no-page"),
        pytest.param({"data": 1, "pages": ["1", 2]}, 400, "/pages/1", id="a-page-that-is-no-text"),
        pytest.param({"data": 1, "source": "1", "limits": {"max_leaves": 0}}, 400, "/limits/max_leaves", id="limit"),
        pytest.param({"data": 1, "source": "1", "limits": {"leaves": 9}}, 400, "/limits/leaves", id="unknown-limit"),
        pytest.param({"data": 1, "source": "1", "schema": {"type": "int"}}, 422, "/type", id="schema"),
    ],
)  # fmt: skip
def test_a_fault_has_its_pointer(url: str, body: Any, status: int, pointer: str) -> None:
    """A malformed request is a 400, a bad schema a 422."""
    response = post(url, **body)
    assert (response.status_code, response.json()["violations"][0]["pointer"]) == (status, pointer)


def test_limits_are_named(url: str) -> None:
    """Too many scalars are refused, with the limit that the caller can raise."""
    with Client(url) as client:
        with pytest.raises(InputLimit, match=r"max_leaves") as caught:
            client.ground(list(range(20)), None, "1 2 3", limits={"max_leaves": 19})
        assert (caught.value.limit, caught.value.value, caught.value.allowed) == ("max_leaves", 20, 19)
        assert len(client.ground(list(range(20)), None, "1 2 3", limits={"max_leaves": 20})) == 20
        with pytest.raises(DeadlineExceeded, match="max-deadline"):
            client.ground(["a"] * 5000, None, "a b " * 50_000, limits={"deadline": 0.001})
        with pytest.raises(InvalidSchema):
            client.ground(1, {"type": "int"}, "1")
        with pytest.raises(BadRequest, match="/limits"):
            client.ground(1, None, "1", limits=3)  # type: ignore[arg-type]


def deep(levels: int) -> Any:
    value: Any = "x"
    for _ in range(levels):
        value = [value]
    return value


def records(count: int) -> list[Any]:
    return [
        {"id": f"{n:05}", "name": f"name {n % 7}", "total": n / 7, "on": "2026-01-02"}
        for n in range(count // 4)
    ]


HOSTILE: dict[str, Callable[[int], tuple[Any, str]]] = {
    "one letter": lambda n: (["a" * 50, "a", "aa" * n], "a" * 1_000_000),
    "digits": lambda n: ([11111, 1e30, n], "1" * 400_000),
    "numbers": lambda n: (list(range(200)), " ".join(str(i * n) for i in range(20_000))),
    "marks": lambda n: (["1.1", ".,", "(1)"], "(1).,-1," * 10_000),
    "deep": lambda n: (deep(150 + n), "x " * 1000),
    "leaves": lambda n: (records(1_000), "\n".join(map(str, records(400)))),
    "long names": lambda n: ({f"{'k' * 50_000}{i}": i for i in range(5)}, "k" * 100_000),
}
"""Objects and sources of many kinds, each different for each client."""
ENDLESS = ["total"] * 10_000, "total 1\n" * 100_000
"""An object and a source that take more time than a worker may spend."""


async def answered(url: str, number: int) -> str:
    """Ground a hostile object, and return its kind with the outcome; every third client leaves early."""
    kinds = list(HOSTILE)
    kind = kinds[number % len(kinds)]
    data, source = ENDLESS if number < 2 else HOSTILE[kind](number)
    async with AsyncClient(url, timeout=120, max_retries=0) as client:
        call = client.ground(data, None, source)
        try:
            if number % 3 == 2:
                async with asyncio.timeout(0.3):
                    await call
            else:
                await call
        except TimeoutError:
            return f"{kind}: left"
        except StructgenError as error:
            return f"{kind}: {error.name}"
    return f"{kind}: ok"


@pytest.mark.slow
async def test_fifty_hostile_groundings_leave_other_routes_responsive(serve: Serve) -> None:
    """Each gets its evidence or a named refusal, and meanwhile cheap requests are answered within a second."""
    url, waits = serve(FakeEngine(['{"name":"Ada"}'], cycle=True)), list[float]()
    running = [asyncio.ensure_future(answered(url, number)) for number in range(50)]
    async with httpx.AsyncClient(timeout=60) as http:
        while not all(each.done() for each in running):
            began = time.monotonic()
            assert (await http.get(f"{url}/health")).status_code == 200
            waits.append(time.monotonic() - began)
            await asyncio.sleep(0.05)
        small = await http.post(f"{url}/v1/ground", json={"data": ["Ada"], "source": "Ada"})
    outcomes = [await each for each in running]
    assert small.json()["grounded"] == 1
    assert {outcome.partition(": ")[2] for outcome in outcomes} <= {"ok", "left", "overloaded", "input-limit"}
    waits.sort()
    assert waits[int(0.9 * len(waits))] < 1.0
