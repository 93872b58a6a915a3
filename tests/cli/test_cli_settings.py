"""Settings: flag, environment, file, default, in this order; what is unknown names the nearest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from structgen.cli import main, settings
from structgen.config import ServerConfig

Run = Callable[..., Result]
FILE = """
[serve]
port = 2
max-queue = 5
schema_limit = ["max_enum=7", "max_depth=9"]
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`structgen` in an empty folder, with no settings of this machine."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(click, "get_app_dir", lambda name: str(tmp_path / "user"))
    (tmp_path / "user").mkdir()
    return lambda *arguments, env=None: CliRunner().invoke(main, arguments, env=env)


@pytest.fixture
def configured(run: Run, monkeypatch: pytest.MonkeyPatch) -> Callable[..., ServerConfig]:
    """The settings of a service that would be started."""
    seen: list[ServerConfig] = []
    monkeypatch.setattr("structgen.cli.serve._run", lambda config, *_: seen.append(config))
    monkeypatch.setattr("structgen.cli.serve.check_address", lambda host, port: None)

    def config(
        *arguments: str, before: tuple[str, ...] = (), env: Mapping[str, str] | None = None
    ) -> ServerConfig:
        result = run(*before, "serve", *arguments, env=env)
        assert result.exit_code == 0, result.stderr
        return seen[-1]

    return config


def test_a_flag_wins_over_the_environment_and_that_over_the_file(
    configured: Callable[..., ServerConfig],
) -> None:
    """Each level where the one above is silent; the default last."""
    assert configured().port == 8000
    Path("structgen.toml").write_text(FILE)
    assert (configured().port, configured().max_queue) == (2, 5)
    environment = {"STRUCTGEN_SERVE_PORT": "3"}
    assert (configured(env=environment).port, configured(env=environment).max_queue) == (3, 5)
    assert configured("--port", "4", env=environment).port == 4
    assert (configured().limits.max_enum, configured().limits.max_depth) == (7, 9)


def test_which_file(configured: Callable[..., ServerConfig]) -> None:
    """`--config`, before or after the command; STRUCTGEN_CONFIG; the folder; the user's folder."""
    Path("user/structgen.toml").write_text("[serve]\nport = 10")
    assert configured().port == 10
    Path("structgen.toml").write_text("[serve]\nport = 11")
    assert configured().port == 11
    Path("other.toml").write_text("[serve]\nport = 12")
    assert configured(env={"STRUCTGEN_CONFIG": "other.toml"}).port == 12
    Path("third.toml").write_text("[serve]\nport = 13")
    assert configured("--config", "third.toml", env={"STRUCTGEN_CONFIG": "other.toml"}).port == 13
    assert configured(before=("--config", "third.toml")).port == 13
    Path("structgen.toml").write_text("no TOML")
    assert configured("--config", "third.toml").port == 13


FAULTS = {
    "misspelt": ("[serve]\nprot = 1", "no setting 'prot' in [serve]; did you mean 'port'?"),
    "of another command": ("[serve]\ntemperature = 1", "it belongs under [extract]"),
    "no such command": ("[serv]\nport = 1", "did you mean 'serve'?"),
    "not TOML": ("[serve", "structgen.toml is not TOML"),
    "no such value": ("[serve]\nport = 'x'", "(from structgen.toml)"),
    "nested": ("[schemas.chek]\njson = true", "did you mean 'check'?"),
    "out of range": ("[serve]\nport = 70000", "(from structgen.toml)"),
}


@pytest.mark.parametrize(("text", "told"), FAULTS.values(), ids=FAULTS.keys())
def test_faults_of_the_file(run: Run, text: str, told: str) -> None:
    """Each names the file, and what is meant or where it belongs."""
    Path("structgen.toml").write_text(text)
    result = run("serve", "--dry-run")
    assert result.exit_code == 2
    assert told in " ".join(result.stderr.split())
    assert "structgen.toml" in result.stderr


def test_faults_of_the_environment(run: Run) -> None:
    """A value that is none names its variable; a misspelt variable is told, once, with the nearest."""
    refused = run("serve", "--dry-run", env={"STRUCTGEN_SERVE_PORT": "many"})
    assert "(from STRUCTGEN_SERVE_PORT)" in refused.stderr
    told = run("schemas", env={"STRUCTGEN_SERVE_PROT": "1", "STRUCTGEN_ELSEWHERE": "2"})
    assert told.exit_code == 0
    assert "did you mean STRUCTGEN_SERVE_PORT?" in told.stderr
    assert len(told.stderr.splitlines()) == 1


def commands(
    command: click.Command, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        for name, child in command.commands.items():
            yield from commands(child, (*path, name))


ALL = [pytest.param(*found, id=" ".join(found[0]) or "structgen") for found in commands(main)]


@pytest.mark.parametrize(("path", "command"), [found for found in ALL if found.id != "help"])
def test_every_option_may_stand_in_the_file(run: Run, path: tuple[str, ...], command: click.Command) -> None:
    """By its long name, with hyphens or underscores: the file is accepted as far as its names go."""
    keys = [settings.key_of(p) for p in command.params if isinstance(p, click.Option)]
    keys = [key for key in keys if key not in ("config", "help", "version")]
    table = [f"[{'.'.join(path)}]"] if path else []
    for spelt in (keys, [key.replace("-", "_") for key in keys]):
        Path("structgen.toml").write_text("\n".join([*table, *(f'"{key}" = "x"' for key in spelt)]))
        assert "no setting" not in run("help").stderr


@pytest.mark.parametrize(("path", "command"), ALL)
def test_every_help_has_examples_that_parse(run: Run, path: tuple[str, ...], command: click.Command) -> None:
    """`--help`, `-h` and `help` show the same; each example is of commands and options that exist."""
    shown = run(*path, "--help").stdout
    assert run(*path, "-h").stdout == shown
    assert run("help", *path).stdout.split() == shown.split()
    examples = [line.strip() for line in shown.partition("Examples:\n")[2].splitlines()]
    assert examples
    for example in examples:
        words = example.partition("structgen ")[2].partition(" <")[0].partition(" >")[0].split()
        context = click.Context(main, info_name="structgen", help_option_names=["-h", "--help"])
        while isinstance(context.command, click.Group) and words and words[0] in context.command.commands:
            child = context.command.commands[words[0]]
            context, words = click.Context(child, info_name=words[0], parent=context), words[1:]
        context.resilient_parsing = True
        context.command.make_parser(context).parse_args(list(words))
        assert context.command is not main, example


def test_help_of_what_is_unknown(run: Run) -> None:
    """Names the nearest command; a command has none below it."""
    assert "Did you mean 'extract'?" in run("help", "extrct").stderr
    assert run("help", "extract", "more").exit_code == 2


def test_defaults_shown_are_those_in_use(run: Run) -> None:
    """Of the service, of sampling and of limits."""
    from structgen.types import Limits, Sampling

    config, shown = ServerConfig(), " ".join(run("serve", "--help").stdout.split())
    for option, value in {
        "--port": config.port, "--host": config.host, "--max-queue": config.max_queue,
        "--max-deadline": f"{config.max_deadline:g}", "--grace": config.shutdown_grace,
        "--max-body": config.max_body,
    }.items():  # fmt: skip
        assert f"[default: ({value}" in shown.partition(f"{option} ")[2][:400], option
    shown = " ".join(run("extract", "--help").stdout.split())
    for option, value in {
        "--max-tokens": Sampling().max_tokens, "--temperature": f"{Sampling().temperature:g}",
        "--max-attempts": Limits().max_attempts, "--on-budget": Limits().on_budget,
    }.items():  # fmt: skip
        assert f"[default: ({value})" in shown.partition(f"{option} ")[2][:300], option


def completed(words: str, incomplete: str) -> list[str]:
    from click.shell_completion import ShellComplete

    found = ShellComplete(main, {}, "structgen", "_STRUCTGEN_COMPLETE").get_completions(
        words.split(), incomplete
    )
    return [f"<{item.type}>" if item.type != "plain" else item.value for item in found]


@pytest.mark.parametrize(
    ("words", "incomplete", "expected"),
    [
        ("extract --schema", "inv", ["invoice"]),
        ("extract --schema", "./my", ["<file>"]),
        ("validate -s", "rec", ["receipt"]),
        ("schemas show", "con", ["contact"]),
        ("serve --engine", "outlines:t", ["outlines:transformers", "outlines:tgi"]),
        ("extract -e", "lo", ["local"]),
        ("serve --model", "/mod", ["<file>"]),
        ("extract", "doc", ["<file>"]),
        ("help schemas", "ch", ["check"]),
        ("", "ext", ["extract"]),
    ],
)
def test_completion(words: str, incomplete: str, expected: list[str]) -> None:
    """Names of schemas, engines and commands; files elsewhere."""
    assert completed(words, incomplete) == expected


def test_completion_of_schemas_of_a_folder(tmp_path: Path) -> None:
    """Of `--schemas` where that is given."""
    (tmp_path / "mine.json").write_text("{}")
    assert completed(f"extract --schemas {tmp_path} -s", "m") == ["mine"]
