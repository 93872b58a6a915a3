"""`Client`: the client for synchronous code."""

from __future__ import annotations

import re
import time
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar, Unpack, cast, overload

import httpx

from structgen.client import calls, httpx_setup
from structgen.client.calls import RepairOptions
from structgen.client.extraction import Extraction, Options
from structgen.client.policy import CallPolicy
from structgen.client.protocol import Call, Emit, ReadChunk, Reply, SendRequest, Sleep, Step
from structgen.client.request_body import FileInput
from structgen.client.results import CalibrationResult, ExtractResult
from structgen.client.transport import Transport, deadline
from structgen.endpoint import Endpoint
from structgen.http_responses import MAX_RESPONSE_BYTES
from structgen.types import Evidence, Grammar, GroundLimits, Violation

if TYPE_CHECKING:
    from typing_extensions import TypeForm

    from structgen.client.request_body import Untyped
    from structgen.parsing.result import RepairResult
    from structgen.text_argument import RepairInput

T = TypeVar("T")


class Client:
    """A client of the service at `base_url`. Threads may share it; close it, or use it as a context manager.

    Calls raise the errors of `structgen.errors`. They retry after 429, 503 and lost connections, at most
    `max_retries` times. `timeout` bounds a whole call in seconds: connecting, headers, body, waits and
    retries together, however slowly the server sends; then the call raises `DeadlineExceeded`. A response,
    or an event of a stream, of more than `max_response_bytes` raises `BadResponse`.

    The client uses the proxies of the environment (HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY), but never
    for an address of this machine. It follows no redirects.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str | None = None,
        *,
        timeout: float = 300.0,
        max_retries: int = 3,
        max_response_bytes: int = MAX_RESPONSE_BYTES,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.policy = CallPolicy(timeout, max_retries, max_response_bytes)
        self._endpoint = httpx_setup.service_endpoint(base_url, api_key)
        self._http = httpx.Client(
            transport=transport or Transport(self._endpoint), **httpx_setup.client_options(self._endpoint)
        )

    @overload
    def extract(self, schema: Untyped, document: str | None = None, **options: Unpack[Options]) -> Any: ...
    @overload
    def extract(
        self, schema: re.Pattern[str] | Grammar, document: str | None = None, **options: Unpack[Options]
    ) -> str: ...
    @overload
    def extract(self, schema: TypeForm[T], document: str | None = None, **options: Unpack[Options]) -> T: ...
    def extract(self, schema: Any, document: str | None = None, **options: Unpack[Options]) -> Any:
        """Extract a value from the document.

        `schema` is a type, a `Schema`, a dict, JSON text, or the name of a schema that the service has. A
        compiled pattern asks for a string that it matches as a whole, a `Grammar` for plain text. The value
        is one of the type if `schema` is a type, plain JSON otherwise.
        """
        return self.result(schema, document, **options).data

    @overload
    def result(
        self, schema: Untyped, document: str | None = None, **options: Unpack[Options]
    ) -> ExtractResult[Any]: ...
    @overload
    def result(
        self, schema: re.Pattern[str] | Grammar, document: str | None = None, **options: Unpack[Options]
    ) -> ExtractResult[str]: ...
    @overload
    def result(
        self, schema: TypeForm[T], document: str | None = None, **options: Unpack[Options]
    ) -> ExtractResult[T]: ...
    def result(
        self, schema: Any, document: str | None = None, **options: Unpack[Options]
    ) -> ExtractResult[Any]:
        """Extract a value, and return it with its attempts, usage and warnings."""
        return self._run(Extraction.of(schema, document, options).call(self.policy))

    @overload
    def iter_extract(
        self, schema: Untyped, document: str | None = None, **options: Unpack[Options]
    ) -> Iterator[Any]: ...
    @overload
    def iter_extract(
        self, schema: TypeForm[list[T]], document: str | None = None, **options: Unpack[Options]
    ) -> Iterator[T]: ...
    @overload
    def iter_extract(
        self, schema: TypeForm[T], document: str | None = None, **options: Unpack[Options]
    ) -> Iterator[T]: ...
    def iter_extract(
        self, schema: Any, document: str | None = None, **options: Unpack[Options]
    ) -> Iterator[Any]:
        """Yield the items of a list, each as soon as it is complete and valid; typed as those of `extract`.

        `schema` is that of a list, or the Python type of its items. An item that was yielded stays: a retry
        goes on after it. An error says how many items came before it; `ask_again` has no effect.
        Closing the iterator ends the generation.
        """
        call = Extraction.of(schema, document, options).items(self.policy)
        with _Driver(self._http, self._endpoint) as driver:
            yield from driver.drive(call)

    def stream(self, schema: Any, document: str | None = None, **options: Unpack[Options]) -> Iterator[Any]:
        """Yield the object while it grows, complete members only; the last one is that of `extract`."""
        call = Extraction.of(schema, document, options).call(self.policy, stream=True)
        with _Driver(self._http, self._endpoint) as driver:
            yield (yield from driver.drive(call)).data

    def repair(self, text: RepairInput, schema: Any = None, **options: Unpack[RepairOptions]) -> RepairResult:
        """Repair a text that was meant to be JSON; the result lists every change.

        `schema` is as in `extract`. With `model="if_needed"` the service's model completes what rules cannot
        decide; `source` is the document that the text came from. `on_loss="accept"` accepts a reading that
        leaves out a key, a value or a row; `dropped` lists it.
        """
        return (self._run(calls.repair([text], schema, options, self.policy)))[0]

    def ground(
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
        return self._run(calls.ground(data, schema, source, file, limits, self.policy))

    def calibrate(self, rows: Iterable[Mapping[str, Any]], schema: Any = None) -> CalibrationResult:
        """Fit a calibration to labelled rows; return it with the report of what it is worth.

        Each row has the `document` (or its `pages`), the extracted `data`, the `gold` value, and perhaps the
        `evidence` of the extraction. `schema` is as in `extract`, or None.
        """
        return self._run(calls.calibrate(rows, schema, self.policy))

    def validate(self, schema: Any, value: Any) -> list[Violation]:
        """Return all violations of a JSON value."""
        return self._run(calls.validate(schema, value, self.policy))

    def check(self, schema: Any) -> dict[str, Any]:
        """Return `schema` (name, hash, dialect), `report` and `warnings` of a schema."""
        return self._run(calls.check_schema(schema, self.policy))

    def models(self) -> list[str]:
        """Return the names of the models that the service runs."""
        return self._run(calls.list_models(self.policy))

    def health(self) -> dict[str, Any]:
        """Return the state of the service; `ConnectionFailed` if it is unreachable."""
        return self._run(calls.get("/health", self.policy))

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _run(self, call: Call[T]) -> T:
        with _Driver(self._http, self._endpoint) as driver:
            following = driver.drive(call)
            while True:
                try:
                    next(following)
                except StopIteration as end:
                    result: T = end.value
                    return result


class _Driver:
    """Perform the steps of one call; hold the response that is being read, and close it."""

    def __init__(self, client: httpx.Client, endpoint: Endpoint) -> None:
        self._http, self._endpoint = client, endpoint
        self._response: httpx.Response | None = None
        self._chunks: Iterator[bytes] = iter(())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._response is not None:
            self._response.close()

    def drive(self, call: Call[T]) -> Generator[Any, None, T]:
        """Yield the emitted values of a call, and return its result."""
        reply: Reply = None
        while True:
            try:
                step = call.send(reply)
            except StopIteration as end:
                result: T = end.value
                return result
            if isinstance(step, Emit):
                yield step.value
            reply = self._perform(step)

    def _perform(self, step: Step) -> Reply:
        try:
            if isinstance(step, SendRequest | ReadChunk):
                with deadline(step.timeout):
                    return self._send(step) if isinstance(step, SendRequest) else next(self._chunks, b"")
        except httpx.RequestError as error:
            return httpx_setup.connection_lost(error, self._endpoint)
        if isinstance(step, Sleep):
            time.sleep(step.seconds)
        return None

    def _send(self, request: SendRequest) -> Reply:
        self.__exit__()
        self._response = self._http.send(httpx_setup.build_request(self._http, request), stream=True)
        self._chunks = iter(cast(httpx.SyncByteStream, self._response.stream))
        return httpx_setup.response_head(self._response)
