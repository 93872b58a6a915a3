"""The model that extracts or repairs: that of a service, or one in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from structgen.cli import engine_options, schema_source
from structgen.cli.calibration_file import read_calibration
from structgen.types import TextFormat

if TYPE_CHECKING:
    from structgen.cli.file_reader import DocumentText
    from structgen.client.results import ExtractResult
    from structgen.evidence.calibration.calibration import Calibration
    from structgen.generator import Generator
    from structgen.strategies.result import Result

_DEFAULT_TIMEOUT, _DEADLINE_MARGIN = 300.0, 30.0
"""Seconds for a call of the service, and between the deadline of a request and the client's timeout."""


@dataclass(frozen=True)
class Extractor:
    """An open model: `extract` returns the result for a document.

    Keyword arguments of `extract` replace the schema and the options for this document.
    """

    extract: Callable[..., Result | ExtractResult[Any]]
    schema_hash: Callable[[], str]
    """Returns the hash of the schema, or the one that stands for the text format."""


@dataclass(frozen=True)
class ModelChoice:
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
                f"--url cannot be combined with {', '.join(names)}, because the service has its own: "
                "give only one of them"
            )

    @property
    def service(self) -> str | None:
        """The address of a structgen service, None for a model in this process."""
        return None if self.engine == "remote" else self.url

    @contextmanager
    def open_extractor(
        self, output: str | TextFormat | None, *, calibration: Path | None = None, **task: Any
    ) -> Iterator[Extractor]:
        """Open the model for extractions under a schema or in a text format, and close it afterwards.

        Without an output, each extraction names its schema. The calibration is that of the schema.
        """
        target: Any = output
        if isinstance(output, str) and self.service:
            target = schema_source.name_or_definition(output)
        elif isinstance(output, str):
            target = schema_source.parsed(output, self.folder)
        fitted = None if calibration is None else self._read_calibration(calibration, target)
        source: Any
        if self.service:
            from structgen.client.sync import Client

            deadline = task["limits"].deadline or 0.0
            timeout = max(_DEFAULT_TIMEOUT, deadline + _DEADLINE_MARGIN)
            source = Client(self.service, self.api_key, timeout=timeout)
        else:
            source = self.open_generator(fitted)

        def schema_hash() -> str:
            if isinstance(target, TextFormat):
                return _text_hash(target)
            return str(source.check(target)["schema"]["hash"] if self.service else target.hash)

        def extract(document: DocumentText | None, *, schema: Any = target, **more: Any) -> Any:
            if isinstance(document, Path):
                document, more = None, {**more, "file": document}
            return source.result(schema, document, **{**task, **more})

        with source:
            yield Extractor(extract, schema_hash)

    def _read_calibration(self, path: Path, target: Any) -> Calibration:
        """Return the calibration of a schema; a service has its own, and plain text has none."""
        if self.service:
            raise click.UsageError(
                "--url cannot be combined with --calibration, because the service has its own: give it to "
                "structgen serve"
            )
        if isinstance(target, TextFormat):
            raise click.UsageError("--calibration is that of a schema: give --schema with it")
        return read_calibration(path, target.hash)

    def open_generator(self, calibration: Calibration | None = None) -> Generator:
        """Return a generator with an engine in this process."""
        from structgen.engines import open_engine
        from structgen.generator import Generator

        name = self.engine or "local"
        model = engine_options.model_or_shipped(name, self.model)
        engine = open_engine(name, model, **engine_options.remote_arguments(name, self.url))
        engine_options.note_demo_model(engine)
        return Generator(engine, calibration=calibration)


def _text_hash(text_format: TextFormat) -> str:
    from structgen.strategies.text_schema import text_schema

    return text_schema(text_format).hash
