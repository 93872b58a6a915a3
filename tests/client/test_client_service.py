"""Both clients work with the real service, whose model is a script."""

from __future__ import annotations

import asyncio
import dataclasses
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from pydantic import BaseModel, field_validator
from typing_extensions import TypedDict  # pydantic asks for it before Python 3.12

from structgen import AsyncClient, Client, Schema
from structgen.engines.fake import FakeEngine, Reply
from structgen.errors import (
    ConnectionFailed,
    DeadlineExceeded,
    Incomplete,
    InvalidSchema,
    NotFound,
    Overloaded,
    Unauthorized,
    Unsatisfied,
)  # fmt: skip
from structgen.types import Example, Limits, Message, Sampling

Serve = Callable[..., str]


class Invoice(BaseModel):
    number: str
    total: int

    @field_validator("total")
    @classmethod
    def positive(cls, total: int) -> int:
        if total < 0:
            raise ValueError("a total is never negative")
        return total


@dataclasses.dataclass
class Point:
    x: int


class Named(TypedDict):
    name: str


GOOD, NEGATIVE = '{"number":"A-1","total":12}', '{"number":"A-1","total":-12}'


class Sync:
    """A `Client` with the interface of an `AsyncClient`, so that one test covers both."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.client = Client(*arguments, **options)

    def __getattr__(self, name: str) -> Any:
        async def call(*arguments: Any, **options: Any) -> Any:
            return await asyncio.to_thread(getattr(self.client, name), *arguments, **options)

        return call

    async def stream(self, *arguments: Any, **options: Any) -> AsyncIterator[Any]:
        stream = self.client.stream(*arguments, **options)
        end = object()
        while (item := await asyncio.to_thread(next, stream, end)) is not end:
            yield item

    async def __aenter__(self) -> Sync:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.client.close()


@pytest.fixture(params=[Sync, AsyncClient], ids=["sync", "async"])
def client(request: pytest.FixtureRequest) -> Any:
    """Run the test with each of both clients."""
    return request.param


TYPED = {
    "pydantic model": (Invoice, GOOD, Invoice(number="A-1", total=12)),
    "dataclass": (Point, '{"x":1}', Point(1)),
    "TypedDict": (Named, '{"name":"Ada"}', {"name": "Ada"}),
    "list": (list[Point], '[{"x":1},{"x":2}]', [Point(1), Point(2)]),
    "Schema": (Schema.parse({"type": "integer"}), "7", 7),
    "Schema of a type": (Schema.parse(Point), '{"x":1}', Point(1)),
    "dict": ({"type": "object"}, '{"a":null}', {"a": None}),
    "JSON text": ('{"type": "integer"}', "12345678901234567890123", 12345678901234567890123),
}


@pytest.mark.parametrize(("schema", "reply", "value"), TYPED.values(), ids=TYPED.keys())
async def test_results_have_the_type_of_the_schema(
    serve: Serve, client: Any, schema: Any, reply: str, value: Any
) -> None:
    """A schema that is a type gives values of the type, any other gives plain JSON."""
    async with client(serve(FakeEngine([reply]))) as service:
        assert await service.extract(schema, "text") == value


async def test_all_options_reach_the_engine(serve: Serve, client: Any) -> None:
    """Prompt, messages, examples, sampling and n arrive unchanged."""
    engine = FakeEngine(['{"x":1}'])
    async with client(serve(engine)) as service:
        result = await service.result(
            Point,
            "the document",
            prompt="the prompt",
            messages=[Message("system", "be brief"), {"role": "user", "content": "hello"}],
            examples=[Example("at two", Point(2)), {"document": "at three", "data": {"x": 3}}],
            sampling=Sampling(temperature=0.5, max_tokens=99, seed=7),
            limits=Limits(max_attempts=1),
            n=2,
        )
    assert len(result.candidates) == 2
    assert (result.model, result.schema["dialect"]) == ("fake", "draft2020-12")
    texts = [turn.content for turn in engine.requests[0].prompt.messages]
    assert "be brief" in texts[0]
    assert texts[1:] == ["the prompt\n\nat two", '{"x":2}', "the prompt\n\nat three", '{"x":3}', "hello",
                         "the prompt\n\nthe document"]  # fmt: skip
    sampling = engine.requests[0].sampling
    assert (sampling.temperature, sampling.max_tokens) == (0.5, 99)


async def test_streams_end_with_the_typed_value(serve: Serve, client: Any) -> None:
    """Partial objects are plain JSON and only grow; the last value equals that of `extract`."""
    engine = FakeEngine([Reply(GOOD, delay=0.06)])
    async with client(serve(engine)) as service:
        *partials, last = [item async for item in service.stream(Invoice, "text")]
    assert last == Invoice(number="A-1", total=12)
    assert {"number": "A-1"} in partials
    assert partials == sorted(partials, key=len)


async def test_an_object_that_the_type_rejects_is_sent_back(serve: Serve, client: Any) -> None:
    """The client sends the message of a Python validator, which the service cannot run."""
    engine = FakeEngine([NEGATIVE, GOOD])
    async with client(serve(engine)) as service:
        result = await service.result(Invoice, "text")
    assert result.data.total == 12
    assert [a.status for a in result.attempts] == ["violations", "valid"]
    assert result.usage.completion_tokens == sum(-(-len(reply) // 4) for reply in (NEGATIVE, GOOD))
    assert "a total is never negative" in engine.requests[1].prompt.messages[-1].content


async def test_a_stream_goes_on_after_a_rejected_object(serve: Serve, client: Any) -> None:
    """The client sends the object back and yields those of the second response."""
    async with client(serve(FakeEngine([NEGATIVE, GOOD]))) as service:
        items = [item async for item in service.stream(Invoice, "text")]
    assert items[-1] == Invoice(number="A-1", total=12)


CUT = Reply('{"number":"A-1","tot', finish="length")
SLOW = Reply(GOOD, delay=0.2)
FAILURES = {
    "budget": ([CUT], {"limits": Limits(max_attempts=1)}, Incomplete),
    "violations": (['{"number":1}'], {}, Unsatisfied),
    "deadline": ([SLOW], {"limits": Limits(deadline=0.3)}, DeadlineExceeded),
}


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize(("replies", "options", "error"), FAILURES.values(), ids=FAILURES.keys())
async def test_failures_raise_their_errors(
    serve: Serve, client: Any, streamed: bool, replies: list[Any], options: Any, error: type[Exception]
) -> None:
    """The error has the attempts, streamed or not."""
    async with client(serve(FakeEngine(replies))) as service:
        ask = last if streamed else service.extract
        arguments = (service,) if streamed else ()
        with pytest.raises(error) as caught:
            await ask(*arguments, Invoice, "text", **options)
    assert type(caught.value) is error
    assert caught.value.attempts  # type: ignore[attr-defined]
    if isinstance(caught.value, Incomplete):
        assert caught.value.partial == {"number": "A-1"}


async def test_an_unknown_name_and_a_bad_schema_raise_different_errors(serve: Serve, client: Any) -> None:
    """The model does not run."""
    engine = FakeEngine([GOOD])
    async with client(serve(engine)) as service:
        with pytest.raises(NotFound, match="choose one of"):
            await service.extract("no-such-schema", "text")
        with pytest.raises(InvalidSchema) as caught:
            await service.extract({"properties": {"a": {"type": "strin"}}}, "text")
    assert caught.value.violations[0].pointer == "/properties/a/type"
    assert engine.requests == []


async def test_the_service_accepts_only_its_key(serve: Serve, client: Any) -> None:
    """A call without a key, or with another key, raises `Unauthorized`."""
    url = serve(FakeEngine([GOOD]), api_key="secret")
    async with client(url, "secret") as service:
        assert await service.models() == ["fake"]
    for key in (None, "other"):
        async with client(url, key) as service:
            with pytest.raises(Unauthorized):
                await service.models()


async def test_validate_health_and_models(serve: Serve, client: Any) -> None:
    """`validate` runs the type's own validators once the service finds no violation."""
    async with client(serve(FakeEngine([GOOD])) + "/") as service:
        assert await service.validate(Invoice, {"number": "1", "total": 2}) == []
        (missing,) = await service.validate(Invoice, {"number": "1"})
        assert missing.keyword == "required"
        (negative,) = await service.validate(Invoice, {"number": "1", "total": -2})
        assert (negative.pointer, "never negative" in negative.message) == ("/total", True)
        assert (await service.health())["status"] == "ok"
        assert await service.models() == ["fake"]


async def test_the_client_waits_while_the_queue_is_full(serve: Serve, client: Any) -> None:
    """The client retries after 429; without retries it raises `Overloaded`."""
    engine = FakeEngine([Reply(GOOD, delay=0.1)])
    engine.capabilities = dataclasses.replace(engine.capabilities, concurrency=1)
    url = serve(engine, max_queue=0)
    async with client(url) as patient, client(url, max_retries=0) as hasty:
        first = asyncio.create_task(patient.extract(Invoice, "first"))
        await until(lambda: bool(engine.requests))
        with pytest.raises(Overloaded) as caught:
            await hasty.extract(Invoice, "second")
        assert caught.value.retry_after >= 1
        assert await patient.extract(Invoice, "third") == await first


async def test_the_timeout_bounds_the_whole_call(serve: Serve, client: Any) -> None:
    """The client raises in time, and the service cancels the generation."""
    engine = FakeEngine([Reply(GOOD * 20, delay=0.1)])
    url = serve(engine)
    async with client(url, timeout=0.5) as service:
        began = time.monotonic()
        with pytest.raises(DeadlineExceeded, match="the client's timeout"):
            await service.extract(Invoice, "text")
        assert time.monotonic() - began < 2
    await until(lambda: engine.cancelled == 1)


async def test_an_abandoned_stream_ends_its_generation(serve: Serve) -> None:
    """Closing the stream closes the connection, and the service cancels the generation."""
    engine = FakeEngine([Reply(GOOD * 20, delay=0.05)])
    async with AsyncClient(serve(engine)) as service:
        stream = service.stream({"type": "object"}, "text")
        await anext(stream)
        await stream.aclose()
        await until(lambda: engine.cancelled == 1)


async def test_a_closed_port_raises_connection_failed(client: Any) -> None:
    """Both clients raise the error of a failed connection."""
    async with client("http://127.0.0.1:1", max_retries=0) as service:
        with pytest.raises(ConnectionFailed):
            await service.health()


async def last(service: Any, *arguments: Any, **options: Any) -> Any:
    return [item async for item in service.stream(*arguments, **options)][-1]


async def until(true: Callable[[], bool]) -> None:
    for _ in range(500):
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("waited in vain")


async def test_the_first_candidate_that_the_type_accepts_is_the_data(serve: Serve) -> None:
    """The attempt of a candidate that only the schema accepts is marked, and there is no second request."""
    engine = FakeEngine([NEGATIVE, GOOD])
    async with AsyncClient(serve(engine)) as client:
        result = await client.result(Invoice, "x", n=2)
    assert result.data == Invoice(number="A-1", total=12)
    assert [a.status for a in result.attempts] == ["violations", "valid"]
    assert len(engine.requests) == 2
