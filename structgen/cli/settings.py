"""Settings from a TOML file: defaults for the options of all commands.

An option overrides the environment, which overrides the file, which overrides the default. The file has a
table for each command (`[extract]`, `[schemas.check]`) with the long names of its options as keys.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from structgen.suggestions import name_choices, nearest_name

NAME = "structgen.toml"
PREFIX = "STRUCTGEN"
_FILE = "structgen.settings.file"
_TABLES = "structgen.settings.tables"
_FAULT = "structgen.settings.fault"
_NOT_OPTIONS = ("STRUCTGEN_REMOTE_KEY", "STRUCTGEN_API_KEY", "STRUCTGEN_DOCLING_KEY")
_NOT_IN_FILES = ("config", "help", "version")


def load(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    """Set the defaults of the command from the file; the callback of `--config`."""
    if ctx.resilient_parsing:
        return
    if value is not None or _TABLES not in ctx.meta:
        ctx.meta[_TABLES] = {}
        ctx.meta[_FILE] = path = _chosen(value)
        ctx.meta.pop(_FAULT, None)
        if path is not None:
            try:
                ctx.meta[_TABLES] = _tables(path, ctx.find_root().command)
            except click.UsageError as fault:
                ctx.meta[_FAULT] = fault
    if _FAULT in ctx.meta and ctx.parent is not None:  # the command's own --config may name another file
        raise ctx.meta[_FAULT]
    table: Any = ctx.meta[_TABLES]
    for name in path_of(ctx):
        table = table.get(name, {})
    ctx.default_map = table


def file(ctx: click.Context) -> Path | None:
    """Return the settings file that is in use."""
    path: Path | None = ctx.meta.get(_FILE)
    return path


def unknown_variables(root: click.Command, environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield each unknown `STRUCTGEN_…` variable that is similar to a known one, with that one."""
    given = [name for name in environ if name.startswith(f"{PREFIX}_")]
    if given:
        known = {*_NOT_OPTIONS, *_variables(root, PREFIX)}
        for name in given:
            if name not in known and (similar := nearest_name(name, known, 0.85)):
                yield name, similar


def variable(ctx: click.Context, param: click.Parameter) -> str:
    """Return the environment variable of an option."""
    if isinstance(param.envvar, str):
        return param.envvar
    return "_".join([PREFIX, *path_of(ctx), param.name or ""]).upper().replace("-", "_")


def key_of(param: click.Parameter) -> str:
    """Return the long name of an option: `max-queue`."""
    return max(param.opts, key=len).lstrip("-")


def _chosen(value: str | None) -> Path | None:
    if value is not None:
        return Path(value)
    for path in (Path(NAME), Path(click.get_app_dir("structgen")) / NAME):
        if path.is_file():
            return path
    return None


def _tables(path: Path, root: click.Command) -> dict[str, Any]:
    import tomllib

    try:
        document = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise click.UsageError(f"--config: {path} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{path} is not TOML: {error}") from error
    return _read(path, root, document, [], root)


def _read(
    path: Path, command: click.Command, table: Mapping[str, Any], names: list[str], root: click.Command
) -> dict[str, Any]:
    """Return the table, and those of its subcommands, with the names of parameters as keys."""
    commands = command.commands if isinstance(command, click.Group) else {}
    commands = {name: child for name, child in commands.items() if name != "help"}
    options = {key_of(p): p for p in command.params if isinstance(p, click.Option)}
    options = {key: p for key, p in options.items() if key not in _NOT_IN_FILES}
    settings: dict[str, Any] = {}
    for key, value in table.items():
        name = key.replace("_", "-")
        if key in commands and isinstance(value, Mapping):
            settings[key] = _read(path, commands[key], value, [*names, key], root)
        elif name in options:
            settings[options[name].name or ""] = value
        else:
            raise click.UsageError(_unknown(path, key, names, [*commands, *options], root))
    return settings


def _unknown(path: Path, key: str, names: list[str], known: list[str], root: click.Command) -> str:
    table = f"[{'.'.join(names)}]" if names else "the top of the file"
    homes = [f"[{name}]" for name, keys in _homes(root) if key.replace("_", "-") in keys]
    hint = f"; it belongs under {' or '.join(homes)}" if homes else name_choices(key, sorted(known))
    return f"{path}: {table} has no setting {key[:80]!r}{hint}"


def _homes(command: click.Command, names: tuple[str, ...] = ()) -> Iterator[tuple[str, set[str]]]:
    """Yield the name of each table and the keys that it can have."""
    if names:
        yield ".".join(names), {key_of(p) for p in command.params if isinstance(p, click.Option)}
    if isinstance(command, click.Group):
        for name, child in command.commands.items():
            yield from _homes(child, (*names, name))


def _variables(command: click.Command, prefix: str) -> Iterator[str]:
    for param in command.params:
        if isinstance(param, click.Option):
            yield param.envvar if isinstance(param.envvar, str) else f"{prefix}_{param.name}".upper()
    if isinstance(command, click.Group):
        for name, child in command.commands.items():
            yield from _variables(child, f"{prefix}_{name}".upper().replace("-", "_"))


def path_of(ctx: click.Context) -> list[str]:
    """Return the names of the commands from the root, without the root."""
    names: list[str] = []
    while ctx.parent is not None:
        names.insert(0, ctx.command.name or "")
        ctx = ctx.parent
    return names


def warn_of_unknown_variables(root: click.Command) -> None:
    """Warn about environment variables that look like misspelt settings."""
    from structgen.cli import console

    for name, known in unknown_variables(root, os.environ):
        console.warn(
            f"the environment variable {name} has no effect; did you mean {known}?", "unknown-variable"
        )
