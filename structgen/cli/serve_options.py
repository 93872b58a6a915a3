"""The options of `serve` as values: settings of the service, and an open engine."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from structgen.cli import console, engine_options, name_values, vllm_arguments, vllm_plan
from structgen.cli.options import given

if TYPE_CHECKING:
    from structgen.config import ServerConfig
    from structgen.engines import Engine

_LOG_LEVELS = {console.QUIET: "warning", console.VERBOSE: "debug"}
_EXTRA_OPTIONS = {"local": ("slots", "context", "threads", "device", "dtype"), "remote": ("slots",)}
"""Options that only these engines have."""


@dataclass(frozen=True)
class EngineOptions:
    """The options that choose an engine and configure it."""

    engine: str
    model: str | None
    url: str | None
    gpus: str | None
    dry_run: bool
    arguments: tuple[str, ...]
    """vLLM's own arguments."""
    slots: int | None
    context: int | None
    threads: int | None
    device: str | None
    dtype: str | None

    def check(self) -> None:
        """Refuse options that the engine would ignore."""
        arguments = vllm_arguments.parsed(self.arguments)
        engine_options.remote_arguments(self.engine, self.url)
        allowed = _EXTRA_OPTIONS.get(self.engine, ())
        if names := ", ".join(f"--{name}" for name in self._extra() if name not in allowed):
            hint = (
                "give vLLM's own arguments after a --"
                if self.engine == "vllm"
                else f"the engine is {self.engine}"
            )
            raise click.UsageError(f"{names}: only for --engine local; {hint}")
        of_vllm = {"--gpus": self.gpus, "--dry-run": self.dry_run, "--": arguments}
        names = ", ".join(name for name, value in of_vllm.items() if value)
        if names and self.engine != "vllm":
            raise click.UsageError(f"{names}: only for --engine vllm; the engine is {self.engine}")

    def show_plan(self) -> None:
        """Print the memory plan for vLLM."""
        arguments = vllm_arguments.parsed(self.arguments)
        vllm_plan.show(vllm_plan.planned(self._model(), self.gpus, arguments), arguments)

    def open(self) -> Engine:
        """Open the engine. It loads the model when the service starts."""
        from structgen.engines import open_engine

        if self.engine == "vllm":
            arguments = vllm_plan.arguments(self._model(), self.gpus, vllm_arguments.parsed(self.arguments))
            return open_engine(self.engine, self._model(), arguments=arguments)
        remote = engine_options.remote_arguments(self.engine, self.url)
        return open_engine(self.engine, self._model(), **remote, **self._extra())

    def _model(self) -> str:
        return engine_options.model_or_shipped(self.engine, self.model)

    def _extra(self) -> dict[str, Any]:
        return given(
            slots=self.slots,
            context=self.context,
            threads=self.threads,
            device=self.device,
            dtype=self.dtype,
        )


@dataclass(frozen=True)
class ServiceOptions:
    """The options that configure the service."""

    host: str | None
    port: int | None
    keys_file: Path | None
    hosts: tuple[str, ...]
    origins: tuple[str, ...]
    folder: Path | None
    calibration: Path | None
    prompt_format: str | None
    max_queue: int | None
    max_body: int | None
    max_deadline: float | None
    schema_cache_bytes: int | None
    grace: int | None
    bounds: tuple[str, ...]
    file_bounds: tuple[str, ...]
    docling_url: str | None
    max_connections: int | None
    timeouts: tuple[str, ...]
    log_level: str | None
    log_format: str

    def config(self) -> ServerConfig:
        """Return the settings of the service; keys come from the environment and `--keys-file`."""
        from structgen.config import ServerConfig, read_keys

        settings = given(
            host=self.host,
            port=self.port,
            schemas=self.folder,
            calibration=self.calibration,
            prompt_format=self.prompt_format,
            max_queue=self.max_queue,
            max_body=self.max_body,
            max_deadline=self.max_deadline,
            schema_cache_bytes=self.schema_cache_bytes,
            shutdown_grace=self.grace,
            limits=name_values.schema_limits(self.bounds),
            files=name_values.file_limits(self.file_bounds),
            docling_url=self.docling_url,
            docling_key=os.environ.get("STRUCTGEN_DOCLING_KEY") or None,
            max_connections=self.max_connections,
            timeouts=name_values.timeouts(self.timeouts),
            allowed_hosts=self.hosts,
            allowed_origins=self.origins,
            named_keys=None if self.keys_file is None else read_keys(self.keys_file),
        )
        return ServerConfig(api_key=os.environ.get("STRUCTGEN_API_KEY") or None, **settings)

    def effective_log_level(self) -> str:
        """Return the given log level, or that of `-q` and `-v`."""
        return self.log_level or _LOG_LEVELS.get(console.verbosity(), "info")
