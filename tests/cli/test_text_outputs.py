"""`structgen extract` prints plain text that matches, follows a grammar, or is one of some choices."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from structgen import json_text
from structgen.cli import main
from structgen.engines.fake import FakeEngine
from structgen.strategies.text_schema import text_schema
from structgen.types import TextFormat

pytest.importorskip("llguidance", reason="needs the extra `local`")
Serve = Callable[..., str]


def run(*arguments: str, stdin: str = "the document", env: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(main, ["extract", *arguments], input=stdin, env=env)


@pytest.fixture
def grammar(tmp_path: Path) -> str:
    """Write a grammar to a file and return its path."""
    path = tmp_path / "total.lark"
    path.write_text('start: "total " /[0-9]+/\n')
    return str(path)


def test_the_text_is_printed_as_a_json_string(serve: Serve, grammar: str) -> None:
    """Rows are JSON, whatever they hold."""
    for options, text in [
        (["--regex", "[0-9]{4}"], "2024"),
        (["--choice", "yes", "--choice", 'a "no"'], 'a "no"'),
        (["--grammar", grammar], "total 12"),
    ]:
        result = run("--url", serve(FakeEngine([text])), *options)
        assert (result.exit_code, json_text.loads(result.stdout)) == (0, text), result.stderr


def test_rows_name_the_format_by_its_hash(serve: Serve, tmp_path: Path) -> None:
    """So `--resume` keeps the rows of the same format, and no other."""
    url = serve(FakeEngine(["yes"]))
    document, out = tmp_path / "a.txt", tmp_path / "rows.jsonl"
    document.write_text("the document")
    options = ["--url", url, "--with-source", "--resume", "-o", str(out), str(document)]
    choices = ["--choice", "yes", "--choice", "no"]
    assert run(*choices, *options).exit_code == 0
    row = json_text.loads(out.read_text())
    assert (row["data"], row["schema_hash"]) == ("yes", text_schema(TextFormat(choices=("yes", "no"))).hash)
    assert '"kept":1' in run(*choices, *options).stderr
    assert '"valid":1' in run("--choice", "yes", *options).stderr


MISUSE: list[Any] = [
    pytest.param([], "--regex, --choice or", id="none"),
    pytest.param(["--regex", "a", "--choice", "b"], "--regex and --choice cannot be combined", id="two"),
    pytest.param(["-s", "invoice", "--regex", "a"], "--schema and --regex cannot be combined", id="with-a-schema"),
    pytest.param(["--grammar", "no-such-file"], "does not exist", id="no-such-grammar"),
]  # fmt: skip


@pytest.mark.parametrize(("options", "message"), MISUSE)
def test_misuse_is_explained(options: list[str], message: str) -> None:
    """Exactly one output is given."""
    result = run("--url", "http://127.0.0.1:1", *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in " ".join(result.stderr.split())


def test_an_option_replaces_a_setting(serve: Serve) -> None:
    """A schema in the environment gives way to a format on the command line."""
    env = {"STRUCTGEN_EXTRACT_SCHEMA": "invoice"}
    result = run("--url", serve(FakeEngine(["yes"])), "--choice", "yes", env=env)
    assert (result.exit_code, result.stdout) == (0, '"yes"\n'), result.stderr


def test_a_format_without_a_grammar_exits_with_2(serve: Serve) -> None:
    """The problem of the service is shown."""
    result = run("--url", serve(FakeEngine(["a"])), "--regex", "(")
    assert result.exit_code == 2
    assert "/problems/invalid-schema" in result.stderr
