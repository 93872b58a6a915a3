"""Settings of the service: one frozen value, passed in. The environment is read in `cli` alone."""

from __future__ import annotations

import ipaddress
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from structgen.distribution import SCHEMAS
from structgen.errors import ConfigError
from structgen.schema.limits import SchemaLimits
from structgen.schema.schema import DEFAULT_LIMITS

_KEY = re.compile(r"[\x21-\x7e]+")
_NAME = re.compile(r"[A-Za-z0-9][\w.@-]{0,63}")
SHORTEST_KEY = 16
"""Characters of a key that is accepted off loopback: a shorter one can be guessed."""
PRIORITIES = range(-100, 101)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key that callers send, its name in logs and metrics, and the rights that go with it."""

    name: str
    secret: str = field(repr=False)
    priority: int = 0
    """The most urgent `limits.priority` (lowest number) that its requests get; lower is raised to it."""

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
        if self.priority not in PRIORITIES:
            raise ConfigError(f"the priority of the API key {self.name!r} must be from -100 to 100")


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds that a client may take before its connection is closed."""

    header: float = 15.0
    """From the start of a connection, or of a further request, to the end of the request's headers."""
    body: float = 30.0
    """From there to the end of the body; large ones take longer, see `server.connections.SLOWEST`."""
    write: float = 30.0
    """To read what was sent; large answers take longer."""
    idle: float = 75.0
    """Between two requests: longer than balancers and clients keep theirs open (60 is usual), so that none
    sends a request on a connection that is being closed."""

    def __post_init__(self) -> None:
        for name in ("header", "body", "write", "idle"):
            if not getattr(self, name) > 0:
                raise ConfigError(f"the time-out {name!r} must be more than 0 seconds")


@dataclass(frozen=True, slots=True)
class ServerConfig:
    """How the service listens and what it lets in. Checked when made: `ConfigError` names the fix."""

    host: str = "127.0.0.1"
    port: int = 8000
    """0 takes a free one."""
    api_key: str | None = field(default=None, repr=False)
    """Required of every request under /v1 where it is set. Commas separate several keys."""
    named_keys: tuple[ApiKey, ...] = ()
    """Further keys, each with its name and its rights."""
    allowed_hosts: tuple[str, ...] = ()
    """Names, besides those of loopback, under which callers without a key may reach the service."""
    allowed_origins: tuple[str, ...] = ()
    """Origins, as `https://app.example`, whose pages may call the service from a browser."""
    schemas: Path = SCHEMAS
    """Folder of the schemas that requests may name."""
    max_body: int = 4 * 2**20
    """Bytes of a request."""
    max_queue: int = 64
    """Requests that may wait for the engine; more get 429."""
    max_connections: int = 1024
    """Connections open at once; for more, those that are silent longest are closed."""
    timeouts: Timeouts = Timeouts()
    """What slow clients get."""
    max_deadline: float = 300.0
    """Seconds that any request may take."""
    shutdown_grace: int = 30
    """Seconds that running requests get to end when the service stops."""
    schema_cache_bytes: int = 128 * 2**20
    """Memory of the checked schemas that are kept, as reckoned from their pickled size."""
    limits: SchemaLimits = DEFAULT_LIMITS
    """What callers' schemas may measure."""

    def __post_init__(self) -> None:
        keys = self.keys
        for attribute in ("name", "secret"):
            if len({getattr(key, attribute) for key in keys}) < len(keys):
                raise ConfigError(f"two API keys have the same {attribute}: give each its own")
        if not is_loopback(self.host):
            self._check_exposed(keys)
        if not self.schemas.is_dir():
            raise ConfigError(f"no folder of schemas at {self.schemas}: give one that exists with --schemas")

    @property
    def keys(self) -> tuple[ApiKey, ...]:
        """All keys that callers may send; empty where none is asked for."""
        secrets = [] if self.api_key is None else self.api_key.split(",")
        names = ["default"] if len(secrets) == 1 else [f"key-{n}" for n in range(1, len(secrets) + 1)]
        return (*map(ApiKey, names, secrets), *self.named_keys)

    def _check_exposed(self, keys: tuple[ApiKey, ...]) -> None:
        """Off loopback every caller needs a key that cannot be guessed."""
        if not keys:
            raise ConfigError(
                f"refusing to listen on {self.host} without an API key: set STRUCTGEN_API_KEY or "
                "--keys-file, or listen on 127.0.0.1"
            )
        for key in keys:
            if len(key.secret) < SHORTEST_KEY:
                raise ConfigError(
                    f"refusing to listen on {self.host}: the API key named {key.name!r} has "
                    f"{len(key.secret)} characters, a key off loopback needs {SHORTEST_KEY} or more"
                )


def read_keys(path: Path) -> tuple[ApiKey, ...]:
    """Read API keys from a TOML file: a table `[keys.NAME]` each, with `key` and, if wanted, `priority`."""
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
            f"[keys.{name}] in {path}: give `key`, a string, and if wanted `priority`, an integer; "
            "there are no other members"
        )
    return ApiKey(name, members["key"], priority)


def is_loopback(host: str) -> bool:
    """Whether an address or a name stands for this machine alone."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
