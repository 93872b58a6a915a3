"""`AsyncClient`: the client for asynchronous code, on asyncio."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Mapping, Sequence
from contextlib import aclosing
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar, Unpack, cast, overload

import httpx

from structgen.client import calls, httpx_setup
from structgen.client.calls import RepairOptions
from structgen.client.extraction import Extraction, Options
from structgen.client.policy import CallPolicy
from structgen.client.protocol import Call, ConnectionLost, Emit, ReadChunk, Reply, SendRequest, Sleep, Step
from structgen.client.request_body import FileInput
from structgen.client.results import CalibrationResult, ExtractResult
from structgen.endpoint import Endpoint
from structgen.http_responses import MAX_RESPONSE_BYTES
from structgen.types import Evidence, Grammar, GroundLimits, Violation

if TYPE_CHECKING:
    from typing_extensions import TypeForm

    from structgen.client.request_body import Untyped
    from structgen.parsing.result import RepairResult
    from structgen.text_argument import RepairInput

T = TypeVar("T")


class AsyncClient:
    """A `Client` whose calls are awaited, with the same arguments.

    Cancelling a call ends its generation in the service.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str | None = None,
        *,
        timeout: float = 300.0,
        max_retries: int = 3,
        max_response_bytes: int = MAX_RESPONSE_BYTES,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.policy = CallPolicy(timeout, max_retries, max_response_bytes)
        self._endpoint = httpx_setup.service_endpoint(base_url, api_key)
        transport = transport or httpx.AsyncHTTPTransport(
            verify=self._endpoint.secure, proxy=self._endpoint.proxy
        )
        self._http = httpx.AsyncClient(transport=transport, **httpx_setup.client_options(self._endpoint))

    @overload
    async def extract(
        self, schema: Untyped, document: str | None = None, **options: Unpack[Options]
    ) -> Any: ...
    @overload
    async def extract(
        self, schema: re.Pattern[str] | Grammar, document: str | None = None, **options: Unpack[Options]
    ) -> str: ...
    @overload
    async def extract(
        self, schema: TypeForm[T], document: str | None = None, **options: Unpack[Options]
    ) -> T: ...
    async def extract(self, schema: Any, document: str | None = None, **options: Unpack[Options]) -> Any:
        """Extract a value from the document.

        `schema` is a type, a `Schema`, a dict, JSON text, or the name of a schema that the service has. A
        compiled pattern asks for a string that it matches as a whole, a `Grammar` for plain text. The value
        is one of the type if `schema` is a type, plain JSON otherwise.
        """
        return (await self.result(schema, document, **options)).data

    @overload
    async def result(
        self, schema: Untyped, document: str | None = None, **options: Unpack[Options]
    ) -> ExtractResult[Any]: ...
    @overload
    async def result(
        self, schema: re.Pattern[str] | Grammar, document: str | None = None, **options: Unpack[Options]
    ) -> ExtractResult[str]: ...
    @overload
    async def result(
        self, schema: TypeForm[T], document: str | None = None, **options: Unpack[Options]
    ) -> ExtractResult[T]: ...
    async def result(
        self, schema: Any, document: str | None = None, **options: Unpack[Options]
    ) -> ExtractResult[Any]:
        """Extract a value, and return it with its attempts, usage and warnings."""
        return await self._run(Extraction.of(schema, document, options).call(self.policy))

    @overload
    def iter_extract(
        self, schema: Untyped, document: str | None = None, **options: Unpack[Options]
    ) -> AsyncGenerator[Any, None]: ...
    @overload
    def iter_extract(
        self, schema: TypeForm[list[T]], document: str | None = None, **options: Unpack[Options]
    ) -> AsyncGenerator[T, None]: ...
    @overload
    def iter_extract(
        self, schema: TypeForm[T], document: str | None = None, **options: Unpack[Options]
    ) -> AsyncGenerator[T, None]: ...
    async def iter_extract(
        self, schema: Any, document: str | None = None, **options: Unpack[Options]
    ) -> AsyncGenerator[Any, None]:
        """Yield the items of a list, each as soon as it is complete and valid; typed as those of `extract`.

        `schema` is that of a list, or the Python type of its items. An item that was yielded stays: a retry
        goes on after it. An error says how many items came before it; `ask_again` has no effect.
        Closing the iterator ends the generation.
        """
        call = Extraction.of(schema, document, options).items(self.policy)
        async with _Driver(self._http, self._endpoint) as driver, aclosing(driver.drive(call)) as items:
            async for item in items:
                if not isinstance(item, _CallResult):
                    yield item

    async def stream(
        self, schema: Any, document: str | None = None, **options: Unpack[Options]
    ) -> AsyncGenerator[Any, None]:
        """Yield the object while it grows, complete members only; the last one is that of `extract`."""
        call = Extraction.of(schema, document, options).call(self.policy, stream=True)
        async with _Driver(self._http, self._endpoint) as driver, aclosing(driver.drive(call)) as items:
            async for item in items:
                yield item.result.data if isinstance(item, _CallResult) else item

    async def repair(
        self, text: RepairInput, schema: Any = None, **options: Unpack[RepairOptions]
    ) -> RepairResult:
        """Repair a text that was meant to be JSON; the result lists every change.

        `schema` is as in `extract`. With `model="if_needed"` the service's model completes what rules cannot
        decide; `source` is the document that the text came from. `on_loss="accept"` accepts a reading that
        leaves out a key, a value or a row; `dropped` lists it.
        """
        return (await self._run(calls.repair([text], schema, options, self.policy)))[0]

    async def ground(
        self,
        data: Any,
        schema: Any,
        source: str | Sequence[str] | None = None,
        *,
        file: FileInput | None = None,
        limits: GroundLimits | Mapping[str, Any] | None = None,
    ) -> dict[str, Evidence]:
        r"""Return where the source says each scalar of the data, by its pointer, and how sure the value is.

        `schema` is as in `extract`, or None; it need not hold. Several texts are the pages of one source:
        positions count in these texts joined by `\f`. `file` is the path or bytes of a file in its place:
        each place then has its page, and in a PDF its rectangle.
        """
        return await self._run(calls.ground(data, schema, source, file, limits, self.policy))

    async def calibrate(self, rows: Iterable[Mapping[str, Any]], schema: Any = None) -> CalibrationResult:
        """Fit a calibration to labelled rows; return it with the report of what it is worth.

        Each row has the `document` (or its `pages`), the extracted `data`, the `gold` value, and perhaps the
        `evidence` of the extraction. `schema` is as in `extract`, or None.
        """
        return await self._run(calls.calibrate(rows, schema, self.policy))

    async def validate(self, schema: Any, value: Any) -> list[Violation]:
        """Return all violations of a JSON value."""
        return await self._run(calls.validate(schema, value, self.policy))

    async def check(self, schema: Any) -> dict[str, Any]:
        """Return `schema` (name, hash, dialect), `report` and `warnings` of a schema."""
        return await self._run(calls.check_schema(schema, self.policy))

    async def models(self) -> list[str]:
        """Return the names of the models that the service runs."""
        return await self._run(calls.list_models(self.policy))

    async def health(self) -> dict[str, Any]:
        """Return the state of the service; `ConnectionFailed` if it is unreachable."""
        return await self._run(calls.get("/health", self.policy))

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
        async with _Driver(self._http, self._endpoint) as driver:
            async for item in driver.drive(call):
                if isinstance(item, _CallResult):
                    result: T = item.result
                    return result
        raise RuntimeError("a call ends with its result or an error")


class _CallResult:
    """The result of a call as the last item: asynchronous generators return nothing."""

    def __init__(self, result: Any) -> None:
        self.result = result


class _Driver:
    """Perform the steps of one call; hold the response that is being read, and close it."""

    def __init__(self, client: httpx.AsyncClient, endpoint: Endpoint) -> None:
        self._http, self._endpoint = client, endpoint
        self._response: httpx.Response | None = None
        self._chunks: AsyncIterator[bytes]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._response is not None:
            await self._response.aclose()

    async def drive(self, call: Call[Any]) -> AsyncGenerator[Any, None]:
        """Yield the emitted values of a call, and last its `_CallResult`."""
        reply: Reply = None
        while True:
            try:
                step = call.send(reply)
            except StopIteration as end:
                yield _CallResult(end.value)
                return
            if isinstance(step, Emit):
                yield step.value
            reply = await self._perform(step)

    async def _perform(self, step: Step) -> Reply:
        try:
            if isinstance(step, SendRequest | ReadChunk):
                async with asyncio.timeout(step.timeout):
                    return await (self._send(step) if isinstance(step, SendRequest) else self._read())
        except TimeoutError:
            return ConnectionLost("the timeout ended")
        except httpx.RequestError as error:
            return httpx_setup.connection_lost(error, self._endpoint)
        if isinstance(step, Sleep):
            await asyncio.sleep(step.seconds)
        return None

    async def _read(self) -> bytes:
        return await anext(self._chunks, b"")

    async def _send(self, request: SendRequest) -> Reply:
        await self.__aexit__()
        self._response = await self._http.send(httpx_setup.build_request(self._http, request), stream=True)
        self._chunks = aiter(cast(httpx.AsyncByteStream, self._response.stream))
        return httpx_setup.response_head(self._response)
