"""`AsyncClient`: the service from asynchronous code, on asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar, Unpack, cast, overload

import httpx

from structgen.client import httpx_setup
from structgen.client.calls import (
    Extraction,
    Options,
    RepairOptions,
    checking,
    fetching,
    naming,
    repairing,
    validation,
)
from structgen.client.protocol import Ask, Call, Emit, Lost, Read, Reply, Step, Wait
from structgen.client.results import ExtractResult
from structgen.client.retry import Patience
from structgen.endpoint import Endpoint
from structgen.http_responses import MAX_ANSWER_BYTES
from structgen.types import Violation

if TYPE_CHECKING:
    from typing_extensions import TypeForm

    from structgen.client.calls import Untyped
    from structgen.parsing.result import RepairResult

T = TypeVar("T")


class AsyncClient:
    """As `Client`, to be awaited. Cancelling a call ends its generation in the service.

    Its arguments are those of `Client`.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str | None = None,
        *,
        timeout: float = 300.0,
        max_retries: int = 3,
        max_answer_bytes: int = MAX_ANSWER_BYTES,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.patience = Patience(timeout, max_retries, max_answer_bytes)
        self._endpoint = httpx_setup.service(base_url, api_key)
        transport = transport or httpx.AsyncHTTPTransport(
            verify=self._endpoint.secure, proxy=self._endpoint.proxy
        )
        self._http = httpx.AsyncClient(transport=transport, **httpx_setup.settings(self._endpoint))

    @overload
    async def extract(
        self, schema: Untyped, document: str | None = None, **options: Unpack[Options]
    ) -> Any: ...
    @overload
    async def extract(
        self, schema: TypeForm[T], document: str | None = None, **options: Unpack[Options]
    ) -> T: ...
    async def extract(self, schema: Any, document: str | None = None, **options: Unpack[Options]) -> Any:
        """The object that the document holds.

        `schema` is a type (the object is then one of that type), a `Schema`, a dict, JSON text, or the
        name of a schema that the service knows.
        """
        return (await self.result(schema, document, **options)).data

    @overload
    async def result(
        self, schema: Untyped, document: str | None = None, **options: Unpack[Options]
    ) -> ExtractResult[Any]: ...
    @overload
    async def result(
        self, schema: TypeForm[T], document: str | None = None, **options: Unpack[Options]
    ) -> ExtractResult[T]: ...
    async def result(
        self, schema: Any, document: str | None = None, **options: Unpack[Options]
    ) -> ExtractResult[Any]:
        """The object with the account of every attempt."""
        return await self._run(Extraction.of(schema, document, options).call(self.patience))

    async def stream(
        self, schema: Any, document: str | None = None, **options: Unpack[Options]
    ) -> AsyncGenerator[Any, None]:
        """The object as it grows, complete members only; the last one is valid, typed as `extract`."""
        call = Extraction.of(schema, document, options).call(self.patience, stream=True)
        async with _Wire(self._http, self._endpoint) as wire, aclosing(wire.follow(call)) as items:
            async for item in items:
                yield item.result.data if isinstance(item, _Ended) else item

    async def repair(self, text: str, schema: Any = None, **options: Unpack[RepairOptions]) -> RepairResult:
        """A text that was meant to be JSON, put right, with an account of every change.

        `schema` as in `extract`; with `model="if_needed"` the service's model is asked for what rules
        cannot decide, with `source`, the document that the text came from.
        """
        return (await self._run(repairing([text], schema, options, self.patience)))[0]

    async def validate(self, schema: Any, value: Any) -> list[Violation]:
        """All ways in which a JSON value misses the schema."""
        return await self._run(validation(schema, value, self.patience))

    async def check(self, schema: Any) -> dict[str, Any]:
        """What the service makes of a schema: its `schema` (name, hash, dialect), `report` and `warnings`."""
        return await self._run(checking(schema, self.patience))

    async def models(self) -> list[str]:
        """The names of the models that the service runs."""
        return await self._run(naming("/v1/models", self.patience))

    async def health(self) -> dict[str, Any]:
        """What the service says of itself; raises `ConnectionFailed` where there is none."""
        return await self._run(fetching("/health", self.patience))

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def _run(self, call: Call[T]) -> T:
        async with _Wire(self._http, self._endpoint) as wire:
            async for item in wire.follow(call):
                if isinstance(item, _Ended):
                    result: T = item.result
                    return result
        raise RuntimeError("a call ends with its result or an error")


class _Ended:
    """Asynchronous generators return nothing, so the result of a call comes as its last item."""

    def __init__(self, result: Any) -> None:
        self.result = result


class _Wire:
    """Follows one call; holds the one answer that is being read, and closes it."""

    def __init__(self, client: httpx.AsyncClient, endpoint: Endpoint) -> None:
        self._http, self._endpoint = client, endpoint
        self._response: httpx.Response | None = None
        self._chunks: AsyncIterator[bytes]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._response is not None:
            await self._response.aclose()

    async def follow(self, call: Call[Any]) -> AsyncGenerator[Any, None]:
        """Yields what the call emits, and last its result, `_Ended`."""
        reply: Reply = None
        while True:
            try:
                step = call.send(reply)
            except StopIteration as end:
                yield _Ended(end.value)
                return
            if isinstance(step, Emit):
                yield step.value
            reply = await self._perform(step)

    async def _perform(self, step: Step) -> Reply:
        try:
            if isinstance(step, Ask | Read):
                async with asyncio.timeout(step.timeout):
                    return await (self._ask(step) if isinstance(step, Ask) else self._read())
        except TimeoutError:
            return Lost("the time ran out")
        except httpx.RequestError as error:
            return httpx_setup.lost(error, self._endpoint)
        if isinstance(step, Wait):
            await asyncio.sleep(step.seconds)
        return None

    async def _read(self) -> bytes:
        return await anext(self._chunks, b"")

    async def _ask(self, ask: Ask) -> Reply:
        await self.__aexit__()
        self._response = await self._http.send(httpx_setup.request(self._http, ask), stream=True)
        self._chunks = aiter(cast(httpx.AsyncByteStream, self._response.stream))
        return httpx_setup.head(self._response)
