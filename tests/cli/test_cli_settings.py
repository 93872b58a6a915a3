"""Settings come from option, environment, file and default, in this order; messages suggest known names."""

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
    """Run `structgen` in an empty folder, without settings of this machine."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(click, "get_app_dir", lambda name: str(tmp_path / "user"))
    (tmp_path / "user").mkdir()
    return lambda *arguments, env=None: CliRunner().invoke(main, arguments, env=env)


@pytest.fixture
def configured(run: Run, monkeypatch: pytest.MonkeyPatch) -> Callable[..., ServerConfig]:
    """Return the settings of the service that a command line would start."""
    seen: list[ServerConfig] = []
    monkeypatch.setattr("structgen.cli.commands.serve.run_server", lambda config, *_: seen.append(config))
    monkeypatch.setattr("structgen.cli.commands.serve.check_address", lambda host, port: None)

    def config(
        *arguments: str, before: tuple[str, ...] = (), env: Mapping[str, str] | None = None
    ) -> ServerConfig:
        result = run(*before, "serve", *arguments, env=env)
        assert result.exit_code == 0, result.stderr
        return seen[-1]

    return config


def test_options_override_the_environment_which_overrides_the_file(
    configured: Callable[..., ServerConfig],
) -> None:
    """Each place counts if the ones before it lack the setting."""
    assert configured().port == 8000
    Path("structgen.toml").write_text(FILE)
    assert (configured().port, configured().max_queue) == (2, 5)
    environment = {"STRUCTGEN_SERVE_PORT": "3"}
    assert (configured(env=environment).port, configured(env=environment).max_queue) == (3, 5)
    assert configured("--port", "4", env=environment).port == 4
    assert (configured().limits.max_enum, configured().limits.max_depth) == (7, 9)


def test_the_settings_file_is_the_first_that_exists(configured: Callable[..., ServerConfig]) -> None:
    """The order is `--config` before or after the command, STRUCTGEN_CONFIG, this folder, the user's folder."""
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
    "misspelt": ("[serve]\nprot = 1", "[serve] has no setting 'prot'; did you mean 'port'?"),
    "of another command": ("[serve]\ntemperature = 1", "it belongs under [extract]"),
    "no such command": ("[serv]\nport = 1", "did you mean 'serve'?"),
    "not TOML": ("[serve", "structgen.toml is not TOML"),
    "no such value": ("[serve]\nport = 'x'", "(from structgen.toml)"),
    "nested": ("[schemas.chek]\njson = true", "did you mean 'check'?"),
    "out of range": ("[serve]\nport = 70000", "(from structgen.toml)"),
}


@pytest.mark.parametrize(("text", "message"), FAULTS.values(), ids=FAULTS.keys())
def test_errors_of_the_file_name_it(run: Run, text: str, message: str) -> None:
    """The message suggests the right name, or the right table."""
    Path("structgen.toml").write_text(text)
    result = run("serve", "--dry-run")
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.split())
    assert "structgen.toml" in result.stderr


def test_errors_of_the_environment_name_the_variable(run: Run) -> None:
    """A wrong value names its variable; a misspelt variable gives one warning with the right name."""
    refused = run("serve", "--dry-run", env={"STRUCTGEN_SERVE_PORT": "many"})
    assert "(from STRUCTGEN_SERVE_PORT)" in refused.stderr
    warned = run("schemas", env={"STRUCTGEN_SERVE_PROT": "1", "STRUCTGEN_ELSEWHERE": "2"})
    assert warned.exit_code == 0
    assert "did you mean STRUCTGEN_SERVE_PORT?" in warned.stderr
    assert len(warned.stderr.splitlines()) == 1


def commands(
    command: click.Command, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        for name, child in command.commands.items():
            yield from commands(child, (*path, name))


ALL = [pytest.param(*found, id=" ".join(found[0]) or "structgen") for found in commands(main)]


@pytest.mark.parametrize(("path", "command"), [found for found in ALL if found.id != "help"])
def test_the_file_can_set_every_option(run: Run, path: tuple[str, ...], command: click.Command) -> None:
    """Names may have hyphens or underscores."""
    keys = [settings.key_of(p) for p in command.params if isinstance(p, click.Option)]
    keys = [key for key in keys if key not in ("config", "help", "version")]
    table = [f"[{'.'.join(path)}]"] if path else []
    for spelt in (keys, [key.replace("-", "_") for key in keys]):
        Path("structgen.toml").write_text("\n".join([*table, *(f'"{key}" = "x"' for key in spelt)]))
        assert "has no setting" not in run("help").stderr


@pytest.mark.parametrize(("path", "command"), ALL)
def test_every_help_has_examples_that_parse(run: Run, path: tuple[str, ...], command: click.Command) -> None:
    """`--help`, `-h` and `help` print the same, and the options of each example exist."""
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


def test_help_of_an_unknown_command_suggests_one(run: Run) -> None:
    """A command without subcommands refuses further names."""
    assert "Did you mean 'extract'?" in run("help", "extrct").stderr
    assert run("help", "extract", "more").exit_code == 2


def test_the_help_shows_the_defaults_in_use(run: Run) -> None:
    """This covers the service, sampling and limits."""
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
        "--max-tokens": Sampling().answer_tokens, "--temperature": f"{Sampling().temperature:g}",
        "--max-attempts": Limits().max_attempts, "--on-budget": Limits().on_budget,
    }.items():  # fmt: skip
        assert f"[default: ({value}" in shown.partition(f"{option} ")[2][:300], option


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
def test_the_shell_completes_names_and_files(words: str, incomplete: str, expected: list[str]) -> None:
    """Schemas, engines and commands complete by name, other arguments as files."""
    assert completed(words, incomplete) == expected


def test_schemas_of_a_folder_are_completed(tmp_path: Path) -> None:
    """`--schemas` replaces the shipped names."""
    (tmp_path / "mine.json").write_text("{}")
    assert completed(f"extract --schemas {tmp_path} -s", "m") == ["mine"]
