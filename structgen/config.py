"""Settings of the service as one frozen value, which reads no environment variables."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from structgen.distribution import SCHEMAS
from structgen.errors import ConfigError
from structgen.files.docling import Docling
from structgen.files.limits import SERVICE_LIMITS, FileLimits
from structgen.loopback import listens_on_loopback_only
from structgen.schema.limits import SchemaLimits
from structgen.schema.schema import DEFAULT_LIMITS
from structgen.types import Limits, describe

_KEY = re.compile(r"[\x21-\x7e]+")
_NAME = re.compile(r"[A-Za-z0-9][\w.@-]{0,63}")
MIN_KEY_LENGTH = 16
"""Characters of a key off loopback: a shorter one can be guessed."""
_PRIORITY = describe(Limits)["priority"]


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key, its name in logs and metrics, and its rights."""

    name: str
    secret: str = field(repr=False)
    priority: int = 0
    """The lowest `limits.priority` (most urgent) of its requests; lower numbers are raised to it."""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ConfigError(
                f"{self.name[:80]!r} cannot name an API key: use letters, digits, '.', '_', '-'"
            )
        if not _KEY.fullmatch(self.secret):
            raise ConfigError(
                f"the API key {self.name!r} (STRUCTGEN_API_KEY, --keys-file) is empty, or has white space or "
                "characters beyond ASCII, which no caller can send: use letters, digits and marks alone"
            )
        if not _PRIORITY.accepts(self.priority):
            raise ConfigError(f"the priority of the API key {self.name!r} must be {_PRIORITY.expectation()}")


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds that a client may take before its connection is closed; large bodies may take longer."""

    header: float = 15.0
    """From the start of a connection, or of a further request, to the end of the headers."""
    body: float = 30.0
    """From the end of the headers to the end of the body."""
    write: float = 30.0
    """For the client to read a response."""
    idle: float = 75.0
    """Between two requests. Load balancers and clients usually close after 60 s: this is longer, so that none
    sends a request on a connection that is being closed."""

    def __post_init__(self) -> None:
        for name in ("header", "body", "write", "idle"):
            if not getattr(self, name) > 0:
                raise ConfigError(f"the time-out {name!r} must be more than 0 seconds")


@dataclass(frozen=True, slots=True)
class ServerConfig:
    """Where the service listens, and its bounds. An invalid value raises `ConfigError` that names the fix."""

    host: str = "127.0.0.1"
    port: int = 8000
    """0 chooses a free port."""
    api_key: str | None = field(default=None, repr=False)
    """If set, every request under /v1 needs it. Commas separate several keys."""
    named_keys: tuple[ApiKey, ...] = ()
    """Further keys with their names and rights."""
    allowed_hosts: tuple[str, ...] = ()
    """Host names, besides those of loopback, that requests may use if there are no keys."""
    allowed_origins: tuple[str, ...] = ()
    """Origins, such as `https://app.example`, whose pages may call the service."""
    schemas: Path = SCHEMAS
    """Folder of the named schemas."""
    calibration: Path | None = None
    """A calibration file, or a folder of such files: each counts for requests with its schema."""
    prompt_format: str | None = None
    """Name of the prompt format; None chooses it by the model's name."""
    max_body: int = 4 * 2**20
    """Bytes of a request body."""
    max_queue: int = 64
    """Requests that may wait for the engine; further ones get 429."""
    max_connections: int = 1024
    """Open connections; beyond them, those that are silent longest are closed."""
    timeouts: Timeouts = Timeouts()
    """Time-outs for slow clients."""
    max_deadline: float = 300.0
    """Seconds that a request may take."""
    shutdown_grace: int = 30
    """Seconds that running requests have left when the service stops."""
    schema_cache_bytes: int = 128 * 2**20
    """Memory of the cached schemas, estimated from their pickled size."""
    limits: SchemaLimits = DEFAULT_LIMITS
    """Bounds on callers' schemas."""
    files: FileLimits = SERVICE_LIMITS
    """Bounds on the files of requests."""
    docling_url: str | None = None
    """Address of a docling-serve, which reads files of other formats."""
    docling_key: str | None = field(default=None, repr=False)
    """Its API key."""

    def __post_init__(self) -> None:
        keys = self.keys
        _ = self.converter  # raises for a wrong address, before the service starts
        for attribute in ("name", "secret"):
            if len({getattr(key, attribute) for key in keys}) < len(keys):
                raise ConfigError(f"two API keys have the same {attribute}: give each its own")
        if not listens_on_loopback_only(self.host):
            self._check_exposed(keys)
        if not self.schemas.is_dir():
            raise ConfigError(f"no folder of schemas at {self.schemas}: give one that exists with --schemas")

    @property
    def keys(self) -> tuple[ApiKey, ...]:
        """Return all API keys; empty if the service needs none."""
        secrets = [] if self.api_key is None else self.api_key.split(",")
        names = ["default"] if len(secrets) == 1 else [f"key-{n}" for n in range(1, len(secrets) + 1)]
        return (*map(ApiKey, names, secrets), *self.named_keys)

    @property
    def converter(self) -> Docling | None:
        """The converter of files of other formats, if one is configured."""
        if self.docling_url is None:
            return None
        return Docling.at(self.docling_url, self.docling_key, setting="--docling-url")

    def _check_exposed(self, keys: tuple[ApiKey, ...]) -> None:
        """Refuse to listen off loopback without keys that cannot be guessed."""
        if not keys:
            raise ConfigError(
                f"refusing to listen on {self.host} without an API key: set STRUCTGEN_API_KEY or "
                "--keys-file, or listen on 127.0.0.1"
            )
        for key in keys:
            if len(key.secret) < MIN_KEY_LENGTH:
                raise ConfigError(
                    f"refusing to listen on {self.host}: the API key named {key.name!r} has "
                    f"{len(key.secret)} characters, a key off loopback needs {MIN_KEY_LENGTH} or more"
                )


def read_keys(path: Path) -> tuple[ApiKey, ...]:
    """Read API keys from a TOML file: a table `[keys.NAME]` each, with `key` and optionally `priority`."""
    try:
        tables = tomllib.loads(path.read_text("utf-8")).get("keys")
    except (OSError, ValueError) as error:
        raise ConfigError(f"the file of API keys {path} cannot be read: {error}") from error
    if not isinstance(tables, dict) or not tables:
        raise ConfigError(f"{path} has no API keys: give a table [keys.NAME] with a member `key` for each")
    return tuple(_key(path, name, table) for name, table in tables.items())


def _key(path: Path, name: str, table: Any) -> ApiKey:
    members = table if isinstance(table, dict) else {}
    priority = members.get("priority", 0)
    if (
        not isinstance(members.get("key"), str)
        or type(priority) is not int
        or not members.keys() <= {"key", "priority"}
    ):
        raise ConfigError(
            f"[keys.{name}] in {path}: give `key`, a string, and optionally `priority`, an integer, and "
            "no other members"
        )
    return ApiKey(name, members["key"], priority)
