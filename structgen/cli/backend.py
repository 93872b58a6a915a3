"""Which model answers: that of a service, or one of this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from structgen.cli import options, reading

if TYPE_CHECKING:
    from structgen.client.results import ExtractResult
    from structgen.strategies.result import Result


@dataclass(frozen=True)
class Asking:
    """A model that is ready: `extract` gives the result for a document."""

    extract: Callable[[str | None], Result | ExtractResult[Any]]
    schema_hash: Callable[[], str]
    """Of the schema that is asked for."""


@dataclass(frozen=True)
class Where:
    """The options that choose the model."""

    url: str | None
    api_key: str | None
    engine: str | None
    model: str | None
    folder: Path | None

    def __post_init__(self) -> None:
        given = {"--engine": self.engine, "--model": self.model, "--schemas": self.folder}
        if self.service and (names := [name for name, value in given.items() if value]):
            raise click.UsageError(
                f"--url goes without {', '.join(names)}: the service has its own; leave one of them out"
            )

    @property
    def service(self) -> str | None:
        """The address, where it is that of a service of ours."""
        return None if self.engine == "remote" else self.url

    @contextmanager
    def opened(self, schema: str, **wanted: Any) -> Iterator[Asking]:
        """Ready to extract; closed afterwards."""
        source: Any
        if self.service:
            from structgen.client.sync import Client

            deadline = wanted["limits"].deadline or 0.0
            source = Client(self.service, self.api_key, timeout=max(300.0, deadline + 30.0))
            asked: Any = schema if reading.is_name(schema) else reading.definition(schema)

            def schema_hash() -> str:
                return str(source.check(asked)["schema"]["hash"])
        else:
            asked = reading.parsed(schema, self.folder)
            source = self.generator()

            def schema_hash() -> str:
                return str(asked.hash)

        with source:
            yield Asking(lambda document: source.result(asked, document, **wanted), schema_hash)

    def generator(self) -> Any:
        """Return a generator on an engine of this process."""
        from structgen.engines import open_engine
        from structgen.generator import Generator

        engine = self.engine or "local"
        chosen = options.shipped_or(engine, self.model)
        opened = open_engine(engine, chosen, **options.remote(engine, self.url))
        options.tell_demo(opened)
        return Generator(opened)
