"""`Client`: the service from synchronous code."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
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
from structgen.client.protocol import Ask, Call, Emit, Read, Reply, Step, Wait
from structgen.client.results import ExtractResult
from structgen.client.retry import Patience
from structgen.client.transport import Transport, deadline
from structgen.endpoint import Endpoint
from structgen.http_responses import MAX_ANSWER_BYTES
from structgen.types import Violation

if TYPE_CHECKING:
    from typing_extensions import TypeForm

    from structgen.client.calls import Untyped
    from structgen.parsing.result import RepairResult

T = TypeVar("T")


class Client:
    """A service at an address. Threads may share it; close it, or use it as a context manager.

    Calls raise as `structgen.errors` says. They try again after 429, 503 and lost connections alone, at most
    `max_retries` times. `timeout` bounds a whole call in seconds: connecting, headers, body, waits and
    retries together, however slowly a server sends; then `DeadlineExceeded` is raised. An answer, or an
    event of a stream, of more than `max_answer_bytes` is refused with `BadAnswer`.

    Proxies of the environment (HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY) are used, but never for an
    address of this machine. Redirects are not followed.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str | None = None,
        *,
        timeout: float = 300.0,
        max_retries: int = 3,
        max_answer_bytes: int = MAX_ANSWER_BYTES,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.patience = Patience(timeout, max_retries, max_answer_bytes)
        self._endpoint = httpx_setup.service(base_url, api_key)
        self._http = httpx.Client(
            transport=transport or Transport(self._endpoint), **httpx_setup.settings(self._endpoint)
        )

    @overload
    def extract(self, schema: Untyped, document: str | None = None, **options: Unpack[Options]) -> Any: ...
    @overload
    def extract(self, schema: TypeForm[T], document: str | None = None, **options: Unpack[Options]) -> T: ...
    def extract(self, schema: Any, document: str | None = None, **options: Unpack[Options]) -> Any:
        """The object that the document holds.

        `schema` is a type (the object is then one of that type), a `Schema`, a dict, JSON text, or the
        name of a schema that the service knows.
        """
        return self.result(schema, document, **options).data

    @overload
    def result(
        self, schema: Untyped, document: str | None = None, **options: Unpack[Options]
    ) -> ExtractResult[Any]: ...
    @overload
    def result(
        self, schema: TypeForm[T], document: str | None = None, **options: Unpack[Options]
    ) -> ExtractResult[T]: ...
    def result(
        self, schema: Any, document: str | None = None, **options: Unpack[Options]
    ) -> ExtractResult[Any]:
        """The object with the account of every attempt."""
        return self._run(Extraction.of(schema, document, options).call(self.patience))

    def stream(self, schema: Any, document: str | None = None, **options: Unpack[Options]) -> Iterator[Any]:
        """The object as it grows, complete members only; the last one is valid, typed as `extract`."""
        call = Extraction.of(schema, document, options).call(self.patience, stream=True)
        with _Wire(self._http, self._endpoint) as wire:
            yield (yield from wire.follow(call)).data

    def repair(self, text: str, schema: Any = None, **options: Unpack[RepairOptions]) -> RepairResult:
        """A text that was meant to be JSON, put right, with an account of every change.

        `schema` as in `extract`; with `model="if_needed"` the service's model is asked for what rules
        cannot decide, with `source`, the document that the text came from.
        """
        return (self._run(repairing([text], schema, options, self.patience)))[0]

    def validate(self, schema: Any, value: Any) -> list[Violation]:
        """All ways in which a JSON value misses the schema."""
        return self._run(validation(schema, value, self.patience))

    def check(self, schema: Any) -> dict[str, Any]:
        """What the service makes of a schema: its `schema` (name, hash, dialect), `report` and `warnings`."""
        return self._run(checking(schema, self.patience))

    def models(self) -> list[str]:
        """The names of the models that the service runs."""
        return self._run(naming("/v1/models", self.patience))

    def health(self) -> dict[str, Any]:
        """What the service says of itself; raises `ConnectionFailed` where there is none."""
        return self._run(fetching("/health", self.patience))

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
        with _Wire(self._http, self._endpoint) as wire:
            following = wire.follow(call)
            while True:
                try:
                    next(following)
                except StopIteration as end:
                    result: T = end.value
                    return result


class _Wire:
    """Follows one call; holds the one answer that is being read, and closes it."""

    def __init__(self, client: httpx.Client, endpoint: Endpoint) -> None:
        self._http, self._endpoint = client, endpoint
        self._response: httpx.Response | None = None
        self._chunks: Iterator[bytes] = iter(())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._response is not None:
            self._response.close()

    def follow(self, call: Call[T]) -> Generator[Any, None, T]:
        """Yields what the call emits, returns its result."""
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
            if isinstance(step, Ask | Read):
                with deadline(step.timeout):
                    return self._ask(step) if isinstance(step, Ask) else next(self._chunks, b"")
        except httpx.RequestError as error:
            return httpx_setup.lost(error, self._endpoint)
        if isinstance(step, Wait):
            time.sleep(step.seconds)
        return None

    def _ask(self, ask: Ask) -> Reply:
        self.__exit__()
        self._response = self._http.send(httpx_setup.request(self._http, ask), stream=True)
        self._chunks = iter(cast(httpx.SyncByteStream, self._response.stream))
        return httpx_setup.head(self._response)
